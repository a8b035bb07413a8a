//! Why the platform says no, and what follows: one table, one row per reason.

use crate::json::{Value, names};
use crate::model::ChatError;
use crate::session::Verdict;

/// What follows from a `customer_disconnected` push (Reference, "Disconnect reasons"). A reason nobody has heard of
/// is taken for a passing one.
pub(super) fn farewell(reason: &str, data: &Value) -> Verdict {
    match reason {
        "access_token_revoked" | "access_token_expired" => Verdict::FreshToken,
        "misdirected_connection" => Verdict::Redirect,
        "customer_banned"
        | "license_expired"
        | "license_not_found"
        | "logged_out_remotely"
        | "product_version_changed"
        | "too_many_connections"
        | "unsupported_version"
        | "users_limit_reached"
        | "inactivity_timeout" => Verdict::Stop,
        "customer_temporarily_blocked" => {
            let seconds = data.get(names::TIMEOUT).as_number().filter(|seconds| (0.0..86_400.0).contains(seconds));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            seconds.map_or(Verdict::Wait(60_000), |seconds| Verdict::Wait((seconds * 1_000.0) as u64))
        }
        // connection_evicted, connection_timeout, internal_error, service_temporarily_unavailable,
        // too_many_unauthorized_connections, and what is still to be invented.
        _ => Verdict::Retry,
    }
}

/// What follows from an error reply to `login` (Reference, "Errors").
pub(super) fn login_verdict(error: &ChatError) -> Verdict {
    match error.code.as_str() {
        "AUTHENTICATION" => Verdict::FreshToken,
        "CUSTOMER_BANNED"
        | "LICENSE_EXPIRED"
        | "LICENSE_NOT_FOUND"
        | "UNSUPPORTED_VERSION"
        | "USERS_LIMIT_REACHED"
        | "VALIDATION"
        | "WRONG_PRODUCT_VERSION"
        | "AUTHORIZATION"
        | "GROUP_NOT_FOUND" => Verdict::Stop,
        _ => Verdict::Retry,
    }
}

/// The answer to a Web API call (Reference, "Web API"). What is not the API's own word is told by the status.
pub(super) fn read_http(status: u16, body: Value) -> Result<Value, ChatError> {
    if (200..300).contains(&status) {
        // Methods without a result may answer with nothing at all.
        return Ok(if body.is_missing() { Value::object() } else { body });
    }
    let error = body.get(names::ERROR);
    if error.is_object() {
        return Err(super::decode::error(&error));
    }
    let (code, text) = match status {
        0 => ("NO_CONNECTION", "the platform could not be reached"),
        401 => ("AUTHENTICATION", "the token was refused"),
        403 => ("AUTHORIZATION", "this customer may not do that"),
        404 => ("NOT_FOUND", "the platform knows nothing of the kind"),
        413 => ("ENTITY_TOO_LARGE", "the platform takes no request of this size"),
        429 => ("TOO_MANY_REQUESTS", "too many requests; try again later"),
        502..=504 => ("SERVICE_UNAVAILABLE", "the platform is not available; try again later"),
        _ => ("INTERNAL", "the platform gave an answer that is none"),
    };
    Err(ChatError::new(code, text).with(names::STATUS, f64::from(status)))
}

/// What the token service says instead of a token (Customer authorization, "Errors").
pub(super) fn token_refusal(status: u16, body: &Value) -> (ChatError, Verdict) {
    let kind =
        if body.get(names::OAUTH_EXCEPTION).is_missing() { names::IDENTITY_EXCEPTION } else { names::OAUTH_EXCEPTION };
    let word = body.text(kind);
    let text = body.text(names::EXCEPTION_DESCRIPTION).unwrap_or_default();
    let verdict = match word.as_deref() {
        Some("server_error" | "temporarily_unavailable") => Verdict::Retry,
        Some(_) => Verdict::Stop,
        None if status == 401 || status == 403 => Verdict::FreshToken,
        None => Verdict::Retry,
    };
    let code = word.unwrap_or_else(|| "no_token".to_owned()).to_ascii_uppercase();
    let text = if text.is_empty() { "the token service gave no token".to_owned() } else { text };
    let error = ChatError::new(code, text);
    (if body.get(kind).is_missing() { error } else { error.with(names::EXCEPTION, kind) }, verdict)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_verdict() {
        let verdict = |reason| farewell(reason, &Value::missing());
        for reason in ["access_token_revoked", "access_token_expired"] {
            assert_eq!(verdict(reason), Verdict::FreshToken, "{reason}");
        }
        for reason in [
            "connection_evicted",
            "connection_timeout",
            "internal_error",
            "service_temporarily_unavailable",
            "too_many_unauthorized_connections",
            "invented_tomorrow",
        ] {
            assert_eq!(verdict(reason), Verdict::Retry, "{reason}");
        }
        for reason in [
            "customer_banned",
            "inactivity_timeout",
            "license_expired",
            "license_not_found",
            "logged_out_remotely",
            "product_version_changed",
            "too_many_connections",
            "unsupported_version",
            "users_limit_reached",
        ] {
            assert_eq!(verdict(reason), Verdict::Stop, "{reason}");
        }
        assert_eq!(verdict("misdirected_connection"), Verdict::Redirect);
    }

    #[test]
    fn a_block_is_waited_out() {
        let data = Value::from_json(serde_json::json!({ "timeout": 7 }));
        assert_eq!(farewell("customer_temporarily_blocked", &data), Verdict::Wait(7_000));
        let odd = Value::from_json(serde_json::json!({ "timeout": -1 }));
        assert_eq!(farewell("customer_temporarily_blocked", &odd), Verdict::Wait(60_000));
    }

    #[test]
    fn a_failing_token_service_is_asked_again_a_refusing_one_is_not() {
        let body = |json| Value::from_json(json);
        let verdict = |status, body: Value| token_refusal(status, &body).1;
        assert_eq!(verdict(500, body(serde_json::json!({ "oauth_exception": "server_error" }))), Verdict::Retry);
        assert_eq!(
            verdict(401, body(serde_json::json!({ "identity_exception": "unauthorized_client" }))),
            Verdict::Stop
        );
        assert_eq!(verdict(0, Value::missing()), Verdict::Retry);
        assert_eq!(verdict(502, Value::missing()), Verdict::Retry);
        assert_eq!(verdict(401, Value::missing()), Verdict::FreshToken);
    }

    #[test]
    fn a_login_error_nobody_knows_is_retried() {
        assert_eq!(login_verdict(&ChatError::new("SERVICE_UNAVAILABLE", "")), Verdict::Retry);
        assert_eq!(login_verdict(&ChatError::new("AUTHENTICATION", "")), Verdict::FreshToken);
        assert_eq!(login_verdict(&ChatError::new("CUSTOMER_BANNED", "")), Verdict::Stop);
    }
}
