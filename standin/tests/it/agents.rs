//! What an agent does, and what the customer and the consoles hear of it.

use serde_json::{Value, json};
use standin::brain::{AgentAction, Input, Output};

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
    office.agent(AgentAction::Leave { chat_id: None, agent_id: grace, reason: None });
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
    office.brain.handle(Input::Frame { conn: me.conn, text: frame.to_string() }, now);
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

#[test]
fn an_agent_sends_events_of_every_type() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let button = |kind: &str| json!({ "type": kind, "text": kind, "value": "v", "postback_id": kind, "user_ids": [] });
    let buttons: Vec<Value> = ["message", "url", "phone", "webview", "cancel"].map(button).into();
    let cards =
        json!({ "title": "t", "subtitle": "s", "image": { "url": "https://x.example/a.png" }, "buttons": buttons });
    for event in [
        json!({ "type": "message", "text": "hi", "properties": { "chats": { "formatting": "commonmark" } } }),
        json!({ "type": "file", "url": "https://x.example/a.pdf", "name": "a.pdf", "content_type": "application/pdf" }),
        json!({ "type": "rich_message", "template_id": "cards", "elements": [cards] }),
        json!({ "type": "rich_message", "template_id": "quick_replies", "elements": [{ "title": "?", "buttons": buttons }] }),
        json!({ "type": "rich_message", "template_id": "sticker", "elements": [{ "image": { "url": "https://x.example/s.png" } }] }),
        json!({ "type": "rich_message", "template_id": "ecommerce", "elements": [{ "ecommerce": { "product_id": "p" } }] }),
        json!({ "type": "form", "form_id": "f", "form_type": "ask_for_email", "fields": [{ "type": "email", "id": "1" }] }),
        json!({ "type": "filled_form", "form_id": "f", "fields": [{ "type": "email", "id": "1", "answer": "a@b.example" }] }),
        json!({ "type": "custom", "content": { "n": [1, null] } }),
        json!({ "type": "system_message", "system_message_type": "my.own", "text": "as said" }),
        json!({ "type": "system", "source": "messaging", "subtype": "summary", "version": 1, "details": "{}" }),
        json!({ "type": "hologram", "depth": 3 }),
    ] {
        let id = office.does("event", json!({ "event": event }))["event_id"].clone();
        let (name, payload) = office.push(me.conn);
        assert_eq!((name.as_str(), &payload["event"]["id"]), ("incoming_event", &id));
        for (field, value) in event.as_object().unwrap() {
            assert_eq!(&payload["event"][field], value, "{field} of {event}");
        }
        let is_system = event["type"].as_str().unwrap().starts_with("system");
        assert_eq!(payload["event"].get("author_id").is_none(), is_system, "{event}");
    }
    assert_eq!(office.brain.events(&chat).len(), 12);
    let thread = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }))["threads"][0].clone();
    assert_eq!(thread["events"].as_array().unwrap().len(), 12);
}

#[test]
fn a_system_message_without_a_text_gets_the_platforms() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    let event = json!({
        "type": "system_message", "system_message_type": "routing.assigned_inactive",
        "text_vars": { "agent_added": "Eve", "agent_removed": "Ada", "duration": "5" }
    });
    office.does("event", json!({ "event": event }));
    let text = "Chat assigned to Eve because Ada hasn't replied in 5 minutes";
    assert_eq!(office.push(me.conn).1["event"]["text"], json!(text));
}

#[test]
fn every_push_and_every_reason_can_be_caused() {
    let mut office = Office::new();
    let me = office.customer();
    for action in ["incoming_chat", "customer_side_storage_updated", "greeting_accepted", "never_heard_of"] {
        let payload = json!({ "n": [1, { "deep": null }] });
        office.does("push", json!({ "action": action, "payload": payload }));
        assert_eq!(office.push(me.conn), (action.to_owned(), payload));
    }
    for (reason, data) in [
        ("access_token_revoked", json!(null)),
        ("too_many_connections", json!(null)),
        ("customer_temporarily_blocked", json!({ "timeout": 60 })),
        ("misdirected_connection", json!({ "region": "fra" })),
        ("logged_out_remotely", json!(null)),
        ("a_reason_of_tomorrow", json!(null)),
    ] {
        let conn = office.again(&me.token, "3.6");
        let mut wanted = json!({ "reason": reason });
        let mut body = wanted.clone();
        if !data.is_null() {
            wanted["data"] = data.clone();
            body["data"] = data;
        }
        office.does("disconnect", body);
        assert_eq!(office.push(conn), ("customer_disconnected".to_owned(), wanted));
        assert!(office.ends.contains_key(&conn), "{reason}");
    }
}

