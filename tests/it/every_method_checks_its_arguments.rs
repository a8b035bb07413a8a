//! A wrong argument is named, and nothing of it reaches the platform.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use palaver::json::names;
use palaver::model::ChatError;
use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::methods::methods;
use crate::sim::Sim;

/// A text that may be empty: it may be deleted on purpose.
const MAY_BE_EMPTY: &[&str] = &["alternativeText", "avatar", "email", "name", "sneakPeekText", "text", "title", "type"];

fn detail(error: &ChatError, name: palaver::json::Name) -> String {
    error.details.clone().and_then(|details| details.text(name)).unwrap_or_default()
}

/// Calls a connected session, and checks that nothing goes out.
fn refused(hand: &mut Hand, method: &str, args: &Json) -> ChatError {
    let (sent, asked) = (hand.sent.len(), hand.asked.len());
    let call = hand.call(method, args.clone());
    let outcome = hand.settled.get(&call).unwrap_or_else(|| panic!("{method} takes {args}")).clone();
    assert_eq!((hand.sent.len(), hand.asked.len()), (sent, asked), "{method} {args} went out");
    let error = outcome.expect_err(&format!("{method} takes {args}"));
    assert!(error.message.contains(&detail(&error, names::ARGUMENT)), "{error:?}");
    assert!(!detail(&error, names::EXPECTED).is_empty(), "{error:?}");
    let kind = error.details.clone().unwrap().field("kind").as_text().unwrap();
    assert!(error.message.contains(&format!("(given: {kind}")), "{error:?}");
    error
}

fn assert_refused(hand: &mut Hand, method: &str, args: &Json, argument: &str) {
    let error = refused(hand, method, args);
    assert_eq!(error.code, "VALIDATION", "{method} {args}");
    assert_eq!(detail(&error, names::ARGUMENT), argument, "{method} {args}");
}

fn with(args: &Json, name: &str, value: Json) -> Json {
    let mut args = args.clone();
    args[name] = value;
    args
}

fn without(args: &Json, name: &str) -> Json {
    let mut args = args.clone();
    args.as_object_mut().unwrap().shift_remove(name);
    args
}

