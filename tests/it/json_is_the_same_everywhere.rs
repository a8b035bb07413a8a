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

#[test]
fn several_texts_come_at_once() {
    use palaver::json::{Paths, names};
    let paths = Paths::new([
        &[names::TYPE],
        &[names::PAYLOAD, names::CHAT_ID],
        &[names::PAYLOAD, names::THREAD_ID],
        &[names::PAYLOAD, names::EVENT, names::ID],
        &[names::PAYLOAD, names::EVENT, names::TEXT],
        &[names::PAYLOAD, names::EVENT, names::AUTHOR_ID],
        &[names::STATE, names::EVENT, names::ID],
        &[names::PAYLOAD],
        &[names::TYPE, names::ID],
    ]);
    let texts = Value::parse(cases::PATHS).texts(&paths);
    let texts = texts.each_ref().map(|text| text.as_deref().unwrap_or("-"));
    assert_eq!(texts, ["t", "c", "-", "a b", "-", "x", "-", "-", "-"]);
}
