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
fn a_misspelt_word_is_meant_for_the_nearest() {
    cases::check_nearest();
}

#[test]
fn every_kind_takes_its_own_values_only() {
    cases::check_every_kind(&Value::parse);
}

#[test]
fn an_origin_is_told_from_other_addresses() {
    cases::check_addresses();
}

#[test]
fn a_value_has_a_kind() {
    cases::check_kinds(&Value::parse);
}

#[test]
fn nonsense_is_missing() {
    for text in cases::NONSENSE {
        assert!(Value::parse(text).is_missing(), "{text}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_missing() {
    for (text, is_read) in cases::caps() {
        assert_eq!(!Value::parse(&text).is_missing(), is_read, "{} of {}", &text[..20], text.len());
    }
}

#[test]
fn a_text_that_is_too_long_is_read_in_outline() {
    for (text, outline) in cases::outlines() {
        let value = Value::parse(&text);
        let expected = outline.map_or(Value::missing(), Value::parse);
        assert_eq!(value, expected, "{} of {}", &text[..20], text.len());
    }
}

#[test]
fn several_fields_come_at_once() {
    assert_eq!(cases::read(&Value::parse(cases::PATHS)), cases::READ);
}

#[test]
fn times_are_read_to_the_microsecond() {
    cases::check_times();
}

#[test]
fn an_id_is_its_text() {
    cases::check_ids();
}

#[test]
fn a_key_is_one_events() {
    cases::check_keys();
}

#[test]
fn what_is_no_object_stays_what_it_is() {
    for text in cases::NO_OBJECTS {
        let left = cases::handle_roughly(&Value::parse(text));
        assert_eq!(left, Value::parse(text), "{text}");
    }
    assert!(cases::handle_roughly(&Value::missing()).is_missing());
}
