//! The seam between the session and a platform's protocol.
//!
//! The trait belongs to its consumer. A platform's module implements it with its own words; nothing on this side knows
//! which one it is. Dispatch is dynamic so that a build without a platform does not carry it.

use std::rc::Rc;

use super::output::HttpRequest;
use crate::json::{Id, Key, Name, Value};
use crate::model::chat::{ChatRecord, EventRecord, ThreadRecord};
use crate::model::{ChatError, UnixMillis};

/// What a page can ask for: one of those that the session has a part in, or one that only the platform knows. A
/// number into the platform's table, whose first rows are the session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method(pub u8);

impl Method {
    pub const LIST_CHATS: Self = Self(0);
    pub const LIST_THREADS: Self = Self(1);
    pub const GET_CHAT: Self = Self(2);
    pub const START_CHAT: Self = Self(3);
    pub const RESUME_CHAT: Self = Self(4);
    pub const SEND_EVENT: Self = Self(5);
    pub const SEND_MESSAGE: Self = Self(6);
    pub const SEND_FILE: Self = Self(7);
    pub const SET_SNEAK_PEEK: Self = Self(8);
    pub const UPDATE_CUSTOMER_PAGE: Self = Self(9);
    pub const GET_TOKEN: Self = Self(10);
    pub const GET_FRESH_TOKEN: Self = Self(11);
    pub const HAS_TOKEN: Self = Self(12);
    pub const INVALIDATE: Self = Self(13);
    pub const ACCEPT_IDENTITY_TRANSFER: Self = Self(14);
    pub const LOGOUT: Self = Self(15);
    pub const RETRY: Self = Self(16);
    pub const DISCARD: Self = Self(17);
    pub const MARK_EVENTS_AS_SEEN: Self = Self(18);
}

/// A checked call in the platform's words, ready to go.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub action: &'static str,
    pub payload: Value,
    /// The chat it concerns.
    pub chat: Option<Id>,
    /// The client's own id of the event it sends.
    pub custom_id: Option<Id>,
    /// Whether doing it twice is doing it once, so that it may be sent again after an outage.
    pub is_repeatable: bool,
    /// Whether it is about the chat's newest thread, which must be found first.
    pub needs_thread: bool,
    /// It goes over HTTP, not over the line.
    pub http: Option<HttpRequest>,
}

/// Who the customer is, and for how long that may be said.
#[derive(Clone)]
pub struct Token {
    pub secret: String,
    pub customer: String,
    pub lifetime_ms: u64,
    pub created: UnixMillis,
}

/// Without the secret: what is written into a log stays there.
impl core::fmt::Debug for Token {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Token")
    }
}

/// What tabs that share one line must know of its frames.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// Lines of the same name may be one.
    pub key: String,
    /// Words of a frame: the field by which requests, replies and the pushes they cause know each other; the field that
    /// tells what a frame is, and what stands there in a push; the field that is true in the reply to a login that was
    /// accepted.
    pub fields: &'static str,
}

/// What follows from a refusal or a farewell. One table per platform, one row per reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Come back with backoff.
    Retry,
    /// The token is no good: come back with a new one.
    FreshToken,
    /// Come back, but not earlier than this many milliseconds from now.
    Wait(u64),
    /// The right door is another; go there at once. (The adapter has noted which.)
    Redirect,
    /// It is no use. Stay away until the page asks again.
    Stop,
}

/// What a login reply says.
#[derive(Debug)]
pub struct Welcome {
    /// In the page's shape.
    pub customer: Value,
    pub availability: Name,
    pub greeting: Value,
    /// What the platform keeps to itself and still sends; passed on as it is.
    pub dynamic_config: Value,
}

/// What a summary reply says.
#[derive(Debug)]
pub struct Summary {
    /// In the page's shape.
    pub chats_summary: Value,
    pub total_chats: Value,
    pub users: Vec<Value>,
    pub chats: Vec<Box<ChatRecord>>,
    /// Whether it is a summary at all.
    pub is_valid: bool,
}

/// One page of threads, newest first.
#[derive(Debug)]
pub struct Page {
    pub threads: Vec<Box<ThreadRecord>>,
    pub next: Option<String>,
    /// Whether it is a page at all.
    pub is_valid: bool,
}

/// Something that happened, in our words. Made once per frame and moved once, so its size does not matter.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Push {
    Event {
        chat: Id,
        event: Rc<EventRecord>,
    },
    /// A chat or thread was opened. `body` is the chat in the page's shape.
    Opened {
        chat: Box<ChatRecord>,
        thread: Option<Box<ThreadRecord>>,
        body: Value,
    },
    Closed {
        chat: Id,
        thread: Option<Id>,
    },
    Typing {
        chat: Id,
        thread: Option<Id>,
        user: Id,
        is_typing: bool,
    },
    Seen {
        chat: Id,
        user: Id,
        mark: Value,
    },
    UserAdded {
        chat: Id,
        user: Value,
    },
    UserRemoved {
        chat: Id,
        user: Id,
    },
    /// An event that is known has changed.
    Updated {
        chat: Id,
        event: Rc<EventRecord>,
    },
    /// An event is gone.
    Deleted {
        chat: Id,
        event: Key,
    },
    /// The properties of an event have changed. To be told after the event, and nothing else: a read does not compare them.
    Touched {
        chat: Id,
    },
    /// The farewell before the line closes.
    Farewell {
        reason: String,
        verdict: Verdict,
    },
    /// To be kept and shown at the next login.
    SideStorage(Value),
    /// Whether somebody is there to answer.
    Availability(Name),
    /// Nothing to decide; passed on under its name.
    PassOn,
    /// The same, after something that the platform left to be inferred.
    PassOnAfter {
        name: Name,
        payload: Value,
    },
    /// Nobody has heard of it yet.
    Unknown(String),
}

