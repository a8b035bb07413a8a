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
fn methods_are_unknown_or_not_here_but_never_silent() {
    let mut office = Office::new();
    let me = office.customer();
    assert_eq!(office.refused(me.conn, "logout", json!({})), "validation");
    assert_eq!(office.refused(me.conn, "send_event", json!([])), "validation");
    for action in ["request_email_verification", "accept_greeting", "cancel_greeting", "send_greeting_button_clicked"] {
        assert_eq!(office.refused(me.conn, action, json!({})), "not_allowed", "{action}");
    }
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
