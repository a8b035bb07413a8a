//! A page's calls in LiveChat's words, checked: one table, one row per method (Reference, "Methods").

use super::LiveChat;
use crate::json::{Id, Value, join, names};
use crate::model::ChatError;
use crate::model::check::{self, take};
use crate::model::config::integer;
use crate::model::error::code;
use crate::session::{HttpRequest, Method, Prepared};

/// `message.text` in bytes of UTF-8 (Reference, "Limits").
const MAX_TEXT: usize = 16_384;
/// An upload in bytes.
const MAX_FILE: f64 = 10_485_760.0;
const MAX_ELEMENTS: u32 = 10;
const MAX_BUTTONS: u32 = 13;

/// The methods: name, the platform's action, how it goes, what comes back (behind a slash what of the reply that is made
/// of; a list that is empty may be left out), and the arguments with what they must be; see [`check`].
///
/// How: `r` a request that may be repeated, `o` one that may not, `n` one about the newest thread, `w` a POST to the
/// Web API, `u` one with a file, `g` a GET that needs no token, `a` a request to the accounts service, `t` the token
/// itself. `6` before it: since version 3.6. The first rows are [`Method`]'s, in its order.
const ROWS: &str = "\
listChats list_chats r chats/chats_summary?:list limit?:25 sortOrder?:order pageId?:text
listThreads list_threads r threads/threads?:list chatId:text limit?:100 minEventsCount?:100 sortOrder?:order pageId?:text
getChat get_chat r chat/id:text chatId:text threadId?:text
startChat start_chat o ok chat?:object chat.access?:object chat.access.groupIds?:ints chat.properties?:props chat.thread?:object chat.thread.properties?:props chat.thread.events?:list active?:flag continuous?:flag welcomeMessageId?:text
resumeChat resume_chat o ok chat:object chat.id:text chat.access?:object chat.access.groupIds?:ints chat.properties?:props chat.thread?:object chat.thread.properties?:props chat.thread.events?:list active?:flag continuous?:flag welcomeMessageId?:text
sendEvent send_event o ok chatId:text event:map attachToLastThread?:flag
sendMessage send_event o ok chatId:text text:string customId?:text properties?:props postback?:map
sendFile send_event o ok chatId:text alternativeText?:string customId?:text properties?:props url:text
setSneakPeek send_sneak_peek r ok chatId:text sneakPeekText:string
updateCustomerPage update_customer_page r ok url?:text title?:string
getToken - t ok
getFreshToken - t ok
hasToken - t ok
invalidate - t ok
acceptIdentityTransfer token a ok code:text codeVerifier?:text
logout token a ok
retry - r ok customId:text
discard - r ok customId:text
markEventsAsSeen mark_events_as_seen r ok chatId:text seenUpTo:time
acceptGreeting accept_greeting r ok greetingId:int uniqueId:text
cancelGreeting cancel_greeting r ok uniqueId:text
cancelRate delete_thread_properties n ok chatId:text properties?:texts
checkGoals check_goals w ok pageUrl:text groupId?:int sessionFields?:fields
deactivateChat deactivate_chat o ok id:text
deleteChatProperties delete_chat_properties r ok id:text properties:names
deleteEvent delete_event 6o ok chatId:text threadId:text eventId:text
deleteEventProperties delete_event_properties r ok chatId:text threadId:text eventId:text properties:names
deleteThreadProperties delete_thread_properties r ok chatId:text threadId:text properties:names
getConfiguration get_configuration g camel groupId:int version:text
getCustomer get_customer r customer/id:text
getDynamicConfiguration get_dynamic_configuration g camel groupId?:int url?:text channelType?:text test?:flag
getForm get_form r form/enabled:flag groupId:int type:form
getLocalization get_localization g raw groupId:int language:text version:text
getPredictedAgent get_predicted_agent r camel groupId?:int
getUrlInfo get_url_info r url url:text
listGroupProperties list_group_properties g raw id:int namespace?:text name?:text
listGroupStatuses list_group_statuses r groups/groups_status:object groupIds?:ints
listLicenseProperties list_license_properties g raw namespace?:text name?:text
rateChat update_thread_properties n ok chatId:text rating:object rating.score?:score rating.comment?:string
requestEmailVerification request_email_verification w ok callbackUri:text
requestIdentityTransfer identity_transfer a transfer codeChallenge?:text
requestTranscript update_thread_properties n ok chatId:text email:text
requestWelcomeMessage request_welcome_message 6o camel id?:text groupId?:int
sendGreetingButtonClicked send_greeting_button_clicked 6o ok greetingUniqueId:text buttonId:text
sendRichMessagePostback send_rich_message_postback o ok chatId:text threadId:text eventId:text postback:map postback.id:text postback.toggled:flag
setCustomerSessionFields set_customer_session_fields r ok sessionFields:fields
updateChatProperties update_chat_properties r ok id:text properties:props
updateCustomer update_customer r ok name?:string email?:string avatar?:string sessionFields?:fields address?:map omnichannel?:map
updateEventProperties update_event_properties r ok chatId:text threadId:text eventId:text properties:props
updateThreadProperties update_thread_properties r ok chatId:text threadId:text properties:props
uploadFile upload_file u camel/url:text file:object file.name?:string file.size?:any file.type?:string onProgress?:any
";

