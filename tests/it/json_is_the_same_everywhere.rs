//! The native half; the browser's is `tests/browser/json.rs`.

use palaver::json::Value;

#[path = "../shared/json_cases.rs"]
mod cases;

#[test]
fn keys_change_case_and_data_does_not() {
    for (given, expected) in cases::CAMEL {
        assert_eq!(Value::parse(given).camel(), Value::parse(expected), "{given}");
    }
    for (given, expected) in cases::SNAKE {
        assert_eq!(Value::parse(given).snake(), Value::parse(expected), "{given}");
    }
}

#[test]
fn nonsense_is_missing() {
    for text in cases::NONSENSE {
        assert!(Value::parse(text).is_missing(), "{text}");
    }
}
