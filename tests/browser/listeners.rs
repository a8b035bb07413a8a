//! Listeners that throw, call back in, remove themselves or destroy the api harm nobody.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Core, connected, event, js, recorder, reported, settle, text, tick, until};

fn listener(act: impl Fn(JsValue) + 'static) -> Function {
    Closure::<dyn Fn(JsValue)>::new(act).into_js_value().unchecked_into()
}

#[wasm_bindgen_test]
async fn one_that_throws_stops_nobody() {
    let (script, core) = connected().await;
    let errors = reported();
    let (told, record) = recorder();
    core.on(&"new_event".into(), &Function::new_no_args("throw new Error('mine')"), false).unwrap();
    core.on(&"new_event".into(), &record, false).unwrap();
    script.push("incoming_event", &event(1));
    script.push("incoming_event", &event(2));
    assert_eq!(told.length(), 2);
    assert_eq!(errors.length(), 2);
    core.destroy();
}

#[wasm_bindgen_test]
async fn each_is_called_in_the_order_of_its_coming_and_once_means_once() {
    let (script, core) = connected().await;
    let (told, record) = recorder();
    let remove = core.on(&"new_event".into(), &record, false).unwrap();
    core.on(&"new_event".into(), &record, true).unwrap();
    script.push("incoming_event", &event(1));
    assert_eq!(told.length(), 2);
    script.push("incoming_event", &event(2));
    assert_eq!(told.length(), 3);
    remove.call0(&JsValue::NULL).unwrap();
    remove.call0(&JsValue::NULL).unwrap();
    script.push("incoming_event", &event(3));
    assert_eq!(told.length(), 3);
    core.on(&"new_event".into(), &record, false).unwrap();
    core.off(&"new_event".into(), &record).unwrap();
    core.on(&"incoming_event".into(), &record, false).unwrap();
    core.off(&JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap();
    script.push("incoming_event", &event(4));
    assert_eq!(told.length(), 3);
    core.destroy();
}

#[wasm_bindgen_test]
async fn every_method_may_be_called_from_every_event() {
    const METHODS: [(&str, &str); 11] = [
        ("sendMessage", r#"{"chatId":"C","text":"x"}"#),
        ("sendEvent", r#"{"chatId":"C","event":{"type":"message","text":"x"}}"#),
        ("listChats", "{}"),
        ("listThreads", r#"{"chatId":"C"}"#),
        ("getChat", r#"{"chatId":"C"}"#),
        ("startChat", "{}"),
        ("resumeChat", r#"{"chat":{"id":"C"}}"#),
        ("deactivateChat", r#"{"id":"C"}"#),
        ("markEventsAsSeen", r#"{"chatId":"C","seenUpTo":"2026-03-01T10:00:00.000000Z"}"#),
        ("setSneakPeek", r#"{"chatId":"C","sneakPeekText":"x"}"#),
        ("updateCustomer", r#"{"name":"A"}"#),
    ];
    const EVENTS: [&str; 6] = ["new_event", "incoming_event", "connection_lost", "state", "connected", "customer_id"];
    for name in EVENTS {
        let script = crate::page::install();
        let core = Rc::new(Core::new(&script.config()).unwrap());
        let inner = core.clone();
        let promises = js_sys::Array::new();
        let list = promises.clone();
        core.on(
            &name.into(),
            &listener(move |_| {
                if list.length() > 0 {
                    return;
                }
                for (method, options) in METHODS {
                    list.push(&inner.call(method, &js(options)));
                }
                inner.connect();
                let _ = inner.chats();
                let _ = inner.state();
                let extra = inner.on(&"new_event".into(), &Function::new_no_args(""), false).unwrap();
                extra.call0(&JsValue::NULL).unwrap();
            }),
            false,
        )
        .unwrap();
        until(|| core.state().as_string().as_deref() == Some("connected")).await;
        script.push("incoming_event", &event(1));
        // An event of a chat that is not known yet waits until the chat is read.
        if name == "connection_lost" {
            script.drop();
        }
        until(|| promises.length() == u32::try_from(METHODS.len()).unwrap()).await;
        script.drop();
        core.destroy();
        let settled = settle(js_sys::Promise::all_settled(&promises)).await.unwrap();
        assert_eq!(js_sys::Array::from(&settled).length(), promises.length(), "{name}");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_told_after_destroy_even_from_within() {
    let (script, core) = connected().await;
    let core = Rc::new(core);
    let (told, record) = recorder();
    let inner = core.clone();
    core.on(&"incoming_event".into(), &listener(move |_| inner.destroy()), false).unwrap();
    core.on(&"incoming_event".into(), &record, false).unwrap();
    core.on(&"new_event".into(), &record, false).unwrap();
    core.on(&"state".into(), &record, false).unwrap();
    script.push("incoming_event", &event(1));
    tick().await;
    assert_eq!(told.length(), 0);
    assert_eq!(core.state().as_string().unwrap(), "closed");
    assert_eq!(script.open(), 0);
    let error = settle(core.call("listChats", &JsValue::UNDEFINED)).await.unwrap_err();
    assert_eq!(text(&error, "code"), "SDK_DESTROYED");
    core.destroy();
    core.connect();
    tick().await;
    assert_eq!(script.sockets().length(), 1);
}

#[wasm_bindgen_test]
async fn an_event_within_an_event_comes_after_it() {
    let (script, core) = connected().await;
    let core = Rc::new(core);
    let told = js_sys::Array::new();
    let note = |name: &'static str| {
        let told = told.clone();
        listener(move |_| {
            told.push(&name.into());
        })
    };
    let inner = core.clone();
    core.on(&"incoming_event".into(), &listener(move |_| inner.disconnect()), false).unwrap();
    for name in ["incoming_event", "new_event", "state", "disconnected"] {
        core.on(&name.into(), &note(name), false).unwrap();
    }
    script.push("incoming_event", &event(1));
    assert_eq!(told.join(" "), "incoming_event new_event state disconnected");
    core.destroy();
}