/// One row, taken apart.
#[derive(Clone, Copy)]
pub(super) struct Row {
    name: &'static str,
    action: &'static str,
    how: &'static str,
    pub(super) result: &'static str,
    reply: &'static str,
    args: &'static str,
}

impl Row {
    fn parse(mut line: &'static str) -> Self {
        let name = take(&mut line, b' ');
        let action = take(&mut line, b' ');
        let how = take(&mut line, b' ');
        let mut reply = take(&mut line, b' ');
        let result = take(&mut reply, b'/');
        Self { name, action, how, result, reply, args: line }
    }

    /// The row of a method.
    pub(super) fn of(method: Method) -> Self {
        let mut rows = ROWS;
        for _ in 0..method.0 {
            take(&mut rows, b'\n');
        }
        Self::parse(take(&mut rows, b'\n'))
    }
}

/// The method of a name, if version 3.5 or 3.6 has it.
pub(super) fn find(name: &str, version: &str) -> Option<Method> {
    let mut rows = ROWS;
    let mut index = 0;
    while !rows.is_empty() {
        let row = Row::parse(take(&mut rows, b'\n'));
        if row.name == name {
            return (!row.how.starts_with('6') || version != "3.5").then_some(Method(index));
        }
        index += 1;
    }
    None
}

/// Checks the arguments and builds the payload.
pub(super) fn prepare(
    live: &LiveChat,
    method: Method,
    args: &Value,
    custom_id: Option<Id>,
) -> Result<Box<Prepared>, ChatError> {
    if !args.is_missing() && !args.is_object() {
        return Err(ChatError::argument("options", args, "an object"));
    }
    let row = Row::of(method);
    let payload = Value::object();
    let wire = args.snake();
    // First: what is missing may be there under a misspelt name.
    if live.config.is_strict {
        check::surplus(row.args, args, row.name)?;
    }
    check::object(row.args, args, "")?;
    check::each(row.args, &mut |name, _, _| {
        // The page's spelling differs from the platform's by case only.
        let name = snake(name);
        let value = wire.field(&name);
        if !value.is_missing() {
            payload.put(&name, value);
        }
        Ok(())
    })?;
    let mut prepared = Box::new(Prepared {
        action: row.action,
        payload,
        chat: args.id(names::CHAT_ID_),
        custom_id: None,
        is_repeatable: matches!(row.how, "r" | "n"),
        needs_thread: row.how == "n",
        http: None,
    });
    complete(live, method, row, args, &mut prepared, custom_id)?;
    prepared.http = http(live, method, row, args, &prepared.payload);
    Ok(prepared)
}

fn enlist(list: &mut String, name: &str) {
    list.push_str(if list.is_empty() { "" } else { ", " });
    list.push_str(name);
}

fn snake(name: &str) -> String {
    let mut result = String::with_capacity(name.len() + 4);
    for byte in name.bytes() {
        if byte.is_ascii_uppercase() {
            result.push('_');
        }
        result.push(char::from(byte.to_ascii_lowercase()));
    }
    result
}

