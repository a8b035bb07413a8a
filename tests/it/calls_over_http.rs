//! The Web API and uploads: with a line and without one.

use palaver::json::{Value, names};
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good_token};
use crate::sim::Sim;

/// Where tokens come from.
pub const TOKEN: &str = "https://accounts.livechat.com/v2/customer/token";

/// An argument of `checkGoals`.
pub fn goals() -> Json {
    json!({ "pageUrl": "https://x" })
}

fn refusal(kind: &str) -> Json {
    json!({ "error": { "type": kind, "message": "no" } })
}

/// A session without a line that holds a token.
pub fn with_token() -> Hand {
    let mut hand = Hand::new(&json!({}));
    hand.call("getToken", json!({}));
    hand.answer(200, good_token("s1"));
    hand
}

#[test]
fn a_call_waits_for_a_token_and_needs_no_line() {
    let mut hand = Hand::new(&json!({}));
    let calls = [
        hand.call("checkGoals", goals()),
        hand.call("requestEmailVerification", json!({ "callbackUri": "https://x" })),
    ];
    assert_eq!(hand.asked.len(), 1, "one token serves both");
    let asked = hand.last_asked();
    assert_eq!((asked.verb, asked.url.as_str(), asked.with_credentials, &asked.token), ("POST", TOKEN, true, &None));
    assert_eq!(
        asked.body,
        json!({
            "response_type": "token", "grant_type": "cookie", "client_id": "client", "organization_id": "org",
        })
    );
    hand.answer(200, good_token("s1"));
    assert_eq!(hand.told("customer_id"), [&json!("me")], "without a line the customer is met here");
    let urls: Vec<&str> =
        hand.asked[1..].iter().map(|asked| asked.url.split(['?', '/']).rev().nth(1).unwrap()).collect();
    assert_eq!(urls, ["check_goals", "request_email_verification"]);
    assert!(hand.asked[1..].iter().all(|asked| asked.token.as_deref() == Some("s1") && !asked.with_credentials));
    hand.answer(200, Json::Null);
    assert_eq!(hand.settled[&calls[1]].as_ref().unwrap(), &json!({ "success": true }), "an empty answer is one");
    let ask = hand.asked[1].ask;
    hand.input(Input::Http { ask, status: 200, body: Value::from_json(json!({})), retry_after_ms: None });
    assert_eq!(hand.code(calls[0]), "ok");
    assert_eq!((hand.socket, hand.state()), (None, "idle"));
}

#[test]
fn what_needs_no_token_asks_for_none() {
    let mut hand = Hand::new(&json!({ "region": "fra" }));
    let call = hand.call("listLicenseProperties", json!({}));
    let asked = hand.last_asked();
    let url = "https://api-fra.livechatinc.com/v3.6/customer/action/list_license_properties?organization_id=org";
    assert_eq!((asked.verb, asked.url.as_str(), asked.token), ("GET", url, None));
    hand.answer(200, json!({ "ns": { "a_b": 1 } }));
    assert_eq!(hand.settled[&call].as_ref().unwrap(), &json!({ "ns": { "a_b": 1 } }));
    // A refused token cannot be the reason of a question without one.
    let call = hand.call("listLicenseProperties", json!({}));
    hand.answer(401, refusal("authentication"));
    assert_eq!(hand.code(call), "AUTHENTICATION");
    assert_eq!(hand.asked.len(), 2);
}

#[test]
fn a_refused_token_is_replaced_once() {
    let mut hand = with_token();
    let call = hand.call("checkGoals", goals());
    hand.answer(401, refusal("authentication"));
    assert_eq!(hand.last_asked().url, TOKEN, "a new token is asked for");
    assert_eq!(*hand.stored.last().unwrap(), json!({ "token": null }), "the old one is not kept");
    hand.answer(200, good_token("s2"));
    let again = hand.last_asked();
    assert_eq!(again.token.as_deref(), Some("s2"));
    assert_eq!(again.body["page_url"], "https://x");
    let before = hand.asked.len();
    hand.answer(401, refusal("authentication"));
    assert_eq!(hand.code(call), "AUTHENTICATION", "the second refusal is the answer");
    assert_eq!(hand.asked.len(), before);
    let mut hand = with_token();
    let call = hand.call("checkGoals", goals());
    hand.answer(401, refusal("authentication"));
    hand.answer(200, good_token("s2"));
    hand.answer(200, json!({}));
    assert_eq!(hand.code(call), "ok");
}

