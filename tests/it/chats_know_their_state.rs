//! `chats()`: the live summary.

use serde_json::{Value as Json, json};

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
    sim.input(palaver::session::Input::Disconnect);
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
