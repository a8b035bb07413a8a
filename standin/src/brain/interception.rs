//! Requests and frames that get another treatment than their own: refused, unanswered, answered untruly, rewritten.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::args::Args;
use super::error::ApiError;
use super::fault::Kind;
use super::record::{Record, ThreadRow};
use super::requests::Caller;
use super::{Brain, Micros, Output};

/// One action, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Actions {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Actions {
    fn include(&self, action: &str) -> bool {
        match self {
            Self::One(own) => own == action,
            Self::Many(own) => own.iter().any(|own| own == action),
        }
    }
}

/// Which frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameKind {
    /// Pushes.
    Push,
    /// Responses; also those of the Web API.
    Response,
}

/// Requests that are refused.
#[derive(Debug)]
pub(crate) struct Failing {
    pub(crate) error: ApiError,
    /// Absent means any.
    pub(crate) action: Option<Actions>,
    /// Absent means any number.
    pub(crate) left: Option<u32>,
    pub(crate) until: Option<Micros>,
    /// When they are carried out all the same.
    pub(crate) execute_after: Option<Micros>,
}

/// What a refused request is told, and when it is carried out all the same.
pub(crate) struct Refusal {
    pub(crate) error: ApiError,
    pub(crate) execute_after: Option<Micros>,
}

/// Requests that get no answer.
#[derive(Debug)]
pub(crate) struct Muted {
    pub(crate) action: Actions,
    pub(crate) execute_after: Option<Micros>,
    /// Absent means any number.
    pub(crate) left: Option<u32>,
}

/// Requests that are answered with success and not carried out.
#[derive(Debug)]
pub(crate) struct FalseSuccess {
    pub(crate) action: Actions,
    pub(crate) left: u32,
}

/// A change of frames on their way out.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) kind: FrameKind,
    pub(crate) action: String,
    pub(crate) field: Option<String>,
    pub(crate) value: Option<Value>,
    pub(crate) left: u32,
}

impl Rewrite {
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        self.kind == other.kind && self.action == other.action && self.field == other.field
    }

    fn apply(&self, payload: &mut Value) {
        let Some(path) = &self.field else {
            *payload = self.value.clone().unwrap_or(Value::Null);
            return;
        };
        let (parents, name) = path.rsplit_once('.').map_or((String::new(), path.as_str()), |(parents, name)| {
            (format!("/{}", parents.replace('.', "/")), name)
        });
        let parent = payload.pointer_mut(&parents);
        match (parent, &self.value) {
            (Some(Value::Object(parent)), Some(value)) => {
                parent.insert(name.to_owned(), value.clone());
            }
            (Some(Value::Object(parent)), None) => {
                parent.shift_remove(name);
            }
            (Some(Value::Array(parent)), value) => {
                let Some(at) = name.parse().ok().filter(|at| *at < parent.len()) else { return };
                parent.remove(at);
                if let Some(value) = value {
                    parent.insert(at, value.clone());
                }
            }
            _ => {}
        }
    }
}

impl Brain {
    /// The refusal that a fault has for this request.
    pub(crate) fn failure(&mut self, action: &str) -> Option<Refusal> {
        if self.faults.rate_limit > 0 {
            self.faults.rate_limit -= 1;
            return Some(Refusal { error: ApiError::of("too_many_requests"), execute_after: None });
        }
        let now = self.now;
        let all = &mut self.faults.failing;
        all.retain(|failing| failing.until.is_none_or(|until| now < until));
        // A rule for this action goes before one for any.
        let covers = |failing: &Failing| failing.action.as_ref().is_some_and(|own| own.include(action));
        let at = all.iter().position(covers).or_else(|| all.iter().position(|failing| failing.action.is_none()))?;
        let failing = all.get_mut(at)?;
        let refusal = Refusal { error: failing.error.clone(), execute_after: failing.execute_after };
        if let Some(left) = &mut failing.left {
            *left -= 1;
            if *left == 0 {
                all.remove(at);
            }
        }
        Some(refusal)
    }

