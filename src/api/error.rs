//! The one place where a failure becomes JavaScript's `ChatError`.

use wasm_bindgen::prelude::*;

use crate::json::Value;
use crate::model::ChatError;

#[wasm_bindgen(module = "/src/api/error.js")]
extern "C" {
    fn chat_error(code: &str, message: &str, retryable: bool, details: &JsValue) -> JsValue;
}

/// A `ChatError` that JavaScript can throw, reject with, and tell by `instanceof`.
pub fn to_js(error: &ChatError) -> JsValue {
    let details = error.details.clone().unwrap_or(Value::missing());
    chat_error(&error.code, &error.message, error.is_retryable(), details.as_js())
}
