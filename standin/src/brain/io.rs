//! What goes into the brain and what comes out of it.

use super::{AgentAction, Fault, HttpRequest, HttpResponse, Record};

/// A socket, numbered by the shell; a number is never used twice.
pub type ConnId = u64;

/// Unix time in microseconds.
pub type Micros = i64;

/// What happens to the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A WebSocket was opened.
    Opened {
        /// Its number.
        conn: ConnId,
        /// E.g. `/v3.6/customer/rtm/ws`.
        path: String,
        /// What stands behind the `?`.
        query: String,
    },
    /// A text frame came.
    Frame {
        /// The socket.
        conn: ConnId,
        /// The frame.
        text: String,
    },
    /// A control Pong (or a client's control Ping) came: a sign of life.
    Pong {
        /// The socket.
        conn: ConnId,
    },
    /// The socket is gone.
    Closed {
        /// The socket.
        conn: ConnId,
    },
    /// A request to the token service, the Web API or the control surface.
    Http {
        /// Repeated in the answer.
        id: u64,
        /// The request.
        request: HttpRequest,
    },
    /// An agent does something.
    Agent(AgentAction),
    /// A fault is switched.
    Fault(Fault),
    /// Time has passed.
    Timeout,
}

/// What the shell must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send a text frame.
    Send {
        /// The socket.
        conn: ConnId,
        /// The frame.
        text: String,
    },
    /// Send a control Ping.
    Ping {
        /// The socket.
        conn: ConnId,
    },
    /// Close with a code.
    Close {
        /// The socket.
        conn: ConnId,
        /// The close code.
        code: u16,
        /// The close reason.
        reason: String,
    },
    /// Cut the connection without a close frame.
    Abort {
        /// The socket.
        conn: ConnId,
    },
    /// Answer an HTTP request.
    Http {
        /// The request's id.
        id: u64,
        /// The answer.
        response: HttpResponse,
    },
    /// Cut an HTTP request's connection without an answer.
    HttpAbort {
        /// The request's id.
        id: u64,
    },
    /// Make a row durable before the outputs behind it are performed.
    Save(Record),
    /// A JSON message for every open agent console; only after [`Brain::set_watched`].
    Watch(String),
}
