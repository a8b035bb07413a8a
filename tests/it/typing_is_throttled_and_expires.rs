//! Typing, both ways.

use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::sim::Sim;

fn peeks(sim: &Sim) -> Vec<&str> {
    let frames = sim.sent.iter().filter(|frame| frame["action"] == "send_sneak_peek");
    frames.map(|frame| frame["payload"]["sneak_peek_text"].as_str().unwrap()).collect()
}

#[test]
fn an_agents_typing_ends_by_itself() {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "typing": { "is_typing": true } }));
    sim.run(1_000);
    assert_eq!(sim.told("user_is_typing").len(), 1);
    assert_eq!(sim.told("user_is_typing")[0]["chat"], *chat);
    assert!(sim.told("user_stopped_typing").is_empty());
    sim.run(10_000);
    assert_eq!(sim.told("user_stopped_typing").len(), 1);
    assert_eq!(sim.told("incoming_typing_indicator").len(), 2);
    assert_eq!(sim.told("incoming_typing_indicator")[1]["typingIndicator"]["isTyping"], false);
}

#[test]
fn it_ends_with_the_message_and_with_the_line_and_with_the_thread() {
    let (mut sim, _) = Sim::in_chat();
    sim.agent(json!({ "typing": { "is_typing": true } }));
    sim.agent(json!({ "message": { "text": "there" } }));
    sim.run(100);
    assert_eq!(sim.told("user_stopped_typing").len(), 1);
    sim.agent(json!({ "typing": { "is_typing": true } }));
    sim.run(100);
    sim.cut();
    sim.run(100);
    assert_eq!(sim.told("user_stopped_typing").len(), 2);
    sim.run(10_000);
    sim.agent(json!({ "typing": { "is_typing": true } }));
    sim.run(100);
    sim.agent(json!({ "close": {} }));
    sim.run(100);
    assert_eq!(sim.told("user_stopped_typing").len(), 3);
    sim.run(60_000);
    assert_eq!(sim.told("user_stopped_typing").len(), 3);
}

#[test]
fn what_is_typed_goes_out_every_two_seconds_and_ends_with_the_latest() {
    let (mut sim, chat) = Sim::in_chat();
    for index in 0..50 {
        sim.call("setSneakPeek", json!({ "chatId": chat, "sneakPeekText": format!("{index}") }));
        sim.run(100);
    }
    sim.run(5_000);
    let peeks = peeks(&sim);
    assert!(peeks.len() <= 4, "{peeks:?}");
    assert_eq!(peeks[0], "0");
    assert_eq!(*peeks.last().unwrap(), "49");
}

#[test]
fn nothing_is_shown_after_the_message_is_sent_or_where_nobody_looks() {
    let (mut sim, chat) = Sim::in_chat();
    for text in ["h", "he"] {
        sim.call("setSneakPeek", json!({ "chatId": chat, "sneakPeekText": text }));
    }
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "hello" })).unwrap();
    sim.run(5_000);
    assert_eq!(peeks(&sim), ["h"]);
    sim.ask("deactivateChat", json!({ "id": chat })).unwrap();
    sim.run(100);
    sim.call("setSneakPeek", json!({ "chatId": chat, "sneakPeekText": "closed" }));
    sim.kill_server();
    sim.run(100);
    sim.call("setSneakPeek", json!({ "chatId": chat, "sneakPeekText": "away" }));
    sim.run(5_000);
    assert_eq!(peeks(&sim), ["h"]);
}

#[test]
fn each_of_many_stops_by_themselves() {
    let mut hand = Hand::live(&json!({}));
    let types = [("C", "a"), ("C", "b"), ("D", "a"), ("C", "a")];
    for (chat, user) in types {
        let indicator = json!({ "author_id": user, "is_typing": true });
        hand.push(
            "incoming_typing_indicator",
            &json!({ "chat_id": chat, "thread_id": "T", "typing_indicator": indicator }),
        );
        hand.run(1_000);
    }
    hand.run(7_999);
    let stopped = |hand: &Hand| -> Vec<(String, String)> {
        let word = |told: &Json, name: &str| told[name].as_str().unwrap().to_owned();
        hand.told("user_stopped_typing").iter().map(|told| (word(told, "chat"), word(told, "user"))).collect()
    };
    let pair = |chat: &str, user: &str| (chat.to_owned(), user.to_owned());
    assert_eq!(stopped(&hand), [pair("C", "b")], "who goes on typing has not stopped");
    hand.run(10_000);
    assert_eq!(stopped(&hand), [pair("C", "b"), pair("D", "a"), pair("C", "a")]);
}

#[test]
fn who_stops_or_speaks_stops_once_and_alone() {
    let mut hand = Hand::live(&json!({}));
    let types = |hand: &mut Hand, chat: &str, user: &str, is_typing: bool| {
        let indicator = json!({ "author_id": user, "is_typing": is_typing });
        hand.push("incoming_typing_indicator", &json!({ "chat_id": chat, "typing_indicator": indicator }));
    };
    for (chat, user) in [("CHAT", "a"), ("CHAT", "b"), ("D", "a")] {
        types(&mut hand, chat, user, true);
    }
    hand.push(
        "incoming_event",
        &json!({ "chat_id": "CHAT", "thread_id": "THREAD", "event": {
        "id": "THREAD_1", "type": "message", "author_id": "a", "text": "x", "created_at": "2026-03-01T10:00:00Z" } }),
    );
    assert_eq!(hand.told("user_stopped_typing"), [&json!({ "chat": "CHAT", "user": "a" })]);
    types(&mut hand, "CHAT", "b", false);
    hand.run(5_000);
    assert_eq!(hand.told("user_stopped_typing").len(), 2);
    hand.push("chat_deactivated", &json!({ "chat_id": "CHAT", "thread_id": "THREAD" }));
    assert_eq!(hand.told("user_stopped_typing").len(), 2, "the other chat goes on");
    hand.run(20_000);
    assert_eq!(hand.told("user_stopped_typing").len(), 3);
    assert_eq!(*hand.told("user_stopped_typing")[2], json!({ "chat": "D", "user": "a" }));
}
