//! Reading a request's payload: every misfit becomes a `validation` error that names the field.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::error::ApiError;

/// A request's payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Args<'a>(&'a Map<String, Value>);

impl<'a> Args<'a> {
    /// Takes an object, or `null` as an empty one.
    pub(crate) fn of(payload: &'a Value) -> Result<Self, ApiError> {
        static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        match payload {
            Value::Object(map) => Ok(Self(map)),
            Value::Null => Ok(Self(&EMPTY)),
            _ => Err(ApiError::validation("`payload` must be an object")),
        }
    }

    pub(crate) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn opt_str(self, name: &str) -> Result<Option<&'a str>, ApiError> {
        self.typed(name, "a string", Value::as_str)
    }

    pub(crate) fn str(self, name: &str) -> Result<&'a str, ApiError> {
        required(name, self.opt_str(name)?)
    }

    pub(crate) fn opt_bool(self, name: &str) -> Result<Option<bool>, ApiError> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    pub(crate) fn opt_u64(self, name: &str) -> Result<Option<u64>, ApiError> {
        self.typed(name, "a whole number", Value::as_u64)
    }

    pub(crate) fn u64(self, name: &str) -> Result<u64, ApiError> {
        required(name, self.opt_u64(name)?)
    }

    pub(crate) fn opt_array(self, name: &str) -> Result<Option<&'a Vec<Value>>, ApiError> {
        self.typed(name, "an array", Value::as_array)
    }

    pub(crate) fn array(self, name: &str) -> Result<&'a Vec<Value>, ApiError> {
        required(name, self.opt_array(name)?)
    }

    pub(crate) fn opt_object(self, name: &str) -> Result<Option<Args<'a>>, ApiError> {
        self.typed(name, "an object", |value| value.as_object().map(Args))
    }

    pub(crate) fn object(self, name: &str) -> Result<Args<'a>, ApiError> {
        required(name, self.opt_object(name)?)
    }

    pub(crate) fn map(self) -> &'a Map<String, Value> {
        self.0
    }

    fn typed<T>(self, name: &str, what: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Option<T>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(read) => Ok(Some(read)),
                None => Err(ApiError::validation(format!("`{name}` must be {what}"))),
            },
        }
    }
}

fn required<T>(name: &str, value: Option<T>) -> Result<T, ApiError> {
    value.ok_or_else(|| ApiError::validation(format!("`{name}` is required")))
}
