//! What the session tells the page, and the names it is told under.
//!
//! One happening has several names: the vendor's of today, the seed's of yesterday. The canonical one comes first.
//! What nobody listens to is not built.

use crate::json::{Id, Name, Value, names};

/// Something the page may want to know.
#[derive(Debug)]
pub enum Notice {
    State {
        state: Name,
        previous: Name,
        attempt: u32,
        reason: Option<String>,
        /// In so many milliseconds, and when that is on the wall's clock.
        retry: Option<(u64, u64)>,
        /// Why there is no connection, if something stood in the way.
        error: Option<Value>,
    },
    Connected {
        is_first: bool,
        payload: Value,
    },
    ConnectionLost {
        reason: String,
        will_reconnect: bool,
        /// On the wall's clock; at once if `None`.
        retry_at: Option<u64>,
    },
    Disconnected(Option<String>),
    CustomerId(Id),
    UserData(Value),
    /// An event of the conversation.
    Event {
        /// Its id.
        chat: Value,
        body: Value,
        /// `incoming_chat` has shown it, and that is enough for whom the configuration asks for it.
        is_shown: bool,
    },
    /// A thread became known.
    Thread {
        chat: Id,
        thread: Id,
        total_events: usize,
    },
    /// `{ chat }`, in the page's shape.
    ChatOpened(Value),
    ChatClosed {
        chat: Id,
        thread: Option<Id>,
        payload: Value,
    },
    Typing {
        chat: Id,
        thread: Option<Id>,
        user: Id,
        is_typing: bool,
        /// The platform's own words; missing when the sign has only run out.
        payload: Value,
    },
    Seen {
        chat: Id,
        user: Id,
        mark: Value,
    },
    UserAdded(Value),
    Availability(Name),
    /// Another customer than before.
    IdentityChanged {
        previous: Id,
        new: Id,
    },
    /// Something that needs no more words.
    Plain(Name),
    /// Passed on under its own name; the payload is still the platform's.
    PassOn {
        name: Name,
        payload: Value,
        shape: fn(Name, &Value) -> Value,
    },
    /// Told under one name; in the page's shape already.
    Made(Name, Value),
    Unknown {
        action: String,
        payload: Value,
    },
    Warning {
        code: &'static str,
        message: String,
    },
}

/// Every name a page may listen to. The first [`PUSHED`] are what platforms say, the others are told by us alone.
pub const EVENTS: &[Name] = &[
    // The most frequent first: each push is looked for here.
    names::INCOMING_EVENT,
    names::CHAT_DEACTIVATED,
    names::CHAT_PROPERTIES_DELETED,
    names::CHAT_PROPERTIES_UPDATED,
    names::CHAT_TRANSFERRED,
    names::CUSTOMER_DISCONNECTED,
    names::CUSTOMER_PAGE_UPDATED,
    names::CUSTOMER_SIDE_STORAGE_UPDATED,
    names::CUSTOMER_UPDATED,
    names::EVENT_DELETED,
    names::EVENT_PROPERTIES_DELETED,
    names::EVENT_PROPERTIES_UPDATED,
    names::EVENT_UPDATED,
    names::EVENTS_MARKED_AS_SEEN,
    names::GREETING_ACCEPTED,
    names::GREETING_CANCELED,
    names::GROUPS_STATUS_UPDATED,
    names::INCOMING_CHAT,
    names::INCOMING_EVENT_PREVIEW,
    names::INCOMING_GREETING,
    names::INCOMING_MULTICAST,
    names::INCOMING_RICH_MESSAGE_POSTBACK,
    names::INCOMING_THINKING_INDICATOR,
    names::INCOMING_TYPING_INDICATOR,
    names::INCOMING_WELCOME_MESSAGE,
    names::QUEUE_POSITION_UPDATED,
    names::THREAD_PROPERTIES_DELETED,
    names::THREAD_PROPERTIES_UPDATED,
    names::USER_ADDED_TO_CHAT,
    names::USER_REMOVED_FROM_CHAT,
    names::NEW_EVENT,
    names::CONNECTED,
    names::CONNECTION_LOST,
    names::CONNECTION_RECOVERED,
    names::CONNECTION_RESTORED,
    names::CONNECTION_UNSTABLE,
    names::CUSTOMER_ID,
    names::DISCONNECTED,
    names::LAST_SEEN_TIMESTAMP_UPDATED,
    names::USER_DATA,
    names::USER_IS_TYPING,
    names::USER_STOPPED_TYPING,
    names::THREAD_CLOSED,
    names::THREAD_METADA,
    names::THREAD_METADATA,
    names::THREAD_SUMMARY,
    names::CHAT_THREAD_PROPERTIES_UPDATED,
    names::STATE,
    names::MESSAGE_STATUS,
    names::HISTORY_GAP,
    names::ERROR,
    names::WARNING,
    names::UNKNOWN_PUSH,
    names::AVAILABILITY_UPDATED,
    names::IDENTITY_CHANGED,
];

