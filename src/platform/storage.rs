//! What is kept between page loads. Browsers may refuse storage, even the mere look at it (`pitfalls` 63); then nothing
//! is kept and nothing breaks.

use js_sys::{Reflect, global};
use wasm_bindgen::prelude::*;
use web_sys::Storage;

use crate::json::Value;

fn local() -> Option<Storage> {
    // A getter that throws, a missing one and a null one all mean: no storage.
    Reflect::get(&global(), &JsValue::from_str("localStorage")).ok()?.dyn_into().ok()
}

/// Reads what was kept; missing if there is nothing, or nothing readable.
pub fn read(key: &str) -> Value {
    let text = local().and_then(|storage| storage.get_item(key).ok().flatten());
    text.map_or(Value::missing(), |text| Value::parse(&JsValue::from_str(&text)))
}

/// Keeps a value, or forgets it. Returns whether the browser allowed it.
pub fn write(key: &str, value: Option<&Value>) -> bool {
    let Some(storage) = local() else { return false };
    match value {
        Some(value) => value.stringify().as_string().is_some_and(|text| storage.set_item(key, &text).is_ok()),
        None => storage.remove_item(key).is_ok(),
    }
}
