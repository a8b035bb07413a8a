//! Every promise settles, whatever happens.

use palaver::json::names;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::sim::{Freeze, Sim};

fn code(sim: &Sim, call: u32) -> &str {
    match sim.settled.get(&call) {
        Some(Err(error)) => &error.code,
        Some(Ok(_)) => "ok",
        None => "pending",
    }
}

const CALLS: [(&str, &str); 9] = [
    ("listChats", "{}"),
    ("getChat", r#"{"chatId":"C"}"#),
    ("listThreads", r#"{"chatId":"C"}"#),
    ("markEventsAsSeen", r#"{"chatId":"C","seenUpTo":"2026-03-01T10:00:00.000000Z"}"#),
    ("startChat", "{}"),
    ("resumeChat", r#"{"chat":{"id":"C"}}"#),
    ("deactivateChat", r#"{"id":"C"}"#),
    ("updateCustomer", r#"{"name":"A"}"#),
    ("setSneakPeek", r#"{"chatId":"C","sneakPeekText":"x"}"#),
];

fn all(sim: &mut Sim) -> Vec<u32> {
    CALLS.iter().map(|(method, args)| sim.call(method, serde_json::from_str::<Json>(args).unwrap())).collect()
}

#[test]
fn over_a_line_that_swallows_everything() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "half_open": { "on": true } }));
    let calls = all(&mut sim);
    let send = sim.say(&chat, "own 0");
    sim.run(120_000);
    for call in calls {
        assert_ne!(code(&sim, call), "pending");
    }
    assert_eq!(code(&sim, send), "pending", "a message waits longer");
    sim.run(3_600_000);
    assert_eq!(code(&sim, send), "REQUEST_TIMEOUT");
}

#[test]
fn without_a_server() {
    let mut sim = Sim::new();
    sim.brain = None;
    sim.input(Input::Connect);
    let calls = all(&mut sim);
    sim.run(60_000);
    for call in &calls[..8] {
        assert_eq!(code(&sim, *call), "NO_CONNECTION");
    }
}

#[test]
fn at_once_when_nobody_wants_to_connect() {
    let mut sim = Sim::new();
    let calls = all(&mut sim);
    for call in &calls[..8] {
        assert_eq!(code(&sim, *call), "NO_CONNECTION");
    }
}

#[test]
fn when_the_page_disconnects() {
    let (mut sim, chat) = Sim::in_chat();
    let reading = sim.call("listChats", json!({}));
    let closing = sim.call("deactivateChat", json!({ "id": chat }));
    sim.input(Input::Disconnect);
    assert_eq!(code(&sim, reading), "CONNECTION_LOST");
    assert_eq!(code(&sim, closing), "CONNECTION_LOST");
    assert_eq!(sim.state(), "closed");
    assert_eq!(*sim.told("disconnected")[0], Json::Null);
    sim.run(120_000);
    assert_eq!(sim.state(), "closed", "nothing revives it");
    let waiting = sim.say(&chat, "own 0");
    sim.connect();
    sim.until(20_000, |sim| sim.settled.contains_key(&waiting));
    assert_eq!(code(&sim, waiting), "ok");
}

#[test]
fn when_the_page_destroys_the_api_in_any_state() {
    for wait in [0, 10, 30, 50, 70, 90, 500, 20_000] {
        let mut sim = Sim::new();
        sim.input(Input::Connect);
        sim.run(wait);
        let mut calls = all(&mut sim);
        calls.push(sim.say("C", "x"));
        sim.input(Input::Destroy);
        for call in &calls[..8] {
            assert_ne!(code(&sim, *call), "pending", "after {wait} ms");
        }
        assert_eq!(code(&sim, calls[9]), "SDK_DESTROYED");
        let told = sim.told.len();
        let later = sim.call("listChats", json!({}));
        assert_eq!(code(&sim, later), "SDK_DESTROYED");
        sim.input(Input::Connect);
        sim.input(Input::Online);
        sim.run(600_000);
        assert_eq!(sim.told.len(), told, "nothing is told afterwards");
        assert_eq!(sim.session.next_deadline(), None);
    }
}

#[test]
fn reads_survive_an_outage_what_cannot_be_repeated_is_told() {
    let (mut sim, chat) = Sim::in_chat();
    let reading = sim.call("getChat", json!({ "chatId": chat }));
    let closing = sim.call("deactivateChat", json!({ "id": chat }));
    sim.cut();
    sim.run(15_000);
    assert_eq!(code(&sim, reading), "ok");
    assert_eq!(code(&sim, closing), "CONNECTION_LOST");
}

#[test]
fn more_calls_than_the_platform_takes_at_once_take_turns() {
    let (mut sim, chat) = Sim::in_chat();
    let calls: Vec<u32> = (0..50).map(|_| sim.call("getChat", json!({ "chatId": chat }))).collect();
    sim.run(5_000);
    assert!(calls.iter().all(|call| code(&sim, *call) == "ok"));
}

#[test]
fn a_start_whose_push_is_lost_is_looked_up() {
    let mut sim = Sim::connected();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    let chat = sim.start_chat();
    assert_eq!(sim.brain.as_ref().unwrap().chat_ids(), [chat]);
}

#[test]
fn a_start_that_is_done_survives_the_line() {
    let mut sim = Sim::connected();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    let call = sim.call("startChat", json!({}));
    sim.run(100);
    sim.cut();
    sim.until(20_000, |sim| sim.settled.contains_key(&call));
    assert_eq!(code(&sim, call), "ok");
}

#[test]
fn a_start_that_is_never_shown_settles_too() {
    let mut sim = Sim::connected();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    let call = sim.call("startChat", json!({}));
    sim.run(100);
    sim.fault(json!({ "omit_responses": { "count": 1 } }));
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    assert_eq!(code(&sim, call), "REQUEST_TIMEOUT");
}

#[test]
fn a_second_start_names_the_chat_that_there_is() {
    for version in ["3.6", "3.5"] {
        for is_open in [true, false] {
            let mut hand = Hand::live(&json!({ "apiVersion": version }));
            if !is_open {
                hand.push("chat_deactivated", &json!({ "chat_id": "CHAT", "thread_id": "THREAD" }));
            }
            hand.is_served = false;
            let call = hand.call("startChat", json!({}));
            let word = if version == "3.6" { "limit_reached" } else { "chat_limit_reached" };
            hand.reply("start_chat", false, &json!({ "error": { "type": word, "message": "Limit reached" } }));
            let error = hand.settled[&call].clone().unwrap_err();
            assert_eq!((error.code.as_str(), error.is_retryable()), (word.to_uppercase().as_str(), false));
            assert_eq!(error.details.clone().unwrap().text(names::CHAT_ID_).as_deref(), Some("CHAT"));
            assert!(error.message.contains("there is a chat already"), "{}", error.message);
        }
    }
    // Other limits are none of the chat's.
    let mut hand = Hand::live(&json!({}));
    hand.is_served = false;
    let call = hand.call("updateCustomer", json!({ "name": "A" }));
    hand.reply("update_customer", false, &json!({ "error": { "type": "limit_reached", "message": "Limit reached" } }));
    assert_eq!(hand.settled[&call].clone().unwrap_err().message, "Limit reached");
}

#[test]
fn the_servers_refusal_is_the_error() {
    let (mut sim, chat) = Sim::in_chat();
    let error = sim.ask("startChat", json!({})).unwrap_err();
    assert!(["LIMIT_REACHED", "CHAT_LIMIT_REACHED"].contains(&error.code.as_str()), "{error:?}");
    assert_eq!(error.details.clone().unwrap().text(names::CHAT_ID_), Some(chat.clone()), "the chat that there is");
    assert!(error.message.contains("sendMessage") && error.message.contains("resumeChat"), "{}", error.message);
    let error = sim.ask("getChat", json!({ "chatId": "nobody" })).unwrap_err();
    assert_eq!(error.code, "NOT_FOUND");
    sim.ask("deactivateChat", json!({ "id": chat })).unwrap();
    let error =
        sim.ask("sendEvent", json!({ "chatId": chat, "event": { "type": "message", "text": "x" } })).unwrap_err();
    assert_eq!(error.code, "CHAT_INACTIVE");
    let event = sim.ask(
        "sendEvent",
        json!({ "chatId": chat, "attachToLastThread": true, "event": { "type": "custom", "content": { "a_b": 1 } } }),
    );
    assert_eq!(event.unwrap()["content"]["a_b"], 1);
}

#[test]
fn a_send_that_failed_may_be_tried_again_under_its_id() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "half_open": { "on": true, "execute": true } }));
    let call = sim.say(&chat, "own 0");
    sim.until(3_700_000, |sim| sim.settled.contains_key(&call));
    let error = sim.settled[&call].as_ref().unwrap_err().clone();
    assert_eq!(error.code, "REQUEST_TIMEOUT");
    let details = error.details.clone().unwrap().to_json();
    assert_eq!(details["outcome"], "unknown");
    sim.fault(json!({ "half_open": { "on": false } }));
    sim.until(60_000, |sim| sim.state() == "connected");
    let again = json!({ "chatId": chat, "text": "own 0", "customId": details["customId"] });
    sim.ask("sendMessage", again).unwrap();
    assert_eq!(sim.texts(&chat), ["own 0"], "it had landed, so it is not sent twice");
}

