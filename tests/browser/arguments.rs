//! Wrong input gets a `ChatError` that names the argument.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Core, connected, field, install, js, settle, text};

fn assert_names(error: &JsValue, argument: &str) {
    assert!(error.is_instance_of::<js_sys::Error>(), "a real Error");
    assert_eq!(text(error, "name"), "ChatError");
    assert_eq!(text(error, "code"), "VALIDATION");
    assert_eq!(text(&field(error, "details"), "argument"), argument);
    assert!(!text(error, "stack").is_empty());
    assert_eq!(field(error, "retryable"), JsValue::FALSE);
}

#[wasm_bindgen_test]
fn options_are_checked() {
    install();
    let cases = [
        ("null", "config"),
        ("7", "config"),
        (r#"{"clientId":"c"}"#, "organizationId"),
        (r#"{"organizationId":"o","clientId":"c","identityProvider":7}"#, "identityProvider"),
        (r#"{"organizationId":"o","clientId":"c","customerDataProvider":{}}"#, "customerDataProvider"),
        (r#"{"organizationId":"o","clientId":"c","groupId":1.5}"#, "groupId"),
    ];
    for (options, argument) in cases {
        assert_names(&Core::new(&js(options)).err().unwrap(), argument);
    }
    assert_names(&Core::new(&JsValue::UNDEFINED).err().unwrap(), "config");
}

#[wasm_bindgen_test]
async fn listeners_are_checked() {
    let (_script, core) = connected().await;
    let listener = js_sys::Function::new_no_args("");
    assert_names(&core.on(&"new_evnt".into(), &listener, false).unwrap_err(), "event");
    assert_names(&core.on(&JsValue::NULL, &listener, false).unwrap_err(), "event");
    assert_names(&core.on(&"new_event".into(), &JsValue::NULL, false).unwrap_err(), "listener");
    assert_names(&core.off(&"new_evnt".into(), &JsValue::UNDEFINED).unwrap_err(), "event");
    core.destroy();
}

#[wasm_bindgen_test]
async fn methods_reject_and_never_throw() {
    let (_script, core) = connected().await;
    let cases = [
        ("sendMessage", "null", "chatId"),
        ("sendMessage", r#"{"chatId":"C","text":7}"#, "text"),
        ("sendEvent", r#"{"chatId":"C","event":[]}"#, "event"),
        ("listChats", r#"{"limit":"10"}"#, "limit"),
        ("getChat", r#""C""#, "options"),
        ("markEventsAsSeen", r#"{"chatId":"C","seenUpTo":12}"#, "seenUpTo"),
    ];
    for (method, options, argument) in cases {
        assert_names(&settle(core.call(method, &js(options))).await.unwrap_err(), argument);
    }
    let error = settle(core.call("noSuchMethod", &JsValue::UNDEFINED)).await.unwrap_err();
    assert_eq!(text(&error, "code"), "UNSUPPORTED");
    let error = settle(core.call("getChat", &js(r#"{"chatId":"C"}"#))).await.unwrap_err();
    assert_eq!(text(&error, "code"), "NOT_FOUND");
    core.destroy();
}
