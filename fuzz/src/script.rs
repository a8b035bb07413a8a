//! Whatever happens, in whatever order.

use std::sync::OnceLock;

use palaver::json::Value;
use palaver::model::Instant;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use super::bytes::Bytes;
use super::methods::methods;
use super::platform::{fixtures, good_token};
use super::samples::{Way, more, ways};
use super::world::{Question, World, page_token, push, reply, value};

/// A script is no longer than this: what goes on for ever shows itself sooner.
const MOST_STEPS: usize = 300;
const CHATS: [&str; 3] = ["CHAT", "OTHER", "THIRD"];
const CODES: [u16; 12] = [0, 1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 4401, 4429, 4500];
const STATUSES: [u16; 10] = [200, 0, 302, 400, 401, 403, 404, 429, 500, 503];
const RETRY_AFTER: [Option<u64>; 5] = [None, Some(0), Some(5_000), Some(86_400_000), Some(u64::MAX)];
const REASONS: [&str; 12] = [
    "access_token_expired",
    "connection_timeout",
    "customer_banned",
    "customer_temporarily_blocked",
    "inactivity_timeout",
    "internal_error",
    "license_expired",
    "logged_out_remotely",
    "misdirected_connection",
    "service_temporarily_unavailable",
    "too_many_connections",
    "unsupported_version",
];
const ERRORS: [&str; 12] = [
    "authentication",
    "authorization",
    "chat_inactive",
    "customer_banned",
    "group_offline",
    "internal",
    "license_expired",
    "misdirected_request",
    "pending_requests_limit_reached",
    "request_timeout",
    "too_many_requests",
    "validation",
];

/// Read once: a fuzzer runs thousands of scripts a second.
static SAMPLES: OnceLock<Vec<Json>> = OnceLock::new();

/// A byte for the options, then steps.
pub fn script(input: &[u8]) {
    let mut bytes = Bytes(input);
    let options = [
        json!({}),
        json!({ "identityProvider": true }),
        json!({ "customerDataProvider": true, "page": { "url": "https://x" } }),
        json!({ "strict": false, "apiVersion": "3.5", "storage": "memory" }),
        json!({ "groupId": 7, "uniqueGroups": true, "region": "fra", "sendTimeoutMs": 60_000 }),
    ];
    let mut actor = Actor {
        world: World::new(bytes.pick(&options)).expect("good options"),
        samples: SAMPLES.get_or_init(pushes),
        last: json!({}),
        count: 0,
    };
    for _ in 0..MOST_STEPS {
        if bytes.is_empty() {
            break;
        }
        actor.step(&mut bytes);
        let _ = actor.world.session.next_deadline();
        assert!(actor.world.session.chats().to_json().is_array());
    }
    if !actor.is_destroyed() {
        actor.world.goes_on();
    }
    actor.world.end();
}

struct Actor {
    world: World,
    samples: &'static [Json],
    /// The last frame, to be said again.
    last: Json,
    count: u32,
}

/// A frame of each push that there is a sample of.
fn pushes() -> Vec<Json> {
    let known = fixtures().into_iter().flat_map(|(name, sample)| {
        let ways = ways(&name, &sample);
        ways.into_iter().map(move |way| (sample.clone(), way))
    });
    let others = more().into_iter().map(|case| (case.sample, case.way));
    known
        .chain(others)
        .filter_map(|(sample, way)| match way {
            Way::Push(action, payload) => Some(push(&action, &payload(sample))),
            Way::Frame => Some(sample),
            Way::Reply(..) | Way::ReplyFrame(..) | Way::Sync(_) | Way::Login(_) | Way::Web(..) | Way::Token => None,
        })
        .collect()
}

impl Actor {
    fn is_destroyed(&self) -> bool {
        self.world.is_finished()
    }

    fn receive(&mut self, frame: Json) {
        let socket = self.world.last_socket;
        self.world.receive(socket, &frame);
        self.last = frame;
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        let world = &mut self.world;
        match bytes.byte() % 32 {
            0 => world.serve(),
            1 => world.input(Input::Connect),
            2 => world.input(Input::Disconnect),
            3 => world.input(Input::Reconnect),
            4 => world.input(Input::Online),
            5 => world.input(Input::Offline),
            6 => world.input(Input::Awake),
            // Once in a while only: nothing comes after it.
            7 if bytes.byte() == b'!' => world.input(Input::Destroy),
            7 => world.input(Input::Timeout),
            8 | 9 => world.step(),
            10 => {
                world.now += bytes.millis();
                world.input(Input::Timeout);
            }
            11 => {
                // A clock that runs backwards.
                let before = Instant(world.now.saturating_sub(bytes.millis()));
                world.session.handle(Input::Timeout, before);
                world.input(Input::Timeout);
            }
            12 if !world.questions.is_empty() => world.answer(bytes.below(world.questions.len())),
            13 | 14 if !world.questions.is_empty() => self.answer_oddly(bytes),
            12..=14 => {}
            15 => {
                let socket = world.last_socket;
                world.questions.retain(|question| !matches!(question, Question::Open(_) | Question::Frame(..)));
                world.input(Input::Closed { socket, code: *bytes.pick(&CODES) });
            }
            16 => self.call(bytes),
            17 | 18 => {
                self.count += 1;
                let chat = *bytes.pick(&CHATS);
                let text = format!("own {}", self.count);
                let method = if bytes.byte() < 64 { "sendEvent" } else { "sendMessage" };
                let event = json!({ "type": "message", "text": text });
                world.call(method, json!({ "chatId": chat, "text": text, "event": event }));
            }
            19 => {
                self.count += 1;
                let payload = self.event(bytes);
                self.receive(push("incoming_event", &payload));
            }
            20 => {
                let sample = bytes.pick(self.samples).clone();
                self.receive(bytes.mutate(sample));
            }
            21 => {
                let reason = *bytes.pick(&REASONS);
                let data = bytes.mutate(json!({ "timeout": 1, "region": "fra" }));
                self.receive(push("customer_disconnected", &json!({ "reason": reason, "data": data })));
            }
            22 => self.receive(self.last.clone()),
            23 => world.input(Input::Hidden),
            24 if bytes.byte() < 8 => world.input(Input::Unstored),
            24 | 25 => self.call_kept(bytes),
            26 => world.reload(),
            27..=29 => self.happen(bytes),
            _ => self.be_late(bytes),
        }
    }