/// `pageId` carries the rest of the question already.
fn alone(args: &Value, others: &[&str]) -> Result<(), ChatError> {
    if args.get(names::PAGE_ID_).is_missing() {
        return Ok(());
    }
    match others.iter().find(|name| !args.field(name).is_missing()) {
        Some(other) => Err(ChatError::argument(other, &args.field(other), "absent when `pageId` is given")),
        None => Ok(()),
    }
}

/// What the table cannot say.
fn complete(
    live: &LiveChat,
    method: Method,
    row: Row,
    args: &Value,
    prepared: &mut Prepared,
    custom_id: Option<Id>,
) -> Result<(), ChatError> {
    let payload = prepared.payload.clone();
    match method {
        Method::LIST_CHATS => {
            alone(args, &["limit", "sortOrder"])?;
            if args.get(names::PAGE_ID_).is_missing() && args.get(names::LIMIT).is_missing() {
                payload.set(names::LIMIT, 10.0);
            }
        }
        Method::LIST_THREADS => {
            alone(args, &["limit", "sortOrder", "minEventsCount"])?;
            let limit = args.get(names::LIMIT);
            if !limit.is_missing() && !args.get(names::MIN_EVENTS_COUNT_).is_missing() {
                return Err(ChatError::argument("limit", &limit, "given without `minEventsCount`"));
            }
        }
        Method::START_CHAT | Method::RESUME_CHAT => start(args, prepared)?,
        Method::SEND_EVENT => {
            let event = args.get(names::EVENT);
            check_event(&event, "event.")?;
            prepared.custom_id = event.id(names::CUSTOM_ID_).or(custom_id);
            identify(&payload.get(names::EVENT), prepared.custom_id);
        }
        Method::SEND_MESSAGE | Method::SEND_FILE => {
            let kind = if method == Method::SEND_FILE { names::FILE } else { names::MESSAGE };
            let event = Value::object().with(names::TYPE, kind);
            for name in [names::TEXT, names::URL, names::ALTERNATIVE_TEXT_, names::PROPERTIES, names::POSTBACK] {
                event.copy(args, name);
            }
            check_event(&event, "")?;
            prepared.custom_id = args.id(names::CUSTOM_ID_).or(custom_id);
            let event = event.snake();
            identify(&event, prepared.custom_id);
            prepared.payload =
                Value::object().with(names::CHAT_ID, args.get(names::CHAT_ID_)).with(names::EVENT, event);
        }
        Method::ACCEPT_IDENTITY_TRANSFER => {
            payload.set(names::GRANT_TYPE, "identity_token");
            payload.set(names::RESPONSE_TYPE, "token");
            payload.copy_as(names::CLIENT_ID, &live.config.options, names::CLIENT_ID_);
        }
        _ => match row.name {
            "deactivateChat" => prepared.chat = args.id(names::ID),
            "updateCustomer" if payload.keys().len() == 0 => {
                return Err(ChatError::argument(
                    "options",
                    args,
                    "an object with name, email, avatar, sessionFields, address or omnichannel",
                ));
            }
            "setCustomerSessionFields" if payload.get(names::SESSION_FIELDS).len() > 100 => {
                let given = args.get(names::SESSION_FIELDS_);
                return Err(ChatError::argument("sessionFields", &given, "an object of at most 100 fields"));
            }
            "listGroupStatuses" if args.get(names::GROUP_IDS_).is_missing() => payload.set(names::ALL, true),
            "checkGoals" => payload.complete(names::GOALS_DEFAULTS),
            "rateChat" => {
                let rating = args.get(names::RATING);
                if rating.get(names::SCORE).is_missing() && rating.get(names::COMMENT).is_missing() {
                    return Err(ChatError::argument("rating", &rating, "an object with score or comment"));
                }
                of_thread(prepared, args, Value::object().with(names::RATING, rating));
            }
            "cancelRate" => {
                let given = args.get(names::PROPERTIES);
                let list = if given.is_missing() { Value::list() } else { given };
                if list.len() == 0 {
                    list.push("score");
                }
                of_thread(prepared, args, Value::object().with(names::RATING, list));
            }
            "requestTranscript" => {
                let routing = Value::object().with(names::TRANSCRIPT_EMAIL, args.get(names::EMAIL));
                of_thread(prepared, args, Value::object().with(names::ROUTING, routing));
            }
            "requestIdentityTransfer" => {
                payload.set(names::BEARER_TYPE, "customer");
                payload.copy_as(names::CLIENT_ID, &live.config.options, names::CLIENT_ID_);
            }
            "uploadFile" => check_file(&args.get(names::FILE))?,
            _ => {}
        },
    }
    Ok(())
}

