//! A reply that is none rejects: no promise resolves with what nobody said.

use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::methods::methods;

/// Those that hear no more than that it was done: nothing in the reply can be untrue.
const DONE: &[&str] = &[
    "acceptGreeting",
    "cancelGreeting",
    "cancelRate",
    "checkGoals",
    "deactivateChat",
    "deleteChatProperties",
    "deleteEvent",
    "deleteEventProperties",
    "deleteThreadProperties",
    "logout",
    "markEventsAsSeen",
    "rateChat",
    "requestEmailVerification",
    "requestTranscript",
    "sendGreetingButtonClicked",
    "sendRichMessagePostback",
    "setCustomerSessionFields",
    "setSneakPeek",
    "updateChatProperties",
    "updateCustomer",
    "updateCustomerPage",
    "updateEventProperties",
    "updateThreadProperties",
];
/// Those that no single reply settles; they have stories of their own.
const OTHERS: &[&str] = &[
    "acceptIdentityTransfer",
    "discard",
    "getFreshToken",
    "getToken",
    "hasToken",
    "invalidate",
    "resumeChat",
    "retry",
    "sendEvent",
    "sendFile",
    "sendMessage",
    "startChat",
];

/// Of those without a result: who answers may be a stranger.
const OVER_HTTP: &[&str] = &["checkGoals", "requestEmailVerification"];

/// Calls a method that the platform, or the web, answers with this payload.
fn answered(method: &str, args: Json, payload: &Json) -> Result<Json, palaver::model::ChatError> {
    let mut hand = Hand::live(&json!({}));
    hand.is_served = false;
    let (sent, asked) = (hand.sent.len(), hand.asked.len());
    let call = hand.call(method, args);
    if hand.asked.len() > asked {
        hand.answer(200, payload.clone());
    } else if hand.sent.len() > sent {
        let action = hand.sent[sent]["action"].as_str().unwrap().to_owned();
        hand.reply(&action, true, payload);
    }
    hand.settled.get(&call).unwrap_or_else(|| panic!("{method} waits on after {payload}")).clone()
}

fn assert_is_none(method: &str, args: &Json, payload: &Json) {
    let error = answered(method, args.clone(), payload).expect_err(&format!("{method} takes {payload}"));
    assert_eq!((error.code.as_str(), error.is_retryable()), ("INTERNAL", true), "{method} {payload}");
    // Over HTTP, what is not JSON is a stranger's.
    let is_named = error.message.starts_with("`reply") && error.message.contains("(given: ");
    assert!(is_named || error.message.starts_with("this is not the platform's answer"), "{error:?}");
}

#[test]
fn a_payload_of_another_kind_rejects() {
    let mut count = 0;
    for (method, args, _) in methods() {
        if DONE.contains(&method) || OTHERS.contains(&method) {
            continue;
        }
        for payload in [json!(null), json!("text"), json!(7), json!(true), json!([]), json!([{ "id": "C" }])] {
            assert_is_none(method, &args, &payload);
            count += 1;
        }
    }
    assert!(count > 80, "{count} replies");
}

#[test]
fn a_payload_without_what_the_result_is_made_of_rejects() {
    let chat = json!({ "chatId": "C" });
    for (method, args, payload) in [
        ("getChat", &chat, json!({})),
        ("getChat", &chat, json!({ "id": 7 })),
        ("getCustomer", &json!({}), json!({})),
        ("listChats", &json!({}), json!({ "chats_summary": {} })),
        ("listChats", &json!({}), json!({ "chats_summary": "x" })),
        ("listThreads", &chat, json!({ "threads": "x" })),
        ("listThreads", &chat, json!({ "threads": { "length": 1 } })),
        ("listGroupStatuses", &json!({}), json!({ "groups_status": [] })),
        ("listGroupStatuses", &json!({}), json!({})),
        ("getForm", &json!({ "groupId": 0, "type": "prechat" }), json!({})),
        ("uploadFile", &json!({ "file": { "name": "a", "size": 1 } }), json!({})),
        ("uploadFile", &json!({ "file": { "name": "a", "size": 1 } }), json!({ "url": "" })),
    ] {
        assert_is_none(method, args, &payload);
    }
}

#[test]
fn a_list_that_is_left_out_is_empty() {
    let threads = answered("listThreads", json!({ "chatId": "C" }), &json!({})).unwrap();
    assert_eq!((&threads["threads"], &threads["nextPageId"]), (&json!([]), &Json::Null));
    let chats = answered("listChats", json!({}), &json!({ "total_chats": 0 })).unwrap();
    assert_eq!(chats["chatsSummary"], json!([]));
}

#[test]
fn a_call_about_the_newest_thread_does_not_take_an_odd_reply_for_no_thread() {
    for payload in [json!(null), json!([]), json!({ "threads": "x" })] {
        assert_is_none("rateChat", &json!({ "chatId": "C", "rating": { "score": 1 } }), &payload);
    }
    let none = answered("rateChat", json!({ "chatId": "C", "rating": { "score": 1 } }), &json!({ "threads": [] }));
    assert_eq!(none.unwrap_err().code, "MISSING_CHAT_THREAD");
}

#[test]
fn what_was_done_is_done_whatever_the_payload() {
    for (method, args, _) in methods() {
        if DONE.contains(&method) && !["rateChat", "cancelRate", "requestTranscript"].contains(&method) {
            for payload in [json!(null), json!("text"), json!([])] {
                let done = answered(method, args.clone(), &payload);
                if OVER_HTTP.contains(&method) && payload.is_string() {
                    assert_eq!(done.unwrap_err().code, "INTERNAL", "a stranger's page: {method}");
                    continue;
                }
                let is_signal = ["setSneakPeek", "updateCustomerPage"].contains(&method);
                let expected = if is_signal { Json::Null } else { json!({ "success": true }) };
                assert_eq!(done.unwrap(), expected, "{method} {payload}");
            }
        }
    }
}

#[test]
fn a_chat_that_is_started_is_never_one_that_nobody_showed() {
    for payload in [json!(null), json!("x"), json!({ "chat_id": "NEW" })] {
        let mut hand = Hand::live(&json!({}));
        hand.is_served = false;
        let call = hand.call("startChat", json!({}));
        hand.reply("start_chat", true, &payload);
        hand.run(3_000);
        if hand.code(call) == "pending" {
            // The push was lost: the chat is read instead.
            hand.reply("get_chat", true, &Json::Null);
        }
        assert!(matches!(hand.code(call), "INTERNAL" | "REQUEST_TIMEOUT"), "{payload}: {}", hand.code(call));
    }
}
