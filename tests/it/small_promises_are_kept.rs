//! What the reference promises in a sentence each.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good};
use crate::methods::methods;
use crate::sim::Sim;

fn thread(id: &str, day: u32) -> Json {
    json!({ "id": id, "active": false, "created_at": format!("2026-03-{day:02}T10:00:00.000000Z"), "events": [] })
}

/// The three that are about a chat's newest thread, and what they say of it.
fn of_the_newest_thread() -> Vec<(&'static str, Json, &'static str, Json)> {
    vec![
        (
            "rateChat",
            json!({ "chatId": "C", "rating": { "score": 0 } }),
            "update_thread_properties",
            json!({ "rating": { "score": 0 } }),
        ),
        ("cancelRate", json!({ "chatId": "C" }), "delete_thread_properties", json!({ "rating": ["score"] })),
        (
            "requestTranscript",
            json!({ "chatId": "C", "email": "a@example.com" }),
            "update_thread_properties",
            json!({ "routing": { "transcript_email": "a@example.com" } }),
        ),
    ]
}

#[test]
fn a_rating_is_of_the_newest_thread() {
    for (method, args, action, properties) in of_the_newest_thread() {
        let mut hand = Hand::live(&json!({}));
        hand.kept = "list_threads";
        let call = hand.call(method, args);
        assert_eq!(hand.last("list_threads")["payload"], json!({ "chat_id": "C" }));
        assert!(hand.sent.iter().all(|frame| frame["action"] != action), "{method}: the thread first");
        // The newest comes first, whatever the clock says.
        hand.reply("list_threads", true, &json!({ "threads": [thread("NEW", 2), thread("MID", 3), thread("OLD", 1)] }));
        let expected = json!({ "chat_id": "C", "properties": properties, "thread_id": "NEW" });
        assert_eq!(hand.last(action)["payload"], expected, "{method}");
        assert_eq!(hand.settled[&call].as_ref().unwrap(), &json!({ "success": true }));
    }
}

#[test]
fn a_chat_without_a_thread_cannot_be_rated() {
    for (method, args, action, _) in of_the_newest_thread() {
        for (is_success, payload, code) in [
            (true, json!({ "threads": [], "found_threads": 0 }), "MISSING_CHAT_THREAD"),
            (true, json!({}), "MISSING_CHAT_THREAD"),
            (false, json!({ "error": { "type": "authorization", "message": "no" } }), "AUTHORIZATION"),
        ] {
            let mut hand = Hand::live(&json!({}));
            hand.kept = "list_threads";
            let call = hand.call(method, args.clone());
            hand.reply("list_threads", is_success, &payload);
            assert_eq!(hand.code(call), code, "{method}");
            assert!(hand.sent.iter().all(|frame| frame["action"] != action), "{method}");
        }
    }
}

#[test]
fn a_rating_under_way_survives_the_line() {
    for lost in ["list_threads", "update_thread_properties"] {
        let mut hand = Hand::live(&json!({}));
        hand.kept = lost;
        let call = hand.call("rateChat", json!({ "chatId": "CHAT", "rating": { "score": 1 } }));
        let socket = hand.socket.unwrap();
        hand.input(Input::Closed { socket, code: 1006 });
        hand.kept = "";
        hand.connect();
        assert_eq!(hand.settle(call).unwrap(), json!({ "success": true }), "{lost}");
        assert_eq!(hand.last("update_thread_properties")["payload"]["thread_id"], "THREAD");
    }
}

fn pages(hand: &Hand) -> Vec<Json> {
    let frames = hand.sent.iter().filter(|frame| frame["action"] == "update_customer_page");
    frames.map(|frame| frame["payload"].clone()).collect()
}

#[test]
fn the_page_is_told_with_the_login_or_at_once() {
    let mut hand = Hand::new(&json!({ "page": { "url": "https://x/1", "title": "one" }, "referrer": "https://r" }));
    hand.is_served = true;
    hand.ask("updateCustomerPage", json!({ "url": "https://x/2" })).unwrap();
    hand.connect();
    let login = hand.last("login")["payload"].clone();
    assert_eq!(login["customer_page"], json!({ "url": "https://x/2", "title": "one" }));
    assert_eq!(login["referrer"], "https://r");
    assert_eq!(pages(&hand), Vec::<Json>::new());
    hand.ask("updateCustomerPage", json!({ "title": "two" })).unwrap();
    hand.ask("updateCustomerPage", json!({ "url": "https://x/3", "title": "three" })).unwrap();
    let expected = [json!({ "url": "https://x/2", "title": "two" }), json!({ "url": "https://x/3", "title": "three" })];
    assert_eq!(pages(&hand), expected);
    let socket = hand.socket.unwrap();
    hand.input(Input::Closed { socket, code: 1006 });
    hand.connect();
    assert_eq!(hand.last("login")["payload"]["customer_page"], expected[1]);
    assert_eq!(pages(&hand).len(), 2, "the login has told it");
}

