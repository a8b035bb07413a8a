//! A page's calls in LiveChat's words, checked (Reference, "Methods").

use crate::json::{Name, Value, names};
use crate::model::config::is_whole;
use crate::model::{ChatError, Micros};
use crate::session::{Method, Prepared};

/// `message.text` in bytes of UTF-8 (Reference, "Limits").
const MAX_TEXT: usize = 16_384;

/// What an argument must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Object,
    Flag,
    Integer { max: f64 },
    Order,
    Time,
}

use Kind::{Flag, Integer, Object, Order, Text, Time};

/// One argument: its name for pages, what it must be, whether it must be there.
type Spec = (Name, Kind, bool);

/// Checks the arguments and builds the payload.
pub(super) fn prepare(method: Method, args: &Value, custom_id: &str) -> Result<Prepared, ChatError> {
    if !args.is_missing() && !args.is_object() {
        return Err(ChatError::argument("options", "an object"));
    }
    let action = action(method);
    let specs = specs(method);
    for spec in specs {
        check(args, *spec)?;
    }
    let wire = args.snake();
    let payload = Value::object();
    // The page's spelling differs from the platform's only by case, so the converted keys are the payload's.
    for name in wire_names(method) {
        payload.copy(&wire, *name);
    }
    let mut prepared = Prepared { action, payload, chat: args.text(names::CHAT_ID_), custom_id: None };
    match method {
        Method::ListChats => {
            if args.get(names::PAGE_ID_).is_missing() {
                if args.get(names::LIMIT).is_missing() {
                    prepared.payload.set(names::LIMIT, 10.0);
                }
            } else {
                alone(args, &[names::LIMIT, names::SORT_ORDER_])?;
            }
        }
        Method::ListThreads => {
            if !args.get(names::PAGE_ID_).is_missing() {
                alone(args, &[names::LIMIT, names::SORT_ORDER_, names::MIN_EVENTS_COUNT_])?;
            }
            if !args.get(names::LIMIT).is_missing() && !args.get(names::MIN_EVENTS_COUNT_).is_missing() {
                return Err(ChatError::argument("limit", "given without `minEventsCount`"));
            }
        }
        Method::StartChat | Method::ResumeChat => start(method, args, &mut prepared)?,
        Method::SendEvent => {
            let event = args.get(names::EVENT);
            check_event(&event, "event")?;
            let wire = wire.get(names::EVENT);
            let id = event.text(names::CUSTOM_ID_).unwrap_or_else(|| custom_id.to_owned());
            wire.set(names::CUSTOM_ID, id.as_str());
            prepared.payload.set(names::EVENT, wire);
            prepared.custom_id = Some(id);
        }
        Method::SendMessage => {
            let event = Value::object().with(names::TYPE, names::MESSAGE);
            event.copy(args, names::TEXT);
            event.copy(args, names::PROPERTIES);
            check_event(&event, "options")?;
            let id = args.text(names::CUSTOM_ID_).unwrap_or_else(|| custom_id.to_owned());
            event.set(names::CUSTOM_ID, id.as_str());
            prepared.payload.set(names::EVENT, event);
            prepared.custom_id = Some(id);
        }
        Method::UpdateCustomer => {
            if prepared.payload.keys().len() == 0 {
                return Err(ChatError::argument("options", "an object with name, email, avatar or sessionFields"));
            }
        }
        Method::DeactivateChat => prepared.chat = args.text(names::ID),
        Method::GetChat | Method::MarkEventsAsSeen | Method::SetSneakPeek => {}
    }
    Ok(prepared)
}

const fn action(method: Method) -> Name {
    match method {
        Method::DeactivateChat => names::DEACTIVATE_CHAT,
        Method::GetChat => names::GET_CHAT,
        Method::ListChats => names::LIST_CHATS,
        Method::ListThreads => names::LIST_THREADS,
        Method::MarkEventsAsSeen => names::MARK_EVENTS_AS_SEEN,
        Method::ResumeChat => names::RESUME_CHAT,
        Method::SendEvent | Method::SendMessage => names::SEND_EVENT,
        Method::SetSneakPeek => names::SEND_SNEAK_PEEK,
        Method::StartChat => names::START_CHAT,
        Method::UpdateCustomer => names::UPDATE_CUSTOMER,
    }
}

