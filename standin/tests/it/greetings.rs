//! What somebody is shown before there is a chat.

use serde_json::{Value, json};

use super::office::Office;

fn rich() -> Value {
    json!({
        "type": "rich_message", "template_id": "cards",
        "elements": [{ "title": "Sale", "buttons": [{ "type": "message", "text": "Show", "postback_id": "b1" }] }]
    })
}

#[test]
fn a_greeting_is_shown_accepted_clicked_and_canceled() {
    let mut office = Office::new();
    let me = office.customer();
    let shown =
        json!({ "event": rich(), "id": 12, "subtype": "announcement", "addon": "email", "is_exit_intent": true });
    let unique = office.does("greeting", shown)["unique_id"].clone();
    let (name, greeting) = office.push(me.conn);
    assert_eq!(name, "incoming_greeting");
    assert_eq!((&greeting["id"], &greeting["unique_id"], &greeting["event"]), (&json!(12), &unique, &rich()));
    assert_eq!((&greeting["addon"], &greeting["subtype"]), (&json!("email"), &json!("announcement")));
    assert_eq!((&greeting["is_exit_intent"], &greeting["displayed_first_time"]), (&json!(true), &json!(true)));
    assert_eq!((&greeting["agent"]["name"], &greeting["agent"]["is_bot"]), (&json!("Ada Agent"), &json!(false)));

    let accept = json!({ "greeting_id": 12, "unique_id": unique });
    for _ in 0..2 {
        assert_eq!(office.ask(me.conn, "accept_greeting", accept.clone()), json!({}));
    }
    assert_eq!(office.push(me.conn), ("greeting_accepted".to_owned(), json!({ "unique_id": unique })));
    let click = |button: &str| json!({ "greeting_unique_id": unique, "button_id": button });
    assert_eq!(office.ask(me.conn, "send_greeting_button_clicked", click("b1")), json!({}));
    assert_eq!(office.refused(me.conn, "send_greeting_button_clicked", click("b2")), "not_found");
    assert_eq!(office.brain.state_json()["greetings"][0]["clicks"], json!(["b1"]));

    assert_eq!(office.ask(me.conn, "cancel_greeting", json!({ "unique_id": unique })), json!({}));
    assert_eq!(office.push(me.conn), ("greeting_canceled".to_owned(), json!({ "unique_id": unique })));
    let own = office.ask(me.conn, "get_customer", json!({}));
    let counts = (&own["statistics"]["greetings_shown_count"], &own["statistics"]["greetings_accepted_count"]);
    assert_eq!(counts, (&json!(1), &json!(1)));
}

#[test]
fn a_new_greeting_displaces_the_old_one() {
    let mut office = Office::new();
    let me = office.customer();
    let first = office.does("greeting", json!({ "text": "Hello?" }))["unique_id"].clone();
    office.texts(me.conn);
    office.does("greeting", json!({ "text": "Still there?" }));
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0], ("greeting_canceled".to_owned(), json!({ "unique_id": first })));
    assert_eq!((pushes[1].0.as_str(), &pushes[1].1["displayed_first_time"]), ("incoming_greeting", &json!(false)));
    office.does("cancel_greeting", json!({}));
    assert_eq!(office.push(me.conn).0, "greeting_canceled");
    assert_eq!(office.control("cancel_greeting", json!({})).status, 404);
}

#[test]
fn unknown_greetings_are_not_found() {
    let mut office = Office::new();
    let (me, stranger) = (office.customer(), office.customer());
    let shown = office.does("greeting", json!({ "customer_id": me.id, "text": "Hello?", "id": 3 }));
    let unique = &shown["unique_id"];
    for (conn, action, payload) in [
        (me.conn, "accept_greeting", json!({ "greeting_id": 3, "unique_id": "nothing" })),
        (me.conn, "accept_greeting", json!({ "greeting_id": 4, "unique_id": unique })),
        (stranger.conn, "accept_greeting", json!({ "greeting_id": 3, "unique_id": unique })),
        (stranger.conn, "cancel_greeting", json!({ "unique_id": unique })),
        (me.conn, "send_greeting_button_clicked", json!({ "greeting_unique_id": "nothing", "button_id": "b" })),
    ] {
        assert_eq!(office.refused(conn, action, payload.clone()), "greeting_not_found", "{action} {payload}");
    }
    for bad in [json!({}), json!({ "event": { "type": "file" } }), json!({ "text": "x", "event": rich() })] {
        let mut body = bad;
        body["customer_id"] = json!(me.id);
        assert_eq!(office.control("greeting", body.clone()).status, 400, "{body}");
    }
}

