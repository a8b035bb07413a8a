//! Why the platform says no, and what follows: one table, one row per reason.

use crate::json::{Value, names};
use crate::model::ChatError;
use crate::model::check::take;
use crate::model::config::integer;
use crate::model::error::code;
use crate::session::Verdict;

/// What follows from each word that ends or refuses a connection: where it is said, the word, what follows, and for how
/// many seconds. A word that nobody has heard of is taken for a passing trouble. `docs/reconnecting.md` has the same
/// rows for people.
///
/// Where: `farewell` the reason of a `customer_disconnected` push (Reference, "Disconnect reasons"), `login` the error
/// of a refused login (Reference, "Errors"), `close` the code of a socket that closes without a farewell (RFC 6455 §7.4),
/// `token` the status of a token service that says nothing else, `send` the error of a refused message: what stands
/// here was not done, of every other word nobody knows.
pub(super) const POLICY: &str = "\
farewell access_token_expired fresh
farewell access_token_revoked fresh
farewell connection_evicted retry
farewell connection_timeout retry
farewell customer_banned stop
farewell customer_temporarily_blocked wait 60
farewell inactivity_timeout stop
farewell internal_error retry
farewell license_expired stop
farewell license_not_found stop
farewell logged_out_remotely stop
farewell misdirected_connection redirect
farewell product_version_changed stop
farewell service_temporarily_unavailable retry
farewell too_many_connections stop
farewell too_many_unauthorized_connections retry
farewell unsupported_version stop
farewell users_limit_reached stop
login authentication fresh
login authorization stop
login customer_banned stop
login group_not_found stop
login license_expired stop
login license_not_found stop
login unsupported_version stop
login users_limit_reached stop
login validation stop
login wrong_product_version stop
close 1000 retry
close 1001 retry
close 1006 retry
close 1008 retry
close 1011 retry
close 1012 retry
close 1013 wait 5
close 4401 fresh
close 4407 fresh
close 4429 wait 10
token 0 retry
token 429 wait 10
token 503 wait 5
send authentication stop
send authorization stop
send chat_anonymized stop
send chat_inactive stop
send customer_banned stop
send entity_too_large stop
send license_expired stop
send limit_reached stop
send not_allowed stop
send not_found stop
send validation stop
";

/// What is said of a request that the platform does not take, and of an answer that is not read.
pub(super) const TOO_LARGE: &str = "the request or its answer is too large; ask for smaller pages";

/// Finds a row.
fn follow(place: &str, word: &str) -> Verdict {
    let mut rows = POLICY;
    while !rows.is_empty() {
        let mut row = take(&mut rows, b'\n');
        if take(&mut row, b' ') == place && take(&mut row, b' ').eq_ignore_ascii_case(word) {
            return match take(&mut row, b' ') {
                "fresh" => Verdict::FreshToken,
                "redirect" => Verdict::Redirect,
                "stop" => Verdict::Stop,
                "wait" => {
                    Verdict::Wait(row.bytes().fold(0, |seconds, digit| seconds * 10 + u64::from(digit & 15)) * 1_000)
                }
                _ => Verdict::Retry,
            };
        }
    }
    Verdict::Retry
}

/// What follows from a `customer_disconnected` push.
pub(super) fn farewell(reason: &str, data: &Value) -> Verdict {
    match follow("farewell", reason) {
        // It may say for how long.
        Verdict::Wait(usual) => {
            let seconds = data.get(names::TIMEOUT).as_number().filter(|seconds| (0.0..86_400.0).contains(seconds));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Verdict::Wait(seconds.map_or(usual, |seconds| (seconds * 1_000.0) as u64))
        }
        verdict @ (Verdict::Retry | Verdict::FreshToken | Verdict::Redirect | Verdict::Stop) => verdict,
    }
}

/// What follows from an error reply to `login`.
pub(super) fn login_verdict(error: &ChatError) -> Verdict {
    follow("login", &error.code)
}

