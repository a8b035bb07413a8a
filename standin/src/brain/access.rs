//! Which of the platform's own properties customers may read and write (§4.9). Other namespaces are their apps' own.

use serde_json::{Map, Value};

use super::error::ApiError;

/// What carries properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Chat,
    Thread,
    Event,
}

/// Namespaces of the platform.
const OWN: &[&str] = &["rating", "routing", "lc2", "chats", "source", "status"];

/// What a value must be.
#[derive(Clone, Copy)]
enum Kind {
    Score,
    Int,
    Bool,
    Text,
}

const ALL: &[Holder] = &[Holder::Chat, Holder::Thread, Holder::Event];
const CHAT: &[Holder] = &[Holder::Chat];
const THREAD: &[Holder] = &[Holder::Thread];
const EVENT: &[Holder] = &[Holder::Event];

/// What customers may write: namespace, name, where, and what it must be.
const WRITABLE: &[(&str, &str, &[Holder], Kind)] = &[
    ("rating", "score", ALL, Kind::Score),
    ("rating", "comment", ALL, Kind::Text),
    ("routing", "transcript_email", THREAD, Kind::Text),
    ("routing", "offline_message", THREAD, Kind::Bool),
    ("routing", "email_follow_up", CHAT, Kind::Bool),
    ("routing", "ignore_agents_routing", CHAT, Kind::Bool),
    ("routing", "ignore_bots", THREAD, Kind::Bool),
    ("lc2", "form_type", EVENT, Kind::Text),
    ("lc2", "greeting_id", THREAD, Kind::Int),
    ("lc2", "greeting_unique_id", THREAD, Kind::Text),
    ("chats", "formatting", EVENT, Kind::Text),
    ("status", "delivered", EVENT, Kind::Bool),
];

/// Whether a customer may write all this.
pub(crate) fn check_written(holder: Holder, properties: &Map<String, Value>) -> Result<(), ApiError> {
    for (namespace, names) in properties {
        let Some(names) = names.as_object() else {
            return Err(ApiError::validation(format!("`properties.{namespace}` must be an object")));
        };
        for (name, value) in names {
            let wrong =
                |what: &str| Err(ApiError::validation(format!("`properties.{namespace}.{name}` must be {what}")));
            let int32 = value.as_i64().is_some_and(|value| i32::try_from(value).is_ok());
            if !(value.is_boolean() || value.is_string() || int32) {
                return wrong("a boolean, a string or a 32-bit integer");
            }
            match writable(holder, namespace, name)? {
                Some(Kind::Score) if !matches!(value.as_i64(), Some(0 | 1)) => return wrong("0 or 1"),
                Some(Kind::Int) if !int32 => return wrong("an integer"),
                Some(Kind::Bool) if !value.is_boolean() => return wrong("a boolean"),
                Some(Kind::Text) if !value.is_string() => return wrong("a string"),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Whether a customer may delete all this.
pub(crate) fn check_deleted(holder: Holder, properties: &Map<String, Value>) -> Result<(), ApiError> {
    for (namespace, names) in properties {
        let names = names.as_array().filter(|names| names.iter().all(Value::is_string));
        let Some(names) = names else {
            return Err(ApiError::validation(format!("`properties.{namespace}` must be an array of names")));
        };
        for name in names.iter().filter_map(Value::as_str) {
            writable(holder, namespace, name)?;
        }
    }
    Ok(())
}

fn writable(holder: Holder, namespace: &str, name: &str) -> Result<Option<Kind>, ApiError> {
    if !OWN.contains(&namespace) {
        return Ok(None);
    }
    let row = WRITABLE.iter().find(|row| row.0 == namespace && row.1 == name && row.2.contains(&holder));
    let denied = || ApiError::with("authorization", format!("customers may not write `{namespace}.{name}` here"));
    row.map(|row| Some(row.3)).ok_or_else(denied)
}

/// Properties as a customer sees them: one of the platform's may be written and not read.
pub(crate) fn readable(mut properties: Map<String, Value>) -> Map<String, Value> {
    if let Some(routing) = properties.get_mut("routing").and_then(Value::as_object_mut) {
        routing.shift_remove("ignore_bots");
        if routing.is_empty() {
            properties.shift_remove("routing");
        }
    }
    properties
}
