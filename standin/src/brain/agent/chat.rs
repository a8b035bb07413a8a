//! How an agent's acts in a chat are carried out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::record::{Queue, Record};
use super::super::threads::Draft;
use super::super::view::last_line;
use super::super::world::Chat;
use super::super::{Brain, Micros, system, time};

/// Why the router takes an agent out of a chat.
const ROUTER: &[&str] = &["deleted", "disconnected", "inactive", "other", "remotely_signed_out", "signed_out"];

impl Brain {
    pub(super) fn agent_event(
        &mut self,
        chat_id: Option<String>,
        mut body: Map<String, Value>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let kind = body.get("type").and_then(Value::as_str).map(str::to_owned);
        let kind = kind.ok_or_else(|| ApiError::validation("`event.type` must be a string"))?;
        let hidden = |field| body.get(field).and_then(Value::as_str) == Some("agents");
        let agents_only = hidden("recipients") || hidden("visibility");
        let author = (!matches!(kind.as_str(), "system_message" | "system")).then_some(agent.as_str());
        if author.is_some() && !agents_only {
            self.join(&chat_id, &agent);
        }
        // Agents can write into a closed thread too; the customer's chat has no open one then.
        let Some(chat) = self.world.chats.get(&chat_id) else {
            return Err(ApiError::of("not_found"));
        };
        let Some(thread_id) = chat.last_thread().map(|thread| thread.row.id.clone()) else {
            return Err(ApiError::of("chat_inactive"));
        };
        if kind == "file" {
            let organization = chat.row.organization_id.clone();
            self.describe_file(&organization, &mut body);
        }
        if kind == "system_message" && !body.contains_key("text") {
            let said = body.get("system_message_type").and_then(Value::as_str);
            let text = said.and_then(|said| system::text(said, body.get("text_vars").unwrap_or(&Value::Null)));
            body.extend(text.map(|text| ("text".to_owned(), json!(text))));
        }
        let Some(event) = self.add_event(&chat_id, &thread_id, author, Draft { body, agents_only }) else {
            return Err(ApiError::of("internal"));
        };
        self.push_event(&event, None);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id, "event_id": event.id() }))
    }

    /// Takes in a file that an agent sends; answers its address.
    pub(super) fn agent_file(
        &mut self,
        chat_id: Option<String>,
        name: &str,
        content: &str,
        content_type: Option<String>,
        agent_id: Option<String>,
    ) -> Result<String, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let bytes = STANDARD.decode(content).map_err(|_| ApiError::validation("`content` must be base64"))?;
        let organization = self.world.chats.get(&chat_id).map(|chat| chat.row.organization_id.clone());
        let organization = organization.unwrap_or_default();
        Ok(self.keep_file(&organization, &agent, name, content_type.as_deref(), &bytes)?.url)
    }

    /// A push about the open thread.
    pub(super) fn push_to_thread(
        &mut self,
        chat_id: Option<String>,
        action: &str,
        mut payload: Map<String, Value>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let thread = self.world.chats.get(&chat_id).and_then(Chat::active_thread);
        let thread = thread.ok_or_else(|| ApiError::of("chat_inactive"))?;
        payload.insert("chat_id".to_owned(), json!(chat_id));
        payload.insert("thread_id".to_owned(), json!(thread.row.id));
        self.push_to_chat(&chat_id, action, &Value::Object(payload), None);
        Ok(json!({ "chat_id": chat_id }))
    }

    pub(super) fn agent_seen(
        &mut self,
        chat_id: Option<String>,
        to: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let last: Option<Micros> =
            self.world.chats.get(&chat_id).and_then(|chat| last_line(chat).map(|event| event.created_at));
        let at = match to {
            Some(text) => {
                Some(time::parse(&text).ok_or_else(|| ApiError::validation("`seen_up_to` must be an RFC 3339 time"))?)
            }
            None => last,
        };
        if self.world.chats.get(&chat_id).is_some_and(|chat| chat.member(&agent).is_none() && chat.queue().is_none()) {
            self.join(&chat_id, &agent);
        }
        if let Some(at) = at {
            self.mark_seen(&chat_id, &agent, at);
        }
        Ok(json!({ "chat_id": chat_id, "seen_up_to": at.map(time::format) }))
    }

    pub(super) fn agent_close(&mut self, chat_id: Option<String>, agent_id: Option<String>) -> Result<Value, ApiError> {
        let chat_id = self.the_open_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let name = self.agent_name(&agent);
        self.close_thread(&chat_id, Some(&agent), "manual_archived_agent", &json!({ "agent": name }));
        Ok(json!({ "chat_id": chat_id }))
    }

    pub(super) fn agent_archive(
        &mut self,
        chat_id: Option<String>,
        kind: Option<String>,
        vars: Option<Value>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_open_chat(chat_id)?;
        let kind = kind.unwrap_or_else(|| "routing.archived_inactive".to_owned());
        self.close_thread(&chat_id, None, &kind, &vars.unwrap_or_else(|| json!({ "duration": "30" })));
        Ok(json!({ "chat_id": chat_id }))
    }

    fn the_open_chat(&self, chat_id: Option<String>) -> Result<String, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let open = self.world.chats.get(&chat_id).and_then(Chat::active_thread).is_some();
        if open { Ok(chat_id) } else { Err(ApiError::of("chat_inactive")) }
    }

    pub(super) fn agent_reopen(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        if self.world.chats.get(&chat_id).and_then(Chat::active_thread).is_some() {
            return Err(ApiError::of("chat_already_active"));
        }
        let thread_id = self.reopen_thread(&chat_id, &agent);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id }))
    }

    /// Comes in, unless already there. Out of the queue, if the chat waits.
    pub(super) fn join(&mut self, chat_id: &str, agent: &str) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        if chat.queue().is_some() {
            let _ = self.assign(chat_id, agent);
            return;
        }
        if chat.member(agent).is_some_and(|member| member.present) {
            return;
        }
        // §4.2: the first agent comes without a word.
        let others = chat.members.iter().any(|member| member.agent && member.present);
        if let Some(thread_id) = chat.active_thread().map(|thread| thread.row.id.clone()).filter(|_| others) {
            let name = self.agent_name(agent);
            self.system_message(chat_id, &thread_id, "agent_joined", &json!({ "agent": name }));
        }
        self.come_in(chat_id, agent, "manual", Some(agent));
    }

    pub(super) fn agent_leave(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
        reason: Option<String>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let chat = self.world.chats.get(&chat_id);
        if !chat.and_then(|chat| chat.member(&agent)).is_some_and(|member| member.present) {
            return Err(ApiError::with("not_found", "the agent is not in the chat"));
        }
        match reason.as_deref() {
            None | Some("manual") => {
                if let Some(thread_id) = chat.and_then(Chat::active_thread).map(|thread| thread.row.id.clone()) {
                    let name = self.agent_name(&agent);
                    self.system_message(&chat_id, &thread_id, "agent_left", &json!({ "agent": name }));
                }
                self.go_out(&chat_id, &agent, "manual", Some(&agent));
            }
            Some(reason) if ROUTER.contains(&reason) => self.lose_agent(&chat_id, &agent, reason),
            Some(_) => {
                return Err(ApiError::validation(format!("`reason` must be `manual` or one of {}", ROUTER.join(", "))));
            }
        }
        Ok(json!({ "chat_id": chat_id }))
    }

    pub(super) fn agent_queue_position(
        &mut self,
        chat_id: Option<String>,
        position: u64,
        wait_time: Option<u64>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let queued = self.queued_thread(&chat_id)?.queue.ok_or_else(|| ApiError::of("internal"))?;
        let wait_time = wait_time.unwrap_or(queued.wait_time);
        self.set_place(&chat_id, Queue { position, wait_time, ..queued })?;
        Ok(json!({ "chat_id": chat_id, "position": position, "wait_time": wait_time }))
    }

    pub(super) fn agent_update_event(
        &mut self,
        chat_id: Option<String>,
        thread_id: Option<String>,
        event_id: &str,
        changes: Map<String, Value>,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let thread_id = thread_id.unwrap_or_else(|| self.thread_of(&chat_id, event_id));
        let mut event = self.visible_event(&chat_id, &thread_id, event_id)?.clone();
        event.body.extend(changes.into_iter().filter(|(field, _)| !matches!(field.as_str(), "id" | "created_at")));
        self.commit(Record::Event(event.clone()));
        let payload = json!({ "chat_id": chat_id, "thread_id": thread_id, "event": event.body });
        self.push_to_chat(&chat_id, "event_updated", &payload, None);
        self.watch_event(&event);
        Ok(json!({ "event_id": event_id }))
    }

    pub(crate) fn agent_name(&self, id: &str) -> String {
        self.agent(id).map_or_else(|| "Agent".to_owned(), |agent| agent.name.clone())
    }
}
