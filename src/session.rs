//! The session: everything that decides, and nothing that performs.
//!
//! Methods come in three kinds, told apart by their names. `handle` takes what happened and what is wanted, `poll`
//! and `next_deadline` say what the caller must do next, the rest are getters. One rule: after each `handle`, `poll`
//! until it is empty, then arrange for `Input::Timeout` at `next_deadline`. Time only comes in as an argument; a time
//! that runs backwards is taken for the last one, a jump forward is a normal input.
//!
//! ```text
//! idle ──connect──► connecting ──login, summary──► connected
//!                    ▲   │  ▲                          │
//!                    │   │  └──────── line lost ───────┤
//!                 connect└─ refused ─► closed ◄────────┘ disconnect, refused, destroy
//! ```

mod adapter;
mod alive;
mod backoff;
mod calls;
mod input;
mod kept;
mod line;
mod outbox;
mod output;
mod pushes;
mod reads;
mod sends;
mod sync;
mod timer;
mod token;
mod web;

use std::cell::Cell;

pub use adapter::{Adapter, Inbound, Method, Page, Prepared, Push, Sharing, Summary, Token, Verdict, Welcome};
pub use backoff::Random;
pub use input::{AskId, CallId, Input, SocketId};
pub use output::{HttpRequest, Output};

use crate::json::{Id, Key, Name, Value, names};
use crate::model::error::code;
use crate::model::{ChatError, Chats, Config, Instant, Notice, UnixMillis};
use alive::Stability;
use backoff::Backoff;
use calls::Request;
use kept::{Claim, UNAWARE_MS};
use line::Phase;
use outbox::{NEVER, Outbox};
use pushes::Typist;
use sends::SneakPeek;
use sync::{Suspicion, Sync};
use timer::Timers;
use token::Memory;
use web::Web;

/// One customer's connection and what flows over it.
#[derive(Debug)]
pub struct Session {
    config: Config,
    adapter: Box<dyn Adapter>,
    random: Random,
    now: Instant,
    /// The wall's clock at the origin of the monotonic one.
    unix_origin: UnixMillis,

    phase: Phase,
    timers: Timers,
    backoff: Backoff,
    /// When the moves of the shared line so far are paid for, each with `MOVE_MS`.
    moves_paid_at: Instant,
    last_socket: SocketId,
    last_ask: AskId,
    last_request: u32,

    token: Option<(Token, Instant)>,
    token_ask: Option<AskId>,
    /// The customer who logged out here: another tab may go on storing tokens of theirs.
    logged_out: String,
    /// The page's calls that want the token itself.
    token_calls: Vec<CallId>,
    /// Calls that must know what an earlier page kept.
    deferred: Vec<(CallId, Method, Value)>,
    web: Vec<Box<Web>>,
    /// Whether the platform was shown this token.
    is_token_used: bool,
    /// How often in a row none came, and until when none is asked for.
    token_failures: u32,
    token_gate: Instant,
    customer_ask: Option<AskId>,
    customer_data: Value,
    /// Where the customer is, and whether the platform knows.
    page: Value,
    is_page_told: bool,
    side_storage: Value,
    memory: Memory,
    /// How often in a row a token or a login was refused.
    refusals: u32,
    own_id: Option<Id>,
    was_connected: bool,
    /// Why there is no line: where it was looked for and what was met there. Nothing while there is one.
    trouble: Option<ChatError>,
    /// The chats that the customer had at the start are known.
    is_summed: bool,
    /// This core continues the work of one that broke.
    is_resumed: bool,
    stability: Stability,

