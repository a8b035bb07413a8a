//! The life of a socket: opening, login timer, idle timer, requests in, responses and pushes out (§1.3–§1.6, §1.10).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::fault::Kind;
use super::time::SECOND;
use super::{Brain, ConnId, Micros, Output, http};

/// §1.5: a socket must log in within this time.
const LOGIN_WITHIN: Micros = 30 * SECOND;
/// §1.5: a socket without a frame (Pongs count) for this long is closed.
const IDLE_AFTER: Micros = 30 * SECOND;
/// §1.6: a control Ping goes out this often, so that clients without pings of their own stay.
const PING_EVERY: Micros = 12 * SECOND;
/// §1.5: a request that takes longer is answered `request_timeout`; it may still be carried out.
const REQUEST_TIMEOUT: Micros = 15 * SECOND;
/// §1.7: more unanswered requests are refused.
const PENDING_LIMIT: usize = 10;

/// Organizations that exist only to be refused.
pub(crate) const UNKNOWN_ORGANIZATION: &str = "00000000-0000-0000-0000-000000000404";
pub(crate) const EXPIRED_ORGANIZATION: &str = "00000000-0000-0000-0000-000000000402";
pub(crate) const MISDIRECTED_ORGANIZATION: &str = "00000000-0000-0000-0000-000000000421";

/// A version of the API that is spoken here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V35,
    V36,
}

impl Version {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "3.5" => Some(Self::V35),
            "3.6" => Some(Self::V36),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V35 => "3.5",
            Self::V36 => "3.6",
        }
    }
}

/// Pushes that came with 3.6 (§11).
const NEW_IN_36: &[&str] = &[
    "event_deleted",
    "incoming_event_preview",
    "incoming_thinking_indicator",
    "incoming_welcome_message",
];

/// An open socket.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) organization: String,
    pub(crate) version: Version,
    pub(crate) opened_at: Micros,
    pub(crate) last_activity: Micros,
    pub(crate) next_ping: Micros,
    pub(crate) login: Option<Login>,
    /// Requests without a response yet.
    pub(crate) unanswered: usize,
    /// Whether its close is on the way, behind late frames: it hears nothing any more.
    pub(crate) closing: bool,
}

/// Who is logged in on a socket.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) customer: String,
    pub(crate) token: String,
    /// `login.pushes`: names by version; absent means all of the socket's version.
    pub(crate) pushes: Option<BTreeMap<Version, Vec<String>>>,
}

impl Login {
    fn wants(&self, version: Version, own: Version, action: &str) -> bool {
        match &self.pushes {
            None => version == own,
            Some(pushes) => pushes
                .get(&version)
                .is_some_and(|names| names.iter().any(|name| name == "all" || name == action)),
        }
    }
}

/// Who asks, and where the answer goes.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) organization: String,
    pub(crate) customer: String,
    pub(crate) version: Version,
    pub(crate) origin: Option<Origin>,
}

/// The request that causes a push: its socket gets the push with the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) conn: ConnId,
    pub(crate) request_id: Option<Value>,
}

/// Something to do later.
#[derive(Debug)]
pub(crate) enum Queued {
    /// Carry out a request; `answered` if its client is told `request_timeout` before. Who asked is noted as it
    /// arrives: the service carries it out even if the socket is gone by then (§8.1).
    Execute {
        conn: ConnId,
        request: Request,
        answered: bool,
        caller: Option<Caller>,
    },
    /// Tell a client that its request takes too long.
    TimeOut { conn: ConnId, request: Request },
}

/// A request frame, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) id: Option<Value>,
    pub(crate) action: String,
    pub(crate) version: Option<String>,
    pub(crate) payload: Value,
}

