//! What there is, for the control surface.

use serde_json::{Value, json};

use super::Brain;
use super::routing::queue_json;

impl Brain {
    /// What the switches stand at and what there is: the control surface's view.
    #[must_use]
    pub fn state_json(&self) -> Value {
        let chats: Vec<Value> = self
            .world
            .chats
            .values()
            .map(|chat| {
                let threads: Vec<Value> = chat
                    .threads
                    .iter()
                    .map(|thread| {
                        let events: Vec<Value> = thread
                            .events
                            .iter()
                            .map(|event| {
                                let mut body = Value::Object(event.body.clone());
                                if event.deleted {
                                    body["deleted"] = json!(true);
                                }
                                body
                            })
                            .collect();
                        json!({
                            "id": thread.row.id, "active": thread.row.active, "user_ids": thread.row.user_ids,
                            "created_at": super::time::format(thread.row.created_at),
                            "properties": thread.row.properties, "queue": thread.row.queue.as_ref().map(queue_json),
                            "events": events
                        })
                    })
                    .collect();
                json!({
                    "id": chat.row.id, "customer_id": chat.row.customer_id, "organization_id": chat.row.organization_id,
                    "active": chat.active_thread().is_some(), "group_ids": chat.row.group_ids, "users": self.users_json(chat),
                    "properties": chat.row.properties, "sneak_peek": self.peeks.get(&chat.row.id), "threads": threads
                })
            })
            .collect();
        let conns: Vec<Value> = self
            .conns
            .iter()
            .map(|(id, conn)| {
                json!({
                    "conn": id, "version": conn.version.name(), "organization_id": conn.organization,
                    "customer_id": conn.login.as_ref().map(|login| &login.customer), "unanswered": conn.unanswered
                })
            })
            .collect();
        let customers: Vec<Value> = self
            .world
            .customers
            .values()
            .map(|customer| {
                let mut object = self.customer_json(customer, &customer.organization_id);
                object["group_id"] = json!(customer.group_id);
                object["page"] = json!(self.pages.get(&customer.id));
                object["banned"] = json!(self.is_banned(&customer.id));
                object
            })
            .collect();
        json!({
            "customers": customers, "chats": chats, "connections": conns,
            "greetings": self.world.greetings.values().flatten().collect::<Vec<_>>(),
            "goals": self.world.goal_checks, "settings": self.world.settings,
            "uploads": self.world.uploads.values().collect::<Vec<_>>(),
            "verifications": self.world.verifications.values().collect::<Vec<_>>(),
            "groups": self.world.groups.values().collect::<Vec<_>>(), "tokens": self.world.tokens.len(),
            "agents": self.config.agents.iter().map(|agent| self.agent_json(agent)).collect::<Vec<_>>()
        })
    }
}
