//! The control surface: act as an agent and switch faults, as JSON over HTTP. [`SWITCHES`] is the one table that the
//! server, `GET /control` and the README go by.

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::{AgentAction, Brain, Fault, HttpRequest, HttpResponse};

/// One thing the control surface can do.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// `/control/<name>`.
    pub name: &'static str,
    /// Whether an agent does it or it is a fault.
    pub kind: SwitchKind,
    /// A body to try it with; fields that may be left out included.
    pub example: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// What a switch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchKind {
    /// `GET`: looks, changes nothing.
    Look,
    /// `POST`: an agent acts.
    Agent,
    /// `POST`: something goes wrong, or right again.
    Fault,
}

const fn agent(name: &'static str, example: &'static str, does: &'static str) -> Switch {
    Switch { name, kind: SwitchKind::Agent, example, does }
}

const fn fault(name: &'static str, example: &'static str, does: &'static str) -> Switch {
    Switch { name, kind: SwitchKind::Fault, example, does }
}

/// Everything `/control/…` can do.
pub const SWITCHES: &[Switch] = &[
    Switch {
        name: "state",
        kind: SwitchKind::Look,
        example: "",
        does: "customers, chats with threads and events in order, open connections, groups, agents",
    },
    agent("message", r#"{"text":"Hello","custom_id":"a-1"}"#, "the agent writes a message (joins first if need be)"),
    agent(
        "event",
        r#"{"event":{"type":"custom","content":{"n":1},"recipients":"all"}}"#,
        "the agent adds an event of any type, unchecked; system kinds get no author; `recipients: \"agents\"` hides it",
    ),
    agent("typing", r#"{"is_typing":true}"#, "typing indicator"),
    agent("seen", r#"{}"#, "the agent has seen everything, or up to `seen_up_to`"),
    agent("close", r#"{}"#, "the agent closes the open thread (`manual_archived_agent`)"),
    agent("reopen", r#"{}"#, "the agent opens a new thread (`incoming_chat`)"),
    agent("join", r#"{"agent_id":"97ace0ff1ce54d2c8b6a1f0e3d5c7b92"}"#, "an agent comes into the chat"),
    agent("leave", r#"{"agent_id":"97ace0ff1ce54d2c8b6a1f0e3d5c7b92"}"#, "an agent goes out of the chat"),
    agent(
        "edit",
        r#"{"event_id":"SC0000AAAA_1","text":"better"}"#,
        "changes an event's text (`event_updated`); `thread_id` may be left out",
    ),
    agent("delete", r#"{"event_id":"SC0000AAAA_1"}"#, "deletes an event (`event_deleted`, 3.6)"),
    agent(
        "properties",
        r#"{"properties":{"rating":{"score":1}}}"#,
        "sets properties of the chat, or of the thread named by `thread_id`",
    ),
    agent(
        "push",
        r#"{"action":"incoming_multicast","payload":{"content":{"n":1}}}"#,
        "sends any push to every connected customer, or to `customer_id`",
    ),
    agent(
        "group_status",
        r#"{"group_id":0,"status":"offline"}"#,
        "switches a group to `online`, `offline` or `online_for_queue`",
    ),
    fault("drop", r#"{}"#, "cuts all sockets (or `conn`) without a close frame"),
    fault("close_socket", r#"{"code":1011,"reason":"oops"}"#, "closes all sockets (or `conn`) with a code"),
    fault(
        "disconnect",
        r#"{"reason":"connection_evicted"}"#,
        "pushes `customer_disconnected` (with `data` if given; to `customer_id` or everybody), then closes",
    ),
    fault(
        "half_open",
        r#"{"on":true}"#,
        "sockets stay open, nothing comes back, requests are lost; with `execute: true` they are carried out",
    ),
    fault("delay", r#"{"ms":500}"#, "sends every frame that much later; 0 is off"),
    fault("execute_delay", r#"{"ms":500}"#, "carries out every request that much later; 0 is off"),
    fault("duplicate", r#"{"pushes":2}"#, "sends the next pushes twice"),
    fault("reorder", r#"{"pushes":2}"#, "holds the next pushes back, then sends them last first"),
    fault("drop_pushes", r#"{"pushes":1}"#, "loses the next pushes"),
    fault("omit_responses", r#"{"count":1}"#, "loses the next responses"),
    fault(
        "close_after_executing",
        r#"{"action":"send_event"}"#,
        "carries out and saves the next such request, then cuts the socket before its reply and push",
    ),
    fault("response_first", r#"{"on":true}"#, "sends a response before the pushes of its request, not behind them"),
    fault("truncate", r#"{}"#, "cuts the next frame in half"),
    fault(
        "garbage",
        r#"{"wrong_types":false}"#,
        "sends every socket a frame that is not JSON, or one with wrong types",
    ),
    fault("same_created_at", r#"{"count":1}"#, "gives the next events the `created_at` of the one before"),
    fault("expire_tokens", r#"{}"#, "all tokens are over; sockets get `access_token_expired`"),
    fault("revoke_tokens", r#"{}"#, "all tokens are revoked; sockets get `access_token_revoked`"),
    fault(
        "token_service",
        r#"{"mode":"error","status":500}"#,
        "what the token service does: `ok`, `error` (with `status`) or `hang`",
    ),
    fault("refuse", r#"{"on":true}"#, "accepts no new socket"),
    fault("rate_limit", r#"{"count":3}"#, "answers the next requests `too_many_requests`"),
    fault("reset", r#"{}"#, "all faults off; frames held back are sent"),
];

impl Brain {
    pub(crate) fn control(&mut self, request: &HttpRequest) -> HttpResponse {
        if request.method == "OPTIONS" {
            return open(HttpResponse::empty(204));
        }
        let name = request.path.trim_start_matches("/control").trim_matches('/');
        let result = match (request.method.as_str(), name) {
            ("GET", "") => Ok(table()),
            ("GET", "state") => Ok(self.state_json()),
            ("POST", name) => self.control_switch(name, &request.body),
            _ => Err(ApiError::with("not_found", "GET /control lists what there is")),
        };
        open(match result {
            Ok(body) => HttpResponse::json(200, &body),
            Err(error) => HttpResponse::json(error.status(), &error.to_json()),
        })
    }

    fn control_switch(&mut self, name: &str, body: &[u8]) -> Result<Value, ApiError> {
        let switch = SWITCHES.iter().find(|switch| switch.name == name);
        let switch = switch.ok_or_else(|| ApiError::with("not_found", format!("no switch `{name}`")))?;
        let body = if body.is_empty() { json!({}) } else { serde_json::from_slice(body).unwrap_or(Value::Null) };
        if !body.is_object() {
            return Err(ApiError::validation("the body must be a JSON object"));
        }
        let mut tagged = Map::new();
        tagged.insert(name.to_owned(), body);
        let tagged = Value::Object(tagged);
        let misfit = |error: serde_json::Error| ApiError::validation(error.to_string());
        match switch.kind {
            SwitchKind::Look => Err(ApiError::validation("this one is a GET")),
            SwitchKind::Agent => self.agent_acts(serde_json::from_value::<AgentAction>(tagged).map_err(misfit)?),
            SwitchKind::Fault => {
                self.switch(serde_json::from_value::<Fault>(tagged).map_err(misfit)?);
                Ok(json!({}))
            }
        }
    }
}

fn table() -> Value {
    let rows: Vec<Value> = SWITCHES
        .iter()
        .map(|switch| {
            let method = if switch.kind == SwitchKind::Look { "GET" } else { "POST" };
            json!({
                "name": switch.name, "method": method, "path": format!("/control/{}", switch.name),
                "takes": serde_json::from_str::<Value>(switch.example).unwrap_or(Value::Null), "does": switch.does
            })
        })
        .collect();
    json!({ "switches": rows })
}

/// Tests drive the surface from pages of any origin.
fn open(response: HttpResponse) -> HttpResponse {
    response
        .header("access-control-allow-origin", "*")
        .header("access-control-allow-methods", "GET, POST, OPTIONS")
        .header("access-control-allow-headers", "content-type")
}
