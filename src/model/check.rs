//! What arguments and options must be, written as text: `name:kind`, separated by spaces. `name?` may be absent; a dot
//! leads into an object, whose own entry stands before. Texts, because texts are what downloads best.

use super::ChatError;
use super::config::is_whole;
use crate::json::{Value, join, names};

/// Takes the text up to `stop`, or all of it. (Not `split`: its machinery is larger than what it takes apart.)
pub fn take<'a>(rest: &mut &'a str, stop: u8) -> &'a str {
    let end = rest.bytes().position(|byte| byte == stop).unwrap_or(rest.len());
    let (head, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    *rest = tail.get(1..).unwrap_or_default();
    head
}

/// What is done with an entry: its name, its kind, whether it must be there.
type Act<'a> = dyn FnMut(&'static str, &'static str, bool) -> Result<(), ChatError> + 'a;

/// Goes through the entries.
///
/// # Errors
/// The first of `act`.
pub fn each(mut entries: &'static str, act: &mut Act<'_>) -> Result<(), ChatError> {
    while !entries.is_empty() {
        let mut entry = take(&mut entries, b' ');
        let name = take(&mut entry, b':');
        let optional = name.strip_suffix("?");
        act(optional.unwrap_or(name), entry, optional.is_none())?;
    }
    Ok(())
}

/// Checks an object against the entries. `within` stands before the names in complaints.
///
/// # Errors
/// `VALIDATION`, naming the first field that is wrong.
pub fn object(entries: &'static str, object: &Value, within: &str) -> Result<(), ChatError> {
    each(entries, &mut |name, kind, is_required| {
        let mut path = name;
        let mut value = object.clone();
        while !path.is_empty() {
            value = value.field(take(&mut path, b'.'));
        }
        match expected(&value, kind) {
            Some(expected) if is_required || !value.is_missing() => {
                Err(ChatError::argument(&join(&[within, name]), expected))
            }
            Some(_) | None => Ok(()),
        }
    })
}

/// What a value should have been, if it is not of its kind.
pub fn expected(value: &Value, kind: &str) -> Option<&'static str> {
    let (is_right, expected) = match kind {
        "text" => (value.as_text().is_some_and(|text| !text.is_empty()), "a non-empty string"),
        "string" => (value.is_text(), "a string"),
        "object" => (value.is_object(), "an object"),
        "list" => (value.is_list(), "a list"),
        "flag" => (value.as_bool().is_some(), "true or false"),
        "int" => (value.as_number().is_some_and(is_whole), "an integer from 0"),
        "25" => (is_count(value, 25.0), "an integer from 1 to 25"),
        "100" => (is_count(value, 100.0), "an integer from 1 to 100"),
        "score" => (value.as_number().is_some_and(|score| score == 0.0 || score == 1.0), "0 or 1"),
        "millis" => {
            (value.as_number().is_some_and(|millis| (1.0..1e12).contains(&millis)), "a number of milliseconds above 0")
        }
        "order" => (matches!(value.as_word(), Some(names::ASC | names::DESC)), "\"asc\" or \"desc\""),
        "form" => (is_one_of(value, &["prechat", "postchat", "ticket"]), "\"prechat\", \"postchat\" or \"ticket\""),
        "platform" => (is_one_of(value, &["livechat"]), "\"livechat\""),
        "version" => (is_one_of(value, &["3.6", "3.5"]), "\"3.6\" or \"3.5\""),
        "storage" => (is_one_of(value, &["local", "memory"]), "\"local\" or \"memory\""),
        "region" => (
            value.as_text().is_some_and(|text| text.bytes().all(|b| b.is_ascii_alphanumeric()) && !text.is_empty()),
            "\"dal\" or \"fra\"",
        ),
        "origin" => (
            value.as_text().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://")),
            "an origin such as \"https://chat.example.com\"",
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
