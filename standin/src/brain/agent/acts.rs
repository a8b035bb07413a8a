//! How an agent's acts are carried out.

use serde_json::{Value, json};

use super::super::chats::Draft;
use super::super::error::ApiError;
use super::super::record::{Group, Record};
use super::super::view::last_line;
use super::super::world::Chat;
use super::super::{Brain, Micros, time};
use super::thread_of;

impl Brain {
    pub(super) fn agent_event(
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
        let Some(event) = self.add_event(&chat_id, &thread_id, author, Draft { body, agents_only }) else {
            return Err(ApiError::of("internal"));
        };
        self.push_event(&event, None);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id, "event_id": event.id() }))
    }

    pub(super) fn agent_typing(
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
        if self.world.chats.get(&chat_id).is_some_and(|chat| chat.member(&agent).is_none()) {
            self.join(&chat_id, &agent);
        }
        if let Some(at) = at {
            self.mark_seen(&chat_id, &agent, at);
        }
        Ok(json!({ "chat_id": chat_id, "seen_up_to": at.map(time::format) }))
    }

    pub(super) fn agent_close(&mut self, chat_id: Option<String>, agent_id: Option<String>) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        if self.world.chats.get(&chat_id).and_then(Chat::active_thread).is_none() {
            return Err(ApiError::of("chat_inactive"));
        }
        let name = self.agent_name(&agent);
        let text = format!("{name} archived the chat");
        self.close_thread(&chat_id, Some(&agent), "manual_archived_agent", &text, &json!({ "agent": name }));
        Ok(json!({ "chat_id": chat_id }))
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
        self.enter(&chat_id, &agent, true);
        let thread_id = self.reopen_thread(&chat_id, &agent);
        Ok(json!({ "chat_id": chat_id, "thread_id": thread_id }))
    }

    /// Comes in, unless already there.
    pub(super) fn join(&mut self, chat_id: &str, agent: &str) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        if chat.member(agent).is_some_and(|member| member.present) {
            return;
        }
        let thread = chat.active_thread().map(|thread| thread.row.clone());
        let first = !chat.members.iter().any(|member| member.agent && member.present);
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
                self.system_message(chat_id, &thread_id, "agent_joined", &text, &json!({ "agent": name }));
            }
        }
        if let Some(member) = self.world.chats.get(chat_id).and_then(|chat| chat.member(agent)) {
            payload["user"] = self.member_json(member);
        }
        self.push_to_chat(chat_id, "user_added_to_chat", &payload, None);
        self.watch_chat(chat_id);
    }

    pub(super) fn agent_leave(&mut self, chat_id: Option<String>, agent_id: Option<String>) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        let chat = self.world.chats.get(&chat_id);
        let member = chat.and_then(|chat| chat.member(&agent)).filter(|member| member.present);
        let mut member = member.ok_or_else(|| ApiError::with("not_found", "the agent is not in the chat"))?.clone();
        let thread_id = chat.and_then(Chat::active_thread).map(|thread| thread.row.id.clone());
        member.present = false;
        self.commit(Record::Member(member));
        let mut payload = json!({ "chat_id": chat_id, "user_id": agent, "reason": "manual", "requester_id": agent });
        if let Some(thread_id) = thread_id {
            payload["thread_id"] = json!(thread_id);
            let name = self.agent_name(&agent);
            let text = format!("{name} left the chat");
            self.system_message(&chat_id, &thread_id, "agent_left", &text, &json!({ "agent": name }));
        }
        self.push_to_chat(&chat_id, "user_removed_from_chat", &payload, None);
        self.watch_chat(&chat_id);
        Ok(json!({ "chat_id": chat_id }))
    }

    pub(super) fn agent_edit(
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

    pub(super) fn raw_push(
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

    pub(super) fn group_status(&mut self, group_id: u64, status: String) -> Result<Value, ApiError> {
        if !matches!(status.as_str(), "online" | "offline" | "online_for_queue") {
            return Err(ApiError::validation("`status` must be `online`, `offline` or `online_for_queue`"));
        }
        let changed = self.world.groups.get(&group_id).is_none_or(|group| group.status != status);
        if changed {
            self.commit(Record::Group(Group { id: group_id, status: status.clone() }));
            self.raw_push("groups_status_updated", &json!({ "groups": [{ "id": group_id, "status": status }] }), None)?;
        }
        Ok(json!({ "changed": changed }))
    }

    pub(super) fn agent_name(&self, id: &str) -> String {
        self.agent(id).map_or_else(|| "Agent".to_owned(), |agent| agent.name.clone())
    }

    /// Organization and customer of every logged-in socket.
    pub(super) fn connected(&self) -> impl Iterator<Item = (&str, &str)> {
        self.conns
            .values()
            .filter_map(|conn| Some((conn.organization.as_str(), conn.login.as_ref()?.customer.as_str())))
    }
}
