//! The thread that owns the brain: inputs come through a channel, outputs fan out to sockets, requests and consoles.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the shell is where the clock is read")]

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::callback;
use super::database::Database;
use crate::brain::{Brain, ConnId, HttpRequest, HttpResponse, Input, Micros, Output, Record, Upload};

/// What a socket's task is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    Text(String),
    Ping,
    Close(u16, String),
    Abort,
}

/// How an HTTP request ends.
#[derive(Debug)]
pub(crate) enum Ending {
    Answer(HttpResponse),
    Abort,
}

enum Message {
    Socket { path: String, query: String, orders: mpsc::UnboundedSender<Order>, number: oneshot::Sender<ConnId> },
    Input(Input),
    Http { request: HttpRequest, end: oneshot::Sender<Ending> },
    Handshake(oneshot::Sender<Option<HttpResponse>>),
    File { id: String, found: oneshot::Sender<(Upload, Vec<u8>)> },
    Console { orders: mpsc::UnboundedSender<Order> },
    ConsoleText { orders: mpsc::UnboundedSender<Order>, text: String },
    Stop,
}

/// The way to the brain.
#[derive(Debug, Clone)]
pub(crate) struct Engine(Sender<Message>);

impl Engine {
    pub(crate) fn start(brain: Brain, database: Database) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = channel();
        let worker = Worker {
            brain,
            database,
            sockets: BTreeMap::new(),
            requests: BTreeMap::new(),
            consoles: Vec::new(),
            runtime: Handle::current(),
            next_id: 1,
        };
        (Self(sender), std::thread::spawn(move || worker.run(&receiver)))
    }

    /// What a handshake is answered with instead of an upgrade; `None` lets the socket in.
    pub(crate) async fn handshake_answer(&self) -> Option<HttpResponse> {
        let (sender, receiver) = oneshot::channel();
        let _ = self.0.send(Message::Handshake(sender));
        receiver.await.unwrap_or_else(|_| Some(HttpResponse::empty(503)))
    }

    /// A socket was opened; its task obeys the orders.
    pub(crate) async fn socket(&self, path: String, query: String) -> Option<(ConnId, mpsc::UnboundedReceiver<Order>)> {
        let (orders, received) = mpsc::unbounded_channel();
        let (number, numbered) = oneshot::channel();
        self.0.send(Message::Socket { path, query, orders, number }).ok()?;
        Some((numbered.await.ok()?, received))
    }

    pub(crate) fn input(&self, input: Input) {
        let _ = self.0.send(Message::Input(input));
    }

    pub(crate) async fn http(&self, request: HttpRequest) -> Ending {
        let (end, ended) = oneshot::channel();
        let _ = self.0.send(Message::Http { request, end });
        ended.await.unwrap_or(Ending::Abort)
    }

    /// An uploaded file with its bytes.
    pub(crate) async fn file(&self, id: String) -> Option<(Upload, Vec<u8>)> {
        let (found, answer) = oneshot::channel();
        self.0.send(Message::File { id, found }).ok()?;
        answer.await.ok()
    }

    /// A console was opened: it gets the snapshot, then everything that happens.
    pub(crate) fn console(&self) -> (mpsc::UnboundedSender<Order>, mpsc::UnboundedReceiver<Order>) {
        let (orders, received) = mpsc::unbounded_channel();
        let _ = self.0.send(Message::Console { orders: orders.clone() });
        (orders, received)
    }

    pub(crate) fn console_text(&self, orders: &mpsc::UnboundedSender<Order>, text: String) {
        let _ = self.0.send(Message::ConsoleText { orders: orders.clone(), text });
    }

    pub(crate) fn stop(&self) {
        let _ = self.0.send(Message::Stop);
    }
}

