//! A chat whose threads are longer than what is read of one frame: less is asked for, then its newest part is told.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::sim::Sim;

/// A chat whose newest thread is too long; customers are not told of most of it.
fn too_long() -> (Sim, String, Json) {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "fill": { "messages": 1_030, "bytes": 16_300 } }));
    sim.agent(json!({ "message": { "text": "known" } }));
    sim.run(30_000);
    let known = sim.told("incoming_event").last().unwrap()["event"].clone();
    sim.told.clear();
    sim.sent.clear();
    (sim, chat, known)
}

/// The same without the length: replies as the reader leaves them of what is too long.
fn as_if_too_long() -> (Sim, String) {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": "known" } }));
    sim.run(1_000);
    sim.told.clear();
    let rewrite = json!({ "kind": "response", "action": "list_threads", "value": 0, "count": 10_000 });
    sim.fault(json!({ "rewrite": rewrite }));
    (sim, chat)
}

fn away(sim: &mut Sim, what: impl FnOnce(&mut Sim)) {
    sim.cut();
    sim.run(30);
    what(sim);
    sim.run(20_000);
    assert_eq!(sim.state(), "connected");
}

fn reads(sim: &Sim) -> Vec<&Json> {
    sim.sent.iter().filter(|frame| frame["action"] == "list_threads").map(|frame| &frame["payload"]).collect()
}

#[test]
fn an_outage_is_one_gap_up_to_the_newest_message() {
    let (mut sim, chat, known) = too_long();
    away(&mut sim, |sim| {
        sim.agent(json!({ "message": { "text": "missed" } }));
        sim.agent(json!({ "message": { "text": "newest" } }));
    });
    assert_eq!(sim.heard(), ["newest"]);
    let newest = sim.told("incoming_event")[0]["event"]["createdAt"].clone();
    let gaps = sim.told("history_gap");
    assert_eq!(gaps, [&json!({ "chatId": chat, "from": known["createdAt"], "to": newest })]);
    assert!(reads(&sim).len() <= 2);
    let send = sim.say(&chat, "own");
    sim.agent(json!({ "message": { "text": "live" } }));
    sim.run(1_000);
    assert_eq!(sim.heard(), ["newest", "live"]);
    assert!(sim.settled[&send].is_ok());
    // What is known to be too long is not asked for, and a wake or an outage in which nothing is said is no gap.
    sim.sent.clear();
    sim.input(Input::Awake);
    sim.run(10_000);
    away(&mut sim, |_| {});
    sim.run(60_000);
    assert!(reads(&sim).is_empty());
    assert_eq!((sim.told("history_gap").len(), sim.told("connection_lost").len()), (1, 2));
    assert_eq!(sim.opened_sockets, 3);
    // The next outage is the next gap.
    away(&mut sim, |sim| drop(sim.agent(json!({ "message": { "text": "newest again" } }))));
    assert_eq!(sim.heard(), ["newest", "live", "newest again"]);
    assert_eq!(sim.told("history_gap").len(), 2);
}

#[test]
fn its_end_is_told_though_it_cannot_be_read() {
    let (mut sim, chat, _) = too_long();
    away(&mut sim, |sim| drop(sim.agent(json!({ "close": {} }))));
    assert_eq!(
        (sim.told("thread_closed").len(), sim.session.chats().to_json()[0]["active"].clone()),
        (1, json!(false))
    );
    away(&mut sim, |_| {});
    assert_eq!(sim.told("thread_closed").len(), 1);
    // A message opens it anew, and its new thread can be read.
    let send = sim.say(&chat, "own");
    sim.run(1_000);
    assert!(sim.settled[&send].is_ok());
    sim.told.clear();
    sim.sent.clear();
    away(&mut sim, |sim| drop(sim.agent(json!({ "message": { "text": "missed" } }))));
    assert_eq!(sim.heard(), ["missed"]);
    assert!(sim.told("history_gap").is_empty(), "{:?}", sim.told("history_gap"));
    assert_eq!(reads(&sim).last().unwrap()["chat_id"], json!(chat));
}

#[test]
fn threads_that_are_too_long_together_are_read_one_by_one() {
    let (mut sim, _) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": "known" } }));
    sim.run(1_000);
    sim.told.clear();
    away(&mut sim, |sim| {
        sim.agent(json!({ "fill": { "messages": 265, "bytes": 60_000 } }));
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
        sim.agent(json!({ "fill": { "messages": 20, "bytes": 60_000 } }));
        sim.agent(json!({ "message": { "text": "newest" } }));
    });
    assert_eq!(sim.heard().len(), 286);
    assert!(sim.heard()[0].starts_with("1 x") && sim.heard()[285] == "newest");
    assert!(sim.told("history_gap").is_empty());
    assert_eq!((reads(&sim)[0]["min_events_count"].clone(), reads(&sim)[1]["limit"].clone()), (json!(25), json!(1)));
}

