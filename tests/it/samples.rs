//! Samples of everything that a platform says, and how each reaches the session.

use serde_json::{Value as Json, json};

use super::platform::{good, good_token};

/// How something reaches the session.
#[derive(Clone)]
pub enum Way {
    /// A push; what makes the payload of the sample.
    Push(String, fn(Json) -> Json),
    /// A whole frame of a push.
    Frame,
    /// The answer to a page's call: the method, an argument, its action; what makes the payload of the sample.
    Reply(&'static str, Json, &'static str, fn(Json) -> Json),
    /// The same, as a whole frame.
    ReplyFrame(&'static str, Json, &'static str),
    /// The answer to what the session asks by itself after something odd; what makes the payload of the sample.
    Sync(fn(Json) -> Json),
    /// The answer to a login, or to the summary behind it.
    Login(&'static str),
    /// The answer to a call over HTTP.
    Web(&'static str, Json),
    /// The answer of the token service.
    Token,
}

pub struct Case {
    pub name: String,
    pub sample: Json,
    pub way: Way,
}

pub fn case(name: &str, sample: Json, way: Way) -> Case {
    Case { name: name.to_owned(), sample, way }
}

fn same(sample: Json) -> Json {
    sample
}

/// The page's call that an action answers.
fn call_of(action: &str) -> (&'static str, Json, &'static str) {
    let event = json!({ "chatId": "CHAT", "threadId": "THREAD", "eventId": "E" });
    let with = |name: &str, value: Json| {
        let mut event = event.clone();
        event[name] = value;
        event
    };
    let values = json!({ "ns": { "n": 1 } });
    let named = json!({ "ns": ["n"] });
    match action {
        "accept_greeting" => ("acceptGreeting", json!({ "greetingId": 1, "uniqueId": "U" }), "accept_greeting"),
        "deactivate_chat" => ("deactivateChat", json!({ "id": "CHAT" }), "deactivate_chat"),
        "delete_chat_properties" => {
            ("deleteChatProperties", json!({ "id": "CHAT", "properties": named }), "delete_chat_properties")
        }
        "delete_event" => ("deleteEvent", event, "delete_event"),
        "get_chat" => ("getChat", json!({ "chatId": "CHAT" }), "get_chat"),
        "list_chats" => ("listChats", json!({}), "list_chats"),
        "request_welcome_message" => ("requestWelcomeMessage", json!({}), "request_welcome_message"),
        "send_rich_message_postback" => {
            let postback = json!({ "id": "b", "toggled": true });
            ("sendRichMessagePostback", with("postback", postback), "send_rich_message_postback")
        }
        "send_sneak_peek" => ("setSneakPeek", json!({ "chatId": "CHAT", "sneakPeekText": "x" }), "send_sneak_peek"),
        "set_customer_session_fields" => {
            ("setCustomerSessionFields", json!({ "sessionFields": { "a": "1" } }), "set_customer_session_fields")
        }
        "start_chat" => ("startChat", json!({}), "start_chat"),
        "update_chat_properties" => {
            ("updateChatProperties", json!({ "id": "CHAT", "properties": values }), "update_chat_properties")
        }
        "update_thread_properties" => {
            let args = json!({ "chatId": "CHAT", "threadId": "THREAD", "properties": values });
            ("updateThreadProperties", args, "update_thread_properties")
        }
        other => panic!("which call does {other} answer?"),
    }
}

pub fn incoming(event: Json) -> Json {
    json!({ "chat_id": "CHAT", "thread_id": "THREAD", "event": event })
}

fn details(details: Json) -> Json {
    let event = json!({
        "id": "S_1", "type": "system", "source": "cdp", "subtype": "s", "version": 1, "details": details.to_string(),
        "created_at": "2026-03-01T10:00:00.000000Z",
    });
    incoming(event)
}

fn field(field: Json) -> Json {
    let event = json!({
        "id": "F_1", "type": "filled_form", "author_id": "a", "form_id": "f", "fields": [field],
        "created_at": "2026-03-01T10:00:00.000000Z",
    });
    incoming(event)
}

fn with_thread(chat: Json) -> Json {
    let mut chat = chat;
    if let Some(thread) = chat.pointer("/threads/0").cloned() {
        chat["thread"] = thread;
    }
    json!({ "requester_id": "a", "chat": chat })
}

/// The ways of a fixture; none for what only clients say.
pub fn ways(name: &str, sample: &Json) -> Vec<Way> {
    let threads = |sample: Json| json!({ "threads": [sample], "found_threads": 1, "next_page_id": "p" });
    if let Some((_, rest)) = name.split_once("-push-") {
        return vec![if sample["type"] == "push" { Way::Frame } else { Way::Push(rest.to_owned(), same) }];
    }
    if name.ends_with("-push") {
        return vec![Way::Frame];
    }
    if name.ends_with("-request") {
        return vec![];
    }
    if name.contains("-event-") || name.ends_with("system_message_body") {
        return vec![Way::Push("incoming_event".to_owned(), incoming), Way::Push("event_updated".to_owned(), incoming)];
    }
    if name.starts_with("system-activity-") {
        return vec![Way::Push("incoming_event".to_owned(), details)];
    }
    if name.contains("-field-") {
        return vec![Way::Push("incoming_event".to_owned(), field)];
    }
    if name.starts_with("auth-token-") {
        return vec![Way::Token];
    }
    if name.contains("-rtm-login-") {
        return vec![Way::Login("login")];
    }
    if let Some((_, rest)) = name.split_once("-rtm-")
        && let Some(action) = rest.strip_suffix("-response")
    {
        let (method, args, action) = call_of(action);
        let mut ways = vec![Way::ReplyFrame(method, args, action)];
        if action == "list_chats" {
            ways.push(Way::Login("list_chats"));
        }
        return ways;
    }
    if let Some((_, rest)) = name.split_once("-web-")
        && let Some(action) = rest.strip_suffix("-response")
    {
        return vec![match action {
            "get_dynamic_configuration" => Way::Web("getDynamicConfiguration", json!({})),
            "get_localization" => {
                Way::Web("getLocalization", json!({ "groupId": 0, "language": "en", "version": "v" }))
            }
            "list_license_properties" => Way::Web("listLicenseProperties", json!({})),
            action => {
                let (method, args, action) = call_of(action);
                Way::Reply(method, args, action, same)
            }
        }];
    }
    let form = json!({ "groupId": 0, "type": "prechat" });
    match name.split_once('-').map_or("", |(_, rest)| rest) {
        "structure-chat" => vec![Way::Push("incoming_chat".to_owned(), with_thread)],
        "structure-chat_summary" => {
            vec![Way::Reply("listChats", json!({}), "list_chats", |chat| json!({ "chats_summary": [chat, chat] }))]
        }
        "structure-thread" => {
            vec![Way::Reply("listThreads", json!({ "chatId": "CHAT" }), "list_threads", threads), Way::Sync(threads)]
        }
        "structure-form" => {
            vec![Way::Reply("getForm", form, "get_form", |form| json!({ "enabled": true, "form": form }))]
        }
        "rtm-get_form-response-payload" => vec![Way::Reply("getForm", form, "get_form", same)],
        "user-agent" => {
            let args = json!({ "chatId": "CHAT" });
            let chat = |user: Json| json!({ "id": "CHAT", "users": [user, user], "thread": null });
            vec![
                Way::Push("user_added_to_chat".to_owned(), |user| json!({ "chat_id": "CHAT", "user": user })),
                Way::Reply("getChat", args, "get_chat", chat),
            ]
        }
        _ => panic!("what is {name}?"),
    }
}

/// What the fixtures lack, after the reference.
pub fn more() -> Vec<Case> {
    let ids = json!({ "chat_id": "CHAT", "thread_id": "THREAD" });
    let about = |more: Json| {
        let mut payload = ids.clone();
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        payload
    };
    let at = "2026-03-01T10:00:00.000000Z";
    let event = json!({ "created_at": at, "type": "message", "text": "hi", "author_id": "a", "custom_id": "c" });
    let properties = json!({ "ns": { "n": 1 } });
    let queue = json!({ "position": 2, "wait_time": 90, "queued_at": at });
    let agent =
        json!({ "id": "a", "type": "agent", "name": "G", "avatar": "g.png", "job_title": "J", "is_bot": false });
    let button =
        json!({ "type": "webview", "text": "t", "value": "v", "postback_id": "p", "user_ids": ["u"], "role": "r" });
    let image = json!({ "url": "u", "name": "n", "width": 3, "height": 4 });
    let option = json!({ "option_id": "o", "label": "l", "price": 1.5, "selected": true });
    let rich = json!({ "id": "R_1", "type": "rich_message", "template_id": "cards", "author_id": "a", "created_at": at,
        "elements": [{ "title": "t", "image": image, "buttons": [button], "ecommerce": { "options": [option] } }] });
    let greeting = json!({ "id": 1, "unique_id": "U", "displayed_first_time": true, "accepted": false, "addon": "email",
        "subtype": "announcement", "is_exit_intent": false, "event": rich, "agent": agent });
    let mut login = good("login", &Json::Null);
    login["greeting"] = greeting.clone();
    login["customer"]["session_fields"] = json!([{ "a": "1" }]);
    let login = json!({ "type": "response", "action": "login", "success": true, "request_id": "1", "payload": login });
    let chat = good("get_chat", &ids);
    let pushes = [
        ("chat_deactivated", about(json!({ "user_id": "u" }))),
        ("chat_properties_updated", about(json!({ "properties": properties }))),
        (
            "chat_transferred",
            about(json!({ "requester_id": "a", "reason": "manual", "queue": queue,
                "transferred_to": { "group_ids": [1], "agent_ids": ["a"] } })),
        ),
        ("customer_updated", json!({ "id": "me", "name": "n", "session_fields": [{ "a": "1" }] })),
        ("event_deleted", about(json!({ "event_id": "E" }))),
        ("event_properties_deleted", about(json!({ "event_id": "E", "properties": { "ns": ["n"] } }))),
        ("event_properties_updated", about(json!({ "event_id": "E", "properties": properties }))),
        ("groups_status_updated", json!({ "groups": [{ "id": 0, "status": "online_for_queue" }] })),
        ("incoming_chat", json!({ "requester_id": "a", "chat": chat })),
        ("incoming_event", incoming(rich)),
        ("incoming_event_preview", about(json!({ "event": event }))),
        ("incoming_greeting", greeting),
        (
            "incoming_typing_indicator",
            about(json!({ "typing_indicator": {
                "author_id": "a", "recipients": "all", "timestamp": 1_772_323_200, "is_typing": true } })),
        ),
        ("incoming_welcome_message", json!({ "id": "W", "event": event })),
        ("queue_position_updated", about(json!({ "queue": queue }))),
        ("thread_properties_deleted", about(json!({ "properties": { "ns": ["n"] } }))),
        (
            "thread_properties_updated",
            about(json!({ "properties": { "lc2": { "queue_pos": 1, "queue_waiting_time": 60 } } })),
        ),
        ("user_removed_from_chat", about(json!({ "user_id": "a", "reason": "manual", "requester_id": "b" }))),
        (
            "customer_disconnected",
            json!({ "reason": "customer_temporarily_blocked", "data": { "timeout": 1, "region": "fra" } }),
        ),
    ];
    let mut cases: Vec<Case> =
        pushes.into_iter().map(|(action, payload)| case(action, payload, Way::Push(action.to_owned(), same))).collect();
    let info = json!({ "url": "u", "title": "t", "image_url": "//x/i.png", "image_width": 3, "image_height": 4 });
    let customer = json!({ "id": "me", "type": "customer", "session_fields": [{ "a": "1" }], "statistics": {},
        "omnichannel": { "twilio": [{ "+1": { "phone_number": "+1" } }] } });
    let predicted = json!({ "agent": agent, "queue": true });
    let mut page = good("list_threads", &ids);
    page["threads"][0]["events"] = json!([event]);
    page["next_page_id"] = json!("p");
    let error = json!({ "request_id": "<request_id>", "action": "get_customer", "type": "response", "success": false,
        "payload": { "error": { "type": "authorization", "message": "m", "data": { "a_b": 1 } } } });
    cases.extend([
        case("get_customer", customer, Way::Reply("getCustomer", json!({}), "get_customer", same)),
        case(
            "list_group_statuses",
            json!({ "groups_status": { "0": "online" } }),
            Way::Reply("listGroupStatuses", json!({}), "list_group_statuses", same),
        ),
        case("predicted", predicted, Way::Reply("getPredictedAgent", json!({}), "get_predicted_agent", same)),
        case("get_url_info", info, Way::Reply("getUrlInfo", json!({ "url": "u" }), "get_url_info", same)),
        case(
            "resume_chat",
            json!({ "thread_id": "T", "event_ids": ["E"] }),
            Way::Reply("resumeChat", json!({ "chat": { "id": "CHAT" } }), "resume_chat", same),
        ),
        case(
            "rate_chat",
            good("list_threads", &ids),
            Way::Reply("rateChat", json!({ "chatId": "CHAT", "rating": { "score": 1 } }), "list_threads", same),
        ),
        case(
            "identity_transfer",
            json!({ "identity_transfer_token": "t", "expires_in": 3600 }),
            Way::Web("requestIdentityTransfer", json!({})),
        ),
        case(
            "upload_file",
            json!({ "url": "u" }),
            Way::Web("uploadFile", json!({ "file": { "name": "a.txt", "size": 1 } })),
        ),
        case("threads", page, Way::Sync(same)),
        case("error", error, Way::ReplyFrame("getCustomer", json!({}), "get_customer")),
        case("login", login, Way::Login("login")),
        case("token", good_token("s"), Way::Token),
    ]);
    cases
}
