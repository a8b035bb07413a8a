//! Who listens to what.

use std::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::json::{Name, Value};
use crate::model::Notice;

#[wasm_bindgen]
extern "C" {
    /// Where an uncaught exception goes; every browser since 2021 and Node have it.
    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

/// One registration.
#[derive(Clone, Debug)]
pub struct Listener {
    pub id: u32,
    pub name: Name,
    pub function: Function,
    once: bool,
}

/// The registrations of one api. No borrow is held while a listener runs, so it may do here what it likes.
#[derive(Debug, Default)]
pub struct Emitter {
    listeners: RefCell<Vec<Listener>>,
    last_id: Cell<u32>,
    is_finished: Cell<bool>,
}

impl Emitter {
    /// Adds a listener; returns its id.
    pub fn add(&self, name: Name, function: &Function, once: bool) -> u32 {
        let id = self.last_id.get().wrapping_add(1);
        self.last_id.set(id);
        if !self.is_finished.get() {
            self.listeners.borrow_mut().push(Listener { id, name, function: function.clone(), once });
        }
        id
    }

    /// Removes the listeners that are `meant`.
    pub fn remove(&self, meant: impl Fn(&Listener) -> bool) {
        self.listeners.borrow_mut().retain(|listener| !meant(listener));
    }

    /// Removes all listeners for good.
    pub fn finish(&self) {
        self.is_finished.set(true);
        self.listeners.borrow_mut().clear();
    }

    /// Tells a notice under each of its names that somebody listens to.
    pub fn emit(&self, notice: &Notice) {
        notice.publish(
            &|name| self.listeners.borrow().iter().any(|listener| listener.name == name),
            &mut |name, payload| self.deliver(name, &payload),
        );
    }

    fn deliver(&self, name: Name, payload: &Value) {
        // A copy of the list: who is added or removed by a listener counts from the next event.
        // Mostly there is one, so one needs no list.
        let mut first: Option<Function> = None;
        let mut others: Vec<Function> = Vec::new();
        self.listeners.borrow_mut().retain(|listener| {
            let is_due = listener.name == name;
            if is_due {
                let function = listener.function.clone();
                match first {
                    None => first = Some(function),
                    Some(_) => others.push(function),
                }
            }
            !(is_due && listener.once)
        });
        for function in first.into_iter().chain(others) {
            if self.is_finished.get() {
                return;
            }
            if let Err(error) = function.call1(&JsValue::UNDEFINED, payload.as_js()) {
                let _ = report_error(&error);
            }
        }
    }
}