#[test]
fn an_older_thread_that_is_too_long_is_a_gap_before_the_newer_one() {
    let (mut sim, _) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": "known" } }));
    sim.run(1_000);
    let known = sim.told("incoming_event").last().unwrap()["event"].clone();
    sim.told.clear();
    away(&mut sim, |sim| {
        sim.agent(json!({ "fill": { "messages": 300, "bytes": 60_000 } }));
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
        sim.agent(json!({ "message": { "text": "newest" } }));
    });
    assert_eq!(sim.heard(), ["newest"]);
    assert_eq!(sim.told("incoming_chat").len(), 1);
    assert_eq!(sim.told("history_gap").len(), 1);
    assert_eq!(sim.told("history_gap")[0]["from"], known["createdAt"]);
    away(&mut sim, |_| {});
    assert_eq!(sim.told("history_gap").len(), 1);
}

/// It is never sent again unread, and nothing waits for ever behind it.
#[test]
fn a_send_in_doubt_is_found_in_the_summary_or_its_outcome_is_unknown() {
    for (is_newest, has_landed) in [(true, true), (false, true), (false, false)] {
        let (mut sim, chat) = as_if_too_long();
        if has_landed {
            sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
            sim.fault(json!({ "omit_responses": { "count": 1 } }));
        } else {
            sim.fault(json!({ "mute": { "action": "send_event", "count": 1 } }));
        }
        let doubtful = sim.say(&chat, "doubtful");
        sim.run(100);
        if !is_newest {
            sim.agent(json!({ "message": { "text": "live" } }));
        }
        let next = sim.say(&chat, "next");
        sim.run(120_000);
        let own: Vec<String> =
            sim.texts(&chat).into_iter().filter(|text| text == "doubtful" || text == "next").collect();
        assert_eq!(own.len(), 1 + usize::from(has_landed), "newest: {is_newest}, landed: {has_landed}");
        assert!(sim.settled[&next].is_ok());
        match &sim.settled[&doubtful] {
            Ok(_) => assert!(is_newest),
            Err(error) => {
                assert!(!is_newest);
                assert_eq!(error.code, "REQUEST_TIMEOUT");
                assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "unknown");
            }
        }
        assert_eq!(sim.told("connection_lost").len(), 0);
    }
}

/// It may stand in the thread that was not read.
#[test]
fn a_send_in_doubt_is_not_sent_again_after_half_a_read() {
    let (mut sim, chat, _) = too_long();
    sim.fault(json!({ "close_after_executing": { "action": "send_event" } }));
    let doubtful = sim.say(&chat, "doubtful");
    sim.run(60);
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    sim.agent(json!({ "message": { "text": "newest" } }));
    sim.run(60_000);
    assert_eq!(sim.settled[&doubtful].as_ref().unwrap_err().code, "REQUEST_TIMEOUT");
    assert_eq!(sim.texts(&chat).iter().filter(|text| *text == "doubtful").count(), 1);
}

#[test]
fn a_page_that_is_opened_in_it_is_told_what_happens() {
    let (mut sim, chat) = as_if_too_long();
    sim.reload(&json!({}));
    sim.connect();
    sim.run(5_000);
    sim.agent(json!({ "message": { "text": "live" } }));
    let send = sim.say(&chat, "own");
    sim.run(1_000);
    assert_eq!(sim.heard(), ["live"]);
    assert!(sim.settled[&send].is_ok() && sim.told("history_gap").is_empty() && sim.told("connection_lost").is_empty());
}

#[test]
fn calls_whose_answer_is_too_long_fail_at_once_and_for_good() {
    let (mut sim, chat, _) = too_long();
    for (method, args) in [
        ("listThreads", json!({ "chatId": chat, "minEventsCount": 25 })),
        ("getChat", json!({ "chatId": chat })),
        ("rateChat", json!({ "chatId": chat, "rating": { "score": 1 } })),
    ] {
        let call = sim.call(method, args);
        sim.run(200);
        let error = sim.settled[&call].as_ref().unwrap_err();
        assert_eq!((error.code.as_str(), error.is_retryable()), ("ENTITY_TOO_LARGE", false), "{method}");
        assert!(error.message.contains("smaller"), "{method}: {}", error.message);
    }
    assert!(sim.told("warning").is_empty() && sim.told("connection_lost").is_empty());
}

#[test]
fn a_push_that_is_too_long_is_a_warning_and_is_read() {
    let (mut sim, _) = as_if_too_long();
    let long = "x".repeat(17 * 1024 * 1024);
    sim.agent(json!({ "message": { "text": long } }));
    sim.agent(json!({ "message": { "text": "live" } }));
    sim.run(15_000);
    assert_eq!(sim.told("warning")[0]["code"], "FRAME");
    // It is too long for a read as well.
    assert_eq!(sim.heard(), ["live"]);
    assert_eq!(sim.told("history_gap").len(), 1);
    assert_eq!(sim.opened_sockets, 1);
}

#[test]
fn a_summary_that_is_too_long_leaves_the_customer_connected() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "list_chats";
    hand.input(Input::Connect);
    for _ in 0..3 {
        assert_eq!(hand.state(), "connecting");
        let id = hand.last("list_chats")["request_id"].clone();
        hand.receive(
            json!({ "request_id": id, "action": "list_chats", "type": "response", "success": true, "payload": 0 }),
        );
        hand.run(4_000);
    }
    assert_eq!(hand.state(), "connected");
}
