//! A session alone, taken by hand into each of its states. What it does is noted by kind.

use palaver::json::{Id, Name, Value};
use palaver::model::notice::EVENTS;
use palaver::model::{Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{AskId, Input, Output, Session, SocketId};
use serde_json::{Value as Json, json};

const EPOCH_MS: u64 = 1_772_323_200_000;
pub const CHAT: &str = "CHAT";

/// Every state, by what is inside it.
pub const STATES: &[&str] = &[
    "idle",
    "waiting",
    "opening",
    "opening+open",
    "logging-in",
    "summing",
    "live",
    "live+ping",
    "live+syncing",
    "closed",
    "destroyed",
];

pub struct Rig {
    pub session: Session,
    pub now: u64,
    /// The kinds of what came out since the last look, in order.
    pub kinds: Vec<String>,
    pub socket: Option<SocketId>,
    /// The last request on the line, and the last question over HTTP.
    pub request: (String, String),
    pub ask: AskId,
    calls: u32,
}

impl Rig {
    fn new() -> Self {
        let options = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        let config = Config::read(&Value::from_json(options)).unwrap();
        let adapter = protocol::adapter(&config);
        Self {
            session: Session::new(config, adapter, 42, Instant(0), UnixMillis(EPOCH_MS)),
            now: 0,
            kinds: Vec::new(),
            socket: None,
            request: (String::new(), String::new()),
            ask: 0,
            calls: 0,
        }
    }

    /// A session in this state.
    pub fn in_state(state: &str) -> Self {
        let mut rig = Self::new();
        let steps: &[&str] = match state {
            "idle" => &[],
            "opening" => &["connect", "recalled"],
            "opening+open" => &["connect", "recalled:nothing", "claimed", "opened"],
            "logging-in" => &["connect", "recalled", "claimed", "opened"],
            "summing" => &["connect", "recalled", "claimed", "opened", "reply"],
            "live" => &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply"],
            "live+ping" => &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply", "wait", "offline"],
            "live+syncing" => &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply", "wait", "gap"],
            "waiting" => {
                &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply", "wait", "closed:1006"]
            }
            "closed" => &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply", "wait", "disconnect"],
            "destroyed" => &["connect", "recalled", "claimed", "opened", "reply", "reply", "reply", "wait", "destroy"],
            other => panic!("there is no state {other}"),
        };
        for step in steps {
            rig.step(step);
        }
        match state {
            "live+ping" => assert_eq!(rig.request.1, "ping"),
            "live+syncing" => assert_eq!(rig.request.1, "list_threads"),
            _ => {}
        }
        rig.kinds.clear();
        rig
    }

    fn step(&mut self, name: &str) {
        match name {
            // Past what makes a connection useful.
            "wait" => {
                self.now += 6_000;
                self.handle(Input::Timeout);
            }
            "recalled:nothing" => {
                self.handle(Input::Recalled { token: Value::missing(), side_storage: Value::missing() });
            }
            // An event number is left out: the chat is read.
            "gap" => {
                let socket = self.socket.unwrap_or_default();
                for number in [2, 9] {
                    self.handle(Input::Frame { socket, frame: event(number) });
                }
            }
            other => {
                let input = self.make(other);
                self.handle(input);
            }
        }
    }

    /// The input of this name, as it comes in the present state.
    pub fn make(&mut self, name: &str) -> Input {
        let socket = self.socket.unwrap_or(1);
        let value = |json: Json| Value::from_json(json);
        match name {
            "connect" => Input::Connect,
            "disconnect" => Input::Disconnect,
            "reconnect" => Input::Reconnect,
            "destroy" => Input::Destroy,
            "call:send" => self.call("sendMessage", json!({ "chatId": CHAT, "text": "hello", "customId": "mine" })),
            "call:request" => self.call("listChats", json!({})),
            "call:http" => self.call("listLicenseProperties", json!({})),
            "call:token" => self.call("getToken", json!({})),
            "call:logout" => self.call("logout", json!({})),
            "call:retry" => self.call("retry", json!({ "customId": "unknown" })),
            "opened" => Input::Opened { socket },
            "opened:old" => Input::Opened { socket: socket + 90 },
            "reply" => Input::Frame { socket, frame: self.reply() },
            "refusal" => Input::Frame { socket, frame: self.refusal("internal") },
            "refusal:token" => Input::Frame { socket, frame: self.refusal("authentication") },
            "refusal:final" => Input::Frame { socket, frame: self.refusal("license_expired") },
            "push" => Input::Frame { socket, frame: event(3) },
            "garbage" => Input::Frame { socket, frame: Value::missing() },
            "farewell" => Input::Frame { socket, frame: farewell("connection_evicted") },
            "farewell:final" => Input::Frame { socket, frame: farewell("customer_banned") },
            "frame:old" => Input::Frame { socket: socket + 90, frame: event(2) },
            "closed:1006" => Input::Closed { socket, code: 1006 },
            "closed:0" => Input::Closed { socket, code: 0 },
            "closed:old" => Input::Closed { socket: socket + 90, code: 1006 },
            "recalled" => Input::Recalled { token: value(self.token("dal:kept")), side_storage: Value::missing() },
            "claimed" => Input::Claimed { records: value(json!([])) },
            "taken-over" => Input::TakenOver { custom_id: Id::of("mine").unwrap() },
            "unstored" => Input::Unstored,
            "http:token" => {
                let body = json!({ "access_token": "dal:new", "entity_id": "me", "expires_in": 28_800,
                    "token_type": "Bearer", "organization_id": "org", "client_id": "client" });
                Input::Http { ask: self.ask, status: 200, body: value(body), retry_after_ms: None }
            }
            "http:500" => Input::Http { ask: self.ask, status: 500, body: Value::missing(), retry_after_ms: None },
            "http:old" => Input::Http { ask: 99, status: 200, body: value(json!({})), retry_after_ms: None },
            "token:stored" => {
                let body = value(self.token("dal:theirs"));
                Input::Http { ask: self.ask, status: 0, body, retry_after_ms: None }
            }
            "identity" => Input::Identity { ask: 99, token: value(self.token("dal:kept")) },
            "customer-data" => Input::CustomerData { ask: 99, data: value(json!({ "name": "Ada" })) },
            "online" => Input::Online,
            "offline" => Input::Offline,
            "hidden" => Input::Hidden,
            "awake" => Input::Awake,
            "timeout" => {
                self.now = self.session.next_deadline().map_or(self.now, |at| at.0.max(self.now));
                Input::Timeout
            }
            "timeout:early" => Input::Timeout,
            other => panic!("there is no input {other}"),
        }
    }

    pub fn handle(&mut self, input: Input) {
        self.session.handle(input, Instant(self.now));
        while let Some(output) = self.session.poll() {
            self.note(output);
        }
    }

    fn call(&mut self, method: &str, args: Json) -> Input {
        self.calls += 1;
        let method = self.session.method(method).expect("the platform has the method");
        Input::Call { call: self.calls, method, args: Value::from_json(args) }
    }

    fn token(&self, secret: &str) -> Json {
        #[allow(clippy::cast_precision_loss)]
        let created = (EPOCH_MS + self.now) as f64;
        json!({ "accessToken": secret, "entityId": "me", "expiresIn": 28_800_000, "creationDate": created,
            "tokenType": "Bearer", "organizationId": "org" })
    }

    /// The good answer to the last request.
    fn reply(&self) -> Value {
        let (id, action) = &self.request;
        let last = &event_body(1);
        let thread = json!({ "id": "THREAD", "active": true, "created_at": "2026-03-01T10:00:00.000000Z",
            "user_ids": ["me"], "events": [last] });
        let payload = match action.as_str() {
            "login" => json!({ "customer_id": "me", "customer": { "id": "me", "type": "customer" } }),
            "list_chats" => json!({ "total_chats": 1, "chats_summary": [{
                "id": CHAT, "active": true, "users": [{ "id": "me", "type": "customer", "present": true }],
                "last_event_per_type": { "message": { "thread_id": "THREAD", "event": last,
                    "thread_created_at": "2026-03-01T10:00:00.000000Z" } },
                "last_thread_id": "THREAD", "last_thread_created_at": "2026-03-01T10:00:00.000000Z" }] }),
            "list_threads" => json!({ "found_threads": 1, "threads": [thread] }),
            _ => json!({}),
        };
        Value::from_json(json!({ "request_id": id, "action": action, "type": "response", "success": true,
            "payload": payload }))
    }

    fn refusal(&self, kind: &str) -> Value {
        let (id, action) = &self.request;
        Value::from_json(json!({ "request_id": id, "action": action, "type": "response", "success": false,
            "payload": { "error": { "type": kind, "message": "no" } } }))
    }

    fn note(&mut self, output: Output) {
        let kind = match output {
            Output::Open { socket, .. } => {
                assert!(self.socket.replace(socket).is_none(), "two sockets at once");
                "Open".to_owned()
            }
            Output::Close { socket } => {
                assert_eq!(self.socket.take(), Some(socket));
                "Close".to_owned()
            }
            Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                assert_eq!(self.socket, Some(socket));
                let frame = frame.to_json();
                let text = |name: &str| frame[name].as_str().unwrap().to_owned();
                self.request = (text("request_id"), text("action"));
                format!("Send:{}", self.request.1)
            }
            Output::Http { ask, .. } => {
                self.ask = ask;
                "Http".to_owned()
            }
            Output::AskToken { ask, .. } => {
                self.ask = ask;
                "AskToken".to_owned()
            }
            Output::AskIdentity { .. } => "AskIdentity".to_owned(),
            Output::AskCustomer { .. } => "AskCustomer".to_owned(),
            Output::Recall => "Recall".to_owned(),
            Output::StoreToken(_) => "StoreToken".to_owned(),
            Output::StoreSide(_) => "StoreSide".to_owned(),
            Output::Keep(_) => "Keep".to_owned(),
            Output::Drop(_) => "Drop".to_owned(),
            Output::Claim => "Claim".to_owned(),
            Output::Wipe => "Wipe".to_owned(),
            Output::Emit(notice) => {
                let mut first = None;
                notice.publish(&|name: Name| EVENTS.contains(&name), &mut |name, _| {
                    first.get_or_insert(name.as_str());
                });
                first.expect("whatever is told has a name").to_owned()
            }
            Output::Settle { result, .. } => {
                format!("Settle:{}", result.map_or_else(|error| error.code.clone(), |_| "ok".to_owned()))
            }
            Output::Finish => "Finish".to_owned(),
        };
        self.kinds.push(kind);
    }
}

fn event_body(number: u32) -> Json {
    json!({ "id": format!("THREAD_{number}"), "type": "message", "text": format!("text {number}"), "author_id": "agent",
        "created_at": format!("2026-03-01T10:00:00.{number:06}Z") })
}

/// A push of an event of the chat.
fn event(number: u32) -> Value {
    Value::from_json(json!({ "action": "incoming_event", "type": "push", "payload": {
        "chat_id": CHAT, "thread_id": "THREAD", "event": event_body(number) } }))
}

fn farewell(reason: &str) -> Value {
    Value::from_json(json!({ "action": "customer_disconnected", "type": "push", "payload": { "reason": reason } }))
}