#[test]
fn a_token_that_has_ended_is_replaced_by_the_server_in_time() {
    let mut sim = Sim::new();
    sim.ask("checkGoals", goals()).unwrap();
    let before = sim.stored_token.clone().unwrap();
    for fault in ["expire_tokens", "revoke_tokens"] {
        sim.fault(json!({ fault: {} }));
        sim.ask("checkGoals", goals()).unwrap();
        let after = sim.stored_token.clone().unwrap();
        assert_ne!(before["accessToken"], after["accessToken"]);
        assert_eq!(before["entityId"], after["entityId"]);
    }
    assert_eq!((sim.state(), sim.opened_sockets), ("idle", 0));
    // Refused, replaced, refused again.
    sim.fault(json!({ "expire_tokens": {} }));
    let call = sim.call("checkGoals", goals());
    sim.run(70);
    sim.fault(json!({ "expire_tokens": {} }));
    sim.run(100);
    assert_eq!(sim.settled[&call].as_ref().unwrap_err().code, "AUTHENTICATION");
}

#[test]
fn success_that_is_not_json_is_not_the_platforms() {
    for body in [json!("<html>log in first</html>"), json!(7), json!(true)] {
        let mut hand = with_token();
        let call = hand.call("checkGoals", goals());
        hand.answer(200, body.clone());
        let error = hand.settled[&call].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), ("INTERNAL", true), "{body}");
    }
}

#[test]
fn a_strangers_refusal_costs_no_token() {
    for body in [Json::Null, json!("<html>401</html>"), json!({ "message": "log in first" })] {
        let mut hand = with_token();
        let stored = hand.stored.len();
        let call = hand.call("checkGoals", goals());
        hand.answer(401, body);
        assert_eq!(hand.code(call), "SERVICE_UNAVAILABLE");
        assert_eq!((hand.asked.len(), hand.stored.len()), (2, stored), "the token is kept");
    }
}

#[test]
fn request_without_answer_fails_by_its_cause() {
    for (kind, code, may_pass) in
        [("blocked_by_csp", "BLOCKED_BY_CSP", false), ("upload_failed", "UPLOAD_FAILED", true)]
    {
        let mut hand = with_token();
        let call = hand.call("checkGoals", goals());
        hand.answer(0, json!({ "error": { "type": kind, "message": "why" } }));
        let error = hand.settled[&call].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), (code, may_pass), "{kind}");
    }
}

#[test]
fn every_answer_that_is_none_is_an_error_with_a_name() {
    let words = [
        (0, "NO_CONNECTION", true),
        (401, "SERVICE_UNAVAILABLE", true),
        (403, "SERVICE_UNAVAILABLE", true),
        (404, "SERVICE_UNAVAILABLE", true),
        (413, "ENTITY_TOO_LARGE", false),
        (429, "TOO_MANY_REQUESTS", true),
        (500, "INTERNAL", true),
        (502, "SERVICE_UNAVAILABLE", true),
        (503, "SERVICE_UNAVAILABLE", true),
        (504, "SERVICE_UNAVAILABLE", true),
        (302, "INTERNAL", true),
        (418, "INTERNAL", true),
    ];
    for (status, code, may_pass) in words {
        for body in
            [Json::Null, json!([]), json!("<html>"), json!({}), json!({ "error": "no" }), json!({ "error": null })]
        {
            let mut hand = with_token();
            let call = hand.call("checkGoals", goals());
            hand.answer(status, body.clone());
            let error = hand.settled[&call].clone().unwrap_err();
            assert_eq!((error.code.as_str(), error.is_retryable()), (code, may_pass), "{status} {body}");
            assert_eq!(error.details.clone().unwrap().get(names::STATUS).as_number(), Some(f64::from(status)));
        }
        let mut hand = with_token();
        let call = hand.call("checkGoals", goals());
        let body = json!({ "error": { "type": "own_word", "message": "m", "data": { "a_b": 1 } } });
        hand.answer(status, body);
        let error = hand.settled[&call].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), ("OWN_WORD", "m"), "the word counts, not {status}");
        assert_eq!(error.details.clone().unwrap().to_json(), json!({ "aB": 1 }));
    }
}

