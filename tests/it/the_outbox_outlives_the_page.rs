//! What was said and not confirmed is kept, shown, and taken up by the next page.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::hand::Hand;
use crate::sim::Sim;

/// The statuses told of a message, in order.
fn statuses(sim: &Sim, custom_id: &str) -> Vec<String> {
    let told = sim.told("message_status").into_iter().filter(|told| told["customId"] == custom_id);
    told.map(|told| told["status"].as_str().unwrap().to_owned()).collect()
}

fn outbox(sim: &Sim) -> Vec<Json> {
    sim.session.outbox().to_json().as_array().unwrap().clone()
}

fn say(sim: &mut Sim, chat: &str, id: &str) {
    sim.call("sendMessage", json!({ "chatId": chat, "text": id, "customId": id }));
}

#[test]
fn a_message_is_queued_sending_sent() {
    let (mut sim, chat) = Sim::in_chat();
    say(&mut sim, &chat, "one");
    assert_eq!(statuses(&sim, "one"), ["queued", "sending"]);
    let record = &sim.kept[0].1;
    assert_eq!(record["sentAt"], record["createdAt"], "written down before it goes");
    assert_eq!(
        record["since"],
        sim.session.chats().to_json()[0]["lastThreadId"],
        "the thread down to which it is looked up"
    );
    assert_eq!(record["expiresAt"], record["createdAt"].as_u64().unwrap() + 3_600_000);
    let row = &outbox(&sim)[0];
    assert_eq!((&row["chatId"], &row["customId"], &row["status"]), (&json!(chat), &json!("one"), &json!("sending")));
    assert_eq!(row["event"]["text"], "one");
    sim.run(1_000);
    assert_eq!(statuses(&sim, "one"), ["queued", "sending", "sent"]);
    assert_eq!(sim.told("message_status")[2]["event"]["text"], "one");
    assert!(outbox(&sim).is_empty() && sim.kept.is_empty(), "what has arrived is not kept");
}

#[test]
fn what_waits_goes_out_from_the_next_page_in_order_and_first() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(5_000);
    for index in 0..3 {
        say(&mut sim, &chat, &format!("old {index}"));
        sim.run(10);
    }
    sim.reload(&json!({}));
    assert!(outbox(&sim).is_empty(), "nobody knows yet who the customer is");
    sim.start_server(Config::default());
    sim.input(Input::Connect);
    say(&mut sim, &chat, "new");
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["old 0", "old 1", "old 2", "new"]);
    assert_eq!(statuses(&sim, "old 1"), ["queued", "sending", "sent"]);
    assert!(sim.heard().is_empty(), "this customer's own words are no news to them");
    assert!(sim.kept.is_empty());
}

#[test]
fn what_landed_unnoticed_is_not_sent_again_by_the_next_page() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "half_open": { "on": true, "execute": true } }));
    say(&mut sim, &chat, "one");
    sim.run(100);
    sim.fault(json!({ "half_open": { "on": false } }));
    sim.reload(&json!({}));
    sim.connect();
    sim.run(1_000);
    assert_eq!(statuses(&sim, "one"), ["queued", "sent"], "found in the thread at once");
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["one"]);
}

/// It landed in a thread that has ended since, and more was said in the next ones than is read to count what is unread.
#[test]
fn what_landed_in_an_earlier_thread_is_found_there() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "half_open": { "on": true, "execute": true } }));
    say(&mut sim, &chat, "one");
    sim.run(100);
    sim.fault(json!({ "half_open": { "on": false } }));
    for _ in 0..6 {
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
        for index in 0..30 {
            sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        }
    }
    sim.reload(&json!({}));
    sim.connect();
    sim.run(60_000);
    assert_eq!(statuses(&sim, "one"), ["queued", "sent"]);
    assert_eq!(sim.texts(&chat).iter().filter(|text| *text == "one").count(), 1);
    assert!(sim.told("history_gap").is_empty() && sim.heard().is_empty(), "what was read for it is no news");
}

#[test]
fn what_may_still_land_is_waited_for() {
    let (mut sim, chat) = Sim::in_chat();
    // The platform carries it out ten seconds after the page is gone.
    sim.fault(json!({ "execute_delay": { "ms": 10_000 } }));
    say(&mut sim, &chat, "one");
    sim.run(100);
    sim.fault(json!({ "execute_delay": { "ms": 0 } }));
    sim.reload(&json!({}));
    sim.connect();
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["one"]);
    assert_eq!(statuses(&sim, "one").last().unwrap(), "sent");
}

