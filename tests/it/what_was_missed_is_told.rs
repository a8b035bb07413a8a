//! Coming back is not only about new messages: what became of those that pages have is told as well, or that it is not
//! known.

use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::hand::{Hand, good};
use crate::sim::{Freeze, GRACE, Sim};

/// A session whose chat has five messages of the agent.
fn with_five() -> (Sim, String, Vec<String>) {
    let (mut sim, chat) = Sim::in_chat();
    for index in 0..5 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.run(1_000);
    let ids = sim.told("new_event").iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect();
    sim.told.clear();
    (sim, chat, ids)
}

/// Something that an agent says, as it is told.
fn tell(sim: &mut Sim) -> Json {
    sim.agent(json!({ "message": { "text": "told" } }));
    sim.run(500);
    sim.told("incoming_event")[0]["event"].clone()
}

fn away(sim: &mut Sim, what: impl FnOnce(&mut Sim)) {
    sim.cut();
    sim.run(30);
    what(sim);
    sim.run(20_000);
    assert_eq!(sim.state(), "connected");
}

#[test]
fn edits_and_deletions_are_told_once() {
    let (mut sim, chat, ids) = with_five();
    away(&mut sim, |sim| {
        sim.agent(json!({ "edit": { "event_id": ids[1], "text": "changed" } }));
        sim.agent(json!({ "delete": { "event_id": ids[3] } }));
        sim.agent(json!({ "message": { "text": "agent 5" } }));
    });
    assert_eq!(sim.heard(), ["agent 5"]);
    let updated = sim.told("event_updated");
    assert_eq!(updated.len(), 1);
    assert_eq!((&updated[0]["chatId"], &updated[0]["event"]["id"]), (&json!(chat), &json!(ids[1])));
    assert_eq!(updated[0]["event"]["text"], "changed");
    let deleted = sim.told("event_deleted");
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0]["eventId"], json!(ids[3]));
    assert!(deleted[0]["threadId"].is_string());
    assert!(sim.told("history_gap").is_empty());
    sim.told.clear();
    away(&mut sim, |_| {});
    assert!(sim.told("event_updated").is_empty() && sim.told("event_deleted").is_empty());
}

#[test]
fn what_was_told_live_is_not_told_again() {
    let (mut sim, _, ids) = with_five();
    sim.agent(json!({ "edit": { "event_id": ids[1], "text": "changed" } }));
    sim.agent(json!({ "delete": { "event_id": ids[3] } }));
    sim.agent(json!({ "properties": { "event_id": ids[0], "properties": { "a": { "b": "c" } } } }));
    sim.run(1_000);
    sim.told.clear();
    away(&mut sim, |_| {});
    assert!(sim.told("event_updated").is_empty() && sim.told("event_deleted").is_empty());
}

/// That the properties of an event have changed says nothing of its text.
#[test]
fn an_edit_of_what_was_marked_before_is_told() {
    let (mut sim, _, ids) = with_five();
    sim.agent(json!({ "properties": { "event_id": ids[0], "properties": { "a": { "b": "c" } } } }));
    sim.run(1_000);
    away(&mut sim, |sim| {
        sim.agent(json!({ "edit": { "event_id": ids[0], "text": "changed" } }));
    });
    assert_eq!(sim.told("event_updated").len(), 1);
}

#[test]
fn what_a_page_has_read_is_watched_too() {
    for method in ["listThreads", "getChat"] {
        let (mut sim, chat, ids) = with_five();
        sim.reload(&json!({}));
        sim.connect();
        sim.told.clear();
        sim.ask(method, json!({ "chatId": chat })).unwrap();
        assert_eq!(sim.told("user_data").is_empty(), method == "listThreads", "who is in a chat comes with it");
        sim.told.clear();
        away(&mut sim, |sim| {
            sim.agent(json!({ "edit": { "event_id": ids[0], "text": "changed" } }));
        });
        assert_eq!(sim.told("event_updated").len(), 1, "{method}");
        assert!(sim.heard().is_empty());
    }
}

