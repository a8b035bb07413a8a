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

/// A word, the known ones, and the one that is meant.
pub const NEAREST: &[(&str, &str, Option<&str>)] = &[
    ("groupid", "page, groupId", Some("groupId")),
    ("group_id", "groups, groupId", Some("groupId")),
    ("grupId", "groupId", Some("groupId")),
    ("gruopId", "groupId", Some("groupId")),
    ("groupIdsss", "groupId", None),
    ("nmae", "page, name", Some("name")),
    ("txt", "text", Some("text")),
    ("ur", "url, uri", Some("url")),
    ("to", "id", None),
    ("x", "id", None),
    ("", "id", None),
    ("incoming_evnt", "incoming_chat, incoming_event", Some("incoming_event")),
    ("Message_Status", "message_status", Some("message_status")),
    ("newevent", "new_event", Some("new_event")),
    ("éé", "id", None),
];

fn detail(said: &Value, name: &str) -> String {
    said.at(0).field(name).as_text().unwrap_or_default()
}

/// What a table of those words makes of it.
pub fn check_nearest() {
    for (word, known, meant) in NEAREST {
        let entries: Vec<String> = known.split(", ").map(|name| format!("{name}?:any")).collect();
        let object = Value::object();
        object.put(word, 1.0);
        let said = object.stranger(&entries.join(" "), "init");
        let advice = meant.map_or(format!("init takes {known}"), |meant| format!("did you mean `{meant}`?"));
        assert_eq!((detail(&said, "argument").as_str(), detail(&said, "kind").as_str()), (*word, "number"));
        assert_eq!(said.at(1).as_text(), Some(format!("`{word}` must be absent: {advice} (given: number)")));
    }
    let object = Value::object();
    object.put("id", 1.0);
    assert!(object.stranger("id:any", "x").is_missing() && Value::missing().stranger("id:any", "x").is_missing());
    assert_eq!(detail(&object.stranger("", "x"), "expected"), "absent: x takes nothing");
    let outer = Value::object();
    outer.put("chat", object);
    assert!(
        outer.stranger("chat:map", "x").is_missing() && outer.stranger("chat:object chat.id:any", "x").is_missing()
    );
    let said = outer.stranger("chat:object chat.to:any chat.to.id:any", "x");
    assert_eq!(detail(&said, "argument"), "chat.id");
    assert_eq!(detail(&said, "expected"), "absent: chat takes to");
}

/// What is said of a value that is wrong: its kind, and itself where it may be shown.
pub fn check_kinds(parse: &dyn Fn(&str) -> Value) {
    for (text, kind, shown) in KINDS {
        for (expected, shown) in [("right", ""), ("\"right\"", *shown)] {
            let said = parse(text).blamed("a.b", expected);
            assert_eq!((detail(&said, "argument").as_str(), detail(&said, "expected").as_str()), ("a.b", expected));
            assert_eq!(detail(&said, "kind"), *kind, "{text}");
            assert_eq!(said.at(1).as_text(), Some(format!("`a.b` must be {expected} (given: {kind}{shown})")));
        }
    }
    assert_eq!(detail(&Value::missing().blamed("a", "b"), "kind"), "nothing");
}

/// Whether a value is of a kind.
fn is_kind(value: &Value, kind: &str) -> bool {
    let object = Value::object();
    object.put("it", value.clone());
    let said = object.misfit(&["it:", kind].concat(), "an.");
    assert!(
        said.is_missing() || detail(&said, "argument") == "an.it" && !detail(&said, "expected").is_empty(),
        "{kind}"
    );
    said.is_missing()
}

/// Origins, and what looks like one.
pub fn check_addresses() {
    for text in ORIGINS {
        assert!(is_kind(&Value::from(*text), "origin"), "{text}");
    }
    for text in NO_ORIGINS {
        assert!(!is_kind(&Value::from(*text), "origin"), "{text}");
    }
}

