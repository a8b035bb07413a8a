//! The one sin. Lines, servers and answers get lost; messages do not.

use palaver::session::Input;
use serde_json::json;
use standin::brain::Config;

use crate::hand::{Hand, good};
use crate::sim::Sim;

/// Both sides have the same messages in the same order, each once.
fn assert_agreement(sim: &mut Sim, chat: &str, mine: usize, theirs: usize) {
    let server = sim.texts(chat);
    let mut unique = server.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), server.len(), "the server has a message twice: {server:?}");
    assert_eq!(server.len(), mine + theirs);
    let expected: Vec<String> = server.iter().filter(|text| text.starts_with("agent")).cloned().collect();
    assert_eq!(sim.heard(), expected);
    let own: Vec<&String> = server.iter().filter(|text| text.starts_with("own")).collect();
    let in_order: Vec<String> = (0..mine).map(|index| format!("own {index}")).collect();
    assert_eq!(own, in_order.iter().collect::<Vec<_>>());
}

#[test]
fn thirty_messages_each_way_over_three_restarts() {
    for latency in [1, 20, 150] {
        let mut sim = Sim::new();
        sim.link.latency_ms = latency;
        sim.connect();
        let chat = sim.start_chat();
        for index in 0..30 {
            sim.say(&chat, &format!("own {index}"));
            if index % 10 == 5 {
                // In the middle of a send: the request may or may not have arrived.
                sim.run(latency * (index / 10));
                sim.kill_server();
                sim.run(3_000);
                sim.start_server(Config { seed: index, ..Config::default() });
                // The agent is back before the page is.
                sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
            } else {
                sim.run(300);
                sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
            }
        }
        sim.run(120_000);
        assert_eq!(sim.settled.len(), 31);
        assert!(sim.settled.values().all(Result::is_ok));
        assert_agreement(&mut sim, &chat, 30, 30);
    }
}

#[test]
fn a_message_that_landed_without_an_answer_is_not_sent_again() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "close_after_executing": { "action": "send_event" } }));
    let call = sim.say(&chat, "own 0");
    sim.say(&chat, "own 1");
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    sim.run(60_000);
    assert_eq!(sim.settled[&call].as_ref().unwrap()["text"], "own 0");
    assert_agreement(&mut sim, &chat, 2, 0);
}

#[test]
fn a_message_that_did_not_land_is_sent_again() {
    let (mut sim, chat) = Sim::in_chat();
    let call = sim.say(&chat, "own 0");
    sim.cut();
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    assert!(sim.settled[&call].is_ok());
    assert_agreement(&mut sim, &chat, 1, 0);
}

#[test]
fn a_message_written_offline_goes_out_later_in_order() {
    let (mut sim, chat) = Sim::in_chat();
    sim.kill_server();
    sim.run(10_000);
    for index in 0..5 {
        sim.say(&chat, &format!("own {index}"));
    }
    sim.run(10_000);
    sim.start_server(Config::default());
    sim.run(60_000);
    assert_agreement(&mut sim, &chat, 5, 0);
}

#[test]
fn what_happened_meanwhile_is_told_in_order_and_before_what_happens_now() {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": "agent 0" } }));
    sim.run(500);
    sim.cut();
    sim.run(50);
    for index in 1..60 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.until(10_000, |sim| sim.state() == "connected");
    // Live traffic while the past is still being read.
    for index in 60..70 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        sim.run(5);
    }
    sim.run(5_000);
    assert_eq!(sim.heard(), (0..70).map(|index| format!("agent {index}")).collect::<Vec<_>>());
    assert_agreement(&mut sim, &chat, 0, 70);
}