#[test]
fn the_list_is_the_pages_list() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/js/index.js");
    let shell = fs::read_to_string(path).unwrap();
    let mut expected: BTreeSet<String> = ["getToken", "getFreshToken", "hasToken", "invalidate"]
        .into_iter()
        .chain(["logout", "sendFile", "uploadFile"])
        .map(str::to_owned)
        .collect();
    for list in ["const methods = [", "const signals = ["] {
        let list = shell.split_once(list).unwrap().1.split_once(']').unwrap().0;
        expected.extend(list.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    let listed: BTreeSet<String> = methods().into_iter().map(|(name, ..)| name.to_owned()).collect();
    assert_eq!(listed, expected);
}

#[test]
fn values_of_a_wrong_type_are_refused() {
    let mut hand = Hand::live(&json!({}));
    let oddities = [json!(7), json!("x"), json!(true), json!([]), json!([1]), json!({}), json!({ "a": 1 })];
    let mut count = 0;
    for (method, valid, required) in methods() {
        for (name, value) in valid.as_object().unwrap() {
            let is_required = required.split(' ').any(|required| required == name);
            for odd in &oddities {
                let is_same = std::mem::discriminant(odd) == std::mem::discriminant(value);
                if is_same {
                    continue;
                }
                assert_refused(&mut hand, method, &with(&valid, name, odd.clone()), name);
                count += 1;
            }
            if is_required {
                assert_refused(&mut hand, method, &with(&valid, name, Json::Null), name);
                assert_refused(&mut hand, method, &without(&valid, name), name);
                count += 2;
            }
            if value.is_string() && !MAY_BE_EMPTY.contains(&name.as_str()) {
                assert_refused(&mut hand, method, &with(&valid, name, json!("")), name);
                count += 1;
            }
            if value.is_number() {
                for odd in [-1.0, 0.5, 1e300] {
                    let error = refused(&mut hand, method, &with(&valid, name, json!(odd)));
                    assert_eq!(detail(&error, names::ARGUMENT), *name, "{method} {odd}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 700, "{count} arguments");
    println!("{count} wrong arguments refused");
}

#[test]
fn what_may_be_absent_may_be_null() {
    for (method, valid, required) in methods() {
        for name in valid.as_object().unwrap().keys() {
            if required.split(' ').any(|required| required == name) {
                continue;
            }
            for args in [with(&valid, name, Json::Null), without(&valid, name)] {
                if method == "updateCustomer" && args.as_object().unwrap().values().all(Json::is_null) {
                    continue;
                }
                let mut hand = Hand::live(&json!({}));
                let call = hand.call(method, args.clone());
                assert_ne!(hand.code(call), "VALIDATION", "{method} {args}");
                let frame = hand.sent.last().unwrap();
                assert!(!frame.to_string().contains(":null"), "absent is absent: {frame}");
            }
        }
    }
}

#[test]
fn arguments_are_one_object() {
    let mut hand = Hand::live(&json!({}));
    for (method, valid, required) in methods() {
        for odd in [json!(7), json!("x"), json!(true), json!([]), json!([valid])] {
            assert_refused(&mut hand, method, &odd, "options");
        }
        if let Some(first) = required.split(' ').find(|name| !name.is_empty()) {
            assert_refused(&mut hand, method, &Json::Null, first);
            assert_refused(&mut hand, method, &json!({}), first);
        }
    }
}

#[test]
fn what_a_method_does_not_take_is_refused() {
    let mut hand = Hand::live(&json!({}));
    for (method, valid, _) in methods() {
        for (name, value) in [("surplus", json!(1)), ("chat_id", json!("C")), ("__proto__", json!({})), ("", json!(1))]
        {
            assert_refused(&mut hand, method, &with(&valid, name, value), name);
        }
    }
    let error = refused(&mut hand, "deactivateChat", &json!({ "id": "C", "chatId": "C" }));
    assert!(detail(&error, names::EXPECTED).contains("takes id"), "{error:?}");
}

/// Slips of the finger, of the shift key, and of habit.
fn slips(name: &str) -> Vec<String> {
    let mut swapped: Vec<char> = name.chars().collect();
    let middle = swapped.len() / 2;
    swapped.swap(middle - 1, middle);
    let snake: String =
        name.chars().flat_map(|c| [c.is_uppercase().then_some('_'), Some(c.to_ascii_lowercase())]).flatten().collect();
    let mut slips = vec![name[..name.len() - 1].to_owned(), format!("{name}s"), name.to_uppercase(), snake];
    if name.len() > 3 {
        slips.push(swapped.into_iter().collect());
    }
    slips
}

#[test]
fn a_misspelt_argument_is_refused_with_the_name_that_was_meant() {
    let mut hand = Hand::live(&json!({}));
    let mut count = 0;
    for (method, valid, _) in methods() {
        let valid = valid.as_object().unwrap();
        for (name, value) in valid {
            for slip in slips(name) {
                if slip == *name || slip.len() < 2 {
                    continue;
                }
                let mut args = valid.clone();
                args.shift_remove(name);
                args.insert(slip.clone(), value.clone());
                let error = refused(&mut hand, method, &json!(args));
                assert_eq!(detail(&error, names::ARGUMENT), slip, "{method}");
                assert!(error.message.contains(&format!("did you mean `{name}`?")), "{slip}: {}", error.message);
                count += 1;
            }
        }
    }
    assert!(count > 400, "{count} slips");
}

#[test]
fn a_misspelt_name_within_an_argument_is_refused_too() {
    let mut hand = Hand::live(&json!({}));
    for (method, args, argument, meant) in [
        ("startChat", json!({ "chat": { "propertys": {} } }), "chat.propertys", "properties"),
        ("startChat", json!({ "chat": { "access": { "groupids": [1] } } }), "chat.access.groupids", "groupIds"),
        ("startChat", json!({ "chat": { "thread": { "event": [] } } }), "chat.thread.event", "events"),
        ("resumeChat", json!({ "chat": { "Id": "C" } }), "chat.Id", "id"),
        ("rateChat", json!({ "chatId": "C", "rating": { "scores": 1 } }), "rating.scores", "score"),
    ] {
        let error = refused(&mut hand, method, &args);
        assert_eq!(detail(&error, names::ARGUMENT), argument);
        assert!(error.message.contains(&format!("did you mean `{meant}`?")), "{}", error.message);
    }
    let error = refused(&mut hand, "startChat", &json!({ "chat": { "topic": "x" } }));
    assert!(error.message.contains("chat takes access, properties, thread"), "{}", error.message);
    // What belongs to the application may have any name.
    let call = hand.call("updateChatProperties", json!({ "id": "C", "properties": { "idd": { "propertie": 1 } } }));
    assert_eq!(hand.code(call), "ok");
    // The platform may learn more of a postback.
    let postback = json!({ "id": "b", "toggled": true, "button_type": "url", "buttonValue": "v", "extra": 1 });
    let args = json!({ "chatId": "C", "threadId": "T", "eventId": "E", "postback": postback });
    let call = hand.call("sendRichMessagePostback", args);
    assert_eq!(hand.code(call), "ok");
    let sent = hand.last("send_rich_message_postback")["payload"]["postback"].clone();
    assert_eq!(sent, json!({ "id": "b", "toggled": true, "button_type": "url", "button_value": "v", "extra": 1 }));
}

#[test]
fn a_lenient_session_passes_over_what_a_method_does_not_take() {
    for (method, valid, _) in methods() {
        let mut hand = Hand::live(&json!({ "strict": false }));
        let call = hand.call(method, with(&valid, "surplus", json!({ "aB": "marker" })));
        // There is no such message; that is all there is to say of it.
        let expected = if matches!(method, "retry" | "discard") { "customId" } else { "" };
        let blamed = match hand.settled.get(&call) {
            Some(Err(error)) if error.code == "VALIDATION" => detail(error, names::ARGUMENT),
            Some(_) | None => String::new(),
        };
        assert_eq!(blamed, expected, "{method}");
        for frame in &hand.sent {
            assert!(!frame.to_string().contains("marker"), "{method} sent {frame}");
        }
        for asked in &hand.asked {
            assert!(!format!("{asked:?}").contains("marker"), "{method} asked {asked:?}");
        }
        // What it does take is checked all the same.
        if let Some((name, Json::String(_))) = valid.as_object().unwrap().iter().next() {
            assert_refused(&mut hand, method, &with(&valid, name, json!(7)), name);
        }
    }
}

#[test]
fn what_is_wrong_within_an_argument_is_named_too() {
    let mut hand = Hand::live(&json!({}));
    let event = |event: Json| json!({ "chatId": "C", "event": event });
    let start = |chat: Json| json!({ "chat": chat });
    let initial = |event: Json| json!({ "chat": { "thread": { "events": [event] } } });
    let fields = |count: usize| -> Json { (0..count).map(|index| (format!("f{index}"), json!("v"))).collect() };
    let message = |more: (&str, Json)| with(&json!({ "type": "message", "text": "x" }), more.0, more.1);
    let cases = [
        ("listChats", json!({ "limit": 0 }), "limit"),
        ("listChats", json!({ "limit": 26 }), "limit"),
        ("listChats", json!({ "sortOrder": "up" }), "sortOrder"),
        ("listChats", json!({ "pageId": "p", "limit": 5 }), "limit"),
        ("listChats", json!({ "pageId": "p", "sortOrder": "asc" }), "sortOrder"),
        ("listThreads", json!({ "chatId": "C", "limit": 101 }), "limit"),
        ("listThreads", json!({ "chatId": "C", "minEventsCount": 0 }), "minEventsCount"),
        ("listThreads", json!({ "chatId": "C", "minEventsCount": 101 }), "minEventsCount"),
        ("listThreads", json!({ "chatId": "C", "limit": 3, "minEventsCount": 3 }), "limit"),
        ("listThreads", json!({ "chatId": "C", "pageId": "p", "minEventsCount": 3 }), "minEventsCount"),
        ("listGroupStatuses", json!({ "groupIds": ["0"] }), "groupIds"),
        ("listGroupStatuses", json!({ "groupIds": [0, null] }), "groupIds"),
        ("cancelRate", json!({ "chatId": "C", "properties": [7] }), "properties"),
        ("setCustomerSessionFields", json!({ "sessionFields": { "a": {} } }), "sessionFields"),
        ("deleteChatProperties", json!({ "id": "C", "properties": { "ns": [7] } }), "properties"),
        ("startChat", start(json!({ "access": { "groupIds": ["0"] } })), "chat.access.groupIds"),
        ("getForm", json!({ "groupId": 0, "type": "survey" }), "type"),
        ("markEventsAsSeen", json!({ "chatId": "C", "seenUpTo": "now" }), "seenUpTo"),
        ("markEventsAsSeen", json!({ "chatId": "C", "seenUpTo": "2026-13-01T10:00:00Z" }), "seenUpTo"),
        ("markEventsAsSeen", json!({ "chatId": "C", "seenUpTo": "1772323200000" }), "seenUpTo"),
        ("updateChatProperties", json!({ "id": "C", "properties": { "ns": 1 } }), "properties"),
        ("updateChatProperties", json!({ "id": "C", "properties": { "ns": ["name"] } }), "properties"),
        ("deleteChatProperties", json!({ "id": "C", "properties": { "ns": { "name": 1 } } }), "properties"),
        ("rateChat", json!({ "chatId": "C", "rating": {} }), "rating"),
        ("rateChat", json!({ "chatId": "C", "rating": { "score": 2 } }), "rating.score"),
        ("rateChat", json!({ "chatId": "C", "rating": { "score": true } }), "rating.score"),
        ("rateChat", json!({ "chatId": "C", "rating": { "comment": 1 } }), "rating.comment"),
        (
            "sendRichMessagePostback",
            json!({ "chatId": "C", "threadId": "T", "eventId": "E", "postback": { "toggled": true } }),
            "postback.id",
        ),
        (
            "sendRichMessagePostback",
            json!({ "chatId": "C", "threadId": "T", "eventId": "E", "postback": { "id": "b", "toggled": "yes" } }),
            "postback.toggled",
        ),
        ("setCustomerSessionFields", json!({ "sessionFields": fields(101) }), "sessionFields"),
        ("updateCustomer", json!({}), "options"),
        ("resumeChat", json!({ "chat": {} }), "chat.id"),
        ("resumeChat", json!({ "chat": { "id": 7 } }), "chat.id"),
        ("startChat", start(json!({ "access": [] })), "chat.access"),
        ("startChat", start(json!({ "access": { "groupIds": 1 } })), "chat.access.groupIds"),
        ("startChat", start(json!({ "properties": { "ns": 1 } })), "chat.properties"),
        ("startChat", start(json!({ "thread": "T" })), "chat.thread"),
        ("startChat", start(json!({ "thread": { "properties": [] } })), "chat.thread.properties"),
        ("startChat", start(json!({ "thread": { "events": {} } })), "chat.thread.events"),
        ("startChat", initial(json!(7)), "chat.thread.events.type"),
        ("startChat", initial(json!({ "type": "message" })), "chat.thread.events.text"),
        ("sendEvent", event(json!({})), "event.type"),
        ("sendEvent", event(json!({ "type": 7 })), "event.type"),
        ("sendEvent", event(json!({ "type": "message" })), "event.text"),
        ("sendEvent", event(message(("customId", json!(7)))), "event.customId"),
        ("sendEvent", event(message(("properties", json!({ "ns": 1 })))), "event.properties"),
        ("sendEvent", event(message(("postback", json!("b")))), "event.postback"),
        ("sendEvent", event(json!({ "type": "file" })), "event.url"),
        ("sendEvent", event(json!({ "type": "filled_form", "fields": [] })), "event.formId"),
        ("sendEvent", event(json!({ "type": "filled_form", "formId": "F" })), "event.fields"),
        ("sendEvent", event(json!({ "type": "system_message", "text": "x" })), "event.systemMessageType"),
        ("sendEvent", event(json!({ "type": "rich_message" })), "event.templateId"),
        (
            "sendEvent",
            event(json!({ "type": "rich_message", "templateId": "cards", "elements": vec![json!({}); 11] })),
            "event.elements",
        ),
        (
            "sendEvent",
            event(json!({
                "type": "rich_message", "templateId": "cards", "elements": [{ "buttons": vec![json!({}); 14] }],
            })),
            "event.elements",
        ),
        ("updateCustomer", json!({ "sessionFields": { "a": ["1"] } }), "sessionFields"),
        ("sendEvent", event(json!({ "type": "custom", "content": "x" })), "event.content"),
    ];
    for (method, args, argument) in cases {
        assert_refused(&mut hand, method, &args, argument);
    }
    let call = hand.call("setCustomerSessionFields", json!({ "sessionFields": fields(100) }));
    assert_eq!(hand.code(call), "ok");
}

#[test]
fn a_text_has_16384_bytes_at_most_whatever_its_letters() {
    let texts = |bytes: usize| {
        let ends = ["x", "é", "€", "💥"];
        ends.map(|end| format!("{}{end}", "x".repeat(bytes - end.len())))
    };
    type Form = (&'static str, &'static str, fn(&str) -> Json);
    let forms: [Form; 3] = [
        ("sendMessage", "text", |text| json!({ "chatId": "CHAT", "text": text })),
        ("sendEvent", "event.text", |text| json!({ "chatId": "CHAT", "event": { "type": "message", "text": text } })),
        (
            "startChat",
            "chat.thread.events.text",
            |text| json!({ "chat": { "thread": { "events": [{ "type": "message", "text": text }] } } }),
        ),
    ];
    for (method, argument, args) in forms {
        for text in texts(16_384) {
            let mut hand = Hand::live(&json!({}));
            let before = hand.sent.len();
            hand.call(method, args(&text));
            assert!(hand.sent[before..].iter().any(|frame| frame.to_string().contains(&text)), "{method}");
        }
        for text in texts(16_385).into_iter().chain(["é".repeat(8_193), "💥".repeat(100_000)]) {
            let mut hand = Hand::live(&json!({}));
            assert_refused(&mut hand, method, &args(&text), argument);
            let error = refused(&mut hand, method, &args(&text));
            let details = error.details.clone().unwrap();
            assert_eq!(details.get(names::LIMIT).as_number(), Some(16_384.0));
            assert_eq!(details.get(names::SIZE).as_number().unwrap().to_string(), text.len().to_string());
        }
    }
}

#[test]
fn a_file_has_ten_mebibytes_at_most_and_is_no_program() {
    let file = |size: f64| json!({ "file": { "name": "a.png", "type": "image/png", "size": size } });
    let mut hand = Hand::live(&json!({}));
    for size in [0.0, 1.0, 10_485_760.0] {
        hand.call("uploadFile", file(size));
        assert!(hand.last_asked().has_file, "{size}");
    }
    for size in [10_485_761.0, 1e300] {
        let error = refused(&mut hand, "uploadFile", &file(size));
        assert_eq!(error.code, "TOO_BIG_FILE");
        assert_eq!(detail(&error, names::ARGUMENT), "file");
        assert_eq!(error.details.clone().unwrap().get(names::LIMIT).as_number(), Some(10_485_760.0));
    }
    for name in ["setup.exe", "SETUP.EXE", "a.b.bat", "x.msi", "lib.dll", "run.com", "s.scr", "j.jar", "p.ps1"] {
        assert_refused(&mut hand, "uploadFile", &json!({ "file": { "name": name, "size": 1 } }), "file");
    }
    let program = json!({ "file": { "name": "a.png", "type": "application/x-msdownload", "size": 1 } });
    assert_refused(&mut hand, "uploadFile", &program, "file");
    assert_refused(&mut hand, "uploadFile", &json!({ "file": { "name": "a.png" } }), "file");
}

#[test]
fn an_id_that_the_platform_does_not_know_is_blamed() {
    let known = |sim: &mut Sim, method: &str| match method {
        "acceptGreeting" | "cancelGreeting" | "sendGreetingButtonClicked" => "GREETING_NOT_FOUND",
        "getConfiguration"
        | "getForm"
        | "getPredictedAgent"
        | "listGroupProperties"
        | "checkGoals"
        | "getLocalization"
        | "getDynamicConfiguration" => {
            assert_eq!(sim.state(), "connected");
            "GROUP_NOT_FOUND"
        }
        _ => "NOT_FOUND",
    };
    let cases = [
        ("acceptGreeting", json!({ "greetingId": 7, "uniqueId": "U" }), "greetingId, uniqueId"),
        ("cancelGreeting", json!({ "uniqueId": "U" }), "uniqueId"),
        (
            "sendGreetingButtonClicked",
            json!({ "greetingUniqueId": "U", "buttonId": "B" }),
            "greetingUniqueId, buttonId",
        ),
        ("getForm", json!({ "groupId": 77, "type": "prechat" }), "groupId"),
        ("getPredictedAgent", json!({ "groupId": 77 }), "groupId"),
        ("getConfiguration", json!({ "groupId": 77, "version": "v" }), "groupId"),
        ("getLocalization", json!({ "groupId": 77, "language": "en", "version": "v" }), "groupId"),
        ("getDynamicConfiguration", json!({ "groupId": 77 }), "groupId"),
        ("listGroupProperties", json!({ "id": 77 }), "id"),
        ("checkGoals", json!({ "pageUrl": "https://x", "groupId": 77 }), "groupId"),
        ("getChat", json!({ "chatId": "nobody" }), "chatId"),
        ("getChat", json!({ "chatId": "CHAT", "threadId": "none" }), "chatId, threadId"),
        ("listThreads", json!({ "chatId": "nobody" }), "chatId"),
        ("deactivateChat", json!({ "id": "nobody" }), "id"),
        ("deleteChatProperties", json!({ "id": "nobody", "properties": { "ns": ["n"] } }), "id"),
        ("updateChatProperties", json!({ "id": "nobody", "properties": { "ns": { "n": 1 } } }), "id"),
        ("deleteEvent", json!({ "chatId": "CHAT", "threadId": "T", "eventId": "E" }), "chatId, threadId, eventId"),
        ("markEventsAsSeen", json!({ "chatId": "nobody", "seenUpTo": "2026-03-01T10:00:00Z" }), "chatId"),
        ("rateChat", json!({ "chatId": "nobody", "rating": { "score": 1 } }), "chatId"),
        ("cancelRate", json!({ "chatId": "nobody" }), "chatId"),
        ("requestTranscript", json!({ "chatId": "nobody", "email": "a@example.com" }), "chatId"),
        ("resumeChat", json!({ "chat": { "id": "nobody" } }), "chat.id"),
        ("sendMessage", json!({ "chatId": "nobody", "text": "x" }), "chatId"),
        ("sendEvent", json!({ "chatId": "nobody", "event": { "type": "message", "text": "x" } }), "chatId"),
        (
            "updateThreadProperties",
            json!({ "chatId": "CHAT", "threadId": "T", "properties": { "ns": { "n": 1 } } }),
            "chatId, threadId",
        ),
        (
            "updateEventProperties",
            json!({ "chatId": "CHAT", "threadId": "T", "eventId": "E", "properties": { "ns": { "n": 1 } } }),
            "chatId, threadId, eventId",
        ),
    ];
    let (mut sim, chat) = Sim::in_chat();
    let mut wrong = Vec::new();
    for (method, args, argument) in cases {
        let args: Json = serde_json::from_str(&args.to_string().replace("\"CHAT\"", &format!("\"{chat}\""))).unwrap();
        let code = known(&mut sim, method);
        match sim.ask(method, args.clone()) {
            Err(error) if error.code == code && detail(&error, names::ARGUMENT) == argument => {}
            other => wrong.push(format!("{method} {args}: {other:?} instead of {code} for {argument}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_rich_message_has_ten_elements_of_thirteen_buttons_at_most() {
    let mut hand = Hand::live(&json!({}));
    for (elements, buttons, is_taken) in [(10, 13, true), (11, 1, false), (1, 14, false)] {
        let element = json!({ "buttons": vec![json!({ "text": "b", "type": "message" }); buttons] });
        let event = json!({ "type": "rich_message", "templateId": "cards", "elements": vec![element; elements] });
        for (method, args, argument) in [
            ("sendEvent", json!({ "chatId": "CHAT", "event": event }), "event.elements"),
            ("startChat", json!({ "chat": { "thread": { "events": [event] } } }), "chat.thread.events.elements"),
        ] {
            if is_taken {
                let sent = hand.sent.len();
                hand.call(method, args);
                assert_eq!(hand.sent.len(), sent + 1, "{method}");
            } else {
                assert_refused(&mut hand, method, &args, argument);
            }
        }
    }
}
