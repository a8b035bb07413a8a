//! Server clocks that jump, ids of other forms, and chats that are filled at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::office::{Office, message};

const FORMS: &[&str] = &["numbered", "gaps", "descending", "shuffled", "suffixed", "uuid", "letters", "mixed"];

fn numbers(ids: &[String]) -> Vec<u64> {
    ids.iter().map(|id| id.rsplit_once('_').unwrap().1.parse().unwrap()).collect()
}

#[test]
fn server_clock_jumps_while_order_and_ids_stay() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for offset in [0, 3_600_000_000_i64, -1, -86_400_000_000, 0] {
        office.does("server_clock", json!({ "offset_us": offset }));
        office.pass(1.0);
        office.say(&me, &chat, "x");
        let event = office.brain.events(&chat).pop().unwrap();
        assert_eq!(event.created_at, office.now + offset);
    }
    let ids: Vec<String> = office.brain.events(&chat).iter().map(|event| event.id().to_owned()).collect();
    assert_eq!(numbers(&ids), [1, 2, 3, 4, 5]);
    let read = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }));
    let read: Vec<&str> =
        read["threads"][0]["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(read, ids);
}

#[test]
fn server_clock_with_jitter_goes_back_within_its_bounds() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does("server_clock", json!({ "jitter_us": 1000 }));
    for _ in 0..50 {
        office.say(&me, &chat, "x");
    }
    let times: Vec<i64> = office.brain.events(&chat).iter().map(|event| event.created_at - office.now).collect();
    assert!(times.iter().all(|off| off.abs() <= 1000), "{times:?}");
    assert!(!times.is_sorted() && times.iter().any(|off| *off < 0), "{times:?}");
}

#[test]
fn threads_stay_in_order_while_the_server_clock_is_behind() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.say(&me, &chat, "one");
    office.does("server_clock", json!({ "offset_us": -3_600_000_000_i64 }));
    for text in ["two", "three"] {
        office.does("close", json!({}));
        office.does("reopen", json!({}));
        office.say(&me, &chat, text);
    }
    let read = office.ask(me.conn, "list_threads", json!({ "chat_id": chat, "sort_order": "asc" }));
    let said: Vec<&Value> =
        read["threads"].as_array().unwrap().iter().map(|thread| &thread["events"][0]["text"]).collect();
    assert_eq!(said, ["one", "two", "three"]);
    assert_eq!(office.brain.thread_ids(&chat).len(), 3);
}

#[test]
fn event_written_by_a_clock_that_is_behind_is_unread() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.agent_says("unread");
    office.does("server_clock", json!({ "offset_us": -3_600_000_000_i64 }));
    office.agent_says("behind");
    let conn = office.open("3.6");
    let login = office.ask(conn, "login", json!({ "token": format!("Bearer {}", me.token) }));
    assert_eq!(login["chats"][0], json!({ "chat_id": chat, "has_unread_events": true, "has_active_thread": true }));
}

#[test]
fn event_ids_of_every_form_are_unique_and_in_the_servers_order() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let mut told = Vec::new();
    // Twice over: a form comes back after the others.
    for form in FORMS.iter().chain(FORMS) {
        office.does("event_ids", json!({ "form": form }));
        for _ in 0..5 {
            told.push(office.say(&me, &chat, form));
        }
    }
    let stored: Vec<String> = office.brain.events(&chat).iter().map(|event| event.id().to_owned()).collect();
    assert_eq!(stored, told);
    assert_eq!(stored.iter().collect::<BTreeSet<_>>().len(), stored.len());
    assert!(office.brain.events(&chat).is_sorted_by_key(|event| event.number));
}

#[test]
fn event_ids_look_as_their_form_says() {
    let ids = |form: &str| {
        let mut office = Office::new();
        let me = office.customer();
        let chat = office.chat(&me);
        office.does("event_ids", json!({ "form": form }));
        (0..20).map(|_| office.say(&me, &chat, "x")).collect::<Vec<String>>()
    };
    let gaps = numbers(&ids("gaps"));
    assert!(gaps.is_sorted() && gaps.last().is_some_and(|last| *last > 20), "{gaps:?}");
    assert!(numbers(&ids("descending")).is_sorted_by(|a, b| a > b));
    let shuffled = numbers(&ids("shuffled"));
    assert!(!shuffled.is_sorted() && !shuffled.is_sorted_by(|a, b| a > b), "{shuffled:?}");
    assert!(ids("suffixed").iter().all(|id| id.rsplit_once('_').unwrap().1.bytes().all(|b| b.is_ascii_lowercase())));
    assert!(ids("uuid").iter().all(|id| id.len() == 36 && !id.contains('_')));
    assert!(ids("letters").iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase())));
}

#[test]
fn agents_find_events_by_ids_of_any_form() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for form in FORMS {
        office.does("event_ids", json!({ "form": form }));
        let id = office.say(&me, &chat, "draft");
        office.does("edit", json!({ "event_id": id, "text": "better" }));
        office.does("properties", json!({ "event_id": id, "properties": { "app": { "n": 1 } } }));
        assert_eq!(office.brain.events(&chat).pop().unwrap().text("text"), Some("better"), "{form}");
        office.does("delete", json!({ "event_id": id }));
        assert!(office.brain.events(&chat).pop().unwrap().deleted, "{form}");
    }
    assert_eq!(office.control("edit", json!({ "event_id": "nobody", "text": "x" })).status, 404);
}

#[test]
fn chat_is_filled_with_messages_of_a_size_and_nobody_is_told() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does("join", json!({}));
    office.texts(me.conn);
    office.does("fill", json!({ "messages": 1030, "bytes": 16_300 }));
    assert!(office.frames(me.conn).is_empty());
    assert!(office.brain.events(&chat).iter().all(|event| event.text("text").is_none_or(|text| text.len() == 16_300)));
    office.send(me.conn, "all", "list_threads", json!({ "chat_id": chat }));
    let answer = office.texts(me.conn).pop().unwrap();
    assert!(answer.len() > 16 * 1024 * 1024, "{} bytes", answer.len());
}

#[test]
fn chat_is_filled_over_several_threads() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does("fill", json!({ "messages": 10, "threads": 3, "push": true }));
    let told = office.push_names(me.conn).into_iter().filter(|name| name == "incoming_event").count();
    let threads = office.brain.thread_ids(&chat);
    let counts = threads.iter().map(|id| {
        let events = office.brain.events(&chat);
        events.iter().filter(|event| event.thread_id == *id && event.text("author_id").is_some()).count()
    });
    assert_eq!(counts.collect::<Vec<_>>(), [3, 3, 4]);
    assert!(told >= 10, "{told}");
    let open = office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message("still open") }));
    assert!(open["event_id"].is_string());
    for odd in [
        json!({ "messages": 0 }),
        json!({ "messages": 1, "threads": 2 }),
        json!({ "messages": 1, "threads": 0 }),
        json!({ "messages": 4_000_000, "bytes": 16_000 }),
    ] {
        assert_eq!(office.control("fill", odd.clone()).status, 400, "{odd}");
    }
}
