//! `chats()`: the live summary.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good};
use crate::samples::incoming;
use crate::sim::Sim;

fn row(sim: &Sim) -> Json {
    sim.session.chats().to_json()[0].clone()
}

#[test]
fn follows_what_happens() {
    let (mut sim, chat) = Sim::in_chat();
    assert_eq!(row(&sim)["active"], true);
    assert_eq!(row(&sim)["unreadCount"], 0);
    for index in 0..3 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        sim.run(100);
    }
    assert_eq!(row(&sim)["lastEvent"]["text"], "agent 2");
    assert_eq!(row(&sim)["unreadCount"], 3);
    let second = sim.told("new_event")[1]["createdAt"].as_str().unwrap().to_owned();
    sim.ask("markEventsAsSeen", json!({ "chatId": chat, "seenUpTo": second })).unwrap();
    sim.run(100);
    assert_eq!(row(&sim)["unreadCount"], 1);
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "own" })).unwrap();
    assert_eq!(row(&sim)["unreadCount"], 0, "writing is reading");
    assert_eq!(row(&sim)["lastEvent"]["text"], "own");
    sim.agent(json!({ "seen": {} }));
    sim.run(100);
    let agent = sim.told("events_marked_as_seen").pop().unwrap()["userId"].as_str().unwrap().to_owned();
    assert!(row(&sim)["eventsSeenUpToMap"][agent].is_string());
    sim.ask("deactivateChat", json!({ "id": chat })).unwrap();
    sim.run(100);
    assert_eq!(row(&sim)["active"], false);
    assert_eq!(sim.told("thread_closed")[0]["chat"], *chat);
}

#[test]
fn counts_what_was_not_seen_before_the_page_came() {
    let (mut sim, chat) = Sim::in_chat();
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "own" })).unwrap();
    sim.input(Input::Disconnect);
    sim.run(100);
    for index in 0..40 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.reload(&json!({}));
    sim.connect();
    sim.run(1_000);
    assert_eq!(row(&sim)["unreadCount"], 40);
    assert!(sim.told("new_event").is_empty(), "history is not news");
    sim.agent(json!({ "message": { "text": "agent 40" } }));
    sim.run(100);
    assert_eq!(row(&sim)["unreadCount"], 41);
    assert_eq!(sim.heard(), ["agent 40"]);
}

#[test]
fn is_the_same_whether_heard_or_read() {
    let tell = |away: bool| {
        let (mut sim, _) = Sim::in_chat();
        if away {
            sim.cut();
            sim.run(50);
        }
        for index in 0..7 {
            sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        }
        sim.run(30_000);
        let row = row(&sim);
        (row["unreadCount"].clone(), row["lastEvent"]["text"].clone(), row["active"].clone())
    };
    assert_eq!(tell(false), tell(true));
}

#[test]
fn history_comes_in_pages_and_in_order() {
    let (mut sim, chat) = Sim::in_chat();
    for index in 0..60 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
    }
    let mut texts = Vec::new();
    let mut page_id = Json::Null;
    let mut pages = 0;
    loop {
        let args = match page_id.as_str() {
            Some(id) => json!({ "chatId": chat, "pageId": id }),
            None => json!({ "chatId": chat, "minEventsCount": 25 }),
        };
        let page = sim.ask("listThreads", args).unwrap();
        pages += 1;
        for thread in page["threads"].as_array().unwrap() {
            assert_eq!(thread["chatId"], *chat);
            for event in thread["events"].as_array().unwrap().iter().rev() {
                assert_eq!(event["threadId"], thread["id"]);
                if event["type"] == "message" {
                    texts.push(event["text"].as_str().unwrap().to_owned());
                }
            }
        }
        page_id = page["nextPageId"].clone();
        if page_id.is_null() {
            break;
        }
    }
    texts.reverse();
    assert_eq!(texts, (0..60).map(|index| format!("agent {index}")).collect::<Vec<_>>());
    assert!(pages >= 3, "{pages} pages");
    assert_eq!(sim.told("thread_summary").len(), 61 + 61, "each thread once live and once read");
}

fn said(number: u32, second: u32, author: &str, text: &str) -> Json {
    json!({
        "id": format!("THREAD_{number}"), "type": "message", "author_id": author, "text": text,
        "created_at": format!("2026-03-01T10:00:{second:02}.000000Z"),
    })
}

