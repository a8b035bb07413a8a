//! A read that fails, hangs, answers nonsense or is too long makes history late. The conversation goes on.

use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::hand::Hand;
use crate::sim::Sim;

/// Every way in which reads of an action may fail.
fn failures(action: &str, list: &str) -> Vec<Json> {
    let rewrite = |field: Option<&str>, value: Json| json!({ "rewrite": { "kind": "response", "action": action, "field": field, "value": value, "count": 10_000 } });
    let mut failures = vec![
        json!({ "fail": { "type": "internal", "action": action, "count": 10_000 } }),
        json!({ "fail": { "type": "service_unavailable", "action": action, "count": 10_000 } }),
        json!({ "fail": { "type": "too_many_requests", "action": action, "count": 10_000 } }),
        json!({ "mute": { "action": action } }),
        rewrite(None, json!(null)),
        rewrite(None, json!([])),
        rewrite(Some(list), json!(7)),
    ];
    // A list that is left out is empty; no chat is without threads.
    if action != "list_chats" {
        failures.push(rewrite(None, json!({})));
    }
    failures
}

fn thread_failures() -> Vec<Json> {
    let mut failures = failures("list_threads", "threads");
    failures.push(json!({ "rewrite": { "kind": "response", "action": "list_threads", "field": "threads", "value": [],
        "count": 10_000 } }));
    failures
}

fn in_chat_with(text: &str) -> (Sim, String, Json) {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": text } }));
    sim.run(1_000);
    let event = sim.told("incoming_event").last().unwrap()["event"].clone();
    sim.told.clear();
    (sim, chat, event)
}

fn count(sim: &Sim, action: &str) -> usize {
    sim.sent.iter().filter(|frame| frame["action"] == action).count()
}

fn message(sim: &mut Sim, text: &str) {
    sim.agent(json!({ "message": { "text": text } }));
}

/// The line breaks, something happens, and the line comes back.
fn away(sim: &mut Sim, what: impl FnOnce(&mut Sim)) {
    sim.cut();
    sim.run(30);
    what(sim);
    sim.until(60_000, |sim| sim.state() == "connected");
}

#[test]
fn failing_reads_after_an_outage_delay_live_messages_ten_seconds_and_tell_one_gap() {
    for fault in thread_failures() {
        let (mut sim, chat, known) = in_chat_with("known");
        sim.fault(fault.clone());
        away(&mut sim, |sim| message(sim, "missed"));
        sim.sent.clear();
        message(&mut sim, "live 0");
        sim.run(1_000);
        let send = sim.say(&chat, "own");
        sim.run(9_500);
        assert_eq!(sim.heard(), ["live 0"], "{fault}");
        let gaps = sim.told("history_gap");
        assert_eq!(gaps.len(), 1, "{fault}");
        assert_eq!(gaps[0]["from"], known["createdAt"], "{fault}");
        let live = sim.told("incoming_event")[0]["event"]["createdAt"].clone();
        assert_eq!(gaps[0]["to"], live, "{fault}");
        sim.run(2_500);
        assert!(sim.settled[&send].is_ok(), "{fault}");
        message(&mut sim, "live 1");
        sim.run(100);
        assert_eq!(sim.heard(), ["live 0", "live 1"], "{fault}");
        sim.run(60_000);
        let reads = count(&sim, "list_threads");
        assert!((3..=10).contains(&reads), "{fault}: {reads} reads in 73 s");
        sim.run(600_000);
        let reads = count(&sim, "list_threads") - reads;
        assert!((8..=40).contains(&reads), "{fault}: {reads} reads in ten minutes");
        message(&mut sim, "live 2");
        sim.run(100);
        assert_eq!((sim.told("history_gap").len(), sim.told("connection_lost").len()), (1, 1), "{fault}");
        assert_eq!(sim.heard(), ["live 0", "live 1", "live 2"], "{fault}");
        assert_eq!((sim.opened_sockets, sim.told("warning").len()), (2, 1), "{fault}");
    }
}