/// A core that breaks is replaced in no time.
#[test]
fn what_is_said_in_the_same_millisecond_goes_behind_what_was_left() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(5_000);
    say(&mut sim, &chat, "old 0");
    say(&mut sim, &chat, "old 1");
    sim.reopen(&json!({}));
    say(&mut sim, &chat, "new");
    sim.start_server(Config::default());
    sim.input(Input::Connect);
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["old 0", "old 1", "new"]);
}

/// What it wrote in that moment did not reach the disk, and the platform took its time.
#[test]
fn a_page_that_dies_as_it_sends_what_has_waited_does_not_double_it() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "refuse": { "on": true } }));
    sim.cut();
    sim.run(50);
    say(&mut sim, &chat, "one");
    sim.run(20_000);
    assert!(sim.kept[0].1["sentAt"].is_null());
    sim.fault(json!({ "refuse": { "on": false } }));
    sim.until(60_000, |sim| sim.state() == "connected");
    assert!(!sim.kept[0].1["sentAt"].is_null(), "known to the disk before it goes");
    sim.fault(json!({ "execute_delay": { "ms": 5_000 } }));
    sim.until_asked("send_event");
    sim.run(30);
    sim.lose_writes(1);
    sim.fault(json!({ "execute_delay": { "ms": 0 } }));
    sim.reopen(&json!({}));
    sim.connect();
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["one"]);
    assert!(outbox(&sim).is_empty());
}

#[test]
fn a_failure_stays_until_the_page_decides() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "fail": { "type": "not_allowed", "action": "send_event", "count": 2 } }));
    for id in ["one", "two"] {
        say(&mut sim, &chat, id);
        sim.run(1_000);
    }
    say(&mut sim, &chat, "three");
    sim.run(1_000);
    assert_eq!(sim.texts(&chat), ["three"], "what failed holds nobody up");
    assert_eq!(statuses(&sim, "one"), ["queued", "sending", "failed"]);
    sim.reload(&json!({}));
    sim.connect();
    let rows = outbox(&sim);
    assert_eq!(rows.iter().map(|row| row["status"].as_str().unwrap()).collect::<Vec<_>>(), ["failed", "failed"]);
    assert_eq!(rows[0]["error"]["code"], "NOT_ALLOWED");
    assert_eq!(sim.ask("discard", json!({ "customId": "two" })).unwrap(), json!({ "success": true }));
    let sent = sim.ask("retry", json!({ "customId": "one" })).unwrap();
    assert_eq!((&sent["text"], &sent["customId"]), (&json!("one"), &json!("one")));
    assert_eq!(sim.texts(&chat), ["three", "one"]);
    assert!(outbox(&sim).is_empty() && sim.kept.is_empty());
}

#[test]
fn only_what_was_never_handed_over_can_be_discarded() {
    let (mut sim, chat) = Sim::in_chat();
    let under_way = sim.say(&chat, "one");
    let waiting = sim.call("sendMessage", json!({ "chatId": chat, "text": "two", "customId": "two" }));
    let id = outbox(&sim)[0]["customId"].as_str().unwrap().to_owned();
    assert_eq!(sim.ask("discard", json!({ "customId": id })).unwrap_err().code, "MESSAGE_UNDER_WAY");
    sim.run(1_000);
    assert!(sim.settled[&under_way].is_ok());
    assert!(sim.settled[&waiting].is_ok());
    sim.kill_server();
    sim.run(1_000);
    let waiting = sim.call("sendMessage", json!({ "chatId": chat, "text": "three", "customId": "three" }));
    sim.ask("discard", json!({ "customId": "three" })).unwrap();
    assert_eq!(sim.settled[&waiting].as_ref().unwrap_err().code, "DISCARDED");
    assert_eq!(statuses(&sim, "three"), ["queued", "failed"]);
    assert!(sim.kept.is_empty());
    for (method, id) in [("discard", "three"), ("retry", "three"), ("retry", "never")] {
        let error = sim.ask(method, json!({ "customId": id })).unwrap_err();
        assert_eq!(error.code, "VALIDATION", "{method}");
        assert!(error.message.contains("`customId`"), "{}", error.message);
    }
}

#[test]
fn another_customer_does_not_send_what_was_kept() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    say(&mut sim, &chat, "secret");
    sim.start_server(Config::default());
    sim.kept[0].1["customer"] = json!("somebody-else");
    sim.reload(&json!({}));
    sim.connect();
    sim.run(60_000);
    assert!(sim.texts(&chat).is_empty());
    assert_eq!((outbox(&sim).len(), sim.kept.len()), (1, 1), "it is shown as failed (tests/it/outbox_retry.rs)");
    assert_eq!(outbox(&sim)[0]["status"], "failed");
}

