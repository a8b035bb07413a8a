//! The platform's own samples: every request of them is understood, and what is pushed has their members.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::office::Office;

fn samples(ending: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/livechat");
    let mut names: Vec<String> = std::fs::read_dir(folder.clone())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("v3.6-") && name.ends_with(ending))
        .collect();
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        (name, serde_json::from_str(&text).unwrap())
    };
    names.into_iter().map(read).collect()
}

#[test]
fn every_sample_of_a_request_is_understood() {
    let mut seen = 0;
    for (name, sample) in samples("-request.json") {
        let action = name.split('-').nth(2).unwrap();
        if action == "login" {
            continue;
        }
        let mut office = Office::new();
        let me = office.customer();
        let answer = if name.contains("-rtm-") {
            assert_eq!(sample["action"], json!(action), "{name}");
            office.ask(me.conn, action, sample["payload"].clone())
        } else {
            office.web(&me, action, &sample).to_json()
        };
        // The samples name chats and greetings that do not exist here; nothing else may be wrong with them.
        let kind = answer["error"]["type"].as_str().unwrap_or("not_found");
        assert!(matches!(kind, "not_found" | "greeting_not_found"), "{name}: {answer}");
        seen += 1;
    }
    assert!(seen > 20, "only {seen} samples were found");
}

#[test]
fn the_login_of_a_sample_subscribes_to_what_it_names() {
    let mut office = Office::new();
    let token = office.token()["access_token"].as_str().unwrap().to_owned();
    let sample = samples("-login-request.json").remove(0).1;
    let conn = office.open("3.6");
    let mut payload = sample["payload"].clone();
    payload["token"] = json!(format!("Bearer {token}"));
    assert!(office.ask(conn, "login", payload)["customer"].is_object());
    office.does("multicast", json!({ "content": {} }));
    office.does("group_status", json!({ "group_id": 0, "status": "offline" }));
    assert_eq!(office.push_names(conn), ["incoming_multicast"]);
}

fn members(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn pushes_have_the_members_of_their_samples() {
    let mut office = Office::new();
    let me = office.customer();
    let unique = office.does("greeting", json!({ "text": "Hello?" }))["unique_id"].clone();
    office.ask(me.conn, "accept_greeting", json!({ "greeting_id": 1, "unique_id": unique }));
    office.does("cancel_greeting", json!({}));
    let chat = office.ask(me.conn, "start_chat", json!({}))["chat_id"].clone();
    office.does("thinking", json!({ "title": "t", "custom_id": "c" }));
    let id = office.does("message", json!({ "text": "x", "custom_id": "c" }))["event_id"].clone();
    office.does("edit", json!({ "event_id": id, "text": "y" }));
    office.does("properties", json!({ "properties": { "a": { "n": 1 } } }));
    office.ask(me.conn, "delete_chat_properties", json!({ "id": chat, "properties": { "a": ["n"] } }));
    office.does("side_storage", json!({ "customer_side_storage": { "k": "v" } }));
    office.does("multicast", json!({ "content": {}, "agent_id": "97ace0ff1ce54d2c8b6a1f0e3d5c7b92" }));
    office.does("delete", json!({ "event_id": id }));
    office.does("disconnect", json!({ "reason": "misdirected_connection", "data": { "region": "fra" } }));
    let pushes = office.pushes(me.conn);
    let mut seen = 0;
    for (name, sample) in samples(".json") {
        let Some(action) = name.strip_prefix("v3.6-push-").and_then(|rest| rest.strip_suffix(".json")) else {
            continue;
        };
        let Some((_, payload)) = pushes.iter().find(|(own, _)| own == action) else {
            continue;
        };
        let sample = sample.get("payload").unwrap_or(&sample);
        assert_eq!(members(payload), members(sample), "{action}");
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} samples were compared");
}
