//! The part of `every_method_reaches_the_platform` that is about a chat.

use serde_json::{Value as Json, json};

use crate::every_method_reaches_the_platform::{Story, has};

pub fn the_chat(story: &mut Story) -> (String, String) {
    let args = json!({ "groupId": 0 });
    let welcome = story.ask("requestWelcomeMessage", &args, "request_welcome_message", &json!({ "group_id": 0 }));
    has(&welcome, &["id", "predictedAgent", "queue"]);
    has(&welcome["predictedAgent"], &["id", "type", "name", "avatar", "jobTitle", "isBot"]);
    story.sim.run(100);
    let message = story.sim.told("incoming_welcome_message")[0].clone();
    assert_eq!(message["id"], welcome["id"]);
    assert_eq!((&message["event"]["type"], &message["event"]["threadId"]), (&json!("message"), &Json::Null));

    let event = json!({ "type": "message", "text": "hi", "customId": "first" });
    let started = story.ask(
        "startChat",
        &json!({
            "chat": {
                "access": { "groupIds": [0] }, "properties": { "routing": { "email_follow_up": true } },
                "thread": { "events": [event], "properties": { "rating": { "score": 1 } } },
            },
            "continuous": true, "welcomeMessageId": welcome["id"],
        }),
        "start_chat",
        &json!({
            "chat": {
                "access": { "group_ids": [0] }, "properties": { "routing": { "email_follow_up": true } },
                "thread": {
                    "events": [{ "type": "message", "text": "hi", "custom_id": "first" }],
                    "properties": { "rating": { "score": 1 } },
                },
            },
            "active": true, "continuous": true, "welcome_message_id": welcome["id"],
        }),
    );
    let chat = &started["chat"];
    has(chat, &["id", "access", "users", "properties", "eventsSeenUpToMap", "thread"]);
    assert_eq!(chat["access"]["groupIds"], json!([0]));
    let thread = &chat["thread"];
    has(thread, &["id", "chatId", "active", "access", "createdAt", "userIds", "events", "properties", "queue"]);
    has(thread, &["previousThreadId", "nextThreadId"]);
    assert_eq!((&thread["active"], &thread["chatId"], &thread["queue"]), (&json!(true), &chat["id"], &Json::Null));
    let own = thread["events"].as_array().unwrap().iter().find(|event| event["customId"] == "first").unwrap();
    assert_eq!((&own["threadId"], &own["text"], &own["properties"]), (&thread["id"], &json!("hi"), &json!({})));
    (chat["id"].as_str().unwrap().to_owned(), thread["id"].as_str().unwrap().to_owned())
}