#[test]
fn who_came_and_left_and_what_they_saw() {
    let (mut sim, chat) = Sim::in_chat();
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "own" })).unwrap();
    let own = sim.told("customer_id")[0].clone();
    sim.told.clear();
    away(&mut sim, |sim| {
        sim.agent(json!({ "seen": {} }));
    });
    assert_eq!(sim.told("events_marked_as_seen").len(), 1, "{:#?}", sim.told);
    assert_ne!(sim.told("events_marked_as_seen")[0]["userId"], own, "who writes has seen it; that is no news");
    sim.told.clear();
    away(&mut sim, |sim| {
        sim.agent(json!({ "leave": {} }));
    });
    let agent = sim.told("user_removed_from_chat")[0]["userId"].clone();
    assert_eq!(sim.told("user_removed_from_chat").len(), 1);
    assert_ne!(agent, own, "who left is told, not who stayed");
    sim.told.clear();
    away(&mut sim, |_| {});
    assert!(sim.told("user_added_to_chat").is_empty() && sim.told("user_removed_from_chat").is_empty());
    away(&mut sim, |sim| {
        sim.agent(json!({ "join": {} }));
    });
    assert_eq!(sim.told("user_added_to_chat").len(), 1);
    assert_eq!(sim.told("user_added_to_chat")[0]["user"]["id"], agent);
}

/// That a read shows the new thread does not tell its beginning.
#[test]
fn a_thread_that_begins_while_the_chat_is_read_is_told_if_its_push_is_lost() {
    let (mut sim, _) = Sim::in_chat();
    sim.told.clear();
    sim.cut();
    sim.run(30);
    sim.agent(json!({ "close": {} }));
    sim.until_asked("list_threads");
    sim.fault(json!({ "drop_pushes": { "pushes": 2 } }));
    sim.agent(json!({ "reopen": {} }));
    sim.run(5_000);
    assert_eq!((sim.told("thread_closed").len(), sim.told("incoming_chat").len()), (1, 0));
    for _ in 0..2 {
        away(&mut sim, |_| {});
        assert_eq!((sim.told("thread_closed").len(), sim.told("incoming_chat").len()), (1, 1));
    }
}

/// Its push waited for the read, which shows what came after it.
#[test]
fn what_was_said_and_deleted_while_the_chat_was_read_is_not_told_late() {
    let (mut sim, _, _) = with_five();
    sim.cut();
    sim.run(30);
    sim.until_asked("list_threads");
    let gone = sim.agent(json!({ "message": { "text": "gone" } }))["event_id"].clone();
    sim.agent(json!({ "message": { "text": "stays" } }));
    sim.agent(json!({ "delete": { "event_id": gone } }));
    sim.run(5_000);
    assert_eq!(sim.heard(), ["stays"]);
}

/// What is sent for one chat, or looked up, as another one begins to be read, must not read it for less than it needs.
#[test]
fn with_several_chats_each_new_thread_is_told() {
    let mut sim = Sim::with(json!({}), Config { chats_per_customer: 2, ..Config::default() });
    sim.connect();
    let chats = [sim.start_chat(), sim.start_chat()];
    for chat in &chats {
        sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
        sim.say(chat, "taken, and not shown");
        sim.run(200);
    }
    sim.told.clear();
    sim.input(Input::Disconnect);
    for chat in &chats {
        sim.agent(json!({ "close": { "chat_id": chat } }));
        sim.agent(json!({ "reopen": { "chat_id": chat } }));
    }
    sim.run(3_000);
    sim.input(Input::Connect);
    sim.run(20_000);
    assert_eq!((sim.told("thread_closed").len(), sim.told("incoming_chat").len()), (2, 2));
    assert!(sim.settled.values().all(Result::is_ok));
}

