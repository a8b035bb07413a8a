//! Starting, resuming, closing, sending: what is answered and what is pushed.

use serde_json::{Value, json};
use standin::brain::{AgentAction, time};

use super::office::{Office, message};

#[test]
fn the_first_conversation_goes_as_the_reference_says() {
    let mut office = Office::new();
    let me = office.customer();
    let none = office.ask(me.conn, "list_chats", json!({}));
    assert_eq!(none, json!({ "chats_summary": [], "total_chats": 0 }));

    office.send(me.conn, "s1", "start_chat", json!({ "chat": { "thread": { "events": [message("hi")] } } }));
    let frames = office.frames(me.conn);
    let [push, response] = frames.as_slice() else { panic!("{frames:?}") };
    assert_eq!(
        (&push["action"], &push["request_id"], &push["version"]),
        (&json!("incoming_chat"), &json!("s1"), &json!("3.6"))
    );
    assert_eq!(push["payload"]["requester_id"], json!(me.id));
    let thread = &push["payload"]["chat"]["thread"];
    assert_eq!(thread["active"], json!(true));
    assert_eq!(thread["events"][0]["text"], json!("hi"));
    assert_eq!(response["payload"]["event_ids"], json!([thread["events"][0]["id"]]));
    assert_eq!(response["payload"]["thread_id"], thread["id"]);

    let chat = response["payload"]["chat_id"].as_str().unwrap();
    office.send(me.conn, "e1", "send_event", json!({ "chat_id": chat, "event": message("two") }));
    let frames = office.frames(me.conn);
    let [push, response] = frames.as_slice() else { panic!("{frames:?}") };
    assert_eq!((&push["action"], &push["request_id"]), (&json!("incoming_event"), &json!("e1")));
    assert_eq!(push["payload"]["event"]["id"], json!(format!("{}_2", thread["id"].as_str().unwrap())));
    assert_eq!(response["payload"], json!({ "event_id": push["payload"]["event"]["id"] }));
}

#[test]
fn only_the_requesting_socket_sees_the_request_id() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let other = office.again(&me.token, "3.5");
    let stranger = office.customer();
    office.texts(me.conn);

    office.send(me.conn, "e1", "send_event", json!({ "chat_id": chat, "event": message("hello") }));
    assert_eq!(office.frames(me.conn)[0]["request_id"], json!("e1"));
    let seen = office.frames(other);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].get("request_id"), &seen[0]["version"]), (None, &json!("3.5")));
    assert!(office.frames(stranger.conn).is_empty());
}

#[test]
fn closing_a_chat_pushes_without_a_request_id() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.send(me.conn, "d1", "deactivate_chat", json!({ "id": chat }));
    let frames = office.frames(me.conn);
    let shape: Vec<(&Value, Option<&Value>)> =
        frames.iter().map(|frame| (&frame["action"], frame.get("request_id"))).collect();
    assert_eq!(
        shape,
        [
            (&json!("incoming_event"), None),
            (&json!("chat_deactivated"), None),
            (&json!("deactivate_chat"), Some(&json!("d1")))
        ]
    );
    let event = &frames[0]["payload"]["event"];
    assert_eq!(event["system_message_type"], json!("manual_archived_customer"));
    assert_eq!(event.get("author_id"), None);
    assert_eq!(frames[1]["payload"]["user_id"], json!(me.id));
}

#[test]
fn a_closed_chat_takes_events_only_when_they_are_attached() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.ask(me.conn, "deactivate_chat", json!({ "id": chat }));
    let send = json!({ "chat_id": chat, "event": message("late") });
    assert_eq!(office.refused(me.conn, "send_event", send), "chat_inactive");
    let send = json!({ "chat_id": chat, "event": message("late"), "attach_to_last_thread": true });
    assert!(office.ask(me.conn, "send_event", send)["event_id"].is_string());
    assert_eq!(office.refused(me.conn, "deactivate_chat", json!({ "id": chat })), "chat_inactive");
}