#[test]
fn a_late_read_tells_edits_and_deletions_and_nothing_out_of_order() {
    for fault in thread_failures() {
        let (mut sim, _, known) = in_chat_with("known");
        message(&mut sim, "deleted later");
        sim.run(500);
        let deleted = sim.told("incoming_event")[0]["event"]["id"].clone();
        sim.fault(fault.clone());
        away(&mut sim, |sim| {
            message(sim, "missed");
            sim.agent(json!({ "edit": { "event_id": known["id"], "text": "edited" } }));
            sim.agent(json!({ "delete": { "event_id": deleted } }));
        });
        message(&mut sim, "live 0");
        sim.run(30_000);
        sim.fault(json!({ "reset": {} }));
        // Live traffic meets the read that succeeds.
        for number in 1..=120 {
            message(&mut sim, &format!("live {number}"));
            sim.run(500);
        }
        let heard = sim.heard();
        let expected: Vec<String> = std::iter::once("deleted later".to_owned())
            .chain((0..=120).map(|number| format!("live {number}")))
            .collect();
        assert_eq!(heard, expected, "{fault}");
        assert_eq!((sim.told("event_updated").len(), sim.told("event_deleted").len()), (1, 1), "{fault}");
        assert_eq!(sim.told("event_deleted")[0]["eventId"], deleted, "{fault}");
        assert_eq!(sim.told("history_gap").len(), 1, "{fault}");
        // The range is not told, nor what lies in it, when the chat is read once more.
        away(&mut sim, |_| {});
        sim.run(5_000);
        assert_eq!((sim.heard().len(), sim.told("history_gap").len()), (expected.len(), 1), "{fault}");
    }
}

#[test]
fn a_late_read_tells_what_was_missed_if_nothing_newer_was_told() {
    let (mut sim, _, known) = in_chat_with("known");
    sim.fault(thread_failures().remove(0));
    away(&mut sim, |sim| message(sim, "missed"));
    sim.run(30_000);
    assert_eq!(
        *sim.told("history_gap")[0],
        json!({ "chatId": sim.session.chats().to_json()[0]["id"],
        "from": known["createdAt"], "to": null })
    );
    // The same range over another line.
    away(&mut sim, |sim| message(sim, "missed too"));
    sim.run(30_000);
    sim.fault(json!({ "reset": {} }));
    sim.run(60_000);
    assert_eq!(sim.heard(), ["missed", "missed too"]);
    assert_eq!(sim.told("history_gap").len(), 1);
}

#[test]
fn a_short_failure_delays_and_nothing_more() {
    let (mut sim, chat, _) = in_chat_with("known");
    sim.fault(json!({ "fail": { "type": "internal", "action": "list_threads", "count": 2 } }));
    away(&mut sim, |sim| message(sim, "missed"));
    message(&mut sim, "live");
    let send = sim.say(&chat, "own");
    sim.run(9_000);
    assert_eq!(sim.heard(), ["missed", "live"]);
    assert!(sim.told("history_gap").is_empty() && sim.settled[&send].is_ok());
    assert_eq!(sim.opened_sockets, 2);
}

#[test]
fn a_chat_that_fails_for_ever_leaves_the_others_alone() {
    let mut sim = Sim::with(json!({}), Config { chats_per_customer: 2, ..Config::default() });
    sim.connect();
    let chats = [sim.start_chat(), sim.start_chat()];
    for chat in &chats {
        sim.agent(json!({ "message": { "chat_id": chat, "text": "known" } }));
    }
    sim.run(500);
    sim.told.clear();
    sim.cut();
    sim.run(30);
    for chat in &chats {
        sim.agent(json!({ "message": { "chat_id": chat, "text": "missed" } }));
    }
    sim.until_asked("list_threads");
    // Whichever is asked for first.
    sim.fault(json!({ "fail": { "type": "internal", "action": "list_threads", "count": 1 } }));
    sim.run(300);
    let failed = sim.told("warning").len();
    assert_eq!((failed, sim.heard()), (1, vec!["missed".to_owned()]));
    sim.run(5_000);
    assert_eq!(sim.heard(), ["missed", "missed"]);
}

/// What is in doubt is read before it is sent again, however long that takes.
#[test]
fn a_send_in_doubt_waits_for_a_read_and_is_never_doubled() {
    for has_landed in [true, false] {
        for fault in thread_failures() {
            let (mut sim, chat, _) = in_chat_with("known");
            sim.fault(fault.clone());
            if has_landed {
                sim.fault(json!({ "close_after_executing": { "action": "send_event" } }));
            } else {
                sim.fault(json!({ "fail": { "type": "internal", "action": "send_event", "count": 1 } }));
            }
            let doubtful = sim.say(&chat, "doubtful");
            sim.run(120_000);
            // A message of the agent's is told meanwhile, and another one of the customer's waits behind it.
            message(&mut sim, "live");
            let next = sim.say(&chat, "next");
            sim.run(15_000);
            assert_eq!(sim.heard(), ["live"], "{fault}");
            assert!(!sim.settled.contains_key(&doubtful) && !sim.settled.contains_key(&next), "{fault}");
            assert_eq!(sim.texts(&chat).iter().filter(|text| *text == "doubtful").count(), usize::from(has_landed));
            sim.fault(json!({ "reset": {} }));
            sim.run(120_000);
            assert!(sim.settled[&doubtful].is_ok() && sim.settled[&next].is_ok(), "{fault}");
            let mut own = sim.texts(&chat);
            own.retain(|text| text == "doubtful" || text == "next");
            assert_eq!(own, ["doubtful", "next"], "{fault}");
            assert_eq!(sim.opened_sockets, if has_landed { 2 } else { 1 }, "{fault}");
        }
    }
}

