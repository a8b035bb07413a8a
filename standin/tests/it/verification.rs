//! Goals of pages, and addresses that are confirmed.

use serde_json::{Value, json};
use standin::brain::Callback;

use super::office::{Customer, Office};

const CALLBACK: &str = "http://127.0.0.1:9/verified";

fn ask(office: &mut Office, me: &Customer, uri: &str) {
    let answer = office.web(me, "request_email_verification", &json!({ "callback_uri": uri }));
    assert_eq!((answer.status, answer.to_json()), (200, json!({})));
}

#[test]
fn a_page_is_checked_for_goals_and_noted() {
    let mut office = Office::new();
    let me = office.customer();
    let check = json!({ "session_fields": [{ "plan": "pro" }], "group_id": 0, "page_url": "https://x.example/thanks" });
    assert_eq!(office.web(&me, "check_goals", &check).to_json(), json!({}));
    let noted = office.brain.state_json()["goals"].clone();
    assert_eq!(noted.as_array().unwrap().len(), 1);
    assert_eq!((&noted[0]["page_url"], &noted[0]["customer_id"]), (&check["page_url"], &json!(me.id)));
    let mut elsewhere = check;
    elsewhere["group_id"] = json!(9);
    assert_eq!(office.web(&me, "check_goals", &elsewhere).to_json()["error"]["type"], json!("group_not_found"));
}

#[test]
fn whoever_asked_is_told_once_and_the_customer_too() {
    let mut office = Office::new();
    let me = office.customer();
    office.ask(me.conn, "update_customer", json!({ "email": "ada@example.com" }));
    ask(&mut office, &me, CALLBACK);
    assert!(office.brain.take_callbacks().is_empty());
    office.texts(me.conn);
    office.does("confirm_email", json!({}));
    let told = Callback { uri: CALLBACK.to_owned(), body: json!({ "email": "ada@example.com" }).to_string() };
    assert_eq!(office.brain.take_callbacks(), vec![told.clone()]);
    let (name, payload) = office.push(me.conn);
    assert_eq!((name.as_str(), &payload["email_verified"]), ("customer_updated", &json!(true)));
    assert_eq!(office.ask(me.conn, "get_customer", json!({}))["email_verified"], json!(true));
    ask(&mut office, &me, CALLBACK);
    assert_eq!(office.brain.take_callbacks(), [told], "it is confirmed, so it is told at once");

    office.ask(me.conn, "update_customer", json!({ "email": "other@example.com" }));
    ask(&mut office, &me, CALLBACK);
    assert!(office.brain.take_callbacks().is_empty(), "another address is not confirmed");
    assert_eq!(office.ask(me.conn, "get_customer", json!({})).get("email_verified"), None);
}

#[test]
fn ten_are_remembered_for_a_week() {
    let mut office = Office::new();
    let me = office.customer();
    for n in 0..12 {
        ask(&mut office, &me, &format!("{CALLBACK}?{n}"));
    }
    let uris = |office: &mut Office| -> Vec<String> {
        office.does("confirm_email", json!({ "customer_id": me.id, "email": "ada@example.com" }));
        office.brain.take_callbacks().into_iter().map(|callback| callback.uri).collect()
    };
    let told = uris(&mut office);
    assert_eq!((told.len(), told[0].as_str()), (10, "http://127.0.0.1:9/verified?2"));

    let mut office = Office::new();
    let me = office.customer();
    ask(&mut office, &me, CALLBACK);
    office.pass(7.0 * 24.0 * 3600.0);
    office.does("confirm_email", json!({ "customer_id": me.id, "email": "ada@example.com" }));
    assert!(office.brain.take_callbacks().is_empty());
}

#[test]
fn a_customer_without_an_address_cannot_confirm_one() {
    let mut office = Office::new();
    office.customer();
    let answer = office.control("confirm_email", json!({}));
    assert_eq!(answer.status, 400);
    let message: Value = answer.to_json()["error"]["message"].clone();
    assert!(message.as_str().unwrap().contains("`email`"), "{message}");
}
