//! What a refused request is told (reference §1.9).

use std::borrow::Cow;

use serde_json::{Value, json};

/// An error object of the Customer Chat API.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// The type a client branches on, e.g. `chat_inactive`.
    pub kind: Cow<'static, str>,
    /// Text for a person.
    pub message: String,
    /// Details some types carry, e.g. the right region.
    pub data: Option<Value>,
}

/// Types with the message the platform documents for them and the HTTP status the Web API answers (reference §1.4).
const TYPES: &[(&str, &str, u16)] = &[
    ("authentication", "Authentication error", 401),
    ("authorization", "Authorization error", 403),
    ("chat_anonymized", "Chat anonymized", 422),
    ("chat_already_active", "Chat is already active", 422),
    ("chat_inactive", "Chat is inactive", 422),
    ("chat_limit_reached", "Chat limit reached", 422),
    ("customer_banned", "Customer is banned", 403),
    ("customer_session_fields_limit_reached", "Customer session fields limit reached", 422),
    ("entity_too_large", "Upload limit exceeded (10MB).", 413),
    ("greeting_not_found", "Greeting not found", 404),
    ("group_not_found", "Group not found", 404),
    ("group_offline", "Group is offline", 422),
    ("group_unavailable", "No agent available for group", 422),
    ("groups_offline", "Groups offline", 422),
    ("internal", "Internal server error", 500),
    ("license_expired", "License expired", 403),
    ("license_not_found", "License not found", 404),
    ("limit_reached", "Limit reached", 422),
    ("misdirected_request", "Wrong region", 421),
    ("not_allowed", "Not allowed", 403),
    ("not_found", "Not found", 404),
    ("pending_requests_limit_reached", "Requests limit reached", 429),
    ("request_timeout", "Request timed out", 504),
    ("service_unavailable", "Service unavailable", 503),
    ("too_many_requests", "Too many requests", 429),
    ("unsupported_version", "Cannot call unsupported API versions.", 400),
    ("users_limit_reached", "Users limit reached", 422),
    ("validation", "Wrong format of request", 400),
    ("wrong_product_version", "Wrong product version", 400),
];

impl ApiError {
    /// An error of this type with the platform's own message.
    #[must_use]
    pub fn of(kind: impl Into<Cow<'static, str>>) -> Self {
        let kind = kind.into();
        let message = TYPES.iter().find(|row| row.0 == kind).map_or(&*kind, |row| row.1).to_owned();
        Self { kind, message, data: None }
    }

    /// An error of this type that says what was wrong.
    #[must_use]
    pub fn with(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into(), data: None }
    }

    /// A `validation` error that names the field.
    #[must_use]
    pub fn validation(message: impl Into<String>) -> Self {
        Self::with("validation", message)
    }

    /// The HTTP status of the Web API.
    #[must_use]
    pub fn status(&self) -> u16 {
        TYPES.iter().find(|row| row.0 == self.kind).map_or(400, |row| row.2)
    }

    /// `{"error": {"type", "message", "data"?}}`, the same on RTM (inside `payload`) and the Web.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(data) = &self.data {
            error["data"] = data.clone();
        }
        json!({ "error": error })
    }
}
