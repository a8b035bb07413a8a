//! What an agent does: from the console, the control surface, the bot or a simulation.

mod acts;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Brain;
use super::error::ApiError;

fn yes() -> bool {
    true
}

/// One act of an agent. `chat_id` may be absent when there is exactly one chat; `agent_id` absent means the first agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named as in the protocol; the switch table explains them")]
pub enum AgentAction {
    /// Writes a message.
    Message {
        #[serde(default)]
        chat_id: Option<String>,
        text: String,
        #[serde(default)]
        custom_id: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Adds an event of any type. System kinds get no author; `recipients: "agents"` hides it from the customer.
    Event {
        #[serde(default)]
        chat_id: Option<String>,
        event: Value,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Starts or stops typing.
    Typing {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default = "yes")]
        is_typing: bool,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Has seen the events up to a time; absent means all.
    Seen {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        seen_up_to: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Closes the open thread.
    Close {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Opens a new thread.
    Reopen {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Comes into the chat.
    Join {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Goes out of the chat.
    Leave {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        agent_id: Option<String>,
    },
    /// Changes the text of an event.
    Edit {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        thread_id: Option<String>,
        event_id: String,
        text: String,
    },
    /// Deletes an event.
    Delete {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        thread_id: Option<String>,
        event_id: String,
    },
    /// Sets properties of the chat, or of a thread if one is named.
    Properties {
        #[serde(default)]
        chat_id: Option<String>,
        #[serde(default)]
        thread_id: Option<String>,
        properties: Map<String, Value>,
    },
    /// Sends any push: to one customer, or to everybody.
    Push {
        action: String,
        #[serde(default)]
        payload: Value,
        #[serde(default)]
        customer_id: Option<String>,
    },
    /// Switches a group's status; an unknown group comes to be.
    GroupStatus { group_id: u64, status: String },
}

impl Brain {
    pub(crate) fn agent_acts(&mut self, action: AgentAction) -> Result<Value, ApiError> {
        match action {
            AgentAction::Message { chat_id, text, custom_id, agent_id } => {
                let mut event = json!({ "type": "message", "text": text });
                if let Some(custom_id) = custom_id {
                    event["custom_id"] = json!(custom_id);
                }
                self.agent_event(chat_id, event, agent_id)
            }
            AgentAction::Event { chat_id, event, agent_id } => self.agent_event(chat_id, event, agent_id),
            AgentAction::Typing { chat_id, is_typing, agent_id } => self.agent_typing(chat_id, is_typing, agent_id),
            AgentAction::Seen { chat_id, seen_up_to, agent_id } => self.agent_seen(chat_id, seen_up_to, agent_id),
            AgentAction::Close { chat_id, agent_id } => self.agent_close(chat_id, agent_id),
            AgentAction::Reopen { chat_id, agent_id } => self.agent_reopen(chat_id, agent_id),
            AgentAction::Join { chat_id, agent_id } => {
                let chat_id = self.the_chat(chat_id)?;
                let agent = self.the_agent(agent_id)?;
                self.join(&chat_id, &agent);
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::Leave { chat_id, agent_id } => self.agent_leave(chat_id, agent_id),
            AgentAction::Edit { chat_id, thread_id, event_id, text } => {
                self.agent_edit(chat_id, thread_id, event_id, text)
            }
            AgentAction::Delete { chat_id, thread_id, event_id } => {
                let chat_id = self.the_chat(chat_id)?;
                let thread_id = thread_id.unwrap_or_else(|| thread_of(&event_id));
                let event = self.visible_event(&chat_id, &thread_id, &event_id)?.clone();
                self.erase(event);
                Ok(json!({ "event_id": event_id }))
            }
            AgentAction::Properties { chat_id, thread_id, properties } => {
                let chat_id = self.the_chat(chat_id)?;
                self.set_properties(&chat_id, thread_id.as_deref(), &properties)?;
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::Push { action, payload, customer_id } => self.raw_push(&action, &payload, customer_id),
            AgentAction::GroupStatus { group_id, status } => self.group_status(group_id, status),
        }
    }

    /// The named chat, or the only one.
    pub(crate) fn the_chat(&self, chat_id: Option<String>) -> Result<String, ApiError> {
        let Some(id) = chat_id else {
            let mut ids = self.world.chats.keys();
            return match (ids.next(), ids.next()) {
                (Some(only), None) => Ok(only.clone()),
                (None, _) => Err(ApiError::with("not_found", "there is no chat yet")),
                _ => Err(ApiError::validation("`chat_id` is required: there is more than one chat")),
            };
        };
        if self.world.chats.contains_key(&id) { Ok(id) } else { Err(ApiError::with("not_found", "Chat not found")) }
    }

    fn the_agent(&self, agent_id: Option<String>) -> Result<String, ApiError> {
        match agent_id {
            Some(id) if self.agent(&id).is_some() => Ok(id),
            Some(_) => Err(ApiError::with("not_found", "Agent not found")),
            None => {
                let first = self.config.agents.first().map(|agent| agent.id.clone());
                first.ok_or_else(|| ApiError::with("not_found", "there is no agent"))
            }
        }
    }
}

/// Event ids are `<thread>_<n>` here.
pub(super) fn thread_of(event_id: &str) -> String {
    event_id.rsplit_once('_').map_or(event_id, |(thread, _)| thread).to_owned()
}