#[test]
fn the_newest_chat_comes_first() {
    let mut hand = Hand::live(&json!({}));
    for (chat, day) in [("B", 3), ("D", 5), ("A", 2), ("C", 4)] {
        let thread = json!({
            "id": format!("T{chat}"), "created_at": format!("2026-03-{day:02}T10:00:00.000001Z"), "active": true,
            "events": [],
        });
        let chat = json!({ "id": chat, "users": [], "thread": thread });
        hand.push("incoming_chat", &json!({ "requester_id": "a", "chat": chat }));
    }
    let order = |hand: &Hand| -> Vec<String> {
        let rows = hand.session.chats().to_json();
        rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(order(&hand), ["D", "C", "B", "A", "CHAT"]);
    // The newest thread counts, as the platform has it. One that nobody has heard of is new.
    for (thread, expected) in [("TA", ["D", "C", "B", "A", "CHAT"]), ("NEWER", ["A", "D", "C", "B", "CHAT"])] {
        let event = json!({ "id": format!("{thread}_1"), "type": "message", "author_id": "a", "text": "x",
            "created_at": "2026-03-09T10:00:00.000001Z" });
        hand.push("incoming_event", &json!({ "chat_id": "A", "thread_id": thread, "event": event }));
        assert_eq!(order(&hand), expected);
    }
}

#[test]
fn the_last_event_is_shown_as_it_is_now() {
    let mut hand = Hand::live(&json!({}));
    hand.push("incoming_event", &incoming(said(1, 1, "a", "one")));
    hand.push("incoming_event", &incoming(said(2, 2, "a", "two")));
    let last = |hand: &Hand| hand.session.chats().to_json()[0]["lastEvent"]["text"].clone();
    hand.push("event_updated", &incoming(said(1, 1, "a", "one, edited")));
    assert_eq!(last(&hand), "two");
    hand.push("event_updated", &incoming(said(2, 2, "a", "two, edited")));
    assert_eq!(last(&hand), "two, edited");
    hand.push("incoming_event", &incoming(said(3, 3, "a", "three")));
    let delete = |hand: &mut Hand, id: &str| {
        hand.push("event_deleted", &json!({ "chat_id": "CHAT", "thread_id": "THREAD", "event_id": id }));
    };
    delete(&mut hand, "THREAD_1");
    assert_eq!(last(&hand), "three");
    delete(&mut hand, "THREAD_3");
    assert_eq!(last(&hand), "two, edited", "the newest of those that are left");
}

/// An edit may overtake what it edits, and nothing else would show that this is missing.
#[test]
fn an_edit_of_what_nobody_has_heard_is_a_reason_to_read() {
    let mut hand = Hand::live(&json!({}));
    hand.push("incoming_event", &incoming(said(1, 1, "a", "one")));
    hand.sent.clear();
    hand.push("event_updated", &incoming(said(1, 1, "a", "one, edited")));
    hand.run(5_000);
    assert!(hand.sent.is_empty(), "known: nothing is asked");
    hand.push("event_updated", &incoming(said(2, 2, "a", "two, edited")));
    hand.run(5_000);
    assert_eq!(hand.last("list_threads")["payload"]["chat_id"], "CHAT");
}

#[test]
fn what_came_after_the_own_words_stays_unread() {
    let mut hand = Hand::live(&json!({}));
    hand.push("incoming_event", &incoming(said(1, 1, "a", "before")));
    hand.push("incoming_event", &incoming(said(2, 5, "a", "after")));
    // Said elsewhere, heard of late.
    hand.push("incoming_event", &incoming(said(3, 3, "me", "own")));
    assert_eq!(hand.session.chats().to_json()[0]["unreadCount"], 1);
}

/// A summary of one closed chat, with its newest event if it has one.
fn closed(event: Option<&Json>) -> Json {
    let at = "2026-03-01T00:00:00.000001Z";
    let last = event.map_or(
        json!({}),
        |event| json!({ "message": { "thread_id": "THREAD", "thread_created_at": at, "event": event } }),
    );
    let row = json!({
        "id": "CHAT", "active": false, "users": [], "last_thread_id": "THREAD", "last_thread_created_at": at,
        "last_event_per_type": last,
    });
    json!({ "chats_summary": [row], "total_chats": 1 })
}

#[test]
fn a_closed_chat_is_read_again_if_pages_have_something_of_it_or_something_was_added() {
    let (old, new) = (said(4, 4, "me", "x"), said(5, 5, "a", "x"));
    for (before, after, is_read) in
        [(None, None, false), (None, Some(&new), true), (Some(&old), Some(&old), true), (Some(&old), Some(&new), true)]
    {
        let mut hand = Hand::new(&json!({}));
        hand.is_served = true;
        hand.kept = "list_chats";
        hand.input(Input::Connect);
        hand.reply("list_chats", true, &closed(before));
        assert_eq!(hand.state(), "connected");
        hand.run(5_000);
        hand.sent.clear();
        hand.input(Input::Reconnect);
        hand.kept = "list_threads";
        hand.reply("list_chats", true, &closed(after));
        let last = hand.session.chats().to_json()[0]["lastEvent"]["id"].clone();
        assert_eq!(last, after.map_or(Json::Null, |event| event["id"].clone()), "known before it is read");
        let reads = hand.sent.iter().any(|frame| frame["action"] == "list_threads");
        assert_eq!(reads, is_read, "{before:?} {after:?}");
    }
}

#[test]
fn what_was_unread_before_an_outage_stays_so() {
    let (mut sim, _) = Sim::in_chat();
    let say = |sim: &mut Sim, count: u32| {
        for index in 0..count {
            sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        }
    };
    say(&mut sim, 3);
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    // More than a page of the history: the thread before is not read with it.
    say(&mut sim, 30);
    sim.run(1_000);
    for unread in [33, 34, 35] {
        assert_eq!(row(&sim)["unreadCount"], unread);
        sim.cut();
        sim.run(30);
        say(&mut sim, 1);
        sim.run(20_000);
    }
}

#[test]
fn who_has_left_is_there_no_more() {
    let mut hand = Hand::live(&json!({}));
    let user = |hand: &Hand, id: &str| {
        let row = hand.session.chats().to_json()[0].clone();
        row["users"].as_array().unwrap().iter().find(|user| user["id"] == id).unwrap().clone()
    };
    let agent = json!({ "id": "a", "type": "agent", "name": "G", "present": true });
    hand.push("user_added_to_chat", &json!({ "chat_id": "CHAT", "user": agent }));
    assert_eq!(user(&hand, "a")["present"], true);
    hand.push("user_removed_from_chat", &json!({ "chat_id": "CHAT", "user_id": "a" }));
    let expected = json!({ "id": "a", "type": "agent", "name": "G", "present": false });
    assert_eq!((user(&hand, "a"), &user(&hand, "me")["present"]), (expected, &json!(true)));
}

#[test]
fn a_chat_has_two_hundred_people_at_most() {
    let mut hand = Hand::live(&json!({}));
    for index in 0..250 {
        let agent = json!({ "id": format!("a{index}"), "type": "agent" });
        hand.push("user_added_to_chat", &json!({ "chat_id": "CHAT", "user": agent }));
    }
    let rows = hand.session.chats().to_json();
    assert_eq!(rows[0]["users"].as_array().unwrap().len(), 200, "a server that says so must not keep the page busy");
    assert_eq!(hand.told("user_added_to_chat").len(), 250, "each is told");
}

#[test]
fn the_newest_of_all_types_is_the_last_event() {
    let event = |number: u32, kind: &str| {
        let mut event = said(number, number, "me", "x");
        event["type"] = json!(kind);
        json!({ "thread_id": "THREAD", "thread_created_at": "2026-03-01T00:00:00.000001Z", "event": event })
    };
    for (first, second) in [(1, 2), (2, 1)] {
        let mut summary = closed(None);
        summary["chats_summary"][0]["last_event_per_type"] =
            json!({ "file": event(first, "file"), "message": event(second, "message") });
        let mut hand = Hand::new(&json!({}));
        hand.is_served = true;
        hand.kept = "list_chats";
        hand.input(Input::Connect);
        hand.reply("list_chats", true, &summary);
        assert_eq!(hand.session.chats().to_json()[0]["lastEvent"]["id"], "THREAD_2");
        let row = &hand.told("connected")[0]["chatsSummary"][0];
        assert_eq!(row["lastEvent"]["id"], "THREAD_2");
        assert_eq!(row["lastEventsPerType"]["file"]["id"], format!("THREAD_{first}"));
    }
}

#[test]
fn what_opens_a_thread_is_counted_once() {
    let mut hand = Hand::live(&json!({}));
    // As old as its thread, to the microsecond.
    let mut event = said(1, 0, "a", "x");
    event["created_at"] = json!("2026-03-01T00:00:00.000001Z");
    hand.push("incoming_event", &incoming(event.clone()));
    hand.kept = "list_threads";
    hand.input(Input::Reconnect);
    let mut page = good("list_threads", &Json::Null);
    page["threads"][0]["events"] = json!([event]);
    hand.reply("list_threads", true, &page);
    assert_eq!(hand.session.chats().to_json()[0]["unreadCount"], 1);
}

#[test]
fn a_mark_that_says_nothing_new_is_not_told() {
    let mut hand = Hand::live(&json!({}));
    let agent = json!({ "id": "a", "type": "agent", "events_seen_up_to": "2026-03-01T10:00:02Z" });
    hand.push("user_added_to_chat", &json!({ "chat_id": "CHAT", "user": agent }));
    for second in [1, 2, 3, 3, 2] {
        let mark = format!("2026-03-01T10:00:{second:02}Z");
        hand.push("events_marked_as_seen", &json!({ "chat_id": "CHAT", "user_id": "a", "seen_up_to": mark }));
    }
    let marks: Vec<&Json> = hand.told("events_marked_as_seen").iter().map(|told| &told["seenUpTo"]).collect();
    assert_eq!(marks, ["2026-03-01T10:00:03Z"]);
    // An older mark in the user's own record does not take it back.
    hand.push("user_added_to_chat", &json!({ "chat_id": "CHAT", "user": agent }));
    assert_eq!(hand.session.chats().to_json()[0]["eventsSeenUpToMap"]["a"], "2026-03-01T10:00:03Z");
}
