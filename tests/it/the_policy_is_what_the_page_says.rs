//! `docs/reconnecting.md` says what follows from every word that ends or refuses a connection; this tries each.

use std::fs;

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good, good_token};
use crate::sim::Sim;

/// The rows of the table: where, word, row.
fn rows() -> Vec<(String, String, String)> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reconnecting.md")).unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect::<Vec<_>>();
    let is_row = |cells: &Vec<String>| {
        cells.len() == 6 && ["farewell", "login", "close", "token", "send"].contains(&cells[1].as_str())
    };
    page.lines().map(cells).filter(is_row).map(|cells| (cells[1].clone(), cells[2].clone(), cells[3].clone())).collect()
}

/// How long until the session tries again; `None` if it does not.
fn wait(hand: &mut Hand) -> Option<u64> {
    let state = hand.told("state").last().map_or(Json::Null, |state| (*state).clone());
    if state["state"] == "closed" {
        assert_eq!(state["willReconnect"], false);
        assert_eq!(hand.told("disconnected").len(), 1);
        return None;
    }
    assert_eq!((&state["state"], &state["willReconnect"]), (&json!("connecting"), &json!(true)));
    assert!(hand.told("disconnected").is_empty());
    assert_eq!(state.get("retryAt").is_some(), state.get("retryInMs").is_some());
    Some(state["retryInMs"].as_u64().unwrap_or(0))
}

fn assert_row(row: &str, wait: Option<u64>, name: &str) {
    let (row, seconds) = row.split_once(' ').unwrap_or((row, "0"));
    let millis = 1_000 * seconds.parse::<u64>().unwrap();
    match (row, wait) {
        ("stop", None) => {}
        ("retry", Some(wait)) => assert!(wait <= 6_000, "{name}: {wait}"),
        ("fresh" | "redirect", Some(wait)) => assert_eq!(wait, 0, "{name}"),
        ("wait", Some(wait)) => assert!((millis..=millis + millis / 10 + 1).contains(&wait), "{name}: {wait}"),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn each_row_is_obeyed_and_told() {
    let rows = rows();
    assert!(rows.len() > 40);
    for (place, word, row) in rows {
        let name = format!("{place} {word}");
        match place.as_str() {
            "farewell" => {
                let mut hand = Hand::live(&json!({}));
                hand.told.clear();
                hand.is_served = false;
                hand.push("customer_disconnected", &json!({ "reason": word, "data": { "region": "fra" } }));
                let wait = wait(&mut hand);
                assert_row(&row, wait, &name);
                let lost = hand.told("connection_lost");
                assert_eq!(lost.len(), 1, "{name}");
                assert_eq!((&lost[0]["reason"], &lost[0]["willReconnect"]), (&json!(word), &json!(wait.is_some())));
                assert_eq!(lost[0].get("retryAt").is_some(), wait.is_some_and(|wait| wait > 0), "{name}");
            }
            "close" => {
                let mut hand = Hand::live(&json!({}));
                hand.told.clear();
                hand.is_served = false;
                let socket = hand.socket.unwrap();
                hand.input(Input::Closed { socket, code: word.parse().unwrap() });
                let wait = wait(&mut hand);
                assert_row(&row, wait, &name);
            }
            "login" => {
                let mut hand = Hand::new(&json!({}));
                hand.is_served = true;
                hand.kept = "login";
                hand.input(Input::Connect);
                hand.told.clear();
                hand.is_served = false;
                hand.reply("login", false, &json!({ "error": { "type": word, "message": "no" } }));
                let wait = wait(&mut hand);
                assert_row(&row, wait, &name);
            }
            "send" => {
                let mut hand = Hand::live(&json!({}));
                hand.kept = "send_event";
                let args = json!({ "chatId": "CHAT", "event": { "type": "message", "text": "x" } });
                let call = hand.call("sendEvent", args);
                hand.reply("send_event", false, &json!({ "error": { "type": word, "message": "no" } }));
                let error = hand.settled[&call].clone().unwrap_err();
                assert_eq!((error.code.as_str(), row.as_str()), (word.to_ascii_uppercase().as_str(), "stop"));
                assert_eq!(error.details.clone().unwrap().to_json()["outcome"], "not_sent");
            }
            _ => {
                for retry_after_ms in [None, Some(300_000)] {
                    let mut hand = Hand::new(&json!({}));
                    hand.is_served = true;
                    hand.kept = "token";
                    hand.input(Input::Connect);
                    let ask = hand.last_asked().ask;
                    hand.told.clear();
                    hand.is_served = false;
                    let status = word.parse().unwrap();
                    hand.input(Input::Http { ask, status, body: palaver::json::Value::missing(), retry_after_ms });
                    let wait = wait(&mut hand).unwrap();
                    let least = retry_after_ms.unwrap_or(0);
                    assert!((least..=10_000.max(least)).contains(&wait), "{name}: {wait}");
                }
            }
        }
    }
}

#[test]
fn two_refused_tokens_in_a_row_are_an_answer() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "login";
    hand.input(Input::Connect);
    let refusal = json!({ "error": { "type": "authentication", "message": "no" } });
    hand.reply("login", false, &refusal);
    assert_eq!(hand.told("state").last().unwrap()["state"], "connecting");
    hand.reply("login", false, &refusal);
    assert_eq!(hand.told("disconnected"), [&Json::from("authentication")]);
    assert_eq!(hand.asked.len(), 2, "a token for each, and none after");
}

#[test]
fn a_token_is_replaced_before_it_ends_and_the_line_lives_on() {
    let mut hand = Hand::live(&json!({}));
    let asked = hand.asked.len();
    hand.run(8 * 3_600_000 * 79 / 100);
    assert_eq!(hand.asked.len(), asked);
    hand.run(8 * 3_600_000 * 12 / 100);
    assert_eq!(hand.asked.len(), asked + 1);
    assert!(hand.told("connection_lost").is_empty());
    // The platform ends the old one: the new one is there already, and nothing is asked.
    hand.push("customer_disconnected", &json!({ "reason": "access_token_expired" }));
    assert_eq!(hand.told("connection_restored").len(), 1);
    assert_eq!(hand.asked.len(), asked + 1);
    let login = hand.last("login");
    assert_ne!(
        login["payload"]["token"],
        format!("Bearer {}", good_token("secret-1")["access_token"].as_str().unwrap())
    );
}

#[test]
fn those_who_are_told_the_same_moment_come_back_spread() {
    let waits: Vec<u64> = (1..=20)
        .map(|seed| {
            let mut sim = Sim::seeded(&json!({}), standin::brain::Config::default(), seed << 20);
            sim.connect();
            let data = json!({ "timeout": 30 });
            sim.fault(json!({ "disconnect": { "reason": "customer_temporarily_blocked", "data": data } }));
            sim.run(100);
            sim.told("state").last().unwrap()["retryInMs"].as_u64().unwrap()
        })
        .collect();
    let (first, last) = (*waits.iter().min().unwrap(), *waits.iter().max().unwrap());
    assert!(first >= 30_000 && last <= 33_000 && last - first > 1_500, "over a tenth of the time: {waits:?}");
}

#[test]
fn a_farewell_is_obeyed_before_the_summary_too_and_what_else_is_said_waits() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "list_chats";
    hand.input(Input::Connect);
    hand.push("incoming_multicast", &json!({ "content": {} }));
    assert!(hand.told("incoming_multicast").is_empty());
    hand.reply("list_chats", true, &good("list_chats", &Json::Null));
    let names: Vec<&str> = hand.told.iter().map(|(name, _)| *name).collect();
    assert_eq!(names[names.len() - 2..], ["connected", "incoming_multicast"]);

    hand.input(Input::Reconnect);
    hand.push("customer_disconnected", &json!({ "reason": "customer_banned" }));
    assert_eq!((hand.state(), hand.told("customer_disconnected").len()), ("closed", 1));
}