#[test]
fn threads_that_came_and_went_meanwhile_are_told() {
    let (mut sim, chat) = Sim::in_chat();
    sim.agent(json!({ "message": { "text": "agent 0" } }));
    sim.run(500);
    sim.cut();
    sim.run(50);
    for index in 1..40 {
        sim.agent(json!({ "close": {} }));
        sim.agent(json!({ "reopen": {} }));
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.run(20_000);
    assert_eq!(sim.heard(), (0..40).map(|index| format!("agent {index}")).collect::<Vec<_>>());
    assert_eq!(sim.told("incoming_chat").len(), 1, "the newest thread is announced with its chat");
    assert_eq!(sim.told("thread_closed").len(), 1);
    let place = |name: &str, text: &str| {
        let is_it = |told: &(&str, serde_json::Value)| told.0 == name && (text.is_empty() || told.1["text"] == text);
        sim.told.iter().position(is_it).unwrap()
    };
    assert!(place("new_event", "agent 0") < place("thread_closed", ""), "the end comes after what was said before it");
    assert!(place("thread_closed", "") < place("new_event", "agent 1"));
    assert!(place("new_event", "agent 38") < place("incoming_chat", ""));
    assert!(
        place("incoming_chat", "") < place("new_event", "agent 39"),
        "the new thread comes before what is said in it"
    );
    assert_agreement(&mut sim, &chat, 0, 40);
    // And once: the next return knows what the last one told.
    for (beginnings, is_closed) in [(0, false), (0, true), (0, false), (1, false), (0, false)] {
        sim.told.clear();
        sim.cut();
        sim.run(50);
        if is_closed {
            sim.agent(json!({ "close": {} }));
        }
        if beginnings > 0 {
            sim.agent(json!({ "reopen": {} }));
        }
        sim.run(20_000);
        assert_eq!(sim.told("incoming_chat").len(), beginnings);
        assert_eq!(sim.told("thread_closed").len(), usize::from(is_closed));
    }
}

#[test]
fn a_push_that_comes_twice_is_told_once() {
    let (mut sim, _) = Sim::in_chat();
    sim.fault(json!({ "duplicate": { "pushes": 5 } }));
    for index in 0..3 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        sim.run(100);
    }
    assert_eq!(sim.heard(), ["agent 0", "agent 1", "agent 2"]);
}

#[test]
fn a_lost_echo_is_looked_up() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    let call = sim.say(&chat, "own 0");
    sim.until(10_000, |sim| sim.settled.contains_key(&call));
    assert_eq!(sim.settled[&call].as_ref().unwrap()["text"], "own 0");
    sim.run(60_000);
    assert_agreement(&mut sim, &chat, 1, 0);
}

#[test]
fn a_lost_answer_is_looked_up() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    sim.fault(json!({ "omit_responses": { "count": 1 } }));
    let call = sim.say(&chat, "own 0");
    sim.until(60_000, |sim| sim.settled.contains_key(&call));
    sim.run(60_000);
    assert_agreement(&mut sim, &chat, 1, 0);
}

#[test]
fn a_busy_platform_gets_the_message_later() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "rate_limit": { "count": 3 } }));
    let call = sim.say(&chat, "own 0");
    sim.until(120_000, |sim| sim.settled.contains_key(&call));
    assert!(sim.settled[&call].is_ok());
    assert_agreement(&mut sim, &chat, 1, 0);
}

#[test]
fn a_chat_closed_meanwhile_is_resumed_for_what_was_written() {
    let (mut sim, chat) = Sim::in_chat();
    sim.cut();
    sim.run(50);
    sim.agent(json!({ "close": {} }));
    sim.say(&chat, "own 0");
    sim.say(&chat, "own 1");
    sim.run(60_000);
    assert_agreement(&mut sim, &chat, 2, 0);
    assert!(sim.settled.values().all(Result::is_ok));
    assert_eq!(sim.brain.as_ref().unwrap().thread_ids(&chat).len(), 2);
}

#[test]
fn events_of_one_microsecond_are_told_each() {
    let (mut sim, chat) = Sim::in_chat();
    sim.cut();
    sim.run(50);
    sim.fault(json!({ "same_created_at": { "count": 3 } }));
    for index in 0..4 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
    }
    sim.run(20_000);
    assert_agreement(&mut sim, &chat, 0, 4);
}

#[test]
fn what_another_tab_says_is_news_what_this_one_says_is_not() {
    let (mut sim, chat) = Sim::in_chat();
    sim.ask("sendMessage", json!({ "chatId": chat, "text": "own 0" })).unwrap();
    let customer = sim.told("customer_id")[0].as_str().unwrap().to_owned();
    sim.agent(json!({ "push": { "action": "incoming_event", "payload": {
        "chat_id": chat, "thread_id": "T", "event": {
            "id": "T_9", "type": "message", "text": "from the other tab", "author_id": customer,
            "custom_id": "theirs", "created_at": "2026-03-01T10:00:00.000000Z" } } } }));
    sim.run(100);
    assert_eq!(sim.heard(), ["from the other tab"]);
}