#[test]
fn a_client_id_is_used_once() {
    let (mut sim, chat) = Sim::in_chat();
    let args = json!({ "chatId": chat, "text": "x", "customId": "mine" });
    let event = sim.ask("sendMessage", args.clone()).unwrap();
    assert_eq!(event["customId"], "mine");
    assert_eq!(sim.ask("sendMessage", args).unwrap_err().code, "VALIDATION");
}

/// Timers of a hidden page run once a minute; frames come all the while.
#[test]
fn a_deadline_is_seen_to_by_whatever_comes_in() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "get_customer";
    let call = hand.call("getCustomer", json!({}));
    hand.session.next_deadline();
    hand.now += 16_000;
    hand.push("incoming_multicast", &json!({ "content": {} }));
    assert_eq!(hand.code(call), "REQUEST_TIMEOUT");
}

/// The page froze, and its timers go off before what has arrived is handed over.
#[test]
fn an_answer_that_lies_behind_an_overslept_deadline_counts() {
    let (mut sim, chat) = Sim::in_chat();
    let call = sim.call("getChat", json!({ "chatId": chat }));
    sim.freeze(Freeze { millis: 30_000, clock_stops: false, timers_first: true, wakes: false });
    sim.run(40_000);
    assert_eq!(code(&sim, call), "ok");
    // It is waited for once more, not for ever.
    sim.fault(json!({ "omit_responses": { "count": 1 } }));
    let call = sim.call("getChat", json!({ "chatId": chat }));
    sim.freeze(Freeze { millis: 30_000, clock_stops: false, timers_first: true, wakes: false });
    sim.run(40_000);
    assert_eq!(code(&sim, call), "REQUEST_TIMEOUT");
}

/// The thread has to be found first: both steps together take no longer than one.
#[test]
fn call_of_two_steps_against_a_mute_platform_settles_within_the_time_of_one() {
    for (mute, wait) in [("list_threads", 0), ("update_thread_properties", 0), ("update_thread_properties", 14_000)] {
        let (mut sim, chat) = Sim::in_chat();
        sim.fault(json!({ "mute": { "action": mute } }));
        sim.fault(json!({ "execute_delay": { "ms": wait } }));
        let asked = sim.now;
        let error = sim.ask("rateChat", json!({ "chatId": chat, "rating": { "score": 1 } })).unwrap_err();
        assert_eq!(error.code, "REQUEST_TIMEOUT", "{mute}");
        assert!(sim.now - asked <= 16_500, "{mute}: {} ms", sim.now - asked);
    }
}