/// A frame, read.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Inbound {
    Reply {
        id: Option<u32>,
        result: Result<Value, ChatError>,
    },
    Push {
        /// The request of this connection that caused it.
        cause: Option<u32>,
        /// The platform's name for it, for listeners of that name.
        name: Option<Name>,
        payload: Value,
        /// Makes the page's shape of it, when somebody wants it.
        shape: fn(Name, &Value) -> Value,
        push: Push,
    },
    /// Not understood; the session goes on and says so.
    Odd(&'static str),
}

/// One platform's protocol.
pub trait Adapter {
    /// Where the socket goes.
    fn socket_url(&self) -> String;

    /// How tabs may share the socket; `None` if each must have its own.
    fn sharing(&self) -> Option<Sharing>;

    /// What follows when the socket closes with a code and no farewell.
    fn close_verdict(&self, code: u16) -> Verdict;

    /// How a token is asked for.
    fn token_request(&self) -> HttpRequest;

    /// Reads the token service's answer.
    ///
    /// # Errors
    /// The service's refusal, and what follows from it.
    #[allow(clippy::result_large_err)]
    fn read_token(&self, status: u16, body: &Value, now: UnixMillis) -> Result<Token, (ChatError, Verdict)>;

    /// The frame that logs in.
    fn login(&self, id: u32, token: &Token, customer: &Value, page: &Value, side_storage: &Value) -> Value;

    /// Reads the reply to it.
    fn read_login(&self, payload: &Value) -> Welcome;

    /// What follows from a refused login.
    fn login_verdict(&self, error: &ChatError) -> Verdict;

    /// The frame that keeps the line alive and asks for an answer.
    fn ping(&self, id: u32) -> Value;

    /// The method of this name, if the platform has it.
    fn method(&self, name: &str) -> Option<Method>;

    /// Checks a call's arguments and puts them into the platform's words. `custom_id` serves if the caller gave none.
    ///
    /// # Errors
    /// `VALIDATION`, naming the argument.
    fn prepare(&self, method: Method, args: &Value, custom_id: Option<Id>) -> Result<Box<Prepared>, ChatError>;

    /// Reads the answer of an [`HttpRequest`] that a call went over. Status 0: there was none.
    ///
    /// # Errors
    /// The platform's refusal, or what else an answer that is none means.
    fn read_http(&self, status: u16, body: Value) -> Result<Value, ChatError>;

    /// An event that was told once, in the page's shape. `None` if it is no such thing.
    fn read_event(&self, body: Value) -> Option<Rc<EventRecord>>;

    /// A send that an earlier page kept: its payload as it was prepared. `None` if it is no such thing.
    fn restore(&self, payload: Value) -> Option<Box<Prepared>>;

    /// The event that a send sends, in the page's shape.
    fn event_of(&self, prepared: &Prepared) -> Value;

    /// What follows from a refused send: [`Verdict::Stop`] if the platform has not done it and will not.
    fn send_verdict(&self, error: &ChatError) -> Verdict;

    /// Reads the reply to a send: the event that it became.
    fn read_sent(&self, payload: &Value) -> Option<Key>;

    /// Says of a refused call which of its arguments the platform may not have liked, or what there is instead: `chat` is the
    /// customer's, if one is known.
    fn blame(&self, method: Method, args: &Value, chat: Option<Id>, error: ChatError) -> ChatError;

    /// Looks whether a reply is what the method's result is made of.
    ///
    /// # Errors
    /// `INTERNAL`, naming what is missing.
    fn check_reply(&self, method: Method, payload: &Value) -> Result<(), ChatError>;

    /// Frames a prepared call.
    fn frame(&self, prepared: &Prepared, id: u32) -> Value;

    /// The page's shape of a reply.
    fn shape(&self, method: Method, args: &Value, payload: &Value) -> Value;

    /// Reads a reply to `ListChats`.
    fn read_summary(&self, payload: &Value) -> Summary;

    /// Reads a reply to `ListThreads`.
    fn read_page(&self, chat: Id, payload: &Value) -> Page;

    /// Reads a reply to `GetChat`.
    fn read_chat(&self, payload: &Value) -> Option<(Box<ChatRecord>, Option<Box<ThreadRecord>>)>;

    /// Reads a frame.
    fn decode(&mut self, frame: &Value) -> Inbound;
}
