//! The line's life: token, socket, login, summary, loss, return.

use super::adapter::{Inbound, Verdict};
use super::alive::{ASLEEP_MS, HEARTBEAT_MS, Stability};
use super::calls::{Origin, Request};
use super::input::{AskId, SocketId};
use super::outbox::{DOUBT_MS, NEVER};
use super::output::Output;
use super::sync::MAX_HELD;
use super::timer::{Timer, Timers};
use super::token::Memory;
use super::{Method, Session, Summary, destroyed};
use crate::json::{Id, Name, Value, join, names};
use crate::model::check::take;
use crate::model::error::code;
use crate::model::{ChatError, Instant, Notice};

const CONNECT_MS: u64 = 10_000;
pub(super) const TOKEN_MS: u64 = 10_000;
const LOGIN_MS: u64 = 15_000;
/// A page that was left comes back by a sign of life, not by waiting.
const HIDDEN_MS: u64 = 60_000;
/// How long a connection must last to count as useful.
const USEFUL_MS: u64 = 5_000;
/// A shared line may move to another tab once in so many milliseconds on average,
const MOVE_MS: u64 = 3_000;
/// and 20 times in a burst: tabs are closed one after the other.
const MOVE_BURST_MS: u64 = 20 * MOVE_MS;
/// Platforms grant the customer's chats in pages of at most 25.
const SUMMARY_LIMIT: f64 = 25.0;
/// Without a summary after so many tries the line is up all the same.
pub(super) const MAX_TRIES: u8 = 3;

/// What takes the place of a close code where no socket could be made: there is nothing to make it with, or the page is
/// not allowed to.
const NO_WEBSOCKET: u16 = 1;
const BLOCKED: u16 = 2;

/// Where the line stands. What belongs to a state exists only in its variant.
#[derive(Debug)]
pub(super) enum Phase {
    Idle,
    /// Waiting for `Timer::Reconnect`.
    Waiting,
    /// Socket, token and customer data are fetched side by side.
    Opening {
        socket: SocketId,
        is_open: bool,
    },
    LoggingIn {
        socket: SocketId,
        request: u32,
    },
    /// Logged in; the summary is on its way.
    Summing {
        socket: SocketId,
        welcome: Box<super::Welcome>,
    },
    Live {
        socket: SocketId,
        /// The ping that waits for its answer.
        ping: Option<u32>,
        /// When the last frame arrived.
        heard: Instant,
        /// How often in a row an answer's deadline was noticed too late to mean anything.
        late: u8,
    },
    Closed,
    Destroyed,
}

impl Phase {
    pub(super) const fn state(&self) -> Name {
        match self {
            Self::Idle => names::IDLE,
            Self::Waiting | Self::Opening { .. } | Self::LoggingIn { .. } | Self::Summing { .. } => names::CONNECTING,
            Self::Live { .. } => names::CONNECTED,
            Self::Closed | Self::Destroyed => names::CLOSED,
        }
    }

    pub(super) const fn socket(&self) -> Option<SocketId> {
        match self {
            Self::Opening { socket, .. }
            | Self::LoggingIn { socket, .. }
            | Self::Summing { socket, .. }
            | Self::Live { socket, .. } => Some(*socket),
            Self::Idle | Self::Waiting | Self::Closed | Self::Destroyed => None,
        }
    }
}

/// What follows a loss.
#[derive(Clone, Copy)]
pub(super) enum Next {
    Now,
    Backoff,
    After(u64),
    Stop,
}

impl Session {
    /// The moment that is so many milliseconds ahead, on the wall's clock.
    fn wall_after(&self, millis: u64) -> u64 {
        self.unix().0.saturating_add(millis)
    }

    /// The only writer of the phase. Tells the page when what it sees has changed.
    fn transition(&mut self, to: Phase, reason: Option<&str>, retry_in_ms: Option<u64>) {
        let previous = self.phase.state();
        let state = to.state();
        let is_news =
            state != previous || state == names::CONNECTING && matches!(to, Phase::Waiting | Phase::Opening { .. });
        self.phase = to;
        if is_news {
            let attempt = self.backoff.attempt();
            let retry = retry_in_ms.map(|millis| (millis, self.wall_after(millis)));
            let error = self.trouble.as_ref().map(ChatError::to_value);
            self.emit(Notice::State { state, previous, attempt, reason: reason.map(str::to_owned), retry, error });
        }
    }

