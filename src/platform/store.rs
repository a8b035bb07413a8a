//! The outbox on disk: what is not sent yet outlives the page. The JS side decides where it is kept and by whom.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::json::{Id, Value};

#[wasm_bindgen(module = "/src/platform/store.js")]
extern "C" {
    type Handle;
    #[wasm_bindgen(js_name = openStore)]
    fn open_store(scope: &str, is_memory: bool, tell: &Function) -> Handle;
    #[wasm_bindgen(method)]
    fn put(this: &Handle, record: &JsValue);
    #[wasm_bindgen(method)]
    fn remove(this: &Handle, id: &JsValue);
    #[wasm_bindgen(method)]
    fn claim(this: &Handle);
    #[wasm_bindgen(method)]
    fn wipe(this: &Handle);
    #[wasm_bindgen(method)]
    fn close(this: &Handle, is_done: bool);
}

/// What is kept of one scope. Dropping it leaves the records to whoever claims them next.
pub struct Store {
    handle: Handle,
    _tell: Closure<dyn FnMut(JsValue)>,
}

impl core::fmt::Debug for Store {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the store of a scope. `report` gets a list of records that this store has taken over, and after a claim
    /// always one; an object with a `customId` when another store has taken over that record; missing, once, if the
    /// browser keeps nothing.
    pub fn open(scope: &str, is_memory: bool, report: impl Fn(Value) + 'static) -> Self {
        let tell = Closure::new(move |told: JsValue| report(Value::from_js(told)));
        let handle = open_store(scope, is_memory, tell.as_ref().unchecked_ref());
        Self { handle, _tell: tell }
    }

    /// Keeps a record, or replaces the one of the same custom id.
    pub fn put(&self, record: &Value) {
        self.handle.put(record.as_js());
    }

    /// Forgets the record of this custom id.
    pub fn remove(&self, custom_id: Id) {
        self.handle.remove(custom_id.value().as_js());
    }

    /// Takes over what nobody alive owns.
    pub fn claim(&self) {
        self.handle.claim();
    }

    /// Forgets everything of the scope.
    pub fn wipe(&self) {
        self.handle.wipe();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.handle.close(true);
    }
}