const fn specs(method: Method) -> &'static [Spec] {
    match method {
        Method::DeactivateChat => &[(names::ID, Text, true)],
        Method::GetChat => &[(names::CHAT_ID_, Text, true), (names::THREAD_ID_, Text, false)],
        Method::ListChats => &[
            (names::LIMIT, Integer { max: 25.0 }, false),
            (names::SORT_ORDER_, Order, false),
            (names::PAGE_ID_, Text, false),
        ],
        Method::ListThreads => &[
            (names::CHAT_ID_, Text, true),
            (names::LIMIT, Integer { max: 100.0 }, false),
            (names::MIN_EVENTS_COUNT_, Integer { max: 100.0 }, false),
            (names::SORT_ORDER_, Order, false),
            (names::PAGE_ID_, Text, false),
        ],
        Method::MarkEventsAsSeen => &[(names::CHAT_ID_, Text, true), (names::SEEN_UP_TO_, Time, true)],
        Method::ResumeChat => {
            &[(names::CHAT, Object, true), (names::ACTIVE, Flag, false), (names::CONTINUOUS, Flag, false)]
        }
        Method::StartChat => {
            &[(names::CHAT, Object, false), (names::ACTIVE, Flag, false), (names::CONTINUOUS, Flag, false)]
        }
        Method::SendEvent => {
            &[(names::CHAT_ID_, Text, true), (names::EVENT, Object, true), (names::ATTACH_TO_LAST_THREAD_, Flag, false)]
        }
        Method::SendMessage => &[
            (names::CHAT_ID_, Text, true),
            (names::TEXT, Text, true),
            (names::CUSTOM_ID_, Text, false),
            (names::PROPERTIES, Object, false),
        ],
        Method::SetSneakPeek => &[(names::CHAT_ID_, Text, true)],
        Method::UpdateCustomer => &[
            (names::NAME, Text, false),
            (names::EMAIL, Text, false),
            (names::AVATAR, Text, false),
            (names::SESSION_FIELDS_, Object, false),
        ],
    }
}

/// The fields that go over as they are.
const fn wire_names(method: Method) -> &'static [Name] {
    match method {
        Method::DeactivateChat => &[names::ID],
        Method::GetChat => &[names::CHAT_ID, names::THREAD_ID],
        Method::ListChats => &[names::LIMIT, names::SORT_ORDER, names::PAGE_ID],
        Method::ListThreads => {
            &[names::CHAT_ID, names::LIMIT, names::MIN_EVENTS_COUNT, names::SORT_ORDER, names::PAGE_ID]
        }
        Method::MarkEventsAsSeen => &[names::CHAT_ID, names::SEEN_UP_TO],
        Method::ResumeChat | Method::StartChat => &[names::CHAT, names::ACTIVE, names::CONTINUOUS],
        Method::SendEvent => &[names::CHAT_ID, names::ATTACH_TO_LAST_THREAD],
        Method::SendMessage => &[names::CHAT_ID],
        Method::SetSneakPeek => &[names::CHAT_ID, names::SNEAK_PEEK_TEXT],
        Method::UpdateCustomer => &[names::NAME, names::EMAIL, names::AVATAR, names::SESSION_FIELDS],
    }
}

fn check(args: &Value, (name, kind, is_required): Spec) -> Result<(), ChatError> {
    let value = args.get(name);
    if value.is_missing() && !is_required {
        return Ok(());
    }
    let (is_right, expected) = match kind {
        Text => (value.as_text().is_some_and(|text| !text.is_empty()), "a non-empty string"),
        Object => (value.is_object(), "an object"),
        Flag => (value.as_bool().is_some(), "true or false"),
        Integer { max } => (
            value.as_number().is_some_and(|number| number >= 1.0 && number <= max && is_whole(number)),
            if max > 25.0 { "an integer from 1 to 100" } else { "an integer from 1 to 25" },
        ),
        Order => (matches!(value.as_word(), Some(names::ASC | names::DESC)), "\"asc\" or \"desc\""),
        Time => (
            value.as_text().is_some_and(|text| Micros::parse(&text).is_some()),
            "an RFC 3339 time, such as an event's createdAt",
        ),
    };
    if is_right { Ok(()) } else { Err(ChatError::argument(&label(name), expected)) }
}

fn label(name: Name) -> String {
    Value::from_name(name).as_text().unwrap_or_default()
}

/// `pageId` carries the rest of the question already.
fn alone(args: &Value, others: &[Name]) -> Result<(), ChatError> {
    match others.iter().find(|name| !args.get(**name).is_missing()) {
        Some(other) => Err(ChatError::argument(&label(*other), "absent when `pageId` is given")),
        None => Ok(()),
    }
}

fn start(method: Method, args: &Value, prepared: &mut Prepared) -> Result<(), ChatError> {
    let chat = args.get(names::CHAT);
    if method == Method::ResumeChat {
        let id = chat.text(names::ID).filter(|id| !id.is_empty());
        prepared.chat = Some(id.ok_or_else(|| ChatError::argument("chat.id", "a non-empty string"))?);
    }
    let events = chat.get(names::THREAD).get(names::EVENTS);
    if !events.is_missing() && !events.is_list() {
        return Err(ChatError::argument("chat.thread.events", "a list of events"));
    }
    for event in events.items() {
        check_event(&event, "chat.thread.events")?;
    }
    if prepared.payload.get(names::ACTIVE).is_missing() {
        prepared.payload.set(names::ACTIVE, true);
    }
    Ok(())
}

