//! Somebody else answers in the server's place.

use serde_json::json;
use standin::brain::HttpRequest;

use super::office::{End, ORGANIZATION, Office, message};

fn grant() -> HttpRequest {
    HttpRequest::post("/v2/customer/token", &Office::grant()).header("origin", "http://page.example")
}

#[test]
fn portal_answers_token_requests_with_a_page() {
    let mut office = Office::new();
    for status in [200, 403, 511] {
        office.does("captive_portal", json!({ "status": status, "at": ["token_service"] }));
        let answer = office.http(grant());
        assert_eq!((answer.status, answer.get("content-type")), (status, Some("text/html; charset=utf-8")));
        assert!(answer.body.starts_with(b"<!DOCTYPE html>"));
        assert_eq!(answer.get("access-control-allow-origin"), Some("http://page.example"));
    }
    office.does("captive_portal", json!({ "on": false }));
    assert!(office.http(grant()).to_json()["access_token"].is_string());
}

#[test]
fn portal_answers_the_web_api_and_leaves_other_places_alone() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does(
        "captive_portal",
        json!({ "at": ["web_api"], "body": "{\"blocked\":true}", "content_type": "application/json" }),
    );
    let answer = office.web(&me, "send_event", &json!({ "chat_id": chat, "event": message("x") }));
    assert_eq!((answer.status, answer.to_json()), (511, json!({ "blocked": true })));
    assert!(office.http(grant()).to_json()["access_token"].is_string());
    assert!(office.brain.events(&chat).is_empty());
    assert!(
        office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message("x") }))["event_id"].is_string()
    );
}

#[test]
fn portal_without_cors_answers_preflights_too_and_may_redirect() {
    let mut office = Office::new();
    let preflight = HttpRequest { method: "OPTIONS".to_owned(), ..grant() };
    office.does("captive_portal", json!({}));
    assert_eq!(office.http(preflight.clone()).status, 204);
    office.does("captive_portal", json!({ "cors": false, "status": 302, "location": "http://login.example/" }));
    for request in [preflight, grant()] {
        let answer = office.http(request);
        assert_eq!((answer.status, answer.get("location")), (302, Some("http://login.example/")));
        assert_eq!(answer.get("access-control-allow-origin"), None);
    }
}

#[test]
fn portal_at_the_upgrade_opens_no_socket_and_keeps_those_there_are() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("captive_portal", json!({ "status": 200, "at": ["upgrade"] }));
    let page = office.brain.handshake_answer().unwrap();
    assert_eq!((page.status, office.brain.refuses()), (200, true));
    let conn = office.open("3.6");
    assert_eq!(office.ends.get(&conn), Some(&End::Cut));
    assert_eq!(office.ask(me.conn, "ping", json!({})), json!({}));
    office.does("reset", json!({}));
    assert_eq!(office.brain.handshake_answer(), None);
}

#[test]
fn portal_inside_sockets_says_its_page_and_nothing_else() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does("captive_portal", json!({ "at": ["socket"] }));
    let path = "/v3.6/customer/rtm/ws";
    let conn = office.open_at(path, &format!("organization_id={ORGANIZATION}"));
    office.send(conn, "l", "login", json!({ "token": format!("Bearer {}", me.token) }));
    office.send(me.conn, "s", "send_event", json!({ "chat_id": chat, "event": message("x") }));
    office.pass(120.0);
    for conn in [conn, me.conn] {
        let said = office.texts(conn);
        assert!(!said.is_empty() && said.iter().all(|text| text.starts_with("<!DOCTYPE html>")), "{said:?}");
    }
    assert!(office.ends.is_empty() && office.brain.events(&chat).is_empty());
    office.does("captive_portal", json!({ "on": false }));
    assert!(
        office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message("x") }))["event_id"].is_string()
    );
}
