//! A WebSocket that reports once and lets go for good.
//!
//! Not gloo-net's: `docs/adr/0003-a-thin-socket.md`.

use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

use crate::json::Value;

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
    _handlers: [Closure<dyn FnMut(Event)>; 2],
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket; `None` if the browser refuses the address.
    pub fn open(url: &str, report: impl Fn(Report) + Clone + 'static) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        let tell = report.clone();
        let on_open = Closure::new(move |_: Event| tell(Report::Opened));
        // An error says nothing of itself and is always followed by a close.
        let on_error = Closure::new(|_: Event| {});
        let tell = report.clone();
        let on_message = Closure::new(move |event: MessageEvent| tell(Report::Frame(Value::parse_data(&event))));
        let on_close = Closure::new(move |_: CloseEvent| report(Report::Closed));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { socket, _handlers: [on_open, on_error], _on_message: on_message, _on_close: on_close })
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
        self.socket.set_onopen(None);
        self.socket.set_onerror(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
