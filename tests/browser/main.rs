//! What a browser alone can prove: the bridge, the listeners, the sockets. Everything else is tested natively.
#![cfg(target_arch = "wasm32")]
// A test program has no outside, and its panics are its findings.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod arguments;
mod clock;
mod json;
mod line;
mod listeners;
mod odd_arguments;
mod old_libraries;
mod page;
