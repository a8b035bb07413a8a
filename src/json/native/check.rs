//! The native half of checking values by tables; the host's is `src/json/check.js`. Both run over the same cases
//! (`tests/shared/json_cases.rs`).

use serde_json::Value as Json;

use super::{Node, Value};
use crate::json::names;
use crate::model::config::is_whole;

impl Value {
    /// What is said of a wrong value; see the host's half.
    #[must_use]
    pub fn blamed(&self, argument: &str, expected: &str) -> Self {
        let kind = match &self.0 {
            Node::Missing | Node::Leaf(Json::Null) => "nothing",
            Node::List(_) | Node::Leaf(Json::Array(_)) => "array",
            Node::Object(_) | Node::Leaf(Json::Object(_)) => "object",
            Node::Leaf(Json::Bool(_)) => "boolean",
            Node::Leaf(Json::Number(_)) => "number",
            Node::Leaf(Json::String(_)) => "string",
        };
        let details = Self::object();
        details.put("argument", argument);
        details.put("expected", expected);
        details.put("kind", kind);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '.' | ':' | '/' | '-');
        let text = self.as_text().filter(|text| (1..=200).contains(&text.len()) && text.chars().all(is_plain));
        let shown = text.filter(|_| expected.contains('"')).map_or(String::new(), |text| format!(" \"{text}\""));
        let list = Self::list();
        list.push(details);
        list.push(format!("`{argument}` must be {expected} (given: {kind}{shown})").as_str());
        list
    }

    /// What is said of the first field that is not of its kind; see the host's half.
    #[must_use]
    pub fn misfit(&self, table: &str, within: &str) -> Self {
        for entry in table.split(' ') {
            let (name, kind) = entry.split_once(':').unwrap_or((entry, ""));
            let optional = name.strip_suffix('?');
            let name = optional.unwrap_or(name);
            let value = name.split('.').fold(self.clone(), |value, key| value.field(key));
            if let Some(expected) = value.expected(kind)
                && (optional.is_none() || !value.is_missing())
            {
                return value.blamed(&format!("{within}{name}"), expected);
            }
        }
        Self::missing()
    }

    /// What is said of the first field that the table does not name; see the host's half.
    #[must_use]
    pub fn stranger(&self, table: &str, owner: &str) -> Self {
        let entries = table.split(' ').filter_map(|entry| entry.split_once(':'));
        let entries: Vec<(&str, &str)> = entries.map(|(name, kind)| (name.trim_end_matches('?'), kind)).collect();
        self.stranger_within(&entries, owner, "").unwrap_or(Self::missing())
    }

    fn stranger_within(&self, entries: &[(&str, &str)], owner: &str, within: &str) -> Option<Self> {
        for key in self.keys().items().filter_map(|key| key.as_text()) {
            let path = format!("{within}{key}");
            let value = self.field(&key);
            let Some((_, kind)) = entries.iter().find(|(name, _)| *name == path) else {
                let known: Vec<&str> = entries
                    .iter()
                    .filter_map(|(name, _)| name.strip_prefix(within))
                    .filter(|name| !name.contains('.'))
                    .collect();
                let advice = match nearest(&key, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.is_empty() => format!("{owner} takes nothing"),
                    None => format!("{owner} takes {}", known.join(", ")),
                };
                return Some(value.blamed(&path, &format!("absent: {advice}")));
            };
            if *kind == "object"
                && let Some(found) = value.stranger_within(entries, &path, &format!("{path}."))
            {
                return Some(found);
            }
        }
        None
    }

    /// What it should have been, if it is not of its kind.
    fn expected(&self, kind: &str) -> Option<&'static str> {
        let value = self;
        let (is_right, expected) = match kind {
            "text" => (value.as_text().is_some_and(|text| !text.is_empty()), "a non-empty string"),
            "string" => (value.is_text(), "a string"),
            // An `object` has no other fields than its entries say, a `map` may have any.
            "object" | "map" => (value.is_object(), "an object"),
            "list" => (value.is_list(), "a list"),
            "flag" => (value.as_bool().is_some(), "true or false"),
            "int" => (value.as_number().is_some_and(is_whole), "an integer from 0"),
            "25" => (is_count(value, 25.0), "an integer from 1 to 25"),
            "100" => (is_count(value, 100.0), "an integer from 1 to 100"),
            "score" => (value.as_number().is_some_and(|score| score == 0.0 || score == 1.0), "0 or 1"),
            "millis" => (
                value.as_number().is_some_and(|millis| (1.0..1e12).contains(&millis)),
                "a number of milliseconds above 0",
            ),
            "order" => (matches!(value.as_word(), Some(names::ASC | names::DESC)), "\"asc\" or \"desc\""),
            "form" => {
                (is_one_of(value, &["prechat", "postchat", "ticket"]), "\"prechat\" or \"postchat\" or \"ticket\"")
            }
            "platform" => (is_one_of(value, &["livechat"]), "\"livechat\""),
            "version" => (is_one_of(value, &["3.6", "3.5"]), "\"3.6\" or \"3.5\""),
            "storage" => (is_one_of(value, &["local", "memory"]), "\"local\" or \"memory\""),
            "region" => (
                value.as_text().is_some_and(|text| text.bytes().all(|b| b.is_ascii_alphanumeric()) && !text.is_empty()),
                "\"dal\" or \"fra\"",
            ),
            "origin" => (
                value.as_text().is_some_and(|text| is_origin(&text)),
                "an http or https origin without path, query or user; give the origin only, such as \"http://localhost:8080\"",
            ),
            "time" => (value.as_time().is_some(), "an RFC 3339 time, such as an event's createdAt"),
            "props" => (is_map(value, &Value::is_object), "an object of namespaces, each an object of values"),
            "names" => {
                (is_map(value, &|list| is_each(list, &Value::is_text)), "an object of namespaces, each a list of names")
            }
            "fields" => (is_map(value, &Value::is_text), "an object of texts"),
            "texts" => (is_each(value, &Value::is_text), "a list of texts"),
            "ints" => (is_each(value, &|id| id.as_number().is_some_and(is_whole)), "a list of integers"),
            _ => (true, ""),
        };
        (!is_right).then_some(expected)
    }
}

