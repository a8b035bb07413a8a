//! What the application provides: identities, and who its customer is.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::answer::{self, Answer};

#[wasm_bindgen(module = "/src/platform/providers.js")]
extern "C" {
    /// The application's functions; undefined where there is none.
    pub type Providers;
    /// Puts them together.
    #[wasm_bindgen(js_name = providers)]
    pub fn providers(identity: &JsValue, customer: &JsValue, web_socket: &JsValue) -> Providers;
    // Both resolve with data or undefined. What they run may be the end of this instance, which ends there by `catch`.
    #[wasm_bindgen(method, catch)]
    fn token(this: &Providers, is_fresh: bool) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn customer(this: &Providers) -> Result<Promise, JsValue>;
}

impl core::fmt::Debug for Providers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Providers")
    }
}

impl Providers {
    /// Asks for a token.
    pub fn ask_token(&self, is_fresh: bool) -> Answer {
        answer::of(self.token(is_fresh))
    }

    /// Asks who the customer is.
    pub fn ask_customer(&self) -> Answer {
        answer::of(self.customer())
    }
}
