//! What stands in the way of a connection is told from the first failure on, and a final refusal is told as such.

use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::hand::Hand;
use crate::sim::Sim;

const SOCKET: &str = "wss://api.livechatinc.com/v3.6/customer/rtm/ws";
const TOKENS: &str = "https://accounts.livechat.com/v2/customer/token";

/// What was told first of why there is no connection.
fn first_trouble(told: &[(&'static str, Json)]) -> Json {
    let mut errors = told.iter().filter(|(name, _)| *name == "state").filter_map(|(_, state)| state.get("error"));
    errors.next().expect("some trouble is told").clone()
}

#[test]
fn server_that_is_down_is_told_at_once_with_its_address() {
    let mut sim = Sim::new();
    sim.kill_server();
    sim.input(Input::Connect);
    sim.run(1_000);
    let error = first_trouble(&sim.told);
    assert_eq!((&error["code"], &error["retryable"]), (&json!("NO_CONNECTION"), &json!(true)));
    assert!(error["message"].as_str().unwrap().contains(SOCKET));
}

#[test]
fn token_service_that_fails_is_told_at_once_with_its_status() {
    let mut sim = Sim::new();
    sim.fault(json!({ "token_service": { "mode": "error", "status": 500 } }));
    sim.input(Input::Connect);
    sim.run(1_000);
    let error = first_trouble(&sim.told);
    assert_eq!((&error["code"], &error["retryable"]), (&json!("NO_TOKEN"), &json!(true)));
    assert_eq!((&error["details"]["url"], &error["details"]["status"]), (&json!(TOKENS), &json!(500)));
}

#[test]
fn socket_that_does_not_open_is_told_with_its_address_and_without_its_query() {
    let mut sim = Sim::new();
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.input(Input::Connect);
    sim.run(1_000);
    let error = first_trouble(&sim.told);
    assert_eq!((&error["code"], &error["details"]["url"]), (&json!("NO_CONNECTION"), &json!(SOCKET)));
    assert!(!error.to_string().contains("organization"), "{error}");
}

#[test]
fn call_that_waits_in_vain_says_where_and_why() {
    let mut sim = Sim::new();
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.input(Input::Connect);
    let error = sim.ask("listChats", json!({})).unwrap_err();
    assert_eq!((error.code.as_str(), error.is_retryable()), ("NO_CONNECTION", true));
    let details = error.details.clone().unwrap().to_json();
    assert_eq!((&details["url"], &details["reason"]), (&json!(SOCKET), &json!("no_connection")));
    assert!(error.message.contains(SOCKET), "{}", error.message);
}

#[test]
fn trouble_is_over_with_the_connection() {
    let mut sim = Sim::new();
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.input(Input::Connect);
    sim.run(2_000);
    sim.fault(json!({ "refuse": { "on": false } }));
    sim.until(60_000, |sim| sim.state() == "connected");
    assert!(sim.told("state").last().unwrap().get("error").is_none());
    sim.input(Input::Disconnect);
    let error = sim.ask("listChats", json!({})).unwrap_err();
    assert_eq!((error.code.as_str(), error.details.is_none()), ("NO_CONNECTION", true));
}

#[test]
fn final_refusal_by_the_token_service_is_the_error_of_what_waits_and_of_what_follows() {
    let mut hand = Hand::new(&json!({}));
    hand.input(Input::Connect);
    let waiting = hand.call("listChats", json!({}));
    hand.answer(400, json!({ "oauth_exception": "invalid_client", "exception_description": "no such client" }));
    assert_eq!(hand.state(), "closed");
    let later = hand.call("listChats", json!({}));
    for call in [waiting, later] {
        let error = hand.settled[&call].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), ("INVALID_CLIENT", false));
        assert!(error.message.contains("no such client"), "{}", error.message);
        let details = error.details.clone().unwrap().to_json();
        assert_eq!((&details["url"], &details["status"]), (&json!(TOKENS), &json!(400)));
    }
    assert_eq!(first_trouble(&hand.told)["code"], "INVALID_CLIENT");
    hand.input(Input::Connect);
    assert_eq!(hand.state(), "connecting", "the page may ask again");
}

