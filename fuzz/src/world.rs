//! A session and a world that does what the bytes say. Every input is followed by the questions that no input may get
//! wrong.

use std::collections::{BTreeMap, BTreeSet};

use palaver::json::{Name, Value};
use palaver::model::notice::EVENTS;
use palaver::model::{Config, Instant, UnixMillis};
use palaver::protocol;
use palaver::session::{CallId, Input, Output, Session, SocketId};
use serde_json::{Value as Json, json};

use super::platform::good_token;
use super::truth::Truth;

/// 2026-03-01.
const EPOCH_MS: u64 = 1_772_323_200_000;
/// More outputs than this follow no input, however large; what an input says itself may be handed on on top.
const MOST_OUTPUTS: usize = 2_000;
/// So many deadlines in a row at one moment are a loop.
const MOST_DEADLINES: usize = 200;

/// What the session has asked and nobody has answered yet.
#[derive(Clone, Debug)]
pub enum Question {
    Open(SocketId),
    Frame(SocketId, Json),
    Http { ask: u32, is_token: bool },
    Identity(u32),
    Customer(u32),
    Recall,
    Claim,
}

pub struct World {
    pub session: Session,
    pub now: u64,
    pub questions: Vec<Question>,
    /// The socket that is wanted.
    pub socket: Option<SocketId>,
    pub last_socket: SocketId,
    /// The calls, and whether each has settled.
    calls: BTreeMap<CallId, bool>,
    pub told: Vec<(&'static str, Json)>,
    state: String,
    is_finished: bool,
    /// How much the world has said so far.
    said: usize,
    outputs: usize,
    pub truth: Truth,
    /// The events that the page was told of.
    heard: BTreeSet<String>,
    /// What outlives the page, by client id.
    pub kept: BTreeMap<String, Json>,
    /// Client ids of sends that the page was told have succeeded.
    sent: BTreeSet<String>,
    options: Json,
    /// How often it was loaded.
    page: u8,
}

impl World {
    /// A session that has not connected yet; none if the options are refused.
    pub fn new(options: &Json) -> Option<Self> {
        Self::page(options, 1, 0)
    }

    /// No two pages use the same client ids.
    fn page(options: &Json, page: u8, now: u64) -> Option<Self> {
        let mut all = json!({ "organizationId": "org", "clientId": "client", "autoConnect": false });
        all.as_object_mut()?.extend(options.as_object()?.clone());
        let config = Config::read(&Value::from_json(all)).ok()?;
        let adapter = protocol::adapter(&config);
        Some(Self {
            session: Session::new(config, adapter, page.into(), Instant(now), UnixMillis(EPOCH_MS + now)),
            page,
            now,
            questions: Vec::new(),
            socket: None,
            last_socket: 0,
            calls: BTreeMap::new(),
            told: Vec::new(),
            state: "idle".to_owned(),
            is_finished: false,
            said: 0,
            outputs: 0,
            truth: Truth::default(),
            heard: BTreeSet::new(),
            kept: BTreeMap::new(),
            sent: BTreeSet::new(),
            options: options.clone(),
        })
    }

    /// A session that a good platform has connected.
    pub fn live(options: &Json) -> Self {
        let mut world = Self::new(options).expect("good options");
        world.connect();
        world
    }

    pub fn is_live(&self) -> bool {
        self.session.state().as_str() == "connected"
    }

    /// Whatever was before: a good platform connects it.
    pub fn connect(&mut self) {
        self.input(Input::Connect);
        for _ in 0..100 {
            self.serve();
            if self.is_live() {
                return;
            }
            self.step();
        }
        panic!("no connection; told {:?}", self.told.iter().rev().take(8).collect::<Vec<_>>());
    }

    /// Calls a method; returns the call if there is such a method.
    pub fn call(&mut self, method: &str, args: Json) -> Option<CallId> {
        let method = self.session.method(method)?;
        let call = u32::try_from(self.calls.len()).ok()? + 1;
        self.calls.insert(call, false);
        self.said += weight(&args);
        self.input(Input::Call { call, method, args: value(&args) });
        Some(call)
    }

    pub fn is_settled(&self, call: CallId) -> bool {
        self.calls[&call]
    }

    /// The platform says something.
    pub fn receive(&mut self, socket: SocketId, frame: &Json) {
        self.said += weight(frame);
        self.input(Input::Frame { socket, frame: value(frame) });
    }

    /// Something else that the world says.
    pub fn say(&mut self, body: &Json) -> Value {
        self.said += weight(body);
        value(body)
    }