    pub(super) fn connect(&mut self) {
        self.token_gate = self.now;
        match self.phase {
            Phase::Idle | Phase::Waiting | Phase::Closed => self.attempt("connect"),
            Phase::Opening { .. }
            | Phase::LoggingIn { .. }
            | Phase::Summing { .. }
            | Phase::Live { .. }
            | Phase::Destroyed => {}
        }
    }

    #[inline(never)]
    pub(super) fn disconnect(&mut self) {
        if matches!(self.phase, Phase::Idle | Phase::Closed) {
            return;
        }
        self.drop_line();
        self.fail_requests(&|| ChatError::new(code::CONNECTION_LOST, "disconnect() was called"));
        self.backoff.reset();
        self.trouble = None;
        self.transition(Phase::Closed, Some("disconnect"), None);
        self.emit(Notice::Disconnected(None));
    }

    #[inline(never)]
    pub(super) fn destroy(&mut self) {
        self.drop_line();
        self.fail_requests(&destroyed);
        // What waits stays kept: the next page takes it up.
        for entry in self.outbox.drain() {
            if let Some(call) = entry.call {
                self.settle(call, Err(destroyed()));
            }
        }
        self.fail_web(&destroyed, |_| true);
        self.timers = Timers::default();
        self.chats.clear();
        self.phase = Phase::Destroyed;
        self.out.push(Output::Finish);
    }

    /// The page wants a new line, whatever the present one does.
    pub(super) fn reconnect(&mut self, reason: &str) {
        self.token_gate = self.now;
        match self.phase {
            Phase::Idle | Phase::Waiting | Phase::Closed => self.attempt(reason),
            Phase::Opening { .. } | Phase::LoggingIn { .. } | Phase::Summing { .. } | Phase::Live { .. } => {
                self.lose(reason, Next::Now);
            }
            Phase::Destroyed => {}
        }
    }

    /// Starts an attempt: socket, token and customer data side by side.
    pub(super) fn attempt(&mut self, reason: &str) {
        self.timers.clear();
        let wait = self.token_wait();
        if wait > 0 {
            // A socket without a token would be for nothing.
            self.timers.set(Timer::Reconnect, self.now.after(wait));
            return self.transition(Phase::Waiting, Some("no_token"), Some(wait));
        }
        self.backoff.begin();
        self.last_socket += 1;
        let socket = self.last_socket;
        self.transition(Phase::Opening { socket, is_open: false }, Some(reason), None);
        self.out.push(Output::Open { socket, url: self.adapter.socket_url() });
        self.timers.set(Timer::Connect, self.now.after(CONNECT_MS));
        // An application's provider keeps its own tokens, and may have another customer by now.
        if self.config.has_identity_provider && self.memory == Memory::Read && self.token_ask.is_none() {
            self.ask_token(false);
        } else {
            self.need_token();
        }
        // A tab that died meanwhile may have left something.
        self.claim_again();
        if self.config.has_customer_data_provider {
            self.last_ask += 1;
            self.customer_ask = Some(self.last_ask);
            self.out.push(Output::AskCustomer { ask: self.last_ask });
            self.timers.set(Timer::Token, self.now.after(TOKEN_MS));
        }
    }

    pub(super) fn customer_answered(&mut self, ask: AskId, data: Value) {
        if self.customer_ask != Some(ask) {
            return;
        }
        self.customer_ask = None;
        self.customer_data = data;
        self.try_login();
    }

    pub(super) fn opened(&mut self, opened: SocketId) {
        if let Phase::Opening { socket, is_open } = &mut self.phase
            && *socket == opened
        {
            *is_open = true;
            self.timers.stop(Timer::Connect);
            self.try_login();
        }
    }

    pub(super) fn try_login(&mut self) {
        let Phase::Opening { socket, is_open: true } = self.phase else { return };
        if self.token_ask.is_some() || self.customer_ask.is_some() || self.memory != Memory::Read {
            return;
        }
        self.timers.stop(Timer::Token);
        let Some((token, _)) = self.token.clone() else { return };
        self.meet(&token.customer);
        let request = self.next_request_id();
        let frame = self.adapter.login(request, &token, &self.customer_data, &self.page, &self.side_storage);
        let Some(customer) = self.own_id else { return };
        self.is_page_told = true;
        self.is_token_used = true;
        self.phase = Phase::LoggingIn { socket, request };
        self.timers.set(Timer::Login, self.now.after(LOGIN_MS));
        self.foresee();
        self.out.push(Output::Login { socket, frame, customer });
    }

