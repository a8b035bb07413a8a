//! Libraries that add to the prototypes of all objects and arrays (Prototype 1.6): what leaves is what was given.

use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{connected, field, js, settle};

#[wasm_bindgen(module = "/tests/browser/old_libraries.js")]
extern "C" {
    /// Adds what such a library adds; returns what takes it away again.
    fn extend(which: &str) -> js_sys::Function;
}

/// Calls while a library is there, and takes it away before anything is compared.
struct Library(js_sys::Function);

impl Drop for Library {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).unwrap();
    }
}

const FORM: &str = r#"{"type":"filled_form","formId":"F","fields":[{"type":"checkbox","id":"1","label":"L","answers":[{"id":"0","label":"One"}]}],"customId":"form"}"#;
const CARD: &str = r#"{"type":"rich_message","templateId":"cards","elements":[{"title":"T","buttons":[{"type":"message","text":"B","userIds":[]}]}],"customId":"card"}"#;

#[wasm_bindgen_test]
async fn what_leaves_is_what_was_given() {
    for which in ["prototype", "everything"] {
        let (script, core) = connected().await;
        let library = Library(extend(which));
        let mut results = Vec::new();
        for event in [FORM, CARD] {
            let options = js(&["{\"chatId\":\"C\",\"event\":", event, "}"].concat());
            results.push(settle(core.call("sendEvent", &options)).await.is_ok());
        }
        let properties = js(r#"{"id":"C","properties":{"ns":{"list":[1,[2]],"object":{"a":[]}}}}"#);
        results.push(settle(core.call("updateChatProperties", &properties)).await.is_ok());
        let frames = script.sent().slice(0, script.sent().length());
        drop(library);
        assert_eq!(results, [true, true, true], "{which}");

        let sent: Vec<String> =
            frames.iter().map(|frame| JSON::stringify(&frame).unwrap().as_string().unwrap()).collect();
        let has = |text: &str| assert!(sent.iter().any(|frame| frame.contains(text)), "{which}: {text} in {sent:#?}");
        has(r#""fields":[{"type":"checkbox","id":"1","label":"L","answers":[{"id":"0","label":"One"}]}]"#);
        has(r#""elements":[{"title":"T","buttons":[{"type":"message","text":"B","user_ids":[]}]}]"#);
        has(r#""properties":{"ns":{"list":[1,[2]],"object":{"a":[]}}}"#);
        assert!(sent.iter().all(|frame| !frame.contains("clone")), "{which}: {sent:#?}");
        core.destroy();
    }
}

#[wasm_bindgen_test]
async fn what_comes_has_no_more_fields_than_were_sent() {
    let (script, core) = connected().await;
    let heard = js_sys::Array::new();
    let listener = {
        let heard = heard.clone();
        Closure::<dyn Fn(JsValue)>::new(move |payload: JsValue| {
            heard.push(&payload);
        })
    };
    core.on(&"event_properties_updated".into(), listener.as_ref(), false).unwrap();
    let library = Library(extend("everything"));
    let payload =
        js(r#"{"chat_id":"C","thread_id":"T","event_id":"E","properties":{"ns":{"a":1}},"some_list":[{"a_b":1}]}"#);
    script.push("event_properties_updated", &payload);
    drop(library);
    let told = heard.get(0);
    let names = |value: &JsValue| -> Vec<String> {
        Reflect::own_keys(value).unwrap().iter().filter_map(|key| key.as_string()).collect()
    };
    for name in ["chatId", "threadId", "eventId", "properties", "someList"] {
        assert!(names(&told).iter().any(|own| own == name), "{name}");
    }
    let inner = js_sys::Array::from(&field(&told, "someList")).get(0);
    assert_eq!(names(&inner), ["aB"]);
    for added in ["clone", "toJSON", "get", "set"] {
        assert!(!names(&told).iter().any(|own| own == added), "{added}");
    }
    core.destroy();
}
