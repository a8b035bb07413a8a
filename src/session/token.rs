//! The token: kept from an earlier page, asked of the platform or of the application, refused, replaced.

use super::Session;
use super::adapter::{Method, Token, Verdict};
use super::input::{AskId, CallId};
use super::line::{Phase, TOKEN_MS};
use super::output::Output;
use super::timer::Timer;
use crate::json::{Value, join, names};
use crate::model::error::code;
use crate::model::{ChatError, Instant, UnixMillis};

/// A token this close to its end is not presented any more.
const TOKEN_MARGIN_MS: u64 = 30_000;

/// Two questions for a token are at least this far apart, unless the first failed.
const REFRESH_MS: u64 = 20_000;
/// Whatever a service says of when it wants to be asked.
const MAX_RETRY_AFTER_MS: u64 = 3_600_000;
/// Whatever a service says of its tokens.
const MAX_LIFE_MS: u64 = 30 * 86_400_000;
/// How long a token service that failed is left alone, at first and at most: twelve questions in ten minutes.
const FIRST_WAIT_MS: u64 = 5_000;
const MAX_WAIT_MS: u64 = 150_000;

/// What is known of what an earlier page kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Unread,
    Asked,
    Read,
}

impl Session {
    pub(super) fn has_token(&self) -> bool {
        self.token.as_ref().is_some_and(|(_, until)| self.now < *until)
    }

    /// Somebody needs a token: looks up what was kept, then asks, unless either is under way.
    pub(super) fn need_token(&mut self) {
        match self.memory {
            Memory::Unread => {
                self.memory = Memory::Asked;
                self.out.push(Output::Recall);
            }
            Memory::Read if !self.has_token() && self.token_ask.is_none() => self.try_token(false),
            Memory::Asked | Memory::Read => {}
        }
    }

    /// How long the next attempt must wait for the token service.
    pub(super) fn token_wait(&self) -> u64 {
        let asks = self.memory == Memory::Read && (self.config.has_identity_provider || !self.has_token());
        if asks && self.token_ask.is_none() { self.token_gate.since(self.now) } else { 0 }
    }

    /// No token came. The service is asked again later, and later each time; not before it wants to be asked.
    pub(super) fn token_failed(&mut self, retry_after_ms: Option<u64>) {
        let most = MAX_WAIT_MS.min(FIRST_WAIT_MS << self.token_failures.min(8));
        self.token_failures += 1;
        let wait = most - ((u64::from(self.random.next()) * (most / 4)) >> 32);
        self.token_gate = self.now.after(wait.max(retry_after_ms.unwrap_or_default().min(MAX_RETRY_AFTER_MS)));
        if self.is_live() {
            self.timers.set(Timer::Refresh, self.token_gate);
        }
    }

    /// A line that lives is given the next token when 80 to 90 % of the present one's life are over: at another moment
    /// for each of many customers.
    pub(super) fn plan_refresh(&mut self) {
        let left = self.token.as_ref().map_or(0, |(_, until)| until.since(self.now)).min(MAX_LIFE_MS);
        let wait = left / 10 * 8 + ((u64::from(self.random.next()) * (left / 10)) >> 32);
        if self.is_live() && wait >= REFRESH_MS {
            self.timers.set(Timer::Refresh, self.now.after(wait));
        }
    }

    /// The token is near its end: the next one is asked for while the line lives. The platform says when it wants it.
    pub(super) fn refresh_token(&mut self) {
        if self.is_live() && self.token_ask.is_none() {
            // Another tab's next token serves all of them; a provider would give the one that nears its end.
            self.ask_token(self.config.has_identity_provider);
        }
    }

    /// The page asks for the token itself.
    #[inline(never)]
    pub(super) fn call_token(&mut self, call: CallId, method: Method) {
        match method {
            Method::INVALIDATE => {
                self.forget_token();
                self.settle(call, Ok(Value::missing()));
            }
            Method::HAS_TOKEN => {
                let has_token = self.has_token();
                self.settle(call, Ok(Value::from(has_token)));
            }
            _ => {
                self.token_calls.push(call);
                if method == Method::GET_FRESH_TOKEN {
                    if self.token_ask.is_none() {
                        self.try_token(true);
                    }
                } else {
                    self.token_is_there();
                    self.flush_web();
                }
            }
        }
    }

