//! What comes out: effects as values. The driver performs them, tests assert on them.

use super::input::{AskId, CallId, SocketId};
use crate::json::{Id, Value};
use crate::model::{ChatError, Notice};

/// An HTTP request.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    pub verb: &'static str,
    pub url: String,
    /// JSON. It goes as text, so that a browser asks no preflight, unless the request is authorized.
    pub body: Option<Value>,
    /// It carries the file that came with the call.
    pub has_file: bool,
    /// Whether the customer's token goes along.
    pub needs_token: bool,
    /// Whether cookies go along.
    pub with_credentials: bool,
}

/// Something to do.
#[derive(Debug)]
pub enum Output {
    /// Open a socket. There is never more than one that was opened and not closed.
    Open { socket: SocketId, url: String },
    /// Send a frame.
    Send { socket: SocketId, frame: Value },
    /// Send the frame that logs a customer in. On a shared line one tab's login serves all of the same customer.
    Login { socket: SocketId, frame: Value, customer: Id },
    /// Close the socket; nothing of it matters any more.
    Close { socket: SocketId },
    /// Ask over HTTP, with a token if there is one. `call` has brought the file, if there is one.
    Http { ask: AskId, call: CallId, request: HttpRequest, token: Option<String> },
    /// Ask the platform for a token ([`super::Session::token_request`]): one request for all sessions of this customer that ask at the same time, in this page
    /// and in others. Who waited for another's request gets its answer, or the token that it stored; if `fresh`, only
    /// what was stored after this.
    AskToken { ask: AskId, fresh: bool },
    /// Ask the application's identity provider for a token, a new one if `fresh`.
    AskIdentity { ask: AskId, fresh: bool },
    /// Ask the application who the customer is.
    AskCustomer { ask: AskId },
    /// Look up what an earlier page kept. Asked once, after the first socket is on its way: a browser's storage may
    /// take longer to answer than the network.
    Recall,
    /// Keep the token for the next page load; forget it if `None`.
    StoreToken(Option<Value>),
    /// Keep what the platform wants to see at the next login; forget it if missing.
    StoreSide(Value),
    /// Keep a send for the next page load, or keep it anew: a record with `customId`.
    Keep(Value),
    /// Forget a send that was kept.
    Drop(Id),
    /// Take over the sends that earlier pages kept. Answered once.
    Claim,
    /// Forget every send that was kept.
    Wipe,
    /// Tell the listeners.
    Emit(Box<Notice>),
    /// Settle a call.
    Settle { call: CallId, result: Result<Value, ChatError> },
    /// Drop every listener; nothing follows.
    Finish,
}
