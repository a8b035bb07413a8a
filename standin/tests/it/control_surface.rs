//! The table, the switches and the README are one.

use serde_json::{Value, json};
use standin::brain::control::{SWITCHES, SwitchKind};
use standin::brain::{Config, HttpRequest};

use super::office::Office;

fn get(path: &str) -> HttpRequest {
    HttpRequest { method: "GET".to_owned(), path: path.to_owned(), ..HttpRequest::default() }
}

#[test]
fn every_switch_takes_its_own_example() {
    for switch in SWITCHES.iter().filter(|switch| switch.kind != SwitchKind::Look) {
        let mut office = Office::new();
        let me = office.customer();
        office.chat(&me);
        let id = office.agent_says("first")["event_id"].as_str().unwrap().to_owned();
        if switch.name == "leave" {
            office.control("join", json!({ "agent_id": "97ace0ff1ce54d2c8b6a1f0e3d5c7b92" }));
        }
        if switch.name == "reopen" {
            office.control("close", json!({}));
        }
        if matches!(switch.name, "assign" | "queue_position") {
            office.control("group_status", json!({ "group_id": 1, "status": "online_for_queue" }));
            office.control("transfer", json!({ "to_group_id": 1 }));
        }
        if switch.name == "cancel_greeting" {
            office.control("greeting", json!({ "text": "Need a hand?" }));
        }
        let example = switch.example.replace("SC0000AAAA_1", &id);
        let answer = office.control(switch.name, serde_json::from_str(&example).unwrap());
        assert_eq!(answer.status, 200, "{}: {}", switch.name, answer.to_json());
    }
}

#[test]
fn the_table_is_served_and_the_readme_lists_it_with_a_curl_line_each() {
    let mut office = Office::new();
    let served = office.http(get("/control")).to_json();
    let names: Vec<&Value> = served["switches"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names, SWITCHES.iter().map(|switch| json!(switch.name)).collect::<Vec<_>>().iter().collect::<Vec<_>>());

    let readme = include_str!("../../README.md");
    let lines: Vec<String> = SWITCHES
        .iter()
        .map(|switch| match switch.kind {
            SwitchKind::Look => format!("curl localhost:8080/control/{}  # {}", switch.name, switch.does),
            _ => format!("curl localhost:8080/control/{} -d '{}'  # {}", switch.name, switch.example, switch.does),
        })
        .collect();
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("curl localhost:8080/control/")).collect();
    assert_eq!(listed, lines);
}

#[test]
fn the_surface_is_shut_unless_it_is_asked_for() {
    let mut office = Office::with(Config::default());
    assert_eq!(office.http(get("/control/state")).status, 404);
    assert_eq!(office.control("drop", json!({})).status, 404);
}

#[test]
fn misfits_are_explained() {
    let mut office = Office::new();
    for (name, body, status) in [
        ("nothing", json!({}), 404),
        ("message", json!({}), 400),
        ("message", json!({ "text": "hi" }), 404),
        ("delay", json!({ "ms": "long" }), 400),
        ("delay", json!({ "ms": 1, "unit": "s" }), 400),
        ("delay", json!([]), 400),
        ("group_status", json!({ "group_id": 0, "status": "asleep" }), 400),
    ] {
        let answer = office.control(name, body.clone());
        assert_eq!(answer.status, status, "{name} {body}");
        assert!(answer.to_json()["error"]["message"].is_string());
        assert_eq!(answer.get("access-control-allow-origin"), Some("*"));
    }
}

#[test]
fn with_two_chats_the_chat_must_be_named() {
    let mut office = Office::new();
    let (one, two) = (office.customer(), office.customer());
    let chat = office.chat(&one);
    office.chat(&two);
    assert_eq!(office.control("message", json!({ "text": "who?" })).status, 400);
    assert_eq!(office.control("message", json!({ "chat_id": chat, "text": "you" })).status, 200);
}

#[test]
fn the_state_shows_chats_in_order_and_who_is_connected() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let event = json!({ "type": "message", "text": "hi", "custom_id": "c-1" });
    office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": event }));
    let state = office.http(get("/control/state")).to_json();
    assert_eq!(state["chats"][0]["threads"][0]["events"][0]["custom_id"], json!("c-1"));
    assert_eq!(state["connections"][0]["customer_id"], json!(me.id));
    assert_eq!(state["customers"][0]["id"], json!(me.id));
}
