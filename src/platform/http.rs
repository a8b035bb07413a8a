//! HTTP, through gloo-net. Its builder takes an address apart and puts it together again, for parameters that we have
//! none of, and its reader copies the text through our memory: both ends are the host's.

use gloo_net::http::Request;
use wasm_bindgen::prelude::*;

use super::answer::{self, Answer};
use crate::json::Value;
use crate::session::HttpRequest;

#[wasm_bindgen(module = "/src/platform/http.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = makeRequest)]
    fn make_request(
        url: &str,
        verb: &str,
        credentials: &str,
        token: &str,
        body: &JsValue,
    ) -> Result<web_sys::Request, JsValue>;
    #[wasm_bindgen(catch, js_name = readResponse)]
    fn read_response(request: &web_sys::Request, response: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// Asks, with a token if it is not empty. The list of the status, the body if it is JSON, and for how many milliseconds
/// to stay away, if it says so. Without an answer the status is 0, and the body an error: `blocked_by_csp` where the
/// page's Content-Security-Policy is known to be the reason.
pub fn ask(request: &HttpRequest, token: &str) -> Answer {
    let credentials = if request.with_credentials { "include" } else { "same-origin" };
    let body = request.body.as_ref().map_or(JsValue::UNDEFINED, Value::stringify);
    let made = make_request(&request.url, request.verb, credentials, token, &body);
    Box::pin(async move {
        let Ok(request) = made else { return Value::missing() };
        let sent = Request::from(Clone::clone(&request)).send().await;
        let response = sent.map_or(JsValue::UNDEFINED, |response| web_sys::Response::from(response).into());
        answer::of(read_response(&request, &response)).await
    })
}
