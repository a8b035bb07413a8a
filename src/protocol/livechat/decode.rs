//! LiveChat's frames, read (Reference, "RTM frames" and "Pushes").

use super::{reasons, shape};
use crate::json::{As, Id, Key, Name, Reading, Value, names};
use crate::model::ChatError;
use crate::model::error::code;
use crate::model::notice;
use crate::session::{Inbound, Push, Verdict};

/// What most frames are known by.
static HEAD: Reading<11> = Reading::new([
    (&[names::TYPE], As::Word),
    (&[names::ACTION], As::Word),
    (&[names::REQUEST_ID], As::Number),
    (&[names::PAYLOAD, names::CHAT_ID], As::Id),
    (&[names::PAYLOAD, names::THREAD_ID], As::Id),
    (&[names::PAYLOAD, names::USER_ID], As::Id),
    (&[names::PAYLOAD, names::EVENT, names::ID], As::Key),
    (&[names::PAYLOAD, names::EVENT, names::AUTHOR_ID], As::Id),
    (&[names::PAYLOAD, names::EVENT, names::CUSTOM_ID], As::KnownId),
    (&[names::PAYLOAD, names::EVENT, names::CREATED_AT], As::Time),
    (&[names::PAYLOAD, names::EVENT, names::TYPE], As::Word),
]);

/// The event that a push or a reply names without bringing it.
static EVENT_ID: Reading<1> = Reading::new([(&[names::EVENT_ID], As::Key)]);

pub(super) fn event_id(payload: &Value) -> Option<Key> {
    let [id] = payload.read(&EVENT_ID);
    Key::from_number(id)
}

/// What of it a push is about.
struct Head {
    chat: Option<Id>,
    thread: Option<Id>,
    user: Option<Id>,
    event: [f64; 5],
}

