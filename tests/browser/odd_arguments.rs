//! What no JSON can say: functions, cycles, getters that throw.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Core, connected, field, install, settle, text};

#[wasm_bindgen(module = "/tests/browser/odd.js")]
extern "C" {
    fn oddities() -> Array;
    fn describe(value: &JsValue) -> String;
    fn trap(name: &str, act: &js_sys::Function) -> Object;
}

#[wasm_bindgen_test]
async fn odd_events_and_listeners_are_refused() {
    let (_script, core) = connected().await;
    let listener = js_sys::Function::new_no_args("");
    for odd in oddities() {
        let error = core.on(&odd, &listener, false).expect_err(&describe(&odd));
        assert_eq!(text(&field(&error, "details"), "argument"), "event");
        if !odd.is_function() {
            let error = core.on(&"new_event".into(), &odd, true).expect_err(&describe(&odd));
            assert_eq!(text(&field(&error, "details"), "argument"), "listener");
        }
    }
    core.destroy();
}

#[wasm_bindgen_test]
async fn odd_options_are_refused_or_passed_over() {
    let script = install();
    for odd in oddities() {
        for name in ["organizationId", "page", "groupId", "endpoints", "identityProvider", "surplus"] {
            let options = Object::assign(&Object::new(), script.config().unchecked_ref());
            Reflect::set(&options, &"autoConnect".into(), &false.into()).unwrap();
            Reflect::set(&options, &name.into(), &odd).unwrap();
            match Core::new(&options) {
                Ok(core) => core.destroy(),
                Err(error) => assert_eq!(text(&error, "code"), "VALIDATION", "{name}: {}", describe(&odd)),
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_field_that_acts_when_it_is_read_may_do_so() {
    for action in ["connect", "reconnect", "disconnect", "destroy"] {
        let (_script, core) = connected().await;
        let core = std::rc::Rc::new(core);
        let inner = core.clone();
        let act = Closure::<dyn Fn()>::new(move || match action {
            "connect" => inner.connect(),
            "reconnect" => inner.reconnect(),
            "disconnect" => inner.disconnect(),
            _ => inner.destroy(),
        });
        let call = core.call("getChat", &trap("threadId", act.as_ref().unchecked_ref()));
        let code = settle(call).await.map_or_else(|error| text(&error, "code"), |_| "ok".to_owned());
        let expected = match action {
            "connect" | "reconnect" => "NOT_FOUND",
            "disconnect" => "NO_CONNECTION",
            _ => "SDK_DESTROYED",
        };
        assert_eq!(code, expected, "{action}");
        core.destroy();
    }
}
