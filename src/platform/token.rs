//! The platform's token, asked for once by all who want it at the same time.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/token.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeTurn)]
    pub fn take_turn(scope: &str, slot: &str, is_fresh: bool) -> JsValue;
    /// Gives nobody who asks from now on the answer to what a customer asked who has logged out since.
    #[wasm_bindgen(js_name = forgetTurn)]
    pub fn forget(scope: &str);
}
