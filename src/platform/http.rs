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
    fn read_response(response: &web_sys::Response) -> Result<js_sys::Promise, JsValue>;
}

/// Asks, with a token if it is not empty. The list of the status, the body if it is JSON, and for how many milliseconds
/// to stay away, if it says so; missing if there was no answer.
pub fn ask(request: &HttpRequest, token: &str) -> Answer {
    let credentials = if request.with_credentials { "include" } else { "same-origin" };
    let body = request.body.as_ref().map_or(JsValue::UNDEFINED, Value::stringify);
    let made = make_request(&request.url, request.verb, credentials, token, &body);
    Box::pin(async move {
        let Ok(request) = made else { return Value::missing() };
        let Ok(response) = Request::from(request).send().await else { return Value::missing() };
        answer::of(read_response(&response.into())).await
    })
}