fn check_event(event: &Value, label: &str) -> Result<(), ChatError> {
    if event.text(names::TYPE).is_none_or(|kind| kind.is_empty()) {
        return Err(ChatError::argument(&[label, ".type"].concat(), "the event's type"));
    }
    if event.word(names::TYPE) != Some(names::MESSAGE) {
        return Ok(());
    }
    let Some(text) = event.text(names::TEXT) else {
        return Err(ChatError::argument(&[label, ".text"].concat(), "a string"));
    };
    if text.len() > MAX_TEXT {
        #[allow(clippy::cast_precision_loss)]
        let (limit, size) = (MAX_TEXT as f64, text.len() as f64);
        return Err(ChatError::argument("text", "at most 16384 bytes of UTF-8")
            .with(names::LIMIT, limit)
            .with(names::SIZE, size));
    }
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn payload(method: Method, args: Json) -> Json {
        prepare(method, &Value::from_json(args), "own-1").unwrap().payload.to_json()
    }

    fn refused(method: Method, args: Json) -> String {
        let error = prepare(method, &Value::from_json(args), "own-1").unwrap_err();
        assert_eq!(error.code, "VALIDATION");
        error.details.unwrap().text(names::ARGUMENT).unwrap()
    }

    #[test]
    fn speaks_the_platforms_words() {
        assert_eq!(payload(Method::DeactivateChat, json!({ "id": "C" })), json!({ "id": "C" }));
        assert_eq!(
            payload(Method::ListThreads, json!({ "chatId": "C", "minEventsCount": 25, "sortOrder": "asc" })),
            json!({ "chat_id": "C", "min_events_count": 25, "sort_order": "asc" })
        );
        assert_eq!(payload(Method::ListChats, json!(null)), json!({ "limit": 10 }));
        assert_eq!(payload(Method::ListChats, json!({ "pageId": "p" })), json!({ "page_id": "p" }));
        assert_eq!(
            payload(Method::UpdateCustomer, json!({ "name": "A", "sessionFields": { "k_x": "v" }, "more": 1 })),
            json!({ "name": "A", "session_fields": [{ "k_x": "v" }] })
        );
        assert_eq!(
            payload(
                Method::StartChat,
                json!({ "chat": { "access": { "groupIds": [1] }, "thread": { "events": [{ "type": "message", "text": "hi" }] } } })
            ),
            json!({ "chat": { "access": { "group_ids": [1] }, "thread": { "events": [{ "type": "message", "text": "hi" }] } }, "active": true })
        );
    }

    #[test]
    fn gives_every_send_a_client_id() {
        assert_eq!(
            payload(Method::SendMessage, json!({ "chatId": "C", "text": "hi", "properties": { "ns": { "aB": 1 } } })),
            json!({ "chat_id": "C", "event": { "type": "message", "text": "hi", "properties": { "ns": { "aB": 1 } }, "custom_id": "own-1" } })
        );
        assert_eq!(
            payload(
                Method::SendEvent,
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
        assert_eq!(refused(Method::SendMessage, json!({ "chatId": "C" })), "text");
        assert_eq!(refused(Method::SendMessage, json!({ "text": "hi" })), "chatId");
        assert_eq!(refused(Method::SendMessage, json!({ "chatId": "C", "text": "x".repeat(16_385) })), "text");
        assert_eq!(refused(Method::SendMessage, json!({ "chatId": "C", "text": "é".repeat(8_193) })), "text");
        assert_eq!(refused(Method::SendEvent, json!({ "chatId": "C", "event": { "text": "x" } })), "event.type");
        assert_eq!(refused(Method::ListChats, json!({ "limit": 26 })), "limit");
        assert_eq!(refused(Method::ListChats, json!({ "limit": 1.5 })), "limit");
        assert_eq!(refused(Method::ListChats, json!({ "limit": 2, "pageId": "p" })), "limit");
        assert_eq!(refused(Method::ListThreads, json!({ "chatId": "C", "limit": 2, "minEventsCount": 2 })), "limit");
        assert_eq!(refused(Method::MarkEventsAsSeen, json!({ "chatId": "C", "seenUpTo": "now" })), "seenUpTo");
        assert_eq!(refused(Method::ResumeChat, json!({ "chat": {} })), "chat.id");
        assert_eq!(refused(Method::StartChat, json!({ "active": 1 })), "active");
        assert_eq!(
            refused(Method::StartChat, json!({ "chat": { "thread": { "events": [{}] } } })),
            "chat.thread.events.type"
        );
        assert_eq!(refused(Method::UpdateCustomer, json!({ "nickname": "x" })), "options");
        assert_eq!(refused(Method::GetChat, json!("C")), "options");
    }

    #[test]
    fn a_text_of_exactly_the_limit_goes() {
        let text = "é".repeat(8_192);
        assert!(prepare(Method::SendMessage, &Value::from_json(json!({ "chatId": "C", "text": text })), "o").is_ok());
    }
}
