//! The life of a socket: opening, login timer, idle timer, pushes, the end (§1.3–§1.6, §1.10).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fault::Kind;
use super::requests::Origin;
use super::time::SECOND;
use super::{Brain, ConnId, Micros, Output, http};

/// §1.5: a socket must log in within this time.
const LOGIN_WITHIN: Micros = 30 * SECOND;
/// §1.5: a socket without a frame (Pongs count) for this long is closed.
const IDLE_AFTER: Micros = 30 * SECOND;
/// §1.6: a control Ping goes out this often, so that clients without pings of their own stay.
const PING_EVERY: Micros = 12 * SECOND;

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
const NEW_IN_36: &[&str] =
    &["event_deleted", "incoming_event_preview", "incoming_thinking_indicator", "incoming_welcome_message"];

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
            Some(pushes) => {
                pushes.get(&version).is_some_and(|names| names.iter().any(|name| name == "all" || name == action))
            }
        }
    }
}

impl Brain {
    pub(crate) fn opened(&mut self, conn: ConnId, path: &str, query: &str) {
        if self.refuses() {
            self.out.push_back(Output::Abort { conn });
            return;
        }
        let asked = path.strip_prefix("/v").and_then(|rest| rest.strip_suffix("/customer/rtm/ws"));
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
        if self.is_portal_in_sockets() {
            self.speak_page(conn);
        } else if version.is_none() {
            self.disconnect(conn, "unsupported_version", None);
        } else if organization.is_empty() || organization == UNKNOWN_ORGANIZATION {
            self.disconnect(conn, "license_not_found", None);
        } else if organization == EXPIRED_ORGANIZATION {
            self.disconnect(conn, "license_expired", None);
        } else if organization == MISDIRECTED_ORGANIZATION {
            self.disconnect(conn, "misdirected_connection", Some(json!({ "region": "fra" })));
        }
    }

    pub(crate) fn forget(&mut self, conn: ConnId) {
        let Some(login) = self.conns.remove(&conn).and_then(|gone| gone.login) else {
            return;
        };
        let is_of = |conn: &Conn| conn.login.as_ref().is_some_and(|other| other.customer == login.customer);
        if !self.conns.values().any(is_of) {
            // A page that nobody looks at any more; whoever comes back says theirs again.
            self.pages.remove(&login.customer);
        }
        self.watch_connections();
    }

    pub(crate) fn sign_of_life(&mut self, conn: ConnId) {
        if let Some(conn) = self.conns.get_mut(&conn) {
            conn.last_activity = self.now;
        }
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
            let mut origin = origin.filter(|origin| origin.conn == *id).and_then(|origin| origin.request_id.clone());
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
                self.staged.push((*id, Kind::Push, Value::Object(frame).to_string()));
            }
        }
    }

    /// A push to the customer of a chat.
    pub(crate) fn push_to_chat(&mut self, chat_id: &str, action: &str, payload: &Value, origin: Option<&Origin>) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let (organization, customer) = (chat.row.organization_id.clone(), chat.row.customer_id.clone());
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
        let close = Output::Close { conn, code, reason: reason.to_owned() };
        self.faults.late(Kind::Push, close, self.now, &mut ready);
        self.perform(ready);
        self.watch_connections();
    }

    pub(crate) fn conn_deadline(&self, conn: &Conn) -> Option<Micros> {
        if self.faults.half_open || self.is_portal_in_sockets() || conn.closing {
            return None;
        }
        let end = match &conn.login {
            None => conn.opened_at + LOGIN_WITHIN,
            Some(login) => {
                let idle = conn.last_activity + IDLE_AFTER;
                self.world.tokens.get(&login.token).map_or(idle, |token| idle.min(token.expires_at))
            }
        };
        Some(end.min(conn.next_ping))
    }

    /// Pings, login timers, idle timers and tokens that have run out.
    pub(crate) fn check_conns(&mut self) {
        if self.faults.half_open || self.is_portal_in_sockets() {
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
                    Some(_) => (conn.last_activity + IDLE_AFTER <= now).then_some("connection_timeout"),
                },
            };
            if let Some(reason) = reason {
                over.push((*id, reason));
            } else if conn.next_ping <= now {
                conn.next_ping = now + PING_EVERY;
                pings.push(*id);
            }
        }
        self.out.extend(pings.into_iter().map(|conn| Output::Ping { conn }));
        for (conn, reason) in over {
            self.disconnect(conn, reason, None);
        }
    }
}
