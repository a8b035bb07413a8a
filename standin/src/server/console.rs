//! The agent's console: a page inside the binary.

use std::path::Path as FilePath;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::files;

/// Only what the page itself brings may run or load: a picture of another host would tell it who looks.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// A file of the console's folder.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../console/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "index.html",
    "console.css",
    "console.js",
    "actions.js",
    "chats.js",
    "compose.js",
    "conversation.js",
    "customer.js",
    "dialog.js",
    "dom.js",
    "events.js",
    "menu.js",
    "net.js",
    "samples.js",
    "avatar.svg",
    "cactus.svg",
    "fern.svg",
];

pub(crate) async fn page() -> Response {
    answer("index.html")
}

pub(crate) async fn file(Path(file): Path<String>) -> Response {
    answer(&file)
}

fn answer(name: &str) -> Response {
    let Some((_, text)) = FILES.iter().find(|row| row.0 == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = files::kind(FilePath::new(name));
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, *text).into_response()
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn the_whole_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/console");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut there: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        let mut served: Vec<&str> = FILES.iter().map(|row| row.0).collect();
        there.sort();
        served.sort_unstable();
        assert_eq!(there, served);
    }
}