struct Worker {
    brain: Brain,
    database: Database,
    sockets: BTreeMap<ConnId, mpsc::UnboundedSender<Order>>,
    requests: BTreeMap<u64, oneshot::Sender<Ending>>,
    consoles: Vec<mpsc::UnboundedSender<Order>>,
    /// Where callbacks are posted, off the brain's thread.
    runtime: Handle,
    next_id: u64,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let wait = self.brain.next_timeout().map(|at| at.saturating_sub(now()).max(0));
            let wait = wait.map_or(Duration::from_secs(3600), |wait| Duration::from_micros(wait.unsigned_abs()));
            match inbox.recv_timeout(wait) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => self.brain.handle(Input::Timeout, now()),
            }
            if let Err(error) = self.perform() {
                eprintln!("standin: cannot write the database, stopping: {error}");
                std::process::exit(1);
            }
        }
        for orders in self.sockets.values().chain(&self.consoles) {
            let _ = orders.send(Order::Close(1001, "server stops".to_owned()));
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Socket { path, query, orders, number } => {
                let conn = self.fresh();
                if number.send(conn).is_err() {
                    return;
                }
                self.sockets.insert(conn, orders);
                self.brain.handle(Input::Opened { conn, path, query }, now());
            }
            Message::Input(input) => {
                if let Input::Closed { conn } = &input {
                    self.sockets.remove(conn);
                }
                self.brain.handle(input, now());
            }
            Message::Http { request, end } => {
                let id = self.fresh();
                self.requests.insert(id, end);
                self.brain.handle(Input::Http { id, request }, now());
            }
            Message::Handshake(answer) => {
                let _ = answer.send(self.brain.handshake_answer());
            }
            Message::File { id, found } => {
                // Whoever asks hears of a file that is not there by the end of the channel.
                if let (Some(upload), Ok(Some(bytes))) = (self.brain.upload(&id), self.database.bytes(&id)) {
                    let _ = found.send((upload.clone(), bytes));
                }
            }
            Message::Console { orders } => {
                let _ = orders.send(Order::Text(self.brain.console_snapshot()));
                self.consoles.push(orders);
                self.brain.set_watched(true);
            }
            Message::ConsoleText { orders, text } => {
                if let Some(answer) = self.brain.console_request(&text, now()) {
                    let _ = orders.send(Order::Text(answer));
                }
            }
            Message::Stop => {}
        }
    }

    /// Saves first, then sends: whatever leaves is on disk.
    fn perform(&mut self) -> rusqlite::Result<()> {
        let outputs: Vec<Output> = std::iter::from_fn(|| self.brain.poll()).collect();
        let records: Vec<Record> = outputs
            .iter()
            .filter_map(|output| if let Output::Save(record) = output { Some(record.clone()) } else { None })
            .collect();
        if !records.is_empty() {
            self.database.save(&records)?;
        }
        for output in outputs {
            match output {
                Output::Send { conn, text } => self.order(conn, Order::Text(text)),
                Output::Ping { conn } => self.order(conn, Order::Ping),
                Output::Close { conn, code, reason } => {
                    self.order(conn, Order::Close(code, reason));
                    self.sockets.remove(&conn);
                }
                Output::Abort { conn } => {
                    self.order(conn, Order::Abort);
                    self.sockets.remove(&conn);
                }
                Output::Http { id, response } => self.end(id, Ending::Answer(response)),
                Output::HttpAbort { id } => self.end(id, Ending::Abort),
                Output::Save(_) => {}
                Output::Watch(text) => {
                    self.consoles.retain(|orders| orders.send(Order::Text(text.clone())).is_ok());
                    self.brain.set_watched(!self.consoles.is_empty());
                }
            }
        }
        for callback in self.brain.take_callbacks() {
            self.runtime.spawn(callback::post(callback));
        }
        Ok(())
    }

    fn order(&self, conn: ConnId, order: Order) {
        if let Some(orders) = self.sockets.get(&conn) {
            let _ = orders.send(order);
        }
    }

    fn end(&mut self, id: u64, ending: Ending) {
        if let Some(end) = self.requests.remove(&id) {
            let _ = end.send(ending);
        }
    }

    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }
}

fn now() -> Micros {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX)
}
