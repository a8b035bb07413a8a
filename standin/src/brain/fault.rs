//! Faults: what can go wrong on purpose, as a layer over the brain's own outputs.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::captive_portal::{Place, Portal};
use super::event_stamps::{EventIdForm, ServerClock};
use super::interception::{Actions, Failing, FalseSuccess, FrameKind, Muted, Rewrite};
use super::{ConnId, Micros, Output};

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn send_event() -> Actions {
    Actions::One("send_event".to_owned())
}

/// `null` is a value here; only an absent field is `None`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A switch that makes something go wrong. The control surface has one of the same name for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Cuts sockets without a close frame: one, or all.
    Drop {
        /// Which; absent means all.
        conn: Option<ConnId>,
    },
    /// Closes sockets with a code.
    CloseSocket {
        /// The close code.
        code: u16,
        /// The close reason.
        #[serde(default)]
        reason: String,
        /// Which; absent means all.
        conn: Option<ConnId>,
    },
    /// Pushes `customer_disconnected` and closes (reference §1.10).
    Disconnect {
        /// The reason.
        reason: String,
        /// Its data, e.g. `{"region": "fra"}`.
        data: Option<Value>,
        /// Whose sockets; absent means everybody's.
        customer_id: Option<String>,
    },
    /// Sockets stay open and nothing comes back: no reply, no push, no ping, no idle close.
    HalfOpen {
        /// On or off.
        #[serde(default = "yes")]
        on: bool,
        /// Whether requests are still carried out; otherwise they are lost on the way.
        #[serde(default)]
        execute: bool,
    },
    /// Sends every frame this much later, in order.
    Delay {
        /// Milliseconds; 0 is off.
        ms: u64,
    },
    /// Carries out every request this much later; after 15 s the client is told `request_timeout` first.
    ExecuteDelay {
        /// Milliseconds; 0 is off.
        ms: u64,
    },
    /// Sends the next pushes twice.
    Duplicate {
        /// How many.
        pushes: u32,
    },
    /// Holds the next pushes back and sends them last first.
    Reorder {
        /// How many.
        pushes: u32,
    },
    /// Loses the next pushes.
    DropPushes {
        /// How many.
        pushes: u32,
    },
    /// Loses the next responses.
    OmitResponses {
        /// How many.
        count: u32,
    },
    /// Carries out the next request of this action, saves it, and cuts the socket before its reply and pushes.
    CloseAfterExecuting {
        /// The action, e.g. `send_event`.
        action: String,
    },
    /// Sends responses before the pushes they cause; off, the pushes come first.
    ResponseFirst {
        /// On or off.
        #[serde(default = "yes")]
        on: bool,
    },
    /// Cuts the next frame in half.
    Truncate {},
    /// Sends a frame that makes no sense to every socket.
    Garbage {
        /// Wrong types in valid JSON instead of no JSON at all.
        #[serde(default)]
        wrong_types: bool,
    },
    /// Gives the next events the same `created_at` as the one before them.
    SameCreatedAt {
        /// How many.
        count: u32,
    },
    /// Ends the life of every token; its sockets get `access_token_expired`.
    ExpireTokens {},
    /// Revokes every token; its sockets get `access_token_revoked`.
    RevokeTokens {},
    /// What the token service does.
    TokenService {
        /// Works, fails or never answers.
        mode: TokenMode,
        /// The status of a failure.
        status: Option<u16>,
        /// Its exception; absent means `server_error`.
        exception: Option<String>,
        /// Whether it is an `identity_exception` and not an `oauth_exception`.
        #[serde(default)]
        identity: bool,
    },
    /// Accepts no new socket.
    Refuse {
        /// On or off.
        #[serde(default = "yes")]
        on: bool,
    },
    /// Answers the next requests `too_many_requests`.
    RateLimit {
        /// How many.
        count: u32,
    },
    /// Answers the next requests with an error of any type.
    Fail {
        /// The type, known or not.
        r#type: String,
        /// Its message; absent means the platform's own.
        message: Option<String>,
        /// Its data.
        data: Option<Value>,
        /// How many; absent means one, or with `for_ms` any number. 0 is off.
        count: Option<u32>,
        /// For how many milliseconds; absent means until the count is used up.
        for_ms: Option<u64>,
        /// Of which action or actions; absent means of any but `ping`.
        action: Option<Actions>,
        /// Milliseconds after which the refused request is carried out all the same; absent means never.
        execute_after_ms: Option<u64>,
    },
    /// Answers no request of an action.
    Mute {
        /// On or off.
        #[serde(default = "yes")]
        on: bool,
        /// Which action or actions; `ping` only if it is named.
        action: Actions,
        /// Milliseconds after which such a request is carried out without an answer; absent means never.
        execute_after_ms: Option<u64>,
        /// How many; absent means any number.
        count: Option<u32>,
    },
    /// Answers requests with success and does nothing.
    FalseSuccess {
        /// Of which action or actions.
        #[serde(default = "send_event")]
        action: Actions,
        /// How many; 0 is off.
        #[serde(default = "one")]
        count: u32,
    },
    /// Changes a field of the next pushes or responses of an action.
    Rewrite {
        /// Pushes or responses.
        kind: FrameKind,
        /// The action of the frames.
        action: String,
        /// The field of the payload, with dots between names: `event`, `threads.0.events`; absent means all of it.
        field: Option<String>,
        /// What it becomes; absent means that it is removed.
        #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
        /// How many frames; 0 is off.
        #[serde(default = "one")]
        count: u32,
    },
    /// Another clock for `created_at` of new events. Their order, ids and threads stay.
    ServerClock {
        /// Off means the usual clock, which never goes back within a chat.
        #[serde(default = "yes")]
        on: bool,
        /// How far the clock is ahead of the true time, in microseconds.
        #[serde(default)]
        offset_us: i64,
        /// How far a single event may be off in either direction, in microseconds.
        #[serde(default)]
        jitter_us: u32,
    },
    /// Another form for the ids of new events. Their order stays.
    EventIds {
        /// The form.
        form: EventIdForm,
    },
    /// Somebody else answers in the server's place, as the login page of a hotel does.
    CaptivePortal {
        /// On or off.
        #[serde(default = "yes")]
        on: bool,
        /// Where; absent means everywhere but in sockets that are open.
        at: Option<Vec<Place>>,
        /// The status; absent means 511.
        status: Option<u16>,
        /// The body; absent means a page of HTML.
        body: Option<String>,
        /// Its type; absent means HTML.
        content_type: Option<String>,
        /// Where the answer redirects to.
        location: Option<String>,
        /// Whether the answer has the headers without which a page of another origin cannot read it.
        #[serde(default = "yes")]
        cors: bool,
    },
    /// Puts everything right again.
    Reset {},
}

