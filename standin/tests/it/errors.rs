//! What is refused, and how.

use serde_json::json;

use super::office::{Office, message};

#[test]
fn frames_that_are_no_requests_are_answered_and_hurt_nobody() {
    let mut office = Office::new();
    let me = office.customer();
    for text in ["", "{", "[]", "7", "null", "{}", r#"{"action":7}"#, r#"{"request_id":1,"action":"ping"}"#, "\u{0}"] {
        office.frame(me.conn, text);
        let frames = office.frames(me.conn);
        assert_eq!(frames.len(), 1, "{text}");
        assert_eq!(frames[0]["payload"]["error"]["type"], json!("validation"), "{text}");
    }
    assert_eq!(office.ask(me.conn, "ping", json!({})), json!({}));
}

#[test]
fn the_request_id_is_echoed_only_when_there_was_one() {
    let mut office = Office::new();
    let me = office.customer();
    office.frame(me.conn, r#"{"action":"ping","payload":{}}"#);
    let pong = json!({ "action": "ping", "type": "response", "success": true, "payload": {} });
    assert_eq!(office.frames(me.conn), [pong]);
}

#[test]
fn methods_are_unknown_or_not_for_sockets_but_never_silent() {
    let mut office = Office::new();
    let me = office.customer();
    assert_eq!(office.refused(me.conn, "logout", json!({})), "validation");
    assert_eq!(office.refused(me.conn, "send_event", json!([])), "validation");
    for action in ["upload_file", "check_goals", "request_email_verification"] {
        let answer = office.ask(me.conn, action, json!({}));
        assert!(answer["error"]["message"].as_str().unwrap().contains("Web API"), "{answer}");
    }
    let old = office.customer_at("3.5");
    for action in ["delete_event", "send_greeting_button_clicked", "request_welcome_message"] {
        assert_eq!(office.refused(old.conn, action, json!({})), "validation", "{action}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for (action, payload, field) in [
        ("list_threads", json!({}), "chat_id"),
        ("list_threads", json!({ "chat_id": chat, "limit": 0 }), "limit"),
        ("list_chats", json!({ "limit": 26 }), "limit"),
        ("send_event", json!({ "chat_id": chat, "event": { "text": "x" } }), "type"),
        ("send_event", json!({ "chat_id": 7, "event": message("x") }), "chat_id"),
        ("resume_chat", json!({}), "chat"),
        ("start_chat", json!({ "active": "yes" }), "active"),
        ("start_chat", json!({ "chat": { "users": [{ "id": "x", "type": "customer" }] } }), "users"),
        ("deactivate_chat", json!({}), "id"),
        ("delete_event", json!({ "chat_id": chat }), "thread_id"),
        ("send_sneak_peek", json!({ "chat_id": chat }), "sneak_peek_text"),
        ("mark_events_as_seen", json!({ "chat_id": chat }), "seen_up_to"),
        ("update_thread_properties", json!({ "chat_id": chat, "thread_id": "x" }), "properties"),
        ("set_customer_session_fields", json!({}), "session_fields"),
        ("update_customer", json!({ "address": { "city": 7 } }), "city"),
        ("update_customer", json!({ "omnichannel": { "twilio": {} } }), "phone_number"),
        ("update_customer_page", json!({ "title": "x" }), "url"),
        ("get_form", json!({ "type": "prechat" }), "group_id"),
        ("get_form", json!({ "group_id": 0, "type": "sonnet" }), "type"),
        ("get_url_info", json!({}), "url"),
        ("accept_greeting", json!({ "unique_id": "x" }), "greeting_id"),
        ("cancel_greeting", json!({}), "unique_id"),
        ("send_greeting_button_clicked", json!({ "greeting_unique_id": "x" }), "button_id"),
    ] {
        let error = office.ask(me.conn, action, payload.clone())["error"].clone();
        assert_eq!(error["type"], json!("validation"), "{action} {payload}");
        assert!(error["message"].as_str().unwrap().contains(&format!("`{field}`")), "{action} {payload}: {error}");
    }
    for (method, body, field) in [
        ("check_goals", json!({ "group_id": 0, "page_url": "x" }), "session_fields"),
        ("check_goals", json!({ "session_fields": [], "page_url": "x" }), "group_id"),
        ("request_email_verification", json!({}), "callback_uri"),
        ("request_email_verification", json!({ "callback_uri": "javascript:alert(1)" }), "callback_uri"),
        ("upload_file", json!({}), "file"),
    ] {
        let answer = office.web(&me, method, &body);
        assert_eq!(answer.status, 400, "{method} {body}");
        assert!(
            answer.to_json()["error"]["message"].as_str().unwrap().contains(&format!("`{field}`")),
            "{method} {body}"
        );
    }
}

#[test]
fn any_error_can_be_had_for_the_next_request() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let send = json!({ "chat_id": chat, "event": message("x") });
    office.does("fail", json!({ "type": "chat_anonymized", "count": 2, "action": "send_event" }));
    assert!(office.ask(me.conn, "list_chats", json!({}))["total_chats"].is_number());
    assert_eq!(office.refused(me.conn, "send_event", send.clone()), "chat_anonymized");
    assert_eq!(office.web(&me, "send_event", &send).status, 422);
    assert!(office.ask(me.conn, "send_event", send)["event_id"].is_string());

    let own = json!({ "type": "never_heard_of", "message": "really", "data": { "n": 1 } });
    office.does("fail", own.clone());
    assert_eq!(office.ask(me.conn, "ping", json!({})), json!({}), "pings go through");
    assert_eq!(office.ask(me.conn, "get_customer", json!({})), json!({ "error": own }));
    assert_eq!(office.ask(me.conn, "get_customer", json!({}))["id"], json!(me.id));

    office.does("fail", json!({ "type": "users_limit_reached", "action": "login" }));
    let conn = office.open("3.6");
    let login = json!({ "token": format!("Bearer {}", me.token) });
    assert_eq!(office.refused(conn, "login", login.clone()), "users_limit_reached");
    assert!(office.ask(conn, "login", login)["customer"].is_object());
}

#[test]
fn events_are_checked() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for event in [
        json!(null),
        json!("hi"),
        json!({}),
        json!({ "type": "message" }),
        json!({ "type": "message", "text": 7 }),
        json!({ "type": "system", "text": "x" }),
        json!({ "type": "telepathy" }),
        json!({ "type": "file" }),
        json!({ "type": "file", "url": "https://example.com/a.png" }),
        json!({ "type": "filled_form", "form_id": "f" }),
        json!({ "type": "custom", "content": "x" }),
        json!({ "type": "system_message", "text": "x" }),
        json!({ "type": "message", "text": "x", "properties": [] }),
        json!({ "type": "rich_message", "template_id": "cards", "elements": [{ "buttons": vec![json!({}); 14] }] }),
        json!({ "type": "message", "text": "x", "postback": { "id": "b", "thread_id": "t", "event_id": "e", "type": "url" } }),
        json!({ "type": "message", "text": "x", "postback": {
            "id": "b", "thread_id": "t", "event_id": "e", "ecommerce": { "quantity": 1 }
        } }),
        json!({ "type": "message", "text": "x", "custom_id": 7 }),
        json!({ "type": "message", "text": "x", "recipients": "nobody" }),
        json!({ "type": "message", "text": "x", "postback": { "id": "b" } }),
        json!({ "type": "rich_message", "template_id": "cards", "elements": vec![json!({}); 11] }),
    ] {
        let send = json!({ "chat_id": chat, "event": event });
        assert_eq!(office.refused(me.conn, "send_event", send), "validation", "{event}");
    }
    assert!(office.brain.events(&chat).is_empty());
}

