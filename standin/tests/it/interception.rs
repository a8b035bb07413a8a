//! Requests that are refused, kept unanswered or answered untruly, and frames that are rewritten.

use serde_json::{Value, json};

use super::office::{Customer, End, Office, message};

fn office_with_chat() -> (Office, Customer, String) {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    (office, me, chat)
}

fn send(chat: &str, text: &str) -> Value {
    json!({ "chat_id": chat, "event": message(text) })
}

fn stored(office: &Office, chat: &str) -> Vec<String> {
    office.brain.events(chat).iter().filter_map(|event| event.text("text").map(str::to_owned)).collect()
}

#[test]
fn refused_request_with_execute_after_is_stored_and_pushed_later() {
    for kind in ["service_unavailable", "too_many_requests", "internal", "invented_tomorrow"] {
        let (mut office, me, chat) = office_with_chat();
        office.does("fail", json!({ "type": kind, "action": "send_event", "execute_after_ms": 15_000 }));
        assert_eq!(office.refused(me.conn, "send_event", send(&chat, "late")), kind);
        office.pass_alive(me.conn, 10);
        office.pass(4.999);
        assert!(stored(&office, &chat).is_empty());
        office.pass(0.001);
        let frames = office.frames(me.conn);
        assert_eq!(frames.len(), 1, "pushed, and not answered again: {frames:?}");
        assert_eq!(frames[0]["payload"]["event"]["text"], json!("late"));
        assert_eq!(stored(&office, &chat), ["late"]);
    }
}

#[test]
fn refused_request_is_carried_out_after_its_connection_is_gone() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "internal", "action": "send_event", "execute_after_ms": 4000 }));
    assert_eq!(office.refused(me.conn, "send_event", send(&chat, "late")), "internal");
    office.does("drop", json!({}));
    office.pass(4.0);
    assert_eq!(stored(&office, &chat), ["late"]);
}

#[test]
fn refused_request_with_execute_after_zero_is_stored_at_once() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "invented_tomorrow", "action": "send_event", "execute_after_ms": 0 }));
    office.send(me.conn, "a", "send_event", send(&chat, "stored"));
    let frames = office.frames(me.conn);
    assert_eq!(frames[0]["payload"]["error"]["type"], json!("invented_tomorrow"));
    assert_eq!(frames[1]["payload"]["event"]["text"], json!("stored"));
    assert_eq!((frames.len(), stored(&office, &chat).len()), (2, 1));
}

#[test]
fn refused_web_request_is_stored_later() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "service_unavailable", "action": "send_event", "execute_after_ms": 2000 }));
    assert_eq!(office.web(&me, "send_event", &send(&chat, "late")).status, 503);
    assert!(stored(&office, &chat).is_empty());
    office.pass(2.0);
    assert_eq!(stored(&office, &chat), ["late"]);
    assert_eq!(office.push_names(me.conn), ["incoming_event"]);
}

#[test]
fn reads_fail_for_a_time_while_sends_pass() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "internal", "action": ["list_threads", "get_chat"], "for_ms": 20_000 }));
    for _ in 0..2 {
        assert_eq!(office.refused(me.conn, "list_threads", json!({ "chat_id": chat })), "internal");
        assert_eq!(office.refused(me.conn, "get_chat", json!({ "chat_id": chat })), "internal");
        assert!(office.ask(me.conn, "list_chats", json!({}))["total_chats"].is_number());
        assert!(office.ask(me.conn, "send_event", send(&chat, "x"))["event_id"].is_string());
        office.pass_alive(me.conn, 10);
    }
    assert!(office.ask(me.conn, "list_threads", json!({ "chat_id": chat }))["threads"].is_array());
}

#[test]
fn failures_of_two_actions_stand_side_by_side() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "internal", "action": "list_threads", "count": 2 }));
    office.does("fail", json!({ "type": "not_allowed", "action": "send_event" }));
    assert_eq!(office.refused(me.conn, "list_threads", json!({ "chat_id": chat })), "internal");
    assert_eq!(office.refused(me.conn, "send_event", send(&chat, "x")), "not_allowed");
    assert_eq!(office.refused(me.conn, "list_threads", json!({ "chat_id": chat })), "internal");
    assert!(office.ask(me.conn, "send_event", send(&chat, "x"))["event_id"].is_string());
    office.does("fail", json!({ "type": "internal", "for_ms": 60_000 }));
    office.does("fail", json!({ "type": "internal", "count": 0 }));
    assert!(office.ask(me.conn, "list_threads", json!({ "chat_id": chat }))["threads"].is_array());
}

