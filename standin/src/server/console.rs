//! The agent's console: a page inside the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Only what the page itself brings may run or load; avatars may come from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src * data:; \
                      base-uri 'none'; form-action 'none'";

pub(crate) async fn page() -> Response {
    answer("text/html; charset=utf-8", include_str!("../../console/index.html"))
}

pub(crate) async fn file(Path(file): Path<String>) -> Response {
    match file.as_str() {
        "console.js" => answer("text/javascript; charset=utf-8", include_str!("../../console/console.js")),
        "console.css" => answer("text/css; charset=utf-8", include_str!("../../console/console.css")),
        "avatar.svg" => answer("image/svg+xml", include_str!("../../console/avatar.svg")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(kind: &'static str, text: &'static str) -> Response {
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, text).into_response()
}
