//! Requests on a socket: taken apart, carried out now or later, answered once (§1.3, §1.5, §1.7).

use serde_json::{Map, Value, json};

use super::connection::Version;
use super::error::ApiError;
use super::fault::Kind;
use super::time::SECOND;
use super::{Brain, ConnId, HttpRequest, Micros, Output};

/// §1.5: a request that takes longer is answered `request_timeout`; it may still be carried out.
const REQUEST_TIMEOUT: Micros = 15 * SECOND;
/// §1.7: more unanswered requests are refused.
const PENDING_LIMIT: usize = 10;

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
    Execute { conn: ConnId, request: Request, answered: bool, caller: Option<Caller> },
    /// Carry out a request of the Web API that was answered before, or that gets no answer.
    Web { request: Box<HttpRequest> },
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
    /// The request as far as it can be read, and what is wrong with it.
    fn parse(text: &str) -> (Self, Result<(), ApiError>) {
        let mut request = Self { id: None, action: String::new(), version: None, payload: Value::Null };
        let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
            return (request, Err(ApiError::validation("a frame must be a JSON object")));
        };
        request.id = frame.remove("request_id").filter(|id| !id.is_null());
        request.payload = frame.remove("payload").unwrap_or(Value::Null);
        match frame.remove("version") {
            None | Some(Value::Null) => {}
            Some(Value::String(version)) => request.version = Some(version),
            Some(_) => return (request, Err(ApiError::validation("`version` must be a string"))),
        }
        match frame.remove("action") {
            Some(Value::String(action)) => request.action = action,
            _ => return (request, Err(ApiError::validation("`action` must be a string"))),
        }
        if request.id.as_ref().is_some_and(|id| !id.is_string()) {
            return (request, Err(ApiError::validation("`request_id` must be a string")));
        }
        (request, Ok(()))
    }
}

impl Brain {
    pub(crate) fn frame(&mut self, conn: ConnId, text: &str) {
        self.sign_of_life(conn);
        if self.is_portal_in_sockets() && self.conns.get(&conn).is_some_and(|conn| !conn.closing) {
            return self.speak_page(conn);
        }
        let Some(state) = self.conns.get_mut(&conn).filter(|conn| !conn.closing) else {
            return;
        };
        if self.faults.half_open && !self.faults.execute_half_open {
            return;
        }
        state.unanswered += 1;
        let (unanswered, version) = (state.unanswered, state.version);
        let (request, readable) = Request::parse(text);
        if let Err(error) = readable {
            return self.answer(conn, &request, Err(error));
        }
        if let Some(execute_after) = self.muted(&request.action) {
            // Such requests do not count as pending: only their own action is meant to suffer.
            if let Some(state) = self.conns.get_mut(&conn) {
                state.unanswered -= 1;
            }
            if let Some(after) = execute_after {
                self.execute_later(after, conn, request, true);
            }
            return;
        }
        if unanswered > PENDING_LIMIT {
            return self.answer(conn, &request, Err(ApiError::of("pending_requests_limit_reached")));
        }
        if request.action != "ping"
            && let Some(refusal) = self.failure(&request.action)
        {
            self.answer(conn, &request, Err(refusal.error));
            if let Some(after) = refusal.execute_after {
                self.execute_later(after, conn, request, true);
            }
            return;
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
            self.enqueue(REQUEST_TIMEOUT, Queued::TimeOut { conn, request: request.clone() });
        }
        self.execute_later(self.faults.execute_delay, conn, request, answered);
    }

    fn execute_later(&mut self, after: Micros, conn: ConnId, request: Request, answered: bool) {
        let caller = self.caller(conn, None);
        self.enqueue(after, Queued::Execute { conn, request, answered, caller });
    }

    pub(crate) fn enqueue(&mut self, after: Micros, what: Queued) {
        self.sequence += 1;
        self.queued.insert((self.now + after, self.sequence), what);
    }

    pub(crate) fn run_queued(&mut self) {
        while let Some(entry) = self.queued.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            match entry.remove() {
                Queued::Execute { conn, request, answered, caller } => {
                    if self.conns.get(&conn).is_some_and(|conn| !conn.closing) {
                        self.execute(conn, &request, answered);
                    } else if let Some(caller) = caller {
                        let _ = self.call(&caller, &request.action, &request.payload);
                    }
                }
                Queued::Web { request } => {
                    let _ = self.web_execute(&request);
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
        if self.faults.close_after.as_ref().is_some_and(|action| *action == request.action) {
            self.faults.close_after = None;
            self.staged.retain(|(to, _, _)| *to != conn);
            self.out.push_back(Output::Abort { conn });
            self.forget(conn);
            return;
        }
        let banned = result.as_ref().is_err_and(|error| error.kind == "customer_banned");
        if !answered {
            self.answer(conn, request, result);
        }
        if banned {
            self.disconnect(conn, "customer_banned", None);
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
        frame.insert("payload".to_owned(), result.unwrap_or_else(|error| error.to_json()));
        self.staged.push((conn, Kind::Response, Value::Object(frame).to_string()));
    }
}
