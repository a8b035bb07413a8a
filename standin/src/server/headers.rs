//! What a folder wants said with its files: its `_headers`, in the form that static hosts read.
//!
//! A path begins a block, with `*` at its end for everything below it; the indented lines under it are headers. Lines
//! that begin with `#` are comments. What cannot be a header is left out.

use std::path::Path;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The file's name; it is not served itself.
pub(crate) const FILE: &str = "_headers";

/// What the folder says about a path, read anew each time: pages are worked on while they are served.
pub(crate) async fn read(folder: &Path, path: &str) -> HeaderMap {
    match tokio::fs::read_to_string(folder.join(FILE)).await {
        Ok(text) => headers(&text, path),
        Err(_) => HeaderMap::new(),
    }
}

fn headers(text: &str, path: &str) -> HeaderMap {
    let mut found = HeaderMap::new();
    let mut is_meant = false;
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with([' ', '\t']) {
            is_meant = matches(line.trim(), path);
        } else if is_meant && let Some((name, value)) = line.split_once(':') {
            let pair = (HeaderName::try_from(name.trim()), HeaderValue::try_from(value.trim()));
            if let (Ok(name), Ok(value)) = pair {
                found.append(name, value);
            }
        }
    }
    found
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => path == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::headers;

    const TEXT: &str = "# all\n/*\n  X-One: 1\n\tX-Policy: default-src 'none'; x-y *:8\n\n/a/b.html\n  X-Two: 2\n  nonsense\n  b ad: x\n";

    #[test]
    fn a_path_gets_what_its_blocks_say() {
        let said = |path| headers(TEXT, path).keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(said("/"), ["x-one", "x-policy"]);
        assert_eq!(said("/a/b.html"), ["x-one", "x-policy", "x-two"]);
        assert!(headers("/a*\n  X-One: 1", "/b").is_empty());
        assert!(headers("  X-One: 1", "/").is_empty());
    }

    #[test]
    fn a_value_is_all_that_stands_behind_the_first_colon() {
        assert_eq!(
            headers(TEXT, "/").get("x-policy").map(|value| value.as_bytes()),
            Some(&b"default-src 'none'; x-y *:8"[..])
        );
    }
}
