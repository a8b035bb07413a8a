//! What is new is decided by ids and by the server's order, whatever its clock and the form of its ids.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::sim::Sim;

const FORMS: &[&str] = &["numbered", "gaps", "descending", "shuffled", "suffixed", "uuid", "letters", "mixed"];
/// How far the server's clock jumps, in microseconds.
const JUMPS: &[i64] = &[-1, -30_000_000, -3_600_000_000, 3_600_000_000];

fn say(sim: &mut Sim, texts: &[&str]) {
    for text in texts {
        sim.agent(json!({ "message": { "text": text } }));
    }
}

/// A page that opens a chat in which these ids and times have been said already. The last is that of a file.
fn reopened(form: &str) -> (Sim, String) {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "event_ids": { "form": form } }));
    say(&mut sim, &["history 0", "history 1", "history 2", "history 3"]);
    sim.run(1_000);
    sim.reload(&json!({}));
    sim.connect();
    sim.run(1_000);
    sim.sent.clear();
    (sim, chat)
}

fn away(sim: &mut Sim, acts: impl FnOnce(&mut Sim)) {
    sim.cut();
    sim.run(30);
    acts(sim);
    sim.run(20_000);
    assert_eq!(sim.state(), "connected");
}

fn reads(sim: &Sim) -> usize {
    sim.sent.iter().filter(|frame| frame["action"] == "list_threads").count()
}

#[test]
fn missed_events_older_than_known_ones_are_emitted() {
    for jump in JUMPS {
        for begins_thread in [false, true] {
            let (mut sim, _) = reopened("numbered");
            sim.fault(json!({ "server_clock": { "offset_us": jump } }));
            away(&mut sim, |sim| {
                if begins_thread {
                    sim.agent(json!({ "close": {} }));
                    sim.agent(json!({ "reopen": {} }));
                }
                say(sim, &["missed 0", "missed 1"]);
            });
            say(&mut sim, &["live"]);
            away(&mut sim, |sim| say(sim, &["missed 2"]));
            assert_eq!(sim.heard(), ["missed 0", "missed 1", "live", "missed 2"], "{jump} {begins_thread}");
            assert!(sim.told("history_gap").is_empty(), "{jump} {begins_thread}");
            assert_eq!(sim.session.chats().to_json()[0]["lastEvent"]["text"], "missed 2");
        }
    }
}

/// The chat is closed and nothing of it was shown: only its newest event says that there is something to read.
#[test]
fn a_closed_chat_with_a_new_event_of_an_older_time_is_read() {
    let row = |event: &Json| {
        let at = "2026-03-01T09:00:00.000000Z";
        let last = json!({ "message": { "thread_id": "THREAD", "thread_created_at": at, "event": event } });
        json!({ "chats_summary": [{ "id": "CHAT", "active": false, "users": [], "last_thread_id": "THREAD",
            "last_thread_created_at": at, "last_event_per_type": last }], "total_chats": 1 })
    };
    let (old, new) = (event("a", 5), event("b", 4));
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "list_chats";
    hand.input(Input::Connect);
    hand.reply("list_chats", true, &row(&old));
    hand.input(Input::Reconnect);
    hand.kept = "list_threads";
    hand.reply("list_chats", true, &row(&new));
    hand.reply("list_threads", true, &json!({ "threads": [thread("THREAD", 0, &[old, new])] }));
    assert_eq!(heard(&hand), ["b"]);
}

#[test]
fn ids_of_any_form_are_emitted_once_and_in_order() {
    for form in FORMS {
        for jump in [0, -3_600_000_000_i64] {
            let (mut sim, chat) = reopened(form);
            if jump != 0 {
                sim.fault(json!({ "server_clock": { "offset_us": jump, "jitter_us": 5_000_000 } }));
            }
            say(&mut sim, &["live 0", "live 1"]);
            sim.run(1_000);
            away(&mut sim, |sim| say(sim, &["missed 0", "missed 1", "missed 2"]));
            say(&mut sim, &["live 2"]);
            sim.run(1_000);
            let ids: Vec<Json> = sim.told("new_event").iter().map(|event| event["id"].clone()).collect();
            away(&mut sim, |sim| {
                sim.agent(json!({ "edit": { "event_id": ids[2], "text": "changed" } }));
                sim.agent(json!({ "delete": { "event_id": ids[3] } }));
                say(sim, &["missed 3"]);
            });
            let expected = ["live 0", "live 1", "missed 0", "missed 1", "missed 2", "live 2", "missed 3"];
            assert_eq!(sim.heard(), expected, "{form} {jump}");
            assert_eq!(sim.told("event_updated").len(), 1, "{form} {jump}");
            assert_eq!(sim.told("event_deleted")[0]["eventId"], ids[3], "{form} {jump}");
            assert!(sim.told("history_gap").is_empty(), "{form} {jump}");
            let row = sim.session.chats().to_json()[0].clone();
            assert_eq!((&row["id"], &row["lastEvent"]["text"]), (&json!(chat), &json!("missed 3")), "{form} {jump}");
        }
    }
}

