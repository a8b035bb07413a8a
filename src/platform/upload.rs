//! A file on its way to the platform. fetch tells no progress of what it sends, so this is an XMLHttpRequest.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::http::Answer;
use crate::json::Value;

#[wasm_bindgen(module = "/src/platform/upload.js")]
extern "C" {
    /// Resolves with the status and the text, and never rejects.
    #[wasm_bindgen(catch)]
    fn upload(
        url: &str,
        token: &str,
        file: &JsValue,
        on_progress: &JsValue,
        signal: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// A file, who wants to know how far it is, and what takes it back.
#[derive(Clone, Debug)]
pub struct Upload {
    pub file: JsValue,
    pub on_progress: JsValue,
    pub signal: JsValue,
}

impl Upload {
    /// Sends the file. Status 0 and the reason as an error object if there was no answer.
    pub async fn send(self, url: &str, token: &str) -> Answer {
        let Ok(promise) = upload(url, token, &self.file, &self.on_progress, &self.signal) else {
            return (0, Value::missing(), None);
        };
        let answer = JsFuture::from(promise).await.unwrap_or_default();
        let answer = Value::from_js(answer);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let status = answer.at(0).as_number().unwrap_or_default() as u16;
        (status, answer.at(1), None)
    }
}
