//! HTTP, through gloo-net.

use gloo_net::http::{Request, RequestBuilder};
use wasm_bindgen::JsValue;
use web_sys::RequestCredentials;

use crate::json::Value;
use crate::session::HttpRequest;

/// Asks. Status 0 and a missing body if there was no answer; a missing body if it is not JSON.
pub async fn ask(request: HttpRequest) -> (u16, Value) {
    answer(request).await.unwrap_or((0, Value::missing()))
}

async fn answer(request: HttpRequest) -> Result<(u16, Value), gloo_net::Error> {
    let credentials =
        if request.with_credentials { RequestCredentials::Include } else { RequestCredentials::SameOrigin };
    let prepare = |builder: RequestBuilder| builder.credentials(credentials);
    let response = match request.body {
        Some(body) => prepare(Request::post(&request.url)).body(body.stringify())?.send().await?,
        None => prepare(Request::get(&request.url)).send().await?,
    };
    let text = response.text().await?;
    Ok((response.status(), Value::parse(&JsValue::from_str(&text))))
}