/// A send that was prepared once and kept. What kept it may have been tampered with, so it is looked at again.
pub(super) fn restore(payload: Value) -> Option<Box<Prepared>> {
    let event = payload.get(names::EVENT);
    check_event(&event.camel(), "").ok()?;
    Some(Box::new(Prepared {
        action: Row::of(Method::SEND_EVENT).action,
        chat: Some(payload.id(names::CHAT_ID)?),
        custom_id: Some(event.id(names::CUSTOM_ID)?),
        payload,
        is_repeatable: false,
        needs_thread: false,
        http: None,
    }))
}

/// Gives an event in the platform's words the client's own id.
fn identify(event: &Value, custom_id: Option<Id>) {
    if let Some(id) = custom_id {
        event.set(names::CUSTOM_ID, id);
    }
}

fn of_thread(prepared: &mut Prepared, args: &Value, properties: Value) {
    prepared.payload =
        Value::object().with(names::CHAT_ID, args.get(names::CHAT_ID_)).with(names::PROPERTIES, properties);
}

fn start(args: &Value, prepared: &mut Prepared) -> Result<(), ChatError> {
    let chat = args.get(names::CHAT);
    prepared.chat = chat.id(names::ID);
    for event in chat.get(names::THREAD).get(names::EVENTS).items() {
        check_event(&event, "chat.thread.events.")?;
    }
    prepared.payload.complete(names::START_DEFAULTS);
    Ok(())
}

/// An event to send (Reference, "Events"). Of a type that nobody has heard of only the common part is checked.
fn check_event(event: &Value, label: &str) -> Result<(), ChatError> {
    let fields = match event.text(names::TYPE).unwrap_or_default().as_str() {
        "" => "type:text",
        "message" => "text:string postback?:object",
        "file" => "url:text alternativeText?:string",
        "filled_form" => "formId:text fields:list",
        "system_message" => "systemMessageType:text text?:string textVars?:object",
        "rich_message" => "templateId:text elements?:list",
        "custom" => "content?:object",
        _ => "",
    };
    check::object(fields, event, label)?;
    check::object("customId?:text properties?:props", event, label)?;
    let elements = event.get(names::ELEMENTS);
    if elements.len() > MAX_ELEMENTS || elements.items().any(|element| element.get(names::BUTTONS).len() > MAX_BUTTONS)
    {
        let expected = "a list of at most 10 elements with at most 13 buttons each";
        return Err(ChatError::argument(&join(&[label, "elements"]), &elements, expected));
    }
    let text = event.get(names::TEXT);
    let size = text.as_text().unwrap_or_default().len();
    if size > MAX_TEXT {
        #[allow(clippy::cast_precision_loss)]
        let (limit, size) = (MAX_TEXT as f64, size as f64);
        return Err(ChatError::argument(&join(&[label, "text"]), &text, "at most 16384 bytes of UTF-8")
            .with(names::LIMIT, limit)
            .with(names::SIZE, size));
    }
    Ok(())
}

/// What may be uploaded (Reference, "Limits"): the platform refuses executables and what is too big.
fn check_file(file: &Value) -> Result<(), ChatError> {
    let size = file.get(names::SIZE).as_number().filter(|size| *size >= 0.0);
    let size = size.ok_or_else(|| ChatError::argument("file", file, "a Blob or File"))?;
    if size > MAX_FILE {
        let mut error = ChatError::argument("file", file, "at most 10485760 bytes");
        error.code = code::TOO_BIG_FILE.to_owned();
        return Err(error.with(names::LIMIT, MAX_FILE).with(names::SIZE, size));
    }
    let name = file.text(names::NAME).unwrap_or_default().to_ascii_lowercase();
    let kind = file.text(names::TYPE).unwrap_or_default();
    let is_program = [".exe", ".com", ".bat", ".cmd", ".msi", ".scr", ".pif", ".dll", ".vbs", ".ps1", ".jar", ".apk"]
        .iter()
        .any(|ending| name.ends_with(ending))
        || ["application/x-msdownload", "application/x-dosexec", "application/x-executable"].contains(&kind.as_str());
    if is_program { Err(ChatError::argument("file", file, "no executable")) } else { Ok(()) }
}

