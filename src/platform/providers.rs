//! What the application provides: identities, and who its customer is.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::json::Value;

#[wasm_bindgen(module = "/src/platform/providers.js")]
extern "C" {
    /// The application's functions; undefined where there is none.
    pub type Providers;
    /// Puts them together.
    #[wasm_bindgen(js_name = providers)]
    pub fn providers(identity: &JsValue, customer: &JsValue) -> Providers;
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

/// What was asked of the application, and will be data or missing.
#[derive(Debug)]
pub struct Answer(Result<Promise, JsValue>);

impl Providers {
    /// Asks for a token.
    pub fn ask_token(&self, is_fresh: bool) -> Answer {
        Answer(self.token(is_fresh))
    }

    /// Asks who the customer is.
    pub fn ask_customer(&self) -> Answer {
        Answer(self.customer())
    }
}

impl Answer {
    /// Waits for it.
    pub async fn value(self) -> Value {
        match self.0 {
            Ok(promise) => Value::from_js(JsFuture::from(promise).await.unwrap_or_default()),
            Err(_) => Value::missing(),
        }
    }
}
