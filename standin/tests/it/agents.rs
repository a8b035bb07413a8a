//! What an agent does, and what the customer and the consoles hear of it.

use serde_json::{Value, json};
use standin::brain::{AgentAction, Output};

use super::office::Office;

#[test]
fn an_agent_answers_types_sees_and_closes() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.say(&me, &chat, "hello?");
    office.agent(AgentAction::Seen { chat_id: None, seen_up_to: None, agent_id: None });
    office.agent(AgentAction::Typing { chat_id: None, is_typing: true, agent_id: None });
    office.agent_says("Hello!");
    office.agent(AgentAction::Close { chat_id: None, agent_id: None });
    let pushes = office.pushes(me.conn);
    let names: Vec<&str> = pushes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["events_marked_as_seen", "incoming_typing_indicator", "incoming_event", "incoming_event", "chat_deactivated"]
    );
    let indicator = &pushes[1].1["typing_indicator"];
    assert_eq!((&indicator["is_typing"], &indicator["recipients"]), (&json!(true), &json!("all")));
    assert_eq!(indicator["timestamp"], json!(office.now / 1_000_000));
    assert_eq!(indicator["author_id"], pushes[2].1["event"]["author_id"]);
    assert_eq!(pushes[3].1["event"]["system_message_type"], json!("manual_archived_agent"));
    assert_eq!(pushes[4].1["user_id"], pushes[2].1["event"]["author_id"]);

    office.agent(AgentAction::Reopen { chat_id: None, agent_id: None });
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].0, "incoming_chat");
    assert_ne!(pushes[0].1["requester_id"], json!(me.id));
    assert_eq!(office.brain.thread_ids(&chat).len(), 2);
}

#[test]
fn a_second_agent_comes_and_goes() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let id = "97ace0ff1ce54d2c8b6a1f0e3d5c7b92";
    let grace = Some(id.to_owned());
    office.agent(AgentAction::Join { chat_id: None, agent_id: grace.clone() });
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].1["event"]["system_message_type"], json!("agent_joined"));
    assert_eq!((pushes[1].0.as_str(), &pushes[1].1["user"]["name"]), ("user_added_to_chat", &json!("Grace Agent")));
    office.agent(AgentAction::Join { chat_id: None, agent_id: grace.clone() });
    assert!(office.pushes(me.conn).is_empty(), "whoever is there does not come again");
    office.agent(AgentAction::Leave { chat_id: None, agent_id: grace });
    assert_eq!(office.push_names(me.conn), ["incoming_event", "user_removed_from_chat"]);
    assert!(!office.brain.member(&chat, id).unwrap().present);
}

#[test]
fn an_agent_changes_history() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let id = office.agent_says("tipo")["event_id"].as_str().unwrap().to_owned();
    office.texts(me.conn);
    let edit = AgentAction::Edit { chat_id: None, thread_id: None, event_id: id.clone(), text: "typo".to_owned() };
    office.agent(edit);
    let (name, payload) = office.pushes(me.conn).remove(0);
    assert_eq!((name.as_str(), &payload["event"]["text"]), ("event_updated", &json!("typo")));
    office.agent(AgentAction::Delete { chat_id: None, thread_id: None, event_id: id.clone() });
    assert_eq!(office.pushes(me.conn)[0].1["event_id"], json!(id));
    let threads = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }));
    assert_eq!(threads["threads"][0]["events"], json!([]));
    let gone = AgentAction::Delete { chat_id: None, thread_id: None, event_id: id };
    assert_eq!(office.brain.act(gone, office.now).unwrap_err().kind, "not_found");
}

#[test]
fn consoles_hear_everything_and_see_what_is_being_typed() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.brain.set_watched(true);
    let now = office.now;
    let frame = json!({ "action": "send_sneak_peek", "payload": { "chat_id": chat, "sneak_peek_text": "I am wri" } });
    office.brain.handle(standin::brain::Input::Frame { conn: me.conn, text: frame.to_string() }, now);
    let watched: Vec<Value> = std::iter::from_fn(|| office.brain.poll())
        .filter_map(|output| if let Output::Watch(text) = output { serde_json::from_str(&text).ok() } else { None })
        .collect();
    assert_eq!(watched, [json!({ "type": "peek", "chat_id": chat, "text": "I am wri" })]);
    let snapshot: Value = serde_json::from_str(&office.brain.console_snapshot()).unwrap();
    assert_eq!((&snapshot["chats"][0]["peek"], &snapshot["chats"][0]["online"]), (&json!("I am wri"), &json!(true)));
    let say = json!({ "do": "message", "chat_id": chat, "text": "Go on" }).to_string();
    assert_eq!(office.brain.console_request(&say, now), None);
    assert_eq!(office.brain.events(&chat)[0].text("text"), Some("Go on"));
    for (request, part) in [("{", "JSON"), (r#"{"do":"dance"}"#, "dance"), (r#"{"do":"message","text":7}"#, "string")] {
        let answer = office.brain.console_request(request, now).unwrap();
        assert!(answer.contains(r#""type":"error""#) && answer.contains(part), "{answer}");
    }
}

#[test]
fn a_welcome_message_follows_its_request() {
    let mut office = Office::new();
    let me = office.customer();
    let answer = office.ask(me.conn, "request_welcome_message", json!({}));
    let (name, payload) = office.pushes(me.conn).remove(0);
    assert_eq!((name.as_str(), &payload["id"]), ("incoming_welcome_message", &answer["id"]));
    assert_eq!(payload["event"]["author_id"], answer["predicted_agent"]["id"]);
    let old = office.customer_at("3.5");
    assert_eq!(office.refused(old.conn, "request_welcome_message", json!({})), "validation");
}