#[test]
fn muted_action_gets_no_answer_and_others_do() {
    let (mut office, me, chat) = office_with_chat();
    office.does("mute", json!({ "action": "update_thread_properties" }));
    for n in 0..20 {
        let thread = office.brain.thread_ids(&chat).pop();
        let rate = json!({ "chat_id": chat, "thread_id": thread, "properties": { "rating": { "score": 1 } } });
        office.send(me.conn, &format!("m{n}"), "update_thread_properties", rate);
    }
    assert!(office.frames(me.conn).is_empty());
    assert!(office.ask(me.conn, "send_event", send(&chat, "x"))["event_id"].is_string(), "muted ones are not pending");
    office.pass_alive(me.conn, 60);
    assert!(office.push_names(me.conn).iter().all(|name| name == "incoming_event"));
    office.does("mute", json!({ "action": "update_thread_properties", "on": false }));
    let odd = json!({ "chat_id": chat, "thread_id": "x", "properties": {} });
    assert_eq!(office.refused(me.conn, "update_thread_properties", odd), "not_found");
}

#[test]
fn muted_request_with_execute_after_is_stored_and_never_answered() {
    let (mut office, me, chat) = office_with_chat();
    office.does("mute", json!({ "action": "send_event", "execute_after_ms": 9000, "count": 1 }));
    office.send(me.conn, "a", "send_event", send(&chat, "late"));
    office.pass(8.0);
    assert!(office.frames(me.conn).is_empty() && stored(&office, &chat).is_empty());
    office.pass(1.0);
    let frames = office.frames(me.conn);
    assert_eq!((frames.len(), &frames[0]["action"]), (1, &json!("incoming_event")));
    office.pass(20.0);
    assert!(office.frames(me.conn).iter().all(|frame| frame["type"] != "response"));
}

#[test]
fn muted_ping_is_not_answered() {
    let (mut office, me, _) = office_with_chat();
    office.does("mute", json!({ "action": "ping" }));
    office.send(me.conn, "p", "ping", json!({}));
    assert!(office.frames(me.conn).is_empty());
}

#[test]
fn muted_web_request_ends_without_an_answer_when_the_fault_ends() {
    let (mut office, me, chat) = office_with_chat();
    office.does("mute", json!({ "action": "send_event", "execute_after_ms": 0 }));
    let path = format!("/v3.6/customer/action/send_event?organization_id={}", super::office::ORGANIZATION);
    let request = standin::brain::HttpRequest::post(&path, &send(&chat, "landed"))
        .header("authorization", &format!("Bearer {}", me.token));
    assert_eq!(office.try_http(request), None);
    assert_eq!(stored(&office, &chat), ["landed"]);
    office.does("reset", json!({}));
    assert_eq!(office.web(&me, "send_event", &send(&chat, "x")).status, 200);
}

#[test]
fn false_success_has_an_event_id_and_stores_nothing() {
    let (mut office, me, chat) = office_with_chat();
    let other = office.again(&me.token, "3.6");
    office.does("false_success", json!({ "count": 2 }));
    let untrue = office.ask(me.conn, "send_event", send(&chat, "lost"));
    let on_web = office.web(&me, "send_event", &send(&chat, "lost too"));
    assert_eq!(on_web.status, 200);
    let kept = office.ask(me.conn, "send_event", send(&chat, "kept"));
    let ids = [&untrue["event_id"], &on_web.to_json()["event_id"], &kept["event_id"]].map(Value::to_string);
    assert!(ids[0].ends_with("_1\"") && ids[1].ends_with("_2\"") && ids[2].ends_with("_3\""), "{ids:?}");
    assert_eq!(stored(&office, &chat), ["kept"]);
    assert_eq!(office.push_names(other), ["incoming_event"]);
    office.does("false_success", json!({}));
    assert_eq!(office.refused(me.conn, "send_event", json!({ "chat_id": chat, "event": {} })), "validation");
}