#[test]
fn a_wake_reads_again_on_the_same_line() {
    let (mut sim, _, ids) = with_five();
    sim.fault(json!({ "drop_pushes": { "pushes": 2 } }));
    sim.agent(json!({ "message": { "text": "lost" } }));
    sim.agent(json!({ "delete": { "event_id": ids[2] } }));
    sim.run(1_000);
    assert!(sim.heard().is_empty());
    sim.input(Input::Awake);
    sim.run(1_000);
    assert_eq!(sim.heard(), ["lost"]);
    assert_eq!(sim.told("event_deleted").len(), 1);
    assert_eq!(sim.opened_sockets, 1);
}

#[test]
fn a_number_left_out_is_looked_for_before_what_follows_is_told() {
    let (mut sim, _, _) = with_five();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    sim.agent(json!({ "message": { "text": "lost" } }));
    sim.agent(json!({ "message": { "text": "next" } }));
    sim.run(1_000);
    assert_eq!(sim.heard(), ["lost", "next"]);
    sim.fault(json!({ "reorder": { "pushes": 2 } }));
    sim.agent(json!({ "message": { "text": "third" } }));
    sim.agent(json!({ "message": { "text": "fourth" } }));
    sim.run(1_000);
    assert_eq!(sim.heard(), ["lost", "next", "third", "fourth"]);
    let reads = |sim: &Sim| sim.sent.iter().filter(|frame| frame["action"] == "list_threads").count();
    let before = reads(&sim);
    sim.agent(json!({ "message": { "text": "fifth" } }));
    sim.run(1_000);
    assert_eq!((sim.heard().len(), reads(&sim)), (5, before), "it follows upon the highest, whatever came last");
    // What only agents see leaves a number out for good: it is asked for once.
    sim.agent(json!({ "event": { "event": { "type": "message", "text": "whisper", "recipients": "agents" } } }));
    for index in 0..3 {
        sim.agent(json!({ "message": { "text": format!("after {index}") } }));
        sim.run(1_000);
    }
    assert_eq!(sim.heard().len(), 8);
    assert_eq!(reads(&sim), before + 1);
}

#[test]
fn an_event_of_an_unknown_thread_brings_what_came_before_it() {
    let (mut sim, _, _) = with_five();
    sim.agent(json!({ "close": {} }));
    sim.run(500);
    // The opening of the next thread and its first messages are lost.
    sim.fault(json!({ "drop_pushes": { "pushes": 2 } }));
    sim.agent(json!({ "reopen": {} }));
    sim.agent(json!({ "message": { "text": "lost" } }));
    sim.agent(json!({ "message": { "text": "heard" } }));
    sim.run(2_000);
    assert_eq!(sim.heard(), ["lost", "heard"]);
    assert_eq!(sim.told("incoming_chat").len(), 1);
}

#[test]
fn a_history_that_is_gone_is_a_gap_with_its_range() {
    let (mut sim, chat, ids) = with_five();
    let last = sim.session.chats().to_json()[0]["lastEvent"]["createdAt"].clone();
    sim.cut();
    sim.run(30);
    for id in &ids {
        sim.agent(json!({ "delete": { "event_id": id } }));
    }
    sim.agent(json!({ "message": { "text": "agent 6" } }));
    sim.run(20_000);
    let gaps: Vec<Json> = sim.told("history_gap").into_iter().cloned().collect();
    assert_eq!(gaps.len(), 1, "{:#?}", sim.told);
    assert_eq!((&gaps[0]["chatId"], &gaps[0]["from"]), (&json!(chat), &last));
    assert!(gaps[0]["to"].is_string());
    assert_eq!(sim.heard(), ["agent 6"]);
    sim.told.clear();
    away(&mut sim, |_| {});
    assert!(sim.told("history_gap").is_empty(), "told once");
}

#[test]
fn a_page_that_is_left_lets_its_socket_go_and_comes_back_at_once() {
    let (mut sim, _, _) = with_five();
    sim.input(Input::Hidden);
    assert_eq!(sim.state(), "connecting");
    sim.run(30_000);
    assert_eq!(sim.opened_sockets, 1, "nothing is tried behind the page's back");
    sim.agent(json!({ "message": { "text": "meanwhile" } }));
    sim.input(Input::Awake);
    sim.run(1_000);
    assert_eq!((sim.state(), sim.opened_sockets), ("connected", 2));
    assert_eq!(sim.heard(), ["meanwhile"]);
}