/// What the token service does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenMode {
    /// Works.
    #[default]
    Ok,
    /// Answers `server_error`.
    Error,
    /// Answers nothing until it is switched back.
    Hang,
}

/// What kind of frame it is, as far as faults care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Response,
    Push,
}

/// The switches' state, and frames on hold.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) half_open: bool,
    pub(crate) execute_half_open: bool,
    pub(crate) delay: Micros,
    pub(crate) execute_delay: Micros,
    pub(crate) duplicate: u32,
    pub(crate) reorder: u32,
    pub(crate) drop_pushes: u32,
    pub(crate) omit_responses: u32,
    pub(crate) close_after: Option<String>,
    pub(crate) response_first: bool,
    pub(crate) truncate: bool,
    pub(crate) same_created_at: u32,
    pub(crate) token_mode: TokenMode,
    pub(crate) token_status: u16,
    pub(crate) token_exception: (&'static str, String),
    pub(crate) refuse: bool,
    pub(crate) rate_limit: u32,
    pub(crate) failing: Vec<Failing>,
    pub(crate) muted: Vec<Muted>,
    pub(crate) false_success: Vec<FalseSuccess>,
    pub(crate) rewrites: Vec<Rewrite>,
    pub(crate) server_clock: Option<ServerClock>,
    pub(crate) event_ids: EventIdForm,
    pub(crate) portal: Option<Portal>,
    /// Pushes waiting to be sent in reverse.
    held: Vec<(ConnId, String)>,
    /// Frames that leave later, by time and order of arrival.
    late: BTreeMap<(Micros, u64), (Kind, Output)>,
    sequence: u64,
}

impl Faults {
    /// Takes a frame on its way out; `ready` gets what leaves at once.
    pub(crate) fn pass(
        &mut self,
        conn: ConnId,
        text: String,
        kind: Kind,
        now: Micros,
        ready: &mut Vec<(Kind, Output)>,
    ) {
        if self.half_open {
            return;
        }
        match kind {
            Kind::Push if self.drop_pushes > 0 => {
                self.drop_pushes -= 1;
                return;
            }
            Kind::Response if self.omit_responses > 0 => {
                self.omit_responses -= 1;
                return;
            }
            Kind::Push | Kind::Response => {}
        }
        if kind == Kind::Push && self.reorder > 0 {
            self.held.push((conn, text));
            self.reorder -= 1;
            if self.reorder == 0 {
                self.release_held(now, ready);
            }
            return;
        }
        if kind == Kind::Push && self.duplicate > 0 {
            self.duplicate -= 1;
            self.leave(conn, text.clone(), kind, now, ready);
        }
        self.leave(conn, text, kind, now, ready);
    }

    fn release_held(&mut self, now: Micros, ready: &mut Vec<(Kind, Output)>) {
        for (conn, text) in std::mem::take(&mut self.held).into_iter().rev() {
            self.leave(conn, text, Kind::Push, now, ready);
        }
    }

    fn leave(&mut self, conn: ConnId, mut text: String, kind: Kind, now: Micros, ready: &mut Vec<(Kind, Output)>) {
        if std::mem::take(&mut self.truncate) {
            let half = (0..=text.len() / 2).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
            text.truncate(half);
        }
        self.late(kind, Output::Send { conn, text }, now, ready);
    }

    /// Queues an output behind the frames that are already late, so that order holds.
    pub(crate) fn late(&mut self, kind: Kind, output: Output, now: Micros, ready: &mut Vec<(Kind, Output)>) {
        if self.delay == 0 && self.late.is_empty() {
            ready.push((kind, output));
            return;
        }
        let last = self.late.last_key_value().map_or(Micros::MIN, |(key, _)| key.0);
        self.sequence += 1;
        self.late.insert(((now + self.delay).max(last), self.sequence), (kind, output));
    }

    /// When the next late frame leaves.
    pub(crate) fn next_timeout(&self) -> Option<Micros> {
        self.late.first_key_value().map(|(key, _)| key.0)
    }

    /// The frames whose time has come.
    pub(crate) fn due(&mut self, now: Micros, ready: &mut Vec<(Kind, Output)>) {
        while let Some(entry) = self.late.first_entry() {
            if entry.key().0 > now {
                break;
            }
            ready.push(entry.remove());
        }
    }

    /// Everything right again; frames on hold leave at once.
    pub(crate) fn reset(&mut self, now: Micros, ready: &mut Vec<(Kind, Output)>) {
        let held = std::mem::take(&mut self.held);
        let late = std::mem::take(&mut self.late);
        *self = Self { sequence: self.sequence, ..Self::default() };
        ready.extend(late.into_values());
        self.held = held;
        self.release_held(now, ready);
    }
}
