//! Browser objects as values that clean up after themselves and report plain Rust values. Nothing here knows of chats.

pub mod answer;
pub mod clock;
pub mod http;
pub mod page;
pub mod providers;
pub mod socket;
pub mod storage;
pub mod store;
pub mod token;
pub mod upload;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/open.js")]
extern "C" {
    /// The shell's, never called from here: wasm-bindgen brings along only files that something is declared from, and
    /// others of them import this one.
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = abandonAll)]
    fn abandon_all();
}

#[wasm_bindgen(module = "/src/platform/policy.js")]
extern "C" {
    /// Never called from here either.
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = watchPolicy)]
    fn watch_policy();
}
