//! The browser's half; the native one is `tests/it/json_is_the_same_everywhere.rs`.

use palaver::json::{Value, plain};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../shared/json_cases.rs"]
mod cases;

fn written(value: &Value) -> String {
    value.stringify().as_string().unwrap()
}

fn parse(text: &str) -> Value {
    Value::parse(&JsValue::from_str(text))
}

#[wasm_bindgen_test]
fn keys_change_case_and_data_does_not() {
    for (given, expected) in cases::CAMEL {
        assert_eq!(written(&parse(given).camel()), *expected, "{given}");
    }
    for (given, expected) in cases::SNAKE {
        assert_eq!(written(&parse(given).snake()), *expected, "{given}");
    }
}

#[wasm_bindgen_test]
fn a_misspelt_word_is_meant_for_the_nearest() {
    cases::check_nearest();
}

#[wasm_bindgen_test]
fn a_value_has_a_kind() {
    cases::check_kinds(&parse);
}

#[wasm_bindgen_test]
fn every_kind_takes_its_own_values_only() {
    cases::check_every_kind(&parse);
}

#[wasm_bindgen_test]
fn an_origin_is_told_from_other_addresses() {
    cases::check_addresses();
}

#[wasm_bindgen_test]
fn nonsense_is_missing() {
    for text in cases::NONSENSE {
        assert!(parse(text).is_missing(), "{text}");
    }
}

#[wasm_bindgen_test]
fn no_prototype_is_polluted() {
    let _ = parse(r#"{"session_fields":[{"__proto__":{"polluted":1}}],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}"#).camel();
    let polluted = js_sys::Reflect::get(&js_sys::Object::new(), &"polluted".into()).unwrap();
    assert!(polluted.is_undefined());
}

#[wasm_bindgen_test]
fn what_is_too_long_or_too_deep_is_missing() {
    for (text, is_read) in cases::caps() {
        assert_eq!(!parse(&text).is_missing(), is_read, "{} of {}", &text[..20], text.len());
    }
}

#[wasm_bindgen_test]
fn a_text_that_is_too_long_is_read_in_outline() {
    for (text, outline) in cases::outlines() {
        let value = parse(&text);
        assert_eq!((!value.is_missing()).then(|| written(&value)).as_deref(), outline, "{}", &text[..20]);
    }
}

#[wasm_bindgen_test]
fn what_is_read_can_be_written() {
    // Short texts are not looked through; the deepest of them must not take the stack either.
    let text = ["[".repeat(1_024), "]".repeat(1_024)].concat();
    assert_eq!(written(&parse(&text).camel()), text);
}

#[wasm_bindgen(inline_js = r#"
export const trap = () => ({ get text() { throw new Error("trap"); } });
export const ring = () => { const ring = {}; ring.ring = ring; return ring; };
export const odd = () => ({ text: "half \ud83d", f() {}, when: new Date(0), big: 7n, none: undefined });
"#)]
extern "C" {
    fn trap() -> JsValue;
    fn ring() -> JsValue;
    fn odd() -> JsValue;
}

#[wasm_bindgen_test]
fn what_a_page_passes_in_is_copied_or_refused() {
    assert!(plain(&trap()).is_err());
    assert!(plain(&ring()).is_err());
    let copy = plain(&odd()).unwrap();
    assert_eq!(written(&copy), "{\"text\":\"half \u{fffd}\",\"when\":\"1970-01-01T00:00:00.000Z\",\"big\":7}");
}

#[wasm_bindgen_test]
fn several_fields_come_at_once() {
    palaver::json::install();
    assert_eq!(cases::read(&parse(cases::PATHS)), cases::READ);
}

#[wasm_bindgen_test]
fn times_are_read_to_the_microsecond() {
    palaver::json::install();
    cases::check_times();
}

#[wasm_bindgen_test]
fn an_id_is_its_text() {
    palaver::json::install();
    cases::check_ids();
}

#[wasm_bindgen_test]
fn a_key_is_one_events() {
    palaver::json::install();
    cases::check_keys();
}

#[wasm_bindgen_test]
fn what_is_no_object_stays_what_it_is() {
    palaver::json::install();
    for text in cases::NO_OBJECTS {
        let left = cases::handle_roughly(&parse(text));
        assert_eq!(written(&left), *text, "{text}");
    }
    assert!(cases::handle_roughly(&Value::missing()).is_missing());
}
