//! Which tab sends what is kept: a send belongs to one tab at a time, and a tab that slept may have lost its own.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::sim::{Freeze, Sim};

fn say(sim: &mut Sim, chat: &str, id: &str) -> u32 {
    sim.call("sendMessage", json!({ "chatId": chat, "text": id, "customId": id }))
}

fn statuses(sim: &Sim, custom_id: &str) -> Vec<String> {
    let told = sim.told("message_status").into_iter().filter(|told| told["customId"] == custom_id);
    told.map(|told| told["status"].as_str().unwrap().to_owned()).collect()
}

fn waiting(sim: &Sim) -> Vec<String> {
    let rows = sim.session.outbox().to_json();
    rows.as_array().unwrap().iter().map(|row| row["customId"].as_str().unwrap().to_owned()).collect()
}

/// The texts that this page has sent, each as often as it has.
fn sent(sim: &Sim) -> Vec<&str> {
    let sends = sim.sent.iter().filter(|frame| frame["action"] == "send_event");
    sends.map(|frame| frame["payload"]["event"]["text"].as_str().unwrap()).collect()
}

/// The other tab sends what it has taken over.
fn deliver(sim: &mut Sim, chat: &str, id: &str) {
    let customer = sim.told("customer_id")[0].clone();
    let thread = sim.session.chats().to_json()[0]["lastThreadId"].clone();
    let event = json!({ "id": format!("{}_77", thread.as_str().unwrap()), "type": "message", "text": id,
        "author_id": customer, "custom_id": id, "created_at": "2026-03-01T10:00:00.000000Z" });
    let payload = json!({ "chat_id": chat, "thread_id": thread, "event": event });
    sim.agent(json!({ "push": { "action": "incoming_event", "payload": payload } }));
    sim.run(200);
}

#[test]
fn message_taken_over_by_another_tab_leaves_the_outbox_unsent() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    let calls = ["first", "second", "third"].map(|id| say(&mut sim, &chat, id));
    sim.take_over("first");
    sim.take_over("third");
    sim.renew();
    assert_eq!(waiting(&sim), ["second"]);
    for (index, id) in [(0, "first"), (2, "third")] {
        let error = sim.settled[&calls[index]].as_ref().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), ("TAKEN_OVER", false));
        let details = error.details.as_ref().unwrap().to_json();
        assert_eq!(details, json!({ "customId": id, "outcome": "unknown" }));
        assert_eq!(statuses(&sim, id), ["queued", "failed"]);
        let told = sim.told("message_status").into_iter().find(|told| told["status"] == "failed").unwrap();
        assert_eq!(
            (&told["error"]["code"], &told["error"]["details"]["outcome"]),
            (&json!("TAKEN_OVER"), &json!("unknown"))
        );
    }
    // Neither way leads to a second copy.
    assert_eq!(sim.ask("retry", json!({ "customId": "first" })).unwrap_err().code, "VALIDATION");
    let again = say(&mut sim, &chat, "first");
    assert_eq!(sim.settled[&again].as_ref().unwrap_err().code, "VALIDATION");
    sim.start_server(standin::brain::Config::default());
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["second"]);
    assert_eq!(sim.store.elsewhere.len(), 2, "what is another tab's is not touched");
}

#[test]
fn event_of_a_message_taken_over_is_news() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "half_open": { "on": true } }));
    let call = say(&mut sim, &chat, "mine");
    sim.run(100);
    sim.take_over("mine");
    sim.renew();
    assert_eq!(sim.settled[&call].as_ref().unwrap_err().code, "TAKEN_OVER");
    sim.fault(json!({ "half_open": { "on": false } }));
    deliver(&mut sim, &chat, "mine");
    assert_eq!(sim.heard(), ["mine"]);
    assert_eq!(sim.told("new_event").last().unwrap()["customId"], "mine");
    assert_eq!(statuses(&sim, "mine"), ["queued", "sending", "failed"], "nothing more is told of a send");
}

#[test]
fn message_taken_over_and_given_back_is_sent_from_here() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    say(&mut sim, &chat, "mine");
    sim.take_over("mine");
    sim.renew();
    // That tab ends, and leaves it.
    sim.kept.append(&mut sim.store.elsewhere);
    sim.start_server(standin::brain::Config::default());
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["mine"]);
    assert_eq!(statuses(&sim, "mine"), ["queued", "failed", "queued", "sending", "sent"]);
}

/// Its line outlived the sleep, and the first thing that it hears would make it send what waits.
#[test]
fn tab_that_slept_asks_storage_before_it_sends() {
    for timers_first in [false, true] {
        for wakes in [false, true] {
            let (mut sim, chat) = Sim::in_chat();
            sim.fault(json!({ "execute_delay": { "ms": 5_000 } }));
            for id in ["first", "second", "third"] {
                say(&mut sim, &chat, id);
            }
            sim.run(1_000);
            sim.fault(json!({ "execute_delay": { "ms": 0 } }));
            sim.freeze(Freeze { millis: 100_000, clock_stops: false, timers_first, wakes });
            sim.take_over("second");
            sim.take_over("third");
            sim.run(160_000);
            assert_eq!(sent(&sim), ["first"], "timers first: {timers_first}, wakes: {wakes}");
            assert!(waiting(&sim).is_empty());
            assert_eq!(statuses(&sim, "second"), ["queued", "failed"]);
        }
    }
}

#[test]
fn tab_that_slept_sends_what_is_still_its_own() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "execute_delay": { "ms": 5_000 } }));
    let calls = ["first", "second", "third"].map(|id| say(&mut sim, &chat, id));
    sim.run(1_000);
    sim.fault(json!({ "execute_delay": { "ms": 0 } }));
    sim.freeze(Freeze { millis: 100_000, clock_stops: false, timers_first: false, wakes: false });
    sim.take_over("second");
    sim.run(160_000);
    assert_eq!(sim.texts(&chat), ["first", "third"]);
    assert_eq!(calls.map(|call| sim.settled[&call].is_ok()), [true, false, true]);
}

#[test]
fn message_of_an_earlier_page_that_another_tab_takes_before_the_login_is_not_sent() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    say(&mut sim, &chat, "old");
    sim.stored_token = None;
    sim.reload(&json!({}));
    sim.input(Input::Connect);
    sim.run(1_000);
    assert!(waiting(&sim).is_empty(), "nobody knows yet whose it is");
    sim.take_over("old");
    sim.renew();
    sim.start_server(standin::brain::Config::default());
    sim.run(60_000);
    assert_eq!(sim.state(), "connected");
    assert!(sim.texts(&chat).is_empty() && sent(&sim).iter().all(|text| *text != "old"));
}

#[test]
fn new_line_waits_for_storage_before_it_sends() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    say(&mut sim, &chat, "mine");
    sim.store.is_silent = true;
    sim.start_server(standin::brain::Config::default());
    sim.input(Input::Connect);
    sim.until(60_000, |sim| sim.state() == "connected");
    sim.run(500);
    assert_eq!(sent(&sim), [""; 0]);
    sim.store.is_silent = false;
    sim.take_over("mine");
    sim.renew();
    sim.input(Input::Claimed { records: palaver::json::Value::from_json(Json::Array(Vec::new())) });
    sim.run(60_000);
    assert_eq!(sent(&sim), [""; 0]);
    // Storage that says nothing holds nobody up for long.
    sim.store.is_silent = true;
    sim.cut();
    say(&mut sim, &chat, "next");
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["next"]);
}
