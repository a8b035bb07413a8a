//! `multipart/form-data`, as much of it as one file needs.

use super::http::decode;

/// A part that is a file.
#[derive(Debug, PartialEq)]
pub(crate) struct Part<'a> {
    pub(crate) filename: String,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) bytes: &'a [u8],
}

/// The file in the part of this name. `None` if the body is no form, or has no such file.
pub(crate) fn file<'a>(content_type: &str, body: &'a [u8], name: &str) -> Option<Part<'a>> {
    if !content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    let boundary = parameter(content_type, "boundary").filter(|text| (1..=70).contains(&text.len()))?;
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may lack the line break in front.
    let first = delimiter.get(2..)?.as_bytes();
    let mut at =
        if body.starts_with(first) { first.len() } else { find(body, delimiter.as_bytes(), 0)? + delimiter.len() };
    loop {
        let head = body.get(at..)?.strip_prefix(b"\r\n")?;
        // A part without headers has its blank line at once.
        let end = if head.starts_with(b"\r\n") { 0 } else { find(head, b"\r\n\r\n", 0)? };
        let from = at + 2 + end + if end == 0 { 2 } else { 4 };
        let to = find(body, delimiter.as_bytes(), from)?;
        let headers = std::str::from_utf8(head.get(..end)?).ok()?;
        let disposition = header(headers, "content-disposition").unwrap_or_default();
        if parameter(disposition, "name").as_deref() == Some(name) {
            return Some(Part {
                filename: filename(disposition)?,
                content_type: header(headers, "content-type"),
                bytes: body.get(from..to)?,
            });
        }
        at = to + delimiter.len();
    }
}

/// Where `what` stands, from there on. Steps as far as the last byte allows (Horspool): files are large.
fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let last = what.len().checked_sub(1)?;
    let mut steps = [what.len(); 256];
    for (at, byte) in what.iter().take(last).enumerate() {
        steps[usize::from(*byte)] = last - at;
    }
    let mut at = from;
    loop {
        let window = bytes.get(at..at.checked_add(what.len())?)?;
        if window == what {
            return Some(at);
        }
        at += steps[usize::from(*window.last()?)];
    }
}

fn header<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    headers
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(own, _)| own.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// The name in UTF-8 if it is given, else the plain one, in which browsers escape quotes and line breaks.
fn filename(disposition: &str) -> Option<String> {
    let extended = parameter(disposition, "filename*");
    if let Some(name) = extended.as_deref().and_then(|value| value.splitn(3, '\'').nth(2)) {
        return Some(decode(&name.replace('+', "%2B")));
    }
    let name = parameter(disposition, "filename")?;
    Some(name.replace("%22", "\"").replace("%0D", " ").replace("%0A", " "))
}

/// A parameter behind a `;`, quoted or not.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (own, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (text, next) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (text, next) = after.split_once(';').unwrap_or((after, ""));
                (text.trim().to_owned(), next)
            }
        };
        if own.trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = next.trim_start().trim_start_matches(';');
    }
}

/// The text up to the closing quote, and what stands behind it. A backslash escapes a quote or itself only: browsers
/// send those of Windows paths as they are.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' if chars.peek().is_some_and(|(_, next)| matches!(next, '"' | '\\')) => {
                out.extend(chars.next().map(|(_, next)| next));
            }
            _ => out.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Part, file, find};

    const KIND: &str = "multipart/form-data; boundary=\"x y\"";

    fn form(parts: &[(&str, &str)]) -> Vec<u8> {
        let parts: Vec<String> =
            parts.iter().map(|(head, content)| format!("--x y\r\n{head}\r\n\r\n{content}\r\n")).collect();
        format!("{}--x y--\r\n", parts.concat()).into_bytes()
    }

    #[test]
    fn the_file_is_found_among_other_parts() {
        let body = form(&[
            ("Content-Disposition: form-data; name=\"note\"", "no file"),
            (
                "content-disposition: form-data; name=\"file\"; filename=\"a%22b;c.txt\"\r\nContent-Type: text/plain",
                "one\r\n--x\r\ntwo",
            ),
        ]);
        let part =
            Part { filename: "a\"b;c.txt".to_owned(), content_type: Some("text/plain"), bytes: b"one\r\n--x\r\ntwo" };
        assert_eq!(file(KIND, &body, "file"), Some(part));
        assert_eq!(file(KIND, &body, "note"), None, "no file name, so no file");
        assert_eq!(file("multipart/form-data", &body, "file"), None);
        assert_eq!(file("application/json", &body, "file"), None);
    }

    #[test]
    fn a_text_is_found_wherever_it_stands() {
        let bytes = b"abababac--ab-ac";
        for what in [&b"ac"[..], b"a", b"abac", b"--ab-ac", b"-ac", b"ad", b"abababac--ab-ac-"] {
            for from in 0..=bytes.len() + 1 {
                let plain = bytes.get(from..).and_then(|rest| rest.windows(what.len()).position(|part| part == what));
                assert_eq!(find(bytes, what, from), plain.map(|at| from + at), "{what:?} {from}");
            }
        }
        assert_eq!(find(bytes, b"", 0), None);
    }

    #[test]
    fn names_come_in_both_spellings() {
        let head = "Content-Disposition: form-data; name=file; filename=\"x\"; filename*=UTF-8''%C3%BC+1.txt";
        let body = form(&[(head, "")]);
        let part = file(KIND, &body, "file");
        assert_eq!(part.map(|part| (part.filename, part.bytes.len())), Some(("ü+1.txt".to_owned(), 0)));
    }

    #[test]
    fn a_body_cut_anywhere_is_no_file_and_no_panic() {
        let body = form(&[("Content-Disposition: form-data; name=\"file\"; filename=\"a\"", "content")]);
        let whole = body.len() - "--\r\n".len();
        for end in 0..body.len() {
            let part = file(KIND, body.get(..end).unwrap_or_default(), "file");
            assert_eq!(part.is_some(), end >= whole, "{end}");
        }
    }
}