    /// Something of a chat: news, the session's own, or what it knows.
    fn event(&mut self, bytes: &mut Bytes<'_>) -> Json {
        let number = bytes.below(40);
        let author = bytes.pick(&["a", "me"]);
        let event = json!({
            "id": format!("E_{number}"), "type": "message", "author_id": author, "text": "hi",
            "custom_id": format!("own-{number}"), "created_at": format!("2026-03-01T10:00:{number:02}.000000Z"),
        });
        let chat = *bytes.pick(&CHATS);
        bytes.mutate(json!({ "chat_id": chat, "thread_id": "THREAD", "event": event }))
    }

    fn call(&mut self, bytes: &mut Bytes<'_>) {
        let (name, args, _) = bytes.pick(&methods()).clone();
        let args = bytes.mutate(args);
        self.world.call(name, args);
    }

    /// Something happens on the platform; the session is told of it, or will have to find out.
    fn happen(&mut self, bytes: &mut Bytes<'_>) {
        let chat = *bytes.pick(&CHATS);
        let truth = &mut self.world.truth;
        let told = match bytes.byte() % 6 {
            0 => truth.close(chat),
            1 => truth.rewrite(chat, bytes.byte().into(), false),
            2 => truth.rewrite(chat, bytes.byte().into(), true),
            _ => Some(("incoming_event", truth.say(chat, "a", json!({ "type": "message", "text": "said" })))),
        };
        if let Some((action, payload)) = told.filter(|_| bytes.byte() < 128) {
            self.receive(push(action, &payload));
        }
    }

    /// The page tries a message of its outbox again, or takes it back.
    fn call_kept(&mut self, bytes: &mut Bytes<'_>) {
        let rows: Vec<Value> = self.world.session.outbox().items().collect();
        let method = if bytes.byte() < 128 { "retry" } else { "discard" };
        if !rows.is_empty() {
            let row = bytes.pick(&rows).to_json();
            self.world.call(method, json!({ "customId": row["customId"] }));
        }
    }

    /// Answers a question with an error, or with something that is almost right.
    fn answer_oddly(&mut self, bytes: &mut Bytes<'_>) {
        let index = bytes.below(self.world.questions.len());
        let input = match self.world.questions.remove(index) {
            Question::Open(socket) => Input::Closed { socket, code: *bytes.pick(&CODES) },
            Question::Frame(socket, frame) => {
                let answer = if bytes.byte() < 128 {
                    let error = json!({ "type": bytes.pick(&ERRORS), "message": "no", "data": { "region": "fra" } });
                    reply(&frame, false, json!({ "error": error }))
                } else {
                    let action = frame["action"].as_str().unwrap_or_default();
                    let answer = self.world.truth.answer(action, &frame["payload"]);
                    bytes.mutate(reply(&frame, true, answer))
                };
                self.world.receive(socket, &answer);
                self.last = answer;
                return;
            }
            // What another tab stored.
            Question::Http { ask, is_token: true } if bytes.byte() < 64 => {
                let body = self.world.say(&bytes.mutate(page_token()));
                Input::Http { ask, status: 0, body, retry_after_ms: None }
            }
            Question::Http { ask, .. } => {
                let status = *bytes.pick(&STATUSES);
                let body = bytes.mutate(good_token("other"));
                Input::Http { ask, status, body: self.world.say(&body), retry_after_ms: *bytes.pick(&RETRY_AFTER) }
            }
            Question::Identity(ask) => Input::Identity { ask, token: self.world.say(&bytes.mutate(page_token())) },
            Question::Customer(ask) => {
                let data = bytes.mutate(json!({ "name": "A", "sessionFields": { "a": "1" } }));
                Input::CustomerData { ask, data: self.world.say(&data) }
            }
            Question::Claim => {
                let kept = bytes.mutate(self.world.kept.values().cloned().collect());
                self.world.tamper(&kept)
            }
            Question::Recall => {
                let kept = bytes.mutate(json!({ "token": page_token(), "side": { "a": "1" } }));
                let token = self.world.say(&kept["token"]);
                Input::Recalled { token, side_storage: self.world.say(&kept["side"]) }
            }
        };
        self.world.input(input);
    }

    /// What belongs to a socket or a question of long ago.
    fn be_late(&mut self, bytes: &mut Bytes<'_>) {
        let socket = self.world.last_socket.wrapping_sub(u32::from(bytes.byte() % 3) + 1);
        let input = match bytes.byte() % 6 {
            0 => Input::Opened { socket },
            1 => Input::Closed { socket, code: 1006 },
            2 => Input::Frame { socket, frame: value(&self.last) },
            3 => {
                let (ask, body) = (u32::from(bytes.byte()), self.world.say(&good_token("late")));
                Input::Http { ask, status: 200, body, retry_after_ms: None }
            }
            4 => Input::Identity { ask: u32::from(bytes.byte()), token: self.world.say(&page_token()) },
            _ => Input::Recalled { token: self.world.say(&page_token()), side_storage: Value::missing() },
        };
        self.world.input(input);
    }
}
