//! A crowd of real sessions before a server of a few lines: it lets everybody in who knocks while it is up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use palaver::json::Value;
use palaver::model::{Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{Input, Output, Session, SocketId};
use serde_json::{Value as Json, json};

const EPOCH_MS: u64 = 1_772_323_200_000;
/// From the page to the server, or back.
const LATENCY_MS: u64 = 30;

struct Client {
    session: Session,
    socket: Option<SocketId>,
    /// When its alarm goes off.
    alarm: u64,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Alarm,
    /// A socket arrives at the server.
    Knocks(SocketId),
    Opens(SocketId),
    Closes(SocketId, u16),
    /// A reply comes to the page.
    Replies(SocketId, String),
}

pub struct Crowd {
    clients: Vec<Client>,
    due: BinaryHeap<Reverse<(u64, u64, usize, What)>>,
    sequence: u64,
    pub now: u64,
    pub is_up: bool,
    /// When sockets were asked for, and by whom.
    pub knocks: Vec<(u64, usize)>,
    /// When summaries were given out, and to whom.
    pub entries: Vec<(u64, usize)>,
}

impl Crowd {
    pub fn new(size: usize, seed: u64) -> Self {
        let options = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        let config = Config::read(&Value::from_json(options)).unwrap();
        let client = |number: usize| {
            let seed = u128::from(seed) << 64 | u128::from((number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let adapter = protocol::adapter(&config);
            let session = Session::new(config.clone(), adapter, seed, Instant(0), UnixMillis(EPOCH_MS));
            Client { session, socket: None, alarm: u64::MAX }
        };
        Self {
            clients: (0..size).map(client).collect(),
            due: BinaryHeap::new(),
            sequence: 0,
            now: 0,
            is_up: true,
            knocks: Vec::new(),
            entries: Vec::new(),
        }
    }

    pub const fn len(&self) -> usize {
        self.clients.len()
    }

    pub fn state(&self, client: usize) -> &'static str {
        self.clients[client].session.state().as_str()
    }

    /// Every line there is breaks, with this code.
    pub fn drop_all(&mut self, code: u16) {
        for client in 0..self.clients.len() {
            self.drop_one(client, code);
        }
    }

    /// A line breaks, with this code.
    pub fn drop_one(&mut self, client: usize, code: u16) {
        if let Some(socket) = self.clients[client].socket {
            self.post(0, client, What::Closes(socket, code));
        }
    }

    pub fn input(&mut self, client: usize, input: Input) {
        self.clients[client].session.handle(input, Instant(self.now));
        while let Some(output) = self.clients[client].session.poll() {
            self.perform(client, output);
        }
        let alarm = self.clients[client].session.next_deadline().map_or(u64::MAX, |at| at.0);
        if alarm != self.clients[client].alarm {
            self.clients[client].alarm = alarm;
            if alarm != u64::MAX {
                self.insert(alarm, client, What::Alarm);
            }
        }
    }

    /// Lets time pass up to `end`.
    pub fn run_to(&mut self, end: u64) {
        while self.due.peek().is_some_and(|Reverse((at, ..))| *at <= end) {
            let Some(Reverse((at, _, client, what))) = self.due.pop() else { break };
            self.now = self.now.max(at);
            self.happen(client, what);
        }
        self.now = end;
    }

    fn happen(&mut self, client: usize, what: What) {
        let own = self.clients[client].socket;
        match what {
            // An alarm that was put off since.
            What::Alarm if self.clients[client].alarm > self.now => {}
            What::Alarm => {
                self.clients[client].alarm = u64::MAX;
                self.input(client, Input::Timeout);
            }
            What::Knocks(socket) => {
                let answer = if self.is_up { What::Opens(socket) } else { What::Closes(socket, 1006) };
                self.post(LATENCY_MS, client, answer);
            }
            What::Opens(socket) | What::Closes(socket, _) | What::Replies(socket, _) if own != Some(socket) => {}
            What::Opens(socket) => self.input(client, Input::Opened { socket }),
            What::Closes(socket, code) => self.input(client, Input::Closed { socket, code }),
            What::Replies(socket, text) => {
                self.input(client, Input::Frame { socket, frame: Value::parse(&text) });
            }
        }
    }

    fn perform(&mut self, client: usize, output: Output) {
        match output {
            Output::Open { socket, .. } => {
                assert!(self.clients[client].socket.replace(socket).is_none(), "two sockets at once");
                self.knocks.push((self.now, client));
                self.post(LATENCY_MS, client, What::Knocks(socket));
            }
            Output::Close { socket } => {
                assert_eq!(self.clients[client].socket.take(), Some(socket));
            }
            Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                if self.is_up {
                    let text = self.reply(client, &frame.to_json());
                    self.post(2 * LATENCY_MS, client, What::Replies(socket, text));
                }
            }
            Output::Recall => {
                #[allow(clippy::cast_precision_loss)]
                let created = (EPOCH_MS + self.now) as f64;
                let token = json!({
                    "accessToken": "dal:token", "entityId": "customer", "expiresIn": 28_800_000, "creationDate": created,
                    "tokenType": "Bearer", "organizationId": "org"
                });
                let side_storage = Value::missing();
                self.input(client, Input::Recalled { token: Value::from_json(token), side_storage });
            }
            Output::Claim => self.input(client, Input::Claimed { records: Value::from_json(json!([])) }),
            Output::Http { .. }
            | Output::AskToken { .. }
            | Output::AskIdentity { .. }
            | Output::AskCustomer { .. }
            | Output::StoreToken(_)
            | Output::StoreSide(_)
            | Output::Keep(_)
            | Output::Drop(_)
            | Output::Wipe
            | Output::Emit(_)
            | Output::Settle { .. }
            | Output::Finish => {}
        }
    }

    fn reply(&mut self, client: usize, frame: &Json) -> String {
        let payload = match frame["action"].as_str().unwrap() {
            "login" => json!({ "customer_id": "customer", "customer": { "id": "customer", "type": "customer" } }),
            "list_chats" => {
                self.entries.push((self.now + LATENCY_MS, client));
                json!({ "chats_summary": [], "total_chats": 0 })
            }
            _ => json!({}),
        };
        let id = &frame["request_id"];
        json!({ "request_id": id, "action": frame["action"], "type": "response", "success": true, "payload": payload })
            .to_string()
    }

    fn post(&mut self, millis: u64, client: usize, what: What) {
        self.insert(self.now + millis, client, what);
    }

    fn insert(&mut self, at: u64, client: usize, what: What) {
        self.sequence += 1;
        self.due.push(Reverse((at, self.sequence, client, what)));
    }
}
