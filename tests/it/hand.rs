//! The platform played by hand: one session, and a test that reads what it sends and answers word by word.

use std::collections::BTreeMap;

use palaver::json::{Name, Value};
use palaver::model::notice::EVENTS;
use palaver::model::{ChatError, Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{CallId, HttpRequest, Input, Output, Session, SocketId};
use serde_json::{Value as Json, json};

pub use crate::platform::{good, good_token};

/// 2026-03-01.
const EPOCH_MS: u64 = 1_772_323_200_000;

/// What was asked over HTTP.
#[derive(Clone, Debug)]
pub struct Asked {
    pub ask: u32,
    pub verb: &'static str,
    pub url: String,
    pub body: Json,
    pub token: Option<String>,
    pub has_file: bool,
    pub with_credentials: bool,
    /// It is a token that is asked for, and only a new one will do.
    pub is_fresh: bool,
}

impl Asked {
    fn new(ask: u32, request: HttpRequest, token: Option<String>) -> Self {
        let body = request.body.map_or(Json::Null, |body| body.to_json());
        let HttpRequest { verb, url, has_file, with_credentials, .. } = request;
        Self { ask, verb, url, body, token, has_file, with_credentials, is_fresh: false }
    }
}

pub struct Hand {
    pub session: Session,
    pub now: u64,
    pub told: Vec<(&'static str, Json)>,
    pub settled: BTreeMap<CallId, Result<Json, ChatError>>,
    /// Frames that the session sent.
    pub sent: Vec<Json>,
    pub asked: Vec<Asked>,
    /// Questions to the application's identity provider, and whether the token was to be a new one.
    pub identities: Vec<(u32, bool)>,
    /// What was kept for the next page, in order.
    pub stored: Vec<Json>,
    /// The socket that is wanted.
    pub socket: Option<SocketId>,
    /// Whether frames and questions for a token are answered by themselves.
    pub is_served: bool,
    /// The action that is left unanswered all the same.
    pub kept: &'static str,
    next_call: CallId,
}

impl Hand {
    /// A session that has not connected yet. Nobody answers it.
    pub fn new(options: &Json) -> Self {
        let mut all = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let config = Config::read(&Value::from_json(all)).unwrap();
        let adapter = protocol::adapter(&config);
        Self {
            session: Session::new(config, adapter, 42, Instant(0), UnixMillis(EPOCH_MS)),
            now: 0,
            told: Vec::new(),
            settled: BTreeMap::new(),
            sent: Vec::new(),
            asked: Vec::new(),
            identities: Vec::new(),
            stored: Vec::new(),
            socket: None,
            is_served: false,
            kept: "",
            next_call: 0,
        }
    }

    /// A session that a good platform has connected, and serves.
    pub fn live(options: &Json) -> Self {
        let mut hand = Self::new(options);
        hand.is_served = true;
        hand.connect();
        hand
    }

    pub fn connect(&mut self) {
        self.input(Input::Connect);
        for _ in 0..100 {
            if self.state() == "connected" {
                return;
            }
            self.step();
        }
        panic!("no connection; told {:?}", self.told.iter().rev().take(5).collect::<Vec<_>>());
    }

    pub fn state(&self) -> &'static str {
        self.session.state().as_str()
    }

    pub fn told(&self, name: &str) -> Vec<&Json> {
        self.told.iter().filter(|(told, _)| *told == name).map(|(_, payload)| payload).collect()
    }

    pub fn call(&mut self, method: &str, args: Json) -> CallId {
        let method = self.session.method(method).unwrap_or_else(|| panic!("there is no {method}"));
        self.next_call += 1;
        let call = self.next_call;
        self.input(Input::Call { call, method, args: Value::from_json(args) });
        call
    }

    /// Calls a method, and lets as much time pass as it takes.
    pub fn ask(&mut self, method: &str, args: Json) -> Result<Json, ChatError> {
        let call = self.call(method, args);
        self.settle(call)
    }

    /// Lets time pass until a call settles: sooner or later each one does.
    pub fn settle(&mut self, call: CallId) -> Result<Json, ChatError> {
        for _ in 0..1_000 {
            if let Some(outcome) = self.settled.get(&call) {
                return outcome.clone();
            }
            self.step();
        }
        panic!("call {call} never settles");
    }

    /// "pending", "ok" or the code.
    pub fn code(&self, call: CallId) -> &str {
        match self.settled.get(&call) {
            Some(Err(error)) => &error.code,
            Some(Ok(_)) => "ok",
            None => "pending",
        }
    }

    /// Goes to the session's next deadline.
    pub fn step(&mut self) {
        if let Some(due) = self.session.next_deadline() {
            self.now = self.now.max(due.0);
            self.input(Input::Timeout);
        }
    }

    /// Lets `millis` pass.
    pub fn run(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.session.next_deadline().is_some_and(|due| due.0 <= end) {
            self.step();
        }
        self.now = end;
    }

    /// The server says something.
    pub fn receive(&mut self, frame: Json) {
        if let Some(socket) = self.socket {
            self.input(Input::Frame { socket, frame: Value::from_json(frame) });
        }
    }

    pub fn push(&mut self, action: &str, payload: &Json) {
        self.receive(json!({ "version": "3.6", "type": "push", "action": action, "payload": payload }));
    }

    /// The server answers the last frame of an action.
    pub fn reply(&mut self, action: &str, is_success: bool, payload: &Json) {
        let id = self.last(action)["request_id"].clone();
        self.receive(json!({
            "request_id": id, "action": action, "type": "response", "success": is_success, "payload": payload,
        }));
    }

    /// The last frame of an action.
    pub fn last(&self, action: &str) -> Json {
        let frame = self.sent.iter().rev().find(|frame| frame["action"] == action);
        frame.unwrap_or_else(|| panic!("no {action} was sent")).clone()
    }

    /// The last question over HTTP.
    pub fn last_asked(&self) -> Asked {
        self.asked.last().expect("something was asked").clone()
    }

    /// The web answers the last question.
    pub fn answer(&mut self, status: u16, body: Json) {
        let ask = self.last_asked().ask;
        self.input(Input::Http { ask, status, body: Value::from_json(body), retry_after_ms: None });
    }

    pub fn input(&mut self, input: Input) {
        self.session.handle(input, Instant(self.now));
        loop {
            let mut due = Vec::new();
            while let Some(output) = self.session.poll() {
                due.push(output);
            }
            if due.is_empty() {
                return;
            }
            let mut answers = Vec::new();
            for output in due {
                answers.extend(self.perform(output));
            }
            for answer in answers {
                self.session.handle(answer, Instant(self.now));
            }
        }
    }

    /// Notes an output; returns what the world answers at once.
    fn perform(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::Open { socket, .. } => {
                assert!(self.socket.replace(socket).is_none(), "two sockets at once");
                return self.is_served.then_some(Input::Opened { socket });
            }
            Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                assert_eq!(self.socket, Some(socket), "a frame for a socket that was let go");
                let frame = frame.to_json();
                self.sent.push(frame.clone());
                let action = frame["action"].as_str().unwrap_or_default();
                let reply = json!({
                    "request_id": frame["request_id"], "action": action, "type": "response", "success": true,
                    "payload": good(action, &frame["payload"]),
                });
                let is_answered = self.is_served && action != self.kept;
                return is_answered.then(|| Input::Frame { socket, frame: Value::from_json(reply) });
            }
            Output::Close { socket } => assert_eq!(self.socket.take(), Some(socket)),
            Output::AskToken { ask, fresh } => {
                let request = self.session.token_request();
                self.asked.push(Asked { is_fresh: fresh, ..Asked::new(ask, request, None) });
                let body = Value::from_json(good_token(&format!("secret-{}", self.asked.len())));
                let is_answered = self.is_served && self.kept != "token";
                return is_answered.then_some(Input::Http { ask, status: 200, body, retry_after_ms: None });
            }
            Output::Http { ask, request, token, .. } => self.asked.push(Asked::new(ask, request, token)),
            Output::AskIdentity { ask, fresh } => self.identities.push((ask, fresh)),
            Output::AskCustomer { ask } => {
                return (self.kept != "customer").then(|| Input::CustomerData { ask, data: Value::missing() });
            }
            Output::Recall => {
                return Some(Input::Recalled { token: Value::missing(), side_storage: Value::missing() });
            }
            Output::StoreToken(token) => self.stored.push(json!({ "token": token.map(|token| token.to_json()) })),
            Output::StoreSide(side) => self.stored.push(json!({ "side": side.to_json() })),
            Output::Claim => return Some(Input::Claimed { records: Value::list() }),
            Output::Keep(_) | Output::Drop(_) | Output::Wipe | Output::Finish => {}
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
        None
    }
}
