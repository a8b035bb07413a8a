//! What a failed call or a refused argument says.

use crate::json::{Name, Value, names};

/// Why something failed. Becomes JavaScript's `ChatError` in one place, `api::error`. One pointer wide: it rides in many
/// results and is rarely there.
#[derive(Clone, Debug)]
pub struct ChatError(Box<Failure>);

/// What a [`ChatError`] says.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The stable word to branch on: upper case, the vendor's where it has one.
    pub code: String,
    /// A sentence for the developer: what went wrong and what to do.
    pub message: String,
    /// What else is known.
    pub details: Option<Value>,
}

/// The codes that the SDK itself makes.
pub mod code {
    pub const BLOCKED_BY_CSP: &str = "BLOCKED_BY_CSP";
    pub const CHAT_INACTIVE: &str = "CHAT_INACTIVE";
    pub const CONNECTION_LOST: &str = "CONNECTION_LOST";
    pub const ENTITY_TOO_LARGE: &str = "ENTITY_TOO_LARGE";
    pub const IDENTITY_CHANGED: &str = "IDENTITY_CHANGED";
    pub const INTERNAL: &str = "INTERNAL";
    pub const LOGGED_OUT: &str = "LOGGED_OUT";
    pub const MISSING_CHAT_THREAD: &str = "MISSING_CHAT_THREAD";
    pub const NO_CONNECTION: &str = "NO_CONNECTION";
    pub const NO_TOKEN: &str = "NO_TOKEN";
    pub const REQUEST_TIMEOUT: &str = "REQUEST_TIMEOUT";
    pub const SDK_DESTROYED: &str = "SDK_DESTROYED";
    pub const TOO_BIG_FILE: &str = "TOO_BIG_FILE";
    pub const UNSUPPORTED: &str = "UNSUPPORTED";
    pub const VALIDATION: &str = "VALIDATION";
    pub const WEBSOCKET_UNAVAILABLE: &str = "WEBSOCKET_UNAVAILABLE";
}

impl core::ops::Deref for ChatError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl core::ops::DerefMut for ChatError {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

impl ChatError {
    /// An error without details.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Failure { code: code.into(), message: message.into(), details: None }))
    }

    /// An argument is not what was expected.
    pub fn argument(name: &str, given: &Value, expected: &str) -> Self {
        Self::blamed(&given.blamed(name, expected))
    }

    /// What [`Value::blamed`] says.
    pub fn blamed(said: &Value) -> Self {
        let mut error = Self::new(code::VALIDATION, said.at(1).as_text().unwrap_or_default());
        error.details = Some(said.at(0));
        error
    }

    /// Adds one detail.
    #[must_use]
    pub fn with(mut self, name: Name, value: impl Into<Value>) -> Self {
        self.details.get_or_insert_with(Value::object).set(name, value);
        self
    }

    /// What pages get where an error is told, not thrown.
    pub fn to_value(&self) -> Value {
        let value = Value::object()
            .with(names::CODE, self.code.as_str())
            .with(names::MESSAGE, self.message.as_str())
            .with(names::RETRYABLE, self.is_retryable());
        if let Some(details) = &self.details {
            value.set(names::DETAILS, details.clone());
        }
        value
    }

    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.code.as_str(),
            code::CONNECTION_LOST
                | code::NO_CONNECTION
                | code::NO_TOKEN
                | code::REQUEST_TIMEOUT
                | code::INTERNAL
                | "GROUPS_OFFLINE"
                | "GROUP_OFFLINE"
                | "GROUP_UNAVAILABLE"
                | "PENDING_REQUESTS_LIMIT_REACHED"
                | "SERVICE_UNAVAILABLE"
                | "SERVICE_TEMPORARILY_UNAVAILABLE"
                | "TOO_MANY_REQUESTS"
                | "USERS_LIMIT_REACHED"
                | "UPLOAD_FAILED"
        )
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn names_the_argument() {
        let error = ChatError::argument("chatId", &Value::from(7.0), "a non-empty string");
        assert_eq!(error.code, "VALIDATION");
        assert_eq!(error.message, "`chatId` must be a non-empty string (given: number)");
        let details = error.details.clone().unwrap();
        assert_eq!(details.text(names::ARGUMENT).as_deref(), Some("chatId"));
        assert_eq!(details.field("kind").as_text().as_deref(), Some("number"));
    }

    #[test]
    fn only_what_may_pass_is_retryable() {
        assert!(ChatError::new(code::CONNECTION_LOST, "").is_retryable());
        assert!(!ChatError::new(code::VALIDATION, "").is_retryable());
        assert!(!ChatError::new("CHAT_INACTIVE", "").is_retryable());
    }
}