impl Request {
    fn parse(text: &str) -> Result<Self, (Self, ApiError)> {
        let mut request = Self {
            id: None,
            action: String::new(),
            version: None,
            payload: Value::Null,
        };
        let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
            return Err((
                request,
                ApiError::validation("a frame must be a JSON object"),
            ));
        };
        request.id = frame.remove("request_id").filter(|id| !id.is_null());
        request.payload = frame.remove("payload").unwrap_or(Value::Null);
        match frame.remove("version") {
            None | Some(Value::Null) => {}
            Some(Value::String(version)) => request.version = Some(version),
            Some(_) => return Err((request, ApiError::validation("`version` must be a string"))),
        }
        match frame.remove("action") {
            Some(Value::String(action)) => request.action = action,
            _ => return Err((request, ApiError::validation("`action` must be a string"))),
        }
        if request.id.as_ref().is_some_and(|id| !id.is_string()) {
            return Err((
                request,
                ApiError::validation("`request_id` must be a string"),
            ));
        }
        Ok(request)
    }
}

impl Brain {
    pub(crate) fn opened(&mut self, conn: ConnId, path: &str, query: &str) {
        if self.faults.refuse {
            self.out.push_back(Output::Abort { conn });
            return;
        }
        let asked = path
            .strip_prefix("/v")
            .and_then(|rest| rest.strip_suffix("/customer/rtm/ws"));
        let version = asked.and_then(Version::parse);
        let organization = http::query(query, "organization_id").unwrap_or_default();
        self.conns.insert(
            conn,
            Conn {
                organization: organization.clone(),
                version: version.unwrap_or(Version::V36),
                opened_at: self.now,
                last_activity: self.now,
                next_ping: self.now + PING_EVERY,
                login: None,
                unanswered: 0,
                closing: false,
            },
        );
        if version.is_none() {
            self.disconnect(conn, "unsupported_version", None);
        } else if organization.is_empty() || organization == UNKNOWN_ORGANIZATION {
            self.disconnect(conn, "license_not_found", None);
        } else if organization == EXPIRED_ORGANIZATION {
            self.disconnect(conn, "license_expired", None);
        } else if organization == MISDIRECTED_ORGANIZATION {
            self.disconnect(
                conn,
                "misdirected_connection",
                Some(json!({ "region": "fra" })),
            );
        }
    }

    pub(crate) fn forget(&mut self, conn: ConnId) {
        if self
            .conns
            .remove(&conn)
            .is_some_and(|gone| gone.login.is_some())
        {
            self.watch_connections();
        }
    }

    pub(crate) fn sign_of_life(&mut self, conn: ConnId) {
        if let Some(conn) = self.conns.get_mut(&conn) {
            conn.last_activity = self.now;
        }
    }

    pub(crate) fn frame(&mut self, conn: ConnId, text: &str) {
        self.sign_of_life(conn);
        let Some(state) = self.conns.get_mut(&conn).filter(|conn| !conn.closing) else {
            return;
        };
        if self.faults.half_open && !self.faults.execute_half_open {
            return;
        }
        state.unanswered += 1;
        let (unanswered, version) = (state.unanswered, state.version);
        let request = match Request::parse(text) {
            Ok(request) => request,
            Err((request, error)) => return self.answer(conn, &request, Err(error)),
        };
        if unanswered > PENDING_LIMIT {
            return self.answer(
                conn,
                &request,
                Err(ApiError::of("pending_requests_limit_reached")),
            );
        }
        if self.faults.rate_limit > 0 && request.action != "ping" {
            self.faults.rate_limit -= 1;
            return self.answer(conn, &request, Err(ApiError::of("too_many_requests")));
        }
        if let Some(asked) = &request.version {
            // §1.3: a version below the connection's is refused, a higher one is not.
            if Version::parse(asked).is_none_or(|asked| asked < version) {
                return self.answer(conn, &request, Err(ApiError::of("unsupported_version")));
            }
        }
        if self.faults.execute_delay == 0 || request.action == "ping" {
            return self.execute(conn, &request, false);
        }
        let answered = self.faults.execute_delay > REQUEST_TIMEOUT;
        if answered {
            self.enqueue(
                REQUEST_TIMEOUT,
                Queued::TimeOut {
                    conn,
                    request: request.clone(),
                },
            );
        }
        let caller = self.caller(conn, None);
        self.enqueue(
            self.faults.execute_delay,
            Queued::Execute {
                conn,
                request,
                answered,
                caller,
            },
        );
    }