    chats: Chats,
    syncs: Vec<Box<Sync>>,
    suspicion: Suspicion,
    /// Pushes that came before the summary.
    held: Vec<Box<Inbound>>,
    requests: Vec<Box<Request>>,
    queue: Vec<Box<Request>>,
    outbox: Outbox,
    /// Client ids this session has used, and the event that each became as soon as it is known: that is never news.
    own_ids: Vec<(Id, Option<Key>)>,
    /// And those whose sends other tabs have taken over: used as well, and news.
    lost_ids: Vec<Id>,
    claim: Claim,
    /// The page knows that storage refuses.
    is_unstored: bool,
    /// What earlier pages left, until the customer is known.
    claims: Vec<Value>,
    own_prefix: String,
    own_count: u32,
    typists: Vec<Box<Typist>>,
    sneak_peek: SneakPeek,

    /// What `next_deadline` said last.
    wake: Cell<Option<Instant>>,
    out: Vec<Output>,
    /// The oldest of them, last first: they are taken from its end.
    due: Vec<Output>,
}

impl core::fmt::Debug for dyn Adapter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Adapter")
    }
}

impl Session {
    /// A session at rest.
    pub fn new(config: Config, adapter: Box<dyn Adapter>, seed: u128, now: Instant, unix: UnixMillis) -> Self {
        let told = config.options.get(names::RESUME);
        let mut chats = Chats::default();
        for key in told.keys().items().filter_map(|key| key.as_text()) {
            if let (Some(chat), Some(event)) = (Id::of(&key), adapter.read_event(told.field(&key))) {
                chats.entry(chat).resume = Some(event);
            }
        }
        Self {
            was_connected: told.is_object(),
            is_summed: false,
            is_resumed: told.is_object(),
            page: config.options.get(names::PAGE),
            is_page_told: true,
            config,
            adapter,
            #[allow(clippy::cast_possible_truncation)]
            random: Random::new(seed as u64),
            now,
            unix_origin: UnixMillis(unix.0.saturating_sub(now.0)),
            phase: Phase::Idle,
            timers: Timers::default(),
            backoff: Backoff::default(),
            moves_paid_at: now,
            last_socket: 0,
            last_ask: 0,
            last_request: 0,
            token: None,
            token_ask: None,
            logged_out: String::new(),
            token_calls: Vec::new(),
            deferred: Vec::new(),
            web: Vec::new(),
            is_token_used: false,
            token_failures: 0,
            token_gate: now,
            customer_ask: None,
            customer_data: Value::missing(),
            side_storage: Value::missing(),
            memory: Memory::Unread,
            refusals: 0,
            own_id: None,
            trouble: None,
            stability: Stability::Stable,
            chats,
            syncs: Vec::new(),
            suspicion: Suspicion::default(),
            held: Vec::new(),
            requests: Vec::new(),
            queue: Vec::new(),
            outbox: Outbox::default(),
            own_ids: Vec::new(),
            lost_ids: Vec::new(),
            claim: Claim::Unasked,
            is_unstored: false,
            claims: Vec::new(),
            own_prefix: own_prefix(seed),
            own_count: 0,
            typists: Vec::new(),
            sneak_peek: SneakPeek::default(),
            out: Vec::new(),
            due: Vec::new(),
            wake: Cell::new(None),
        }
    }

    /// Takes in what happened or what is wanted.
    pub fn handle(&mut self, input: Input, now: Instant) {
        self.now = self.now.max(now);
        if matches!(self.phase, Phase::Destroyed) {
            if let Input::Call { call, .. } = input {
                self.settle(call, Err(destroyed()));
            }
            return;
        }
        if let Some(at) = self.wake.get() {
            let late = self.now.since(at);
            if late > UNAWARE_MS {
                self.claim_again();
            }
            if matches!(input, Input::Timeout) {
                self.overslept(late);
            }
        }
        // Deadlines are looked at when one may have passed, not for every frame.
        let is_due = matches!(input, Input::Timeout) || self.wake.get().is_none_or(|at| at <= self.now);
        match input {
            Input::Connect => self.connect(),
            Input::Disconnect => self.disconnect(),
            Input::Reconnect => self.reconnect("reconnect"),
            Input::Destroy => self.destroy(),
            Input::Call { call, method, args } => self.call(call, method, args),
            Input::Opened { socket } => self.opened(socket),
            Input::Frame { socket, frame } => self.frame(socket, &frame),
            Input::Closed { socket, code } => self.closed(socket, code),
            Input::Recalled { token, side_storage } => self.recalled(&token, side_storage),
            Input::Claimed { records } => self.claimed(&records),
            Input::TakenOver { custom_id } => self.taken_over(custom_id),
            Input::Unstored => self.unstored(),
            Input::Http { ask, status, body, retry_after_ms } => {
                self.http_answered(ask, status, body, retry_after_ms);
            }
            Input::Identity { ask, token } => self.identity_answered(ask, &token),
            Input::CustomerData { ask, data } => self.customer_answered(ask, data),
            Input::Online => self.online(),
            Input::Offline => self.offline(),
            Input::Hidden => self.hidden(),
            Input::Awake => self.awake(),
            Input::Timeout => {}
        }
        if is_due {
            self.run_timers();
        }
        self.tell_statuses();
    }

