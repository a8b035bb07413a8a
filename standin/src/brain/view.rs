//! State as the wire shows it (reference §4), member by member as in the platform's own samples.

use serde_json::{Map, Value, json};

use super::access::readable;
use super::record::{Customer, EventRow, Member};
use super::routing::queue_json;
use super::world::{Chat, Thread};
use super::{Agent, Brain, time};

impl Brain {
    /// Reference §4.3. Statistics come from what the server knows.
    pub(crate) fn customer_json(&self, customer: &Customer, organization: &str) -> Value {
        let chats: Vec<&Chat> = self.world.chats_of(organization, &customer.id).collect();
        let threads: usize = chats.iter().map(|chat| chat.threads.len()).sum();
        let (shown, accepted) = self.greeting_counts(&customer.id);
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(customer.id));
        object.insert("type".to_owned(), json!("customer"));
        object.extend(customer.profile.clone());
        object.insert(
            "statistics".to_owned(),
            json!({
                "chats_count": chats.len(), "threads_count": threads, "visits_count": customer.visits,
                "page_views_count": customer.page_views, "greetings_shown_count": shown,
                "greetings_accepted_count": accepted
            }),
        );
        Value::Object(object)
    }

    /// Reference §4.3: a user inside a chat.
    pub(crate) fn member_json(&self, member: &Member) -> Value {
        let mut user = if member.agent {
            self.agent(&member.user_id).map_or_else(
                || json!({ "id": member.user_id, "type": "agent", "name": "Agent" }),
                |agent| self.agent_json(agent),
            )
        } else {
            let mut user = json!({ "id": member.user_id, "type": "customer" });
            if let Some(customer) = self.world.customers.get(&member.user_id) {
                for field in ["name", "email", "avatar", "email_verified", "session_fields"] {
                    if let Some(value) = customer.profile.get(field) {
                        user[field] = value.clone();
                    }
                }
            }
            user
        };
        user["present"] = json!(member.present);
        if let Some(seen) = member.seen_up_to {
            user["events_seen_up_to"] = json!(time::format(seen));
        }
        user
    }

    pub(crate) fn agent_json(&self, agent: &Agent) -> Value {
        json!({
            "id": agent.id, "type": "agent", "name": agent.name,
            "avatar": format!("{}{}", self.config.base_url, agent.avatar_path), "job_title": agent.job_title
        })
    }

    /// §4.3: an agent outside a chat, where it also says whether it is a bot.
    pub(crate) fn predicted_json(&self, agent_id: &str) -> Value {
        let known = self.agent(agent_id);
        let mut object =
            known.map_or_else(|| json!({ "id": agent_id, "type": "agent" }), |agent| self.agent_json(agent));
        object["is_bot"] =
            json!(self.config.bot && self.config.agents.first().is_some_and(|first| first.id == agent_id));
        object
    }

    pub(crate) fn users_json(&self, chat: &Chat) -> Value {
        chat.members.iter().map(|member| self.member_json(member)).collect()
    }

    /// Reference §4.5: a chat with one of its threads.
    pub(crate) fn chat_json(&self, chat: &Chat, thread: Option<&Thread>) -> Value {
        let mut object = json!({
            "id": chat.row.id, "users": self.users_json(chat),
            "access": { "group_ids": chat.row.group_ids }, "properties": chat.row.properties
        });
        if let Some(thread) = thread {
            object["thread"] = thread_json(chat, thread);
        }
        object
    }

    /// Reference §4.6.
    pub(crate) fn summary_json(&self, chat: &Chat) -> Value {
        let mut object = json!({ "id": chat.row.id });
        if let Some(thread) = chat.last_thread() {
            object["last_thread_id"] = json!(thread.row.id);
            object["last_thread_created_at"] = json!(time::format(thread.row.created_at));
        }
        let mut per_type = Map::new();
        for thread in chat.threads.iter().rev() {
            for event in thread.events.iter().rev().filter(|event| event.is_visible()) {
                let kind = event.text("type").unwrap_or_default();
                if !per_type.contains_key(kind) {
                    let last = json!({
                        "thread_id": thread.row.id, "thread_created_at": time::format(thread.row.created_at),
                        "event": event.body
                    });
                    per_type.insert(kind.to_owned(), last);
                }
            }
        }
        if !per_type.is_empty() {
            object["last_event_per_type"] = Value::Object(per_type);
        }
        object["users"] = self.users_json(chat);
        object["access"] = json!({ "group_ids": chat.row.group_ids });
        object["properties"] = Value::Object(chat.row.properties.clone());
        object["active"] = json!(chat.active_thread().is_some());
        object
    }
}

/// Reference §4.7, with the events a customer may see.
pub(crate) fn thread_json(chat: &Chat, thread: &Thread) -> Value {
    let events: Vec<&Map<String, Value>> =
        thread.events.iter().filter(|event| event.is_visible()).map(|event| &event.body).collect();
    let mut object = json!({
        "id": thread.row.id, "active": thread.row.active, "user_ids": thread.row.user_ids, "events": events,
        "properties": readable(thread.row.properties.clone()), "access": { "group_ids": chat.row.group_ids },
        "created_at": time::format(thread.row.created_at)
    });
    if let Some(queue) = &thread.row.queue {
        object["queue"] = queue_json(queue);
    }
    let position = chat.threads.iter().position(|other| other.row.id == thread.row.id).unwrap_or_default();
    if let Some(previous) = position.checked_sub(1).and_then(|at| chat.threads.get(at)) {
        object["previous_thread_id"] = json!(previous.row.id);
    }
    if let Some(next) = chat.threads.get(position + 1) {
        object["next_thread_id"] = json!(next.row.id);
    }
    object
}

/// The last line of a chat for a list: newest event that a person would read.
pub(crate) fn last_line(chat: &Chat) -> Option<&EventRow> {
    chat.visible_events().next_back()
}