    /// The token says who the customer is. Somebody else's chats and unsent messages are not theirs.
    pub(super) fn meet(&mut self, customer: &str) {
        let customer = Id::of(customer);
        let (Some(new), true) = (customer, customer != self.own_id) else { return };
        if let Some(previous) = self.own_id {
            self.chats.clear();
            self.was_connected = false;
            self.is_summed = false;
            self.part_with_customer();
            self.emit(Notice::IdentityChanged { previous, new });
        }
        self.own_id = customer;
        self.emit(Notice::CustomerId(new));
        self.adopt();
    }

    /// A reply to the login. Returns whether it was one.
    pub(super) fn login_replied(&mut self, id: u32, result: &Result<Value, ChatError>) -> bool {
        if !matches!(self.phase, Phase::LoggingIn { request, .. } if request == id) {
            return false;
        }
        match result {
            Ok(payload) => self.logged_in(payload),
            Err(error) => self.login_refused(error),
        }
        true
    }

    #[inline(never)]
    fn logged_in(&mut self, payload: &Value) {
        let Some(socket) = self.phase.socket() else { return };
        let welcome = Box::new(self.adapter.read_login(payload));
        self.phase = Phase::Summing { socket, welcome };
        self.ask_summary();
    }

    /// Asks for the chats.
    pub(super) fn ask_summary(&mut self) {
        let args = Value::object().with(names::LIMIT, SUMMARY_LIMIT);
        if let Ok(prepared) = self.adapter.prepare(Method::LIST_CHATS, &args, None) {
            self.transmit(Request::new(Origin::Summary, Method::LIST_CHATS, args, prepared, self.now));
        }
    }

    pub(super) fn login_refused(&mut self, error: &ChatError) {
        let verdict = self.adapter.login_verdict(error);
        self.warn("LOGIN", join(&[error.code.as_str(), ": ", &error.message]));
        self.trouble = Some(error.clone());
        self.obey(&verdict, &error.code);
    }

    /// The platform says that it closes the line, and why.
    pub(super) fn farewell(&mut self, verdict: &Verdict, reason: &str) {
        let code = reason.to_ascii_uppercase();
        self.trouble = Some(ChatError::new(code, join(&["the platform closed the connection: ", reason])));
        self.obey(verdict, reason);
    }

    /// What was met where a line was looked for. Browsers do not say why a socket fails.
    pub(super) fn note_trouble(&mut self, mut error: ChatError, mut url: &str) {
        // An address without what is asked there: that may be somebody's.
        let place = take(&mut url, b'?');
        error.message = join(&[&error.message, " (", place, ")"]);
        self.trouble = Some(error.with(names::URL, place));
    }

    fn note_socket_trouble(&mut self, code: &'static str, met: &str) {
        self.note_trouble(ChatError::new(code, met), &self.adapter.socket_url());
    }

    /// A failure for want of a line, with what stands in the way of one.
    pub(super) fn no_connection(&self, code: &'static str, message: &str) -> ChatError {
        let Some(trouble) = &self.trouble else { return ChatError::new(code, message) };
        let mut error = ChatError::new(code, join(&[message, ": ", &trouble.message]));
        error.details.clone_from(&trouble.details);
        error.with(names::REASON, trouble.code.to_ascii_lowercase().as_str())
    }

    /// Does what a refusal or a farewell demands.
    pub(super) fn obey(&mut self, verdict: &Verdict, reason: &str) {
        let reason = reason.to_ascii_lowercase();
        match verdict {
            Verdict::Retry => self.lose(&reason, Next::Backoff),
            Verdict::Wait(millis) => self.lose(&reason, Next::After(*millis)),
            // Doors that send on and on must not make the client run.
            Verdict::Redirect if self.backoff.attempt() <= 2 => self.lose(&reason, Next::Now),
            Verdict::Redirect => self.lose(&reason, Next::Backoff),
            Verdict::Stop => self.lose(&reason, Next::Stop),
            Verdict::FreshToken => {
                let was_live = self.is_live();
                // One that came since the login was not refused.
                if self.is_token_used {
                    self.forget_token();
                    self.refusals += 1;
                }
                // A session that worked may come back at once; a second refusal in a row is an answer.
                let next = match self.refusals {
                    0 | 1 if was_live || self.backoff.attempt() <= 1 => Next::Now,
                    0 | 1 => Next::Backoff,
                    _ => Next::Stop,
                };
                self.lose(&reason, next);
            }
        }
    }

