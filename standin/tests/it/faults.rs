//! Each fault does what it says, and no more.

use serde_json::{Value, json};
use standin::brain::{Fault, Input};

use super::office::{Customer, End, Office, message};

fn busy() -> (Office, Customer, String) {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    (office, me, chat)
}

fn texts(frames: &[Value]) -> Vec<&str> {
    frames.iter().filter_map(|frame| frame["payload"]["event"]["text"].as_str()).collect()
}

#[test]
fn an_eleventh_unanswered_request_is_refused() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::ExecuteDelay { ms: 1000 });
    for n in 0..12 {
        office.send(me.conn, &format!("p{n}"), "send_event", json!({ "chat_id": chat, "event": message("x") }));
    }
    let refused = office.frames(me.conn);
    assert_eq!(refused.len(), 2);
    assert!(refused.iter().all(|frame| frame["payload"]["error"]["type"] == "pending_requests_limit_reached"));
    office.pass(1.0);
    let done = office.frames(me.conn).into_iter().filter(|frame| frame["type"] == "response");
    assert!(done.map(|frame| frame["request_id"].clone()).eq((0..10).map(|n| json!(format!("p{n}")))));
    office.fault(Fault::Reset {});
    assert!(office.ask(me.conn, "list_chats", json!({}))["total_chats"].is_number());
}

#[test]
fn a_request_that_takes_too_long_is_given_up_and_still_carried_out() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::ExecuteDelay { ms: 20_000 });
    office.send(me.conn, "slow", "send_event", json!({ "chat_id": chat, "event": message("late") }));
    office.pass(15.0);
    assert_eq!(office.frames(me.conn)[0]["payload"]["error"]["type"], json!("request_timeout"));
    assert!(office.brain.events(&chat).is_empty());
    office.pass(5.0);
    let frames = office.frames(me.conn);
    assert_eq!(texts(&frames), ["late"]);
    assert!(frames.iter().all(|frame| frame["type"] != "response"), "answered once only: {frames:?}");
}

#[test]
fn a_request_on_its_way_is_carried_out_even_if_its_socket_goes() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::ExecuteDelay { ms: 500 });
    office.send(me.conn, "a", "send_event", json!({ "chat_id": chat, "event": message("landed") }));
    office.fault(Fault::Drop { conn: None });
    office.input(Input::Closed { conn: me.conn });
    office.pass(1.0);
    assert_eq!(office.brain.events(&chat).len(), 1);
}

#[test]
fn closing_after_executing_saves_the_event_and_says_nothing_to_its_sender() {
    let (mut office, me, chat) = busy();
    let other = office.again(&me.token, "3.6");
    office.fault(Fault::CloseAfterExecuting { action: "send_event".to_owned() });
    office.ask(me.conn, "ping", json!({}));
    office.send(me.conn, "a", "send_event", json!({ "chat_id": chat, "event": message("kept") }));
    assert_eq!(office.ends.get(&me.conn), Some(&End::Cut));
    assert!(office.frames(me.conn).is_empty());
    assert_eq!(texts(&office.frames(other)), ["kept"]);
    assert_eq!(office.brain.events(&chat).len(), 1);
    office.ask(other, "send_event", json!({ "chat_id": chat, "event": message("next") }));
}

#[test]
fn pushes_are_lost_doubled_or_turned_round_but_responses_are_not() {
    let (mut office, me, chat) = busy();
    let other = office.again(&me.token, "3.6");
    let mut said = |fault: Option<Fault>, said: &[&str]| {
        if let Some(fault) = fault {
            office.fault(fault);
        }
        for text in said {
            office.agent_says(text);
        }
        office.texts(other);
        let frames = office.frames(me.conn);
        texts(&frames).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // Two sockets: every event makes two pushes, this socket's first.
    assert_eq!(said(Some(Fault::DropPushes { pushes: 2 }), &["a", "b"]), ["b"]);
    assert_eq!(said(Some(Fault::Duplicate { pushes: 2 }), &["c", "d"]), ["c", "c", "d"]);
    assert_eq!(said(Some(Fault::Reorder { pushes: 4 }), &["e", "f"]), ["f", "e"]);
    assert_eq!(said(Some(Fault::Reorder { pushes: 9 }), &["g"]), Vec::<String>::new());
    assert_eq!(said(Some(Fault::Reset {}), &["h"]), ["g", "h"]);
    office.fault(Fault::DropPushes { pushes: 1 });
    assert!(
        office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message("i") }))["event_id"].is_string()
    );
}

#[test]
fn responses_are_lost_or_come_first() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::OmitResponses { count: 1 });
    office.send(me.conn, "a", "send_event", json!({ "chat_id": chat, "event": message("x") }));
    let frames = office.frames(me.conn);
    assert_eq!((frames.len(), &frames[0]["type"]), (1, &json!("push")));
    office.fault(Fault::ResponseFirst { on: true });
    office.send(me.conn, "b", "send_event", json!({ "chat_id": chat, "event": message("y") }));
    let order: Vec<Value> = office.frames(me.conn).into_iter().map(|frame| frame["type"].clone()).collect();
    assert_eq!(order, ["response", "push"]);
}

