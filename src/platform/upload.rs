//! A file on its way to the platform. fetch tells no progress of what it sends, so this is an XMLHttpRequest.

use wasm_bindgen::prelude::*;

use super::answer::{self, Answer};

#[wasm_bindgen(module = "/src/platform/upload.js")]
extern "C" {
    /// Resolves with the status and the body.
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
    /// Sends the file. The list of the status and the body; status 0 and the reason as an error object if there was no
    /// answer.
    pub fn send(&self, url: &str, token: &str) -> Answer {
        answer::of(upload(url, token, &self.file, &self.on_progress, &self.signal))
    }
}
