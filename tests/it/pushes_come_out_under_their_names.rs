//! The platform's own samples of pushes, and the names they are told under.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::Hand;
pub use crate::platform::fixtures;
use crate::sim::Sim;

/// Hands a frame to a connected session, as if the server had sent it.
pub fn receive(sim: &mut Sim, frame: &Json) {
    let socket = sim.opened_sockets;
    sim.input(Input::Frame { socket, frame: Value::from_json(frame.clone()) });
}

fn push(action: &str, payload: &Json) -> Json {
    json!({ "version": "3.6", "type": "push", "action": action, "payload": payload })
}

#[test]
fn every_sample_comes_out() {
    let mut seen = 0;
    for (name, sample) in fixtures() {
        let Some(action) = name.split_once("-push-").map(|(_, action)| action) else { continue };
        let payload = if sample["type"] == "push" { &sample["payload"] } else { &sample };
        let mut sim = Sim::connected();
        receive(&mut sim, &push(action, payload));
        let told = sim.told(action);
        assert_eq!(told.len(), 1, "{name} was told as {:?}", sim.told.iter().map(|(name, _)| name).collect::<Vec<_>>());
        assert!(sim.told("warning").is_empty(), "{name}");
        seen += 1;
    }
    assert!(seen >= 11, "{seen} samples");
}

#[test]
fn one_happening_has_the_old_and_the_new_name() {
    let mut sim = Sim::connected();
    let own = sim.told("customer_id")[0].clone();
    let cases = [
        (
            "chat_properties_updated",
            json!({ "chat_id": "C", "properties": { "ns": { "a_b": 1 } } }),
            "chat_properties_updated",
            json!({ "chatId": "C", "chat": "C", "properties": { "ns": { "a_b": 1 } } }),
        ),
        (
            "thread_properties_updated",
            json!({ "chat_id": "C", "thread_id": "T", "properties": {} }),
            "chat_thread_properties_updated",
            json!({ "chatId": "C", "threadId": "T", "chat": "C", "thread": "T", "properties": {} }),
        ),
        (
            "events_marked_as_seen",
            json!({ "chat_id": "C", "user_id": own, "seen_up_to": "2026-03-01T10:00:00.000200Z" }),
            "last_seen_timestamp_updated",
            json!({ "chat": "C", "user": own, "timestamp": 1_772_359_200_000_u64 }),
        ),
        (
            "chat_deactivated",
            json!({ "chat_id": "C", "thread_id": "T", "user_id": "U" }),
            "thread_closed",
            json!({ "chat": "C", "thread": "T" }),
        ),
        (
            "chat_deactivated",
            json!({ "chat_id": "C", "thread_id": "T", "user_id": "U" }),
            "chat_deactivated",
            json!({ "chatId": "C", "threadId": "T", "userId": "U" }),
        ),
        (
            "customer_updated",
            json!({ "id": "U", "session_fields": [{ "a": "1" }] }),
            "customer_updated",
            json!({ "id": "U", "sessionFields": { "a": "1" } }),
        ),
        (
            "user_added_to_chat",
            json!({ "chat_id": "C", "user": { "id": "U", "type": "agent", "name": "N", "present": true, "job_title": "J" }, "reason": "manual" }),
            "user_data",
            json!({ "id": "U", "type": "agent", "name": "N", "present": true, "jobTitle": "J" }),
        ),
        (
            "user_added_to_chat",
            json!({ "chat_id": "C", "user": { "id": "U", "type": "agent", "present": false }, "reason": "manual" }),
            "user_added_to_chat",
            json!({ "chatId": "C", "user": { "id": "U", "type": "agent", "present": false }, "reason": "manual", "present": false }),
        ),
        (
            "user_removed_from_chat",
            json!({ "chat_id": "C", "user_id": "U", "reason": "manual" }),
            "user_removed_from_chat",
            json!({ "chatId": "C", "userId": "U", "reason": "manual" }),
        ),
        (
            "groups_status_updated",
            json!({ "groups": [{ "id": 0, "status": "online_for_queue" }] }),
            "availability_updated",
            json!({ "availability": "online" }),
        ),
    ];
    for (action, payload, name, expected) in cases {
        receive(&mut sim, &push(action, &payload));
        assert_eq!(*sim.told(name).pop().unwrap_or(&Json::Null), expected, "{action} as {name}");
        sim.told.clear();
    }
}

#[test]
fn a_push_nobody_has_heard_of_is_passed_on() {
    let mut sim = Sim::connected();
    receive(&mut sim, &push("incoming_dream", &json!({ "a_b": [1] })));
    assert_eq!(*sim.told("unknown_push")[0], json!({ "action": "incoming_dream", "payload": { "a_b": [1] } }));
}

#[test]
fn an_event_of_an_unknown_type_is_an_event() {
    let mut sim = Sim::connected();
    let event = json!({ "id": "T_1", "type": "hologram", "some_field": { "inner_field": 1 }, "created_at": "2026-03-01T10:00:00.000000Z" });
    receive(&mut sim, &push("incoming_event", &json!({ "chat_id": "C", "thread_id": "T", "event": event })));
    let told = sim.told("new_event")[0];
    assert_eq!(told["type"], "hologram");
    assert_eq!(told["authorId"], "system");
    assert_eq!(told["someField"]["innerField"], 1);
}

#[test]
fn what_a_chat_begins_with_is_news_unless_this_page_has_said_it() {
    let says = |id: &str, author: &str| {
        json!({ "id": id, "type": "message", "author_id": author, "text": author,
            "created_at": "2026-03-01T10:00:00.000000Z" })
    };
    let thread = json!({ "id": "T", "active": true, "created_at": "2026-03-01T10:00:00.000000Z",
        "events": [says("T_1", "me"), says("T_2", "bot")] });
    let chat = json!({ "id": "NEW", "users": [], "thread": thread });
    // A session that is not strict takes the chat itself for the news of its events.
    for (is_strict, is_ours, shown, news) in [
        (true, true, vec!["bot"], vec!["bot"]),
        (true, false, vec!["me", "bot"], vec!["me", "bot"]),
        (false, true, vec![], vec!["bot"]),
        (false, false, vec![], vec!["me", "bot"]),
    ] {
        let mut hand = Hand::live(&json!({ "strict": is_strict }));
        hand.is_served = false;
        let calls = [hand.call("startChat", json!({})), hand.call("getCustomer", json!({}))];
        let mut frame = push("incoming_chat", &json!({ "requester_id": "me", "chat": chat }));
        let cause = if is_ours { "start_chat" } else { "get_customer" };
        frame["request_id"] = hand.last(cause)["request_id"].clone();
        hand.receive(frame);
        assert_eq!(hand.code(calls[0]), if is_ours { "ok" } else { "pending" });
        assert_eq!(hand.code(calls[1]), "pending");
        assert_eq!(hand.told("incoming_chat").len(), usize::from(!is_ours));
        let told = |name: &str, place: &str| -> Vec<String> {
            let texts = hand.told(name).into_iter().map(|told| told.pointer(place).unwrap());
            texts.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(told("incoming_event", "/event/text"), shown, "{is_strict} {is_ours}");
        assert_eq!(told("new_event", "/text"), news, "{is_strict} {is_ours}");
    }
}