/// Reads a frame. The second part is the region that the platform sends us to.
pub(super) fn frame(frame: &Value) -> (Inbound, Option<String>) {
    let [kind, action, request, chat, thread, user, event @ ..] = frame.read(&HEAD);
    let payload = frame.get(names::PAYLOAD);
    // That is left of what is too long.
    let is_too_long = payload.as_number() == Some(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let request = (request >= 0.0).then_some(request as u32);
    match Name::from_number(kind) {
        Some(names::RESPONSE) => {
            let result = match frame.get(names::SUCCESS).as_bool() {
                _ if is_too_long => Err(ChatError::new(code::ENTITY_TOO_LARGE, reasons::TOO_LARGE)),
                Some(true) => Ok(payload),
                Some(false) | None => Err(error(&payload.get(names::ERROR))),
            };
            (Inbound::Reply { id: request, result }, None)
        }
        Some(names::PUSH) if is_too_long => (Inbound::Odd("a push lacks what makes it one"), None),
        Some(names::PUSH) => {
            let head = Head {
                chat: Id::from_number(chat),
                thread: Id::from_number(thread),
                user: Id::from_number(user),
                event,
            };
            push(frame, Name::from_number(action), payload, request, head)
        }
        Some(_) | None => (Inbound::Odd("a frame is neither a response nor a push"), None),
    }
}

/// An error object (Reference, "Errors").
pub(super) fn error(error: &Value) -> ChatError {
    let code = error.text(names::TYPE).unwrap_or_else(|| "internal".to_owned()).to_ascii_uppercase();
    let message = error.text(names::MESSAGE).unwrap_or_else(|| "the platform refused the request".to_owned());
    let mut result = ChatError::new(code, message);
    let data = error.get(names::DATA);
    if data.is_object() {
        result.details = Some(data.camel());
    }
    result
}

fn push(
    frame: &Value,
    action: Option<Name>,
    payload: Value,
    cause: Option<u32>,
    head: Head,
) -> (Inbound, Option<String>) {
    let Some(name) = action.filter(|name| notice::is_pushed(*name)) else {
        let Some(action) = frame.text(names::ACTION) else {
            return (Inbound::Odd("a push has no name"), None);
        };
        return (Inbound::Push { cause, name: None, payload, shape: shape::passed, push: Push::Unknown(action) }, None);
    };
    let mut region = None;
    let push = match name {
        names::CUSTOMER_DISCONNECTED => {
            let reason = payload.text(names::REASON).unwrap_or_default();
            let data = payload.get(names::DATA);
            let mut verdict = reasons::farewell(&reason, &data);
            if verdict == Verdict::Redirect {
                region = data.text(names::REGION).filter(|region| is_label(region));
                if region.is_none() {
                    verdict = Verdict::Retry;
                }
            }
            Some(Push::Farewell { reason, verdict })
        }
        other => known(other, &payload, head),
    };
    let inbound = match push {
        Some(push) => Inbound::Push { cause, name: Some(name), payload, shape: shape::passed, push },
        None => Inbound::Odd("a push lacks what makes it one"),
    };
    (inbound, region)
}

/// `None` if what the session decides on is missing.
fn known(name: Name, payload: &Value, Head { chat, thread, user, event }: Head) -> Option<Push> {
    // What listeners take for granted (src/api/types/events.d.ts).
    let promised = match name {
        names::EVENT_UPDATED | names::INCOMING_EVENT_PREVIEW | names::INCOMING_WELCOME_MESSAGE => Some(names::EVENT),
        names::INCOMING_RICH_MESSAGE_POSTBACK => Some(names::POSTBACK),
        names::CHAT_TRANSFERRED => Some(names::TRANSFERRED_TO),
        names::QUEUE_POSITION_UPDATED => Some(names::QUEUE),
        names::USER_ADDED_TO_CHAT => Some(names::USER),
        names::CUSTOMER_SIDE_STORAGE_UPDATED => Some(names::CUSTOMER_SIDE_STORAGE),
        names::CHAT_PROPERTIES_UPDATED
        | names::CHAT_PROPERTIES_DELETED
        | names::THREAD_PROPERTIES_UPDATED
        | names::THREAD_PROPERTIES_DELETED
        | names::EVENT_PROPERTIES_UPDATED
        | names::EVENT_PROPERTIES_DELETED => Some(names::PROPERTIES),
        _ => None,
    };
    let promised = promised.map_or_else(|| payload.clone(), |promised| payload.get(promised));
    if !promised.is_object() {
        return None;
    }
    Some(match name {
        names::INCOMING_EVENT => {
            let event = shape::event_at(payload, event, thread?)?;
            Push::Event { chat: chat?, event }
        }
        names::INCOMING_CHAT => {
            let body = payload.get(names::CHAT).camel();
            let (chat, thread) = shape::chat(&body)?;
            Push::Opened { chat, thread, body }
        }
        names::EVENT_UPDATED => {
            let (chat, thread) = (chat?, thread?);
            // In the platform's own sample the event is empty.
            shape::event_at(payload, event, thread).map_or(Push::PassOn, |event| Push::Updated { chat, event })
        }
        names::EVENT_DELETED => {
            thread?;
            Push::Deleted { chat: chat?, event: event_id(payload)? }
        }
        names::EVENT_PROPERTIES_UPDATED | names::EVENT_PROPERTIES_DELETED => {
            thread?;
            event_id(payload)?;
            Push::Touched { chat: chat? }
        }
        // Before 3.5 the queue was a property of the thread (reference document, §3).
        names::THREAD_PROPERTIES_UPDATED => {
            let legacy = promised.get(names::LC2);
            let queue = Value::object();
            queue.copy_as(names::POSITION, &legacy, names::QUEUE_POS);
            queue.copy_as(names::WAIT_TIME, &legacy, names::QUEUE_WAITING_TIME);
            if queue.keys().len() == 0 {
                return Some(Push::PassOn);
            }
            let moved = Value::object().with(names::QUEUE, queue);
            for name in [names::CHAT_ID, names::THREAD_ID] {
                moved.copy(payload, name);
            }
            Push::PassOnAfter { name: names::QUEUE_POSITION_UPDATED, payload: moved }
        }
        names::CHAT_DEACTIVATED => Push::Closed { chat: chat?, thread },
        names::INCOMING_TYPING_INDICATOR => {
            let indicator = payload.get(names::TYPING_INDICATOR);
            Push::Typing {
                chat: chat?,
                thread,
                user: indicator.id(names::AUTHOR_ID)?,
                is_typing: indicator.flag(names::IS_TYPING),
            }
        }
        names::EVENTS_MARKED_AS_SEEN => {
            let mark = payload.get(names::SEEN_UP_TO);
            mark.as_time()?;
            Push::Seen { chat: chat?, user: user?, mark }
        }
        names::USER_ADDED_TO_CHAT => {
            // Also one without an id, as the vendor's SDK has it.
            let user = shape::member(promised.camel());
            Push::UserAdded { chat: chat?, user }
        }
        names::USER_REMOVED_FROM_CHAT => Push::UserRemoved { chat: chat?, user: user? },
        names::CUSTOMER_SIDE_STORAGE_UPDATED => Push::SideStorage(promised),
        names::GROUPS_STATUS_UPDATED => {
            // The vendor's SDK takes the first group's word; `online_for_queue` counts as online.
            let status = payload.get(names::GROUPS).at(0).get(names::STATUS);
            match status.as_word() {
                Some(names::OFFLINE) => Push::Availability(names::OFFLINE),
                _ if status.is_text() => Push::Availability(names::ONLINE),
                _ => return None,
            }
        }
        _ => Push::PassOn,
    })
}

/// A word that may become part of a host name.
fn is_label(region: &str) -> bool {
    !region.is_empty() && region.len() < 32 && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}