#[test]
fn a_door_that_is_no_host_is_not_gone_to() {
    let long = "x".repeat(32);
    for (region, host) in [
        (json!("fra"), "https://api-fra.livechatinc.com/"),
        (json!("r2"), "https://api-r2.livechatinc.com/"),
        (json!(long[1..]), format!("https://api-{}.livechatinc.com/", &long[1..]).as_str()),
        (json!("dal"), "https://api.livechatinc.com/"),
        (json!(long), "https://api.livechatinc.com/"),
        (json!(""), "https://api.livechatinc.com/"),
        (json!("a.b"), "https://api.livechatinc.com/"),
        (json!("FRA"), "https://api.livechatinc.com/"),
        (json!(7), "https://api.livechatinc.com/"),
        (Json::Null, "https://api.livechatinc.com/"),
    ] {
        let mut hand = Hand::live(&json!({}));
        hand.push(
            "customer_disconnected",
            &json!({ "reason": "misdirected_connection", "data": { "region": region } }),
        );
        hand.connect();
        hand.call("checkGoals", json!({ "pageUrl": "https://x" }));
        assert!(hand.last_asked().url.starts_with(host), "{region}: {}", hand.last_asked().url);
    }
}

#[test]
fn doors_that_send_on_are_followed_twice_and_then_with_patience() {
    let mut hand = Hand::live(&json!({}));
    for state in ["connected", "connected", "connecting"] {
        hand.push("customer_disconnected", &json!({ "reason": "misdirected_connection", "data": { "region": "fra" } }));
        assert_eq!(hand.state(), state);
    }
    assert!(hand.told("state").last().unwrap()["retryInMs"].is_number());
}

#[test]
fn a_refused_token_is_replaced_at_once_unless_the_line_had_failed_before() {
    for has_failed in [false, true] {
        let mut hand = Hand::new(&json!({}));
        hand.is_served = true;
        hand.kept = "login";
        hand.input(Input::Connect);
        if has_failed {
            let socket = hand.socket.unwrap();
            hand.input(Input::Closed { socket, code: 1006 });
            while hand.socket.is_none() {
                hand.step();
            }
        }
        hand.reply("login", false, &json!({ "error": { "type": "authentication", "message": "no" } }));
        assert_eq!((hand.state(), hand.socket.is_none()), ("connecting", has_failed));
        assert_eq!(hand.told("state").last().unwrap()["retryInMs"].is_number(), has_failed);
        hand.kept = "";
        hand.connect();
        assert_eq!(hand.asked.len(), 2, "the new one is asked for");
    }
}
