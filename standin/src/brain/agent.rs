//! What an agent does: from the console, the control surface, the bot or a simulation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::chats::Draft;
use super::error::ApiError;
use super::record::{Group, Record};
use super::world::Chat;
use super::{Brain, Micros, time};

fn yes() -> bool {
    true
}

/// One act of an agent. `chat_id` may be absent when there is exactly one chat; `agent_id` absent means the first agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are named as in the protocol; the switch table explains them"
)]
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
            AgentAction::Message {
                chat_id,
                text,
                custom_id,
                agent_id,
            } => {
                let mut event = json!({ "type": "message", "text": text });
                if let Some(custom_id) = custom_id {
                    event["custom_id"] = json!(custom_id);
                }
                self.agent_event(chat_id, event, agent_id)
            }
            AgentAction::Event {
                chat_id,
                event,
                agent_id,
            } => self.agent_event(chat_id, event, agent_id),
            AgentAction::Typing {
                chat_id,
                is_typing,
                agent_id,
            } => self.agent_typing(chat_id, is_typing, agent_id),
            AgentAction::Seen {
                chat_id,
                seen_up_to,
                agent_id,
            } => self.agent_seen(chat_id, seen_up_to, agent_id),
            AgentAction::Close { chat_id, agent_id } => self.agent_close(chat_id, agent_id),
            AgentAction::Reopen { chat_id, agent_id } => self.agent_reopen(chat_id, agent_id),
            AgentAction::Join { chat_id, agent_id } => {
                let chat_id = self.the_chat(chat_id)?;
                let agent = self.the_agent(agent_id)?;
                self.join(&chat_id, &agent);
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::Leave { chat_id, agent_id } => self.agent_leave(chat_id, agent_id),
            AgentAction::Edit {
                chat_id,
                thread_id,
                event_id,
                text,
            } => self.agent_edit(chat_id, thread_id, event_id, text),
            AgentAction::Delete {
                chat_id,
                thread_id,
                event_id,
            } => {
                let chat_id = self.the_chat(chat_id)?;
                let thread_id = thread_id.unwrap_or_else(|| thread_of(&event_id));
                let event = self.visible_event(&chat_id, &thread_id, &event_id)?.clone();
                self.erase(event);
                Ok(json!({ "event_id": event_id }))
            }
            AgentAction::Properties {
                chat_id,
                thread_id,
                properties,
            } => {
                let chat_id = self.the_chat(chat_id)?;
                self.set_properties(&chat_id, thread_id.as_deref(), &properties)?;
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::Push {
                action,
                payload,
                customer_id,
            } => self.raw_push(&action, &payload, customer_id),
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
                _ => Err(ApiError::validation(
                    "`chat_id` is required: there is more than one chat",
                )),
            };
        };
        if self.world.chats.contains_key(&id) {
            Ok(id)
        } else {
            Err(ApiError::with("not_found", "Chat not found"))
        }
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

    fn agent_event(
        &mut self,
        chat_id: Option<String>,
        event: Value,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let Value::Object(body) = event else {
            return Err(ApiError::validation("`event` must be an object"));
        };
        let Some(kind) = body.get("type").and_then(Value::as_str) else {
            return Err(ApiError::validation("`event.type` must be a string"));
        };
        let hidden = |field| body.get(field).and_then(Value::as_str) == Some("agents");
        let agents_only = hidden("recipients") || hidden("visibility");
        let author = (!matches!(kind, "system_message" | "system")).then_some(agent.as_str());
        if author.is_some() && !agents_only {
            self.join(&chat_id, &agent);
        }
        // Agents can write into a closed thread too; the customer's chat has no open one then.
        let Some(thread) = self.world.chats.get(&chat_id).and_then(Chat::last_thread) else {
            return Err(ApiError::of("chat_inactive"));
        };
        let thread_id = thread.row.id.clone();
        let Some(event) = self.add_event(&chat_id, &thread_id, author, Draft { body, agents_only })
        else {
            return Err(ApiError::of("internal"));
        };
        self.push_event(&event, None);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id, "event_id": event.id() }))
    }

    fn agent_typing(
        &mut self,
        chat_id: Option<String>,
        typing: bool,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let thread = self.world.chats.get(&chat_id).and_then(Chat::active_thread);
        let thread = thread.ok_or_else(|| ApiError::of("chat_inactive"))?;
        let payload = json!({
            "chat_id": chat_id, "thread_id": thread.row.id,
            "typing_indicator": {
                "author_id": agent, "recipients": "all", "timestamp": self.now / time::SECOND, "is_typing": typing
            }
        });
        self.push_to_chat(&chat_id, "incoming_typing_indicator", &payload, None);
        Ok(json!({ "chat_id": chat_id }))
    }

    fn agent_seen(
        &mut self,
        chat_id: Option<String>,
        to: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let last: Option<Micros> = self
            .world
            .chats
            .get(&chat_id)
            .and_then(|chat| chat.visible_events().map(|event| event.created_at).max());
        let at = match to {
            Some(text) => Some(
                time::parse(&text)
                    .ok_or_else(|| ApiError::validation("`seen_up_to` must be an RFC 3339 time"))?,
            ),
            None => last,
        };
        if self
            .world
            .chats
            .get(&chat_id)
            .is_some_and(|chat| chat.member(&agent).is_none())
        {
            self.join(&chat_id, &agent);
        }
        if let Some(at) = at {
            self.mark_seen(&chat_id, &agent, at);
        }
        Ok(json!({ "chat_id": chat_id, "seen_up_to": at.map(time::format) }))
    }

    fn agent_close(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        if self
            .world
            .chats
            .get(&chat_id)
            .and_then(Chat::active_thread)
            .is_none()
        {
            return Err(ApiError::of("chat_inactive"));
        }
        let name = self.agent_name(&agent);
        let text = format!("{name} archived the chat");
        self.close_thread(
            &chat_id,
            Some(&agent),
            "manual_archived_agent",
            &text,
            &json!({ "agent": name }),
        );
        Ok(json!({ "chat_id": chat_id }))
    }

    fn agent_reopen(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        if self
            .world
            .chats
            .get(&chat_id)
            .and_then(Chat::active_thread)
            .is_some()
        {
            return Err(ApiError::of("chat_already_active"));
        }
        self.enter(&chat_id, &agent, true);
        let thread_id = self.reopen_thread(&chat_id, &agent);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id }))
    }

    /// Comes in, unless already there.
    fn join(&mut self, chat_id: &str, agent: &str) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        if chat.member(agent).is_some_and(|member| member.present) {
            return;
        }
        let thread = chat.active_thread().map(|thread| thread.row.clone());
        let first = !chat
            .members
            .iter()
            .any(|member| member.agent && member.present);
        self.enter(chat_id, agent, true);
        let mut payload = json!({ "chat_id": chat_id, "reason": "manual", "requester_id": agent });
        if let Some(mut thread) = thread {
            payload["thread_id"] = json!(thread.id);
            let thread_id = thread.id.clone();
            if !thread.user_ids.iter().any(|id| id == agent) {
                thread.user_ids.push(agent.to_owned());
                self.commit(Record::Thread(thread));
            }
            if !first {
                // §4.2: the first agent comes without a word.
                let name = self.agent_name(agent);
                let text = format!("{name} joined the chat");
                self.system_message(
                    chat_id,
                    &thread_id,
                    "agent_joined",
                    &text,
                    &json!({ "agent": name }),
                );
            }
        }
        if let Some(member) = self
            .world
            .chats
            .get(chat_id)
            .and_then(|chat| chat.member(agent))
        {
            payload["user"] = self.member_json(member);
        }
        self.push_to_chat(chat_id, "user_added_to_chat", &payload, None);
        self.watch_chat(chat_id);
    }

    fn agent_leave(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let chat = self.world.chats.get(&chat_id);
        let member = chat
            .and_then(|chat| chat.member(&agent))
            .filter(|member| member.present);
        let mut member = member
            .ok_or_else(|| ApiError::with("not_found", "the agent is not in the chat"))?
            .clone();
        let thread_id = chat
            .and_then(Chat::active_thread)
            .map(|thread| thread.row.id.clone());
        member.present = false;
        self.commit(Record::Member(member));
        let mut payload = json!({ "chat_id": chat_id, "user_id": agent, "reason": "manual", "requester_id": agent });
        if let Some(thread_id) = thread_id {
            payload["thread_id"] = json!(thread_id);
            let name = self.agent_name(&agent);
            let text = format!("{name} left the chat");
            self.system_message(
                &chat_id,
                &thread_id,
                "agent_left",
                &text,
                &json!({ "agent": name }),
            );
        }
        self.push_to_chat(&chat_id, "user_removed_from_chat", &payload, None);
        self.watch_chat(&chat_id);
        Ok(json!({ "chat_id": chat_id }))
    }

    fn agent_edit(
        &mut self,
        chat_id: Option<String>,
        thread_id: Option<String>,
        event_id: String,
        text: String,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let thread_id = thread_id.unwrap_or_else(|| thread_of(&event_id));
        let mut event = self.visible_event(&chat_id, &thread_id, &event_id)?.clone();
        event.body.insert("text".to_owned(), json!(text));
        self.commit(Record::Event(event.clone()));
        let payload = json!({ "chat_id": chat_id, "thread_id": thread_id, "event": event.body });
        self.push_to_chat(&chat_id, "event_updated", &payload, None);
        self.watch_event(&event);
        Ok(json!({ "event_id": event_id }))
    }

    fn raw_push(
        &mut self,
        action: &str,
        payload: &Value,
        customer_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let mut to: Vec<(String, String)> = self
            .connected()
            .filter(|(_, customer)| customer_id.as_ref().is_none_or(|id| id == customer))
            .map(|(organization, customer)| (organization.to_owned(), customer.to_owned()))
            .collect();
        to.sort();
        to.dedup();
        for (organization, customer) in &to {
            self.push(organization, customer, action, payload, None);
        }
        Ok(json!({ "customers": to.len() }))
    }

    fn group_status(&mut self, group_id: u64, status: String) -> Result<Value, ApiError> {
        if !matches!(status.as_str(), "online" | "offline" | "online_for_queue") {
            return Err(ApiError::validation(
                "`status` must be `online`, `offline` or `online_for_queue`",
            ));
        }
        let changed = self
            .world
            .groups
            .get(&group_id)
            .is_none_or(|group| group.status != status);
        if changed {
            self.commit(Record::Group(Group {
                id: group_id,
                status: status.clone(),
            }));
            self.raw_push(
                "groups_status_updated",
                &json!({ "groups": [{ "id": group_id, "status": status }] }),
                None,
            )?;
        }
        Ok(json!({ "changed": changed }))
    }

    fn agent_name(&self, id: &str) -> String {
        self.agent(id)
            .map_or_else(|| "Agent".to_owned(), |agent| agent.name.clone())
    }

    /// Organization and customer of every logged-in socket.
    fn connected(&self) -> impl Iterator<Item = (&str, &str)> {
        self.conns.values().filter_map(|conn| {
            Some((
                conn.organization.as_str(),
                conn.login.as_ref()?.customer.as_str(),
            ))
        })
    }
}

/// Event ids are `<thread>_<n>` here.
fn thread_of(event_id: &str) -> String {
    event_id
        .rsplit_once('_')
        .map_or(event_id, |(thread, _)| thread)
        .to_owned()
}
