//! The simulation: one session, one brain, a link between them, one clock. Nothing sleeps.

use std::collections::{BTreeMap, VecDeque};

use palaver::json::{Name, Value};
use palaver::model::notice::EVENTS;
use palaver::model::{ChatError, Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{CallId, Input, Output, Session, SocketId};
use serde_json::{Value as Json, json};
use standin::brain::{self, AgentAction, Brain, Fault, HttpRequest, Record};

/// 2026-03-01, so that the server's times look like times.
const EPOCH_MS: u64 = 1_772_323_200_000;

enum Delivery {
    Open(SocketId, String),
    Opened(SocketId),
    ToServer(SocketId, String),
    ToClient(SocketId, String),
    ServerClosed(SocketId),
    ClientClosed(SocketId),
    Ask(u32, HttpRequest),
    Answer(u32, u16, String),
}

/// How the link behaves.
pub struct Link {
    pub latency_ms: u64,
    /// Sockets look open and nothing arrives.
    pub is_silent: bool,
}

pub struct Sim {
    pub session: Session,
    pub brain: Option<Brain>,
    pub link: Link,
    pub now: u64,
    /// What listeners were told, in order.
    pub told: Vec<(&'static str, Json)>,
    pub settled: BTreeMap<CallId, Result<Json, ChatError>>,
    pub opened_sockets: u32,
    /// What the session keeps between page loads.
    pub stored_token: Option<Json>,
    /// The sends that the session keeps between page loads, by client id.
    pub kept: Vec<(String, Json)>,
    /// Storage neither answers nor keeps.
    pub is_store_silent: bool,
    /// Frames the session sent, as JSON.
    pub sent: Vec<Json>,
    /// Answers of the application's own providers.
    pub identity: Option<Json>,
    saved: Vec<Record>,
    cookies: Vec<String>,
    wire: BTreeMap<(u64, u64), Delivery>,
    sequence: u64,
    /// Sockets that reached the server, and their number there.
    conns: BTreeMap<SocketId, u64>,
    live: Option<SocketId>,
    next_conn: u64,
    next_call: CallId,
    http: BTreeMap<u64, u32>,
    next_http: u64,
}

impl Sim {
    /// A session that has not connected yet, and a server that knows nobody.
    pub fn new() -> Self {
        Self::with(json!({}), brain::Config::default())
    }

    pub fn with(options: Json, server: brain::Config) -> Self {
        let mut all = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let session = session(&all, 42, 0);
        Self {
            session,
            brain: Some(Brain::new(server)),
            link: Link { latency_ms: 20, is_silent: false },
            now: 0,
            told: Vec::new(),
            settled: BTreeMap::new(),
            opened_sockets: 0,
            stored_token: None,
            kept: Vec::new(),
            is_store_silent: false,
            sent: Vec::new(),
            identity: None,
            saved: Vec::new(),
            cookies: Vec::new(),
            wire: BTreeMap::new(),
            sequence: 0,
            conns: BTreeMap::new(),
            live: None,
            next_conn: 0,
            next_call: 0,
            http: BTreeMap::new(),
            next_http: 0,
        }
    }

    /// A session that is connected.
    pub fn connected() -> Self {
        let mut sim = Self::new();
        sim.connect();
        sim
    }

    /// A session that is connected and has an open chat.
    pub fn in_chat() -> (Self, String) {
        let mut sim = Self::connected();
        let chat = sim.start_chat();
        (sim, chat)
    }

    pub fn connect(&mut self) {
        self.input(Input::Connect);
        self.until(60_000, |sim| sim.state() == "connected");
    }

    pub fn start_chat(&mut self) -> String {
        let result = self.ask("startChat", json!({})).unwrap();
        result["chat"]["id"].as_str().unwrap().to_owned()
    }

    pub fn state(&self) -> &'static str {
        self.session.state().as_str()
    }

    /// Hands an input to the session and performs what follows.
    pub fn input(&mut self, input: Input) {
        self.session.handle(input, Instant(self.now));
        self.perform();
    }

    /// Calls a method; look for its outcome in `settled`.
    pub fn call(&mut self, method: &str, args: Json) -> CallId {
        self.next_call += 1;
        let call = self.next_call;
        let method = self.session.method(method).expect("the platform has the method");
        self.input(Input::Call { call, method, args: Value::from_json(args) });
        call
    }

    /// Calls a method and lets time pass until it settles.
    pub fn ask(&mut self, method: &str, args: Json) -> Result<Json, ChatError> {
        let call = self.call(method, args);
        self.until(7_200_000, |sim| sim.settled.contains_key(&call));
        self.settled.get(&call).unwrap().clone()
    }

    pub fn say(&mut self, chat: &str, text: &str) -> CallId {
        self.call("sendMessage", json!({ "chatId": chat, "text": text }))
    }

    /// An agent acts, if the server is up.
    pub fn agent(&mut self, action: Json) -> Json {
        let action: AgentAction = serde_json::from_value(action).unwrap();
        let now = self.micros();
        let result = self.brain.as_mut().expect("the server is up").act(action, now).unwrap();
        self.perform_server();
        result
    }

    pub fn fault(&mut self, fault: Json) {
        let fault: Fault = serde_json::from_value(fault).unwrap();
        self.server(brain::Input::Fault(fault));
    }

    /// The server dies at once, and with it every connection.
    pub fn kill_server(&mut self) {
        self.brain = None;
        self.cut();
    }

    pub fn start_server(&mut self, config: brain::Config) {
        let mut brain = Brain::new(config);
        brain.restore(self.saved.iter().cloned());
        self.brain = Some(brain);
    }

    /// The line breaks: what is on its way is lost, both ends learn of it.
    pub fn cut(&mut self) {
        self.wire.retain(|_, delivery| matches!(delivery, Delivery::Ask(..) | Delivery::Answer(..)));
        for (socket, _) in std::mem::take(&mut self.conns) {
            self.post(Delivery::ClientClosed(socket));
            self.post(Delivery::ServerClosed(socket));
        }
        if let Some(socket) = self.live {
            self.post(Delivery::ClientClosed(socket));
        }
    }

    /// The page is loaded again with what was kept: a new session, the same customer.
    pub fn reload(&mut self, options: &Json) {
        self.input(Input::Destroy);
        self.run(1_000);
        let mut all = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        self.session = session(&all, 4_242, self.now);
        self.told.clear();
    }

    /// What the server has of the customer's chat: texts in order.
    pub fn texts(&self, chat: &str) -> Vec<String> {
        let brain = self.brain.as_ref().expect("the server is up");
        brain
            .events(chat)
            .iter()
            .filter_map(|event| event.text("text").filter(|_| event.text("type") == Some("message")))
            .map(str::to_owned)
            .collect()
    }

    /// The payloads told under a name.
    pub fn told(&self, name: &str) -> Vec<&Json> {
        self.told.iter().filter(|(told, _)| *told == name).map(|(_, payload)| payload).collect()
    }

    /// The texts of the messages told as `new_event`.
    pub fn heard(&self) -> Vec<String> {
        let texts = self.told("new_event").into_iter().filter(|event| event["type"] == "message");
        texts.map(|event| event["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Lets `millis` pass.
    pub fn run(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.step(end) {}
        self.now = end;
    }

    /// Lets time pass until something is so; fails after `millis`.
    pub fn until(&mut self, millis: u64, is_so: impl Fn(&Self) -> bool) {
        let end = self.now + millis;
        while !is_so(self) {
            assert!(
                self.step(end),
                "it did not happen within {millis} ms; state {}, told {:#?}",
                self.state(),
                self.told.iter().rev().take(5).collect::<Vec<_>>()
            );
        }
    }

    /// Goes to the next moment at which anything happens, up to `end`.
    fn step(&mut self, end: u64) -> bool {
        let wire = self.wire.keys().next().map(|(at, _)| *at);
        let session = self.session.next_deadline().map(|at| at.0);
        #[allow(clippy::cast_sign_loss)]
        let brain = self
            .brain
            .as_ref()
            .and_then(Brain::next_timeout)
            .map(|at| (at as u64).div_ceil(1_000).saturating_sub(EPOCH_MS));
        let Some(next) = [wire, session, brain].into_iter().flatten().min().filter(|next| *next <= end) else {
            return false;
        };
        self.now = self.now.max(next);
        while let Some(entry) = self.wire.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let delivery = entry.remove();
            self.deliver(delivery);
        }
        if brain.is_some_and(|at| at <= self.now) {
            self.server(brain::Input::Timeout);
        }
        if session.is_some_and(|at| at <= self.now) {
            self.input(Input::Timeout);
            let next = self.session.next_deadline();
            assert!(next.is_none_or(|next| next.0 > self.now), "the session wants to be woken for ever");
        }
        true
    }

    #[allow(clippy::cast_possible_wrap)]
    fn micros(&self) -> i64 {
        ((EPOCH_MS + self.now) * 1_000) as i64
    }

    fn post(&mut self, delivery: Delivery) {
        self.sequence += 1;
        self.wire.insert((self.now + self.link.latency_ms, self.sequence), delivery);
    }

    fn deliver(&mut self, delivery: Delivery) {
        let is_lost = self.link.is_silent
            && matches!(
                delivery,
                Delivery::Open(..)
                    | Delivery::Opened(..)
                    | Delivery::ToServer(..)
                    | Delivery::ToClient(..)
                    | Delivery::Ask(..)
                    | Delivery::Answer(..)
            );
        if is_lost {
            return;
        }
        match delivery {
            Delivery::Open(socket, url) => {
                let is_refused = self.brain.as_ref().is_none_or(Brain::refuses);
                if is_refused {
                    return self.post(Delivery::ClientClosed(socket));
                }
                self.next_conn += 1;
                self.conns.insert(socket, self.next_conn);
                let path = url.split_once("://").unwrap().1.split_once('/').unwrap().1;
                let (path, query) = path.split_once('?').unwrap();
                let input =
                    brain::Input::Opened { conn: self.next_conn, path: format!("/{path}"), query: query.to_owned() };
                self.post(Delivery::Opened(socket));
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
            Delivery::ServerClosed(socket) => {
                if let Some(conn) = self.conns.remove(&socket) {
                    self.server(brain::Input::Closed { conn });
                }
            }
            Delivery::ClientClosed(socket) => self.input(Input::Closed { socket, code: 1006 }),
            Delivery::Ask(ask, request) => {
                self.next_http += 1;
                let id = self.next_http;
                if self.brain.is_some() {
                    self.http.insert(id, ask);
                    self.server(brain::Input::Http { id, request });
                } else {
                    self.post(Delivery::Answer(ask, 0, String::new()));
                }
            }
            Delivery::Answer(ask, status, body) => {
                self.input(Input::Http { ask, status, body: Value::parse(&body), retry_after_ms: None });
            }
        }
    }

    fn server(&mut self, input: brain::Input) {
        let now = self.micros();
        if let Some(brain) = &mut self.brain {
            brain.handle(input, now);
            self.perform_server();
        }
    }

    fn perform_server(&mut self) {
        while let Some(output) = self.brain.as_mut().and_then(Brain::poll) {
            let socket_of = |conn: u64| self.conns.iter().find(|(_, known)| **known == conn).map(|(socket, _)| *socket);
            match output {
                brain::Output::Send { conn, text } => {
                    if let Some(socket) = socket_of(conn) {
                        self.post(Delivery::ToClient(socket, text));
                    }
                }
                brain::Output::Close { conn, .. } | brain::Output::Abort { conn } => {
                    if let Some(socket) = socket_of(conn) {
                        self.conns.remove(&socket);
                        self.post(Delivery::ClientClosed(socket));
                        if let Some(brain) = &mut self.brain {
                            let now = ((EPOCH_MS + self.now) * 1_000).cast_signed();
                            brain.handle(brain::Input::Closed { conn }, now);
                        }
                    }
                }
                brain::Output::Http { id, response } => {
                    for (name, value) in &response.headers {
                        if name == "set-cookie" {
                            self.cookies.push(value.split(';').next().unwrap().to_owned());
                        }
                    }
                    if let Some(ask) = self.http.remove(&id) {
                        self.post(Delivery::Answer(ask, response.status, String::from_utf8(response.body).unwrap()));
                    }
                }
                brain::Output::Save(record) => self.saved.push(record),
                // A browser answers control pings by itself, if it hears them.
                brain::Output::Ping { conn } => {
                    if !self.link.is_silent {
                        let now = self.micros();
                        self.brain.as_mut().unwrap().handle(brain::Input::Pong { conn }, now);
                    }
                }
                brain::Output::HttpAbort { .. } | brain::Output::Watch(_) => {}
            }
        }
    }

    fn perform(&mut self) {
        let mut due: VecDeque<Output> = VecDeque::new();
        while let Some(output) = self.session.poll() {
            due.push_back(output);
        }
        for output in due {
            match output {
                Output::Open { socket, url } => {
                    assert!(self.live.is_none(), "two sockets at once");
                    self.live = Some(socket);
                    self.opened_sockets += 1;
                    self.post(Delivery::Open(socket, url));
                }
                Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                    assert_eq!(self.live, Some(socket), "a frame for a socket that was let go");
                    let text = frame.stringify();
                    self.sent.push(serde_json::from_str(&text).unwrap());
                    self.post(Delivery::ToServer(socket, text));
                }
                Output::Close { socket } => {
                    assert_eq!(self.live.take(), Some(socket));
                    self.post(Delivery::ServerClosed(socket));
                }
                Output::Http { ask, request, token, .. } => {
                    let path = request.url.split_once("://").unwrap().1.split_once('/').unwrap().1;
                    let body = request.body.map_or(Json::Null, |body| body.to_json());
                    let mut asked =
                        HttpRequest::post(&format!("/{path}"), &body).header("origin", "https://shop.example");
                    asked.method = request.verb.to_owned();
                    if request.with_credentials {
                        asked = asked.header("cookie", &self.cookies.join("; "));
                    }
                    if let Some(token) = token {
                        asked = asked.header("authorization", &format!("Bearer {token}"));
                    }
                    self.post(Delivery::Ask(ask, asked));
                }
                Output::AskIdentity { ask, .. } => {
                    let token = self.identity.clone().map_or(Value::missing(), Value::from_json);
                    self.input(Input::Identity { ask, token });
                }
                Output::AskCustomer { ask } => {
                    let data = Value::from_json(json!({ "name": "Ada", "sessionFields": { "plan": "pro" } }));
                    self.input(Input::CustomerData { ask, data });
                }
                Output::Recall => {
                    let token = self.stored_token.clone().map_or(Value::missing(), Value::from_json);
                    self.input(Input::Recalled { token, side_storage: Value::missing() });
                }
                Output::StoreToken(token) => self.stored_token = token.map(|token| token.to_json()),
                Output::Keep(_) | Output::Drop(_) | Output::Claim | Output::Wipe if self.is_store_silent => {}
                Output::Keep(record) => {
                    let record = record.to_json();
                    let id = record["customId"].as_str().unwrap().to_owned();
                    self.kept.retain(|(known, _)| *known != id);
                    self.kept.push((id, record));
                }
                Output::Drop(id) => self.kept.retain(|(known, _)| *known != id.text()),
                Output::Claim => {
                    let records = self.kept.iter().map(|(_, record)| record.clone()).collect();
                    self.input(Input::Claimed { records: Value::from_json(Json::Array(records)) });
                }
                Output::Wipe => self.kept.clear(),
                Output::StoreSide(_) | Output::Finish => {}
                Output::Emit(notice) => {
                    notice.publish(&|name: Name| EVENTS.contains(&name), &mut |name, payload| {
                        self.told.push((name.as_str(), payload.to_json()));
                    });
                }
                Output::Settle { call, result } => {
                    let result = result.map(|value| value.to_json());
                    assert!(self.settled.insert(call, result).is_none(), "a call settled twice");
                }
            }
        }
    }
}

fn session(options: &Json, seed: u128, now: u64) -> Session {
    let config = Config::read(&Value::from_json(options.clone())).unwrap();
    let adapter = protocol::adapter(&config);
    Session::new(config, adapter, seed, Instant(now), UnixMillis(EPOCH_MS + now))
}
