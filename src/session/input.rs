//! What goes in.

use super::adapter::Method;
use crate::json::{Id, Value};

/// Names one call of the page until it settles.
pub type CallId = u32;
/// Names one socket; a later one has a greater number.
pub type SocketId = u32;
/// Names one question to the world (HTTP, a provider); answers to old questions are ignored.
pub type AskId = u32;

/// Something that happened outside, or something that the application wants.
#[derive(Debug)]
pub enum Input {
    /// The application wants to be connected.
    Connect,
    /// The application wants to be disconnected.
    Disconnect,
    /// The application wants a new line, whatever the present one does.
    Reconnect,
    /// The application is done for good.
    Destroy,
    /// The application calls a method.
    Call { call: CallId, method: Method, args: Value },
    /// The socket is open.
    Opened { socket: SocketId },
    /// A frame arrived; missing if it is not JSON.
    Frame { socket: SocketId, frame: Value },
    /// The socket is gone, and this is the code it closed with; 0 if it was shared and is another tab's now.
    Closed { socket: SocketId, code: u16 },
    /// What an earlier page kept: the token and the side storage, or missing.
    Recalled { token: Value, side_storage: Value },
    /// The sends that earlier pages kept and nobody cares for any more: a list, or missing if storage is refused.
    Claimed { records: Value },
    /// Another page has taken over a send that this one kept.
    TakenOver { custom_id: Id },
    /// Storage refuses what should be kept. Told once.
    Unstored,
    /// HTTP answered: status and body, which is a text where it is not JSON and missing where there is none; status 0 if it
    /// did not. How long to stay away, if it said so.
    /// In answer to `Output::AskToken` status 0 may bring what another tab stored.
    Http { ask: AskId, status: u16, body: Value, retry_after_ms: Option<u64> },
    /// The application's identity provider answered; missing if it failed.
    Identity { ask: AskId, token: Value },
    /// The application's customer data provider answered; missing if it failed.
    CustomerData { ask: AskId, data: Value },
    /// The device says that it has a network again.
    Online,
    /// The device says that it has none.
    Offline,
    /// The page is left, perhaps to be restored later: its socket would not live.
    Hidden,
    /// The page woke: became visible, was restored, was resumed.
    Awake,
    /// A deadline may have passed.
    Timeout,
}