#[test]
fn resuming_opens_a_new_thread_in_the_same_chat() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let active = json!({ "chat": { "id": chat } });
    assert_eq!(office.refused(me.conn, "resume_chat", active.clone()), "chat_already_active");
    office.ask(me.conn, "deactivate_chat", json!({ "id": chat }));
    office.texts(me.conn);
    office.send(me.conn, "r1", "resume_chat", active);
    let frames = office.frames(me.conn);
    assert_eq!((&frames[0]["action"], &frames[0]["request_id"]), (&json!("incoming_chat"), &json!("r1")));
    let thread = &frames[0]["payload"]["chat"]["thread"];
    assert_eq!(thread["previous_thread_id"], json!(office.brain.thread_ids(&chat)[0]));
    assert_eq!(frames[1]["payload"]["thread_id"], thread["id"]);
    assert_eq!(office.brain.chat_ids(), [chat]);
}

#[test]
fn a_second_chat_is_refused_in_the_words_of_the_version() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    assert_eq!(office.refused(me.conn, "start_chat", json!({})), "limit_reached");
    let old = office.again(&me.token, "3.5");
    assert_eq!(office.refused(old, "start_chat", json!({})), "chat_limit_reached");
}

#[test]
fn the_same_custom_id_twice_makes_two_events() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let event = json!({ "type": "message", "text": "once?", "custom_id": "c-1" });
    for _ in 0..2 {
        office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": event }));
    }
    let events = office.brain.events(&chat);
    let ids: Vec<Option<&str>> = events.iter().map(|event| event.text("custom_id")).collect();
    assert_eq!(ids, [Some("c-1"), Some("c-1")]);
    assert_ne!(events[0].id(), events[1].id());
}

#[test]
fn times_grow_strictly_even_when_the_clock_stands_still_or_steps_back() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for at in 0..5 {
        office.say(&me, &chat, "tick");
        office.now -= at;
    }
    let times: Vec<String> =
        office.brain.events(&chat).iter().map(|e| e.text("created_at").unwrap().to_owned()).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    assert!(times.iter().all(|at| at.len() == "2026-03-01T10:00:00.000200Z".len() && time::parse(at).is_some()));
}

#[test]
fn ones_own_message_moves_ones_own_mark_and_nobody_elses() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.agent_says("first");
    let unread = |office: &mut Office| {
        let conn = office.open("3.6");
        let login = office.ask(conn, "login", json!({ "token": format!("Bearer {}", me.token) }));
        assert_eq!(login["has_active_thread"], json!(true));
        login["chats"][0]["has_unread_events"].clone()
    };
    assert_eq!(unread(&mut office), json!(true));
    office.say(&me, &chat, "second");
    assert_eq!(unread(&mut office), json!(false));
    let last = office.brain.events(&chat).last().unwrap().created_at;
    assert_eq!(office.brain.member(&chat, &me.id).unwrap().seen_up_to, Some(last));
}

#[test]
fn marking_as_seen_reaches_every_socket_and_never_goes_back() {
    let mut office = Office::new();
    let me = office.customer();
    let other = office.again(&me.token, "3.6");
    let chat = office.chat(&me);
    office.agent_says("look");
    office.texts(me.conn);
    office.texts(other);
    let at = office.brain.events(&chat).last().unwrap().text("created_at").unwrap().to_owned();
    let mark = json!({ "chat_id": chat, "seen_up_to": at });
    assert_eq!(office.ask(me.conn, "mark_events_as_seen", mark), json!({}));
    let told = json!({ "user_id": me.id, "chat_id": chat, "seen_up_to": at });
    assert_eq!(office.pushes(me.conn), [("events_marked_as_seen".to_owned(), told.clone())]);
    assert_eq!(office.pushes(other), [("events_marked_as_seen".to_owned(), told)]);
    office.ask(me.conn, "mark_events_as_seen", json!({ "chat_id": chat, "seen_up_to": "2020-01-01T00:00:00Z" }));
    assert!(office.push_names(other).is_empty());
    let never = json!({ "chat_id": chat, "seen_up_to": "soon" });
    assert_eq!(office.refused(me.conn, "mark_events_as_seen", never), "validation");
}

#[test]
fn what_is_for_agents_only_never_reaches_the_customer() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let secret = json!({ "type": "message", "text": "secret", "recipients": "agents" });
    office.agent(AgentAction::Event { chat_id: None, event: secret, agent_id: None });
    assert!(office.frames(me.conn).is_empty());
    let id = office.say(&me, &chat, "hello");
    assert!(id.ends_with("_2"), "the hidden event keeps its number: {id}");
    let threads = office.ask(me.conn, "list_threads", json!({ "chat_id": chat }));
    assert_eq!(threads["threads"][0]["events"].as_array().unwrap().len(), 1);
    assert!(!office.ask(me.conn, "list_chats", json!({})).to_string().contains("secret"));
    assert!(!office.ask(me.conn, "get_chat", json!({ "chat_id": chat })).to_string().contains("secret"));
    assert_eq!(office.brain.events(&chat).len(), 2);
}

