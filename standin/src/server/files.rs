//! Files of a folder, and none outside it.

use std::path::{Component, Path, PathBuf};

use crate::brain::percent_decode;

/// A file's type and bytes; a folder is its `index.html`. `None` if there is none, or if it is not inside the folder.
pub(crate) async fn read(folder: &Path, path: &str) -> Option<(&'static str, Vec<u8>)> {
    let mut file = folder.join(inside(&percent_decode(path))?);
    if tokio::fs::metadata(&file).await.ok()?.is_dir() {
        file.push("index.html");
    }
    // Links may lead outside; what they lead to must not.
    let real = tokio::fs::canonicalize(&file).await.ok()?;
    let root = tokio::fs::canonicalize(folder).await.ok()?;
    if !real.starts_with(root) {
        return None;
    }
    let bytes = tokio::fs::read(&real).await.ok()?;
    Some((kind(&file), bytes))
}

/// The path if it only goes down.
fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let down = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (down && !path.to_string_lossy().contains('\0')).then(|| path.to_owned())
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

    use super::{inside, kind};

    #[test]
    fn nothing_outside_the_folder_is_named() {
        for path in ["../secret", "a/../../secret", "/etc/passwd", "a\0b"] {
            assert_eq!(inside(path), None, "{path}");
        }
        assert!(inside("a/b.js").is_some());
    }

    #[test]
    fn modules_and_wasm_have_the_types_browsers_insist_on() {
        assert_eq!(kind(Path::new("a.wasm")), "application/wasm");
        assert!(kind(Path::new("a.js")).starts_with("text/javascript"));
    }
}