    fn enqueue(&mut self, after: Micros, what: Queued) {
        self.sequence += 1;
        self.queued.insert((self.now + after, self.sequence), what);
    }

    pub(crate) fn run_queued(&mut self) {
        while let Some(entry) = self.queued.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            match entry.remove() {
                Queued::Execute {
                    conn,
                    request,
                    answered,
                    caller,
                } => {
                    if self.conns.get(&conn).is_some_and(|conn| !conn.closing) {
                        self.execute(conn, &request, answered);
                    } else if let Some(caller) = caller {
                        let _ = self.call(&caller, &request.action, &request.payload);
                    }
                }
                Queued::TimeOut { conn, request } => {
                    self.answer(conn, &request, Err(ApiError::of("request_timeout")));
                }
            }
        }
    }

    /// Carries a request out and answers it, unless it was answered before.
    fn execute(&mut self, conn: ConnId, request: &Request, answered: bool) {
        let caller = self.caller(conn, request.id.clone());
        let result = match (caller, request.action.as_str()) {
            (_, "ping") => Ok(json!({})),
            (None, "login") => self.login(conn, &request.payload),
            (Some(_), "login") => Err(ApiError::validation("already logged in")),
            (None, _) => Err(ApiError::with("authorization", "log in first")),
            (Some(caller), action) => self.call(&caller, action, &request.payload),
        };
        if self
            .faults
            .close_after
            .as_ref()
            .is_some_and(|action| *action == request.action)
        {
            self.faults.close_after = None;
            self.staged.retain(|(to, _, _)| *to != conn);
            self.out.push_back(Output::Abort { conn });
            self.forget(conn);
            return;
        }
        if !answered {
            self.answer(conn, request, result);
        }
    }

    /// Who is logged in on a socket, asking with this request id.
    fn caller(&self, conn: ConnId, request_id: Option<Value>) -> Option<Caller> {
        let state = self.conns.get(&conn)?;
        Some(Caller {
            organization: state.organization.clone(),
            customer: state.login.as_ref()?.customer.clone(),
            version: state.version,
            origin: Some(Origin { conn, request_id }),
        })
    }

    fn answer(&mut self, conn: ConnId, request: &Request, result: Result<Value, ApiError>) {
        let mut frame = Map::new();
        if let Some(id) = &request.id {
            frame.insert("request_id".to_owned(), id.clone());
        }
        frame.insert("action".to_owned(), json!(request.action));
        frame.insert("type".to_owned(), json!("response"));
        frame.insert("success".to_owned(), json!(result.is_ok()));
        frame.insert(
            "payload".to_owned(),
            result.unwrap_or_else(|error| error.to_json()),
        );
        self.staged
            .push((conn, Kind::Response, Value::Object(frame).to_string()));
    }

    /// A push to every socket of a customer. The request's own socket gets it with the request's id when `origin` is
    /// given, which §9.3 allows for `incoming_event` and `incoming_chat` alone.
    pub(crate) fn push(
        &mut self,
        organization: &str,
        customer: &str,
        action: &str,
        payload: &Value,
        origin: Option<&Origin>,
    ) {
        for (id, conn) in &self.conns {
            let Some(login) = &conn.login else { continue };
            if login.customer != customer || conn.organization != organization {
                continue;
            }
            let mut origin = origin
                .filter(|origin| origin.conn == *id)
                .and_then(|origin| origin.request_id.clone());
            for version in [Version::V35, Version::V36] {
                if !login.wants(version, conn.version, action)
                    || (version == Version::V35 && NEW_IN_36.contains(&action))
                {
                    continue;
                }
                let mut frame = Map::new();
                frame.insert("version".to_owned(), json!(version.name()));
                if let Some(request_id) = origin.take() {
                    frame.insert("request_id".to_owned(), request_id);
                }
                frame.insert("action".to_owned(), json!(action));
                frame.insert("type".to_owned(), json!("push"));
                frame.insert("payload".to_owned(), payload.clone());
                self.staged
                    .push((*id, Kind::Push, Value::Object(frame).to_string()));
            }
        }
    }

    /// A push to the customer of a chat.
    pub(crate) fn push_to_chat(
        &mut self,
        chat_id: &str,
        action: &str,
        payload: &Value,
        origin: Option<&Origin>,
    ) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let (organization, customer) = (
            chat.row.organization_id.clone(),
            chat.row.customer_id.clone(),
        );
        self.push(&organization, &customer, action, payload, origin);
    }

    /// `customer_disconnected` in the connection's own version, then the end (§1.10).
    pub(crate) fn disconnect(&mut self, conn: ConnId, reason: &str, data: Option<Value>) {
        let Some(state) = self.conns.get(&conn).filter(|conn| !conn.closing) else {
            return;
        };
        let mut payload = json!({ "reason": reason });
        if let Some(data) = data {
            payload["data"] = data;
        }
        let frame = json!({
            "version": state.version.name(), "action": "customer_disconnected", "type": "push", "payload": payload
        });
        let text = frame.to_string();
        self.staged.push((conn, Kind::Push, text));
        self.flush();
        self.close(conn, 1000, reason);
    }

    /// Closes a socket behind everything that is on its way to it.
    pub(crate) fn close(&mut self, conn: ConnId, code: u16, reason: &str) {
        let Some(state) = self.conns.get_mut(&conn) else {
            return;
        };
        state.closing = true;
        state.login = None;
        let mut ready = Vec::new();
        let close = Output::Close {
            conn,
            code,
            reason: reason.to_owned(),
        };
        self.faults.late(Kind::Push, close, self.now, &mut ready);
        self.perform(ready);
        self.watch_connections();
    }

    pub(crate) fn conn_deadline(&self, conn: &Conn) -> Option<Micros> {
        if self.faults.half_open || conn.closing {
            return None;
        }
        let end = match &conn.login {
            None => conn.opened_at + LOGIN_WITHIN,
            Some(login) => {
                let idle = conn.last_activity + IDLE_AFTER;
                self.world
                    .tokens
                    .get(&login.token)
                    .map_or(idle, |token| idle.min(token.expires_at))
            }
        };
        Some(end.min(conn.next_ping))
    }

    /// Pings, login timers, idle timers and tokens that have run out.
    pub(crate) fn check_conns(&mut self) {
        if self.faults.half_open {
            return;
        }
        let now = self.now;
        let mut over = Vec::new();
        let mut pings = Vec::new();
        for (id, conn) in self.conns.iter_mut().filter(|(_, conn)| !conn.closing) {
            let reason = match &conn.login {
                None => (conn.opened_at + LOGIN_WITHIN <= now).then_some("connection_timeout"),
                Some(login) => match self.world.tokens.get(&login.token) {
                    None => Some("access_token_revoked"),
                    Some(token) if token.expires_at <= now => Some("access_token_expired"),
                    Some(_) => {
                        (conn.last_activity + IDLE_AFTER <= now).then_some("connection_timeout")
                    }
                },
            };
            if let Some(reason) = reason {
                over.push((*id, reason));
            } else if conn.next_ping <= now {
                conn.next_ping = now + PING_EVERY;
                pings.push(*id);
            }
        }
        self.out
            .extend(pings.into_iter().map(|conn| Output::Ping { conn }));
        for (conn, reason) in over {
            self.disconnect(conn, reason, None);
        }
    }
}