pub fn events(story: &mut Story, chat: &str, thread: &str) {
    let sent = story.ask(
        "sendMessage",
        &json!({ "chatId": chat, "text": "own", "customId": "m1", "properties": { "lc2": { "form_type": "x" } } }),
        "send_event",
        &json!({
            "chat_id": chat,
            "event": { "type": "message", "text": "own", "properties": { "lc2": { "form_type": "x" } }, "custom_id": "m1" },
        }),
    );
    assert_eq!(
        (&sent["customId"], &sent["threadId"], &sent["type"]),
        (&json!("m1"), &json!(thread), &json!("message"))
    );
    has(&sent, &["id", "authorId", "createdAt", "properties", "text"]);

    let cases = [
        (
            json!({ "type": "custom", "content": { "aB": { "c_d": 1 } }, "customId": "c1" }),
            "content",
            json!({ "aB": { "c_d": 1 } }),
        ),
        (
            json!({ "type": "system_message", "systemMessageType": "own_type", "text": "t", "textVars": { "aB": "1" }, "customId": "s1" }),
            "systemMessageType",
            json!("own_type"),
        ),
        (
            json!({
                "type": "filled_form", "formId": "f", "customId": "f1",
                "fields": [{ "type": "group_chooser", "id": "1", "label": "L", "answer": { "id": "0", "groupId": 1, "label": "G" } }],
            }),
            "formId",
            json!("f"),
        ),
    ];
    for (event, name, value) in cases {
        let text = event.to_string();
        let wire = ["customId", "systemMessageType", "textVars", "formId", "groupId"].into_iter().zip([
            "custom_id",
            "system_message_type",
            "text_vars",
            "form_id",
            "group_id",
        ]);
        let wire = wire.fold(text, |text, (page, wire)| text.replace(&format!("\"{page}\""), &format!("\"{wire}\"")));
        let wire: Json = serde_json::from_str(&wire).unwrap();
        let sent = story.ask(
            "sendEvent",
            &json!({ "chatId": chat, "event": event }),
            "send_event",
            &json!({ "chat_id": chat, "event": wire }),
        );
        assert_eq!(sent[name], value, "{sent}");
    }

    let file = json!({ "name": "fern.txt", "content": "ZmVybg==", "content_type": "text/plain" });
    story.sim.agent(json!({ "file": file }));
    story.sim.run(100);
    let url = story.sim.told("incoming_event").last().unwrap()["event"]["url"].clone();
    assert!(url.is_string(), "the agent's file has an address");
    let sent = story.ask(
        "sendFile",
        &json!({ "chatId": chat, "url": url, "alternativeText": "a fern", "customId": "u1" }),
        "send_event",
        &json!({
            "chat_id": chat,
            "event": { "type": "file", "url": url, "alternative_text": "a fern", "custom_id": "u1" },
        }),
    );
    assert_eq!((&sent["name"], &sent["contentType"]), (&json!("fern.txt"), &json!("text/plain")));

    story.ask(
        "setSneakPeek",
        &json!({ "chatId": chat, "sneakPeekText": "I am ty" }),
        "send_sneak_peek",
        &json!({ "chat_id": chat, "sneak_peek_text": "I am ty" }),
    );
    let seen = story.sim.told("incoming_event").last().unwrap()["event"]["createdAt"].clone();
    story.tell(
        "markEventsAsSeen",
        &json!({ "chatId": chat, "seenUpTo": seen }),
        "mark_events_as_seen",
        &json!({ "chat_id": chat, "seen_up_to": seen }),
    );

    let button = json!({ "type": "message", "text": "Yes", "value": "yes", "postback_id": "yes" });
    story.sim.agent(json!({ "event": { "event": {
        "type": "rich_message", "template_id": "cards", "elements": [{ "title": "T", "buttons": [button] }],
    } } }));
    story.sim.run(100);
    let rich = story.sim.told("incoming_event").last().unwrap()["event"].clone();
    let postback = json!({ "id": "yes", "toggled": true, "buttonType": "message", "buttonValue": "yes" });
    story.tell(
        "sendRichMessagePostback",
        &json!({ "chatId": chat, "threadId": thread, "eventId": rich["id"], "postback": postback }),
        "send_rich_message_postback",
        &json!({
            "chat_id": chat, "thread_id": thread, "event_id": rich["id"],
            "postback": { "id": "yes", "toggled": true, "button_type": "message", "button_value": "yes" },
        }),
    );
    let told = story.sim.told("incoming_rich_message_postback")[0];
    assert_eq!((&told["eventId"], &told["postback"]["buttonValue"]), (&rich["id"], &json!("yes")));
}

pub fn properties(story: &mut Story, chat: &str, thread: &str) {
    let event = story.ask(
        "sendMessage",
        &json!({ "chatId": chat, "text": "marked", "customId": "m2" }),
        "send_event",
        &json!({ "chat_id": chat, "event": { "type": "message", "text": "marked", "custom_id": "m2" } }),
    )["id"]
        .clone();
    let values = json!({ "rating": { "comment": "aB" } });
    let named = json!({ "rating": ["comment"] });
    story.tell(
        "updateChatProperties",
        &json!({ "id": chat, "properties": values }),
        "update_chat_properties",
        &json!({ "id": chat, "properties": values }),
    );
    story.tell(
        "deleteChatProperties",
        &json!({ "id": chat, "properties": named }),
        "delete_chat_properties",
        &json!({ "id": chat, "properties": named }),
    );
    story.tell(
        "updateThreadProperties",
        &json!({ "chatId": chat, "threadId": thread, "properties": values }),
        "update_thread_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "properties": values }),
    );
    story.tell(
        "deleteThreadProperties",
        &json!({ "chatId": chat, "threadId": thread, "properties": named }),
        "delete_thread_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "properties": named }),
    );
    story.tell(
        "updateEventProperties",
        &json!({ "chatId": chat, "threadId": thread, "eventId": event, "properties": values }),
        "update_event_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "event_id": event, "properties": values }),
    );
    story.tell(
        "deleteEventProperties",
        &json!({ "chatId": chat, "threadId": thread, "eventId": event, "properties": named }),
        "delete_event_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "event_id": event, "properties": named }),
    );
    for name in ["chat_properties", "thread_properties", "event_properties"] {
        let told = story.sim.told(&format!("{name}_updated"));
        assert_eq!(told.last().unwrap()["properties"], values, "{name}");
        let told = story.sim.told(&format!("{name}_deleted"));
        assert_eq!(told.last().unwrap()["properties"], named, "{name}");
    }

    story.tell(
        "rateChat",
        &json!({ "chatId": chat, "rating": { "score": 0, "comment": "slow" } }),
        "update_thread_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "properties": { "rating": { "score": 0, "comment": "slow" } } }),
    );
    story.tell(
        "cancelRate",
        &json!({ "chatId": chat }),
        "delete_thread_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "properties": { "rating": ["score"] } }),
    );
    story.tell(
        "cancelRate",
        &json!({ "chatId": chat, "properties": ["comment"] }),
        "delete_thread_properties",
        &json!({ "chat_id": chat, "thread_id": thread, "properties": { "rating": ["comment"] } }),
    );
    story.tell(
        "requestTranscript",
        &json!({ "chatId": chat, "email": "ada@example.com" }),
        "update_thread_properties",
        &json!({
            "chat_id": chat, "thread_id": thread,
            "properties": { "routing": { "transcript_email": "ada@example.com" } },
        }),
    );
    story.tell(
        "deleteEvent",
        &json!({ "chatId": chat, "threadId": thread, "eventId": event }),
        "delete_event",
        &json!({ "chat_id": chat, "thread_id": thread, "event_id": event }),
    );
    assert_eq!(*story.sim.told("event_deleted")[0], json!({ "chatId": chat, "threadId": thread, "eventId": event }));
}