#[test]
fn a_core_that_continues_anothers_work_tells_what_neither_has_told() {
    let (mut sim, chat, _) = with_five();
    let told = tell(&mut sim);
    for closes in [false, true] {
        sim.agent(json!({ "message": { "text": "missed" } }));
        if closes {
            sim.agent(json!({ "close": {} }));
            sim.agent(json!({ "reopen": {} }));
        }
        sim.agent(json!({ "message": { "text": "and this" } }));
        sim.run(500);
        sim.reload(&json!({ "resume": { chat.as_str(): told } }));
        sim.connect();
        sim.run(1_000);
        let expected: &[&str] =
            if closes { &["missed", "and this", "missed", "and this"] } else { &["missed", "and this"] };
        assert_eq!(sim.heard(), expected);
        assert_eq!(sim.told("incoming_chat").len(), usize::from(closes), "a thread that was opened is shown once");
        assert_eq!((sim.told("connected").len(), sim.told("connection_restored").len()), (0, 1));
        assert!(sim.told("history_gap").is_empty() && sim.told("user_added_to_chat").is_empty());
    }
    // What was told last is gone with all that was around it.
    let mut other = told.clone();
    other["threadId"] = json!("GONE");
    sim.reload(&json!({ "resume": { chat.as_str(): other, "NOT": 7 } }));
    sim.connect();
    sim.run(1_000);
    assert_eq!(sim.told("history_gap").len(), 1);
    assert_eq!(sim.told("history_gap")[0]["from"], told["createdAt"]);
}

#[test]
fn a_core_that_continues_anothers_work_tells_of_an_end() {
    let (mut sim, chat, _) = with_five();
    let told = tell(&mut sim);
    sim.agent(json!({ "close": {} }));
    sim.run(500);
    let last = sim.told("incoming_event").last().unwrap()["event"].clone();
    for (told, ends) in [(told, 1), (last, 0)] {
        sim.reload(&json!({ "resume": { chat.as_str(): told } }));
        sim.told.clear();
        sim.connect();
        sim.run(1_000);
        assert_eq!(sim.told("thread_closed").len(), ends);
        assert_eq!(sim.told("incoming_event").len(), ends);
        assert_eq!(sim.session.chats().to_json()[0]["active"], false);
    }
}

#[test]
fn threads_that_are_no_chain_are_a_gap() {
    for (previous, gaps) in [("THREAD", 0), ("LOST", 1)] {
        let mut hand = Hand::live(&json!({}));
        hand.kept = "list_chats";
        hand.input(Input::Reconnect);
        hand.kept = "list_threads";
        let at = "2026-03-01T09:00:00.000001Z";
        let row = json!({
            "id": "CHAT", "active": true, "users": [], "last_thread_id": "NEW", "last_thread_created_at": at,
        });
        hand.reply("list_chats", true, &json!({ "chats_summary": [row], "total_chats": 1 }));
        let newest =
            json!({ "id": "NEW", "active": true, "created_at": at, "previous_thread_id": previous, "events": [] });
        let mut page = good("list_threads", &Json::Null);
        page["threads"].as_array_mut().unwrap().insert(0, newest);
        hand.reply("list_threads", true, &page);
        hand.run(1_000);
        assert_eq!(hand.told("history_gap").len(), gaps, "after {previous}");
    }
}

