//! What was acknowledged or pushed is there after the process was killed.

use serde_json::json;
use standin::brain::{AgentAction, Brain, Config, Fault, Input, Output, Record, Token};

use super::office::{ORGANIZATION, Office, message};

/// A second life from the rows of the first, with another seed as after a real restart.
fn reborn(office: &Office) -> Office {
    let mut second = Office::with(Config { seed: 99, control: true, ..Config::default() });
    second.brain.restore(office.records.iter().cloned());
    second.now = office.now;
    second
}

#[test]
fn a_second_life_answers_what_the_first_would_have() {
    let mut first = Office::new();
    let me = first.customer();
    first.ask(me.conn, "update_customer", json!({ "name": "Ada" }));
    let chat = first.chat(&me);
    first.say(&me, &chat, "one");
    first.agent_says("two");
    first.agent(AgentAction::Close { chat_id: None, agent_id: None });
    first.ask(me.conn, "resume_chat", json!({ "chat": { "id": chat } }));
    let third = first.say(&me, &chat, "three");
    first.ask(me.conn, "update_chat_properties", json!({ "id": chat, "properties": { "app": { "n": 1 } } }));
    first.agent(AgentAction::Edit { chat_id: None, thread_id: None, event_id: third, text: "drei".to_owned() });
    first.agent(AgentAction::GroupStatus { group_id: 1, status: "offline".to_owned() });

    let mut second = reborn(&first);
    let conn = second.again(&me.token, "3.6");
    for (action, payload) in [
        ("list_chats", json!({})),
        ("list_threads", json!({ "chat_id": chat, "limit": 100 })),
        ("get_chat", json!({ "chat_id": chat })),
        ("list_group_statuses", json!({ "all": true })),
    ] {
        let (before, after) = (first.ask(me.conn, action, payload.clone()), second.ask(conn, action, payload));
        assert_eq!(before, after, "{action}");
    }
    let id = second.ask(conn, "send_event", json!({ "chat_id": chat, "event": message("four") }))["event_id"].clone();
    assert!(id.as_str().unwrap().ends_with("_2"), "numbers go on: {id}");
}

#[test]
fn cookies_stand_for_the_same_customer_in_the_second_life() {
    let mut first = Office::new();
    let grant = || standin::brain::HttpRequest::post("/v2/customer/token", &Office::grant());
    let answer = first.http(grant());
    let cookies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    let mut second = reborn(&first);
    let again = second.http(grant().header("cookie", &cookies.join("; "))).to_json();
    assert_eq!(again["entity_id"], answer.to_json()["entity_id"]);
    assert_ne!(again["access_token"], answer.to_json()["access_token"]);
}

#[test]
fn a_row_is_saved_before_any_frame_that_depends_on_it() {
    let mut brain = Brain::new(Config::default());
    let now = 1_772_359_200_000_000;
    brain.restore([Record::Token(Token {
        token: "dal:t".to_owned(),
        customer_id: "me".to_owned(),
        organization_id: ORGANIZATION.to_owned(),
        client_id: "c".to_owned(),
        expires_at: now * 2,
    })]);
    brain.handle(
        Input::Opened {
            conn: 1,
            path: "/v3.6/customer/rtm/ws".to_owned(),
            query: format!("organization_id={ORGANIZATION}"),
        },
        now,
    );
    for frame in [
        json!({ "request_id": "1", "action": "login", "payload": { "token": "Bearer dal:t" } }),
        json!({ "request_id": "2", "action": "start_chat", "payload": { "chat": { "thread": { "events": [message("hi")] } } } }),
    ] {
        brain.handle(Input::Frame { conn: 1, text: frame.to_string() }, now);
    }
    let outputs: Vec<Output> = std::iter::from_fn(|| brain.poll()).collect();
    let saved = outputs.iter().position(|output| matches!(output, Output::Save(Record::Event(_)))).unwrap();
    let sent = outputs
        .iter()
        .position(|output| matches!(output, Output::Send { text, .. } if text.contains("incoming_chat")))
        .unwrap();
    assert!(saved < sent, "{saved} {sent}");
}

#[test]
fn a_revoked_token_stays_revoked() {
    let mut first = Office::new();
    let me = first.customer();
    first.fault(Fault::RevokeTokens {});
    let mut second = reborn(&first);
    let conn = second.open("3.6");
    assert_eq!(second.refused(conn, "login", json!({ "token": format!("Bearer {}", me.token) })), "authentication");
}

#[test]
fn the_same_seed_and_inputs_make_the_same_outputs() {
    let run = || {
        let mut office = Office::new();
        let me = office.customer();
        let chat = office.chat(&me);
        office.agent_says("hello");
        office.say(&me, &chat, "hi");
        (office.records, office.brain.state_json().to_string())
    };
    assert_eq!(run(), run());
}

#[test]
fn the_office_stands_as_it_stood() {
    let mut first = Office::new();
    let (me, banned) = (first.customer(), first.customer());
    first.does("group_status", json!({ "group_id": 0, "status": "online_for_queue" }));
    let chat = first.chat(&me);
    let unique = first.does("greeting", json!({ "customer_id": me.id, "text": "Hello?" }))["unique_id"].clone();
    let form = json!({ "fields": [{ "type": "email", "id": "1", "label": "E-mail" }] });
    first.does("form", json!({ "group_id": 0, "type": "prechat", "form": form }));
    first.does("page_group", json!({ "url": "/pricing", "group_id": 1 }));
    first.does("ban", json!({ "customer_id": banned.id }));
    let goals = json!({ "session_fields": [], "group_id": 0, "page_url": "https://x.example/" });
    first.web(&me, "check_goals", &goals);
    first.web(&me, "request_email_verification", &json!({ "callback_uri": "http://localhost:9/" }));

    let mut second = reborn(&first);
    let conn = second.open("3.6");
    let login = second.ask(conn, "login", json!({ "token": format!("Bearer {}", me.token) }));
    assert_eq!(login["greeting"]["unique_id"], unique);
    let thread = second.ask(conn, "get_chat", json!({ "chat_id": chat }))["thread"].clone();
    assert_eq!((&thread["queue"]["position"], &thread["active"]), (&json!(1), &json!(true)));
    let asked = second.ask(conn, "get_form", json!({ "group_id": 0, "type": "prechat" }));
    assert_eq!(asked, json!({ "enabled": true, "form": form }));
    let moved = second.ask(conn, "update_customer_page", json!({ "url": "https://x.example/pricing" }));
    assert_eq!(moved["groups"][0]["id"], json!(1));
    assert_eq!(second.web(&banned, "list_chats", &json!({})).status, 403);
    assert_eq!(second.brain.state_json()["goals"][0]["number"], json!(1));
    second.does("confirm_email", json!({ "customer_id": me.id, "email": "ada@example.com" }));
    assert_eq!(second.brain.take_callbacks().len(), 1);
    second.does("assign", json!({}));
    second.does("unban", json!({ "customer_id": banned.id }));
    let mut third = reborn(&second);
    third.brain.restore(first.records.iter().chain(&second.records).cloned());
    assert_eq!(third.web(&banned, "list_chats", &json!({})).status, 200);
}
