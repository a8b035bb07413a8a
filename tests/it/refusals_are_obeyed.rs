//! Who is sent away stays away; who is told to come back comes back.

use palaver::session::Input;
use serde_json::json;

use crate::sim::Sim;

fn told_off(reason: &str) -> Sim {
    let mut sim = Sim::connected();
    sim.fault(json!({ "disconnect": { "reason": reason } }));
    sim.run(60_000);
    sim
}

#[test]
fn passing_reasons_lead_back() {
    for reason in [
        "connection_evicted",
        "connection_timeout",
        "internal_error",
        "service_temporarily_unavailable",
        "invented_tomorrow",
    ] {
        let sim = told_off(reason);
        assert_eq!(sim.state(), "connected", "{reason}");
        assert_eq!(sim.told("connection_restored").len(), 1, "{reason}");
        assert_eq!(sim.told("connection_lost").len(), 1, "{reason}");
        assert!(sim.told("disconnected").is_empty(), "{reason}");
        assert_eq!(sim.told("customer_disconnected")[0]["reason"], reason);
    }
}

#[test]
fn final_reasons_do_not() {
    for reason in [
        "customer_banned",
        "license_expired",
        "license_not_found",
        "logged_out_remotely",
        "product_version_changed",
        "too_many_connections",
        "unsupported_version",
    ] {
        let mut sim = told_off(reason);
        assert_eq!(sim.state(), "closed", "{reason}");
        assert_eq!(*sim.told("disconnected")[0], *reason);
        assert_eq!(sim.opened_sockets, 1, "{reason}");
        sim.input(Input::Online);
        sim.input(Input::Awake);
        sim.run(60_000);
        assert_eq!(sim.opened_sockets, 1, "only the page's own connect() helps");
        sim.input(Input::Connect);
        sim.until(5_000, |sim| sim.state() == "connected");
    }
}

#[test]
fn tokens_that_expire_or_are_revoked_are_replaced_at_once() {
    for fault in ["expire_tokens", "revoke_tokens"] {
        let mut sim = Sim::connected();
        let before = sim.stored_token.clone().unwrap();
        sim.fault(json!({ fault: {} }));
        sim.until(2_000, |sim| sim.told("connection_restored").len() == 1);
        let after = sim.stored_token.clone().unwrap();
        assert_ne!(before["accessToken"], after["accessToken"]);
        assert_eq!(before["entityId"], after["entityId"]);
        assert_eq!(sim.told("customer_id").len(), 1);
    }
}

#[test]
fn a_kept_token_that_is_no_good_is_replaced() {
    let mut sim = Sim::connected();
    sim.input(Input::Disconnect);
    sim.fault(json!({ "expire_tokens": {} }));
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(sim.told("connected").len(), 1);
}

#[test]
fn a_failing_token_service_is_asked_with_patience() {
    let mut sim = Sim::new();
    sim.fault(json!({ "token_service": { "mode": "error", "status": 500 } }));
    sim.input(Input::Connect);
    sim.run(600_000);
    assert_eq!(sim.state(), "connecting");
    assert!(sim.opened_sockets <= 12, "{} attempts in ten minutes", sim.opened_sockets);
    sim.fault(json!({ "token_service": { "mode": "ok" } }));
    sim.until(151_000, |sim| sim.state() == "connected");
}

#[test]
fn a_hanging_token_service_is_given_up() {
    let mut sim = Sim::new();
    sim.fault(json!({ "token_service": { "mode": "hang" } }));
    sim.input(Input::Connect);
    sim.run(60_000);
    assert!((2..10).contains(&sim.opened_sockets), "{} attempts in a minute", sim.opened_sockets);
    sim.fault(json!({ "token_service": { "mode": "ok" } }));
    sim.until(40_000, |sim| sim.state() == "connected");
}

#[test]
fn a_provider_without_tokens_is_no_hot_loop() {
    let mut sim = Sim::with(json!({ "identityProvider": true }), standin::brain::Config::default());
    sim.input(Input::Connect);
    sim.run(600_000);
    assert!(sim.opened_sockets <= 12, "{} attempts in ten minutes", sim.opened_sockets);
    assert!(!sim.told("warning").is_empty());
}

#[test]
fn another_customer_does_not_see_the_last_ones_chats() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    let waiting = sim.say(&chat, "for me");
    // A server that has forgotten everybody: the cookies are worth nothing there.
    sim.brain = Some(standin::brain::Brain::new(standin::brain::Config { seed: 99, ..Default::default() }));
    sim.run(120_000);
    assert_eq!(sim.state(), "connected");
    assert_eq!(sim.told("customer_id").len(), 2);
    assert_eq!(sim.settled[&waiting].as_ref().unwrap_err().code, "IDENTITY_CHANGED");
    assert_eq!(sim.session.chats().to_json(), json!([]));
}