    /// Hands the token to those who wait for it.
    fn token_is_there(&mut self) {
        let Some((token, _)) = self.token.clone().filter(|_| self.token_ask.is_none() && self.has_token()) else {
            return;
        };
        for call in core::mem::take(&mut self.token_calls) {
            let token = write_page_token(&token, &self.config.organization_id);
            self.settle(call, Ok(token));
        }
    }

    /// The token is no good.
    pub(super) fn forget_token(&mut self) {
        if let Some((_, until)) = &mut self.token {
            *until = Instant(0);
        }
        self.out.push(Output::StoreToken(None));
    }

    /// Asks for a token, unless the service has failed again and again and is left alone for now.
    fn try_token(&mut self, fresh: bool) {
        if self.token_failures > 1 && self.token_gate > self.now {
            let error = ChatError::new(code::NO_TOKEN, "the token service failed a moment ago; try again later");
            self.fail_for_token(&error, &Verdict::Retry);
        } else {
            self.ask_token(fresh);
        }
    }

    /// Asks for a token, `fresh` if one from a cache will not do.
    pub(super) fn ask_token(&mut self, fresh: bool) {
        self.last_ask += 1;
        let ask = self.last_ask;
        self.token_ask = Some(ask);
        self.timers.set(Timer::Token, self.now.after(TOKEN_MS));
        self.out.push(if self.config.has_identity_provider {
            Output::AskIdentity { ask, fresh: fresh || self.refusals > 0 || self.token.is_some() && !self.has_token() }
        } else {
            Output::AskToken { ask, fresh }
        });
    }

    #[inline(never)]
    pub(super) fn recalled(&mut self, token: &Value, side_storage: Value) {
        self.memory = Memory::Read;
        self.side_storage = side_storage;
        if let Some(token) = read_page_token(token)
            && token.created <= self.unix()
            && self.token_ask.is_none()
        {
            self.keep_token(token, false);
        }
        if matches!(self.phase, Phase::Opening { .. }) {
            self.need_token();
            self.try_login();
        }
        self.greet_token();
        for (call, method, args) in core::mem::take(&mut self.deferred) {
            self.call(call, method, args);
        }
        self.token_is_there();
        self.flush_web();
    }

    /// Without a line there is no login at which the customer would be met.
    pub(super) fn greet_token(&mut self) {
        if let Some((token, _)) = self.token.clone()
            && matches!(self.phase, Phase::Idle | Phase::Closed)
        {
            self.meet(&token.customer);
        }
    }

    /// For how long a token can still be presented.
    #[inline(never)]
    fn usable_ms(&self, token: &Token) -> u64 {
        let age = self.unix().0.saturating_sub(token.created.0);
        let margin = TOKEN_MARGIN_MS.min(token.lifetime_ms / 2);
        token.lifetime_ms.saturating_sub(age).saturating_sub(margin)
    }

    /// Whether a token that another tab stored serves in place of one from the service: it is later than this session's
    /// own, which was refused or is near its end, and not of the customer who logged out here.
    fn can_adopt(&self, token: &Token) -> bool {
        let own = self.token.as_ref().map_or(0, |(own, _)| own.created.0);
        token.created.0 > own
            && token.created <= self.unix()
            && self.usable_ms(token) > 0
            && token.customer != self.logged_out
    }

    pub(super) fn keep_token(&mut self, token: Token, store: bool) {
        let left = self.usable_ms(&token);
        // One that has just come serves, whatever it says of itself: otherwise it would be asked for for ever.
        let left = if store { left.max(1_000) } else { left };
        if store && !self.config.has_identity_provider {
            let stored = write_page_token(&token, &self.config.organization_id);
            self.out.push(Output::StoreToken(Some(stored)));
        }
        let until = self.now.after(left);
        self.token = Some((token, until));
        self.is_token_used = false;
        self.plan_refresh();
    }