#[test]
fn an_event_is_changed_and_a_chat_is_archived_by_the_router() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    let id = office.does("event", json!({ "event": { "type": "custom", "content": { "n": 1 } } }))["event_id"].clone();
    office.texts(me.conn);
    let change = json!({ "content": { "n": 2 }, "id": "forged", "created_at": "1999" });
    office.does("update_event", json!({ "event_id": id, "event": change }));
    let (name, payload) = office.push(me.conn);
    assert_eq!(
        (name.as_str(), &payload["event"]["content"]["n"], &payload["event"]["id"]),
        ("event_updated", &json!(2), &id)
    );
    assert_ne!(payload["event"]["created_at"], json!("1999"));

    office.does("archive", json!({}));
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].1["event"]["text"], json!("Chat archived due to 30 minutes of inactivity"));
    assert_eq!((pushes[1].0.as_str(), pushes[1].1.get("user_id")), ("chat_deactivated", None));
    assert_eq!(office.control("archive", json!({})).status, 422);
}

#[test]
fn consoles_see_who_is_there_and_what_becomes_of_them() {
    let mut office = Office::new();
    office.brain.set_watched(true);
    let me = office.customer();
    let now = office.now;
    let watched = |office: &mut Office, action: Value, kind: &str| -> Value {
        let text = action.to_string();
        assert_eq!(office.brain.console_request(&text, now), None, "{text}");
        std::iter::from_fn(|| office.brain.poll())
            .filter_map(|output| if let Output::Watch(text) = output { Some(text) } else { None })
            .map(|text| serde_json::from_str::<Value>(&text).unwrap())
            .filter(|message| message["type"] == kind)
            .last()
            .unwrap_or_else(|| panic!("no {kind} after {action}"))
    };
    let seen = watched(&mut office, json!({ "do": "greeting", "customer_id": me.id, "text": "Hello?" }), "visitors");
    let visitor = &seen["visitors"][0];
    assert_eq!((&visitor["id"], &visitor["greeting"]["event"]["text"]), (&json!(me.id), &json!("Hello?")));
    assert_eq!(visitor["chat_id"], json!(null));
    let office_now =
        watched(&mut office, json!({ "do": "group_status", "group_id": 1, "status": "offline" }), "groups");
    assert_eq!(office_now["groups"][1], json!({ "id": 1, "status": "offline" }));
    assert_eq!(office_now["agents"][0]["accepting"], json!(true));

    let chat = office.chat(&me);
    let rated = json!({ "do": "properties", "chat_id": chat, "thread_id": office.brain.thread_ids(&chat)[0],
        "properties": { "rating": { "score": 1 } } });
    let shown = watched(&mut office, rated, "chat")["chat"].clone();
    assert_eq!(shown["thread_properties"]["rating"]["score"], json!(1));
    assert_eq!(
        (&shown["customer"]["id"], &shown["banned"], &shown["queue"]),
        (&json!(me.id), &json!(false), &json!(null))
    );
    let button = json!({ "text": "Yes", "postback_id": "b1", "user_ids": [] });
    let rich = json!({ "type": "rich_message", "template_id": "cards", "elements": [{ "buttons": [button] }] });
    let event = office.does("event", json!({ "chat_id": chat, "event": rich }));
    let press = json!({
        "chat_id": chat, "thread_id": event["thread_id"], "event_id": event["event_id"],
        "postback": { "id": "b1", "toggled": true }
    });
    let frame = json!({ "action": "send_rich_message_postback", "payload": press }).to_string();
    office.brain.handle(Input::Frame { conn: me.conn, text: frame }, now);
    let pressed = std::iter::from_fn(|| office.brain.poll())
        .any(|output| matches!(output, Output::Watch(text) if text.contains(&format!("\"user_ids\":[\"{}\"]", me.id))));
    assert!(pressed, "the console sees which button was pressed");
    let snapshot: Value = serde_json::from_str(&office.brain.console_snapshot()).unwrap();
    assert_eq!(snapshot["visitors"][0]["chat_id"], json!(chat));
    assert_eq!(snapshot["agents"].as_array().unwrap().len(), 2);
}
