//! A brain, a clock and customers' sockets in one hand.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use standin::brain::{
    AgentAction, Brain, Config, ConnId, Fault, HttpRequest, HttpResponse, Input, Micros, Output, Record, time,
};

pub(crate) const ORGANIZATION: &str = "142cf3ad-5d54-4cf6-8ce1-3773d14d7f3f";

#[derive(Debug, PartialEq)]
pub(crate) enum End {
    Closed(u16, String),
    Cut,
}

pub(crate) struct Office {
    pub(crate) brain: Brain,
    pub(crate) now: Micros,
    pub(crate) records: Vec<Record>,
    pub(crate) pings: Vec<ConnId>,
    pub(crate) ends: BTreeMap<ConnId, End>,
    answers: BTreeMap<u64, HttpResponse>,
    frames: BTreeMap<ConnId, Vec<String>>,
    next: u64,
}

/// Who a customer is, and their socket.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) conn: ConnId,
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self::with(Config { control: true, ..Config::default() })
    }

    pub(crate) fn with(config: Config) -> Self {
        Self {
            brain: Brain::new(config),
            now: time::parse("2026-03-01T10:00:00Z").unwrap(),
            records: Vec::new(),
            pings: Vec::new(),
            ends: BTreeMap::new(),
            answers: BTreeMap::new(),
            frames: BTreeMap::new(),
            next: 1,
        }
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.brain.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.brain.poll() {
            match output {
                Output::Send { conn, text } => {
                    assert!(!self.ends.contains_key(&conn), "a frame behind the end of socket {conn}: {text}");
                    self.frames.entry(conn).or_default().push(text);
                }
                Output::Ping { conn } => self.pings.push(conn),
                Output::Close { conn, code, reason } => {
                    self.ends.insert(conn, End::Closed(code, reason));
                }
                Output::Abort { conn } => {
                    self.ends.insert(conn, End::Cut);
                }
                Output::Http { id, response } => {
                    assert!(self.answers.insert(id, response).is_none(), "request {id} was answered twice");
                }
                Output::HttpAbort { .. } | Output::Watch(_) => {}
                Output::Save(record) => self.records.push(record),
            }
        }
    }

    /// Lets time pass, waking the brain whenever it wants to be woken.
    pub(crate) fn pass(&mut self, seconds: f64) {
        let until = self.now + (seconds * 1e6) as Micros;
        for _ in 0..10_000 {
            match self.brain.next_timeout() {
                Some(at) if at <= until => {
                    self.now = self.now.max(at);
                    self.input(Input::Timeout);
                }
                _ => {
                    self.now = until;
                    return self.input(Input::Timeout);
                }
            }
        }
        panic!("the brain never comes to rest");
    }

    /// Lets time pass with a Pong every ten seconds, as a browser answers by itself.
    pub(crate) fn pass_alive(&mut self, conn: ConnId, seconds: u32) {
        for _ in 0..seconds / 10 {
            self.pass(10.0);
            self.input(Input::Pong { conn });
        }
    }

    pub(crate) fn http(&mut self, request: HttpRequest) -> HttpResponse {
        self.try_http(request).expect("no answer")
    }

    pub(crate) fn try_http(&mut self, request: HttpRequest) -> Option<HttpResponse> {
        let id = self.next;
        self.next += 1;
        self.input(Input::Http { id, request });
        self.answers.remove(&id)
    }

    pub(crate) fn grant() -> Value {
        json!({
            "grant_type": "cookie", "client_id": "c0ffee", "response_type": "token", "organization_id": ORGANIZATION,
            "redirect_uri": "http://localhost/"
        })
    }

    pub(crate) fn token(&mut self) -> Value {
        self.http(HttpRequest::post("/v2/customer/token", &Self::grant())).to_json()
    }

    pub(crate) fn open(&mut self, version: &str) -> ConnId {
        self.open_at(&format!("/v{version}/customer/rtm/ws"), &format!("organization_id={ORGANIZATION}"))
    }

    pub(crate) fn open_at(&mut self, path: &str, query: &str) -> ConnId {
        let conn = self.next;
        self.next += 1;
        self.input(Input::Opened { conn, path: path.to_owned(), query: query.to_owned() });
        conn
    }

    pub(crate) fn frame(&mut self, conn: ConnId, text: &str) {
        self.input(Input::Frame { conn, text: text.to_owned() });
    }

    /// Sends a request with this id; the answer stays among the frames.
    pub(crate) fn send(&mut self, conn: ConnId, id: &str, action: &str, payload: Value) {
        let frame = json!({ "request_id": id, "action": action, "payload": payload });
        self.frame(conn, &frame.to_string());
    }

    /// Asks and takes the response's payload; other frames stay.
    pub(crate) fn ask(&mut self, conn: ConnId, action: &str, payload: Value) -> Value {
        let id = format!("q{}", self.next);
        self.next += 1;
        self.send(conn, &id, action, payload);
        let frames = self.frames.entry(conn).or_default();
        let is_answer = |text: &String| {
            let frame: Value = serde_json::from_str(text).unwrap();
            frame["type"] == "response" && frame["request_id"] == json!(id)
        };
        let at = frames.iter().position(is_answer).unwrap_or_else(|| panic!("no answer to {action}"));
        let frame: Value = serde_json::from_str(&frames.remove(at)).unwrap();
        assert_eq!(frame["action"], json!(action));
        assert_eq!(frame["success"], json!(frame["payload"].get("error").is_none()));
        frame["payload"].clone()
    }

    /// The type of the error a request is refused with.
    pub(crate) fn refused(&mut self, conn: ConnId, action: &str, payload: Value) -> String {
        let answer = self.ask(conn, action, payload);
        assert!(answer["error"]["message"].is_string(), "{action} was not refused: {answer}");
        answer["error"]["type"].as_str().unwrap().to_owned()
    }

    /// Takes the raw frames a socket has got.
    pub(crate) fn texts(&mut self, conn: ConnId) -> Vec<String> {
        self.frames.remove(&conn).unwrap_or_default()
    }

    /// Takes the frames a socket has got.
    pub(crate) fn frames(&mut self, conn: ConnId) -> Vec<Value> {
        self.texts(conn).iter().map(|text| serde_json::from_str(text).expect("a frame that is JSON")).collect()
    }

    /// Takes the pushes a socket has got: action and payload.
    pub(crate) fn pushes(&mut self, conn: ConnId) -> Vec<(String, Value)> {
        let frames = self.frames(conn).into_iter().filter(|frame| frame["type"] == "push");
        frames.map(|frame| (frame["action"].as_str().unwrap().to_owned(), frame["payload"].clone())).collect()
    }

    /// Takes the only push a socket has got.
    pub(crate) fn push(&mut self, conn: ConnId) -> (String, Value) {
        let mut pushes = self.pushes(conn);
        assert_eq!(pushes.len(), 1, "{pushes:?}");
        pushes.remove(0)
    }

    /// Takes the names of the pushes a socket has got.
    pub(crate) fn push_names(&mut self, conn: ConnId) -> Vec<String> {
        self.pushes(conn).into_iter().map(|(name, _)| name).collect()
    }

    /// A new customer, logged in over 3.6.
    pub(crate) fn customer(&mut self) -> Customer {
        self.customer_at("3.6")
    }

    pub(crate) fn customer_at(&mut self, version: &str) -> Customer {
        let token = self.token();
        let token_text = token["access_token"].as_str().unwrap().to_owned();
        let conn = self.again(&token_text, version);
        Customer { conn, id: token["entity_id"].as_str().unwrap().to_owned(), token: token_text }
    }

    /// One more socket with a known token.
    pub(crate) fn again(&mut self, token: &str, version: &str) -> ConnId {
        let conn = self.open(version);
        let answer = self.ask(conn, "login", json!({ "token": format!("Bearer {token}") }));
        assert!(answer["customer"]["statistics"].is_object(), "{answer}");
        conn
    }

    /// Starts a chat; its frames are taken.
    pub(crate) fn chat(&mut self, customer: &Customer) -> String {
        let answer = self.ask(customer.conn, "start_chat", json!({}));
        self.texts(customer.conn);
        answer["chat_id"].as_str().unwrap_or_else(|| panic!("no chat: {answer}")).to_owned()
    }

    /// Sends a message; its frames are taken.
    pub(crate) fn say(&mut self, customer: &Customer, chat: &str, text: &str) -> String {
        let event = json!({ "type": "message", "text": text });
        let answer = self.ask(customer.conn, "send_event", json!({ "chat_id": chat, "event": event }));
        self.texts(customer.conn);
        answer["event_id"].as_str().unwrap_or_else(|| panic!("not sent: {answer}")).to_owned()
    }

    pub(crate) fn agent(&mut self, action: AgentAction) -> Value {
        let result = self.brain.act(action, self.now).expect("the agent could not");
        self.drain();
        result
    }

    pub(crate) fn agent_says(&mut self, text: &str) -> Value {
        self.agent(AgentAction::Message { chat_id: None, text: text.to_owned(), custom_id: None, agent_id: None })
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.input(Input::Fault(fault));
    }

    /// A call over HTTP.
    pub(crate) fn web(&mut self, customer: &Customer, method: &str, body: &Value) -> HttpResponse {
        let path = format!("/v3.6/customer/action/{method}?organization_id={ORGANIZATION}");
        self.http(HttpRequest::post(&path, body).header("authorization", &format!("Bearer {}", customer.token)))
    }

    /// A `GET` without a token.
    pub(crate) fn get(&mut self, version: &str, method: &str, query: &str) -> HttpResponse {
        self.http(HttpRequest {
            method: "GET".to_owned(),
            path: format!("/v{version}/customer/action/{method}"),
            query: format!("organization_id={ORGANIZATION}&{query}"),
            ..HttpRequest::default()
        })
    }

    /// Something is done over the control surface, and it works.
    pub(crate) fn does(&mut self, name: &str, body: Value) -> Value {
        let answer = self.control(name, body);
        assert_eq!(answer.status, 200, "{name}: {}", answer.to_json());
        answer.to_json()
    }

    pub(crate) fn control(&mut self, name: &str, body: Value) -> HttpResponse {
        self.http(HttpRequest::post(&format!("/control/{name}"), &body))
    }
}

pub(crate) fn message(text: &str) -> Value {
    json!({ "type": "message", "text": text })
}