/// Reading the chat for every message would double the traffic.
#[test]
fn ids_that_count_nothing_cost_few_reads() {
    for form in FORMS {
        let (mut sim, _) = reopened(form);
        for index in 0..120 {
            say(&mut sim, &[&format!("live {index}")]);
            sim.run(200);
        }
        assert_eq!(sim.heard().len(), 120, "{form}");
        let most = match *form {
            "numbered" => 0,
            // Numbers that are left out are looked for until it is known that they are left out always.
            "gaps" | "mixed" => 20,
            _ => 6,
        };
        assert!(reads(&sim) <= most, "{form}: {} reads", reads(&sim));
    }
}

#[test]
fn a_deleted_newest_event_makes_nothing_new() {
    for form in ["numbered", "uuid", "descending"] {
        let (mut sim, chat) = reopened(form);
        let newest = sim.session.chats().to_json()[0]["lastEvent"]["id"].clone();
        away(&mut sim, |sim| {
            sim.agent(json!({ "delete": { "event_id": newest } }));
            say(sim, &["missed"]);
        });
        away(&mut sim, |sim| say(sim, &["missed again"]));
        let heard = sim.heard();
        assert_eq!(heard[heard.len() - 2..], ["missed", "missed again"], "{form}");
        if form != "descending" {
            assert_eq!(heard.len(), 2, "{form}: numbers, then times, say what came before it");
        }
        assert_eq!(sim.texts(&chat).len(), 6, "{form}");
    }
}

#[test]
fn unread_events_are_counted_once_whatever_their_times() {
    let (mut sim, _) = Sim::in_chat();
    say(&mut sim, &["one"]);
    sim.run(10_000);
    sim.agent(json!({ "close": {} }));
    sim.agent(json!({ "reopen": {} }));
    // Behind what the customer has seen, and before its own thread.
    sim.fault(json!({ "server_clock": { "offset_us": -5_000_000 } }));
    // More than a page, so that the thread before is not read.
    say(&mut sim, &["two"; 30]);
    sim.run(1_000);
    let unread = |sim: &Sim| sim.session.chats().to_json()[0]["unreadCount"].clone();
    let before = unread(&sim);
    assert_eq!(before, 31);
    for _ in 0..2 {
        away(&mut sim, |_| {});
        assert_eq!(unread(&sim), before);
    }
}

fn event(id: &str, second: u32) -> Json {
    json!({ "id": id, "type": "message", "author_id": "a", "text": id,
        "created_at": format!("2026-03-01T10:00:{second:02}.000000Z") })
}

fn thread(id: &str, second: u32, events: &[Json]) -> Json {
    json!({ "id": id, "active": true, "created_at": format!("2026-03-01T09:00:{second:02}.000000Z"), "events": events })
}

fn summary(thread: &str, last_events: &[(&str, &str, &Json)]) -> Json {
    let at = "2026-03-01T09:00:00.000000Z";
    let last: serde_json::Map<String, Json> = last_events
        .iter()
        .map(|(kind, thread, event)| {
            let last = json!({ "thread_id": thread, "thread_created_at": at, "event": event });
            ((*kind).to_owned(), last)
        })
        .collect();
    // Nothing is unread, so that nothing is read to count it.
    let me = json!({ "id": "me", "type": "customer", "events_seen_up_to": "2026-03-01T23:00:00.000000Z" });
    json!({ "chats_summary": [{ "id": "CHAT", "active": true, "users": [me], "last_thread_id": thread,
        "last_thread_created_at": at, "last_event_per_type": last }], "total_chats": 1 })
}

fn push(hand: &mut Hand, thread: &str, event: &Json) {
    hand.push("incoming_event", &json!({ "chat_id": "CHAT", "thread_id": thread, "event": event }));
}

fn heard(hand: &Hand) -> Vec<String> {
    hand.told("new_event").iter().map(|event| event["text"].as_str().unwrap().to_owned()).collect()
}

/// A session that has just sent its first question for the chats.
fn asking() -> Hand {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "list_chats";
    hand.input(Input::Connect);
    hand.kept = "list_threads";
    hand
}

