//! What JavaScript sees. The names, the shell and the types are in `src/js` and `src/api/palaver.d.ts`.

mod emitter;
mod error;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::driver::Driver;
use crate::json::{self, Name, Value, names};
use crate::model::error::code;
use crate::model::notice::EVENTS;
use crate::model::{ChatError, Config};
use crate::platform::upload::Upload;
use crate::session::Input;

pub use emitter::Emitter;
pub use error::to_js;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    json::install();
}

/// One api, as the shell drives it. Takes `&self` everywhere and holds no borrow while a listener runs, so every
/// method may be called from every listener.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core(Rc<Driver>);

#[wasm_bindgen]
impl Core {
    /// Reads the configuration and, unless told otherwise, starts to connect.
    ///
    /// # Errors
    /// `VALIDATION`, naming the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        let given = json::plain(options).map_err(|_| to_js(&ChatError::argument("config", "an object")))?;
        // Functions are not data: they stay outside the copy.
        let provider = |name: Name, label: &str| -> Result<Option<js_sys::Function>, JsValue> {
            let value = Value::from_js(options.clone()).get(name);
            if value.is_missing() {
                return Ok(None);
            }
            let function = value.into_js().dyn_into().map_err(|_| to_js(&ChatError::argument(label, "a function")))?;
            given.set(name, true);
            Ok(Some(function))
        };
        let identity = provider(names::IDENTITY_PROVIDER, "identityProvider")?;
        let customer = provider(names::CUSTOMER_DATA_PROVIDER, "customerDataProvider")?;
        let config = Config::read(&given).map_err(|error| to_js(&error))?;
        Ok(Self(Driver::start(config, identity, customer)))
    }

    /// Whether the platform has a method.
    pub fn can(&self, method: &str) -> bool {
        self.0.method(method).is_some()
    }

    /// Calls a method of the session.
    pub fn call(&self, method: &str, options: &JsValue) -> js_sys::Promise {
        self.act(method, options, None)
    }

    /// Sends a file; `options` says its name, type and size.
    pub fn upload(&self, options: &JsValue, file: JsValue, on_progress: JsValue, signal: JsValue) -> js_sys::Promise {
        self.act("uploadFile", options, Some(Upload { file, on_progress, signal }))
    }

    fn act(&self, method: &str, options: &JsValue, upload: Option<Upload>) -> js_sys::Promise {
        let outcome = match (self.0.method(method), json::plain(options)) {
            (Some(method), Ok(args)) => Ok(self.0.call(method, args, upload)),
            (None, _) => Err(ChatError::new(code::UNSUPPORTED, "the platform cannot do this; ask can() first")),
            (Some(_), Err(_)) => Err(ChatError::argument("options", "plain data")),
        };
        future_to_promise(async move {
            match outcome {
                // The sender lives as long as the driver; without it nothing can settle any more.
                Ok(receiver) => receiver
                    .await
                    .unwrap_or_else(|_| Err(to_js(&ChatError::new(code::SDK_DESTROYED, "the api is gone")))),
                Err(error) => Err(to_js(&error)),
            }
        })
    }

    /// Adds a listener; returns what removes it.
    ///
    /// # Errors
    /// `VALIDATION` for a name that is no event and a listener that is no function.
    pub fn on(&self, event: &JsValue, listener: &JsValue, once: bool) -> Result<u32, JsValue> {
        let name = event_name(event)?;
        let listener = listener
            .dyn_ref::<js_sys::Function>()
            .ok_or_else(|| to_js(&ChatError::argument("listener", "a function")))?;
        Ok(self.0.emitter().add(name, listener, once))
    }

    /// Removes what `on` added.
    pub fn remove(&self, id: u32) {
        self.0.emitter().remove(|listener| listener.id == id);
    }

    /// Removes listeners: one, all of an event, or all.
    ///
    /// # Errors
    /// `VALIDATION` for a name that is no event.
    pub fn off(&self, event: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        let name = if event.is_undefined() { None } else { Some(event_name(event)?) };
        self.0.emitter().remove(|known| {
            name.is_none_or(|name| known.name == name)
                && (listener.is_undefined() || js_sys::Object::is(known.function.as_ref(), listener))
        });
        Ok(())
    }

    /// The public state.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> JsValue {
        Value::from_name(self.0.state()).into_js()
    }

    /// The live summary.
    pub fn chats(&self) -> JsValue {
        self.0.chats().into_js()
    }

    /// What was sent and has not arrived.
    pub fn outbox(&self) -> JsValue {
        self.0.outbox().into_js()
    }

    /// Starts to connect.
    pub fn connect(&self) {
        self.0.input(Input::Connect);
    }

    /// Gives up the present connection for a new one.
    pub fn reconnect(&self) {
        self.0.input(Input::Reconnect);
    }

    /// Closes the connection.
    pub fn disconnect(&self) {
        self.0.input(Input::Disconnect);
    }

    /// Ends the api.
    pub fn destroy(&self) {
        // First of all: whatever is still to be told is told to nobody.
        self.0.emitter().finish();
        self.0.input(Input::Destroy);
    }
}

fn event_name(event: &JsValue) -> Result<Name, JsValue> {
    Value::from_js(event.clone())
        .as_word()
        .filter(|name| EVENTS.contains(name))
        .ok_or_else(|| to_js(&ChatError::argument("event", "the name of an event")))
}
