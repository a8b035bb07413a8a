//! The bot sees, types and answers, in its time.

use serde_json::json;
use standin::brain::Config;

use super::office::Office;

#[test]
fn the_bot_answers_after_typing_for_a_moment() {
    let mut office = Office::with(Config { bot: true, ..Config::default() });
    let me = office.customer();
    let chat = office.chat(&me);
    office.pass(3.0);
    let pushes = office.pushes(me.conn);
    let names: Vec<&str> = pushes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["incoming_typing_indicator", "incoming_typing_indicator", "incoming_event"]);
    assert_eq!(pushes[0].1["typing_indicator"]["is_typing"], json!(true));
    assert_eq!(pushes[1].1["typing_indicator"]["is_typing"], json!(false));
    office.say(&me, &chat, "help");
    office.pass(3.0);
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].0, "events_marked_as_seen");
    assert!(pushes[3].1["event"]["text"].as_str().unwrap().contains("I know"));
}

#[test]
fn a_closed_chat_gets_no_answer() {
    let mut office = Office::with(Config { bot: true, ..Config::default() });
    let me = office.customer();
    let chat = office.chat(&me);
    office.ask(me.conn, "deactivate_chat", json!({ "id": chat }));
    office.texts(me.conn);
    office.pass(10.0);
    assert!(office.push_names(me.conn).is_empty());
}

#[test]
fn without_the_flag_nobody_answers() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    office.pass(10.0);
    assert!(office.push_names(me.conn).is_empty());
}

#[test]
fn a_customer_who_is_quicker_than_the_greeting_gets_an_answer_only() {
    let mut office = Office::with(Config { bot: true, ..Config::default() });
    let me = office.customer();
    let chat = office.chat(&me);
    office.say(&me, &chat, "help");
    office.pass(10.0);
    let said: Vec<String> = office
        .pushes(me.conn)
        .into_iter()
        .filter(|(name, _)| name == "incoming_event")
        .map(|(_, payload)| payload["event"]["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said.iter().filter(|text| text.starts_with("Hello!")).count(), 0, "{said:?}");
    assert_eq!(said.iter().filter(|text| text.starts_with("I know")).count(), 1, "{said:?}");
}

#[test]
fn the_bot_does_not_answer_itself_nor_those_who_want_people() {
    let mut office = Office::with(Config { bot: true, control: true, ..Config::default() });
    let said = |office: &mut Office, conn| -> Vec<String> {
        office.pass(10.0);
        let events = office.pushes(conn).into_iter().filter(|(name, _)| name == "incoming_event");
        events.filter_map(|(_, payload)| payload["event"]["text"].as_str().map(str::to_owned)).collect()
    };
    let me = office.customer();
    let unique = office.does("greeting", json!({ "text": "Thanks for coming" }))["unique_id"].clone();
    let lc2 = json!({ "lc2": { "greeting_id": 1, "greeting_unique_id": unique } });
    office.ask(me.conn, "start_chat", json!({ "chat": { "thread": { "properties": lc2 } } }));
    assert!(said(&mut office, me.conn).is_empty(), "who was greeted is not greeted again");
    let chat = office.brain.chat_ids().remove(0);
    office.say(&me, &chat, "thanks");
    assert_eq!(said(&mut office, me.conn), ["You are welcome!"]);

    let other = office.customer();
    let ignored = json!({ "routing": { "ignore_bots": true } });
    office.ask(other.conn, "start_chat", json!({ "chat": { "thread": { "properties": ignored } } }));
    assert!(said(&mut office, other.conn).is_empty());
}
