//! Every sample of the platform's replies and structures goes through the reader that meets its like.

use palaver::json::Value;
use palaver::model::Config;
use palaver::protocol;
use palaver::session::{Adapter, Inbound, Method, Push};
use serde_json::{Value as Json, json};

use crate::pushes_come_out_under_their_names::fixtures;

fn adapter() -> Box<dyn Adapter> {
    let options = json!({ "organizationId": "o", "clientId": "c" });
    protocol::adapter(&Config::read(&Value::from_json(options)).unwrap())
}

fn sample(name: &str) -> Json {
    fixtures().into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no sample {name}")).1
}

fn reply(name: &str) -> Value {
    match adapter().decode(&Value::from_json(sample(name))) {
        Inbound::Reply { result: Ok(payload), .. } => payload,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn every_frame_is_understood() {
    let mut frames = 0;
    for (name, frame) in fixtures() {
        if !name.contains("-rtm-") || frame["type"].is_null() {
            continue;
        }
        let inbound = adapter().decode(&Value::from_json(frame.clone()));
        match (frame["type"].as_str().unwrap(), inbound) {
            ("response", Inbound::Reply { result: Ok(_), .. }) | ("push", Inbound::Push { .. }) => frames += 1,
            (_, other) => panic!("{name} is {other:?}"),
        }
    }
    assert!(frames >= 15, "{frames} frames");
}

#[test]
fn every_event_is_an_event() {
    let mut events = 0;
    for (name, event) in fixtures() {
        if !name.contains("-event-") && name != "system-activity-system_message_body" {
            continue;
        }
        let frame = json!({ "type": "push", "action": "incoming_event", "payload": { "chat_id": "C", "thread_id": "T", "event": event } });
        let inbound = adapter().decode(&Value::from_json(frame));
        let Inbound::Push { push: Push::Event { event: record, .. }, .. } = inbound else {
            panic!("{name} is {inbound:?}");
        };
        let body = record.body.to_json();
        assert_eq!(body["threadId"], "T", "{name}");
        assert_eq!(
            record.at.0 == 0,
            event["created_at"].is_null() && event["timestamp"].is_null(),
            "{name} has a time"
        );
        // Nothing is dropped: every field is there, under its name or its camelCase.
        for key in event.as_object().unwrap().keys() {
            let camel = Value::from_json(json!({ key: 1 })).camel().to_json();
            let key = camel.as_object().unwrap().keys().next().unwrap().clone();
            assert!(!body[&key].is_null() || event.get(&key).is_some_and(Json::is_null), "{name} lost {key}");
        }
        events += 1;
    }
    assert!(events >= 10, "{events} events");
}

#[test]
fn a_login_reply_says_who_and_whether_somebody_is_there() {
    let welcome = adapter().read_login(&reply("v3.6-rtm-login-response"));
    let customer = welcome.customer.to_json();
    assert_eq!(customer["name"], "Thomas Anderson");
    assert_eq!(customer["sessionFields"]["another_custom_key"], "another_custom_value");
    assert_eq!(customer["statistics"]["pageViewsCount"], 40);
    assert_eq!(welcome.availability.as_str(), "online");
    assert_eq!(welcome.greeting.to_json()["agent"]["jobTitle"], "Support Agent");
}

#[test]
fn a_summary_has_the_vendors_shape() {
    for name in ["v3.6-rtm-list_chats-response", "v3.6-web-list_chats-response"] {
        let payload = if name.contains("rtm") { reply(name) } else { Value::from_json(sample(name)) };
        let page = adapter().shape(Method::LIST_CHATS, &Value::missing(), &payload).to_json();
        let chat = &page["chatsSummary"][0];
        assert_eq!(chat["lastEvent"]["text"], "hello world", "{name}");
        assert_eq!(chat["lastEventsPerType"]["message"]["id"], chat["lastEvent"]["id"]);
        assert_eq!(chat["eventsSeenUpToMap"].as_object().unwrap().len(), chat["users"].as_array().unwrap().len());
        assert_eq!(page["users"].as_array().unwrap().len(), 2);
        assert_eq!(page["previousPageId"], Json::Null);
        let summary = adapter().read_summary(&payload);
        assert_eq!(summary.chats.len(), 1);
        assert!(summary.chats[0].active);
        assert!(!summary.chats[0].last_events.is_empty());
    }
}

#[test]
fn a_chat_and_a_thread_have_the_vendors_shape() {
    for name in ["v3.6-rtm-get_chat-response", "v3.6-web-get_chat-response"] {
        let payload = if name.contains("rtm") { reply(name) } else { Value::from_json(sample(name)) };
        let chat = adapter().shape(Method::GET_CHAT, &Value::missing(), &payload).to_json();
        assert_eq!(chat["thread"]["chatId"], chat["id"], "{name}");
        assert_eq!(chat["thread"]["events"][0]["threadId"], chat["thread"]["id"]);
        assert_eq!(chat["thread"]["queue"], Json::Null);
        assert!(adapter().read_chat(&payload).unwrap().1.is_some());
    }
    let page = json!({ "threads": [sample("v3.6-structure-thread")], "found_threads": 1 });
    let page = adapter()
        .shape(Method::LIST_THREADS, &Value::from_json(json!({ "chatId": "C" })), &Value::from_json(page))
        .to_json();
    let thread = &page["threads"][0];
    assert_eq!(thread["queue"]["waitTime"], 1337);
    assert_eq!(thread["previousThreadId"], "K600PKZOM8");
    assert_eq!(thread["events"][0]["customId"], "1589440960204.71699349177");
    assert_eq!(
        thread["properties"]["property_namespace"]["property_name"], "property_value",
        "properties stay as they are"
    );
    assert_eq!(page["nextPageId"], Json::Null);
}

#[test]
fn a_token_is_read() {
    let body = Value::from_json(sample("auth-token-response-cookie"));
    let token = adapter().read_token(200, &body, palaver::model::UnixMillis(5)).unwrap();
    assert_eq!(token.lifetime_ms, 28_800_000);
    assert_eq!(token.created.0, 5);
    assert!(!token.customer.is_empty());
}

#[test]
fn an_error_keeps_its_code_its_text_and_its_data() {
    let frame = json!({ "type": "response", "success": false, "request_id": "7", "action": "x",
        "payload": { "error": { "type": "misdirected_request", "message": "Wrong region", "data": { "right_region": "fra" } } } });
    let Inbound::Reply { id: Some(7), result: Err(error) } = adapter().decode(&Value::from_json(frame)) else {
        panic!("no error");
    };
    assert_eq!((error.code.as_str(), error.message.as_str()), ("MISDIRECTED_REQUEST", "Wrong region"));
    assert_eq!(error.details.clone().unwrap().to_json()["rightRegion"], "fra");
}
