//! A WebSocket that reports once and lets go for good.
//!
//! Not gloo-net's: `docs/adr/0003-a-thin-socket.md`.

use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

use crate::json::Value;

#[wasm_bindgen(module = "/src/platform/open.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn open_socket(url: &str) -> Result<WebSocket, JsValue>;
    #[wasm_bindgen(catch)]
    fn close_socket(socket: &WebSocket) -> Result<(), JsValue>;
}

/// What a socket reports.
#[derive(Debug)]
pub enum Report {
    Opened,
    /// Missing if it is no text, not JSON, or too long.
    Frame(Value),
    Closed,
}

/// One socket. Dropping it detaches the handlers before it closes, so that nothing late is ever heard of it: the
/// closing handshake with a dead peer can take minutes (`pitfalls` 2).
#[derive(Debug)]
pub struct Socket {
    socket: WebSocket,
    /// All of one type, so that the download holds one way into the core. An error has none: it says nothing of itself
    /// and is always followed by a close.
    _handlers: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Socket {
    /// Opens a socket; `None` if the browser refuses the address.
    pub fn open(url: &str, report: impl Fn(Report) + Clone + 'static) -> Option<Self> {
        let socket = open_socket(url).ok()?;
        let tell = report.clone();
        let on_open = Closure::new(move |_: JsValue| tell(Report::Opened));
        let tell = report.clone();
        let on_message = Closure::new(move |event: JsValue| tell(Report::Frame(Value::parse_data(&event))));
        let on_close = Closure::new(move |_: JsValue| report(Report::Closed));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { socket, _handlers: [on_open, on_message, on_close] })
    }

    /// Sends a frame. A closing socket drops it silently, so "sent" never means "arrived".
    pub fn send(&self, frame: &Value) {
        if let Some(text) = frame.stringify().as_string() {
            let _ = self.socket.send_with_str(&text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = close_socket(&self.socket);
    }
}