#[test]
fn a_text_is_measured_in_bytes() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    for (text, fits) in [("x".repeat(16_384), true), ("x".repeat(16_385), false), ("ü".repeat(8_193), false)] {
        let answer = office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message(&text) }));
        assert_eq!(answer["event_id"].is_string(), fits, "{} bytes", text.len());
    }
}

#[test]
fn other_peoples_chats_do_not_exist() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let stranger = office.customer();
    let event = message("hi");
    for (action, payload) in [
        ("send_event", json!({ "chat_id": chat, "event": event })),
        ("get_chat", json!({ "chat_id": chat })),
        ("list_threads", json!({ "chat_id": chat })),
        ("deactivate_chat", json!({ "id": chat })),
        ("resume_chat", json!({ "chat": { "id": chat } })),
        ("mark_events_as_seen", json!({ "chat_id": chat, "seen_up_to": "2026-03-01T10:00:00.000000Z" })),
        ("send_sneak_peek", json!({ "chat_id": chat, "sneak_peek_text": "x" })),
        ("update_chat_properties", json!({ "id": chat, "properties": {} })),
    ] {
        assert_eq!(office.refused(stranger.conn, action, payload), "not_found", "{action}");
    }
}

#[test]
fn fields_with_a_meaning_of_their_own_cannot_be_forged() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let forged = json!({
        "type": "message", "text": "x", "id": "MINE_9", "created_at": "1999-01-01T00:00:00.000000Z", "author_id": "ada"
    });
    office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": forged }));
    let events = office.brain.events(&chat);
    assert_eq!(events[0].text("author_id"), Some(me.id.as_str()));
    assert!(events[0].id().ends_with("_1"));
    assert!(events[0].text("created_at").unwrap().starts_with("2026-"));
}

#[test]
fn group_statuses_want_exactly_one_question() {
    let mut office = Office::new();
    let me = office.customer();
    assert_eq!(office.refused(me.conn, "list_group_statuses", json!({})), "validation");
    let both = json!({ "all": true, "group_ids": [0] });
    assert_eq!(office.refused(me.conn, "list_group_statuses", both), "validation");
    let some = office.ask(me.conn, "list_group_statuses", json!({ "group_ids": [1, 77] }));
    assert_eq!(some, json!({ "groups_status": { "1": "online" } }));
}
