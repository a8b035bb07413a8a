//! The token: kept from an earlier page, asked of the platform or of the application, refused, replaced.

use super::Session;
use super::adapter::{Token, Verdict};
use super::input::AskId;
use super::line::{Phase, TOKEN_MS};
use super::output::Output;
use super::timer::Timer;
use crate::json::{Value, names};
use crate::model::{ChatError, UnixMillis};

/// A token this close to its end is not presented any more.
const TOKEN_MARGIN_MS: u64 = 30_000;

/// What is known of what an earlier page kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Unread,
    Asked,
    Read,
}

impl Session {
    pub(super) fn has_token(&mut self) -> bool {
        let now = self.now;
        self.token.as_ref().is_some_and(|(_, until)| now < *until)
    }

    pub(super) fn ask_token(&mut self) {
        self.last_ask += 1;
        let ask = self.last_ask;
        self.token_ask = Some(ask);
        self.timers.set(Timer::Token, self.now.after(TOKEN_MS));
        self.out.push(if self.config.has_identity_provider {
            Output::AskIdentity { ask, fresh: self.refusals > 0 || self.token.is_some() }
        } else {
            Output::Http { ask, request: self.adapter.token_request() }
        });
    }

    #[inline(never)]
    pub(super) fn recalled(&mut self, token: &Value, side_storage: Value) {
        self.memory = Memory::Read;
        self.side_storage = side_storage;
        if let Some(token) = read_page_token(token)
            && token.created <= self.unix()
        {
            self.keep_token(token, false);
        }
        if matches!(self.phase, Phase::Opening { .. }) {
            if !self.has_token() {
                self.ask_token();
            }
            self.try_login();
        }
    }

    fn keep_token(&mut self, token: Token, store: bool) {
        let age = self.unix().0.saturating_sub(token.created.0);
        let left = token.lifetime_ms.saturating_sub(age).saturating_sub(TOKEN_MARGIN_MS);
        if store && !self.config.has_identity_provider {
            let stored = write_page_token(&token, &self.config.organization_id);
            self.out.push(Output::StoreToken(Some(stored)));
        }
        let until = self.now.after(left);
        self.token = Some((token, until));
    }

    #[inline(never)]
    pub(super) fn token_answered(&mut self, ask: AskId, status: u16, body: &Value) {
        if self.token_ask != Some(ask) {
            return;
        }
        match self.adapter.read_token(status, body, self.unix()) {
            Ok(token) => self.token_came(token),
            Err((error, verdict)) => self.token_refused(&error, &verdict),
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
            ),
        }
    }

    fn token_came(&mut self, mut token: Token) {
        self.token_ask = None;
        // A service or a provider may say what it likes of its clock; the token came now.
        if token.created.0 == 0 || token.created > self.unix() {
            token.created = self.unix();
        }
        self.keep_token(token, true);
        self.try_login();
    }

    fn token_refused(&mut self, error: &ChatError, verdict: &Verdict) {
        self.token_ask = None;
        self.warn("TOKEN", [error.code.as_str(), ": ", &error.message].concat());
        self.obey(verdict, &error.code);
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
    #[allow(clippy::cast_precision_loss)]
    Value::object()
        .with(names::ACCESS_TOKEN_, token.secret.as_str())
        .with(names::ENTITY_ID_, token.customer.as_str())
        .with(names::EXPIRES_IN_, token.lifetime_ms as f64)
        .with(names::TOKEN_TYPE_, "Bearer")
        .with(names::CREATION_DATE_, token.created.0 as f64)
        .with(names::ORGANIZATION_ID_, organization)
}