    /// Whether a fault keeps this request unanswered; inside, after how long it is carried out, if it ever is.
    pub(crate) fn muted(&mut self, action: &str) -> Option<Option<Micros>> {
        let all = &mut self.faults.muted;
        let at = all.iter().position(|muted| muted.action.include(action))?;
        let muted = all.get_mut(at)?;
        let execute_after = muted.execute_after;
        if let Some(left) = &mut muted.left {
            *left -= 1;
            if *left == 0 {
                all.remove(at);
            }
        }
        Some(execute_after)
    }

    /// Requests of the Web API that got no answer end without one.
    pub(crate) fn abort_unanswered(&mut self) {
        let unanswered = std::mem::take(&mut self.unanswered);
        self.out.extend(unanswered.into_iter().map(|id| Output::HttpAbort { id }));
    }

    /// The untrue answer that a fault has for this request.
    pub(crate) fn false_success(
        &mut self,
        caller: &Caller,
        action: &str,
        args: Args<'_>,
    ) -> Option<Result<Value, ApiError>> {
        let all = &mut self.faults.false_success;
        let at = all.iter().position(|rule| rule.action.include(action))?;
        let rule = all.get_mut(at)?;
        rule.left -= 1;
        if rule.left == 0 {
            all.remove(at);
        }
        Some(self.untrue_answer(caller, action, args))
    }

    /// An answer of the right shape. A request that would be refused is refused here, too.
    fn untrue_answer(&mut self, caller: &Caller, action: &str, args: Args<'_>) -> Result<Value, ApiError> {
        let mut answer = Map::new();
        match action {
            "send_event" => {
                let chat_id = args.str("chat_id")?;
                self.customer_draft(caller, args.get("event").unwrap_or(&Value::Null))?;
                let thread = self.own_chat(caller, chat_id)?.last_thread();
                let thread = thread.ok_or_else(|| ApiError::of("chat_inactive"))?.row.clone();
                // The id is used up, as if the event had been lost behind the server's back.
                let (id, number) = self.event_id(&thread.id, thread.next_number);
                self.commit(Record::Thread(ThreadRow { next_number: number + 1, ..thread }));
                answer.insert("event_id".to_owned(), json!(id));
            }
            "start_chat" | "resume_chat" => {
                let chat = args.opt_object("chat")?;
                let thread_id = self.fresh_id();
                let events = chat.and_then(|chat| chat.get("thread")?.get("events")?.as_array()).map_or(0, Vec::len);
                let ids: Vec<String> = (1..).take(events).map(|number| self.event_id(&thread_id, number).0).collect();
                if action == "start_chat" {
                    answer.insert("chat_id".to_owned(), json!(self.fresh_id()));
                }
                answer.insert("thread_id".to_owned(), json!(thread_id));
                if !ids.is_empty() {
                    answer.insert("event_ids".to_owned(), json!(ids));
                }
            }
            _ => {}
        }
        Ok(Value::Object(answer))
    }

    /// Applies the rewrites to a frame.
    pub(crate) fn rewrite_frame(&mut self, kind: Kind, text: &mut String) {
        if self.faults.rewrites.is_empty() {
            return;
        }
        let Ok(mut frame) = serde_json::from_str::<Value>(text) else {
            return;
        };
        let action = frame.get("action").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(payload) = frame.get_mut("payload")
            && self.rewrite_payload(kind, &action, payload)
        {
            *text = frame.to_string();
        }
    }

    /// Applies the rewrites to a payload; tells whether there was one.
    pub(crate) fn rewrite_payload(&mut self, kind: Kind, action: &str, payload: &mut Value) -> bool {
        let kind = if kind == Kind::Push { FrameKind::Push } else { FrameKind::Response };
        let mut is_rewritten = false;
        for rule in self.faults.rewrites.iter_mut().filter(|rule| rule.kind == kind && rule.action == action) {
            rule.apply(payload);
            rule.left -= 1;
            is_rewritten = true;
        }
        self.faults.rewrites.retain(|rule| rule.left > 0);
        is_rewritten
    }
}