/// The network held it back, then the platform took its time: together longer than the platform takes by itself.
#[test]
fn a_send_that_was_long_on_its_way_is_not_sent_twice() {
    let (mut sim, chat) = Sim::in_chat();
    // Nobody looks at the deadlines of a throttled page in time, so the line is not given up.
    sim.page.timer_grain_ms = 4_000;
    sim.fault(json!({ "execute_delay": { "ms": 13_000 } }));
    sim.link.stalled_until = sim.now + 10_500;
    let opened = sim.opened_sockets;
    let call = sim.say(&chat, "one");
    sim.run(60_000);
    assert_eq!(sim.opened_sockets, opened, "one line");
    assert!(sim.settled[&call].is_ok());
    assert_eq!(sim.texts(&chat), ["one"]);
}

/// Its answer was lost, and with it the event: the thread shows it when it cannot land any more, not earlier.
#[test]
fn a_send_is_looked_up_15_s_after_the_platform_has_read_it() {
    let (mut sim, chat) = Sim::in_chat();
    sim.fault(json!({ "omit_responses": { "count": 1 } }));
    sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
    sim.sent.clear();
    let call = sim.say(&chat, "one");
    let count = |sim: &Sim, action: &str| sim.sent.iter().filter(|frame| frame["action"] == action).count();
    // A ping goes out after 2.5 s; its answer shows that the send was read.
    sim.run(17_500);
    assert_eq!(count(&sim, "list_threads"), 0);
    sim.run(100);
    assert_eq!(count(&sim, "list_threads"), 1);
    assert!(sim.settled[&call].is_ok());
    assert_eq!(count(&sim, "send_event"), 1);
    assert_eq!(sim.texts(&chat), ["one"]);
}

#[test]
fn a_chat_that_was_closed_unnoticed_is_resumed_for_what_was_written() {
    let (mut sim, chat) = Sim::in_chat();
    // The last words of the thread, and its end.
    sim.fault(json!({ "drop_pushes": { "pushes": 2 } }));
    sim.agent(json!({ "close": {} }));
    sim.run(100);
    let calls = [sim.say(&chat, "own 0"), sim.say(&chat, "own 1")];
    sim.run(60_000);
    assert!(calls.iter().all(|call| sim.settled[call].is_ok()));
    assert_agreement(&mut sim, &chat, 2, 0);
}

/// The platform may have done what it could not say.
#[test]
fn a_message_that_the_platform_stumbled_over_is_looked_up_and_sent_again() {
    for kind in ["internal", "request_timeout"] {
        let (mut sim, chat) = Sim::in_chat();
        sim.fault(json!({ "fail": { "type": kind, "action": "send_event" } }));
        sim.sent.clear();
        let call = sim.say(&chat, "own 0");
        sim.until(60_000, |sim| sim.settled.contains_key(&call));
        assert!(sim.settled[&call].is_ok(), "{kind}");
        let actions = sim.sent.iter().map(|frame| frame["action"].as_str().unwrap());
        let actions: Vec<&str> = actions.filter(|action| *action != "ping").collect();
        assert_eq!(actions, ["send_event", "list_threads", "send_event"], "{kind}");
        assert_agreement(&mut sim, &chat, 1, 0);
    }
}

