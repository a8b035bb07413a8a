//! The control surface: act as an agent and switch faults, as JSON over HTTP. [`SWITCHES`] is the one table that the
//! server, `GET /control` and the README go by.

mod table;

use serde_json::{Map, Value, json};

pub use table::SWITCHES;

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