#[test]
fn a_send_in_doubt_expires_if_no_read_succeeds() {
    let (mut sim, chat, _) = in_chat_with("known");
    sim.reload(&json!({ "sendTimeoutMs": 120_000 }));
    sim.connect();
    sim.fault(thread_failures().remove(0));
    sim.fault(json!({ "fail": { "type": "internal", "action": "send_event", "count": 1 } }));
    let call = sim.say(&chat, "doubtful");
    sim.run(119_000);
    assert!(!sim.settled.contains_key(&call));
    sim.run(2_000);
    let error = sim.settled[&call].as_ref().unwrap_err();
    assert_eq!(error.code, "REQUEST_TIMEOUT");
    assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "unknown");
}

/// The read shows what was said before a live message was told, not that message.
#[test]
fn a_live_message_is_not_taken_for_deleted_by_a_read_that_is_older() {
    let (mut sim, _, _) = in_chat_with("known");
    sim.fault(json!({ "fail": { "type": "internal", "action": "list_threads", "for_ms": 20_000 } }));
    away(&mut sim, |sim| message(sim, "missed"));
    sim.run(15_000);
    sim.link.latency_ms = 2_000;
    for number in 0..20 {
        message(&mut sim, &format!("live {number}"));
        sim.run(700);
    }
    sim.run(60_000);
    assert_eq!(sim.heard().len(), 20);
    assert!(sim.told("event_deleted").is_empty());
}

#[test]
fn a_chat_that_was_opened_is_told_without_it_if_only_the_chat_itself_cannot_be_read() {
    for fault in failures("get_chat", "thread").drain(..4) {
        let (mut sim, _, _) = in_chat_with("known");
        sim.fault(fault.clone());
        away(&mut sim, |sim| {
            sim.agent(json!({ "close": {} }));
            sim.agent(json!({ "reopen": {} }));
            message(sim, "missed");
        });
        message(&mut sim, "live");
        sim.run(13_000);
        assert_eq!(sim.heard(), ["missed", "live"], "{fault}");
        assert!(sim.told("history_gap").is_empty(), "{fault}");
        assert_eq!((sim.told("incoming_chat").len(), sim.opened_sockets), (0, 2), "{fault}");
        sim.fault(json!({ "reset": {} }));
        sim.input(Input::Awake);
        sim.run(10_000);
        assert_eq!(sim.told("incoming_chat").len(), 1, "{fault}");
    }
}

#[test]
fn a_summary_that_fails_at_login_leaves_the_customer_connected() {
    for fault in failures("list_chats", "chats_summary") {
        let (mut sim, chat, _) = in_chat_with("known");
        sim.reload(&json!({}));
        sim.fault(fault.clone());
        sim.sent.clear();
        sim.connect();
        let connected = sim.told("connected")[0];
        assert_eq!((&connected["chatsSummary"], &connected["totalChats"]), (&json!([]), &json!(0)), "{fault}");
        assert!(connected["customer"]["id"].is_string(), "{fault}");
        message(&mut sim, "live 0");
        let send = sim.say(&chat, "own");
        sim.run(5_000);
        assert!(sim.settled[&send].is_ok(), "{fault}");
        message(&mut sim, "live 1");
        sim.run(1_000);
        assert_eq!(sim.heard(), ["live 0", "live 1"], "{fault}");
        sim.run(60_000);
        let asked = count(&sim, "list_chats");
        assert!((3..=12).contains(&asked), "{fault}: asked {asked} times");
        sim.fault(json!({ "reset": {} }));
        sim.run(60_000);
        // What the chats held before is history, also if it is learned late.
        assert_eq!(sim.heard(), ["live 0", "live 1"], "{fault}");
        assert_eq!(sim.session.chats().to_json()[0]["id"], json!(chat), "{fault}");
        assert_eq!(sim.told("incoming_chat").len(), 1, "{fault}");
        assert_eq!(sim.opened_sockets, 2, "{fault}");
        sim.cut();
        sim.run(30);
        message(&mut sim, "missed");
        sim.run(20_000);
        assert_eq!(sim.heard(), ["live 0", "live 1", "missed"], "{fault}");
    }
}