/// What cannot be read back cannot be sent again either. It may be the newest that the summary shows.
#[test]
fn a_message_whose_chat_cannot_be_read_is_looked_for_in_the_summary() {
    for (is_accepted, is_newest, expected) in
        [(false, true, "ok"), (true, true, "ok"), (false, false, "REQUEST_TIMEOUT"), (true, false, "REQUEST_TIMEOUT")]
    {
        let (mut sim, chat) = Sim::in_chat();
        sim.fault(json!({ "drop_pushes": { "pushes": 1 } }));
        if !is_accepted {
            sim.fault(json!({ "omit_responses": { "count": 1 } }));
        }
        sim.fault(json!({ "fail": { "type": "authorization", "action": "list_threads", "count": 100 } }));
        let call = sim.say(&chat, "own 0");
        sim.run(100);
        if !is_newest {
            sim.agent(json!({ "message": { "text": "agent 0" } }));
        }
        sim.run(60_000);
        let outcome = sim.settled[&call].as_ref().map_or_else(|error| error.code.as_ref(), |_| "ok");
        assert_eq!(outcome, expected, "accepted: {is_accepted}, newest: {is_newest}");
        assert_eq!(sim.heard().len(), usize::from(!is_newest));
        assert_eq!(sim.texts(&chat).iter().filter(|text| *text == "own 0").count(), 1);
    }
}

/// What is asked for one chat lets go what waits in the other.
#[test]
fn what_is_looked_up_in_one_chat_does_not_double_what_waits_in_another() {
    let mut sim = Sim::with(json!({}), Config { chats_per_customer: 2, ..Config::default() });
    sim.connect();
    let chats = [sim.start_chat(), sim.start_chat()];
    sim.say(&chats[0], "in doubt");
    sim.cut();
    sim.run(50);
    sim.until(30_000, |sim| sim.state() == "connected");
    // From here on no timer looks at the deadline of the doubt; the next word of the other chat does.
    sim.page.timer_grain_ms = 60_000;
    sim.fault(json!({ "execute_delay": { "ms": 1_500 } }));
    let texts: Vec<String> = (0..12).map(|number| format!("own {number}")).collect();
    for text in &texts {
        sim.say(&chats[1], text);
    }
    sim.run(60_000);
    assert_eq!(sim.texts(&chats[1]), texts);
    assert_eq!(sim.texts(&chats[0]), ["in doubt"]);
}

/// Whatever the platform says to the second of them.
#[test]
fn a_chat_that_somebody_else_resumes_first_takes_what_was_written() {
    for kind in ["internal", "too_many_requests", "authorization", "chat_already_active"] {
        let (mut sim, chat) = Sim::in_chat();
        sim.agent(json!({ "close": {} }));
        sim.run(100);
        sim.fault(json!({ "fail": { "type": kind, "action": "resume_chat" } }));
        sim.sent.clear();
        let call = sim.say(&chat, "own 0");
        sim.agent(json!({ "reopen": {} }));
        sim.run(1_000);
        assert!(sim.settled[&call].is_ok(), "{kind}");
        let actions: Vec<&str> = sim.sent.iter().filter_map(|frame| frame["action"].as_str()).collect();
        assert_eq!(actions, ["resume_chat", "send_event"], "{kind}");
        assert_agreement(&mut sim, &chat, 1, 0);
    }
}

#[test]
fn a_resume_that_the_platform_puts_off_is_tried_again() {
    for kind in ["internal", "request_timeout", "service_unavailable", "too_many_requests", "chat_already_active"] {
        let (mut sim, chat) = Sim::in_chat();
        sim.ask("deactivateChat", json!({ "id": chat })).unwrap();
        sim.run(100);
        sim.fault(json!({ "fail": { "type": kind, "action": "resume_chat" } }));
        let call = sim.say(&chat, "own 0");
        sim.run(60_000);
        assert!(sim.settled[&call].is_ok(), "{kind}");
        assert_agreement(&mut sim, &chat, 1, 0);
    }
}

#[test]
fn what_is_said_in_a_chat_waits_until_it_is_read_and_no_other_does() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "list_threads";
    hand.input(Input::Reconnect);
    assert_eq!(hand.last("list_threads")["payload"]["chat_id"], "CHAT");
    let sent = |hand: &Hand| -> Vec<String> {
        let frames = hand.sent.iter().filter(|frame| frame["action"] == "send_event");
        frames.map(|frame| frame["payload"]["chat_id"].as_str().unwrap().to_owned()).collect()
    };
    for chat in ["CHAT", "OTHER"] {
        hand.call("sendMessage", json!({ "chatId": chat, "text": "x" }));
    }
    assert_eq!(sent(&hand), ["OTHER"]);
    hand.reply("list_threads", true, &good("list_threads", &json!({})));
    assert_eq!(sent(&hand), ["OTHER", "CHAT"]);
}
