//! What agents see: JSON messages for the consoles, and the console's own requests.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::record::{EventRow, Group};
use super::routing::queue_json;
use super::view::last_line;
use super::world::Chat;
use super::{AgentAction, Brain, Output, time};

/// So many of a visitor's goals are told.
const GOALS_SHOWN: usize = 20;

impl Brain {
    /// Everything a console needs when it opens: the agent and all chats without their events.
    #[must_use]
    pub fn console_snapshot(&self) -> String {
        let agent = self.config.agents.first().map(|agent| self.agent_json(agent));
        let chats: Vec<Value> = self.world.chats.values().map(|chat| self.console_chat(chat)).collect();
        let mut snapshot = self.office_json("snapshot");
        snapshot["agent"] = json!(agent);
        snapshot["bot"] = json!(self.config.bot);
        snapshot["chats"] = json!(chats);
        snapshot["visitors"] = self.visitors();
        snapshot.to_string()
    }

    /// Answers a request of a console: `{"do": "open", "chat_id"}` answers the chat with its events; any other `do` is
    /// an agent's action by its control name. `None` means there is nothing to say.
    pub fn console_request(&mut self, text: &str, now: super::Micros) -> Option<String> {
        let Ok(Value::Object(mut request)) = serde_json::from_str(text) else {
            return Some(json!({ "type": "error", "message": "not a JSON object" }).to_string());
        };
        let Some(Value::String(verb)) = request.shift_remove("do") else {
            return Some(json!({ "type": "error", "message": "`do` must be a string" }).to_string());
        };
        if verb == "open" {
            let chat = request.get("chat_id").and_then(Value::as_str).and_then(|id| self.world.chats.get(id))?;
            return Some(self.console_history(chat).to_string());
        }
        let mut tagged = Map::new();
        tagged.insert(verb, Value::Object(request));
        let result = match serde_json::from_value::<AgentAction>(Value::Object(tagged)) {
            Ok(action) => self.act(action, now).map_err(|error| error.message),
            Err(error) => Err(error.to_string()),
        };
        result.err().map(|message| json!({ "type": "error", "message": message }).to_string())
    }

    fn console_chat(&self, chat: &Chat) -> Value {
        let customer = self.world.customers.get(&chat.row.customer_id);
        let me = self.config.agents.first().map(|agent| agent.id.as_str()).unwrap_or_default();
        let online = self.conns.values().any(|conn| {
            conn.organization == chat.row.organization_id
                && conn.login.as_ref().is_some_and(|login| login.customer == chat.row.customer_id)
        });
        json!({
            "id": chat.row.id, "customer_id": chat.row.customer_id,
            "name": customer.map(|customer| customer.name()), "email": customer.and_then(|customer| customer.text("email")),
            "organization_id": chat.row.organization_id,
            "online": online, "active": chat.active_thread().is_some(), "users": self.users_json(chat),
            "customer": customer.map(|customer| self.customer_json(customer, &chat.row.organization_id)),
            "page": self.pages.get(&chat.row.customer_id), "banned": self.is_banned(&chat.row.customer_id),
            "group_ids": chat.row.group_ids, "properties": chat.row.properties,
            "thread_properties": chat.last_thread().map(|thread| &thread.row.properties),
            "queue": chat.queue().map(queue_json),
            "unread": chat.has_unread(me), "at": time::format(chat.last_at),
            "last": last_line(chat).map(|event| &event.body), "peek": self.peeks.get(&chat.row.id)
        })
    }

    fn console_history(&self, chat: &Chat) -> Value {
        let threads: Vec<Value> = chat
            .threads
            .iter()
            .map(|thread| {
                let events: Vec<&Map<String, Value>> =
                    thread.events.iter().filter(|event| !event.deleted).map(|event| &event.body).collect();
                json!({
                    "id": thread.row.id, "active": thread.row.active, "events": events,
                    "created_at": time::format(thread.row.created_at), "user_ids": thread.row.user_ids,
                    "properties": thread.row.properties, "queue": thread.row.queue.as_ref().map(queue_json)
                })
            })
            .collect();
        json!({ "type": "history", "chat": self.console_chat(chat), "threads": threads })
    }

