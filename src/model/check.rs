//! What arguments and options must be, written as text: `name:kind`, separated by spaces. `name?` may be absent; a dot
//! leads into an object, whose own entry stands before. Texts, because texts are what downloads best. What the kinds are
//! says the host, over its own values: `src/json/check.js`.

use super::ChatError;
use crate::json::Value;

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
    refused(&object.misfit(entries, within))
}

/// Refuses what no entry names, and says which name was perhaps meant, or what `owner` takes.
///
/// # Errors
/// `VALIDATION`, naming the first field that is not known.
pub fn surplus(entries: &'static str, object: &Value, owner: &str) -> Result<(), ChatError> {
    refused(&object.stranger(entries, owner))
}

fn refused(said: &Value) -> Result<(), ChatError> {
    if said.is_missing() { Ok(()) } else { Err(ChatError::blamed(said)) }
}