/// The HTTP request of a row that goes that way.
fn http(live: &LiveChat, method: Method, row: Row, args: &Value, payload: &Value) -> Option<HttpRequest> {
    let has_file = row.how == "u";
    let (verb, url, body) = match row.how {
        "w" | "u" => ("POST", live.web_url(row.action), Some(payload.clone()).filter(|_| !has_file)),
        "g" => {
            let mut url = live.web_url(row.action);
            let _ = check::each(row.args, &mut |name, _, _| {
                let value = args.field(name);
                let text = value.as_text().or_else(|| value.as_number().map(integer));
                let text = text.or_else(|| value.as_bool().filter(|flag| *flag).map(|_| "1".to_owned()));
                if let Some(text) = text {
                    url.push('&');
                    url.push_str(&snake(name));
                    url.push('=');
                    super::push_encoded(&mut url, &text);
                }
                Ok(())
            });
            ("GET", url, None)
        }
        "a" => {
            let is_logout = method == Method::LOGOUT;
            let url = live.accounts_url(row.action);
            (if is_logout { "DELETE" } else { "POST" }, url, Some(payload.clone()).filter(|_| !is_logout))
        }
        _ => return None,
    };
    let is_grant = method == Method::ACCEPT_IDENTITY_TRANSFER;
    Some(HttpRequest {
        verb,
        url,
        body,
        has_file,
        needs_token: row.how != "g" && !is_grant,
        with_credentials: is_grant,
    })
}

/// Looks whether a reply is what the method's result is made of: else the promise would resolve with what nobody said.
pub(super) fn check_reply(method: Method, payload: &Value) -> Result<(), ChatError> {
    let row = Row::of(method);
    let is_right = if row.result == "ok" {
        Ok(())
    } else if payload.is_object() {
        check::object(row.reply, payload, "reply.")
    } else {
        Err(ChatError::argument("reply", payload, "an object"))
    };
    is_right.map_err(|mut error| {
        error.code = code::INTERNAL.to_owned();
        error
    })
}