    /// The line is up, and the chats are known if the platform lets them be read.
    #[inline(never)]
    pub(super) fn summed(&mut self, summary: Summary) {
        let Phase::Summing { socket, welcome } = core::mem::replace(&mut self.phase, Phase::Waiting) else {
            return;
        };
        self.refusals = 0;
        self.trouble = None;
        self.timers.clear();
        self.timers.set(Timer::Heartbeat, self.now.after(HEARTBEAT_MS));
        self.timers.set(Timer::Useful, self.now.after(USEFUL_MS));
        for user in summary.users {
            self.emit(Notice::UserData(user));
        }
        let payload = Value::object()
            .with(names::CHATS_SUMMARY_, summary.chats_summary)
            .with(names::TOTAL_CHATS_, summary.total_chats)
            .with(names::CUSTOMER, welcome.customer)
            .with(names::AVAILABILITY, welcome.availability);
        for (name, value) in [(names::GREETING, welcome.greeting), (names::DYNAMIC_CONFIG, welcome.dynamic_config)] {
            if !value.is_missing() {
                payload.set(name, value);
            }
        }
        self.transition(Phase::Live { socket, ping: None, heard: self.now, late: 0 }, None, None);
        self.outbox.await_stragglers(self.now.after(DOUBT_MS));
        self.catch_up(summary.is_valid.then_some(&summary.chats));
        let is_first = !core::mem::replace(&mut self.was_connected, true);
        self.emit(Notice::Connected { is_first, payload });
        self.look_up_early();
        self.plan_refresh();
        self.flush_page();
        self.release();
        self.flush();
    }

    /// The socket closed by itself.
    pub(super) fn closed(&mut self, socket: SocketId, code: u16) {
        if self.phase.socket() != Some(socket) {
            return;
        }
        self.outbox.doubt_all(self.now, self.now.after(DOUBT_MS));
        match code {
            // Another tab ended this line, not the server: the server's backoff does not count it. A rate bounds tabs that
            // hand a line round for ever.
            0 => {
                self.backoff.undo();
                self.moves_paid_at = self.moves_paid_at.max(self.now).after(MOVE_MS);
                let next = match self.moves_paid_at.since(self.now.after(MOVE_BURST_MS)) {
                    0 => Next::Now,
                    wait => Next::After(wait),
                };
                self.lose("connection_moved", next);
            }
            NO_WEBSOCKET | BLOCKED => {
                let (code, met) = if code == BLOCKED {
                    (code::BLOCKED_BY_CSP, "the page's Content-Security-Policy must allow this in connect-src")
                } else {
                    (
                        code::WEBSOCKET_UNAVAILABLE,
                        "there is no WebSocket: use Node 22, or give one as options.webSocket",
                    )
                };
                self.note_socket_trouble(code, met);
                self.obey(&Verdict::Stop, code);
            }
            _ => {
                let verdict = self.adapter.close_verdict(code);
                if !self.is_live() {
                    let met = "the server closed the connection, is down, or cannot be reached from this page";
                    self.note_socket_trouble(code::NO_CONNECTION, met);
                }
                self.obey(&verdict, "connection_lost");
            }
        }
    }

    /// The page is left. Its socket would be closed behind its back, and heard of only after it is restored.
    pub(super) fn hidden(&mut self) {
        if self.phase.socket().is_some() {
            self.lose("page_hidden", Next::After(HIDDEN_MS));
        }
    }

    /// Gives up the line and says what comes next.
    #[inline(never)]
    pub(super) fn lose(&mut self, reason: &str, next: Next) {
        let was_live = self.is_live();
        self.drop_line();
        let wait = match next {
            Next::Now | Next::Stop => 0,
            Next::Backoff => self.backoff.delay_ms(self.random.next()).max(self.token_wait()),
            // Who was told the same moment comes back spread over a tenth of the time.
            Next::After(millis) => {
                millis.saturating_add((u64::from(self.random.next()) * (millis / 10).min(5_000)) >> 32)
            }
        };
        if was_live {
            let retry_at = (wait > 0).then(|| self.wall_after(wait));
            let will_reconnect = !matches!(next, Next::Stop);
            self.emit(Notice::ConnectionLost { reason: reason.to_owned(), will_reconnect, retry_at });
        }
        match next {
            Next::Now => self.attempt(reason),
            Next::Backoff | Next::After(_) => {
                self.timers.set(Timer::Reconnect, self.now.after(wait));
                self.transition(Phase::Waiting, Some(reason), Some(wait));
            }
            Next::Stop => {
                let closed = ChatError::new(code::NO_CONNECTION, "the connection was closed for good");
                let error = self.trouble.get_or_insert(closed).clone().with(names::REASON, reason);
                self.fail_requests(&|| error.clone());
                self.backoff.reset();
                self.refusals = 0;
                self.transition(Phase::Closed, Some(reason), None);
                self.emit(Notice::Disconnected(Some(reason.to_owned())));
            }
        }
    }