#[test]
fn what_somebody_saw_has_happened() {
    let mut hand = Hand::live(&json!({}));
    let event = json!({ "id": "THREAD_1", "type": "message", "author_id": "me", "text": "own",
        "created_at": "2026-03-01T10:00:01.000000Z" });
    hand.push("incoming_event", &json!({ "chat_id": "CHAT", "thread_id": "THREAD", "event": event }));
    for (user, mark, is_read) in [
        ("a", "2026-03-01T10:00:01.000000Z", false),
        // A page may set its own mark wherever it likes.
        ("me", "2026-03-01T10:00:01.000001Z", false),
        ("a", "2026-03-01T10:00:01.000001Z", true),
    ] {
        hand.run(10_000);
        hand.sent.clear();
        hand.push("events_marked_as_seen", &json!({ "chat_id": "CHAT", "user_id": user, "seen_up_to": mark }));
        hand.run(10_000);
        assert_eq!(hand.sent.iter().any(|frame| frame["action"] == "list_threads"), is_read, "{mark}");
    }
}

/// The last message of a thread is garbled, and a new thread begins at once.
#[test]
fn what_follows_a_frame_that_cannot_be_read_waits_for_what_it_said() {
    let (mut sim, chat, _) = with_five();
    sim.fault(json!({ "truncate": {} }));
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    sim.agent(json!({ "join": { "agent_id": GRACE } }));
    sim.agent(json!({ "message": { "text": "agent 5" } }));
    sim.run(5_000);
    let told: Vec<&str> = sim
        .told
        .iter()
        .filter_map(|(name, payload)| match *name {
            "new_event" if payload["type"] == "system_message" => payload["systemMessageType"].as_str(),
            "new_event" => payload["text"].as_str(),
            "thread_closed" | "incoming_chat" | "history_gap" => Some(*name),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["manual_archived_agent", "thread_closed", "incoming_chat", "agent_joined", "agent 5"]);
    let chats = sim.session.chats().to_json();
    let row = chats.as_array().unwrap().iter().find(|row| row["id"] == json!(chat)).unwrap();
    assert!(row["users"].as_array().unwrap().iter().all(|user| user["present"] == true), "{row}");
}

#[test]
fn what_follows_a_frame_that_cannot_be_read_waits_for_the_threads_if_the_summary_fails() {
    let (mut sim, _, _) = with_five();
    sim.fault(json!({ "fail": { "action": "list_chats", "type": "internal", "count": 1 } }));
    sim.fault(json!({ "truncate": {} }));
    sim.agent(json!({ "message": { "text": "agent 5" } }));
    sim.agent(json!({ "message": { "text": "agent 6" } }));
    sim.run(60_000);
    assert!(sim.told("connection_lost").is_empty());
    assert_eq!(sim.heard(), ["agent 5", "agent 6"]);
}

/// The page froze while the read was on its way: what it holds back is younger than the read.
#[test]
fn what_is_younger_than_a_read_is_not_taken_for_deleted() {
    let (mut sim, _, _) = with_five();
    sim.cut();
    sim.run(30);
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    // The chat is asked for when its threads are read.
    sim.until_asked("get_chat");
    sim.freeze(Freeze { millis: 5_000, clock_stops: false, timers_first: false, wakes: false });
    sim.agent(json!({ "message": { "text": "agent 5" } }));
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    sim.agent(json!({ "message": { "text": "agent 6" } }));
    sim.run(20_000);
    assert_eq!(sim.heard(), ["agent 5", "agent 6"]);
    assert!(sim.told("event_deleted").is_empty() && sim.told("history_gap").is_empty());
    assert_eq!(sim.told("thread_closed").len(), 2);
}

#[test]
fn what_became_of_the_newest_message_is_told_too() {
    let (mut sim, _, ids) = with_five();
    for text in ["changed", "changed again"] {
        away(&mut sim, |sim| {
            sim.agent(json!({ "edit": { "event_id": ids[4], "text": text } }));
        });
        let texts: Vec<&Json> = sim.told("event_updated").iter().map(|told| &told["event"]["text"]).collect();
        assert_eq!(texts, [text]);
        sim.told.clear();
    }
    away(&mut sim, |sim| {
        sim.agent(json!({ "delete": { "event_id": ids[4] } }));
    });
    assert_eq!(sim.told("event_deleted").len(), 1);
}

#[test]
fn a_history_without_end_is_not_read_for_ever() {
    let page = |hour: u32, page: u32| {
        let thread = json!({ "id": format!("T{hour}P{page}"), "active": true,
            "created_at": format!("2026-03-01T{hour:02}:00:00.000000Z"), "events": [] });
        json!({ "threads": [thread], "next_page_id": "p" })
    };
    let summary = json!({ "chats_summary": [{
        "id": "CHAT", "active": true, "last_thread_id": "THREAD", "last_thread_created_at": "2026-03-01T00:00:00.000001Z",
        "users": [{ "id": "me", "type": "customer", "events_seen_up_to": "2026-03-01T00:00:01.000000Z" }],
        "last_event_per_type": { "message": { "thread_id": "THREAD", "event": {
            "id": "THREAD_1", "type": "message", "author_id": "a", "text": "x", "created_at": "2026-03-01T00:00:02Z" } } },
    }], "total_chats": 1 });
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    // At the start only what is unread is counted; after an outage nothing may be missing.
    for (hour, pages) in [(9, 4), (10, 200)] {
        hand.kept = "list_chats";
        hand.input(Input::Reconnect);
        hand.kept = "list_threads";
        hand.reply("list_chats", true, &summary);
        let mut read = 0;
        let mut asks = true;
        while asks && read < 300 {
            let sent = hand.sent.len();
            hand.reply("list_threads", true, &page(hour, read));
            read += 1;
            asks = hand.sent.len() > sent;
        }
        assert_eq!(read, pages);
        assert_eq!(hand.state(), "connected");
    }
}

/// A row of a summary.
fn row(chat: &str, users: &Json) -> Json {
    json!({
        "id": chat, "active": true, "users": users, "last_thread_id": "THREAD",
        "last_thread_created_at": "2026-03-01T00:00:00.000001Z",
    })
}

/// A new line, whose summary is this.
fn back(hand: &mut Hand, rows: &[Json], kept: &'static str) {
    hand.kept = "list_chats";
    hand.input(Input::Reconnect);
    hand.kept = kept;
    hand.told.clear();
    hand.reply("list_chats", true, &json!({ "chats_summary": rows, "total_chats": rows.len() }));
}

fn reads(hand: &Hand) -> Vec<&str> {
    let frames = hand.sent.iter().filter(|frame| frame["action"] == "list_threads");
    frames.map(|frame| frame["payload"]["chat_id"].as_str().unwrap()).collect()
}

#[test]
fn a_chat_that_is_new_is_told_as_one() {
    let mut hand = Hand::live(&json!({}));
    let me = json!({ "id": "me", "type": "customer", "present": true });
    let agent = json!({ "id": "a", "type": "agent", "present": true, "events_seen_up_to": "2026-03-01T10:00:00Z" });
    back(&mut hand, &[row("CHAT", &json!([me, agent])), row("NEW", &json!([me, agent]))], "");
    let opened: Vec<&Json> = hand.told("incoming_chat").iter().map(|told| &told["chat"]["id"]).collect();
    assert_eq!(opened, ["NEW"]);
    let added: Vec<&Json> = hand.told("user_added_to_chat").iter().map(|told| &told["chatId"]).collect();
    assert_eq!(added, ["CHAT"], "those of a new chat come with it");
    assert!(hand.told("events_marked_as_seen").is_empty(), "a mark comes with its user");
}

/// Platforms show the newest chats only.
#[test]
fn a_chat_that_the_summary_does_not_show_is_read_too() {
    let mut hand = Hand::live(&json!({}));
    hand.push(
        "incoming_event",
        &json!({ "chat_id": "FAR", "thread_id": "T", "event": {
        "id": "T_1", "type": "message", "author_id": "a", "text": "x", "created_at": "2026-03-01T10:00:00.000000Z" } }),
    );
    back(&mut hand, &[row("CHAT", &json!([]))], "");
    let mut read = reads(&hand);
    read.sort_unstable();
    assert_eq!(read, ["CHAT", "FAR"]);
}

#[test]
fn a_chat_that_may_not_be_read_is_a_gap_and_does_not_end_the_line() {
    let mut hand = Hand::live(&json!({}));
    // Of the other one nothing is known but who came.
    hand.push("user_added_to_chat", &json!({ "chat_id": "OTHER", "user": { "id": "a", "type": "agent" } }));
    for (chat, from) in [("CHAT", json!("2026-03-01T00:00:00.000000Z")), ("OTHER", Json::Null)] {
        back(&mut hand, &[row(chat, &json!([]))], "list_threads");
        let is_read = |frame: &&Json| frame["action"] == "list_threads" && frame["payload"]["chat_id"] == chat;
        let read = hand.sent.iter().rfind(is_read).unwrap();
        let reply = json!({
            "request_id": read["request_id"], "action": "list_threads", "type": "response", "success": false,
            "payload": { "error": { "type": "authorization", "message": "no" } },
        });
        hand.receive(reply);
        assert_eq!((hand.state(), hand.told("history_gap").len()), ("connected", 1));
        assert_eq!(*hand.told("history_gap")[0], json!({ "chatId": chat, "from": from, "to": null }));
    }
    assert_eq!(hand.told("warning")[0]["code"], "CATCH_UP");
    assert!(hand.told("connection_lost").is_empty());
}

#[test]
fn what_cannot_be_counted_is_worth_no_line() {
    for kind in ["internal", "authorization"] {
        let (mut sim, _, _) = with_five();
        sim.reload(&json!({}));
        sim.fault(json!({ "fail": { "action": "list_threads", "type": kind } }));
        sim.connect();
        sim.run(10_000);
        assert_eq!((sim.state(), sim.opened_sockets), ("connected", 2), "{kind}");
        assert_eq!(sim.told("warning").len(), 1, "{kind}");
        assert!(sim.told("history_gap").is_empty() && sim.told("connection_lost").is_empty(), "{kind}");
    }
}

#[test]
fn a_suspicion_that_cannot_be_cleared_at_once_stays() {
    let (mut sim, _, _) = with_five();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    sim.agent(json!({ "message": { "text": "lost" } }));
    sim.run(1_000);
    sim.fault(json!({ "fail": { "action": "list_chats", "type": "internal", "count": 1 } }));
    sim.input(Input::Awake);
    sim.run(10_000);
    assert_eq!((sim.heard(), sim.opened_sockets), (vec!["lost".to_owned()], 1));
}

#[test]
fn what_is_heard_in_order_is_never_asked_for() {
    let (mut sim, _, _) = with_five();
    sim.sent.clear();
    for _ in 0..3 {
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
        for _ in 0..3 {
            sim.agent(json!({ "message": { "text": "x" } }));
        }
        sim.run(1_000);
    }
    assert_eq!(sim.heard().len(), 9);
    assert!(sim.sent.iter().all(|frame| frame["action"] != "list_threads"));
}

#[test]
fn an_outage_in_which_nothing_happened_is_all_that_is_told() {
    let (mut sim, _, _) = with_five();
    // How far the agent has read, by writing, is learned here.
    away(&mut sim, |_| {});
    for _ in 0..2 {
        sim.told.clear();
        away(&mut sim, |_| {});
        let names: Vec<&str> = sim.told.iter().map(|(name, _)| *name).filter(|name| *name != "user_data").collect();
        assert_eq!(names, ["connection_lost", "state", "state", "state", "connection_restored"]);
    }
}

/// The last of them shows that the chat has begun anew.
#[test]
fn a_thread_whose_first_pushes_are_swapped_is_told_in_order() {
    let (mut sim, _, _) = with_five();
    sim.agent(json!({ "close": {} }));
    sim.run(1_000);
    sim.told.clear();
    sim.fault(json!({ "reorder": { "pushes": 4 } }));
    sim.agent(json!({ "reopen": {} }));
    for index in 5..8 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.run(5_000);
    assert_eq!(sim.heard(), ["agent 5", "agent 6", "agent 7"]);
    let names: Vec<&str> = sim.told.iter().map(|(name, _)| *name).collect();
    let first = |wanted: &str| names.iter().position(|name| *name == wanted);
    assert!(first("incoming_chat") < first("incoming_event"), "{names:?}");
    assert_eq!(sim.told("incoming_chat").len(), 1);
    assert_eq!(sim.session.chats().to_json()[0]["active"], true);
}

#[test]
fn the_first_messages_of_a_chat_are_told_in_order() {
    let (mut sim, _) = Sim::in_chat();
    sim.fault(json!({ "reorder": { "pushes": 2 } }));
    sim.agent(json!({ "message": { "text": "agent 0" } }));
    sim.agent(json!({ "message": { "text": "agent 1" } }));
    sim.run(1_000);
    assert_eq!(sim.heard(), ["agent 0", "agent 1"]);
}

/// To a page that was opened in the middle of it, and to a core that continues another's work.
#[test]
fn the_first_messages_that_a_core_hears_are_told_in_order() {
    for (has_spoken, continues) in [(false, false), (true, false), (true, true)] {
        let (mut sim, chat) = Sim::in_chat();
        if has_spoken {
            sim.agent(json!({ "message": { "text": "agent" } }));
            sim.run(1_000);
        }
        let told = sim.told("incoming_event").first().map(|told| told["event"].clone());
        let resume = json!({ chat.as_str(): told });
        sim.reload(&if continues { json!({ "resume": resume }) } else { json!({}) });
        sim.connect();
        sim.run(1_000);
        sim.fault(json!({ "reorder": { "pushes": 2 } }));
        sim.agent(json!({ "message": { "text": "agent 0" } }));
        sim.agent(json!({ "message": { "text": "agent 1" } }));
        sim.run(1_000);
        assert_eq!(sim.heard(), ["agent 0", "agent 1"], "spoken: {has_spoken}, continues: {continues}");
    }
}

#[test]
fn a_thread_that_came_and_went_is_told_with_its_end() {
    for is_closed_before in [false, true] {
        let (mut sim, chat, _) = with_five();
        if is_closed_before {
            sim.agent(json!({ "close": {} }));
            sim.run(1_000);
            sim.told.clear();
        }
        away(&mut sim, |sim| {
            let _ = sim.try_agent(json!({ "close": {} }));
            sim.agent(json!({ "reopen": {} }));
            sim.agent(json!({ "close": {} }));
        });
        let lives: Vec<&str> = sim
            .told
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| ["incoming_chat", "thread_closed"].contains(name))
            .collect();
        let all = ["thread_closed", "incoming_chat", "thread_closed"];
        assert_eq!(lives, all[usize::from(is_closed_before)..], "closed before: {is_closed_before}");
        assert_eq!(sim.told("thread_closed").last().unwrap()["chat"], json!(chat));
    }
}

/// The line is cut again before the chat is read.
#[test]
fn what_became_of_a_chat_is_told_when_a_second_outage_follows() {
    let (mut sim, _, _) = with_five();
    sim.cut();
    sim.run(30);
    sim.agent(json!({ "close": {} }));
    sim.sent.clear();
    sim.until_asked("list_threads");
    away(&mut sim, |_| {});
    assert_eq!(sim.told("thread_closed").len(), 1);
    assert!(sim.told("history_gap").is_empty());
}

/// It came while the chat was read, behind a frame that could not be; what had waited for the next summary went with the line.
#[test]
fn an_end_that_nobody_has_told_is_told_over_the_next_line() {
    let (mut sim, _, _) = with_five();
    sim.cut();
    sim.sent.clear();
    sim.until_asked("list_threads");
    sim.fault(json!({ "garbage": { "wrong_types": false } }));
    sim.agent(json!({ "close": {} }));
    sim.until(1_000, |sim| !sim.told("incoming_event").is_empty());
    assert!(sim.told("thread_closed").is_empty());
    away(&mut sim, |_| {});
    assert_eq!(sim.told("thread_closed").len(), 1);
    assert_eq!(sim.session.chats().to_json()[0]["active"], false);
}
