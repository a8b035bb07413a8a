//! The link: what is on its way, and what can happen to it there.

use std::collections::BTreeMap;

use palaver::json::Value;
use palaver::session::{Input, SocketId};
use standin::brain::{self, Brain, HttpRequest};

use super::Sim;

/// Which way nothing comes through any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    Both,
}

/// How the link behaves.
pub struct Link {
    pub latency_ms: u64,
    /// Sockets look open and nothing arrives.
    pub is_silent: bool,
    /// What goes by a socket stands still until then.
    pub stalled_until: u64,
    /// Sockets that look open and carry nothing, while new ones work.
    half_open: BTreeMap<SocketId, Direction>,
    /// When what was posted last arrives, by direction: a socket keeps the order.
    last_up: u64,
    last_down: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            latency_ms: 20,
            is_silent: false,
            stalled_until: 0,
            half_open: BTreeMap::new(),
            last_up: 0,
            last_down: 0,
        }
    }
}

impl Link {
    fn carries_up(&self, socket: SocketId) -> bool {
        !self.is_silent && !matches!(self.half_open.get(&socket), Some(Direction::Up | Direction::Both))
    }

    fn carries_down(&self, socket: SocketId) -> bool {
        !self.is_silent && !matches!(self.half_open.get(&socket), Some(Direction::Down | Direction::Both))
    }

    pub(super) fn carries_both(&self, socket: SocketId) -> bool {
        self.carries_up(socket) && self.carries_down(socket)
    }
}

/// Something on its way.
pub(super) enum Delivery {
    Open(SocketId, String),
    Opened(SocketId),
    ToServer(SocketId, String),
    ToClient(SocketId, String),
    /// The page has closed the socket.
    ClientCloses(SocketId),
    /// The server has closed the socket.
    ServerCloses(SocketId, u16),
    /// The page's own network stack says that the socket is gone.
    Broken(SocketId),
    /// The server's network stack says that the socket is gone.
    BrokenThere(SocketId),
    Ask(u32, HttpRequest),
    /// Status, body, and how long to stay away.
    Answer(u32, u16, String, Option<u64>),
}

impl Delivery {
    /// Whether it is for the page.
    const fn is_down(&self) -> bool {
        match self {
            Self::Opened(_) | Self::ToClient(..) | Self::ServerCloses(..) | Self::Broken(_) | Self::Answer(..) => true,
            Self::Open(..) | Self::ToServer(..) | Self::ClientCloses(_) | Self::BrokenThere(_) | Self::Ask(..) => false,
        }
    }

    fn is_lost(&self, link: &Link) -> bool {
        match self {
            Self::Open(socket, _) | Self::ToServer(socket, _) | Self::ClientCloses(socket) => !link.carries_up(*socket),
            Self::Opened(socket) | Self::ToClient(socket, _) | Self::ServerCloses(socket, _) => {
                !link.carries_down(*socket)
            }
            Self::Ask(..) | Self::Answer(..) => link.is_silent,
            Self::Broken(_) | Self::BrokenThere(_) => false,
        }
    }
}

impl Sim {
    /// The line breaks: what is on its way is lost, both ends learn of it.
    pub fn cut(&mut self) {
        self.wire.retain(|_, delivery| matches!(delivery, Delivery::Ask(..) | Delivery::Answer(..)));
        self.break_sockets();
    }

    /// The line breaks, and what is on its way to the page arrives all the same, this much later.
    pub fn cut_and_deliver_late(&mut self, millis: u64) {
        let wire = std::mem::take(&mut self.wire);
        for ((at, sequence), delivery) in wire {
            match delivery {
                Delivery::Ask(..) | Delivery::Answer(..) => self.wire.insert((at, sequence), delivery),
                Delivery::ToClient(..) => self.wire.insert((at + millis, sequence), delivery),
                _ => None,
            };
        }
        self.break_sockets();
    }

    fn break_sockets(&mut self) {
        for (socket, _) in std::mem::take(&mut self.conns) {
            self.post(Delivery::Broken(socket));
            self.post(Delivery::BrokenThere(socket));
        }
        if let Some(socket) = self.live {
            self.post(Delivery::Broken(socket));
        }
    }