    /// Lets go of socket, questions and deadlines, and of what only a line can carry.
    pub(super) fn drop_line(&mut self) {
        if let Some(socket) = self.phase.socket() {
            self.out.push(Output::Close { socket });
        }
        self.timers.clear();
        self.customer_ask = None;
        self.stability = Stability::Stable;
        self.held.clear();
        self.syncs.clear();
        self.forget_suspicion();
        self.outbox.doubt_all(self.now, NEVER);
        self.suspend_requests();
        self.forget_typists();
    }

    /// A frame arrived.
    pub(super) fn frame(&mut self, socket: SocketId, frame: &Value) {
        if self.phase.socket() != Some(socket) {
            return;
        }
        self.heard();
        let inbound = self.adapter.decode(frame);
        let before_summary = !self.is_live();
        let farewell = matches!(inbound, Inbound::Push { push: super::Push::Farewell { .. }, .. });
        if before_summary && !farewell && matches!(inbound, Inbound::Push { .. }) {
            self.held.push(Box::new(inbound));
            if self.held.len() >= MAX_HELD {
                self.lose("no_answer", Next::Backoff);
            }
        } else {
            self.inbound(inbound);
        }
    }

    #[inline(never)]
    pub(super) fn run_line_timers(&mut self) {
        let now = self.now;
        // One row's consequence may be another row that is due at once.
        while self.timers.next().is_some_and(|due| due <= now) {
            if self.timers.take_due(Timer::Useful, now).is_some() {
                self.backoff.reset();
            }
            if self.timers.take_due(Timer::Reconnect, now).is_some() {
                self.attempt("reconnect");
            }
            let no_socket = self.timers.take_due(Timer::Connect, now);
            if let Some(due) = no_socket.or_else(|| self.timers.take_due(Timer::Login, now)) {
                // What the page slept through says nothing of the server.
                let next = if now.since(due) > ASLEEP_MS { Next::Now } else { Next::Backoff };
                if matches!((&self.phase, next), (Phase::Summing { .. }, Next::Backoff)) {
                    // Perhaps only the summary is missing. A ping tells.
                    self.suspicion.failures = MAX_TRIES;
                    self.summary_replied(Ok(Value::missing()));
                    self.probe();
                } else {
                    self.note_socket_trouble(code::NO_CONNECTION, "the server does not answer");
                    self.lose("no_answer", next);
                }
            }
            if self.timers.take_due(Timer::Token, now).is_some() {
                let was_asked = self.token_ask.take().is_some();
                if was_asked || self.customer_ask.is_some() {
                    let error = ChatError::new(code::NO_TOKEN, "no token came in time");
                    self.note_trouble(error, &self.token_source());
                }
                if was_asked {
                    let error = self.no_connection(code::NO_TOKEN, "no token came in time");
                    self.token_failed(None);
                    self.fail_for_token(&error, &Verdict::Retry);
                }
                if matches!(self.phase, Phase::Opening { .. }) && (was_asked || self.customer_ask.is_some()) {
                    self.lose("no_token", Next::Backoff);
                }
            }
            if self.timers.take_due(Timer::Heartbeat, now).is_some() {
                self.heartbeat();
            }
            if let Some(due) = self.timers.take_due(Timer::HeartbeatReply, now) {
                self.unanswered(due);
            }
            if self.timers.take_due(Timer::SneakPeek, now).is_some() {
                self.flush_peek();
            }
            if self.timers.take_due(Timer::Claim, now).is_some() {
                self.unstored();
            }
            if self.timers.take_due(Timer::Unanswered, now).is_some() {
                self.watch_requests();
            }
            if self.timers.take_due(Timer::Suspect, now).is_some() {
                self.run_suspicion();
            }
            if self.timers.take_due(Timer::Refresh, now).is_some() {
                self.refresh_token();
            }
        }
    }

    pub(super) fn next_request_id(&mut self) -> u32 {
        self.last_request = self.last_request.wrapping_add(1);
        self.last_request
    }

    /// Whether a request of this origin is under way or waits.
    pub(super) fn has_request(&self, origin: &Origin) -> bool {
        self.requests.iter().chain(&self.queue).any(|request| request.origin == *origin)
    }
}
