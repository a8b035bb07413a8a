//! HTTP, through gloo-net.

use gloo_net::http::{Method, RequestBuilder};
use wasm_bindgen::JsValue;
use web_sys::RequestCredentials;

use crate::json::{Value, join};
use crate::session::HttpRequest;

/// Asks, with a token if there is one. Status 0 and a missing body if there was no answer; a missing body if it is not
/// JSON.
pub async fn ask(request: HttpRequest, token: Option<String>) -> Answer {
    answer(request, token).await.unwrap_or((0, Value::missing(), None))
}

/// Status, body, and for how many milliseconds to stay away, if it says so.
pub type Answer = (u16, Value, Option<u64>);

async fn answer(request: HttpRequest, token: Option<String>) -> Result<Answer, gloo_net::Error> {
    let credentials =
        if request.with_credentials { RequestCredentials::Include } else { RequestCredentials::SameOrigin };
    let method = match request.verb {
        "GET" => Method::GET,
        "DELETE" => Method::DELETE,
        _ => Method::POST,
    };
    let mut builder = RequestBuilder::new(&request.url).method(method).credentials(credentials);
    if let Some(token) = token {
        builder = builder.header("Authorization", &join(&["Bearer ", &token]));
        // The API reads a body by its type; the token service reads any, and a plain one spares it a preflight.
        builder = builder.header("Content-Type", "application/json");
    }
    let response = match request.body {
        Some(body) => builder.body(body.stringify())?.send().await?,
        None => builder.send().await?,
    };
    // RFC 9110 §10.2.3; the form that is a date is not used by services of this kind.
    let seconds = response.headers().get("Retry-After").and_then(|seconds| seconds.parse::<u32>().ok());
    let text = response.text().await?;
    let body = Value::parse(&JsValue::from_str(&text));
    Ok((response.status(), body, seconds.map(|seconds| u64::from(seconds) * 1_000)))
}