#[test]
fn an_offline_group_takes_no_chat_unless_it_is_continuous() {
    let mut office = Office::new();
    let me = office.customer();
    for group_id in [0, 1] {
        office.agent(AgentAction::GroupStatus { group_id, status: "offline".to_owned() });
    }
    assert_eq!(office.push_names(me.conn), ["groups_status_updated", "groups_status_updated"]);
    let statuses = office.ask(me.conn, "list_group_statuses", json!({ "all": true }));
    assert_eq!(statuses, json!({ "groups_status": { "0": "offline", "1": "offline" } }));
    assert_eq!(office.refused(me.conn, "start_chat", json!({})), "groups_offline");
    let elsewhere = json!({ "chat": { "access": { "group_ids": [9] } } });
    assert_eq!(office.refused(me.conn, "start_chat", elsewhere), "group_not_found");
    assert!(office.ask(me.conn, "start_chat", json!({ "continuous": true }))["chat_id"].is_string());
}

#[test]
fn properties_merge_and_pushes_carry_only_the_change() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let first = json!({ "id": chat, "properties": { "app": { "a": 1, "b": "x" } } });
    office.ask(me.conn, "update_chat_properties", first);
    office.ask(me.conn, "update_chat_properties", json!({ "id": chat, "properties": { "app": { "a": 2 } } }));
    office.ask(me.conn, "delete_chat_properties", json!({ "id": chat, "properties": { "app": ["b"] } }));
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[1].1, json!({ "chat_id": chat, "properties": { "app": { "a": 2 } } }));
    assert_eq!(pushes[2].0, "chat_properties_deleted");
    let own = office.ask(me.conn, "get_chat", json!({ "chat_id": chat }));
    assert_eq!(own["properties"]["app"], json!({ "a": 2 }));

    let thread = office.brain.thread_ids(&chat)[0].clone();
    let rating = json!({ "chat_id": chat, "thread_id": thread, "properties": { "rating": { "score": 1 } } });
    office.ask(me.conn, "update_thread_properties", rating);
    assert_eq!(office.push_names(me.conn), ["thread_properties_updated", "incoming_event"]);
}

#[test]
fn a_customer_tells_about_themselves() {
    let mut office = Office::new();
    let me = office.customer();
    office.ask(me.conn, "update_customer", json!({ "name": "Ada", "session_fields": [{ "plan": "pro" }] }));
    let pushes = office.pushes(me.conn);
    let changed = json!({ "id": me.id, "type": "customer", "name": "Ada", "session_fields": [{ "plan": "pro" }] });
    assert_eq!(pushes, [("customer_updated".to_owned(), changed)]);
    assert_eq!(office.refused(me.conn, "update_customer", json!({})), "validation");
    let many: Vec<Value> = (0..101).map(|n| json!({ format!("k{n}"): "v" })).collect();
    assert_eq!(
        office.refused(me.conn, "set_customer_session_fields", json!({ "session_fields": many })),
        "limit_reached"
    );
    let old = office.again(&me.token, "3.5");
    assert_eq!(
        office.refused(old, "set_customer_session_fields", json!({ "session_fields": many })),
        "customer_session_fields_limit_reached"
    );
    let channels = json!({ "omnichannel": {
        "fbmessenger": { "id": "7", "first_name": "Ada", "is_verified_user": true }, "twilio": { "phone_number": "+1" }
    } });
    office.ask(me.conn, "update_customer", channels);
    let own = office.ask(me.conn, "get_customer", json!({}));
    let read = json!({
        "fb_messenger": [{ "ID": "7", "FirstName": "Ada", "IsVerifiedUser": true }],
        "twilio": [{ "+1": { "phone_number": "+1" } }]
    });
    assert_eq!(own["omnichannel"], read, "it is read in another form than it is written");
    assert_eq!((&own["name"], &own["type"]), (&json!("Ada"), &json!("customer")));
    assert!(own["statistics"].is_object());
}