    /// Whether consoles are open: nothing is told to nobody.
    pub fn set_watched(&mut self, watched: bool) {
        self.watched = watched;
    }

    fn watch(&mut self, message: &Value) {
        self.out.push_back(Output::Watch(message.to_string()));
    }

    pub(crate) fn watch_chat(&mut self, chat_id: &str) {
        let Some(chat) = self.world.chats.get(chat_id).filter(|_| self.watched) else {
            return;
        };
        let message = json!({ "type": "chat", "chat": self.console_chat(chat) });
        self.watch(&message);
    }

    pub(crate) fn watch_event(&mut self, event: &EventRow) {
        if !self.watched {
            return;
        }
        let message = json!({
            "type": if event.deleted { "event_deleted" } else { "event" },
            "chat_id": event.chat_id, "thread_id": event.thread_id, "event": event.body
        });
        self.watch(&message);
        self.watch_chat(&event.chat_id);
    }

    pub(crate) fn watch_peek(&mut self, chat_id: &str) {
        if !self.watched {
            return;
        }
        let message = json!({ "type": "peek", "chat_id": chat_id, "text": self.peeks.get(chat_id) });
        self.watch(&message);
    }

    /// Somebody came or went: the chats' online dots may differ.
    pub(crate) fn watch_connections(&mut self) {
        if !self.watched {
            return;
        }
        let online: Vec<&str> =
            self.conns.values().filter_map(|conn| Some(conn.login.as_ref()?.customer.as_str())).collect();
        let message = json!({ "type": "online", "customers": online });
        self.watch(&message);
        self.watch_visitors();
    }

    /// Everybody who is connected, with or without a chat.
    fn visitors(&self) -> Value {
        let here: BTreeSet<(&str, &str)> = self.connected().collect();
        let visitor = |(organization, id): (&str, &str)| {
            let customer = self.world.customers.get(id)?;
            let goals = self.world.goal_checks.iter().rev().filter(|goal| goal.customer_id == id).take(GOALS_SHOWN);
            let goals: Vec<Value> =
                goals.map(|goal| json!({ "page_url": goal.page_url, "at": time::format(goal.at) })).collect();
            Some(json!({
                "id": id, "name": customer.name(), "email": customer.text("email"), "page": self.pages.get(id),
                "group_id": customer.group_id, "banned": self.is_banned(id), "goals": goals,
                "chat_id": self.world.chats_of(organization, id).next().map(|chat| &chat.row.id),
                "greeting": self.open_greeting(organization, id).map(|greeting| {
                    let mut shown = self.greeting_json(greeting);
                    shown["clicks"] = json!(greeting.clicks);
                    shown
                })
            }))
        };
        here.into_iter().filter_map(visitor).collect()
    }

    /// Somebody came, went, moved on to another page, or saw a greeting.
    pub(crate) fn watch_visitors(&mut self) {
        if self.watched {
            let message = json!({ "type": "visitors", "visitors": self.visitors() });
            self.watch(&message);
        }
    }

    /// Groups and agents with what they stand at.
    fn office_json(&self, kind: &str) -> Value {
        let agents = self.config.agents.iter().map(|agent| {
            let mut object = self.agent_json(agent);
            object["accepting"] = json!(self.is_accepting(&agent.id));
            object
        });
        let groups: Vec<&Group> = self.world.groups.values().collect();
        json!({ "type": kind, "groups": groups, "agents": agents.collect::<Vec<_>>() })
    }

    /// A status changed.
    pub(crate) fn watch_office(&mut self) {
        if self.watched {
            let message = self.office_json("groups");
            self.watch(&message);
        }
    }
}
