//! Nothing is sent a second time before the first attempt can no longer land and a read has shown that it did not.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::sim::Sim;

/// The customer's messages with this text on the server.
fn copies(sim: &Sim, chat: &str, text: &str) -> usize {
    sim.texts(chat).iter().filter(|known| *known == text).count()
}

fn sends(sim: &Sim) -> usize {
    sim.sent.iter().filter(|frame| frame["action"] == "send_event").count()
}

/// Tries again until it succeeds, as a page may.
fn retry(sim: &mut Sim, custom_id: &str) -> Json {
    for _ in 0..10 {
        if let Ok(event) = sim.ask("retry", json!({ "customId": custom_id })) {
            return event;
        }
    }
    panic!("it never succeeds");
}

/// A send that fails as `unknown` while the server will carry it out later.
fn timed_out(custom_id: &str) -> (Sim, String) {
    let (mut sim, chat) = Sim::in_chat();
    sim.reload(&json!({ "sendTimeoutMs": 10_000 }));
    sim.connect();
    sim.run(1_000);
    sim.fault(json!({ "mute": { "action": "send_event", "execute_after_ms": 14_000, "count": 1 } }));
    let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "once", "customId": custom_id }));
    sim.run(100);
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.cut();
    sim.until(12_000, |sim| sim.settled.contains_key(&call));
    let details = sim.settled[&call].as_ref().unwrap_err().details.clone().unwrap().to_json();
    assert_eq!(details["outcome"], "unknown");
    sim.fault(json!({ "refuse": { "on": false } }));
    sim.input(Input::Reconnect);
    sim.until(1_000, |sim| sim.state() == "connected");
    (sim, chat)
}

#[test]
fn retry_while_the_first_attempt_may_land_waits_for_it() {
    let (mut sim, chat) = timed_out("id-1");
    assert_eq!(retry(&mut sim, "id-1")["text"], "once");
    sim.run(60_000);
    assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 1));
}

#[test]
fn send_under_the_same_id_while_the_first_attempt_may_land_waits_for_it() {
    let (mut sim, chat) = timed_out("id-1");
    let again = sim.ask("sendMessage", json!({ "chatId": chat, "text": "once", "customId": "id-1" }));
    assert_eq!(again.unwrap()["text"], "once");
    sim.run(60_000);
    assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 1));
}

#[test]
fn retry_by_a_later_page_while_the_first_attempt_may_land_waits_for_it() {
    let (mut sim, chat) = timed_out("id-1");
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(retry(&mut sim, "id-1")["text"], "once");
    sim.run(60_000);
    assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 1));
}

#[test]
fn retry_of_what_never_landed_sends_it() {
    let (mut sim, chat) = Sim::in_chat();
    sim.reload(&json!({ "sendTimeoutMs": 10_000 }));
    sim.connect();
    sim.run(1_000);
    sim.fault(json!({ "half_open": { "on": true } }));
    let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "once", "customId": "id-1" }));
    sim.run(100);
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.cut();
    sim.until(12_000, |sim| sim.settled.contains_key(&call));
    sim.fault(json!({ "half_open": { "on": false } }));
    sim.fault(json!({ "refuse": { "on": false } }));
    assert_eq!(retry(&mut sim, "id-1")["text"], "once");
    assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 2));
}

#[test]
fn refusal_that_is_carried_out_later_is_not_sent_again() {
    for kind in ["service_unavailable", "too_many_requests", "pending_requests_limit_reached", "internal", "odd_word"] {
        for later in [1_000, 4_000, 14_000] {
            let (mut sim, chat) = Sim::in_chat();
            sim.fault(json!({ "fail": { "type": kind, "action": "send_event", "execute_after_ms": later } }));
            let call = sim.say(&chat, "once");
            sim.until(60_000, |sim| sim.settled.contains_key(&call));
            assert_eq!(sim.settled[&call].as_ref().unwrap()["text"], "once", "{kind}");
            sim.run(60_000);
            assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 1), "{kind} {later}");
        }
    }
}

#[test]
fn refusal_that_is_carried_out_later_is_not_sent_again_by_retry() {
    let (mut sim, chat) = Sim::in_chat();
    sim.reload(&json!({ "sendTimeoutMs": 10_000 }));
    sim.connect();
    sim.run(1_000);
    sim.fault(json!({ "fail": { "type": "too_many_requests", "action": "send_event", "execute_after_ms": 14_000 } }));
    let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "once", "customId": "id-1" }));
    sim.until(12_000, |sim| sim.settled.contains_key(&call));
    assert!(sim.settled[&call].is_err());
    assert_eq!(retry(&mut sim, "id-1")["text"], "once");
    assert_eq!((copies(&sim, &chat, "once"), sends(&sim)), (1, 1));
}

#[test]
fn unknown_refusal_of_what_is_not_stored_fails_with_it() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "fail": { "type": "odd_word", "message": "no", "action": "send_event" } }));
    let call = sim.say(&chat, "never");
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    let error = sim.settled[&call].as_ref().unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("ODD_WORD", "no"));
    assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "not_sent");
    assert_eq!((copies(&sim, &chat, "never"), sends(&sim)), (0, 1));
}

