//! Turning faults on and off.

use serde_json::json;

use super::captive_portal::Portal;
use super::error::ApiError;
use super::event_stamps::ServerClock;
use super::fault::{Fault, Kind, TokenMode};
use super::interception::{Failing, FalseSuccess, Muted, Rewrite};
use super::record::Record;
use super::{Brain, ConnId, HttpResponse, Micros, Output};

impl Brain {
    pub(crate) fn switch(&mut self, fault: Fault) {
        match fault {
            Fault::Drop { conn } => {
                for conn in self.chosen(conn) {
                    self.out.push_back(Output::Abort { conn });
                    self.forget(conn);
                }
            }
            Fault::CloseSocket { code, reason, conn } => {
                for conn in self.chosen(conn) {
                    self.close(conn, code, &reason);
                }
            }
            Fault::Disconnect { reason, data, customer_id } => {
                let all = self.connections();
                let chosen = all.into_iter().filter(|(_, own)| customer_id.is_none() || *own == customer_id);
                for (conn, _) in chosen.collect::<Vec<_>>() {
                    self.disconnect(conn, &reason, data.clone());
                }
            }
            Fault::HalfOpen { on, execute } => {
                self.faults.half_open = on;
                self.faults.execute_half_open = on && execute;
                if !on {
                    self.revive_connections();
                }
            }
            Fault::Delay { ms } => self.faults.delay = micros(ms),
            Fault::ExecuteDelay { ms } => self.faults.execute_delay = micros(ms),
            Fault::Duplicate { pushes } => self.faults.duplicate = pushes,
            Fault::Reorder { pushes } => self.faults.reorder = pushes,
            Fault::DropPushes { pushes } => self.faults.drop_pushes = pushes,
            Fault::OmitResponses { count } => self.faults.omit_responses = count,
            Fault::CloseAfterExecuting { action } => self.faults.close_after = Some(action),
            Fault::ResponseFirst { on } => self.faults.response_first = on,
            Fault::Truncate {} => self.faults.truncate = true,
            Fault::Garbage { wrong_types } => self.garbage(wrong_types),
            Fault::SameCreatedAt { count } => self.faults.same_created_at = count,
            Fault::ExpireTokens {} => self.end_tokens("access_token_expired"),
            Fault::RevokeTokens {} => self.end_tokens("access_token_revoked"),
            Fault::TokenService { mode, status, exception, identity } => {
                self.faults.token_mode = mode;
                let exception = exception.unwrap_or_else(|| "server_error".to_owned());
                self.faults.token_exception =
                    (if identity { "identity_exception" } else { "oauth_exception" }, exception);
                self.faults.token_status = status.unwrap_or(500);
                if mode != TokenMode::Hang {
                    self.release_hanging();
                }
            }
            Fault::Refuse { on } => self.faults.refuse = on,
            Fault::RateLimit { count } => self.faults.rate_limit = count,
            Fault::Fail { r#type, message, data, count, for_ms, action, execute_after_ms } => {
                let mut error = ApiError::of(r#type);
                error.message = message.unwrap_or(error.message);
                error.data = data;
                self.faults.failing.retain(|failing| action.is_some() && failing.action != action);
                let left = count.or(for_ms.is_none().then_some(1));
                if left != Some(0) {
                    let until = for_ms.map(|ms| self.now.saturating_add(micros(ms)));
                    let execute_after = execute_after_ms.map(micros);
                    self.faults.failing.push(Failing { error, action, left, until, execute_after });
                }
            }
            Fault::Mute { on, action, execute_after_ms, count } => {
                self.faults.muted.retain(|muted| muted.action != action);
                if on && count != Some(0) {
                    let execute_after = execute_after_ms.map(micros);
                    self.faults.muted.push(Muted { action, execute_after, left: count });
                } else {
                    self.abort_unanswered();
                }
            }
            Fault::FalseSuccess { action, count } => {
                self.faults.false_success.retain(|rule| rule.action != action);
                if count > 0 {
                    self.faults.false_success.push(FalseSuccess { action, left: count });
                }
            }
            Fault::Rewrite { kind, action, field, value, count } => {
                let rule = Rewrite { kind, action, field, value, left: count };
                self.faults.rewrites.retain(|other| !rule.replaces(other));
                if count > 0 {
                    self.faults.rewrites.push(rule);
                }
            }
            Fault::ServerClock { on, offset_us, jitter_us } => {
                self.faults.server_clock = on.then_some(ServerClock { offset: offset_us, jitter: jitter_us });
            }
            Fault::EventIds { form } => self.faults.event_ids = form,
            Fault::CaptivePortal { on, at, status, body, content_type, location, cors } => {
                let portal = Portal::new(at, status, body, content_type, location, cors);
                self.faults.portal = on.then_some(portal);
                if !on {
                    self.revive_connections();
                }
            }
            Fault::Reset {} => {
                let mut ready = Vec::new();
                self.faults.reset(self.now, &mut ready);
                self.perform(ready);
                self.release_hanging();
                self.abort_unanswered();
                self.revive_connections();
            }
        }
    }

    /// The silence was the fault's: no connection is closed for it.
    fn revive_connections(&mut self) {
        let now = self.now;
        for conn in self.conns.values_mut() {
            conn.last_activity = now;
            conn.unanswered = 0;
        }
    }

    /// Whoever waited for the token service may ask again.
    fn release_hanging(&mut self) {
        for id in std::mem::take(&mut self.hanging) {
            let body = json!({ "oauth_exception": "temporarily_unavailable", "exception_description": "ask again" });
            self.out.push_back(Output::Http { id, response: HttpResponse::json(500, &body) });
        }
    }

    fn chosen(&self, conn: Option<ConnId>) -> Vec<ConnId> {
        self.conns.keys().copied().filter(|id| conn.is_none_or(|conn| conn == *id)).collect()
    }

    fn garbage(&mut self, wrong_types: bool) {
        let text = if wrong_types {
            json!({
                "version": 3.6, "action": "incoming_event", "type": "push",
                "payload": { "chat_id": 7, "thread_id": null, "event": ["not", "an", "event"] }
            })
            .to_string()
        } else {
            "}{ not JSON \u{fffd}".to_owned()
        };
        for conn in self.chosen(None) {
            self.staged.push((conn, Kind::Push, text.clone()));
        }
    }

    fn end_tokens(&mut self, reason: &str) {
        let tokens: Vec<String> = self.world.tokens.keys().cloned().collect();
        for token in tokens {
            self.end_token(&token, reason);
        }
    }

    /// A token is over: its sockets are told why and closed (§5.4, §5.6).
    pub(crate) fn end_token(&mut self, token: &str, reason: &str) {
        self.commit(Record::TokenGone(token.to_owned()));
        let conns: Vec<ConnId> = self
            .conns
            .iter()
            .filter(|(_, conn)| conn.login.as_ref().is_some_and(|login| login.token == token))
            .map(|(id, _)| *id)
            .collect();
        for conn in conns {
            self.disconnect(conn, reason, None);
        }
    }

    /// The token, if it is good for this organization.
    pub(crate) fn token_of(&self, scheme: &str, token: &str, organization: &str) -> Result<super::Token, ApiError> {
        let token = self.world.tokens.get(token).filter(|token| {
            scheme.eq_ignore_ascii_case("bearer")
                && token.expires_at > self.now
                && token.organization_id == organization
        });
        token.cloned().ok_or_else(|| ApiError::of("authentication"))
    }
}

fn micros(ms: u64) -> Micros {
    Micros::try_from(ms).unwrap_or(Micros::MAX / 1000).saturating_mul(1000)
}
