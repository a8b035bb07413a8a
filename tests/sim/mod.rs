//! The simulation: one session, one brain, a link between them, one clock. Nothing sleeps.
//!
//! `link` is what can happen on the way, `page` what the browser does to the page and what the page is told.
// Each test program uses the part that it needs.
#![allow(dead_code, unused_imports)]

mod device;
mod link;
mod page;
mod store;

use std::collections::BTreeMap;

use palaver::json::Value;
use palaver::model::{ChatError, Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{CallId, Input, Session, SocketId};
use serde_json::{Value as Json, json};
use standin::brain::{self, AgentAction, ApiError, Brain, Fault, Record};

pub use link::{Direction, Link};
pub use page::{Freeze, Page, Provider};
pub use store::Store;

use link::Delivery;

/// An agent of the stand-in's who is not in the chat by herself.
pub const GRACE: &str = "97ace0ff1ce54d2c8b6a1f0e3d5c7b92";
/// 2026-03-01, so that the server's times look like times.
const EPOCH_MS: u64 = 1_772_323_200_000;

pub struct Sim {
    pub session: Session,
    pub brain: Option<Brain>,
    pub link: Link,
    pub page: Page,
    pub now: u64,
    /// What listeners were told, in order.
    pub told: Vec<(&'static str, Json)>,
    pub settled: BTreeMap<CallId, Result<Json, ChatError>>,
    pub opened_sockets: u32,
    /// What the session keeps between page loads.
    pub stored_token: Option<Json>,
    /// The sends that the session keeps between page loads, by client id.
    pub kept: Vec<(String, Json)>,
    pub store: Store,
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
        Self::seeded(&options, server, 42)
    }

    /// The seed is the session's; the server has its own.
    pub fn seeded(options: &Json, server: brain::Config, seed: u128) -> Self {
        Self {
            session: session(options, seed, Instant(0), UnixMillis(EPOCH_MS)),
            brain: Some(Brain::new(server)),
            link: Link::default(),
            page: Page::default(),
            now: 0,
            told: Vec::new(),
            settled: BTreeMap::new(),
            opened_sockets: 0,
            stored_token: None,
            kept: Vec::new(),
            store: Store::default(),
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

    /// The socket that was opened and not closed.
    pub const fn socket(&self) -> Option<SocketId> {
        self.live
    }

    /// Hands an input to the session and performs what follows.
    pub fn input(&mut self, input: Input) {
        assert!(!self.page.is_frozen(self.now), "nothing runs in a frozen page");
        if self.page.dies() {
            return;
        }
        self.session.handle(input, self.instant());
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
        self.try_agent(action).unwrap()
    }

    /// An agent tries to act.
    pub fn try_agent(&mut self, action: Json) -> Result<Json, ApiError> {
        let action: AgentAction = serde_json::from_value(action).expect("agents can do that");
        let now = self.micros();
        let result = self.brain.as_mut().expect("the server is up").act(action, now);
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
        for ask in std::mem::take(&mut self.http).into_values() {
            self.post(Delivery::Answer(ask, 0, String::new(), None));
        }
        self.cut();
    }

    pub fn start_server(&mut self, config: brain::Config) {
        let mut brain = Brain::new(config);
        brain.restore(self.saved.iter().cloned());
        self.brain = Some(brain);
    }

    /// The page is loaded again with what was kept: a new session, the same customer.
    pub fn reload(&mut self, options: &Json) {
        self.input(Input::Destroy);
        self.run(1_000);
        self.begin_session(options, 4_242);
        self.told.clear();
    }

    /// The page is gone without a word, and its socket with it; then it is loaded again.
    pub fn reopen(&mut self, options: &Json) {
        if let Some(socket) = self.live.take() {
            self.post_up(Delivery::ClientCloses(socket));
        }
        self.page.steps_left = None;
        self.page.lives += 1;
        self.store.told = false;
        self.begin_session(options, 4_242 + u128::from(self.page.lives));
        self.told.clear();
        self.settled.clear();
    }

    /// A new session on this page, which has none any more.
    fn begin_session(&mut self, options: &Json, seed: u128) {
        let skewed = i128::from(EPOCH_MS + self.now) + i128::from(self.page.wall_skew_ms);
        let unix = UnixMillis(u64::try_from(skewed).unwrap_or_default());
        self.session = session(options, seed, self.instant(), unix);
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

    /// Lets time pass until the session has just asked for something.
    pub fn until_asked(&mut self, action: &str) {
        self.until(60_000, |sim| sim.sent.last().is_some_and(|frame| frame["action"] == action));
    }

    /// Goes to the next moment at which anything happens, up to `end`.
    pub fn step(&mut self, end: u64) -> bool {
        let wire = self.wire.keys().next().map(|(at, _)| *at);
        let thaw = self.page.thaws_at();
        let session =
            if thaw.is_some() || self.page.is_dead() { None } else { self.page.timer_at(self.session.next_deadline()) };
        let brain = self.brain.as_ref().and_then(Brain::next_timeout).map(millis_of);
        let Some(next) = [wire, thaw, session, brain].into_iter().flatten().min().filter(|next| *next <= end) else {
            return false;
        };
        self.now = self.now.max(next);
        if thaw.is_some_and(|at| at <= self.now) {
            self.thaw();
        }
        while let Some(entry) = self.wire.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let delivery = entry.remove();
            self.deliver(delivery);
        }
        if brain.is_some_and(|at| at <= self.now) {
            self.server(brain::Input::Timeout);
        }
        if session.is_some_and(|at| at <= self.now) {
            self.ring();
        }
        true
    }

    /// The session's alarm goes off.
    fn ring(&mut self) {
        self.input(Input::Timeout);
        let next = self.session.next_deadline().filter(|_| !self.page.is_dead());
        assert!(next.is_none_or(|next| next > self.instant()), "the session wants to be woken for ever");
    }

    #[allow(clippy::cast_possible_wrap)]
    fn micros(&self) -> i64 {
        ((EPOCH_MS + self.now) * 1_000) as i64
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
                        self.post_down(Delivery::ToClient(socket, text));
                    }
                }
                brain::Output::Close { conn, .. } | brain::Output::Abort { conn } => {
                    if let Some(socket) = socket_of(conn) {
                        self.conns.remove(&socket);
                        let code = if let brain::Output::Close { code, .. } = output { code } else { 1006 };
                        self.post_down(Delivery::ServerCloses(socket, code));
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
                    let retry_after = response.headers.iter().find(|(name, _)| name == "retry-after");
                    let retry_after_ms = retry_after.map(|(_, seconds)| seconds.parse::<u64>().unwrap() * 1_000);
                    if let Some(ask) = self.http.remove(&id) {
                        let body = String::from_utf8(response.body).unwrap();
                        self.post(Delivery::Answer(ask, response.status, body, retry_after_ms));
                    }
                }
                brain::Output::Save(record) => self.saved.push(record),
                // A browser answers control pings by itself, if it hears them.
                brain::Output::Ping { conn } => {
                    if socket_of(conn).is_some_and(|socket| self.link.carries_both(socket)) {
                        let now = self.micros();
                        self.brain.as_mut().unwrap().handle(brain::Input::Pong { conn }, now);
                    }
                }
                brain::Output::HttpAbort { .. } | brain::Output::Watch(_) => {}
            }
        }
    }
}

fn session(options: &Json, seed: u128, now: Instant, unix: UnixMillis) -> Session {
    let mut all = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let config = Config::read(&Value::from_json(all)).unwrap();
    let adapter = protocol::adapter(&config);
    Session::new(config, adapter, seed, now, unix)
}

/// A moment of the server's, never too early.
#[allow(clippy::cast_sign_loss)]
fn millis_of(at: i64) -> u64 {
    (at as u64).div_ceil(1_000).saturating_sub(EPOCH_MS)
}
