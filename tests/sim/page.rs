//! The page: what the browser does to it, and what the session has it do.

use std::collections::VecDeque;

use palaver::json::{Name, Value};
use palaver::model::Instant;
use palaver::model::notice::EVENTS;
use palaver::session::{AskId, HttpRequest as Request, Input, Output};
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
    /// How many inputs and outputs the page lives on; `None` if it goes on living.
    pub steps_left: Option<u32>,
    pub lives: u32,
    /// What the application's identity provider does.
    pub provider: Provider,
    /// When a token was asked for, of the service or of the provider.
    pub token_asks: Vec<u64>,
    /// The most of them that waited for an answer at once. One that is not answered within ten seconds is given up.
    pub most_asks: usize,
    open_asks: Vec<(AskId, u64)>,
}

/// What an application's identity provider does when it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provider {
    /// Gives `Sim::identity`, or fails without one.
    #[default]
    Answers,
    /// Never answers.
    Hangs,
}

const GIVEN_UP_MS: u64 = 10_000;

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
        Self {
            timer_grain_ms: 1,
            wall_skew_ms: 0,
            stood_ms: 0,
            frozen: None,
            waiting: VecDeque::new(),
            steps_left: None,
            lives: 0,
            provider: Provider::Answers,
            token_asks: Vec::new(),
            most_asks: 0,
            open_asks: Vec::new(),
        }
    }
}

impl Page {
    pub const fn is_frozen(&self, now: u64) -> bool {
        matches!(self.frozen, Some((until, _)) if now < until)
    }

    /// Whether this was the page's last moment, or one after it.
    pub(super) fn dies(&mut self) -> bool {
        match &mut self.steps_left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }

    pub fn is_dead(&self) -> bool {
        self.steps_left == Some(0)
    }

    /// A token is asked for.
    fn asks(&mut self, ask: AskId, now: u64) {
        self.token_asks.push(now);
        self.open_asks.retain(|(_, at)| now < at + GIVEN_UP_MS);
        self.open_asks.push((ask, now));
        self.most_asks = self.most_asks.max(self.open_asks.len());
    }

    /// A question was answered.
    pub(super) fn answered(&mut self, ask: AskId) {
        self.open_asks.retain(|(open, _)| *open != ask);
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

    fn ask_web(&mut self, ask: AskId, request: Request, token: Option<String>) {
        let path = request.url.split_once("://").unwrap().1.split_once('/').unwrap().1;
        let body = request.body.map_or(Json::Null, |body| body.to_json());
        let mut asked = HttpRequest::post(&format!("/{path}"), &body).header("origin", "https://shop.example");
        asked.method = request.verb.to_owned();
        if request.with_credentials {
            asked = asked.header("cookie", &self.cookies.join("; "));
        }
        if let Some(token) = token {
            asked = asked.header("authorization", &format!("Bearer {token}"));
        }
        self.post(Delivery::Ask(ask, asked));
    }

    /// Does what the session wants done.
    pub(super) fn perform(&mut self) {
        let mut due: VecDeque<Output> = VecDeque::new();
        while let Some(output) = self.session.poll() {
            due.push_back(output);
        }
        for output in due {
            if self.page.dies() {
                return;
            }
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
                // What another tab stored comes first.
                Output::AskToken { ask, fresh: false, .. } if self.stored_token.is_some() => {
                    let body = self.stored_token.clone().map_or(Value::missing(), Value::from_json);
                    self.input(Input::Http { ask, status: 0, body, retry_after_ms: None });
                }
                Output::AskToken { ask, .. } => {
                    let request = self.session.token_request();
                    self.page.asks(ask, self.now);
                    self.ask_web(ask, request, None);
                }
                Output::Http { ask, request, token, .. } => self.ask_web(ask, request, token),
                Output::AskIdentity { ask, .. } if self.page.provider == Provider::Hangs => {
                    self.page.asks(ask, self.now);
                }
                Output::AskIdentity { ask, .. } => {
                    self.page.asks(ask, self.now);
                    self.page.answered(ask);
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
                Output::Keep(record) => self.keep(&record.to_json()),
                Output::Drop(id) => self.drop_kept(&id.text()),
                Output::Claim => self.claim_kept(),
                Output::Wipe => self.wipe_kept(),
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
