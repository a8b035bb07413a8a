//! From nothing to a conversation.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good, good_token};
use crate::sim::Sim;

#[test]
fn token_socket_login_and_summary_make_a_connection() {
    let sim = Sim::connected();
    let names: Vec<&str> = sim.told.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["state", "customer_id", "state", "connected"]);
    let connected = sim.told("connected")[0];
    assert_eq!(connected["chatsSummary"], json!([]));
    assert_eq!(connected["totalChats"], 0);
    assert_eq!(connected["availability"], "online");
    assert_eq!(connected["customer"]["id"], *sim.told("customer_id")[0]);
    assert_eq!(sim.sent[0]["action"], "login");
    assert_eq!(sim.sent[1]["action"], "list_chats");
    assert_eq!(sim.opened_sockets, 1);
}

#[test]
fn a_chat_is_started_and_talked_in() {
    let (mut sim, chat) = Sim::in_chat();
    let sent = sim.ask("sendMessage", json!({ "chatId": chat, "text": "hello" })).unwrap();
    assert_eq!(sent["text"], "hello");
    assert_eq!(sent["type"], "message");
    assert!(sent["id"].is_string() && sent["createdAt"].is_string() && sent["threadId"].is_string());
    sim.agent(json!({ "message": { "text": "hi, how can I help?" } }));
    sim.run(1_000);
    assert_eq!(sim.heard(), ["hi, how can I help?"], "own messages are not news");
    let event = sim.told("new_event").pop().unwrap();
    assert_eq!(event["chat"], *chat);
    let incoming = sim.told("incoming_event").pop().unwrap();
    assert_eq!(incoming["event"]["text"], "hi, how can I help?");
    assert_eq!(incoming["chatId"], *chat);
    assert_eq!(sim.texts(&chat), ["hello", "hi, how can I help?"]);
}

#[test]
fn a_reload_is_the_same_customer() {
    let (mut sim, chat) = Sim::in_chat();
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "hello" })).unwrap();
    let customer = sim.told("customer_id")[0].clone();
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(*sim.told("customer_id")[0], customer);
    let connected = sim.told("connected")[0];
    assert_eq!(connected["chatsSummary"][0]["id"], *chat);
    assert_eq!(connected["chatsSummary"][0]["lastEvent"]["text"], "hello");
    assert!(sim.told("new_event").is_empty(), "history is not news");
}

#[test]
fn a_kept_token_saves_the_question() {
    let mut sim = Sim::connected();
    sim.brain.as_mut().unwrap();
    sim.fault(json!({ "token_service": { "mode": "error", "status": 500 } }));
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(sim.told("connected").len(), 1);
}

#[test]
fn the_application_may_bring_its_own_token() {
    let mut sim = Sim::connected();
    let token = sim.stored_token.clone().unwrap();
    sim.reload(&json!({ "identityProvider": true, "customerDataProvider": true }));
    sim.identity = Some(token);
    sim.connect();
    assert_eq!(sim.told("connected")[0]["customer"]["name"], "Ada");
    assert_eq!(sim.told("connected")[0]["customer"]["sessionFields"], json!({ "plan": "pro" }));
}

#[test]
fn version_3_5_is_spoken_too() {
    let mut sim = Sim::with(json!({ "apiVersion": "3.5" }), standin::brain::Config::default());
    sim.connect();
    assert_eq!(sim.sent[0]["version"], "3.5");
}

#[test]
fn connecting_twice_makes_one_socket() {
    let mut sim = Sim::new();
    for _ in 0..3 {
        sim.input(Input::Connect);
    }
    sim.until(5_000, |sim| sim.state() == "connected");
    sim.input(Input::Connect);
    sim.run(1_000);
    assert_eq!(sim.opened_sockets, 1);
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    let mut sim = Sim::new();
    sim.brain = None;
    sim.input(Input::Connect);
    sim.run(120_000);
    assert_eq!(sim.state(), "connecting");
    assert!((5..60).contains(&sim.opened_sockets), "{} attempts in two minutes", sim.opened_sockets);
    sim.start_server(standin::brain::Config::default());
    sim.until(31_000, |sim| sim.state() == "connected");
    assert_eq!(sim.told("connected").len(), 1);
    assert!(sim.told("connection_lost").is_empty(), "what never was cannot be lost");
}

#[test]
fn waiting_is_told_with_its_length_and_can_be_cut_short() {
    let mut sim = Sim::connected();
    sim.kill_server();
    sim.until(1_000, |sim| sim.state() == "connecting");
    let waiting = sim.told("state").pop().unwrap();
    assert_eq!(waiting["reason"], "connection_lost");
    assert!(waiting["retryInMs"].as_u64().unwrap() <= 6_000);
    sim.start_server(standin::brain::Config::default());
    let before = sim.now;
    sim.input(Input::Connect);
    sim.until(1_000, |sim| sim.state() == "connected");
    assert!(sim.now - before < 500);
}