#[test]
fn a_summary_that_fails_once_at_login_is_asked_for_again() {
    let (mut sim, _, _) = in_chat_with("known");
    sim.reload(&json!({}));
    sim.fault(json!({ "fail": { "type": "internal", "action": "list_chats", "count": 2 } }));
    sim.connect();
    assert_eq!(sim.told("connected")[0]["totalChats"], 1);
    assert_eq!(sim.opened_sockets, 2);
}

/// The threads can be read, and show what was missed.
#[test]
fn a_summary_that_fails_after_an_outage_costs_nothing() {
    for fault in failures("list_chats", "chats_summary") {
        let (mut sim, _, _) = in_chat_with("known");
        sim.fault(fault.clone());
        sim.cut();
        sim.run(30);
        message(&mut sim, "missed");
        sim.run(40_000);
        message(&mut sim, "live");
        sim.run(1_000);
        assert_eq!(sim.heard(), ["missed", "live"], "{fault}");
        assert!(sim.told("history_gap").is_empty(), "{fault}");
        assert_eq!((sim.told("connection_restored").len(), sim.opened_sockets), (1, 2), "{fault}");
    }
}

#[test]
fn a_summary_that_fails_after_an_unreadable_frame_costs_nothing() {
    for fault in failures("list_chats", "chats_summary") {
        let (mut sim, chat, _) = in_chat_with("known");
        sim.fault(fault.clone());
        sim.fault(json!({ "truncate": {} }));
        message(&mut sim, "lost");
        message(&mut sim, "live");
        let send = sim.say(&chat, "own");
        sim.run(16_000);
        assert_eq!(sim.heard(), ["lost", "live"], "{fault}");
        assert!(sim.settled[&send].is_ok(), "{fault}");
        sim.run(60_000);
        assert!(sim.told("history_gap").is_empty() && sim.told("connection_lost").is_empty(), "{fault}");
        let asked = count(&sim, "list_chats");
        assert!(asked <= 12, "{fault}: asked {asked} times");
    }
}

#[test]
fn a_platform_on_which_nothing_can_be_read_still_carries_the_conversation() {
    let (mut sim, chat, known) = in_chat_with("known");
    for action in ["list_threads", "list_chats", "get_chat"] {
        sim.fault(json!({ "mute": { "action": action } }));
    }
    away(&mut sim, |sim| message(sim, "missed"));
    message(&mut sim, "live 0");
    let send = sim.say(&chat, "own");
    sim.run(13_000);
    assert_eq!(sim.heard(), ["live 0"]);
    assert_eq!((sim.told("history_gap").len(), &sim.told("history_gap")[0]["from"]), (1, &known["createdAt"]));
    assert!(sim.settled[&send].is_ok());
    // Whose was it? Whatever comes next is told after a gap.
    sim.fault(json!({ "garbage": { "wrong_types": false } }));
    message(&mut sim, "live 1");
    sim.run(9_000);
    assert_eq!(sim.heard(), ["live 0"]);
    sim.run(3_000);
    assert_eq!(sim.heard(), ["live 0", "live 1"]);
    assert_eq!(sim.told("history_gap").len(), 2);
    assert_eq!(sim.opened_sockets, 2);
}

#[test]
fn live_messages_that_wait_for_a_read_are_bounded() {
    let mut hand = Hand::live(&json!({}));
    let event = |number: u32| {
        let at = format!("2026-03-01T10:00:00.{number:06}Z");
        json!({ "chat_id": "CHAT", "thread_id": "THREAD", "event": { "id": format!("THREAD_{number}"), "type": "message",
            "author_id": "a", "text": "x", "created_at": at } })
    };
    hand.push("incoming_event", &event(1));
    hand.kept = "list_threads";
    for number in 3..1_002 {
        hand.push("incoming_event", &event(number));
    }
    assert_eq!(hand.told("new_event").len(), 1);
    hand.push("incoming_event", &event(1_002));
    assert_eq!((hand.told("new_event").len(), hand.told("history_gap").len()), (1_001, 1));
    hand.push("incoming_event", &event(1_003));
    assert_eq!(hand.told("new_event").len(), 1_002);
    // Also before it is known which chats there are.
    hand.kept = "list_chats";
    hand.input(Input::Reconnect);
    hand.told.clear();
    for number in 1_004..2_003 {
        hand.push("incoming_event", &event(number));
    }
    assert_eq!(hand.state(), "connecting");
    hand.push("incoming_event", &event(2_003));
    assert!(hand.socket.is_none());
}
