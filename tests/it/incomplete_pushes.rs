//! Pushes that lack something: what listeners take for granted is there, or the chats are read instead.

use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::sim::Sim;

/// A push as its type promises it, and the fields without which it is none.
fn promised() -> Vec<(&'static str, Json, &'static [&'static str])> {
    let event = json!({ "id": "T_1", "type": "message", "author_id": "a", "text": "x" });
    let whole = json!({
        "chat_id": "C", "thread_id": "T", "event_id": "T_1", "user_id": "a", "event": event, "properties": { "ns": {} },
        "queue": { "position": 1, "wait_time": 2 }, "postback": { "id": "p", "toggled": true },
        "transferred_to": { "group_ids": [1] }, "user": { "id": "a", "type": "agent" },
        "customer_side_storage": { "a": "b" }, "groups": [{ "id": 0, "status": "online" }],
        "seen_up_to": "2026-03-01T10:00:00Z", "typing_indicator": { "author_id": "a", "is_typing": true },
    });
    let of_event: &[&str] = &["chat_id", "thread_id", "event"];
    let of_properties: &[&str] = &["chat_id", "thread_id", "event_id", "properties"];
    [
        ("incoming_event", of_event),
        ("event_updated", of_event),
        ("event_deleted", &["chat_id", "thread_id", "event_id"]),
        ("event_properties_updated", of_properties),
        ("event_properties_deleted", of_properties),
        ("thread_properties_updated", &["properties"]),
        ("thread_properties_deleted", &["properties"]),
        ("chat_properties_updated", &["properties"]),
        ("chat_properties_deleted", &["properties"]),
        ("incoming_event_preview", &["event"]),
        ("incoming_welcome_message", &["event"]),
        ("incoming_rich_message_postback", &["postback"]),
        ("chat_transferred", &["transferred_to"]),
        ("queue_position_updated", &["queue"]),
        ("user_added_to_chat", &["chat_id", "user"]),
        ("user_removed_from_chat", &["chat_id", "user_id"]),
        ("customer_side_storage_updated", &["customer_side_storage"]),
        ("groups_status_updated", &["groups"]),
        ("events_marked_as_seen", &["chat_id", "user_id", "seen_up_to"]),
        ("incoming_typing_indicator", &["chat_id", "typing_indicator"]),
    ]
    .map(|(action, fields)| (action, whole.clone(), fields))
    .to_vec()
}

#[test]
fn a_push_without_what_its_type_promises_is_a_warning() {
    for (action, whole, fields) in promised() {
        let mut hand = Hand::live(&json!({}));
        hand.push(action, &whole);
        assert_eq!((hand.told(action).len(), hand.told("warning").len()), (1, 0), "{action}");
        for field in fields {
            for value in [None, Some(Json::Null), Some(json!(7)), Some(json!([]))] {
                let mut hand = Hand::live(&json!({}));
                let mut payload = whole.clone();
                match &value {
                    Some(value) => payload[*field] = value.clone(),
                    None => drop(payload.as_object_mut().unwrap().remove(*field)),
                }
                hand.push(action, &payload);
                assert!(hand.told(action).is_empty(), "{action} with {field}: {value:?}");
                assert_eq!(hand.told("warning")[0]["code"], "FRAME", "{action} with {field}: {value:?}");
                hand.run(2_000);
                assert_eq!(hand.last("list_chats")["action"], "list_chats", "the chats are compared");
                assert_eq!(hand.state(), "connected");
            }
        }
    }
}

#[test]
fn an_update_without_its_event_is_emitted_from_a_read() {
    for field in [json!("event"), json!("chat_id"), json!("thread_id")] {
        let (mut sim, _) = Sim::in_chat();
        let id = sim.agent(json!({ "message": { "text": "x" } }))["event_id"].clone();
        sim.run(1_000);
        sim.fault(json!({ "rewrite": { "kind": "push", "action": "event_updated", "field": field } }));
        sim.agent(json!({ "edit": { "event_id": id, "text": "changed" } }));
        sim.run(10_000);
        let updated = sim.told("event_updated");
        assert_eq!(updated.len(), 1, "{field}");
        assert_eq!((&updated[0]["event"]["id"], &updated[0]["event"]["text"]), (&id, &json!("changed")), "{field}");
        assert!(updated[0]["chatId"].is_string() && updated[0]["threadId"].is_string(), "{field}");
        assert_eq!(sim.told("warning").len(), 1, "{field}");
    }
}

#[test]
fn a_deletion_without_its_event_is_emitted_from_a_read() {
    let (mut sim, _) = Sim::in_chat();
    let id = sim.agent(json!({ "message": { "text": "x" } }))["event_id"].clone();
    sim.agent(json!({ "message": { "text": "y" } }));
    sim.run(1_000);
    sim.fault(json!({ "rewrite": { "kind": "push", "action": "event_deleted", "field": "event_id" } }));
    sim.agent(json!({ "delete": { "event_id": id } }));
    sim.run(10_000);
    let deleted: Vec<&Json> = sim.told("event_deleted").iter().map(|told| &told["eventId"]).collect();
    assert_eq!(deleted, [&id]);
}

/// LiveChat's SDK emits it, and an application may show that somebody came.
#[test]
fn a_user_without_an_id_is_emitted_and_changes_no_chat() {
    let mut hand = Hand::live(&json!({}));
    let before = hand.session.chats().to_json();
    for user in [json!({}), json!({ "type": "agent", "name": "N" }), json!({ "id": "", "present": false })] {
        hand.told.clear();
        hand.push("user_added_to_chat", &json!({ "chat_id": "CHAT", "user": user, "reason": "manual" }));
        let names: Vec<&str> = hand.told.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["user_data", "user_added_to_chat"]);
        let told = hand.told("user_added_to_chat")[0].clone();
        let mut expected = user.clone();
        expected["type"] = json!("agent");
        assert_eq!((&told["chatId"], &told["user"]), (&json!("CHAT"), &expected));
        assert_eq!(told["present"], user["present"] != false);
        assert_eq!(hand.session.chats().to_json(), before);
    }
}
