//! Which properties customers may write and read.

use serde_json::{Value, json};

use super::office::Office;

fn change(office: &mut Office, holder: &str, verb: &str, properties: &Value) -> Value {
    let me = office.brain.connections()[0].0;
    let chat = office.brain.chat_ids().remove(0);
    let thread = office.brain.thread_ids(&chat).remove(0);
    let event = office.brain.events(&chat)[0].id().to_owned();
    let payload = match holder {
        "chat" => json!({ "id": chat, "properties": properties }),
        "thread" => json!({ "chat_id": chat, "thread_id": thread, "properties": properties }),
        _ => json!({ "chat_id": chat, "thread_id": thread, "event_id": event, "properties": properties }),
    };
    office.ask(me, &format!("{verb}_{holder}_properties"), payload)
}

fn office() -> Office {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.say(&me, &chat, "hi");
    office
}

#[test]
fn the_platforms_own_are_written_where_the_table_says() {
    for (holder, properties, outcome) in [
        ("chat", json!({ "rating": { "score": 1 } }), ""),
        ("thread", json!({ "rating": { "score": 0, "comment": "meh" } }), ""),
        ("event", json!({ "rating": { "score": 1 } }), ""),
        ("thread", json!({ "routing": { "transcript_email": "a@b.example" } }), ""),
        ("thread", json!({ "routing": { "offline_message": true } }), ""),
        ("chat", json!({ "routing": { "email_follow_up": true, "ignore_agents_routing": false } }), ""),
        ("event", json!({ "chats": { "formatting": "commonmark" }, "status": { "delivered": true } }), ""),
        ("event", json!({ "lc2": { "form_type": "prechat" } }), ""),
        ("event", json!({ "c0ffee": { "anything": 1, "goes": "here", "it": true } }), ""),
        ("chat", json!({ "routing": { "continuous": true } }), "authorization"),
        ("thread", json!({ "routing": { "start_url": "x" } }), "authorization"),
        ("chat", json!({ "routing": { "transcript_email": "x" } }), "authorization"),
        ("event", json!({ "lc2": { "greeting_id": 1 } }), "authorization"),
        ("event", json!({ "lc2": { "welcome_message": true } }), "authorization"),
        ("event", json!({ "chats": { "welcome_message_source": "x" } }), "authorization"),
        ("thread", json!({ "source": { "client_id": "x" } }), "authorization"),
        ("thread", json!({ "status": { "delivered": true } }), "authorization"),
        ("thread", json!({ "rating": { "stars": 5 } }), "authorization"),
        ("thread", json!({ "rating": { "score": 2 } }), "validation"),
        ("thread", json!({ "rating": { "comment": 1 } }), "validation"),
        ("event", json!({ "status": { "delivered": "yes" } }), "validation"),
        ("chat", json!({ "c0ffee": { "n": 3_000_000_000_u64 } }), "validation"),
        ("chat", json!({ "c0ffee": { "n": 1.5 } }), "validation"),
        ("chat", json!({ "c0ffee": { "n": [] } }), "validation"),
        ("chat", json!({ "c0ffee": 1 }), "validation"),
    ] {
        let answer = change(&mut office(), holder, "update", &properties);
        let kind = answer["error"]["type"].as_str().unwrap_or_default();
        assert_eq!(kind, outcome, "{holder} {properties}: {answer}");
    }
}

#[test]
fn the_same_table_rules_deletion_and_what_a_chat_starts_with() {
    let mut office = office();
    assert_eq!(change(&mut office, "thread", "delete", &json!({ "rating": ["score"] })), json!({}));
    let denied = change(&mut office, "chat", "delete", &json!({ "routing": ["continuous"] }));
    assert_eq!(denied["error"]["type"], json!("authorization"));
    assert_eq!(change(&mut office, "chat", "delete", &json!({ "c0ffee": "n" }))["error"]["type"], json!("validation"));

    let me = office.customer();
    for chat in [
        json!({ "properties": { "source": { "client_id": "x" } } }),
        json!({ "thread": { "properties": { "routing": { "start_url": "x" } } } }),
        json!({ "thread": { "events": [
            { "type": "message", "text": "x", "properties": { "lc2": { "welcome_message": true } } }
        ] } }),
    ] {
        assert_eq!(office.refused(me.conn, "start_chat", json!({ "chat": chat })), "authorization", "{chat}");
    }
}

#[test]
fn one_is_written_and_never_read() {
    let mut office = office();
    let me = office.brain.connections()[0].0;
    assert_eq!(change(&mut office, "thread", "update", &json!({ "routing": { "ignore_bots": true } })), json!({}));
    assert!(office.pushes(me).is_empty(), "nothing a customer may read has changed");
    let chat = office.brain.chat_ids().remove(0);
    let thread = office.ask(me, "get_chat", json!({ "chat_id": chat }))["thread"].clone();
    assert_eq!(thread["properties"], json!({}));
    assert_eq!(
        office.brain.state_json()["chats"][0]["threads"][0]["properties"]["routing"]["ignore_bots"],
        json!(true)
    );
}

#[test]
fn agents_write_what_they_like() {
    let mut office = office();
    let me = office.brain.connections()[0].0;
    let event = office.brain.events(&office.brain.chat_ids()[0])[0].id().to_owned();
    office.does("properties", json!({ "properties": { "routing": { "continuous": true } } }));
    assert_eq!(office.push(me).0, "chat_properties_updated");
    office.does("properties", json!({ "event_id": event, "properties": { "lc2": { "welcome_message": true } } }));
    assert_eq!(office.push(me).0, "event_properties_updated");
    office.does("delete_properties", json!({ "event_id": event, "properties": { "lc2": ["welcome_message"] } }));
    let (name, payload) = office.push(me);
    assert_eq!(
        (name.as_str(), &payload["properties"]),
        ("event_properties_deleted", &json!({ "lc2": ["welcome_message"] }))
    );
    assert_eq!(office.control("properties", json!({ "event_id": "X_1", "properties": {} })).status, 404);
}

#[test]
fn a_transcript_is_asked_for() {
    let mut office = office();
    let me = office.brain.connections()[0].0;
    change(&mut office, "thread", "update", &json!({ "routing": { "transcript_email": "a@b.example" } }));
    let pushes = office.pushes(me);
    assert_eq!(pushes[0].0, "thread_properties_updated");
    let said = &pushes[1].1["event"];
    assert_eq!(said["system_message_type"], json!("transcript_requested"));
    assert_eq!(said["text_vars"], json!({ "customer": "Customer", "email": "a@b.example" }));
}