#[test]
fn false_success_of_a_start_names_a_chat_that_there_is_not() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("false_success", json!({ "action": ["start_chat", "update_customer"], "count": 2 }));
    let start = json!({ "chat": { "thread": { "events": [message("a"), message("b")] } } });
    let untrue = office.ask(me.conn, "start_chat", start);
    assert!(untrue["chat_id"].is_string() && untrue["thread_id"].is_string());
    assert_eq!(untrue["event_ids"].as_array().unwrap().len(), 2);
    assert!(office.brain.chat_ids().is_empty() && office.frames(me.conn).is_empty());
    assert_eq!(office.ask(me.conn, "update_customer", json!({ "name": "Ada" })), json!({}));
    assert_eq!(office.ask(me.conn, "get_customer", json!({})).get("name"), None);
}

#[test]
fn pushes_and_responses_are_rewritten_by_field() {
    let (mut office, me, chat) = office_with_chat();
    let id = office.say(&me, &chat, "first");
    office.does("rewrite", json!({ "kind": "push", "action": "event_updated", "field": "event" }));
    office.does("edit", json!({ "event_id": id, "text": "better" }));
    office.does("edit", json!({ "event_id": id, "text": "best" }));
    let pushes = office.pushes(me.conn);
    assert_eq!((pushes[0].1.get("event"), pushes[0].1["chat_id"].as_str()), (None, Some(chat.as_str())));
    assert_eq!(pushes[1].1["event"]["text"], json!("best"));

    office.does("rewrite", json!({ "kind": "push", "action": "user_added_to_chat", "field": "user", "value": {} }));
    office.does("join", json!({ "agent_id": "97ace0ff1ce54d2c8b6a1f0e3d5c7b92" }));
    let joined = office.pushes(me.conn).into_iter().find(|(name, _)| name == "user_added_to_chat").unwrap().1;
    assert_eq!(joined["user"], json!({}));

    let list = json!({ "chat_id": chat });
    for (field, value, at, now) in [
        (None, json!([]), "", json!([])),
        (None, json!(null), "", json!(null)),
        (Some("threads"), json!("x"), "/threads", json!("x")),
        (Some("threads.0.events"), json!({}), "/threads/0/events", json!({})),
        (Some("threads.0"), json!(7), "/threads/0", json!(7)),
        (Some("threads.9.events"), json!({}), "/threads/9", json!(null)),
    ] {
        let mut rule = json!({ "kind": "response", "action": "list_threads", "value": value, "count": 2 });
        if let Some(field) = field {
            rule["field"] = json!(field);
        }
        office.does("rewrite", rule);
        for answer in
            [office.ask(me.conn, "list_threads", list.clone()), office.web(&me, "list_threads", &list).to_json()]
        {
            assert_eq!(answer.pointer(at).cloned().unwrap_or_default(), now, "{field:?} {value}");
        }
        assert!(office.ask(me.conn, "list_threads", list.clone())["threads"][0]["events"].is_array());
    }
}

#[test]
fn reset_ends_every_rule() {
    let (mut office, me, chat) = office_with_chat();
    office.does("fail", json!({ "type": "internal", "for_ms": 60_000 }));
    office.does("mute", json!({ "action": "send_event" }));
    office.does("false_success", json!({ "count": 9 }));
    office.does("rewrite", json!({ "kind": "push", "action": "incoming_event", "count": 9 }));
    office.does("server_clock", json!({ "offset_us": -5 }));
    office.does("event_ids", json!({ "form": "letters" }));
    office.does("captive_portal", json!({ "at": ["socket"] }));
    office.does("reset", json!({}));
    let answer = office.ask(me.conn, "send_event", send(&chat, "x"));
    assert!(answer["event_id"].as_str().unwrap().ends_with("_1"));
    let pushed = office.push(me.conn).1;
    assert_eq!(
        pushed["event"]["created_at"],
        json!(standin::brain::time::format(office.now.max(office.brain.events(&chat)[0].created_at)))
    );
    assert_eq!(office.ends.get(&me.conn), None::<&End>);
}
