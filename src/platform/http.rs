//! HTTP, through gloo-net. Its builder takes an address apart and puts it together again, for parameters that we have
//! none of, and its reader copies the text through our memory: both ends are the host's.

use gloo_net::http::Request;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::answer::Answer;
use crate::json::Value;
use crate::session::HttpRequest;

#[wasm_bindgen(module = "/src/platform/http.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeRequest)]
    fn make_request(url: &str, verb: &str, credentials: &str, token: &str, body: &JsValue, turn: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = readResponse)]
    fn read_response(request: &JsValue, response: &JsValue, turn: &JsValue) -> Promise;
}

/// Asks, with a token if it is not empty, and in a turn if there is one (`token.js`). The list of the status, the body if
/// it is JSON, and for how many milliseconds to stay away, if it says so. Without an answer the status is 0, and the body
/// an error: `blocked_by_csp` where the page's Content-Security-Policy is known to be the reason.
pub fn ask(request: &HttpRequest, token: &str, turn: JsValue) -> Answer {
    let credentials = if request.with_credentials { "include" } else { "same-origin" };
    let body = request.body.as_ref().map_or(JsValue::UNDEFINED, Value::stringify);
    let made = JsFuture::from(make_request(&request.url, request.verb, credentials, token, &body, &turn));
    Box::pin(async move {
        let made = made.await.unwrap_or_default();
        let mut response = JsValue::UNDEFINED;
        if !made.is_undefined()
            && let Ok(answer) = Request::from(made.clone().unchecked_into::<web_sys::Request>()).send().await
        {
            response = web_sys::Response::from(answer).into();
        }
        Value::from_js(JsFuture::from(read_response(&made, &response, &turn)).await.unwrap_or_default())
    })
}