pub fn the_thread(story: &mut Story, chat: &str, thread: &str) {
    story.tell("deactivateChat", &json!({ "id": chat }), "deactivate_chat", &json!({ "id": chat }));
    assert_eq!(story.sim.told("chat_deactivated")[0]["chatId"], *chat);
    let late = json!({ "type": "message", "text": "late", "customId": "l1" });
    let wire = json!({ "type": "message", "text": "late", "custom_id": "l1" });
    let sent = story.ask(
        "sendEvent",
        &json!({ "chatId": chat, "event": late, "attachToLastThread": true }),
        "send_event",
        &json!({ "chat_id": chat, "event": wire, "attach_to_last_thread": true }),
    );
    assert_eq!(sent["threadId"], *thread);
    let resumed = story.ask(
        "resumeChat",
        &json!({ "chat": { "id": chat, "thread": { "events": [{ "type": "message", "text": "again" }] } } }),
        "resume_chat",
        &json!({ "chat": { "id": chat, "thread": { "events": [{ "type": "message", "text": "again" }] } }, "active": true }),
    );
    let second = &resumed["chat"]["thread"];
    assert_eq!((&second["previousThreadId"], &second["active"]), (&json!(thread), &json!(true)));

    let page = story.ask("listChats", &json!({}), "list_chats", &json!({ "limit": 10 }));
    has(&page, &["chatsSummary", "totalChats", "users", "previousPageId", "nextPageId"]);
    let row = &page["chatsSummary"][0];
    has(row, &["id", "active", "access", "properties", "users", "lastThreadId", "lastThreadCreatedAt"]);
    has(row, &["eventsSeenUpToMap", "lastEventsPerType", "lastEvent"]);
    assert_eq!((&row["id"], &row["lastThreadId"], &row["active"]), (&json!(chat), &second["id"], &json!(true)));

    let args = json!({ "chatId": chat, "limit": 1, "sortOrder": "asc" });
    let wire = json!({ "chat_id": chat, "limit": 1, "sort_order": "asc" });
    let first = story.ask("listThreads", &args, "list_threads", &wire);
    assert_eq!(first["threads"][0]["id"], *thread, "oldest first");
    let next = &first["nextPageId"];
    let args = json!({ "chatId": chat, "pageId": next });
    let rest = story.ask("listThreads", &args, "list_threads", &json!({ "chat_id": chat, "page_id": next }));
    assert_eq!(rest["threads"][0]["id"], second["id"]);
    assert_eq!(rest["nextPageId"], Json::Null);

    let whole = story.ask("getChat", &json!({ "chatId": chat }), "get_chat", &json!({ "chat_id": chat }));
    has(&whole, &["id", "access", "users", "properties", "eventsSeenUpToMap", "thread"]);
    assert_eq!(whole["thread"]["id"], second["id"]);
    let args = json!({ "chatId": chat, "threadId": thread });
    let old = story.ask("getChat", &args, "get_chat", &json!({ "chat_id": chat, "thread_id": thread }));
    assert_eq!((&old["thread"]["id"], &old["thread"]["nextThreadId"]), (&json!(thread), &second["id"]));
}
