//! A page with a platform in it: a socket class that answers by script, and an api that uses it.

use std::ops::Deref;

use js_sys::{Array, Function, JSON, Promise, Reflect};
use palaver::api::{self, Calls, Emitter};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/browser/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = install)]
    fn install_script() -> Script;
    pub fn sleep(millis: u32) -> Promise;
    /// Catches what `reportError` is given.
    pub fn reported() -> Array;

    pub type Script;
    #[wasm_bindgen(method, getter)]
    pub fn sockets(this: &Script) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn sent(this: &Script) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn config(this: &Script) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn push(this: &Script, action: &str, payload: &JsValue);
    #[wasm_bindgen(method)]
    pub fn raw(this: &Script, data: &JsValue);
    #[wasm_bindgen(method)]
    pub fn drop(this: &Script);
    #[wasm_bindgen(method)]
    pub fn open(this: &Script) -> u32;
}

#[wasm_bindgen(module = "/src/api/emitter.js")]
extern "C" {
    #[wasm_bindgen(js_name = Emitter)]
    type Listeners;
    #[wasm_bindgen(constructor, js_class = Emitter)]
    fn new() -> Listeners;
    #[wasm_bindgen(method, catch)]
    fn on(this: &Listeners, event: &JsValue, listener: &JsValue, once: bool) -> Result<Function, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn off(this: &Listeners, event: &JsValue, listener: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn finish(this: &Listeners);
}

#[wasm_bindgen(module = "/src/api/calls.js")]
extern "C" {
    #[wasm_bindgen(js_name = Calls)]
    type Waiting;
    #[wasm_bindgen(constructor, js_class = Calls)]
    fn new() -> Waiting;
    #[wasm_bindgen(method)]
    fn add(this: &Waiting, resolve: &Function, reject: &Function) -> u32;
}

/// A core with its shell, as a page has it.
pub struct Core {
    core: api::Core,
    listeners: Listeners,
    waiting: Waiting,
}

impl Core {
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        let (listeners, waiting) = (Listeners::new(), Waiting::new());
        let emitter: Emitter = listeners.clone().unchecked_into();
        let calls: Calls = waiting.clone().unchecked_into();
        Ok(Self { core: api::Core::new(options, emitter, calls)?, listeners, waiting })
    }

    pub fn on(&self, event: &JsValue, listener: &JsValue, once: bool) -> Result<Function, JsValue> {
        self.listeners.on(event, listener, once)
    }

    pub fn off(&self, event: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        self.listeners.off(event, listener)
    }

    pub fn call(&self, method: &str, options: &JsValue) -> Promise {
        Promise::new(&mut |resolve, reject| self.core.call(self.waiting.add(&resolve, &reject), method, options))
    }

    pub fn destroy(&self) {
        self.listeners.finish();
        self.core.destroy();
    }
}

impl Deref for Core {
    type Target = api::Core;

    fn deref(&self) -> &api::Core {
        &self.core
    }
}

/// Puts the scripted socket in the place of the browser's; returns the script.
pub fn install() -> Script {
    // What the package does when it is loaded; a test module is not the package.
    api::start();
    install_script()
}

pub fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

pub fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

pub fn text(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

pub async fn tick() {
    JsFuture::from(sleep(0)).await.unwrap();
}

pub async fn settle(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// A script and an api that is connected to it.
pub async fn connected() -> (Script, Core) {
    let script = install();
    let core = Core::new(&script.config()).unwrap();
    until(|| core.state().as_string().as_deref() == Some("connected")).await;
    (script, core)
}

pub async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..200 {
        if is_so() {
            return;
        }
        JsFuture::from(sleep(5)).await.unwrap();
    }
    panic!("it did not happen within a second");
}

/// A listener that keeps what it is told.
pub fn recorder() -> (Array, Function) {
    let told = Array::new();
    let list = told.clone();
    let listener = Closure::<dyn Fn(JsValue)>::new(move |payload| {
        list.push(&payload);
    });
    (told, listener.into_js_value().unchecked_into())
}

pub fn event(number: u32) -> JsValue {
    js(&format!(
        r#"{{"chat_id":"C","thread_id":"T","event":{{"id":"T_{number}","type":"message","text":"{number}","author_id":"A","created_at":"2026-03-01T10:00:00.{number:06}Z"}}}}"#
    ))
}
