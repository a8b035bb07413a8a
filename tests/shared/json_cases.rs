//! What `json::Value` promises, as cases that run over both of its backings.

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

/// A document for paths: what is there, what is not, what is no text, and what would break the lines.
pub const PATHS: &str =
    r#"{"type":"t","payload":{"chat_id":"c","thread_id":7,"event":{"id":"a\nb","text":"","author_id":"x"}}}"#;
