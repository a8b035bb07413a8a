//! Pages of threads: whole, complete, and where they were when something newer comes.

use serde_json::{Value, json};
use standin::brain::AgentAction;

use super::office::{Customer, Office};

/// A chat of so many threads with two visible messages each.
fn long_chat(office: &mut Office, threads: usize) -> (Customer, String) {
    let me = office.customer();
    let chat = office.chat(&me);
    for n in 0..threads {
        if n > 0 {
            office.ask(me.conn, "resume_chat", json!({ "chat": { "id": chat } }));
        }
        office.say(&me, &chat, &format!("{n} one"));
        office.say(&me, &chat, &format!("{n} two"));
        if n + 1 < threads {
            office.agent(AgentAction::Close { chat_id: None, agent_id: None });
        }
    }
    office.texts(me.conn);
    (me, chat)
}

fn ids(page: &Value) -> Vec<String> {
    page["threads"].as_array().unwrap().iter().map(|thread| thread["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn following_the_pages_finds_every_thread_once_newest_first() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 30);
    let mut newest_first = office.brain.thread_ids(&chat);
    newest_first.reverse();
    for first in [json!({ "limit": 7 }), json!({ "min_events_count": 25 }), json!({}), json!({ "limit": 100 })] {
        let mut request = first.clone();
        request["chat_id"] = json!(chat);
        let (mut found, mut pages) = (Vec::new(), 0);
        loop {
            let page = office.ask(me.conn, "list_threads", request.clone());
            assert_eq!(page["found_threads"], json!(30), "{page}");
            assert_eq!(page.get("previous_page_id").is_some(), pages > 0);
            found.extend(ids(&page));
            pages += 1;
            let Some(next) = page.get("next_page_id") else {
                break;
            };
            request = json!({ "chat_id": chat, "page_id": next });
        }
        assert_eq!(found, newest_first, "{first}");
    }
}

#[test]
fn a_page_holds_as_many_newest_threads_as_the_events_need() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 12);
    // Two messages and a closing line each, only the newest thread has no closing line: 2 + 3 + 3 + 3 = 11 ≥ 10.
    let page = office.ask(me.conn, "list_threads", json!({ "chat_id": chat, "min_events_count": 10 }));
    assert_eq!(ids(&page).len(), 4);
}

#[test]
fn a_page_id_keeps_its_place_when_newer_threads_appear() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 8);
    let first = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }));
    let next = json!({ "chat_id": chat, "page_id": first["next_page_id"] });
    let before = office.ask(me.conn, "list_threads", next.clone());
    office.agent(AgentAction::Close { chat_id: None, agent_id: None });
    office.ask(me.conn, "resume_chat", json!({ "chat": { "id": chat } }));
    assert_eq!(ids(&office.ask(me.conn, "list_threads", next)), ids(&before));
    let back = json!({ "chat_id": chat, "page_id": before["previous_page_id"] });
    assert_eq!(ids(&office.ask(me.conn, "list_threads", back)), ids(&first));
}

#[test]
fn threads_are_linked_and_ascending_order_starts_with_the_oldest() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 3);
    let page = office.ask(me.conn, "list_threads", json!({ "chat_id": chat, "sort_order": "asc" }));
    let all = office.brain.thread_ids(&chat);
    assert_eq!(ids(&page), all);
    let middle = &page["threads"][1];
    assert_eq!((&middle["previous_thread_id"], &middle["next_thread_id"]), (&json!(all[0]), &json!(all[2])));
    assert_eq!((page["threads"][0].get("previous_thread_id"), page["threads"][2].get("next_thread_id")), (None, None));
    let one = office.ask(me.conn, "get_chat", json!({ "chat_id": chat, "thread_id": all[1] }));
    assert_eq!(&one["thread"], middle);
    assert_eq!(office.ask(me.conn, "get_chat", json!({ "chat_id": chat }))["thread"]["id"], json!(all[2]));
}

#[test]
fn combinations_that_make_no_sense_are_refused() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 5);
    let page = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }))["next_page_id"].clone();
    for (field, value) in [
        ("limit", json!(0)),
        ("limit", json!(101)),
        ("limit", json!("3")),
        ("min_events_count", json!(0)),
        ("min_events_count", json!(101)),
        ("sort_order", json!("newest")),
        ("page_id", json!("bm90IGEgcGFnZQ==")),
        ("page_id", json!("%%%")),
    ] {
        let mut request = json!({ "chat_id": chat });
        request[field] = value.clone();
        assert_eq!(office.refused(me.conn, "list_threads", request), "validation", "{field}: {value}");
    }
    let both = json!({ "chat_id": chat, "limit": 3, "min_events_count": 3 });
    assert_eq!(office.refused(me.conn, "list_threads", both), "validation");
    for field in [("limit", json!(3)), ("sort_order", json!("asc")), ("min_events_count", json!(3))] {
        let mut request = json!({ "chat_id": chat, "page_id": page });
        request[field.0] = field.1;
        assert_eq!(office.refused(me.conn, "list_threads", request), "validation");
    }
    assert_eq!(office.refused(me.conn, "list_chats", json!({ "limit": 26 })), "validation");
    assert_eq!(office.refused(me.conn, "list_chats", json!({ "page_id": page })), "validation");
}

#[test]
fn the_summary_has_the_newest_event_of_each_type_over_all_threads() {
    let mut office = Office::new();
    let (me, chat) = long_chat(&mut office, 2);
    let list = office.ask(me.conn, "list_chats", json!({}));
    let summary = &list["chats_summary"][0];
    let threads = office.brain.thread_ids(&chat);
    assert_eq!((&summary["id"], &summary["active"]), (&json!(chat), &json!(true)));
    assert_eq!(summary["last_thread_id"], json!(threads[1]));
    assert_eq!(summary["last_event_per_type"]["message"]["event"]["text"], json!("1 two"));
    assert_eq!(summary["last_event_per_type"]["system_message"]["thread_id"], json!(threads[0]));
    let customer = &summary["users"][0];
    assert_eq!((&customer["type"], &customer["present"]), (&json!("customer"), &json!(true)));
    assert!(customer["events_seen_up_to"].is_string());
}