#[test]
fn no_answer_ends_at_the_deadline() {
    let mut hand = with_token();
    let call = hand.call("checkGoals", goals());
    let late = hand.last_asked().ask;
    hand.run(29_999);
    assert_eq!(hand.code(call), "pending");
    hand.run(1);
    assert_eq!(hand.code(call), "REQUEST_TIMEOUT");
    hand.input(Input::Http { ask: late, status: 200, body: Value::object(), retry_after_ms: None });
    let upload = hand.call("uploadFile", json!({ "file": { "name": "a.txt", "size": 1 } }));
    hand.run(899_999);
    assert_eq!(hand.code(upload), "pending", "a file takes its time");
    hand.run(1);
    assert_eq!(hand.code(upload), "REQUEST_TIMEOUT");
    assert_eq!(hand.session.next_deadline(), None);
}

#[test]
fn an_upload_is_one_request_with_the_file() {
    let mut hand = with_token();
    let call = hand.call("uploadFile", json!({ "file": { "name": "fern.png", "type": "image/png", "size": 9 } }));
    let asked = hand.last_asked();
    let url = "https://api.livechatinc.com/v3.6/customer/action/upload_file?organization_id=org";
    assert_eq!((asked.verb, asked.url.as_str(), asked.has_file, asked.body), ("POST", url, true, Json::Null));
    hand.answer(401, refusal("authentication"));
    hand.answer(200, good_token("s2"));
    assert!(hand.last_asked().has_file, "the file goes again");
    hand.answer(200, json!({ "url": "https://cdn.x/fern.png" }));
    assert_eq!(hand.settled[&call].as_ref().unwrap(), &json!({ "url": "https://cdn.x/fern.png" }));
    let call = hand.call("uploadFile", json!({ "file": { "name": "fern.png", "size": 9 } }));
    hand.answer(413, json!("<html>too large</html>"));
    assert_eq!(hand.code(call), "ENTITY_TOO_LARGE", "a proxy's page is an answer too");
}

#[test]
fn destroying_settles_all() {
    let mut hand = Hand::new(&json!({}));
    let mut calls = vec![hand.call("checkGoals", goals()), hand.call("getToken", json!({}))];
    calls.push(hand.call("getLocalization", json!({ "groupId": 0, "language": "en", "version": "v" })));
    calls.push(hand.call("uploadFile", json!({ "file": { "name": "a.txt", "size": 1 } })));
    calls.push(hand.call("acceptIdentityTransfer", json!({ "code": "c" })));
    hand.input(Input::Destroy);
    for call in calls {
        assert_eq!(hand.code(call), "SDK_DESTROYED");
    }
    let (told, stored, asked) = (hand.told.len(), hand.stored.len(), hand.asked.len());
    for ask in 0..10 {
        let body = Value::from_json(good_token("late"));
        hand.input(Input::Http { ask, status: 200, body, retry_after_ms: None });
    }
    for method in ["getToken", "hasToken", "logout", "checkGoals"] {
        let call = hand.call(method, if method == "checkGoals" { goals() } else { json!({}) });
        assert_eq!(hand.code(call), "SDK_DESTROYED", "{method}");
    }
    assert_eq!((hand.told.len(), hand.stored.len(), hand.asked.len()), (told, stored, asked));
    assert_eq!(hand.session.next_deadline(), None);
}