    /// Answers the question at `index` well.
    pub fn answer(&mut self, index: usize) {
        let input = match self.questions.remove(index) {
            Question::Open(socket) => Input::Opened { socket },
            Question::Frame(socket, frame) => {
                let payload = self.truth.answer(frame["action"].as_str().unwrap_or_default(), &frame["payload"]);
                self.receive(socket, &reply(&frame, true, payload));
                return self.show(socket, &frame);
            }
            Question::Http { ask, is_token } => {
                let body = if is_token { good_token("secret") } else { json!({ "url": "https://x" }) };
                Input::Http { ask, status: 200, body: self.say(&body), retry_after_ms: None }
            }
            Question::Identity(ask) => Input::Identity { ask, token: self.say(&page_token()) },
            Question::Customer(ask) => Input::CustomerData { ask, data: Value::missing() },
            Question::Recall => Input::Recalled { token: Value::missing(), side_storage: Value::missing() },
            Question::Claim => self.claimed(),
        };
        self.input(input);
    }

    /// Somebody has tampered with what is kept. There is one record for each client id; returns what will be claimed.
    pub fn tamper(&mut self, records: &Json) -> Input {
        let mut claimed = Vec::new();
        for record in records.as_array().into_iter().flatten() {
            match record["customId"].as_str() {
                Some(id) => drop(self.kept.insert(id.to_owned(), record.clone())),
                None => claimed.push(record.clone()),
            }
        }
        claimed.extend(self.kept.values().cloned());
        Input::Claimed { records: self.say(&json!(claimed)) }
    }

    /// What earlier pages kept.
    pub fn claimed(&mut self) -> Input {
        Input::Claimed { records: self.say(&self.kept.values().cloned().collect()) }
    }

    /// The page ends here, and another one begins over what it kept.
    pub fn reload(&mut self) {
        if let Some(mut next) = Self::page(&self.options, self.page.wrapping_add(1), self.now) {
            next.kept = core::mem::take(&mut self.kept);
            next.truth = core::mem::take(&mut self.truth);
            next.said = next.kept.values().map(weight).sum();
            *self = next;
        }
    }

    /// The platform shows everybody what was sent.
    fn show(&mut self, socket: SocketId, frame: &Json) {
        let payload = &frame["payload"];
        if frame["action"] == "send_event" {
            let payload =
                self.truth.say(payload["chat_id"].as_str().unwrap_or_default(), "me", payload["event"].clone());
            self.receive(socket, &push("incoming_event", &payload));
        }
    }

    /// Answers everything well.
    pub fn serve(&mut self) {
        for _ in 0..10_000 {
            if self.questions.is_empty() {
                return;
            }
            self.answer(0);
        }
        panic!("the questions never end: {:?}", self.questions.last());
    }

    /// Goes to the next deadline, if there is one.
    pub fn step(&mut self) {
        for _ in 0..MOST_DEADLINES {
            let Some(due) = self.session.next_deadline() else { return };
            if due.0 > self.now {
                self.now = due.0;
                return self.input(Input::Timeout);
            }
            self.input(Input::Timeout);
        }
        panic!("deadlines do not move on from {} ms", self.now);
    }

    /// Lets time pass and answers well, for as many deadlines as it takes to be over it.
    pub fn settle(&mut self) {
        for _ in 0..8 {
            self.serve();
            self.step();
        }
    }

    /// What was said did no harm that lasts: a good event is told, a good call settles.
    pub fn goes_on(&mut self) {
        self.settle();
        self.connect();
        self.settle();
        if !self.is_live() {
            self.connect();
        }
        self.told.clear();
        let event = json!({ "id": "GOOD_7", "type": "message", "author_id": "a", "text": "all is well",
            "created_at": "2026-03-01T11:00:00.000000Z" });
        let payload = json!({ "chat_id": "GOOD", "thread_id": "GOOD_THREAD", "event": event });
        let socket = self.last_socket;
        self.receive(socket, &push("incoming_event", &payload));
        self.settle();
        let news = self.told.iter().filter(|(name, event)| *name == "new_event" && event["text"] == "all is well");
        assert_eq!(news.count(), 1, "a good event is told once; told {:?}", self.told);
        let call = self.call("getCustomer", json!({})).expect("a method");
        self.settle();
        assert!(self.is_settled(call), "a good call never settles");
    }

    pub const fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// The end: every call has settled, nothing is left to wait for.
    pub fn end(mut self) {
        self.input(Input::Destroy);
        assert!(self.is_finished, "destroyed, and the listeners are still there");
        assert_eq!(self.socket, None, "destroyed, and a socket is still open");
        assert_eq!(self.session.next_deadline(), None, "destroyed, and still waiting");
        let open: Vec<_> = self.calls.iter().filter(|(_, is_settled)| !**is_settled).collect();
        assert!(open.is_empty(), "calls that never settle: {open:?}");
    }

    pub fn input(&mut self, input: Input) {
        self.session.handle(input, Instant(self.now));
        while let Some(output) = self.session.poll() {
            self.outputs += 1;
            self.perform(output);
        }
        for row in self.session.outbox().items() {
            let id = row.to_json()["customId"].as_str().expect("a client id").to_owned();
            assert!(self.kept.contains_key(&id), "in the outbox and not kept: {id}");
        }
        let most = MOST_OUTPUTS * (self.calls.len() + 1) + 20 * self.said;
        assert!(self.outputs <= most, "{} outputs after {} values", self.outputs, self.said);
    }