#[test]
fn the_answer_to_something_else_is_no_login() {
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "login";
    hand.input(Input::Connect);
    for (action, next) in [("login", "list_chats"), ("list_chats", "")] {
        for is_success in [true, false] {
            hand.receive(json!({
                "request_id": "999", "action": action, "type": "response", "success": is_success, "payload": {},
            }));
            assert_eq!((hand.state(), &hand.sent.last().unwrap()["action"]), ("connecting", &json!(action)));
        }
        hand.kept = next;
        hand.reply(action, true, &good(action, &json!({})));
    }
    assert_eq!((hand.state(), hand.told("warning").len()), ("connected", 0));
}

#[test]
fn a_socket_that_does_not_open_is_given_up_after_ten_seconds() {
    // How late that was noticed. What was slept through says nothing of the server.
    for (late, waits) in [(0, true), (90_000, true), (90_001, false)] {
        let mut hand = Hand::new(&json!({}));
        hand.input(Input::Connect);
        let first = hand.socket;
        hand.is_served = true;
        hand.input(Input::Http {
            ask: hand.last_asked().ask,
            status: 200,
            body: Value::from_json(good_token("s")),
            retry_after_ms: None,
        });
        hand.run(9_999);
        assert_eq!(hand.socket, first);
        hand.now += 1 + late;
        hand.input(Input::Timeout);
        let tries = hand.told("state").iter().filter(|state| state["reason"] == "no_answer").count();
        assert_eq!((hand.socket.is_none(), tries), (waits, 1), "{late} ms late");
        assert_eq!(hand.state(), if waits { "connecting" } else { "connected" }, "{late} ms late");
    }
}

/// Another tab had the socket of a shared line, and it ended: closed, killed, or handed on.
fn move_line(hand: &mut Hand) -> &'static str {
    let socket = hand.socket.unwrap();
    hand.input(Input::Closed { socket, code: 0 });
    assert_eq!(hand.told("connection_lost").last().unwrap()["reason"], "connection_moved");
    hand.state()
}

#[test]
fn tab_that_outlives_eight_leaders_is_connected_at_once_after_each() {
    for (leaders, between) in [(8, 0), (8, 700), (20, 0), (60, 3_000)] {
        let mut hand = Hand::live(&json!({}));
        for leader in 0..leaders {
            hand.run(between);
            assert_eq!(move_line(&mut hand), "connected", "leader {leader}, {between} ms apart");
        }
        // And the server's first refusal is the first.
        let socket = hand.socket.unwrap();
        hand.input(Input::Closed { socket, code: 1006 });
        let state = *hand.told("state").last().unwrap();
        assert_eq!(state["attempt"], 1, "{state}");
        assert!(state["retryInMs"].as_u64().unwrap() <= 6_000, "{state}");
    }
}

#[test]
fn line_that_moves_for_ever_is_followed_at_a_rate() {
    let mut hand = Hand::live(&json!({}));
    let end = hand.now + 600_000;
    let mut moves = 0;
    while hand.now < end {
        if hand.state() == "connected" {
            move_line(&mut hand);
            moves += 1;
        } else {
            let now = hand.now;
            hand.step();
            assert!(hand.now - now <= 3_300, "it waits {} ms", hand.now - now);
        }
    }
    assert!((190..=220).contains(&moves), "{moves} moves in ten minutes");
}

#[test]
fn connected_says_who_it_is_what_greets_and_whether_somebody_is_there() {
    let event = json!({ "id": "E_1", "type": "message", "text": "hi" });
    for (groups, group, availability) in [
        (json!([3, 0]), json!(0), "online"),
        (json!([3]), json!(0), "offline"),
        (json!([]), json!(0), "offline"),
        (json!([3]), Json::Null, "offline"),
        (json!([null]), Json::Null, "offline"),
        (Json::Null, json!(0), "offline"),
    ] {
        let config = json!({ "online_groups_ids": groups, "customer_groups": { "monitoring": { "id": group } } });
        let mut login = good("login", &Json::Null);
        login["__priv_dynamic_config"] = config.clone();
        login["greeting"] = json!({ "id": 7, "unique_id": "U", "event": event });
        let mut hand = Hand::new(&json!({}));
        hand.is_served = true;
        hand.kept = "login";
        hand.input(Input::Connect);
        hand.reply("login", true, &login);
        let connected = hand.told("connected")[0];
        assert_eq!(connected["availability"], availability, "{config}");
        assert_eq!((&connected["greeting"]["uniqueId"], &connected["dynamicConfig"]), (&json!("U"), &config));
    }
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.kept = "login";
    hand.input(Input::Connect);
    hand.reply("login", true, &json!({ "customer": { "id": "me" } }));
    let connected = hand.told("connected")[0].as_object().unwrap();
    let keys: Vec<&str> = connected.keys().map(String::as_str).collect();
    assert_eq!(keys, ["chatsSummary", "totalChats", "customer", "availability"]);
}

#[test]
fn a_customer_data_provider_that_hangs_is_given_up_after_ten_seconds() {
    let mut hand = Hand::new(&json!({ "customerDataProvider": true }));
    hand.is_served = true;
    hand.kept = "customer";
    hand.input(Input::Connect);
    hand.run(9_999);
    assert_eq!((hand.state(), hand.told("state").len()), ("connecting", 1));
    hand.run(1);
    assert_eq!(hand.told("state").last().unwrap()["reason"], "no_token");
    hand.kept = "";
    hand.connect();
}
