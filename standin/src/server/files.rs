//! Files of a folder, and none outside it.

use std::path::{Component, Path, PathBuf};

use super::headers;

/// A path as it is meant: percent-decoded once, with `/` between names, without empty and `.` parts. `None` if it cannot
/// be the path of a file that is served. Everything that depends on a path is decided on this form.
pub(crate) fn decoded(path: &str) -> Option<String> {
    let bytes = percent_bytes(path)?;
    let text = String::from_utf8(bytes).ok()?;
    if text.contains(['\0', '\\']) {
        return None;
    }
    let mut plain = String::new();
    for part in text.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if !is_served(part) {
            return None;
        }
        plain.push('/');
        plain.push_str(part);
    }
    // A folder is asked for with its slash, as `_headers` files name it.
    if text.ends_with('/') || plain.is_empty() {
        plain.push('/');
    }
    Some(plain)
}

/// Neither hidden files, nor the way up, nor what is said to the server itself. File systems may not tell capital
/// letters from small ones, and some drop dots and blanks at the end of a name.
fn is_served(name: &str) -> bool {
    let name = name.trim_end_matches(['.', ' ']);
    let is_hidden = name.starts_with('.') && name != ".well-known";
    !name.is_empty() && !is_hidden && !name.eq_ignore_ascii_case(headers::FILE)
}

/// Percent-decoding of a path, where `+` is a plus. `None` if a `%` has no two digits behind it.
fn percent_bytes(path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

/// A file's type and bytes; a folder is its `index.html`. `path` is a decoded one. `None` if there is none, or if it is
/// not inside the folder.
pub(crate) async fn read(folder: &Path, path: &str) -> Option<(&'static str, Vec<u8>)> {
    let mut file = folder.join(inside(path)?);
    if tokio::fs::metadata(&file).await.ok()?.is_dir() {
        file.push("index.html");
    } else if path.ends_with('/') {
        return None;
    }
    // Links may lead outside, or to what is not served.
    let real = tokio::fs::canonicalize(&file).await.ok()?;
    let root = tokio::fs::canonicalize(folder).await.ok()?;
    let mut parts = real.strip_prefix(&root).ok()?.iter();
    if !parts.all(|part| part.to_str().is_some_and(is_served)) || !tokio::fs::metadata(&real).await.ok()?.is_file() {
        return None;
    }
    let bytes = tokio::fs::read(&real).await.ok()?;
    Some((kind(&file), bytes))
}

/// The path if it only goes down.
fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.trim_end_matches('/'));
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_owned())
}

pub(crate) fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "md" | "ts") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{decoded, inside, kind};

    #[test]
    fn nothing_outside_the_folder_is_named() {
        for path in ["../secret", "a/../../secret", "/etc/passwd"] {
            assert_eq!(inside(path), None, "{path}");
        }
        assert!(inside("a/b.js").is_some());
    }

    #[test]
    fn path_is_decoded_once_and_normalised() {
        for (path, plain) in [
            ("/", "/"),
            ("//", "/"),
            ("/a/b.html", "/a/b.html"),
            ("/%61/./b%2ehtml", "/a/b.html"),
            ("//a///b/", "/a/b/"),
            ("/a%2fb", "/a/b"),
            ("/a+b%20c.js", "/a+b c.js"),
            ("/%255fheaders", "/%5fheaders"),
            ("/%c3%bc.js", "/ü.js"),
            ("/.well-known/x", "/.well-known/x"),
            ("/my_headers", "/my_headers"),
        ] {
            assert_eq!(decoded(path).as_deref(), Some(plain), "{path}");
        }
    }

    #[test]
    fn path_that_is_not_served_has_no_form_in_which_it_is() {
        for path in [
            "/_headers",
            "/%5fheaders",
            "/%5Fheaders",
            "/_HEADERS",
            "/_header%73",
            "/./_headers",
            "//_headers",
            "/%2f_headers",
            "/_headers/",
            "/_headers/.",
            "/_headers.",
            "/_headers%20",
            "/_headers%00",
            "/_headers%00.js",
            "/a/_headers",
            "/pkg/_headers",
            "/pkg%2f_headers",
            "/\\_headers",
            "/a%5c_headers",
            "/..%5csecret",
            "/../secret",
            "/%2e%2e/secret",
            "/.%2e/secret",
            "/a/..",
            "/.git/config",
            "/%2egit/config",
            "/.env",
            "/%",
            "/%4",
            "/%zz",
            "/%ff",
            "/%c0%ae%c0%ae/secret",
        ] {
            assert_eq!(decoded(path), None, "{path}");
        }
    }

    #[test]
    fn modules_and_wasm_have_the_types_browsers_insist_on() {
        assert_eq!(kind(Path::new("a.wasm")), "application/wasm");
        assert!(kind(Path::new("a.js")).starts_with("text/javascript"));
    }
}
