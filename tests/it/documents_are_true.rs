//! What the documents and the types say is what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::PathBuf;

use palaver::model::notice::EVENTS;
use serde_json::{Value as Json, json};

use crate::pushes_come_out_under_their_names::{fixtures, receive};
use crate::sim::Sim;

fn read(path: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// What the package declares, all its files together.
fn types() -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/api/types");
    let rooms = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    rooms.fold(read("src/api/palaver.d.ts"), |all, room| all + &room)
}

#[test]
fn the_map_fits_on_a_wall() {
    assert!(read("ARCHITECTURE.md").lines().count() <= 120);
}

#[test]
fn every_event_is_typed_and_every_typed_event_exists() {
    let types = types();
    let map = types.split_once("export interface EventMap {").unwrap().1.split_once("\n}").unwrap().0;
    let typed: BTreeSet<&str> = map
        .lines()
        .filter(|line| {
            line.starts_with("  ") && !line.starts_with("   ") && !line.trim_start().starts_with(['*', '/', '}'])
        })
        .filter_map(|line| line.trim().split_once(':').map(|(name, _)| name))
        .collect();
    let known: BTreeSet<&str> = EVENTS.iter().map(|name| name.as_str()).collect();
    assert_eq!(typed, known);
}

#[test]
fn the_types_have_no_any() {
    for line in types().lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
        assert!(!line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "any"), "{line}");
    }
}

#[test]
fn the_shell_has_every_method_of_the_types() {
    let types = types();
    let shell = ["src/js/index.js", "src/js/files.js"].map(read).concat();
    let api = types.split_once("export interface Api {").unwrap().1.split_once("\n}").unwrap().0;
    let mut methods = 0;
    for line in api.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.trim().trim_start_matches("readonly ").split(['(', '<', ':']).next().unwrap();
        if name.is_empty() || !name.chars().all(char::is_alphanumeric) {
            continue;
        }
        let is_there = [format!("{name}:"), format!("\"{name}\""), format!("get {name}()")]
            .iter()
            .any(|form| shell.contains(form));
        assert!(is_there, "{name}");
        methods += 1;
    }
    assert!(methods >= 57, "{methods} methods");
}

#[test]
fn every_code_that_the_sdk_makes_is_typed() {
    let source = read("src/model/error.rs");
    let types = types();
    let codes: Vec<&str> =
        source.lines().filter_map(|line| line.trim().strip_prefix("pub const ")?.split('"').nth(1)).collect();
    assert!(codes.len() >= 8, "{codes:?}");
    for code in codes {
        assert!(types.contains(&format!("\"{code}\"")), "{code}");
    }
}

/// The stand-in is made to send each push, and a structure with each word that the platform has: the page is told it, or
/// answered with it if a call was made.
#[test]
fn every_word_of_the_platform_comes_through() {
    let groups: Json = serde_json::from_str(&read("tests/shared/words.json")).unwrap();
    let mut sent = 0;
    for (title, group) in groups.as_object().unwrap() {
        let (mut sim, _) = Sim::in_chat();
        for word in group["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()) {
            let with_word = |act: &Json| {
                let act = act.to_string().replace("$word", word).replace("$lower", &word.to_ascii_lowercase());
                serde_json::from_str(&act).unwrap()
            };
            sim.connect();
            sim.told.clear();
            match group.get("agent") {
                Some(act) => drop(sim.agent(with_word(act))),
                None => sim.fault(with_word(&group["fault"])),
            }
            if let Some(method) = group["call"].as_str() {
                let error = sim.ask(method, json!({})).unwrap_err();
                let reason = error
                    .details
                    .as_ref()
                    .and_then(|details| details.to_json()["reason"].as_str().map(str::to_ascii_uppercase));
                assert!(error.code == word || reason.as_deref() == Some(word), "{title}: {word} was {error:?}");
            } else {
                sim.run(1_000);
                let quoted = json!(word).to_string();
                let is_it = |name: &str, told: &Json| match title.as_str() {
                    "Pushes" => word == name,
                    _ => name != "state" && told.to_string().contains(&quoted),
                };
                let is_told = sim.told.iter().any(|(name, told)| is_it(name, told));
                assert!(is_told, "{title}: {word} was told as {:?}", sim.told);
            }
            sent += 1;
        }
    }
    assert!(sent >= 189, "{sent} words");
}