/// What follows from an error reply to `send_event`.
pub(super) fn send_verdict(error: &ChatError) -> Verdict {
    follow("send", &error.code)
}

/// What follows when the socket closes without a farewell.
pub(super) fn close_verdict(code: u16) -> Verdict {
    follow("close", &integer(f64::from(code)))
}

/// The answer to a Web API call (Reference, "Web API"). Only the API's own word is final: networks that want a login first
/// answer for everybody, with whatever status.
pub(super) fn read_http(status: u16, body: Value) -> Result<Value, ChatError> {
    // Methods without a result may answer with nothing at all.
    if (200..300).contains(&status) && (body.is_missing() || body.is_object() || body.is_list()) {
        return Ok(body);
    }
    let error = body.get(names::ERROR);
    if error.is_object() {
        return Err(super::decode::error(&error));
    }
    let (code, text) = match status {
        0 => ("NO_CONNECTION", "the platform could not be reached"),
        413 => (code::ENTITY_TOO_LARGE, TOO_LARGE),
        429 => ("TOO_MANY_REQUESTS", "too many requests; try again later"),
        401..=404 | 502..=504 => ("SERVICE_UNAVAILABLE", "the platform is not available; try again later"),
        _ => ("INTERNAL", "this is not the platform's answer; a network may want a login first"),
    };
    Err(ChatError::new(code, text).with(names::STATUS, f64::from(status)))
}

/// What the token service says instead of a token (Customer authorization, "Errors").
pub(super) fn token_refusal(status: u16, body: &Value) -> (ChatError, Verdict) {
    let blocked = body.get(names::ERROR);
    if status == 0 && blocked.is_object() {
        // The page's own policy, which no later question changes.
        return (super::decode::error(&blocked), Verdict::Stop);
    }
    let kind =
        if body.get(names::OAUTH_EXCEPTION).is_missing() { names::IDENTITY_EXCEPTION } else { names::OAUTH_EXCEPTION };
    let word = body.text(kind);
    let text = body.text(names::EXCEPTION_DESCRIPTION).unwrap_or_default();
    let verdict = match word.as_deref() {
        Some("server_error" | "temporarily_unavailable") => Verdict::Retry,
        Some(_) => Verdict::Stop,
        None => follow("token", &integer(f64::from(status))),
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
    fn the_table_is_the_one_for_people() {
        let page = include_str!("../../../docs/reconnecting.md");
        let mut rows = POLICY.lines();
        for line in page.lines() {
            let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
            if let [_, place @ ("farewell" | "login" | "close" | "token" | "send"), word, row, what, _] = cells[..] {
                assert_eq!(rows.next(), Some(format!("{place} {word} {row}").as_str()));
                assert!(!what.is_empty());
            }
        }
        assert_eq!(rows.next(), None, "a row that people do not see");
    }

    #[test]
    fn what_nobody_has_heard_of_passes() {
        for place in ["farewell", "login", "close", "token", "elsewhere"] {
            assert_eq!(follow(place, "invented_tomorrow"), Verdict::Retry);
        }
        assert_eq!(follow("farewell", "CUSTOMER_BANNED"), Verdict::Stop);
        assert_eq!(close_verdict(1013), Verdict::Wait(5_000));
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
        for status in [200, 400, 401, 403, 404, 511] {
            assert_eq!(verdict(status, Value::missing()), Verdict::Retry, "a stranger's answer");
            assert_eq!(verdict(status, Value::from("<html>")), Verdict::Retry, "a stranger's answer");
        }
    }

    #[test]
    fn a_login_error_nobody_knows_is_retried() {
        assert_eq!(login_verdict(&ChatError::new("SERVICE_UNAVAILABLE", "")), Verdict::Retry);
        assert_eq!(login_verdict(&ChatError::new("AUTHENTICATION", "")), Verdict::FreshToken);
        assert_eq!(login_verdict(&ChatError::new("CUSTOMER_BANNED", "")), Verdict::Stop);
    }
}
