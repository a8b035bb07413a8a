//! What is kept between page loads.

use wasm_bindgen::prelude::*;

use crate::json::Value;

#[wasm_bindgen(module = "/src/platform/storage.js")]
extern "C" {
    #[wasm_bindgen(js_name = readKept)]
    fn read_kept(key: &str) -> JsValue;
    fn keep(key: &str, value: &JsValue);
}

/// Reads what was kept; missing if there is nothing, or nothing readable.
pub fn read(key: &str) -> Value {
    Value::from_js(read_kept(key))
}

/// Keeps a value; forgets it if it is missing.
pub fn write(key: &str, value: &Value) {
    keep(key, value.as_js());
}