/// Every method that a page without files can call, in an order that makes sense. `$` stands before what came earlier.
const CALLS: &[(&str, &str)] = &[
    ("getToken", "null"),
    ("getFreshToken", "null"),
    ("hasToken", "null"),
    ("getCustomer", "{}"),
    ("updateCustomer", r#"{"name": "Ada", "sessionFields": {"plan": "pro"}}"#),
    ("setCustomerSessionFields", r#"{"sessionFields": {"plan": "pro"}}"#),
    ("updateCustomerPage", r#"{"url": "https://shop.example/cart", "title": "Cart"}"#),
    ("checkGoals", r#"{"pageUrl": "https://shop.example/cart"}"#),
    ("requestEmailVerification", r#"{"callbackUri": "http://127.0.0.1:9/verified"}"#),
    ("listGroupStatuses", "{}"),
    ("getForm", r#"{"groupId": 0, "type": "prechat"}"#),
    ("getPredictedAgent", "{}"),
    ("getUrlInfo", r#"{"url": "https://shop.example"}"#),
    ("requestWelcomeMessage", "{}"),
    ("getDynamicConfiguration", "{}"),
    ("getConfiguration", r#"{"groupId": 0, "version": "1"}"#),
    ("getLocalization", r#"{"groupId": 0, "language": "en", "version": "1"}"#),
    ("listLicenseProperties", "{}"),
    ("listGroupProperties", r#"{"id": 0}"#),
    ("acceptGreeting", r#"{"greetingId": 1, "uniqueId": "$greeting"}"#),
    ("sendGreetingButtonClicked", r#"{"greetingUniqueId": "$greeting", "buttonId": "yes"}"#),
    ("cancelGreeting", r#"{"uniqueId": "$greeting"}"#),
    ("startChat", "{}"),
    ("sendMessage", r#"{"chatId": "$chat", "text": "hello"}"#),
    ("sendEvent", r#"{"chatId": "$chat", "event": {"type": "custom", "content": {"a": 1}}}"#),
    ("setSneakPeek", r#"{"chatId": "$chat", "sneakPeekText": "hel"}"#),
    ("markEventsAsSeen", r#"{"chatId": "$chat", "seenUpTo": "$at"}"#),
    (
        "sendRichMessagePostback",
        r#"{"chatId": "$chat", "threadId": "$thread", "eventId": "$rich", "postback": {"id": "yes", "toggled": true}}"#,
    ),
    ("updateChatProperties", r#"{"id": "$chat", "properties": {"client": {"name": "value"}}}"#),
    ("deleteChatProperties", r#"{"id": "$chat", "properties": {"client": ["name"]}}"#),
    ("updateThreadProperties", r#"{"chatId": "$chat", "threadId": "$thread", "properties": {"client": {"name": 1}}}"#),
    ("deleteThreadProperties", r#"{"chatId": "$chat", "threadId": "$thread", "properties": {"client": ["name"]}}"#),
    (
        "updateEventProperties",
        r#"{"chatId": "$chat", "threadId": "$thread", "eventId": "$event", "properties": {"client": {"name": true}}}"#,
    ),
    (
        "deleteEventProperties",
        r#"{"chatId": "$chat", "threadId": "$thread", "eventId": "$event", "properties": {"client": ["name"]}}"#,
    ),
    ("rateChat", r#"{"chatId": "$chat", "rating": {"score": 1, "comment": "good"}}"#),
    ("cancelRate", r#"{"chatId": "$chat"}"#),
    ("requestTranscript", r#"{"chatId": "$chat", "email": "ada@example.com"}"#),
    ("listChats", "{}"),
    ("getChat", r#"{"chatId": "$chat"}"#),
    ("listThreads", r#"{"chatId": "$chat", "minEventsCount": 25}"#),
    ("deleteEvent", r#"{"chatId": "$chat", "threadId": "$thread", "eventId": "$event"}"#),
    ("deactivateChat", r#"{"id": "$chat"}"#),
    ("resumeChat", r#"{"chat": {"id": "$chat"}}"#),
    ("requestIdentityTransfer", "{}"),
    ("acceptIdentityTransfer", r#"{"code": "$code"}"#),
    ("invalidate", "null"),
    ("logout", "null"),
];

const TYPED: &str = r#"import type { Api, Auth, ChatState, EventMap } from "palaver";
type All = Api & Auth;
type Answer<M extends keyof All> = All[M] extends (...args: never[]) => infer A ? Awaited<A> : never;
"#;

/// Every method is called, agents act, the platform's samples arrive. What the page gets goes where `PALAVER_TOLD` says,
/// as TypeScript: `npm test -- --only types` compiles it.
#[test]
fn every_method_answers_as_typed() {
    let mut sim = Sim::connected();
    let button = json!({ "type": "message", "text": "Yes", "value": "yes", "postback_id": "yes", "user_ids": [] });
    let card = json!({ "title": "Need a hand?", "buttons": [button] });
    let cards = json!({ "type": "rich_message", "template_id": "cards", "elements": [card] });
    sim.agent(json!({ "greeting": { "event": cards, "id": 1 } }));
    sim.run(1_000);
    let mut known: BTreeMap<&str, Json> = BTreeMap::new();
    known.insert("$greeting", sim.told("incoming_greeting")[0]["uniqueId"].clone());
    let mut typed: Vec<(String, Json)> = Vec::new();
    for (method, args) in CALLS {
        let mut args = (*args).to_owned();
        for (name, value) in &known {
            args = args.replace(name, value.as_str().unwrap());
        }
        let answer = sim.ask(method, serde_json::from_str(&args).unwrap());
        let answer = answer.unwrap_or_else(|error| panic!("{method}({args}): {error:?}"));
        match *method {
            "startChat" => {
                known.insert("$chat", answer["chat"]["id"].clone());
                sim.agent(json!({ "event": { "event": cards } }));
                sim.agent(json!({ "typing": {} }));
                sim.agent(json!({ "seen": {} }));
                sim.run(1_000);
                known.insert("$rich", sim.told("new_event").last().unwrap()["id"].clone());
            }
            "sendMessage" => {
                known.extend(
                    [("$event", "id"), ("$thread", "threadId"), ("$at", "createdAt")]
                        .map(|(name, field)| (name, answer[field].clone())),
                );
            }
            "requestIdentityTransfer" => drop(known.insert("$code", answer["identityTransferToken"].clone())),
            _ => {}
        }
        sim.run(1_000);
        typed.push((format!("Answer<\"{method}\">"), answer));
        typed.push(("ChatState[]".to_owned(), sim.session.chats().to_json()));
    }
    for name in ["thread_summary", "thread_metadata", "thread_metada"] {
        assert_eq!(sim.told(name).last().unwrap()["chat"], known["$chat"], "{name}");
    }
    typed.extend(sim.told.iter().map(|(name, told)| (format!("EventMap[\"{name}\"]"), told.clone())));
    for (name, sample) in fixtures() {
        let (action, payload) = if let Some((_, action)) = name.split_once("-push-") {
            (action, if sample["type"] == "push" { sample["payload"].clone() } else { sample })
        } else if name.contains("-event-") {
            ("incoming_event", json!({ "chat_id": "C", "thread_id": "T", "event": sample }))
        } else {
            continue;
        };
        // A frame around nothing, and a form from before forms had ids.
        let event = payload.get("event").unwrap_or(&json!({ "form_id": "f" })).clone();
        if event == json!({}) || event["type"] == "filled_form" && event.get("form_id").is_none() {
            continue;
        }
        let mut sim = Sim::connected();
        sim.told.clear();
        receive(&mut sim, &json!({ "version": "3.6", "type": "push", "action": action, "payload": payload }));
        typed.extend(sim.told.iter().map(|(name, told)| (format!("EventMap[\"{name}\"]"), told.clone())));
    }
    let Ok(path) = env::var("PALAVER_TOLD") else { return };
    let mut text = TYPED.to_owned();
    for (index, (kind, value)) in typed.iter().enumerate() {
        let value = if value.is_null() { "undefined".to_owned() } else { value.to_string() };
        text.push_str(&format!("export const got{index}: {kind} = {value};\n"));
    }
    fs::write(path, text).unwrap();
}