#[test]
fn success_that_stores_nothing_fails_with_the_outcome_unknown() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "false_success": {} }));
    let call = sim.say(&chat, "lost");
    let next = sim.say(&chat, "next");
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    let error = sim.settled[&call].as_ref().unwrap_err();
    assert_eq!(error.code, "REQUEST_TIMEOUT");
    assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "unknown");
    sim.run(10_000);
    assert!(sim.settled[&next].as_ref().unwrap()["id"].is_string());
    // It is the page's to try again.
    let rows = sim.session.outbox().to_json();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["status"]), (1, &json!("failed")));
    let custom_id = rows[0]["customId"].clone();
    assert!(sim.ask("retry", json!({ "customId": custom_id })).unwrap()["id"].is_string());
    assert_eq!(sim.texts(&chat), ["next", "lost"]);
}

fn assert_both(sim: &mut Sim, chat: &str, call: u32) {
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    assert_eq!(sim.settled[&call].as_ref().unwrap()["text"], "mine");
    sim.run(60_000);
    assert_eq!((copies(sim, chat, "mine"), copies(sim, chat, "theirs")), (1, 1));
    assert_eq!(sim.heard(), ["theirs"], "another device's words are news here");
}

#[test]
fn same_id_on_another_device_during_an_outage_is_not_the_echo() {
    let (mut sim, chat) = Sim::in_chat();
    sim.cut();
    sim.until(1_000, |sim| sim.state() == "connecting");
    let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "mine", "customId": "x" }));
    sim.other_device_says(&chat, "theirs", "x");
    assert_both(&mut sim, &chat, call);
}

#[test]
fn same_id_on_another_device_while_a_send_is_on_its_way_is_not_the_echo() {
    for wait in [0, 5, 15] {
        let (mut sim, chat) = Sim::in_chat();
        sim.link.latency_ms = 20;
        let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "mine", "customId": "x" }));
        sim.run(wait);
        sim.other_device_says(&chat, "theirs", "x");
        assert_both(&mut sim, &chat, call);
    }
}

#[test]
fn same_id_on_another_device_before_the_send_is_not_the_echo() {
    let (mut sim, chat) = Sim::in_chat();
    sim.other_device_says(&chat, "theirs", "x");
    sim.run(1_000);
    let call = sim.call("sendMessage", json!({ "chatId": chat, "text": "mine", "customId": "x" }));
    sim.cut();
    assert_both(&mut sim, &chat, call);
}

#[test]
fn same_id_before_the_send_is_not_the_echo_for_a_later_page_either() {
    let (mut sim, chat) = Sim::in_chat();
    sim.other_device_says(&chat, "theirs", "x");
    sim.run(1_000);
    sim.fault(json!({ "half_open": { "on": true } }));
    sim.call("sendMessage", json!({ "chatId": chat, "text": "mine", "customId": "x" }));
    sim.run(100);
    sim.reopen(&json!({}));
    sim.fault(json!({ "half_open": { "on": false } }));
    sim.connect();
    sim.run(60_000);
    assert_eq!((copies(&sim, &chat, "mine"), copies(&sim, &chat, "theirs")), (1, 1));
    let statuses: Vec<&Json> = sim.told("message_status").iter().map(|told| &told["status"]).collect();
    assert_eq!(statuses.last(), Some(&&json!("sent")));
}

#[test]
fn words_of_a_customer_who_never_comes_back_are_shown_as_failed() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.cut();
    sim.run(1_000);
    sim.call("sendMessage", json!({ "chatId": chat, "text": "mine", "customId": "x" }));
    sim.run(1_000);
    sim.reopen(&json!({}));
    sim.forget_customer();
    sim.fault(json!({ "refuse": { "on": false } }));
    sim.connect();
    sim.run(20_000);
    let rows = sim.session.outbox().to_json();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["status"]), (1, &json!("failed")));
    assert_eq!((&rows[0]["event"]["text"], &rows[0]["error"]["code"]), (&json!("mine"), &json!("IDENTITY_CHANGED")));
    let status = sim.told("message_status").last().copied().cloned().unwrap();
    assert_eq!((&status["status"], &status["error"]["code"]), (&json!("failed"), &json!("IDENTITY_CHANGED")));
    // It is the page's to offer: still there for the next one, gone when it is discarded.
    sim.reopen(&json!({}));
    sim.connect();
    sim.run(5_000);
    assert_eq!(sim.session.outbox().to_json()[0]["status"], "failed");
    sim.ask("discard", json!({ "customId": "x" })).unwrap();
    assert!(sim.kept.is_empty());
    assert_eq!(copies(&sim, &chat, "mine"), 0);
}

#[test]
fn words_of_a_person_whom_the_application_knows_are_not_shown_to_another() {
    let records = json!([{
        "customId": "x", "customer": "somebody-else", "resumes": true, "createdAt": 1_772_323_200_000_u64,
        "expiresAt": 1_772_326_800_000_u64,
        "payload": { "chat_id": "C", "event": { "type": "message", "text": "private", "custom_id": "x" } },
    }]);
    let mut hand = crate::hand::Hand::new(&json!({ "identityProvider": true }));
    hand.is_served = true;
    hand.input(Input::Connect);
    let (ask, _) = hand.identities[0];
    let token = json!({ "accessToken": "t", "entityId": "me", "expiresIn": 3_600_000, "tokenType": "Bearer" });
    hand.input(Input::Identity { ask, token: palaver::json::Value::from_json(token) });
    hand.input(Input::Claimed { records: palaver::json::Value::from_json(records) });
    hand.run(5_000);
    assert_eq!(hand.session.outbox().to_json(), json!([]));
}