/// Each kind, which of these values are of it, and which are none.
pub fn check_every_kind(parse: &dyn Fn(&str) -> Value) {
    for (kind, right) in RIGHT {
        for text in VALUES {
            assert_eq!(is_kind(&parse(text), kind), right.contains(text), "{kind} {text}");
        }
        assert!(!is_kind(&Value::missing(), kind) || *kind == "any", "{kind}");
        // What may be absent may be null.
        let object = parse(r#"{"it":null}"#);
        for name in ["it?:", "none?:", "it.none?:"] {
            assert!(object.misfit(&[name, kind].concat(), "").is_missing(), "{name}{kind}");
        }
    }
    let nested = parse(r#"{"a":{"b":{"c":7}},"text":"x"}"#);
    let said = nested.misfit("text:text a:object a.b:map a.b.c:text", "");
    assert_eq!(detail(&said, "argument"), "a.b.c");
    assert!(nested.misfit("", "").is_missing() && nested.misfit("text:text", "").is_missing());
    assert_eq!(detail(&nested.misfit("text:text text.length:int", ""), "kind"), "nothing");
}

const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "25",
    "26",
    "100",
    "101",
    "4294967295",
    "4294967296",
    "-1",
    "0.5",
    "999999999999",
    "1e12",
    r#""""#,
    r#""0""#,
    r#""asc""#,
    r#""desc""#,
    r#""prechat""#,
    r#""postchat""#,
    r#""ticket""#,
    r#""livechat""#,
    r#""3.6""#,
    r#""3.5""#,
    r#""local""#,
    r#""memory""#,
    r#""dal""#,
    r#""a b""#,
    r#""2026-03-01T10:00:00.000200Z""#,
    r#""2026-13-01T10:00:00Z""#,
    r#""https://x""#,
    "[]",
    r#"["a"]"#,
    "[1]",
    r#"["a",1]"#,
    "[null]",
    "{}",
    r#"{"a":{}}"#,
    r#"{"a":["b"]}"#,
    r#"{"a":"b"}"#,
    r#"{"a":1}"#,
    r#"{"a":[1]}"#,
    r#"{"a":null}"#,
];

const TEXTS: &[&str] = &[
    r#""0""#,
    r#""asc""#,
    r#""desc""#,
    r#""prechat""#,
    r#""postchat""#,
    r#""ticket""#,
    r#""livechat""#,
    r#""3.6""#,
    r#""3.5""#,
    r#""local""#,
    r#""memory""#,
    r#""dal""#,
    r#""a b""#,
    r#""2026-03-01T10:00:00.000200Z""#,
    r#""2026-13-01T10:00:00Z""#,
    r#""https://x""#,
];
const STRINGS: &[&str] = &[
    r#""""#,
    r#""0""#,
    r#""asc""#,
    r#""desc""#,
    r#""prechat""#,
    r#""postchat""#,
    r#""ticket""#,
    r#""livechat""#,
    r#""3.6""#,
    r#""3.5""#,
    r#""local""#,
    r#""memory""#,
    r#""dal""#,
    r#""a b""#,
    r#""2026-03-01T10:00:00.000200Z""#,
    r#""2026-13-01T10:00:00Z""#,
    r#""https://x""#,
];
const OBJECTS: &[&str] =
    &["{}", r#"{"a":{}}"#, r#"{"a":["b"]}"#, r#"{"a":"b"}"#, r#"{"a":1}"#, r#"{"a":[1]}"#, r#"{"a":null}"#];

const RIGHT: &[(&str, &[&str])] = &[
    ("any", VALUES),
    ("text", TEXTS),
    ("string", STRINGS),
    ("object", OBJECTS),
    ("map", OBJECTS),
    ("list", &["[]", r#"["a"]"#, "[1]", r#"["a",1]"#, "[null]"]),
    ("flag", &["true", "false"]),
    ("int", &["0", "1", "25", "26", "100", "101", "4294967295"]),
    ("25", &["1", "25"]),
    ("100", &["1", "25", "26", "100"]),
    ("score", &["0", "1"]),
    ("millis", &["1", "25", "26", "100", "101", "4294967295", "4294967296", "999999999999"]),
    ("order", &[r#""asc""#, r#""desc""#]),
    ("form", &[r#""prechat""#, r#""postchat""#, r#""ticket""#]),
    ("platform", &[r#""livechat""#]),
    ("version", &[r#""3.6""#, r#""3.5""#]),
    ("storage", &[r#""local""#, r#""memory""#]),
    (
        "region",
        &[
            r#""0""#,
            r#""asc""#,
            r#""desc""#,
            r#""prechat""#,
            r#""postchat""#,
            r#""ticket""#,
            r#""livechat""#,
            r#""local""#,
            r#""memory""#,
            r#""dal""#,
        ],
    ),
    ("origin", &[r#""https://x""#]),
    ("time", &[r#""2026-03-01T10:00:00.000200Z""#]),
    ("props", &["{}", r#"{"a":{}}"#]),
    ("names", &["{}", r#"{"a":["b"]}"#]),
    ("fields", &["{}", r#"{"a":"b"}"#]),
    ("texts", &["[]", r#"["a"]"#]),
    ("ints", &["[]", "[1]"]),
];

/// What addresses begin with.
pub const ORIGINS: &[&str] = &[
    "http://localhost:8080",
    "https://chat.example.com/",
    "https://x",
    "https://x:443",
    "http://127.0.0.1:1",
    "http://[::1]:8080/",
    "http://[::1]",
    "https://a-b.c_d.example:65535",
    "https://müller.example",
    "https://チャット.example",
];

/// What looks like it.
pub const NO_ORIGINS: &[&str] = &[
    "http://localhost:8080/v3.6",
    "https://x//",
    "https://x/?a",
    "https://x?a=b",
    "https://x#f",
    "https://me:pw@x",
    "https://me@x/",
    "localhost:8080",
    "localhost",
    "//x",
    "ws://x",
    "wss://x",
    "ftp://x",
    "file:///x",
    "https:/x",
    "https:x",
    "https://",
    "http:///",
    " https://x",
    "https://x ",
    "https://x\t",
    "https://x\n",
    "https://a b",
    "https://x\u{a0}",
    "https://x:80a",
    "https://x:65536",
    "https://x:123456",
    "https://x:-1",
    "https://x:80:90",
    "https://[::1",
    "https://[]",
    "https://[::1]x",
    "https://[x]",
    "https://x\\y",
    "",
    "HTTPS//x",
    "https://x<y",
];

/// A value, its kind, and what is shown of it.
pub const KINDS: &[(&str, &str, &str)] = &[
    ("null", "nothing", ""),
    ("7", "number", ""),
    ("true", "boolean", ""),
    ("[]", "array", ""),
    ("{}", "object", ""),
    (r#""""#, "string", ""),
    (r#""up""#, "string", " \"up\""),
    (r#""two words""#, "string", " \"two words\""),
    (r#""http://localhost:8080/v3.6""#, "string", " \"http://localhost:8080/v3.6\""),
    (r#""https://me:pw@x""#, "string", ""),
    (r#""https://x/?token=1""#, "string", ""),
    (r#""x\n""#, "string", ""),
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

/// Texts that are too long, and what is read of them: the first level, with 0 for what nests there.
pub fn outlines() -> Vec<(String, Option<&'static str>)> {
    let long = ["[{\"text\":\"", &"}] \\\"".repeat(4 * 1024 * 1024), "\"}]"].concat();
    let with = |before: &str, after: &str| [before, &long, after].concat();
    vec![
        (with("{\"id\":\"7\",\"ok\":true,\"payload\":{\"a\":", "}}"), Some(r#"{"id":"7","ok":true,"payload":0}"#)),
        (with("{\"payload\":{\"a\":", "},\"id\":\"7\"}\n"), Some(r#"{"payload":0,"id":"7"}"#)),
        (with("{\"payload\":", ",\"id\":\"7\"}"), Some(r#"{"payload":0,"id":"7"}"#)),
        // Garbage, and what would still be long.
        (with("{\"payload\":", ""), None),
        (with("", ""), None),
        (["{\"payload\":{},\"id\":\"", &"x".repeat(17 * 1024 * 1024), "\"}"].concat(), None),
        ("[".repeat(17 * 1024 * 1024), None),
        ("}".repeat(17 * 1024 * 1024), None),
        ("x".repeat(17 * 1024 * 1024), None),
    ]
}
