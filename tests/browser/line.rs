//! The line in a browser: sockets, timers, providers.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Core, connected, event, field, install, js, recorder, settle, text, tick, until};

#[wasm_bindgen_test]
async fn connects_speaks_and_hears() {
    let (script, core) = connected().await;
    let login = script.sent().get(0);
    assert_eq!(text(&login, "action"), "login");
    assert_eq!(text(&field(&login, "payload"), "token"), "Bearer dal:1");
    let (told, record) = recorder();
    core.on(&"new_event".into(), &record, false).unwrap();
    script.push("incoming_event", &event(1));
    assert_eq!(text(&told.get(0), "text"), "1");
    assert_eq!(text(&told.get(0), "chat"), "C");
    let sent = settle(core.call("sendMessage", &js(r#"{"chatId":"C","text":"hi"}"#))).await.unwrap();
    assert_eq!(text(&sent, "text"), "hi");
    assert_eq!(told.length(), 1, "own messages are not news");
    core.destroy();
    assert_eq!(script.open(), 0);
}

#[wasm_bindgen_test]
async fn a_lost_line_comes_back_with_one_socket() {
    let (script, core) = connected().await;
    let (lost, record) = recorder();
    core.on(&"connection_lost".into(), &record, false).unwrap();
    let (restored, record) = recorder();
    core.on(&"connection_restored".into(), &record, false).unwrap();
    script.drop();
    assert_eq!(lost.length(), 1);
    assert_eq!(core.state().as_string().unwrap(), "connecting");
    core.connect();
    until(|| restored.length() == 1).await;
    assert_eq!(script.sockets().length(), 2);
    assert_eq!(script.open(), 1);
    core.destroy();
}

#[wasm_bindgen_test]
async fn frames_that_are_no_text_or_no_json_are_passed_over() {
    let (script, core) = connected().await;
    let (warned, record) = recorder();
    core.on(&"warning".into(), &record, false).unwrap();
    script.raw(&"{".into());
    script.raw(&js_sys::Uint8Array::new_with_length(3).into());
    script.raw(&JsValue::UNDEFINED);
    assert_eq!(warned.length(), 3);
    let (told, record) = recorder();
    core.on(&"new_event".into(), &record, false).unwrap();
    script.push("incoming_event", &event(1));
    until(|| told.length() == 1).await;
    core.destroy();
}

#[wasm_bindgen_test]
async fn a_socket_that_was_let_go_is_not_heard() {
    let (script, core) = connected().await;
    let old = script.sockets().get(0);
    script.drop();
    core.connect();
    until(|| core.state().as_string().as_deref() == Some("connected")).await;
    assert!(field(&old, "onmessage").is_falsy(), "its handlers are gone");
    core.disconnect();
    assert_eq!(core.state().as_string().unwrap(), "closed");
    assert_eq!(script.open(), 0);
    core.destroy();
}

#[wasm_bindgen_test]
async fn two_apis_have_a_socket_each() {
    let script = install();
    let one = Core::new(&script.config()).unwrap();
    let two = Core::new(&script.config()).unwrap();
    until(|| two.state().as_string().as_deref() == Some("connected")).await;
    until(|| one.state().as_string().as_deref() == Some("connected")).await;
    assert_eq!(script.open(), 2);
    one.destroy();
    assert_eq!(script.open(), 1);
    two.destroy();
    assert_eq!(script.open(), 0);
}

#[wasm_bindgen_test]
async fn providers_that_throw_or_reject_are_survived() {
    let script = install();
    for body in [
        "throw new Error('no')",
        "return { getToken: () => Promise.reject(7) }",
        "return 7",
        "return { getToken: () => ({}) }",
    ] {
        let config = script.config();
        let copy = js_sys::Object::assign(&js_sys::Object::new(), config.unchecked_ref());
        js_sys::Reflect::set(&copy, &"identityProvider".into(), &js_sys::Function::new_no_args(body)).unwrap();
        let core = Core::new(&copy).unwrap();
        let (warned, record) = recorder();
        core.on(&"warning".into(), &record, false).unwrap();
        until(|| warned.length() > 0).await;
        assert_eq!(core.state().as_string().unwrap(), "connecting", "{body}");
        core.destroy();
        tick().await;
    }
}

#[wasm_bindgen_test]
async fn who_the_customer_is_goes_into_the_login() {
    let script = install();
    let config = script.config();
    let copy = js_sys::Object::assign(&js_sys::Object::new(), config.unchecked_ref());
    let provider = js_sys::Function::new_no_args("return { name: 'Ada', sessionFields: { a: '1' } }");
    js_sys::Reflect::set(&copy, &"customerDataProvider".into(), &provider).unwrap();
    let core = Core::new(&copy).unwrap();
    until(|| core.state().as_string().as_deref() == Some("connected")).await;
    let customer = field(&field(&script.sent().get(0), "payload"), "customer");
    assert_eq!(js_sys::JSON::stringify(&customer).unwrap(), r#"{"name":"Ada","session_fields":[{"a":"1"}]}"#);
    core.destroy();
}

#[wasm_bindgen_test]
async fn a_page_may_ask_what_there_is_and_for_a_new_line() {
    let (script, core) = connected().await;
    assert!(core.can("sendMessage") && core.can("requestWelcomeMessage"));
    assert!(!core.can("sendFax") && !core.can(""));
    let (told, record) = recorder();
    core.on(&"connection_restored".into(), &record, false).unwrap();
    core.reconnect();
    until(|| told.length() == 1).await;
    assert_eq!(script.sockets().length(), 2);
    assert_eq!(script.open(), 1);
    core.destroy();
    core.reconnect();
    assert_eq!(script.open(), 0);
}