#[test]
fn a_page_that_changes_during_the_login_is_told_behind_it() {
    for kept in ["login", "list_chats"] {
        let mut hand = Hand::new(&json!({ "page": { "url": "https://x/1" } }));
        hand.is_served = true;
        hand.kept = kept;
        hand.input(Input::Connect);
        for page in ["https://x/2", "https://x/3"] {
            hand.call("updateCustomerPage", json!({ "url": page }));
        }
        assert_eq!(pages(&hand).len(), 0, "{kept}");
        hand.kept = "";
        hand.reply(kept, true, &good(kept, &Json::Null));
        assert_eq!(hand.state(), "connected");
        assert_eq!(pages(&hand), [json!({ "url": "https://x/3" })], "{kept}");
    }
}

#[test]
fn a_page_without_an_address_is_none() {
    let mut hand = Hand::live(&json!({}));
    hand.ask("updateCustomerPage", json!({ "title": "nowhere" })).unwrap();
    assert_eq!(pages(&hand).len(), 0);
    assert_eq!(hand.told("warning").len(), 0);
}

#[test]
fn a_page_may_belong_to_another_group() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "update_customer_page";
    hand.call("updateCustomerPage", json!({ "url": "https://x" }));
    hand.reply("update_customer_page", true, &json!({ "groups": [{ "id": 3, "status": "offline" }] }));
    assert_eq!(hand.told("groups_status_updated"), [&json!({ "groups": [{ "id": 3, "status": "offline" }] })]);
    assert_eq!(hand.told("availability_updated"), [&json!({ "availability": "offline" })]);
    hand.call("updateCustomerPage", json!({ "url": "https://y" }));
    hand.reply("update_customer_page", false, &json!({ "error": { "type": "internal" } }));
    assert_eq!(hand.told("warning").len(), 0, "nobody waits for it");
}

#[test]
fn a_line_that_outlives_the_network_is_unstable_then_recovered() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "ping";
    hand.input(Input::Offline);
    hand.input(Input::Offline);
    assert_eq!(hand.told("connection_unstable"), [&Json::Null]);
    hand.push("incoming_multicast", &json!({ "content": {} }));
    assert_eq!(hand.told("connection_recovered").len(), 0, "the device has no network yet, it says");
    hand.input(Input::Online);
    assert_eq!(hand.told("connection_recovered").len(), 0);
    hand.reply("ping", true, &json!({}));
    assert_eq!(hand.told("connection_recovered"), [&Json::Null]);
    hand.push("incoming_multicast", &json!({ "content": {} }));
    assert_eq!((hand.told("connection_recovered").len(), hand.told("connection_lost").len()), (1, 0));
    // A second time, and for good.
    hand.is_served = false;
    hand.input(Input::Offline);
    hand.run(20_000);
    assert_eq!((hand.told("connection_unstable").len(), hand.told("connection_recovered").len()), (2, 1));
    assert_eq!(hand.told("connection_lost").len(), 1);
    for input in [Input::Offline, Input::Online] {
        hand.input(input);
    }
    assert_eq!(hand.told("connection_unstable").len(), 2, "what is lost is not unstable");
}

#[test]
fn without_a_line_the_network_is_nobodys_business() {
    let mut hand = Hand::new(&json!({}));
    hand.input(Input::Offline);
    hand.input(Input::Online);
    assert_eq!((hand.told.len(), hand.socket), (0, None));
}

#[test]
fn reconnecting_makes_a_new_line() {
    let mut hand = Hand::live(&json!({}));
    let first = hand.socket;
    hand.kept = "get_customer";
    let reading = hand.call("getCustomer", json!({}));
    hand.kept = "";
    hand.input(Input::Reconnect);
    assert_eq!(hand.state(), "connected");
    assert_ne!(hand.socket, first);
    assert_eq!((hand.told("connection_lost").len(), hand.told("connection_restored").len()), (1, 1));
    assert_eq!(hand.told("state").iter().filter(|state| state["reason"] == "reconnect").count(), 1);
    assert_eq!(hand.code(reading), "ok", "what may be repeated is");

    hand.input(Input::Disconnect);
    hand.input(Input::Reconnect);
    assert_eq!(hand.state(), "connected", "from closed");
    let mut hand = Hand::new(&json!({}));
    hand.is_served = true;
    hand.input(Input::Reconnect);
    assert_eq!((hand.state(), hand.told("connected").len()), ("connected", 1), "from idle");
    let socket = hand.socket.unwrap();
    hand.input(Input::Closed { socket, code: 1006 });
    assert_eq!((hand.state(), hand.socket), ("connecting", None), "waiting for its moment");
    hand.input(Input::Reconnect);
    assert_eq!(hand.state(), "connected", "at once");
    hand.input(Input::Destroy);
    hand.input(Input::Reconnect);
    assert_eq!((hand.state(), hand.socket), ("closed", None), "never from the end");
}