/// Says more of a refusal: which arguments an id came in that the platform does not know, and which `chat` there is when
/// there may be no other.
pub(super) fn blame(method: Method, args: &Value, chat: Option<Id>, mut error: ChatError) -> ChatError {
    if let Some(chat) = chat
        && method == Method::START_CHAT
        && matches!(error.code.as_str(), "LIMIT_REACHED" | "CHAT_LIMIT_REACHED")
    {
        let advice = "there is a chat already, `details.chatId`: sendMessage writes in it, resumeChat opens it again";
        error.message = advice.to_owned();
        return error.with(names::CHAT_ID_, chat);
    }
    let is_group = error.code == "GROUP_NOT_FOUND";
    if !is_group && !matches!(error.code.as_str(), "NOT_FOUND" | "GREETING_NOT_FOUND") {
        return error;
    }
    let mut suspects = String::new();
    if matches!(method, Method::START_CHAT | Method::RESUME_CHAT) {
        suspects.push_str(if is_group { "chat.access.groupIds" } else { "chat.id" });
    }
    let _ = check::each(Row::of(method).args, &mut |name, _, _| {
        let is_id =
            name == "id" || (name.ends_with("Id") && !matches!(name, "customId" | "pageId" | "welcomeMessageId"));
        if is_id && !args.field(name).is_missing() {
            enlist(&mut suspects, name);
        }
        Ok(())
    });
    if suspects.is_empty() { error } else { error.with(names::ARGUMENT, suspects.as_str()) }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn prepared(method: &str, args: Json) -> Result<Box<Prepared>, ChatError> {
        let options = Value::from_json(json!({ "organizationId": "o", "clientId": "c" }));
        let live = LiveChat::new(&crate::model::Config::read(&options)?);
        prepare(&live, find(method, "3.6").unwrap(), &Value::from_json(args), Id::of("own-1"))
    }

    fn payload(method: &str, args: Json) -> Json {
        prepared(method, args).unwrap().payload.to_json()
    }

    fn refused(method: &str, args: Json) -> String {
        let error = prepared(method, args).unwrap_err();
        assert_eq!(error.code, "VALIDATION");
        error.details.clone().unwrap().text(names::ARGUMENT).unwrap()
    }

    #[test]
    fn speaks_the_platforms_words() {
        assert_eq!(payload("deactivateChat", json!({ "id": "C" })), json!({ "id": "C" }));
        assert_eq!(
            payload("listThreads", json!({ "chatId": "C", "minEventsCount": 25, "sortOrder": "asc" })),
            json!({ "chat_id": "C", "min_events_count": 25, "sort_order": "asc" })
        );
        assert_eq!(payload("listChats", json!(null)), json!({ "limit": 10 }));
        assert_eq!(payload("listChats", json!({ "pageId": "p" })), json!({ "page_id": "p" }));
        assert_eq!(
            payload("updateCustomer", json!({ "name": "A", "sessionFields": { "k_x": "v" } })),
            json!({ "name": "A", "session_fields": [{ "k_x": "v" }] })
        );
        assert_eq!(
            payload(
                "startChat",
                json!({ "chat": { "access": { "groupIds": [1] }, "thread": { "events": [{ "type": "message", "text": "hi" }] } } })
            ),
            json!({ "chat": { "access": { "group_ids": [1] }, "thread": { "events": [{ "type": "message", "text": "hi" }] } }, "active": true })
        );
    }

    #[test]
    fn gives_every_send_a_client_id() {
        assert_eq!(
            payload("sendMessage", json!({ "chatId": "C", "text": "hi", "properties": { "ns": { "aB": 1 } } })),
            json!({ "chat_id": "C", "event": { "type": "message", "text": "hi", "properties": { "ns": { "aB": 1 } }, "custom_id": "own-1" } })
        );
        assert_eq!(
            payload(
                "sendEvent",
                json!({ "chatId": "C", "event": { "type": "file", "url": "u", "alternativeText": "a", "customId": "mine" }, "attachToLastThread": true })
            ),
            json!({
                "chat_id": "C", "attach_to_last_thread": true,
                "event": { "type": "file", "url": "u", "alternative_text": "a", "custom_id": "mine" }
            })
        );
    }

    #[test]
    fn names_the_argument_that_is_wrong() {
        assert_eq!(refused("sendMessage", json!({ "chatId": "C" })), "text");
        assert_eq!(refused("sendMessage", json!({ "text": "hi" })), "chatId");
        assert_eq!(refused("sendMessage", json!({ "chatId": "C", "text": "x".repeat(16_385) })), "text");
        assert_eq!(refused("sendMessage", json!({ "chatId": "C", "text": "é".repeat(8_193) })), "text");
        assert_eq!(refused("sendEvent", json!({ "chatId": "C", "event": { "text": "x" } })), "event.type");
        assert_eq!(refused("listChats", json!({ "limit": 26 })), "limit");
        assert_eq!(refused("listChats", json!({ "limit": 1.5 })), "limit");
        assert_eq!(refused("listChats", json!({ "limit": 2, "pageId": "p" })), "limit");
        assert_eq!(refused("listThreads", json!({ "chatId": "C", "limit": 2, "minEventsCount": 2 })), "limit");
        assert_eq!(refused("markEventsAsSeen", json!({ "chatId": "C", "seenUpTo": "now" })), "seenUpTo");
        assert_eq!(refused("resumeChat", json!({ "chat": {} })), "chat.id");
        assert_eq!(refused("startChat", json!({ "active": 1 })), "active");
        assert_eq!(
            refused("startChat", json!({ "chat": { "thread": { "events": [{}] } } })),
            "chat.thread.events.type"
        );
        assert_eq!(refused("updateCustomer", json!({})), "options");
        assert_eq!(refused("getChat", json!("C")), "options");
    }

    #[test]
    fn a_text_of_exactly_the_limit_goes() {
        let text = "é".repeat(8_192);
        assert!(prepared("sendMessage", json!({ "chatId": "C", "text": text })).is_ok());
    }
}
