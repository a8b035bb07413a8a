//! What the host is asked for and gives later.

use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::json::Value;

/// One type for all of them, so that the download holds one way of waiting.
pub type Answer = Pin<Box<dyn Future<Output = Value>>>;

/// What a promise resolves with; missing if it rejects, or if there is none.
pub fn of(asked: Result<Promise, JsValue>) -> Answer {
    Box::pin(async {
        let Ok(promise) = asked else { return Value::missing() };
        Value::from_js(JsFuture::from(promise).await.unwrap_or_default())
    })
}