    #[inline(never)]
    pub(super) fn token_answered(&mut self, ask: AskId, status: u16, body: &Value, retry_after_ms: Option<u64>) {
        if self.token_ask != Some(ask) {
            return;
        }
        if status == 0 && !body.is_missing() && !body.get(names::ERROR).is_object() {
            return match read_page_token(body).filter(|token| self.can_adopt(token)) {
                Some(token) => self.token_came(token),
                None => self.ask_token(true),
            };
        }
        match self.adapter.read_token(status, body, self.unix()) {
            Ok(token) => self.token_came(token),
            Err((error, verdict)) => {
                let error = error.with(names::STATUS, f64::from(status));
                self.token_refused(&error, &verdict, retry_after_ms);
            }
        }
    }

    #[inline(never)]
    pub(super) fn identity_answered(&mut self, ask: AskId, token: &Value) {
        if self.token_ask != Some(ask) {
            return;
        }
        match read_page_token(token) {
            Some(token) => self.token_came(token),
            None => self.token_refused(
                &ChatError::new("IDENTITY_PROVIDER", "the identity provider gave no token"),
                &Verdict::Retry,
                None,
            ),
        }
    }

    fn token_came(&mut self, mut token: Token) {
        self.token_ask = None;
        self.token_failures = 0;
        self.token_gate = self.now;
        // A service or a provider may say what it likes of its clock; the token came now.
        if token.created.0 == 0 || token.created > self.unix() {
            token.created = self.unix();
        }
        self.keep_token(token, true);
        self.greet_token();
        self.token_is_there();
        self.try_login();
        self.flush_web();
    }

    /// Where tokens come from.
    pub(super) fn token_source(&self) -> String {
        if self.config.has_identity_provider { "identityProvider".to_owned() } else { self.adapter.token_request().url }
    }

    fn token_refused(&mut self, error: &ChatError, verdict: &Verdict, retry_after_ms: Option<u64>) {
        self.token_ask = None;
        let mut trouble = error.clone();
        if *verdict != Verdict::Stop {
            code::NO_TOKEN.clone_into(&mut trouble.code);
        }
        self.note_trouble(trouble, &self.token_source());
        // The service's word is as good as a refused login.
        self.is_token_used = true;
        self.warn("TOKEN", join(&[error.code.as_str(), ": ", &error.message]));
        if *verdict != Verdict::Stop {
            self.token_failed(match verdict {
                Verdict::Wait(millis) => Some(retry_after_ms.unwrap_or(*millis)),
                Verdict::Retry | Verdict::FreshToken | Verdict::Redirect | Verdict::Stop => retry_after_ms,
            });
        }
        self.fail_for_token(error, verdict);
        if matches!(self.phase, Phase::Opening { .. }) {
            self.obey(if let Verdict::Wait(_) = verdict { &Verdict::Retry } else { verdict }, &error.code);
        }
    }
}

/// The token in the shape that pages and storage know.
fn read_page_token(value: &Value) -> Option<Token> {
    let number = |name| value.get(name).as_number().filter(|number| *number >= 0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let token = Token {
        secret: value.text(names::ACCESS_TOKEN_)?,
        customer: value.text(names::ENTITY_ID_)?,
        lifetime_ms: number(names::EXPIRES_IN_)? as u64,
        created: UnixMillis(number(names::CREATION_DATE_).unwrap_or_default() as u64),
    };
    (!token.secret.is_empty() && !token.customer.is_empty()).then_some(token)
}

fn write_page_token(token: &Token, organization: &str) -> Value {
    Value::object()
        .with(names::ACCESS_TOKEN_, token.secret.as_str())
        .with(names::ENTITY_ID_, token.customer.as_str())
        .with(names::EXPIRES_IN_, token.lifetime_ms)
        .with(names::TOKEN_TYPE_, "Bearer")
        .with(names::CREATION_DATE_, token.created.0)
        .with(names::ORGANIZATION_ID_, organization)
}