fn is_count(value: &Value, max: f64) -> bool {
    value.as_number().is_some_and(|number| number >= 1.0 && number <= max && is_whole(number))
}

fn is_one_of(value: &Value, choices: &[&str]) -> bool {
    value.as_text().is_some_and(|text| choices.contains(&text.as_str()))
}

fn is_each(value: &Value, is_right: &dyn Fn(&Value) -> bool) -> bool {
    value.is_list() && value.items().all(|item| is_right(&item))
}

fn is_map(value: &Value, is_right: &dyn Fn(&Value) -> bool) -> bool {
    value.is_object() && value.keys().items().all(|key| is_right(&value.field(&key.as_text().unwrap_or_default())))
}

fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rfind(']') {
        Some(end) => rest.split_at(end + 1),
        None => rest.split_at(rest.find(':').unwrap_or(rest.len())),
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(host) => host.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
            !host.is_empty() && host.chars().all(is_letter)
        }
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    is_host && is_port
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let bare = |word: &str| word.replace('_', "").to_lowercase().into_bytes();
    let most = 2.min(word.encode_utf16().count() / 2);
    (0..=most).find_map(|edits| known.iter().copied().find(|name| is_near(&bare(word), &bare(name), edits)))
}

fn is_near(one: &[u8], other: &[u8], edits: usize) -> bool {
    match (one, other) {
        ([], rest) | (rest, []) => rest.len() <= edits,
        ([a, one_rest @ ..], [b, other_rest @ ..]) if a == b => is_near(one_rest, other_rest, edits),
        ([_, one_rest @ ..], [_, other_rest @ ..]) => {
            let near = |one, other| is_near(one, other, edits - 1);
            edits > 0 && (near(one_rest, other) || near(one, other_rest) || near(one_rest, other_rest))
        }
    }
}