#[test]
fn a_version_has_its_methods() {
    let new = ["deleteEvent", "requestWelcomeMessage", "sendGreetingButtonClicked"];
    let (old, now) = (Hand::new(&json!({ "apiVersion": "3.5" })), Hand::new(&json!({})));
    for (method, ..) in methods() {
        assert!(now.session.method(method).is_some(), "{method}");
        assert_eq!(old.session.method(method).is_some(), !new.contains(&method), "{method}");
    }
    for nothing in
        ["", "listchats", "list_chats", "startChat ", "constructor", "getChatHistory\n", "startChat start_chat"]
    {
        assert!(now.session.method(nothing).is_none(), "{nothing}");
    }
    let mut sim = Sim::with(json!({ "apiVersion": "3.5" }), standin::brain::Config::default());
    let config = sim.ask("getDynamicConfiguration", json!({})).unwrap();
    assert_eq!((&config["livechatActive"], &config["groupId"]), (&json!(true), &json!(0)), "3.5 has no inner object");
}

#[test]
fn seen_marks_only_grow() {
    let mut hand = Hand::live(&json!({}));
    let mark =
        |chat: &str, second: u32| json!({ "chatId": chat, "seenUpTo": format!("2026-03-01T10:00:{second:02}Z") });
    for (chat, second) in [("CHAT", 2), ("CHAT", 1), ("OTHER", 1), ("CHAT", 2), ("CHAT", 3)] {
        assert_eq!(hand.ask("markEventsAsSeen", mark(chat, second)).unwrap(), json!({ "success": true }));
    }
    let marks = hand.sent.iter().filter(|frame| frame["action"] == "mark_events_as_seen");
    let told: Vec<(&str, &str)> = marks
        .map(|frame| (frame["payload"]["chat_id"].as_str().unwrap(), frame["payload"]["seen_up_to"].as_str().unwrap()))
        .map(|(chat, mark)| (chat, &mark[17..19]))
        .collect();
    assert_eq!(told, [("CHAT", "02"), ("OTHER", "01"), ("CHAT", "02"), ("CHAT", "03")], "what lies behind is not sent");
}

#[test]
fn of_ten_requests_that_a_platform_takes_at_once_one_is_left_for_the_ping() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "get_customer";
    for _ in 0..12 {
        hand.call("getCustomer", json!({}));
    }
    let asked = |hand: &Hand| hand.sent.iter().filter(|frame| frame["action"] == "get_customer").count();
    assert_eq!(asked(&hand), 9);
    hand.reply("get_customer", true, &json!({}));
    assert_eq!(asked(&hand), 10, "each answer makes room");
}

#[test]
fn who_is_in_a_page_of_chats_is_told_once_each() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "list_chats";
    hand.told.clear();
    let call = hand.call("listChats", json!({}));
    let user = |id: &str| json!({ "id": id, "type": "agent", "name": id });
    let row = |chat: &str, users: &[&str]| json!({ "id": chat, "active": false, "users": users.iter().map(|id| user(id)).collect::<Vec<_>>() });
    let rows = [row("C", &["a", "b"]), row("D", &["b", "c"])];
    hand.reply("list_chats", true, &json!({ "chats_summary": rows, "total_chats": 2 }));
    let users = [user("a"), user("b"), user("c")];
    assert_eq!(hand.settled[&call].as_ref().unwrap()["users"], json!(users));
    assert_eq!(hand.told("user_data"), users.iter().collect::<Vec<_>>());
}

#[test]
fn what_the_platform_wants_kept_is_kept_and_shown_to_it() {
    let mut hand = Hand::live(&json!({}));
    let side = json!({ "a_b": "1" });
    hand.push("customer_side_storage_updated", &json!({ "customer_side_storage": side }));
    assert_eq!(*hand.stored.last().unwrap(), json!({ "side": side }));
    assert_eq!(hand.told("customer_side_storage_updated").len(), 1);
    let stored = hand.stored.len();
    hand.push("customer_side_storage_updated", &json!({ "customer_side_storage": "no" }));
    assert_eq!((hand.stored.len(), hand.told("warning").len()), (stored, 1));
    hand.input(Input::Reconnect);
    assert_eq!(hand.last("login")["payload"]["customer_side_storage"], side);
}
