//! What JavaScript sees. The names, the shell and the types are in `src/js` and `src/api/palaver.d.ts`.

mod error;
mod shell;

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::driver::Driver;
use crate::json::{self, Name, Value, names};
use crate::model::error::code;
use crate::model::{ChatError, Config};
use crate::platform::providers::providers;
use crate::platform::upload::Upload;
use crate::session::Input;

pub use error::to_js;
pub use shell::{Calls, Emitter};

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    json::install();
    shell::install();
}

/// One api, as the shell drives it. Takes `&self` everywhere and holds no borrow while a listener runs, so every
/// method may be called from every listener.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core(Rc<Driver>);

#[wasm_bindgen]
impl Core {
    /// Reads the configuration and, unless told otherwise, starts to connect. What it tells goes to `emitter`, the
    /// answers of calls to `calls`.
    ///
    /// # Errors
    /// `VALIDATION`, naming the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, emitter: Emitter, calls: Calls) -> Result<Self, JsValue> {
        let wrong = |label: &str, given: &JsValue, expected: &str| {
            to_js(&ChatError::argument(label, &Value::from_js(given.clone()), expected))
        };
        let given = json::plain(options).map_err(|_| wrong("config", options, "plain data that can be read"))?;
        // Functions are not data: they stay outside the copy.
        let provider = |name: Name, label: &str| -> Result<JsValue, JsValue> {
            let value = Value::from_js(options.clone()).field(label);
            if !value.is_missing() {
                if !value.as_js().is_function() {
                    return Err(wrong(label, value.as_js(), "a function"));
                }
                given.set(name, true);
            }
            Ok(value.into_js())
        };
        let identity = provider(names::IDENTITY_PROVIDER, "identityProvider")?;
        let customer = provider(names::CUSTOMER_DATA_PROVIDER, "customerDataProvider")?;
        let web_socket = provider(names::WEB_SOCKET_, "webSocket")?;
        let config = Config::read(&given).map_err(|error| to_js(&error))?;
        Ok(Self(Driver::start(config, emitter, calls, providers(&identity, &customer, &web_socket))))
    }

    /// Whether the platform has a method.
    pub fn can(&self, method: &str) -> bool {
        self.0.method(method).is_some()
    }

    /// Calls a method of the session; `call` is what the answer will be told by.
    pub fn call(&self, call: u32, method: &str, options: &JsValue) {
        self.act(call, method, options, None);
    }

    /// Sends a file; `options` says its name, type and size.
    pub fn upload(&self, call: u32, options: &JsValue, file: JsValue, on_progress: JsValue, signal: JsValue) {
        self.act(call, "uploadFile", options, Some(Upload { file, on_progress, signal }));
    }

    fn act(&self, call: u32, method: &str, options: &JsValue, upload: Option<Upload>) {
        let error = match (self.0.method(method), json::plain(options)) {
            (Some(method), Ok(args)) => return self.0.call(call, method, args, upload),
            (None, _) => ChatError::new(code::UNSUPPORTED, "the platform cannot do this; ask can() first"),
            (Some(_), Err(_)) => {
                ChatError::argument("options", &Value::from_js(options.clone()), "plain data that can be read")
            }
        };
        self.0.refuse(call, error);
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
        self.0.input(Input::Destroy);
    }
}
