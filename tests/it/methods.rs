//! What a page may call.

use serde_json::{Value as Json, json};

/// Each method of the page: its name, one valid argument, and what of it must be there.
pub fn methods() -> Vec<(&'static str, Json, &'static str)> {
    let event = "chatId threadId eventId";
    let time = "2026-03-01T10:00:00.000200Z";
    let properties = json!({ "ns": { "name": "value" } });
    let named = json!({ "ns": ["name"] });
    vec![
        ("acceptGreeting", json!({ "greetingId": 7, "uniqueId": "U" }), "greetingId uniqueId"),
        ("acceptIdentityTransfer", json!({ "code": "c", "codeVerifier": "v" }), "code"),
        ("cancelGreeting", json!({ "uniqueId": "U" }), "uniqueId"),
        ("cancelRate", json!({ "chatId": "C", "properties": ["score"] }), "chatId"),
        ("checkGoals", json!({ "pageUrl": "https://x", "groupId": 0, "sessionFields": { "a": "1" } }), "pageUrl"),
        ("deactivateChat", json!({ "id": "C" }), "id"),
        ("deleteChatProperties", json!({ "id": "C", "properties": named }), "id properties"),
        ("deleteEvent", json!({ "chatId": "C", "threadId": "T", "eventId": "E" }), event),
        (
            "deleteEventProperties",
            json!({ "chatId": "C", "threadId": "T", "eventId": "E", "properties": named }),
            "chatId threadId eventId properties",
        ),
        (
            "deleteThreadProperties",
            json!({ "chatId": "C", "threadId": "T", "properties": named }),
            "chatId threadId properties",
        ),
        ("discard", json!({ "customId": "own" }), "customId"),
        ("getChat", json!({ "chatId": "C", "threadId": "T" }), "chatId"),
        ("getConfiguration", json!({ "groupId": 0, "version": "v" }), "groupId version"),
        ("getCustomer", json!({}), ""),
        (
            "getDynamicConfiguration",
            json!({ "groupId": 0, "url": "https://x", "channelType": "code", "test": true }),
            "",
        ),
        ("getForm", json!({ "groupId": 0, "type": "prechat" }), "groupId type"),
        ("getFreshToken", json!({}), ""),
        ("getLocalization", json!({ "groupId": 0, "language": "en", "version": "v" }), "groupId language version"),
        ("getPredictedAgent", json!({ "groupId": 0 }), ""),
        ("getToken", json!({}), ""),
        ("getUrlInfo", json!({ "url": "https://x" }), "url"),
        ("hasToken", json!({}), ""),
        ("invalidate", json!({}), ""),
        ("listChats", json!({ "limit": 10, "sortOrder": "desc" }), ""),
        ("listChats", json!({ "pageId": "p" }), ""),
        ("listGroupProperties", json!({ "id": 0, "namespace": "ns", "name": "n" }), "id"),
        ("listGroupStatuses", json!({ "groupIds": [0, 1] }), ""),
        ("listLicenseProperties", json!({ "namespace": "ns", "name": "n" }), ""),
        ("listThreads", json!({ "chatId": "C", "limit": 3, "sortOrder": "asc" }), "chatId"),
        ("listThreads", json!({ "chatId": "C", "minEventsCount": 25 }), "chatId"),
        ("listThreads", json!({ "chatId": "C", "pageId": "p" }), "chatId"),
        ("logout", json!({}), ""),
        ("markEventsAsSeen", json!({ "chatId": "C", "seenUpTo": time }), "chatId seenUpTo"),
        ("rateChat", json!({ "chatId": "C", "rating": { "score": 1, "comment": "good" } }), "chatId rating"),
        ("requestEmailVerification", json!({ "callbackUri": "https://x" }), "callbackUri"),
        ("requestIdentityTransfer", json!({ "codeChallenge": "c" }), ""),
        ("requestTranscript", json!({ "chatId": "C", "email": "a@example.com" }), "chatId email"),
        ("requestWelcomeMessage", json!({ "id": "W", "groupId": 0 }), ""),
        (
            "resumeChat",
            json!({ "chat": { "id": "C" }, "active": true, "continuous": false, "welcomeMessageId": "W" }),
            "chat",
        ),
        ("retry", json!({ "customId": "own" }), "customId"),
        (
            "sendEvent",
            json!({ "chatId": "C", "event": { "type": "message", "text": "x" }, "attachToLastThread": true }),
            "chatId event",
        ),
        (
            "sendFile",
            json!({
                "chatId": "C", "url": "https://x", "alternativeText": "a", "customId": "own", "properties": properties,
            }),
            "chatId url",
        ),
        ("sendGreetingButtonClicked", json!({ "greetingUniqueId": "U", "buttonId": "B" }), "greetingUniqueId buttonId"),
        (
            "sendMessage",
            json!({
                "chatId": "C", "text": "x", "customId": "own", "properties": properties,
                "postback": { "id": "b", "threadId": "T", "eventId": "E" },
            }),
            "chatId text",
        ),
        (
            "sendRichMessagePostback",
            json!({ "chatId": "C", "threadId": "T", "eventId": "E", "postback": { "id": "b", "toggled": true } }),
            "chatId threadId eventId postback",
        ),
        ("setCustomerSessionFields", json!({ "sessionFields": { "a": "1" } }), "sessionFields"),
        ("setSneakPeek", json!({ "chatId": "C", "sneakPeekText": "x" }), "chatId sneakPeekText"),
        (
            "startChat",
            json!({ "chat": { "properties": {} }, "active": true, "continuous": true, "welcomeMessageId": "W" }),
            "",
        ),
        ("updateChatProperties", json!({ "id": "C", "properties": properties }), "id properties"),
        (
            "updateCustomer",
            json!({
                "name": "A", "email": "a@example.com", "avatar": "https://x/a.png", "sessionFields": { "a": "1" },
                "address": { "city": "C" }, "omnichannel": { "twilio": { "phoneNumber": "1" } },
            }),
            "",
        ),
        ("updateCustomerPage", json!({ "url": "https://x", "title": "t" }), ""),
        (
            "updateEventProperties",
            json!({ "chatId": "C", "threadId": "T", "eventId": "E", "properties": properties }),
            "chatId threadId eventId properties",
        ),
        (
            "updateThreadProperties",
            json!({ "chatId": "C", "threadId": "T", "properties": properties }),
            "chatId threadId properties",
        ),
        ("uploadFile", json!({ "file": { "name": "a.png", "size": 1, "type": "image/png" } }), "file"),
    ]
}