#[test]
fn delayed_frames_keep_their_order_and_a_close_waits_behind_them() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::Delay { ms: 2000 });
    office.send(me.conn, "a", "send_event", json!({ "chat_id": chat, "event": message("one") }));
    office.agent_says("two");
    office.fault(Fault::CloseSocket { code: 4000, reason: "enough".to_owned(), conn: None });
    office.pass(1.9);
    assert!(office.frames(me.conn).is_empty() && office.ends.is_empty());
    office.pass(0.1);
    assert_eq!(texts(&office.frames(me.conn)), ["one", "two"]);
    assert_eq!(office.ends.get(&me.conn), Some(&End::Closed(4000, "enough".to_owned())));
    assert_eq!(office.brain.next_timeout(), None);
}

#[test]
fn a_half_open_socket_stays_and_is_silent() {
    let (mut office, me, chat) = busy();
    office.fault(Fault::HalfOpen { on: true, execute: false });
    let send = |text: &str| json!({ "chat_id": chat, "event": message(text) });
    office.send(me.conn, "a", "send_event", send("lost"));
    office.agent_says("unheard");
    office.pass(300.0);
    assert!(office.frames(me.conn).is_empty() && office.ends.is_empty() && office.pings.is_empty());
    office.fault(Fault::HalfOpen { on: true, execute: true });
    office.send(me.conn, "b", "send_event", send("landed"));
    assert!(office.frames(me.conn).is_empty());
    office.fault(Fault::HalfOpen { on: false, execute: false });
    office.pass(1.0);
    assert!(office.ends.is_empty());
    office.ask(me.conn, "send_event", send("heard"));
    let kept: Vec<&str> = office.brain.events(&chat).iter().filter_map(|event| event.text("text")).collect();
    assert_eq!(kept, ["unheard", "landed", "heard"]);
}

#[test]
fn a_frame_is_cut_in_half_and_the_next_is_whole() {
    let (mut office, me, _) = busy();
    office.fault(Fault::Truncate {});
    office.agent_says("żółć żółć żółć");
    office.agent_says("whole");
    let frames = office.texts(me.conn);
    assert!(serde_json::from_str::<Value>(&frames[0]).is_err());
    assert!(serde_json::from_str::<Value>(&frames[1]).is_ok());
}

#[test]
fn garbage_is_not_json_or_has_the_wrong_types() {
    let (mut office, me, _) = busy();
    office.fault(Fault::Garbage { wrong_types: false });
    office.fault(Fault::Garbage { wrong_types: true });
    let frames = office.texts(me.conn);
    assert!(serde_json::from_str::<Value>(&frames[0]).is_err());
    assert_eq!(serde_json::from_str::<Value>(&frames[1]).unwrap()["payload"]["chat_id"], json!(7));
}

#[test]
fn sockets_are_cut_closed_sent_away_and_refused() {
    let (mut office, me, _) = busy();
    let other = office.customer();
    office.fault(Fault::Drop { conn: Some(me.conn) });
    assert_eq!((office.ends.get(&me.conn), office.ends.get(&other.conn)), (Some(&End::Cut), None));
    let data = Some(json!({ "timeout": 30 }));
    office.fault(Fault::Disconnect { reason: "customer_temporarily_blocked".to_owned(), data, customer_id: None });
    let last = office.frames(other.conn);
    assert_eq!(last[0]["payload"], json!({ "reason": "customer_temporarily_blocked", "data": { "timeout": 30 } }));
    assert!(matches!(office.ends.get(&other.conn), Some(End::Closed(..))));
    office.fault(Fault::Refuse { on: true });
    assert!(office.brain.refuses());
    let refused = office.open("3.6");
    assert_eq!(office.ends.get(&refused), Some(&End::Cut));
}

#[test]
fn tokens_end_in_two_ways() {
    for (fault, reason) in
        [(Fault::ExpireTokens {}, "access_token_expired"), (Fault::RevokeTokens {}, "access_token_revoked")]
    {
        let (mut office, me, _) = busy();
        office.fault(fault);
        assert_eq!(office.frames(me.conn)[0]["payload"]["reason"], json!(reason));
        let conn = office.open("3.6");
        let login = json!({ "token": format!("Bearer {}", me.token) });
        assert_eq!(office.refused(conn, "login", login), "authentication");
    }
}

#[test]
fn the_same_time_can_be_given_twice() {
    let (mut office, me, chat) = busy();
    office.say(&me, &chat, "a");
    office.fault(Fault::SameCreatedAt { count: 1 });
    office.say(&me, &chat, "b");
    office.say(&me, &chat, "c");
    let times: Vec<i64> = office.brain.events(&chat).iter().map(|event| event.created_at).collect();
    assert!(times[0] == times[1] && times[1] < times[2], "{times:?}");
}