/// The thread has a, b and c; the summary ends with b.
#[test]
fn a_push_that_crosses_the_summary_is_placed_by_a_read() {
    for ids in [["a", "b", "c"], ["T_1", "T_2", "T_3"], ["T_9", "T_5", "T_2"], ["T_2", "T_900", "T_7"]] {
        let [a, b, c] = ids.map(|id| event(id, 1));
        for (before, after, is_read) in [
            (vec![], vec![], false),
            (vec![&a], vec![], true),
            (vec![&c], vec![], true),
            (vec![&a, &b], vec![&c], true),
            (vec![], vec![&b, &b], false),
        ] {
            let mut hand = asking();
            for event in &before {
                push(&mut hand, "T", event);
            }
            hand.reply("list_chats", true, &summary("T", &[("message", "T", &b)]));
            for event in &after {
                push(&mut hand, "T", event);
            }
            let sent = hand.sent.iter().any(|frame| frame["action"] == "list_threads");
            assert_eq!(sent, is_read, "{ids:?}: {before:?}, {after:?}");
            let has_c = before.contains(&&c) || after.contains(&&c);
            let events: Vec<Json> = [&a, &b, &c].into_iter().filter(|event| **event != c || has_c).cloned().collect();
            if sent {
                hand.reply("list_threads", true, &json!({ "threads": [thread("T", 0, &events)] }));
            }
            let expected: &[&str] = if has_c { &ids[2..] } else { &[] };
            assert_eq!(heard(&hand), expected, "{ids:?}: {before:?}, {after:?}");
        }
    }
}

/// The first push after the page was opened: nothing but a read says whether the page has it in its history.
#[test]
fn a_late_push_of_history_is_no_news() {
    for ids in [["a", "b", "c"], ["T_9", "T_5", "T_2"]] {
        let [a, b, c] = ids.map(|id| event(id, 1));
        let mut hand = asking();
        hand.reply("list_chats", true, &summary("T", &[("message", "T", &b)]));
        push(&mut hand, "T", &a);
        assert!(heard(&hand).is_empty());
        hand.reply("list_threads", true, &json!({ "threads": [thread("T", 0, &[a, b])] }));
        hand.sent.clear();
        push(&mut hand, "T", &c);
        push(&mut hand, "T", &event("d", 0));
        assert_eq!(heard(&hand), [ids[2], "d"]);
        assert!(hand.sent.is_empty(), "one read is enough");
    }
}

/// What cannot be read is told all the same, and asked for once.
#[test]
fn a_push_that_no_read_can_place_is_emitted() {
    let mut hand = asking();
    hand.reply("list_chats", true, &summary("T", &[("message", "T", &event("b", 1))]));
    for (id, reads) in [("c", 1), ("d", 1)] {
        push(&mut hand, "T", &event(id, 1));
        if id == "c" {
            hand.reply("list_threads", false, &json!({ "error": { "type": "authorization", "message": "no" } }));
        }
        let asked = hand.sent.iter().filter(|frame| frame["action"] == "list_threads").count();
        assert_eq!(asked, reads);
    }
    assert_eq!(heard(&hand), ["c", "d"]);
}

#[test]
fn the_last_of_all_types_ends_the_history() {
    let [a, b, c] = ["a", "b", "c"].map(|id| event(id, 1));
    let mut file = event("file", 9);
    file["type"] = json!("file");
    let mut hand = asking();
    hand.reply("list_chats", true, &summary("T", &[("file", "T", &file), ("message", "T", &b)]));
    push(&mut hand, "T", &c);
    hand.reply("list_threads", true, &json!({ "threads": [thread("T", 0, &[a, file, b, c])] }));
    assert_eq!(heard(&hand), ["c"]);
}

/// A session whose chat ends with b in thread T, and that comes back.
fn returned(last_thread: &str) -> Hand {
    let b = event("b", 5);
    let mut hand = asking();
    hand.reply("list_chats", true, &summary("T", &[("message", "T", &b)]));
    hand.kept = "list_chats";
    hand.input(Input::Reconnect);
    hand.kept = "list_threads";
    hand.told.clear();
    hand.reply("list_chats", true, &summary(last_thread, &[("message", "T", &b)]));
    hand
}

/// Threads begin at times that go back, or at the same.
#[test]
fn threads_are_read_down_to_the_last_complete_one_whatever_their_times() {
    let known = |second| thread("T", second, &[event("a", 1), event("b", 5)]);
    for [n, m, t] in [[9, 8, 7], [7, 8, 9], [9, 1, 5], [5, 5, 5], [0, 0, 50]] {
        let mut hand = returned("N");
        let newest = thread("N", n, &[event("n", 2)]);
        let newer = thread("M", m, &[event("m", 2)]);
        // The first page shows less than was missed.
        hand.reply("list_threads", true, &json!({ "threads": [newest], "next_page_id": "p" }));
        assert_eq!(hand.last("list_threads")["payload"]["page_id"], "p", "{n} {m} {t}");
        let older = thread("O", 30, &[event("o", 30)]);
        let page = json!({ "threads": [newer, known(t), older], "next_page_id": "q" });
        hand.reply("list_threads", true, &page);
        assert_eq!(hand.last("list_threads")["payload"]["page_id"], "p", "{n} {m} {t}: far enough");
        hand.run(1_000);
        assert_eq!(heard(&hand), ["m", "n"], "{n} {m} {t}");
        assert!(hand.told("history_gap").is_empty(), "{n} {m} {t}");
    }
}