#[test]
fn a_logout_forgets_what_was_kept() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(1_000);
    say(&mut sim, &chat, "one");
    let _ = sim.ask("logout", json!({}));
    assert!(sim.kept.is_empty() && outbox(&sim).is_empty());
    assert_eq!(statuses(&sim, "one"), ["queued", "failed"]);
}

#[test]
fn what_is_no_message_is_forgotten_with_a_warning() {
    let (mut sim, chat) = Sim::in_chat();
    sim.reload(&json!({}));
    let good = json!({ "chat_id": chat, "event": { "type": "message", "text": "hello", "custom_id": "g" } });
    let record =
        |id: &str, payload: Json| json!({ "customId": id, "payload": payload, "createdAt": 1, "expiresAt": 9e15 });
    let odd = [
        json!(null),
        json!(7),
        json!({}),
        record("a", json!(null)),
        record("b", json!({ "chat_id": chat, "event": { "type": "message" } })),
        record("c", good.clone()),
        json!({ "customId": "g", "payload": good, "createdAt": "then", "expiresAt": 1 }),
        json!({ "customId": "g", "payload": good, "createdAt": 1 }),
    ];
    for (index, odd) in odd.into_iter().enumerate() {
        sim.kept.push((format!("k{index}"), odd));
    }
    sim.kept.push(("g".to_owned(), record("g", good)));
    sim.connect();
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["hello"]);
    let warnings = sim.told("warning").into_iter().filter(|warning| warning["code"] == "OUTBOX").count();
    assert_eq!(warnings, 1);
}

#[test]
fn nothing_goes_before_storage_has_said_what_was_left() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(5_000);
    say(&mut sim, &chat, "old");
    let records = Json::Array(sim.kept.iter().map(|(_, record)| record.clone()).collect());
    sim.reload(&json!({}));
    sim.start_server(Config::default());
    sim.store.is_silent = true;
    sim.connect();
    sim.sent.clear();
    say(&mut sim, &chat, "new");
    sim.run(500);
    assert!(sim.sent.iter().all(|frame| frame["action"] != "send_event"));
    sim.store.is_silent = false;
    sim.input(Input::Claimed { records: Value::from_json(records) });
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["old", "new"]);
}

#[test]
fn storage_that_refuses_or_hangs_is_told_once_and_holds_nobody_up() {
    for is_told in [true, false] {
        let mut sim = Sim::new();
        sim.store.is_silent = true;
        sim.input(Input::Connect);
        if is_told {
            sim.input(Input::Unstored);
            sim.input(Input::Unstored);
            sim.input(Input::Claimed { records: Value::missing() });
        }
        sim.run(3_000);
        let chat = sim.start_chat();
        let call = sim.say(&chat, "one");
        sim.run(1_000);
        assert!(sim.settled[&call].is_ok());
        let warnings = sim.told("warning").into_iter().filter(|warning| warning["code"] == "STORAGE").count();
        assert_eq!(warnings, 1);
    }
}

#[test]
fn message_that_the_platform_took_and_does_not_show_has_an_unknown_outcome() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "drop_pushes": { "pushes": 2 } }));
    let call = sim.say(&chat, "one");
    sim.run(60);
    let thread = sim.brain.as_ref().unwrap().thread_ids(&chat)[0].clone();
    sim.agent(json!({ "delete": { "event_id": format!("{thread}_1") } }));
    sim.until(30_000, |sim| sim.settled.contains_key(&call));
    // An agent deleted it, or it was never stored: nobody can say.
    let error = sim.settled[&call].as_ref().unwrap_err().clone();
    assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "unknown");
    assert_eq!((outbox(&sim).len(), &outbox(&sim)[0]["status"]), (1, &json!("failed")));
    sim.run(60_000);
    let sends = sim.sent.iter().filter(|frame| frame["action"] == "send_event").count();
    assert_eq!(sends, 1, "it is not sent again");
}