#[test]
fn final_refusal_at_the_login_is_the_error_of_what_waits() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "login";
    hand.input(Input::Connect);
    let waiting = hand.call("listChats", json!({}));
    hand.reply("login", false, &json!({ "error": { "type": "license_not_found", "message": "unknown license" } }));
    let error = hand.settled[&waiting].clone().unwrap_err();
    assert_eq!((error.code.as_str(), error.is_retryable()), ("LICENSE_NOT_FOUND", false));
    assert!(error.message.contains("unknown license"), "{}", error.message);
}

#[test]
fn final_farewell_is_the_error_of_what_waits_and_of_what_follows() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "list_chats";
    let waiting = hand.call("listChats", json!({}));
    hand.push("customer_disconnected", &json!({ "reason": "customer_banned" }));
    let later = hand.call("listChats", json!({}));
    for call in [waiting, later] {
        let error = hand.settled[&call].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), ("CUSTOMER_BANNED", false));
    }
}

#[test]
fn environment_without_websocket_is_told_once_and_for_good() {
    for (close, code, remedy) in
        [(1, "WEBSOCKET_UNAVAILABLE", "options.webSocket"), (2, "BLOCKED_BY_CSP", "connect-src")]
    {
        let mut hand = Hand::new(&json!({}));
        hand.input(Input::Connect);
        let waiting = hand.call("listChats", json!({}));
        hand.input(Input::Closed { socket: 1, code: close });
        assert_eq!(hand.state(), "closed");
        let error = hand.settled[&waiting].clone().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), (code, false));
        assert!(error.message.contains(remedy) && error.message.contains(SOCKET), "{}", error.message);
        hand.run(600_000);
        assert_eq!((hand.state(), hand.told("disconnected").len()), ("closed", 1));
    }
}

#[test]
fn token_service_that_the_policy_blocks_is_told_once_and_for_good() {
    let mut hand = Hand::new(&json!({}));
    hand.input(Input::Connect);
    let waiting = hand.call("listChats", json!({}));
    hand.answer(0, json!({ "error": { "type": "blocked_by_csp", "message": "allow this in connect-src" } }));
    assert_eq!(hand.state(), "closed");
    let error = hand.settled[&waiting].clone().unwrap_err();
    assert_eq!((error.code.as_str(), error.is_retryable()), ("BLOCKED_BY_CSP", false));
    assert!(error.message.contains("connect-src") && error.message.contains(TOKENS), "{}", error.message);
    hand.run(600_000);
    assert_eq!((hand.state(), hand.asked.len()), ("closed", 1));
}

#[test]
fn captive_portal_is_weather() {
    let answers = [
        json!({ "at": ["token_service"], "status": 403 }),
        json!({ "at": ["token_service"], "status": 401 }),
        json!({ "at": ["token_service"], "status": 200 }),
        json!({ "at": ["token_service"], "status": 511 }),
        json!({ "at": ["token_service"], "status": 403, "body": "{\"error\":\"login required\"}", "content_type": "application/json" }),
        json!({}),
    ];
    for portal in answers {
        for is_known in [false, true] {
            let mut sim = Sim::new();
            if is_known {
                sim.connect();
                sim.fault(json!({ "expire_tokens": {} }));
            }
            sim.fault(json!({ "captive_portal": portal }));
            sim.input(Input::Connect);
            sim.cut();
            sim.run(600_000);
            assert_eq!(sim.state(), "connecting", "{portal}");
            assert!(sim.told("disconnected").is_empty(), "{portal}");
            sim.fault(json!({ "captive_portal": { "on": false } }));
            sim.until(200_000, |sim| sim.state() == "connected");
        }
    }
}

#[test]
fn captive_portal_in_front_of_a_call_is_told_as_what_may_pass() {
    let mut sim = Sim::with(json!({}), Config::default());
    sim.ask("getToken", json!({})).unwrap();
    for status in [200, 401, 403, 404, 511] {
        sim.fault(json!({ "captive_portal": { "at": ["web_api"], "status": status } }));
        let error = sim.ask("checkGoals", json!({ "pageUrl": "https://x" })).unwrap_err();
        assert!(error.is_retryable(), "{status} {}", error.code);
        sim.fault(json!({ "captive_portal": { "on": false } }));
    }
    assert!(sim.ask("checkGoals", json!({ "pageUrl": "https://x" })).is_ok());
}