/// A platform that sorts its pages by a clock that went back shows the newest last.
#[test]
fn links_between_threads_outweigh_their_places() {
    let mut hand = returned("N");
    let linked = |id, second, events: &[Json], previous| {
        let mut thread = thread(id, second, events);
        thread["previous_thread_id"] = json!(previous);
        thread
    };
    let known = linked("T", 30, &[event("b", 5)], "O");
    let newer = linked("M", 20, &[event("m", 2)], "T");
    let newest = linked("N", 1, &[event("n", 2)], "M");
    hand.reply("list_threads", true, &json!({ "threads": [known, newer], "next_page_id": "p" }));
    assert_eq!(hand.last("list_threads")["payload"]["page_id"], "p", "the newest thread is still to come");
    let older = linked("O", 10, &[event("o", 30)], "P");
    hand.reply("list_threads", true, &json!({ "threads": [older, newest], "next_page_id": "q" }));
    hand.run(1_000);
    assert_eq!(heard(&hand), ["m", "n"]);
    assert!(hand.told("history_gap").is_empty());
    assert_eq!(hand.session.chats().to_json()[0]["lastThreadId"], "N");
}

#[test]
fn threads_that_link_in_a_circle_are_read_once() {
    let mut hand = returned("T");
    let circle = |id: &str, previous: &str| {
        let mut thread = thread(id, 0, &[]);
        thread["previous_thread_id"] = json!(previous);
        thread
    };
    let threads = json!([circle("T", "U"), circle("U", "V"), circle("V", "T"), circle("W", "W")]);
    hand.reply("list_threads", true, &json!({ "threads": threads }));
    hand.run(1_000);
    assert_eq!(hand.state(), "connected");
}

/// In the threads that an outage may have opened, and in a chat that was closed meanwhile.
#[test]
fn an_event_attached_to_an_older_thread_opens_none() {
    let mut hand = returned("N");
    let newest = thread("N", 9, &[event("n", 2)]);
    let known = thread("T", 7, &[event("a", 1), event("b", 5)]);
    hand.reply("list_threads", true, &json!({ "threads": [newest, known] }));
    hand.run(1_000);
    let chats = hand.told("incoming_chat").len();
    for id in ["late", "later"] {
        push(&mut hand, "T", &event(id, 59));
        if id == "late" {
            let known = thread("T", 7, &[event("a", 1), event("b", 5), event("late", 59)]);
            let newest = thread("N", 9, &[event("n", 2)]);
            hand.reply("list_threads", true, &json!({ "threads": [newest, known] }));
            hand.run(1_000);
        }
    }
    assert_eq!(heard(&hand), ["n", "late", "later"]);
    assert_eq!(hand.told("incoming_chat").len(), chats, "nothing was opened");
    let row = hand.session.chats().to_json()[0].clone();
    assert_eq!((&row["lastThreadId"], &row["lastEvent"]["id"]), (&json!("N"), &json!("n")));
}

/// It may have landed in any thread that followed, though those began at earlier times.
#[test]
fn a_doubtful_send_is_looked_for_down_to_its_thread_whatever_the_times() {
    let mut hand = asking();
    hand.reply("list_chats", true, &summary("T", &[("message", "T", &event("b", 5))]));
    let call = hand.call(
        "sendEvent",
        json!({ "chatId": "CHAT", "event": { "type": "message", "text": "x", "customId": "mine" } }),
    );
    assert_eq!(hand.last("send_event")["payload"]["event"]["custom_id"], "mine");
    hand.kept = "list_chats";
    hand.input(Input::Reconnect);
    hand.kept = "list_threads";
    hand.reply("list_chats", true, &summary("N", &[]));
    // Complete again, and the send is as doubtful as before.
    let known = thread("T", 30, &[event("b", 5)]);
    let newest = thread("N", 1, &[]);
    let mut landed = event("m", 2);
    landed["custom_id"] = json!("mine");
    landed["author_id"] = json!("me");
    let newer = thread("M", 20, &[landed]);
    hand.reply("list_threads", true, &json!({ "threads": [newest], "next_page_id": "p" }));
    hand.reply("list_threads", true, &json!({ "threads": [newer, known], "next_page_id": "q" }));
    hand.run(60_000);
    assert_eq!(hand.code(call), "ok");
    let sends = hand.sent.iter().filter(|frame| frame["action"] == "send_event").count();
    assert_eq!(sends, 1);
}