#[test]
fn failures_that_nobody_minds_are_forgotten_after_a_week() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(5_000);
    say(&mut sim, &chat, "x");
    let (_, record) = sim.kept.pop().unwrap();
    for (id, days) in [("young", 6), ("old", 8)] {
        let mut record = record.clone();
        record["customId"] = json!(id);
        record["payload"]["event"]["custom_id"] = json!(id);
        record["createdAt"] = json!(record["createdAt"].as_u64().unwrap() - days * 86_400_000);
        record["error"] = json!({ "code": "INTERNAL", "message": "no" });
        sim.kept.push((id.to_owned(), record));
    }
    sim.reload(&json!({}));
    sim.start_server(Config::default());
    sim.connect();
    sim.run(1_000);
    let rows = outbox(&sim);
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["customId"], &rows[0]["status"]), (&json!("young"), &json!("failed")));
    assert_eq!(sim.kept.len(), 1);
}

#[test]
fn what_a_dead_tab_said_and_this_one_has_told_is_not_told_again() {
    let (mut sim, chat) = Sim::in_chat();
    let customer = sim.told("customer_id")[0].clone();
    let thread = sim.session.chats().to_json()[0]["lastThreadId"].clone();
    sim.agent(json!({ "push": { "action": "incoming_event", "payload": {
        "chat_id": chat, "thread_id": thread, "event": {
            "id": format!("{}_1", thread.as_str().unwrap()), "type": "message", "text": "theirs", "author_id": customer,
            "custom_id": "theirs", "created_at": "2026-03-01T10:00:00.000000Z" } } } }));
    sim.run(100);
    assert_eq!(sim.heard(), ["theirs"]);
    let event = json!({ "type": "message", "text": "theirs", "custom_id": "theirs" });
    let record = json!({
        "customId": "theirs", "customer": customer, "payload": { "chat_id": chat, "event": event },
        "createdAt": 1_772_323_200_000_u64, "expiresAt": 9e15, "sentAt": 1_772_323_200_000_u64,
    });
    sim.kept.push(("theirs".to_owned(), record));
    sim.input(Input::Claimed { records: Value::from_json(Json::Array(vec![sim.kept[0].1.clone()])) });
    assert!(outbox(&sim).is_empty() && sim.kept.is_empty());
    assert!(sim.told("message_status").is_empty());
}

#[test]
fn of_the_failures_that_nobody_minds_the_newest_hundred_stay() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "fail": { "type": "not_allowed", "action": "send_event", "count": 101 } }));
    for index in 0..=100 {
        assert_eq!(outbox(&sim).len(), index);
        say(&mut sim, &chat, &format!("m{index}"));
        sim.run(100);
    }
    let rows = outbox(&sim);
    assert_eq!((rows.len(), sim.kept.len()), (100, 100));
    assert_eq!((&rows[0]["customId"], &rows[99]["customId"]), (&json!("m1"), &json!("m100")));
}

#[test]
fn a_chat_that_cannot_be_resumed_fails_the_message_that_was_for_it() {
    let mut hand = Hand::live(&json!({}));
    hand.push("chat_deactivated", &json!({ "chat_id": "OVER", "thread_id": "T" }));
    hand.is_served = false;
    let mut say = |chat: &str, id: &str| {
        hand.call("sendMessage", json!({ "chatId": chat, "text": "x", "customId": id }));
        let action = if chat == "OVER" { "resume_chat" } else { "send_event" };
        assert_eq!(hand.sent.last().unwrap()["action"], action);
        if id != "pending" {
            hand.reply(action, false, &json!({ "error": { "type": "authorization", "message": "no" } }));
        }
    };
    for (chat, id) in [("OVER", "first"), ("CHAT", "pending"), ("OVER", "second")] {
        say(chat, id);
    }
    let rows = hand.session.outbox().to_json();
    let rows: Vec<(&str, &str)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["customId"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("first", "failed"), ("pending", "sending"), ("second", "failed")]);
}

#[test]
fn what_another_tab_left_meanwhile_is_taken_up_with_the_next_line() {
    let (mut sim, chat) = Sim::in_chat();
    let customer = sim.told("customer_id")[0].clone();
    let event = json!({ "type": "message", "text": "theirs", "custom_id": "theirs" });
    let record = json!({
        "customId": "theirs", "customer": customer, "payload": { "chat_id": chat, "event": event },
        "createdAt": 1_772_323_200_000_u64, "expiresAt": 9e15,
    });
    sim.kept.push(("theirs".to_owned(), record));
    sim.run(60_000);
    assert!(sim.texts(&chat).is_empty(), "while the line lives, its tab may live as well");
    sim.cut();
    sim.run(60_000);
    assert_eq!(sim.texts(&chat), ["theirs"]);
    assert!(sim.kept.is_empty());
}