    /// The present socket carries nothing any more, one way or both; a new one would.
    pub fn half_open(&mut self, direction: Direction) {
        if let Some(socket) = self.live {
            self.link.half_open.insert(socket, direction);
        }
    }

    /// Nothing comes through any more, not even what would break a socket: all that is open now stays so in vain.
    pub fn fall_silent(&mut self) {
        self.link.is_silent = true;
        self.half_open(Direction::Both);
    }

    /// Something comes through again, but nothing of the sockets that were tried meanwhile: what they have lost they do
    /// not send again. (A network that loses nothing is a [`Link::stalled_until`].)
    pub fn speak_again(&mut self) {
        if self.link.is_silent {
            self.half_open(Direction::Both);
        }
        self.link.is_silent = false;
    }

    /// Posts what keeps no order with anything.
    pub(super) fn post(&mut self, delivery: Delivery) {
        self.insert(self.now + self.link.latency_ms, delivery);
    }

    /// Posts what goes by a socket to the server.
    pub(super) fn post_up(&mut self, delivery: Delivery) {
        let at = (self.now + self.link.latency_ms).max(self.link.stalled_until).max(self.link.last_up);
        self.link.last_up = at;
        self.insert(at, delivery);
    }

    /// Posts what goes by a socket to the page.
    pub(super) fn post_down(&mut self, delivery: Delivery) {
        let at = (self.now + self.link.latency_ms).max(self.link.stalled_until).max(self.link.last_down);
        self.link.last_down = at;
        self.insert(at, delivery);
    }

    fn insert(&mut self, at: u64, delivery: Delivery) {
        self.sequence += 1;
        self.wire.insert((at, self.sequence), delivery);
    }

    pub(super) fn deliver(&mut self, delivery: Delivery) {
        if delivery.is_lost(&self.link) {
            return;
        }
        if delivery.is_down() && self.page.is_frozen(self.now) {
            return self.page.keep(delivery);
        }
        match delivery {
            Delivery::Open(socket, url) => {
                let is_refused = self.brain.as_ref().is_none_or(Brain::refuses);
                if is_refused {
                    return self.post_down(Delivery::ServerCloses(socket, 1006));
                }
                self.next_conn += 1;
                self.conns.insert(socket, self.next_conn);
                let path = url.split_once("://").unwrap().1.split_once('/').unwrap().1;
                let (path, query) = path.split_once('?').unwrap();
                let input =
                    brain::Input::Opened { conn: self.next_conn, path: format!("/{path}"), query: query.to_owned() };
                self.post_down(Delivery::Opened(socket));
                self.server(input);
            }
            Delivery::Opened(socket) => self.input(Input::Opened { socket }),
            Delivery::ToServer(socket, text) => {
                if let Some(conn) = self.conns.get(&socket) {
                    self.server(brain::Input::Frame { conn: *conn, text });
                }
            }
            Delivery::ToClient(socket, text) => {
                self.input(Input::Frame { socket, frame: Value::parse(&text) });
            }
            Delivery::ClientCloses(socket) | Delivery::BrokenThere(socket) => {
                if let Some(conn) = self.conns.remove(&socket) {
                    self.server(brain::Input::Closed { conn });
                }
            }
            Delivery::ServerCloses(socket, code) => self.input(Input::Closed { socket, code }),
            Delivery::Broken(socket) => self.input(Input::Closed { socket, code: 1006 }),
            Delivery::Ask(ask, request) => {
                self.next_http += 1;
                let id = self.next_http;
                if self.brain.is_some() {
                    self.http.insert(id, ask);
                    self.server(brain::Input::Http { id, request });
                } else {
                    self.post(Delivery::Answer(ask, 0, String::new(), None));
                }
            }
            Delivery::Answer(ask, status, body, retry_after_ms) => {
                self.page.answered(ask);
                // What is not JSON comes as it is.
                let parsed = Value::parse(&body);
                let is_text = parsed.is_missing() && !body.is_empty();
                let body = if is_text { Value::from(body.as_str()) } else { parsed };
                self.input(Input::Http { ask, status, body, retry_after_ms });
            }
        }
    }
}
