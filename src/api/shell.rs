//! The page's side of an api: who listens, who waits. It is in the host, where it outlives a core that breaks.

use wasm_bindgen::prelude::*;

use crate::json::{Value, names};
use crate::model::notice::EVENTS;
use crate::model::{ChatError, Notice};
use crate::session::CallId;

use super::to_js;

#[wasm_bindgen(module = "/src/api/emitter.js")]
extern "C" {
    #[wasm_bindgen(js_name = install)]
    fn install_event(name: i32);

    /// Who listens to what.
    #[derive(Debug)]
    pub type Emitter;
    #[wasm_bindgen(method)]
    fn wanted(this: &Emitter, name: i32) -> bool;
    #[wasm_bindgen(method)]
    fn deliver(this: &Emitter, name: i32, payload: &JsValue);
    #[wasm_bindgen(method)]
    fn event(this: &Emitter, incoming: i32, news: i32, chat: &JsValue, body: &JsValue);
}

#[wasm_bindgen(module = "/src/api/calls.js")]
extern "C" {
    /// Who waits for an answer.
    #[derive(Debug)]
    pub type Calls;
    #[wasm_bindgen(method, js_name = settle)]
    fn js_settle(this: &Calls, call: u32, is_done: bool, value: &JsValue);
}

#[wasm_bindgen(module = "/src/api/report.js")]
extern "C" {
    /// The emitter's, never called from here: wasm-bindgen brings along only files that something is declared from.
    #[allow(dead_code)]
    fn report(error: &JsValue);
}

/// Tells the host which events there are.
pub(super) fn install() {
    for name in EVENTS {
        install_event(name.index());
    }
}

impl Emitter {
    /// Tells a notice under each of its names that somebody listens to.
    pub fn emit(&self, notice: &Notice) {
        if let Notice::Event { chat, body, is_shown } = notice {
            // No list has the number -1.
            let incoming = if *is_shown { -1 } else { names::INCOMING_EVENT.index() };
            return self.event(incoming, names::NEW_EVENT.index(), chat.as_js(), body.as_js());
        }
        notice.publish(&|name| self.wanted(name.index()), &mut |name, payload| {
            self.deliver(name.index(), payload.as_js());
        });
    }
}

impl Calls {
    /// Settles a call.
    pub fn settle(&self, call: CallId, result: Result<Value, ChatError>) {
        match result {
            Ok(value) => self.js_settle(call, true, value.as_js()),
            Err(error) => self.js_settle(call, false, &to_js(&error)),
        }
    }
}
