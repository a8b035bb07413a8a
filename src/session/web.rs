//! The calls that go over HTTP: with a token if they need one, with a second one if the first is refused.

use super::adapter::{Method, Prepared, Verdict};
use super::input::{AskId, CallId};
use super::output::{HttpRequest, Output};
use super::token::Memory;
use super::{Phase, Session};
use crate::json::{Value, names};
use crate::model::error::code;
use crate::model::{ChatError, Instant};

/// How long an answer may take, the wait for a token included.
const ANSWER_MS: u64 = 30_000;
/// How long a file may take. An upload that stands still is given up by whoever performs it.
const FILE_MS: u64 = 900_000;

/// One call.
#[derive(Debug)]
pub(super) struct Web {
    pub(super) call: CallId,
    method: Method,
    args: Value,
    request: HttpRequest,
    /// 0 while it waits for a token.
    ask: AskId,
    /// Whether a token was refused already.
    is_second: bool,
    pub(super) deadline: Instant,
}

impl Session {
    #[inline(never)]
    pub(super) fn call_web(&mut self, call: CallId, method: Method, args: Value, prepared: Box<Prepared>) {
        let Some(request) = prepared.http else { return };
        let is_transfer = method == Method::ACCEPT_IDENTITY_TRANSFER;
        if is_transfer && self.config.has_identity_provider {
            let error = ChatError::new(code::UNSUPPORTED, "the identity comes from the configured identityProvider");
            return self.settle(call, Err(error));
        }
        let deadline = self.now.after(if request.has_file { FILE_MS } else { ANSWER_MS });
        let ask = 0;
        if method == Method::LOGOUT {
            return self.log_out(Box::new(Web { call, method, args, request, ask, is_second: true, deadline }));
        }
        self.web.push(Box::new(Web { call, method, args, request, ask, is_second: false, deadline }));
        self.flush_web();
    }

    /// Sends what can be sent; asks for a token if that is what is missing.
    #[inline(never)]
    pub(super) fn flush_web(&mut self) {
        let waits = |web: &Box<Web>| web.ask == 0;
        if self.web.iter().any(|web| waits(web) && web.request.needs_token) || !self.token_calls.is_empty() {
            self.need_token();
        }
        let token = if self.has_token() { self.token.as_ref().map(|(token, _)| token.secret.clone()) } else { None };
        for web in &mut self.web {
            if !waits(web) || web.request.needs_token && token.is_none() {
                continue;
            }
            self.last_ask += 1;
            web.ask = self.last_ask;
            let request = web.request.clone();
            let token = token.clone().filter(|_| request.needs_token);
            self.out.push(Output::Http { ask: web.ask, call: web.call, request, token });
        }
    }

    /// HTTP answered. It is a call's, or the token's.
    #[inline(never)]
    pub(super) fn http_answered(&mut self, ask: AskId, status: u16, body: Value, retry_after_ms: Option<u64>) {
        let Some(index) = self.web.iter().position(|web| web.ask == ask) else {
            return self.token_answered(ask, status, &body, retry_after_ms);
        };
        let mut web = self.web.remove(index);
        match web.method {
            Method::LOGOUT => return self.settle(web.call, Ok(self.adapter.shape(web.method, &web.args, &body))),
            Method::ACCEPT_IDENTITY_TRANSFER => return self.transferred(&web, status, &body),
            _ => {}
        }
        let checked = |payload| self.adapter.check_reply(web.method, &payload).map(|()| payload);
        let result = match self.adapter.read_http(status, body).and_then(checked) {
            Err(error) if error.code == "AUTHENTICATION" && web.request.needs_token && !web.is_second => {
                self.forget_token();
                web.ask = 0;
                web.is_second = true;
                self.web.insert(index, web);
                return self.flush_web();
            }
            Err(error) => Err(self.adapter.blame(web.method, &web.args, None, error)),
            Ok(payload) => Ok(self.adapter.shape(web.method, &web.args, &payload)),
        };
        self.settle(web.call, result);
    }

    /// Another device's customer is this one's now.
    fn transferred(&mut self, web: &Web, status: u16, body: &Value) {
        match self.adapter.read_token(status, body, self.unix()) {
            Ok(token) => {
                self.keep_token(token, true);
                self.settle(web.call, Ok(self.adapter.shape(web.method, &web.args, body)));
                if matches!(self.phase, Phase::Idle | Phase::Closed) {
                    self.greet_token();
                } else {
                    self.reconnect("identity_transfer");
                }
            }
            Err((error, _)) => self.settle(web.call, Err(error)),
        }
    }

    /// Forgets the customer: here at once, at the platform as soon as it answers.
    fn log_out(&mut self, mut web: Box<Web>) {
        self.disconnect();
        let secret = self.token.take().map(|(token, _)| {
            self.logged_out = token.customer;
            token.secret
        });
        let error = || ChatError::new(code::LOGGED_OUT, "logout() was called");
        self.forsake_all(&error());
        self.out.push(Output::Wipe);
        self.fail_web(&error, |_| true);
        self.token_ask = None;
        self.memory = Memory::Read;
        self.side_storage = Value::missing();
        self.chats.clear();
        self.own_id = None;
        self.was_connected = false;
        self.is_summed = false;
        self.out.push(Output::StoreToken(None));
        self.out.push(Output::StoreSide(Value::missing()));
        if secret.is_none() {
            return self.settle(web.call, Ok(self.adapter.shape(web.method, &web.args, &Value::missing())));
        }
        self.last_ask += 1;
        web.ask = self.last_ask;
        let request = web.request.clone();
        self.out.push(Output::Http { ask: web.ask, call: web.call, request, token: secret });
        self.web.push(web);
    }

    /// No token will come: fails what waits for one.
    pub(super) fn fail_for_token(&mut self, error: &ChatError, verdict: &Verdict) {
        let error = || {
            let mut error = error.clone();
            if matches!(verdict, Verdict::Retry | Verdict::Wait(_)) {
                error = error.clone().with(names::REASON, error.code.to_ascii_lowercase().as_str());
                error.code = code::NO_TOKEN.to_owned();
            }
            error
        };
        self.fail_web(&error, |web| web.ask == 0 && web.request.needs_token);
    }

    /// Fails the calls that are `meant`, and those for the token itself.
    pub(super) fn fail_web(&mut self, error: &dyn Fn() -> ChatError, meant: impl Fn(&Box<Web>) -> bool) {
        while let Some(index) = self.web.iter().position(&meant) {
            let web = self.web.remove(index);
            self.settle(web.call, Err(error()));
        }
        let deferred = core::mem::take(&mut self.deferred).into_iter().map(|(call, ..)| call);
        for call in core::mem::take(&mut self.token_calls).into_iter().chain(deferred) {
            self.settle(call, Err(error()));
        }
    }

    #[inline(never)]
    pub(super) fn run_web_timers(&mut self) {
        let now = self.now;
        while let Some(index) = self.web.iter().position(|web| web.deadline <= now) {
            let web = self.web.remove(index);
            let result = if web.method == Method::LOGOUT {
                Ok(self.adapter.shape(web.method, &web.args, &Value::missing()))
            } else {
                Err(ChatError::new(code::REQUEST_TIMEOUT, "no answer came in time; the outcome is unknown"))
            };
            self.settle(web.call, result);
        }
    }
}
