//! One token for all tabs of a visitor: a session asks, another tab's token answers, and the session decides whether
//! that serves.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good_token};

/// The wall's clock when a session begins.
const EPOCH_MS: u64 = 1_772_323_200_000;
const LIFE_MS: u64 = 28_800_000;

/// What another tab stored.
fn stored(secret: &str, customer: &str, created: u64) -> Json {
    json!({
        "accessToken": secret, "entityId": customer, "expiresIn": LIFE_MS, "tokenType": "Bearer",
        "creationDate": created, "organizationId": "org",
    })
}

fn give(hand: &mut Hand, token: &Json) {
    let ask = hand.last_asked().ask;
    answer(hand, ask, token);
}

fn answer(hand: &mut Hand, ask: u32, token: &Json) {
    hand.input(Input::Http { ask, status: 0, body: Value::from_json(token.clone()), retry_after_ms: None });
}

#[test]
fn token_of_another_tab_answers_whoever_waits() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "token";
    hand.input(Input::Connect);
    let calls = [hand.call("getToken", json!({})), hand.call("getFreshToken", json!({}))];
    assert_eq!((hand.asked.len(), hand.last_asked().is_fresh), (1, false));
    hand.run(1_000);
    give(&mut hand, &stored("theirs", "me", EPOCH_MS + 500));
    for call in calls {
        assert_eq!(hand.settled[&call].as_ref().unwrap()["accessToken"], "theirs");
    }
    assert_eq!((hand.state(), hand.asked.len()), ("connected", 1));
    assert_eq!(hand.last("login")["payload"]["token"], "Bearer theirs");
    assert_eq!(hand.told("customer_id"), [&json!("me")]);
    assert!(hand.told("warning").is_empty());
}

#[test]
fn unusable_token_of_another_tab_leads_to_a_request() {
    for token in [
        json!("theirs"),
        json!([]),
        json!({}),
        stored("", "me", EPOCH_MS),
        stored("theirs", "", EPOCH_MS),
        stored("theirs", "me", EPOCH_MS - LIFE_MS),
        stored("theirs", "me", EPOCH_MS - LIFE_MS + 30_000),
        stored("theirs", "me", EPOCH_MS + 60_000),
    ] {
        let mut hand = Hand::new(&json!({}));
        let call = hand.call("getToken", json!({}));
        give(&mut hand, &token);
        assert_eq!((hand.asked.len(), hand.last_asked().is_fresh), (2, true), "{token}");
        // The answer to the first question says nothing any more.
        let ask = hand.asked[0].ask;
        answer(&mut hand, ask, &stored("late", "me", EPOCH_MS));
        assert_eq!(hand.code(call), "pending", "{token}");
        hand.answer(200, good_token("own"));
        assert_eq!(hand.settled[&call].as_ref().unwrap()["accessToken"], "own", "{token}");
    }
}

#[test]
fn fresh_token_is_asked_for_as_such_and_is_never_the_present_one() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "token";
    let call = hand.call("getFreshToken", json!({}));
    assert!(hand.last_asked().is_fresh);
    let present = hand.stored.last().unwrap()["token"].clone();
    let asked = hand.asked.len();
    give(&mut hand, &present);
    assert_eq!((hand.code(call), hand.asked.len()), ("pending", asked + 1));
    hand.run(10);
    give(&mut hand, &stored("theirs", "me", EPOCH_MS + 10));
    assert_eq!(hand.settled[&call].as_ref().unwrap()["accessToken"], "theirs");
}

#[test]
fn refused_token_is_not_taken_back_from_storage() {
    let mut hand = Hand::live(&json!({}));
    let refused = hand.stored.last().unwrap()["token"].clone();
    hand.kept = "token";
    let asked = hand.asked.len();
    hand.push("customer_disconnected", &json!({ "reason": "access_token_revoked" }));
    assert_eq!(hand.asked.len(), asked + 1);
    give(&mut hand, &refused);
    assert_eq!((hand.state(), hand.asked.len()), ("connecting", asked + 2), "asked again");
    hand.run(20);
    // Another tab was refused as well, and was quicker.
    give(&mut hand, &stored("theirs", "me", EPOCH_MS + 20));
    assert_eq!((hand.state(), hand.asked.len()), ("connected", asked + 2));
    assert_eq!(hand.last("login")["payload"]["token"], "Bearer theirs");
}

#[test]
fn logged_out_customer_does_not_come_back_from_another_tab() {
    let mut hand = Hand::live(&json!({}));
    hand.run(1_000);
    hand.kept = "token";
    hand.call("logout", json!({}));
    hand.input(Input::Connect);
    let asked = hand.asked.len();
    // A tab that is still logged in has stored its next token.
    give(&mut hand, &stored("theirs", "me", EPOCH_MS + 500));
    assert_eq!((hand.state(), hand.asked.len()), ("connecting", asked + 1));
    give(&mut hand, &stored("new", "somebody", EPOCH_MS + 600));
    assert_eq!((hand.state(), hand.asked.len()), ("connected", asked + 1));
    assert_eq!(hand.last("login")["payload"]["token"], "Bearer new");
}

#[test]
fn answer_to_a_question_before_logout_says_nothing() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "token";
    hand.input(Input::Connect);
    let before = hand.last_asked().ask;
    hand.call("logout", json!({}));
    hand.input(Input::Connect);
    answer(&mut hand, before, &stored("old", "old", EPOCH_MS));
    assert_eq!(hand.state(), "connecting");
    assert!(hand.stored.iter().all(|stored| stored["token"].is_null()));
}

#[test]
fn refresh_takes_the_next_token_of_another_tab() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "token";
    let asked = hand.asked.len();
    while hand.asked.len() == asked {
        hand.step();
    }
    assert!(!hand.last_asked().is_fresh);
    let now = EPOCH_MS + hand.now;
    // One that ends earlier than the present one helps nobody.
    give(&mut hand, &stored("older", "me", EPOCH_MS - 1_000));
    assert_eq!(hand.asked.len(), asked + 2);
    give(&mut hand, &stored("theirs", "me", now - 60_000));
    assert_eq!(hand.stored.last().unwrap()["token"]["accessToken"], "theirs");
    hand.run(LIFE_MS / 2);
    assert_eq!((hand.asked.len(), hand.state()), (asked + 2, "connected"));
    assert_eq!(hand.ask("getToken", json!({})).unwrap()["accessToken"], "theirs");
}
