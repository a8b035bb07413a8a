//! What `json::Value` promises, as cases that run over both of its backings.

use palaver::json::{As, Id, Key, Reading, Value, names};

/// In, and what `camel` makes of it.
pub const CAMEL: &[(&str, &str)] = &[
    (r#"{"chat_id":"C","thread_id":null}"#, r#"{"chatId":"C","threadId":null}"#),
    (r#"{"a_b":[{"c_d":1},[{"e_f":true}]]}"#, r#"{"aB":[{"cD":1},[{"eF":true}]]}"#),
    (r#"{"thumbnail2x_url":"u","x_1":2}"#, r#"{"thumbnail2xUrl":"u","x1":2}"#),
    (
        r#"{"properties":{"my_ns":{"my_name":1}},"text_vars":{"a_b":"c"}}"#,
        r#"{"properties":{"my_ns":{"my_name":1}},"textVars":{"a_b":"c"}}"#,
    ),
    (
        r#"{"content":{"a_b":{"c_d":1}},"details":"{\"a_b\":1}"}"#,
        r#"{"content":{"a_b":{"c_d":1}},"details":"{\"a_b\":1}"}"#,
    ),
    (r#"{"customer_side_storage":{"a_b":"1"}}"#, r#"{"customerSideStorage":{"a_b":"1"}}"#),
    (r#"{"session_fields":[{"a_b":"1"},{"c":"2"}]}"#, r#"{"sessionFields":{"a_b":"1","c":"2"}}"#),
    (r#"{"__priv_config":{"a_b":1},"_x_y":1}"#, r#"{"__priv_config":{"aB":1},"_x_y":1}"#),
    (r#"{"__proto__":{"polluted":true},"a_b":1}"#, r#"{"aB":1}"#),
    (r#"{"groups_status":{"0":"online"}}"#, r#"{"groupsStatus":{"0":"online"}}"#),
    (r#"[]"#, r#"[]"#),
    (r#""a_b""#, r#""a_b""#),
    (r#"null"#, r#"null"#),
    (r#"12.5"#, r#"12.5"#),
];

/// In, and what `snake` makes of it.
pub const SNAKE: &[(&str, &str)] = &[
    (r#"{"chatId":"C","seenUpTo":"t"}"#, r#"{"chat_id":"C","seen_up_to":"t"}"#),
    (
        r#"{"chat":{"access":{"groupIds":[1]},"properties":{"myNs":{"aB":1}}}}"#,
        r#"{"chat":{"access":{"group_ids":[1]},"properties":{"myNs":{"aB":1}}}}"#,
    ),
    (r#"{"sessionFields":{"aB":"1","c":"2"}}"#, r#"{"session_fields":[{"aB":"1"},{"c":"2"}]}"#),
    (r#"{"textVars":{"aB":"c"},"content":{"aB":1}}"#, r#"{"text_vars":{"aB":"c"},"content":{"aB":1}}"#),
];

/// What is no JSON.
pub const NONSENSE: &[&str] = &["", "{", "undefined", "{\"a\":}", "\u{1}", "[1,]"];

/// A document for readings: what is there, what is not, and what is of another kind.
pub const PATHS: &str = r#"{"type":"message","request_id":"17","payload":{"chat_id":"c","thread_id":7,"event":{"id":"T_12","text":"","author_id":"x","created_at":"2026-03-01T10:00:00.000200Z"}}}"#;

static READING: Reading<11> = Reading::new([
    (&[names::TYPE], As::Word),
    (&[names::REQUEST_ID], As::Number),
    (&[names::PAYLOAD, names::THREAD_ID], As::Number),
    (&[names::PAYLOAD, names::THREAD_ID], As::Id),
    (&[names::PAYLOAD, names::EVENT, names::ID], As::KnownId),
    (&[names::PAYLOAD, names::EVENT, names::CREATED_AT], As::Time),
    (&[names::PAYLOAD, names::EVENT, names::TEXT], As::Id),
    (&[names::STATE, names::EVENT, names::ID], As::Id),
    (&[names::PAYLOAD], As::Word),
    (&[names::PAYLOAD, names::EVENT, names::AUTHOR_ID], As::Word),
    (&[names::PAYLOAD, names::CHAT_ID], As::Id),
]);

/// What is read, except for the last: ids are numbers that depend on what was read before.
pub const READ: [f64; 10] = [-2.0, 17.0, 7.0, 0.0, 0.0, 1_772_359_200_000_200.0, 0.0, 0.0, -1.0, -1.0];

/// Reads the document. The first field is told relative to the table's place of the word.
pub fn read(document: &Value) -> [f64; 10] {
    let [kind, rest @ .., chat] = document.read(&READING);
    assert_eq!(Id::from_number(chat), Id::of("c"));
    let mut fields = [0.0; 10];
    fields[0] = kind - f64::from(names::MESSAGE.index()) - 2.0;
    fields[1..].copy_from_slice(&rest);
    fields
}

/// Ids of events, no two of one.
const KEYS: &[&str] = &[
    "T_1",
    "T_2",
    "T_01",
    "T_",
    "T",
    "_1",
    "T_x",
    "T_1_1",
    "U_1",
    "8c1c-77",
    "T_4294967295",
    "T_4294967294",
    "T_99999999999999999999",
];

/// Their keys, and the numbers in them.
fn keys() -> Vec<(f64, Option<u64>)> {
    static ID: Reading<1> = Reading::new([(&[names::ID], As::Key)]);
    let read = |text: &str| Value::object().with(names::ID, text).read(&ID)[0];
    // In both directions: what was read before must not matter.
    for text in KEYS.iter().rev() {
        read(text);
    }
    KEYS.iter().map(|text| read(text)).map(|key| (key, Key::from_number(key).and_then(Key::number))).collect()
}

/// The numbers in the keys of [`KEYS`].
const NUMBERS: [Option<u64>; 13] =
    [Some(1), Some(2), None, None, None, None, None, Some(1), Some(1), None, None, Some(4_294_967_294), None];

/// What is no object.
pub const NO_OBJECTS: &[&str] = &["null", "7", "true", "\"text\"", "[]", "[1,null]"];

/// Whatever is done to a value, and whatever it is, nothing traps. Answers what is left of it.
pub fn handle_roughly(value: &Value) -> Value {
    static ID: Reading<2> = Reading::new([(&[names::ID], As::Key), (&[names::EVENT, names::ID], As::Time)]);
    let id = Id::of("x").unwrap();
    value.set(names::ID, "x");
    value.put("a", true);
    value.put_at(id, true);
    value.copy_as(names::ID, &Value::object().with(names::ID, "x"), names::ID);
    value.copy_as(names::ID, value, names::TEXT);
    value.complete(names::EVENT_DEFAULTS);
    value.read(&ID);
    let _ = (value.get(names::ID), value.field("id"), value.at(9), value.keys(), value.len(), value.as_time());
    let _ = (value.text(names::ID), value.id(names::ID), value.word(names::ID), value.flag(names::ID));
    let _ = (value.snake(), value.camel_at(names::EVENT, names::EVENT_DEFAULTS, (names::THREAD_ID_, id)));
    value.camel()
}

/// Times, and their microseconds since 1970.
const TIMES: &[(&str, Option<i64>)] = &[
    ("1970-01-01T00:00:00Z", Some(0)),
    ("1970-01-01T00:00:00.000001Z", Some(1)),
    ("2026-03-01T10:00:00.000200Z", Some(1_772_359_200_000_200)),
    ("2026-03-01T10:00:00.0002Z", Some(1_772_359_200_000_200)),
    ("2026-03-01T10:00:00.000200999Z", Some(1_772_359_200_000_200)),
    ("2026-03-01 12:30:00+02:30", Some(1_772_359_200_000_000)),
    ("2026-03-01t10:00:00z", Some(1_772_359_200_000_000)),
    ("2026-03-01T10:00:00", None),
    ("2026-03-01T25:00:00Z", None),
    ("2026-13-01T10:00:00Z", None),
    ("2026-03-01T10:00:00.Z", None),
    ("yesterday", None),
    ("", None),
];

/// Times are read to the microsecond.
pub fn check_times() {
    for (text, micros) in TIMES {
        assert_eq!(Value::from(*text).as_time().map(|at| at.0), *micros, "{text}");
    }
}

/// An id is its text.
pub fn check_ids() {
    let (one, two) = (Id::of("T_1"), Id::of("T_2"));
    assert_eq!(one, Id::of("T_1"));
    assert!(one.is_some() && one < two);
    assert_eq!(Id::of(""), None);
    assert_eq!(Value::from(one.unwrap()).as_text().as_deref(), Some("T_1"));
    let object = Value::object();
    object.put_at(two.unwrap(), true);
    assert_eq!(object.field("T_2").as_bool(), Some(true));
}

/// A key is one event's.
pub fn check_keys() {
    let keys = keys();
    for (index, (key, _)) in keys.iter().enumerate() {
        assert!(*key > 0.0);
        assert!(keys[..index].iter().all(|(other, _)| other != key), "{index}");
    }
    assert_eq!(keys.iter().map(|(_, number)| *number).collect::<Vec<_>>(), NUMBERS);
}

/// Texts around the caps, and whether they are read: so long, so deep, in brackets, in braces, only within a string.
pub fn caps() -> Vec<(String, bool)> {
    let deep = |depth: usize, open: &str, close: &str| {
        [&open.repeat(depth), "\"", &"x".repeat(3_000), "\"", &close.repeat(depth)].concat()
    };
    let long = |length: usize| ["\"", &"x".repeat(length - 2), "\""].concat();
    vec![
        (deep(127, "[", "]"), true),
        (deep(128, "[", "]"), false),
        (deep(127, "{\"a\":", "}"), true),
        (deep(128, "{\"a\":", "}"), false),
        (deep(100_000, "[", "]"), false),
        (deep(100_000, "[", ""), false),
        (["[\"\\\\\",\"\\\"", &"[".repeat(5_000), "\"]"].concat(), true),
        (["[", &"[],".repeat(5_000), "[]]"].concat(), true),
        (long(16 * 1024 * 1024), true),
        (long(16 * 1024 * 1024 + 1), false),
    ]
}