    fn perform(&mut self, output: Output) {
        assert!(!self.is_finished || matches!(output, Output::Settle { .. }), "after the end: {output:?}");
        match output {
            Output::Open { socket, url } => {
                assert!(self.socket.replace(socket).is_none(), "two sockets at once");
                assert!(socket > self.last_socket, "a socket's number is used twice");
                assert!(url.starts_with("wss://") || url.starts_with("ws://"), "{url}");
                self.last_socket = socket;
                self.questions.push(Question::Open(socket));
            }
            Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                assert_eq!(self.socket, Some(socket), "a frame for a socket that was let go");
                let frame = frame.to_json();
                assert!(frame["action"].is_string() && !frame["request_id"].is_null(), "no request: {frame}");
                self.questions.push(Question::Frame(socket, frame));
            }
            Output::Close { socket } => {
                assert_eq!(self.socket.take(), Some(socket), "a socket is closed that is not open");
                let is_of = |question: &Question| match question {
                    Question::Open(of) | Question::Frame(of, _) => *of == socket,
                    Question::Http { .. }
                    | Question::Identity(_)
                    | Question::Customer(_)
                    | Question::Recall
                    | Question::Claim => false,
                };
                self.questions.retain(|question| !is_of(question));
            }
            Output::Http { ask, .. } => self.questions.push(Question::Http { ask, is_token: false }),
            Output::AskToken { ask, .. } => self.questions.push(Question::Http { ask, is_token: true }),
            Output::AskIdentity { ask, .. } => self.questions.push(Question::Identity(ask)),
            Output::AskCustomer { ask } => self.questions.push(Question::Customer(ask)),
            Output::Recall => self.questions.push(Question::Recall),
            Output::Claim => self.questions.push(Question::Claim),
            Output::Keep(record) => {
                let record = record.to_json();
                let id = record["customId"].as_str().expect("a record has a client id").to_owned();
                self.kept.insert(id, record);
            }
            Output::Drop(id) => drop(self.kept.remove(&id.text())),
            Output::Wipe => self.kept.clear(),
            Output::StoreToken(token) => drop(token.map(|token| token.stringify())),
            Output::StoreSide(side) => drop(side.stringify()),
            Output::Finish => self.is_finished = true,
            Output::Emit(notice) => {
                let from = self.told.len();
                notice.publish(&|name: Name| EVENTS.contains(&name), &mut |name, payload| {
                    self.told.push((name.as_str(), payload.to_json()));
                });
                for place in from..self.told.len() {
                    self.check_told(place);
                }
            }
            Output::Settle { call, result } => {
                let is_settled = self.calls.get_mut(&call).expect("only calls settle");
                assert!(!core::mem::replace(is_settled, true), "call {call} settles twice");
                match result {
                    Ok(value) => drop(value.to_json()),
                    Err(error) => assert!(!error.code.is_empty(), "an error without a code"),
                }
            }
        }
    }

    /// The states that are told are a chain, nothing is told twice, and nothing more of a message that was sent.
    fn check_told(&mut self, place: usize) {
        match self.told.get(place) {
            Some(("state", payload)) => {
                assert_eq!(payload["previous"], *self.state, "a state was skipped");
                self.state = payload["state"].as_str().expect("a state has a name").to_owned();
            }
            Some(("message_status", payload)) => {
                let id = payload["customId"].as_str().expect("a client id");
                assert!(!self.sent.contains(id), "told after it was sent: {payload}");
                if payload["status"] == "sent" {
                    self.sent.insert(id.to_owned());
                }
            }
            Some(("incoming_event", payload)) => {
                let id = payload["event"]["id"].as_str().filter(|id| !id.is_empty());
                // Events are known by chat.
                let is_news = id.is_none_or(|id| self.heard.insert(format!("{} {id}", payload["chatId"])));
                assert!(is_news, "told twice: {payload}");
            }
            // Another customer's conversation is another one.
            Some(("identity_changed", _)) => self.heard.clear(),
            Some(_) | None => {}
        }
    }
}

/// A push.
pub fn push(action: &str, payload: &Json) -> Json {
    json!({ "type": "push", "action": action, "payload": payload })
}

/// A reply to a frame.
pub fn reply(frame: &Json, is_success: bool, payload: Json) -> Json {
    json!({
        "request_id": frame["request_id"], "action": frame["action"], "type": "response", "success": is_success,
        "payload": payload,
    })
}

/// A token as pages know it.
pub fn page_token() -> Json {
    json!({
        "accessToken": "secret", "entityId": "me", "expiresIn": 28_800_000, "tokenType": "Bearer",
        "creationDate": EPOCH_MS, "organizationId": "org",
    })
}

/// By its text, as everything reaches a page: what nests too deep is refused on the way.
pub fn value(json: &Json) -> Value {
    Value::parse(&json.to_string())
}

/// How many values there are in a value.
fn weight(value: &Json) -> usize {
    match value {
        Json::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Json::Object(fields) => fields.values().map(weight).sum::<usize>() + 1,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 1,
    }
}
