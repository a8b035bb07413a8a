//! A line to the platform: a WebSocket, or a part in one that the visitor's tabs share.
//!
//! Not gloo-net's: `docs/adr/0003-a-thin-socket.md`.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::providers::Providers;
use crate::json::{Id, Value};
use crate::session::Sharing;

#[wasm_bindgen(module = "/src/platform/line.js")]
extern "C" {
    type Line;
    #[wasm_bindgen(js_name = openLine)]
    fn open_line(
        url: &str,
        key: &str,
        fields: &str,
        frame: &Function,
        signal: &Function,
        providers: &Providers,
    ) -> Line;
    #[wasm_bindgen(method)]
    fn send(this: &Line, text: &JsValue);
    #[wasm_bindgen(method)]
    fn login(this: &Line, text: &JsValue, customer: &JsValue);
    #[wasm_bindgen(method)]
    fn close(this: &Line);
}

/// What a socket reports.
#[derive(Debug)]
pub enum Report {
    Opened,
    /// Missing if it is no text or not JSON.
    Frame(Value),
    /// Its close code. 0 if it was shared and is another tab's now, 1 if the host has no WebSocket, 2 if the page's
    /// Content-Security-Policy blocks the address.
    Closed(u16),
}

/// One socket. Dropping it detaches the handlers before it closes, so that nothing late is ever heard of it: the
/// closing handshake with a dead peer can take minutes (`pitfalls` 2).
pub struct Socket {
    line: Line,
    /// All of one type, so that the download holds one way into the core.
    _handlers: [Closure<dyn FnMut(JsValue)>; 2],
}

impl core::fmt::Debug for Socket {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Socket")
    }
}

impl Socket {
    /// Opens a socket, or takes part in one. An address that the browser refuses is reported as closed at once.
    pub fn open(
        url: &str,
        sharing: Option<&Sharing>,
        providers: &Providers,
        report: impl Fn(Report) + Clone + 'static,
    ) -> Self {
        let tell = report.clone();
        let on_frame = Closure::new(move |frame: JsValue| tell(Report::Frame(Value::from_js(frame))));
        let on_signal = Closure::new(move |code: JsValue| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            report(code.as_f64().map_or(Report::Opened, |code| Report::Closed(code as u16)));
        });
        let (key, fields) = sharing.map_or(("", ""), |sharing| (sharing.key.as_str(), sharing.fields));
        let (frame, signal) = (on_frame.as_ref().unchecked_ref(), on_signal.as_ref().unchecked_ref());
        let line = open_line(url, key, fields, frame, signal, providers);
        Self { line, _handlers: [on_frame, on_signal] }
    }

    /// Sends a frame. A closing socket drops it silently, so "sent" never means "arrived".
    pub fn send(&self, frame: &Value) {
        self.line.send(&frame.stringify());
    }

    /// Sends the frame that logs a customer in.
    pub fn login(&self, frame: &Value, customer: Id) {
        self.line.login(&frame.stringify(), customer.value().as_js());
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.close();
    }
}