#[test]
fn the_login_brings_the_open_greeting() {
    let mut office = Office::new();
    let me = office.customer();
    let unique = office.does("greeting", json!({ "text": "Hello?" }))["unique_id"].clone();
    let login = |office: &mut Office| {
        let conn = office.open("3.6");
        office.ask(conn, "login", json!({ "token": format!("Bearer {}", me.token) }))["greeting"].clone()
    };
    let greeting = login(&mut office);
    assert_eq!((&greeting["unique_id"], &greeting["accepted"]), (&unique, &json!(false)));
    office.ask(me.conn, "accept_greeting", json!({ "greeting_id": 1, "unique_id": unique }));
    assert_eq!(login(&mut office)["accepted"], json!(true));
    office.ask(me.conn, "cancel_greeting", json!({ "unique_id": unique }));
    assert_eq!(login(&mut office), json!(null));
}

#[test]
fn a_chat_that_answers_a_greeting_begins_with_it() {
    let mut office = Office::new();
    let me = office.customer();
    let start = |unique: &Value| {
        let properties = json!({ "lc2": { "greeting_id": 1, "greeting_unique_id": unique } });
        json!({ "chat": { "thread": { "properties": properties, "events": [{ "type": "message", "text": "yes" }] } } })
    };
    assert_eq!(office.refused(me.conn, "start_chat", start(&json!("nothing"))), "greeting_not_found");
    assert!(office.brain.chat_ids().is_empty());
    let unique = office.does("greeting", json!({ "text": "Need a hand?" }))["unique_id"].clone();
    office.texts(me.conn);
    let answer = office.ask(me.conn, "start_chat", start(&unique));
    let thread = office.push(me.conn).1["chat"]["thread"].clone();
    let [greeting, own] = thread["events"].as_array().unwrap().as_slice() else { panic!("{thread}") };
    assert_eq!((&greeting["text"], &greeting["author_id"]), (&json!("Need a hand?"), &thread["user_ids"][1]));
    assert_eq!(greeting["properties"]["lc2"]["greeting_unique_id"], unique);
    assert_eq!(answer["event_ids"], json!([own["id"]]), "only the customer's own events are answered");
    assert_eq!(office.refused(me.conn, "cancel_greeting", json!({ "unique_id": unique })), "greeting_not_found");
}

#[test]
fn a_chat_takes_the_welcome_message_in() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("welcome_message", json!({ "text": "Welcome to the shop!" }));
    let answer = office.ask(me.conn, "request_welcome_message", json!({ "group_id": 1 }));
    let (name, push) = office.push(me.conn);
    assert_eq!(name, "incoming_welcome_message");
    assert_eq!((&push["id"], &push["event"]["text"]), (&answer["id"], &json!("Welcome to the shop!")));

    office.does("welcome_message", json!({ "text": "Another" }));
    let again = office.ask(me.conn, "request_welcome_message", json!({ "id": answer["id"] }));
    assert_eq!(again["id"], answer["id"]);
    assert_eq!(office.push(me.conn).1["event"]["text"], json!("Welcome to the shop!"), "an earlier one is kept");

    assert_eq!(office.refused(me.conn, "start_chat", json!({ "welcome_message_id": "nothing" })), "not_found");
    office.ask(me.conn, "start_chat", json!({ "welcome_message_id": answer["id"] }));
    let first = office.push(me.conn).1["chat"]["thread"]["events"][0].clone();
    assert_eq!(
        (&first["text"], &first["properties"]["lc2"]["welcome_message"]),
        (&json!("Welcome to the shop!"), &json!(true))
    );
    assert_eq!(first["author_id"], answer["predicted_agent"]["id"]);
}
