//! Forms that are asked for, and forms that are filled in.

use serde_json::{Value, json};
use standin::brain::Config;

use super::office::Office;

#[test]
fn there_are_no_forms_until_they_are_set() {
    let mut office = Office::new();
    let me = office.customer();
    let ask = |office: &mut Office, group: u64, kind: &str| {
        office.ask(me.conn, "get_form", json!({ "group_id": group, "type": kind }))
    };
    assert_eq!(ask(&mut office, 0, "prechat"), json!({ "enabled": false }));
    assert_eq!(ask(&mut office, 9, "prechat")["error"]["type"], json!("group_not_found"));
    let form = json!({ "fields": [
        { "type": "header", "id": "h", "label": "Hello" },
        { "type": "checkbox", "id": "c", "label": "Which?", "options": [{ "id": "0", "label": "This" }] },
        { "type": "group_chooser", "id": "g", "label": "Who?", "options": [{ "id": "0", "label": "Us", "group_id": 0 }] }
    ] });
    office.does("form", json!({ "group_id": 1, "type": "prechat", "enabled": true, "form": form }));
    assert_eq!(ask(&mut office, 1, "prechat"), json!({ "enabled": true, "form": form }));
    assert_eq!(ask(&mut office, 0, "prechat"), json!({ "enabled": false }), "another group's");
    let configuration = office.get("3.6", "get_configuration", "group_id=1&version=1").to_json();
    assert_eq!(configuration["prechat_form"], form);
    office.does("form", json!({ "group_id": 1, "type": "prechat", "enabled": false }));
    assert_eq!(ask(&mut office, 1, "prechat"), json!({ "enabled": false }));
}

#[test]
fn a_form_that_cannot_be_shown_is_refused() {
    let mut office = Office::new();
    for form in [
        json!(null),
        json!([]),
        json!({}),
        json!({ "fields": [] }),
        json!({ "fields": [{ "type": "telepathy", "label": "x" }] }),
        json!({ "fields": [{ "type": "radio", "label": "x" }] }),
        json!({ "fields": [{ "type": "radio", "label": "x", "options": [{ "id": 7, "label": "x" }] }] }),
        json!({ "fields": [{ "type": "group_chooser", "options": [{ "id": "1", "label": "x" }] }] }),
    ] {
        let body = json!({ "group_id": 0, "type": "prechat", "form": form });
        assert_eq!(office.control("form", body).status, 400, "{form}");
    }
}

#[test]
fn the_office_of_the_bot_has_forms_of_its_own() {
    let mut office = Office::with(Config { bot: true, ..Config::default() });
    let me = office.customer();
    for kind in ["prechat", "postchat"] {
        let form = office.ask(me.conn, "get_form", json!({ "group_id": 0, "type": kind }));
        assert_eq!(form["enabled"], json!(true));
        assert!(form["form"]["fields"].as_array().unwrap().len() > 2, "{form}");
    }
    let ticket = office.ask(me.conn, "get_form", json!({ "group_id": 0, "type": "ticket" }));
    assert_eq!(ticket, json!({ "enabled": false }));
}

#[test]
fn a_filled_form_is_checked_field_by_field() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let mut send = |field: Value| {
        let event = json!({ "type": "filled_form", "form_id": "f", "fields": [field] });
        office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": event }))
    };
    let option = json!({ "id": "0", "label": "Yes" });
    for field in [
        json!({ "type": "header", "id": "1", "label": "x" }),
        json!({ "type": "name", "id": "1", "label": "x", "answer": "Ada" }),
        json!({ "type": "email", "id": "1", "label": "x" }),
        json!({ "type": "radio", "id": "1", "label": "x", "answer": option }),
        json!({ "type": "checkbox", "id": "1", "label": "x", "answers": [option, option] }),
        json!({ "type": "group_chooser", "id": "1", "label": "x", "answer": { "id": "0", "label": "x", "group_id": 1 } }),
        json!({ "type": "checkbox_for_email", "id": "1", "label": "x", "answer": true }),
    ] {
        assert!(send(field.clone())["event_id"].is_string(), "{field}");
    }
    for field in [
        json!("name"),
        json!({ "id": "1", "label": "x" }),
        json!({ "type": "telepathy", "id": "1", "label": "x", "answer": "x" }),
        json!({ "type": "header", "answer": "x" }),
        json!({ "type": "name", "answer": 7 }),
        json!({ "type": "select", "answer": "Yes" }),
        json!({ "type": "checkbox", "answers": option }),
        json!({ "type": "checkbox", "answers": ["Yes"] }),
        json!({ "type": "group_chooser", "answer": option }),
        json!({ "type": "rating", "answer": "good" }),
    ] {
        assert_eq!(send(field.clone())["error"]["type"], json!("validation"), "{field}");
    }
}