const PUSHED: usize = 30;

/// Whether a platform may say it. A push that bears one of our own names would be taken for our word.
pub fn is_pushed(name: Name) -> bool {
    EVENTS.iter().take(PUSHED).any(|known| *known == name)
}

impl Notice {
    /// Delivers the notice under each of its names that is `wanted`.
    pub fn publish(&self, wanted: &dyn Fn(Name) -> bool, deliver: &mut dyn FnMut(Name, Value)) {
        let mut tell = |name: Name, payload: &dyn Fn() -> Value| {
            if wanted(name) {
                deliver(name, payload());
            }
        };
        match self {
            Self::State { state, previous, attempt, reason, retry, error } => tell(names::STATE, &|| {
                let is_coming = *state == names::CONNECTING;
                let payload = Value::object().with(names::STATE, *state).with(names::PREVIOUS, *previous);
                if is_coming || *state == names::CLOSED {
                    payload.set(names::WILL_RECONNECT, is_coming);
                }
                if is_coming {
                    payload.set(names::ATTEMPT, f64::from(*attempt));
                }
                if let Some(reason) = reason {
                    payload.set(names::REASON, reason.as_str());
                }
                if let Some((millis, at)) = retry {
                    payload.set(names::RETRY_IN_MS, *millis);
                    payload.set(names::RETRY_AT, *at);
                }
                if let Some(error) = error {
                    payload.set(names::ERROR, error.clone());
                }
                payload
            }),
            Self::Connected { is_first, payload } => {
                let name = if *is_first { names::CONNECTED } else { names::CONNECTION_RESTORED };
                tell(name, &|| payload.clone());
            }
            Self::ConnectionLost { reason, will_reconnect, retry_at } => tell(names::CONNECTION_LOST, &|| {
                let payload =
                    Value::object().with(names::REASON, reason.as_str()).with(names::WILL_RECONNECT, *will_reconnect);
                if let Some(at) = retry_at {
                    payload.set(names::RETRY_AT, *at);
                }
                payload
            }),
            Self::Disconnected(reason) => {
                tell(names::DISCONNECTED, &|| reason.as_deref().map_or(Value::missing(), Value::from));
            }
            Self::CustomerId(id) => tell(names::CUSTOMER_ID, &|| Value::from(*id)),
            Self::UserData(user) => tell(names::USER_DATA, &|| {
                let user = user.camel();
                let fields = user.get(names::SESSION_FIELDS_);
                if !fields.is_missing() {
                    user.set(names::FIELDS, fields);
                }
                user
            }),
            // In the browser the host tells it itself, in one crossing: `event` in src/api/emitter.js.
            #[cfg(target_arch = "wasm32")]
            Self::Event { .. } => {}
            #[cfg(not(target_arch = "wasm32"))]
            Self::Event { chat, body, is_shown } => {
                let thread = body.get(names::THREAD_ID_);
                if !is_shown {
                    tell(names::INCOMING_EVENT, &|| {
                        Value::object()
                            .with(names::CHAT_ID_, chat.clone())
                            .with(names::THREAD_ID_, thread.clone())
                            .with(names::EVENT, body.clone())
                    });
                }
                tell(names::NEW_EVENT, &|| {
                    body.copied().with(names::CHAT, chat.clone()).with(names::THREAD, thread.clone())
                });
            }
            Self::Thread { chat, thread, total_events } => {
                for name in [names::THREAD_SUMMARY, names::THREAD_METADATA, names::THREAD_METADA] {
                    tell(name, &|| {
                        Value::object()
                            .with(names::ID, *thread)
                            .with(names::CHAT, *chat)
                            .with(names::ORDER, 0.0)
                            .with(names::TOTAL_EVENTS, *total_events as u64)
                    });
                }
            }
            Self::ChatOpened(chat) => {
                tell(names::INCOMING_CHAT, &|| chat.clone());
            }
            Self::ChatClosed { chat, thread, payload } => {
                tell(names::CHAT_DEACTIVATED, &|| payload.camel());
                tell(names::THREAD_CLOSED, &|| {
                    Value::object()
                        .with(names::CHAT, *chat)
                        .with(names::THREAD, thread.map_or(Value::null(), Id::value))
                });
            }
            Self::Typing { chat, thread, user, is_typing, payload } => {
                tell(names::INCOMING_TYPING_INDICATOR, &|| {
                    if !payload.is_missing() {
                        return payload.camel();
                    }
                    let indicator = Value::object().with(names::AUTHOR_ID_, *user).with(names::IS_TYPING_, *is_typing);
                    Value::object()
                        .with(names::CHAT_ID_, *chat)
                        .with(names::THREAD_ID_, thread.map_or(Value::null(), Id::value))
                        .with(names::TYPING_INDICATOR_, indicator)
                });
                let name = if *is_typing { names::USER_IS_TYPING } else { names::USER_STOPPED_TYPING };
                tell(name, &|| Value::object().with(names::CHAT, *chat).with(names::USER, *user));
            }
            Self::Seen { chat, user, mark } => {
                tell(names::EVENTS_MARKED_AS_SEEN, &|| {
                    Value::object()
                        .with(names::CHAT_ID_, *chat)
                        .with(names::USER_ID_, *user)
                        .with(names::SEEN_UP_TO_, mark.clone())
                });
                tell(names::LAST_SEEN_TIMESTAMP_UPDATED, &|| {
                    #[allow(clippy::cast_precision_loss)]
                    let millis = mark.as_time().map_or(Value::null(), |at| Value::from(at.millis() as f64));
                    Value::object().with(names::CHAT, *chat).with(names::USER, *user).with(names::TIMESTAMP, millis)
                });
            }
            Self::UserAdded(payload) => tell(names::USER_ADDED_TO_CHAT, &|| {
                let payload = payload.camel();
                payload.set(names::PRESENT, payload.get(names::USER).get(names::PRESENT).as_bool() != Some(false));
                payload
            }),
            Self::Availability(availability) => {
                tell(names::AVAILABILITY_UPDATED, &|| Value::object().with(names::AVAILABILITY, *availability));
            }
            Self::IdentityChanged { previous, new } => tell(names::IDENTITY_CHANGED, &|| {
                Value::object().with(names::PREVIOUS_ID, *previous).with(names::NEW_ID, *new)
            }),
            Self::Made(name, payload) => tell(*name, &|| payload.clone()),
            Self::Plain(name) => tell(*name, &Value::missing),
            Self::PassOn { name, payload, shape } => {
                let page = || with_old_ids(shape(*name, payload));
                tell(*name, &page);
                if *name == names::THREAD_PROPERTIES_UPDATED {
                    tell(names::CHAT_THREAD_PROPERTIES_UPDATED, &page);
                }
            }
            Self::Unknown { action, payload } => tell(names::UNKNOWN_PUSH, &|| {
                Value::object().with(names::ACTION, action.as_str()).with(names::PAYLOAD, payload.clone())
            }),
            Self::Warning { code, message } => tell(names::WARNING, &|| {
                Value::object().with(names::CODE, *code).with(names::MESSAGE, message.as_str())
            }),
        }
    }
}

/// The seed knows the properties' chat and thread as `chat` and `thread`.
fn with_old_ids(payload: Value) -> Value {
    if !payload.get(names::PROPERTIES).is_missing() {
        for (new, old) in [(names::CHAT_ID_, names::CHAT), (names::THREAD_ID_, names::THREAD)] {
            let id = payload.get(new);
            if !id.is_missing() {
                payload.set(old, id);
            }
        }
    }
    payload
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn what_we_tell_is_not_what_platforms_say() {
        assert_eq!(EVENTS.get(PUSHED), Some(&names::NEW_EVENT));
        assert!(is_pushed(names::INCOMING_EVENT) && is_pushed(names::CUSTOMER_DISCONNECTED));
        for name in [names::STATE, names::ERROR, names::MESSAGE_STATUS, names::CONNECTED, names::IDENTITY_CHANGED] {
            assert!(EVENTS.contains(&name) && !is_pushed(name));
        }
    }
}
