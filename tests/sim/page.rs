//! The page: what the browser does to it, and what the session has it do.

use std::collections::VecDeque;

use palaver::json::{Name, Value};
use palaver::model::Instant;
use palaver::model::notice::EVENTS;
use palaver::session::{Input, Output};
use serde_json::{Value as Json, json};
use standin::brain::HttpRequest;

use super::Sim;
use super::link::Delivery;

/// What the browser does to the page.
pub struct Page {
    /// Timers go off at multiples of this only.
    pub timer_grain_ms: u64,
    /// How far the wall's clock is off.
    pub wall_skew_ms: i64,
    /// For how long the monotonic clock has stood still.
    stood_ms: u64,
    frozen: Option<(u64, Freeze)>,
    /// What arrived while nothing ran.
    waiting: VecDeque<Delivery>,
}

/// Nothing runs for a while: no timer, no listener. Then everything comes at once.
#[derive(Clone, Copy, Debug)]
pub struct Freeze {
    pub millis: u64,
    /// Whether the monotonic clock stands still meanwhile, as in the sleep of some devices.
    pub clock_stops: bool,
    /// Whether timers go off before what has arrived is handed over.
    pub timers_first: bool,
    /// Whether the page is told that it woke.
    pub wakes: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self { timer_grain_ms: 1, wall_skew_ms: 0, stood_ms: 0, frozen: None, waiting: VecDeque::new() }
    }
}

impl Page {
    pub const fn is_frozen(&self, now: u64) -> bool {
        matches!(self.frozen, Some((until, _)) if now < until)
    }

    pub(super) fn thaws_at(&self) -> Option<u64> {
        self.frozen.map(|(until, _)| until)
    }

    pub(super) fn keep(&mut self, delivery: Delivery) {
        self.waiting.push_back(delivery);
    }

    /// When the alarm for a deadline goes off.
    pub(super) fn timer_at(&self, deadline: Option<Instant>) -> Option<u64> {
        Some((deadline?.0 + self.stood_ms).next_multiple_of(self.timer_grain_ms))
    }
}

impl Sim {
    /// The page's monotonic clock.
    pub(super) fn instant(&self) -> Instant {
        Instant(self.now - self.page.stood_ms)
    }

    pub fn freeze(&mut self, freeze: Freeze) {
        assert!(!self.page.is_frozen(self.now), "the page is frozen already");
        self.page.frozen = Some((self.now + freeze.millis, freeze));
    }

    pub(super) fn thaw(&mut self) {
        let Some((_, freeze)) = self.page.frozen.take() else { return };
        if freeze.clock_stops {
            self.page.stood_ms += freeze.millis;
        }
        if freeze.timers_first {
            self.ring();
        }
        if freeze.wakes {
            self.input(Input::Awake);
        }
        for delivery in std::mem::take(&mut self.page.waiting) {
            self.deliver(delivery);
        }
    }

    /// Does what the session wants done.
    pub(super) fn perform(&mut self) {
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
                    self.post_up(Delivery::Open(socket, url));
                }
                Output::Send { socket, frame } | Output::Login { socket, frame, .. } => {
                    assert_eq!(self.live, Some(socket), "a frame for a socket that was let go");
                    let text = frame.stringify();
                    self.sent.push(serde_json::from_str(&text).unwrap());
                    self.post_up(Delivery::ToServer(socket, text));
                }
                Output::Close { socket } => {
                    assert_eq!(self.live.take(), Some(socket));
                    self.post_up(Delivery::ClientCloses(socket));
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
