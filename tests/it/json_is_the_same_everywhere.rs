//! The native half; the browser's is `tests/browser/json.rs`.

use palaver::json::{Id, Value};

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
fn several_fields_come_at_once() {
    assert_eq!(cases::read(&Value::parse(cases::PATHS)), cases::READ);
}

#[test]
fn times_are_read_to_the_microsecond() {
    for (text, micros) in cases::TIMES {
        assert_eq!(Value::from(*text).as_time().map(|at| at.0), *micros, "{text}");
    }
}

#[test]
fn an_id_is_its_text() {
    let (one, two) = (Id::of("T_1"), Id::of("T_2"));
    assert_eq!(one, Id::of("T_1"));
    assert!(one.is_some() && one < two);
    assert_eq!(Id::of(""), None);
    assert_eq!(Value::from(one.unwrap()).as_text().as_deref(), Some("T_1"));
    let object = Value::object();
    object.put_at(two.unwrap(), true);
    assert_eq!(object.field("T_2").as_bool(), Some(true));
}

#[test]
fn a_key_is_one_events() {
    let keys = cases::keys();
    for (index, (key, _)) in keys.iter().enumerate() {
        assert!(*key > 0.0);
        assert!(keys[..index].iter().all(|(other, _)| other != key), "{index}");
    }
    assert_eq!(keys.iter().map(|(_, number)| *number).collect::<Vec<_>>(), cases::NUMBERS);
}

#[test]
fn what_is_no_object_stays_what_it_is() {
    for text in cases::NO_OBJECTS {
        let left = cases::handle_roughly(&Value::parse(text));
        assert_eq!(left, Value::parse(text), "{text}");
    }
    assert!(cases::handle_roughly(&Value::missing()).is_missing());
}