    /// The next thing to do, until there is none.
    pub fn poll(&mut self) -> Option<Output> {
        if self.due.is_empty() {
            core::mem::swap(&mut self.due, &mut self.out);
            self.due.reverse();
        }
        self.due.pop()
    }

    /// When `Input::Timeout` is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        let mut next = self.outbox.next(self.now, self.is_live());
        for requests in &[&self.requests, &self.queue] {
            for request in *requests {
                next = next.min(request.deadline);
            }
        }
        for sync in &self.syncs {
            next = next.min(sync.retry);
        }
        for typist in &self.typists {
            next = next.min(typist.until);
        }
        for web in &self.web {
            next = next.min(web.deadline);
        }
        next = self.timers.next().map_or(next, |at| at.min(next));
        let next = (next != NEVER).then_some(next);
        self.wake.set(next);
        next
    }

    /// The public state.
    pub const fn state(&self) -> Name {
        self.phase.state()
    }

    /// The method of this name, if the platform has it.
    pub fn method(&self, name: &str) -> Option<Method> {
        self.adapter.method(name)
    }

    /// How the platform is asked for a token.
    pub fn token_request(&self) -> HttpRequest {
        self.adapter.token_request()
    }

    /// The rows of `chats()`.
    pub fn chats(&self) -> Value {
        self.chats.snapshot()
    }

    /// What the wall's clock says, as far as the monotonic one knows: a clock that is set changes nothing here.
    const fn unix(&self) -> UnixMillis {
        UnixMillis(self.unix_origin.0.saturating_add(self.now.0))
    }

    fn emit(&mut self, notice: Notice) {
        self.out.push(Output::Emit(Box::new(notice)));
    }

    fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.emit(Notice::Warning { code, message: message.into() });
    }

    fn settle(&mut self, call: CallId, result: Result<Value, ChatError>) {
        self.out.push(Output::Settle { call, result });
    }

    const fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    fn run_timers(&mut self) {
        self.run_line_timers();
        self.run_call_timers();
        self.run_sync_timers();
        self.run_typing_timers();
        self.run_web_timers();
        self.run_send_timers();
    }
}

fn destroyed() -> ChatError {
    ChatError::new(code::SDK_DESTROYED, "the api was destroyed; make a new one with init()")
}

/// 128 random bits in base 32, so that no two sessions ever use the same client id.
fn own_prefix(mut seed: u128) -> String {
    let mut prefix = String::from("pv-");
    for _ in 0..26 {
        #[allow(clippy::cast_possible_truncation)]
        prefix.push(char::from(b"0123456789abcdefghijklmnopqrstuv"[(seed & 31) as usize]));
        seed >>= 5;
    }
    prefix.push('-');
    prefix
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn client_ids_differ_between_sessions() {
        let of_one_bit: BTreeSet<String> = (0..128).map(|bit| own_prefix(1 << bit)).collect();
        assert_eq!(of_one_bit.len(), 128, "every bit counts");
        assert_eq!(own_prefix(u128::MAX).len(), 30);
    }
}
