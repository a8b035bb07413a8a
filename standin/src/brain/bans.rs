//! Bans: who may not come in, and what happens to somebody who is banned.

use serde_json::{Value, json};

use super::Brain;
use super::error::ApiError;
use super::record::{Ban, Customer, Record};
use super::time::{self, SECOND};

const DAY: super::Micros = 24 * 3600 * SECOND;

impl Brain {
    pub(crate) fn is_banned(&self, customer: &str) -> bool {
        self.world.bans.get(customer).is_some_and(|ban| ban.until > self.now)
    }

    /// Refuses whoever is banned.
    pub(crate) fn admit(&self, customer: &str) -> Result<(), ApiError> {
        if self.is_banned(customer) { Err(ApiError::of("customer_banned")) } else { Ok(()) }
    }

    /// Ends the customer's open chats, then their sockets (§1.10).
    pub(crate) fn ban(&mut self, customer: &Customer, by: &str, days: u32) -> Value {
        let until = self.now.saturating_add(i64::from(days).saturating_mul(DAY));
        self.commit(Record::Ban(Ban { customer_id: customer.id.clone(), until }));
        let chats = self.world.chats_of(&customer.organization_id, &customer.id);
        let chats: Vec<String> = chats.map(|chat| chat.row.id.clone()).collect();
        let vars = json!({ "agent": self.agent_name(by), "duration": days.to_string() });
        for chat in chats {
            self.close_thread(&chat, Some(by), "customer_banned", &vars);
            self.watch_chat(&chat);
        }
        for (conn, _) in self.connections().into_iter().filter(|(_, own)| own.as_ref() == Some(&customer.id)) {
            self.disconnect(conn, "customer_banned", None);
        }
        json!({ "customer_id": customer.id, "until": time::format(until) })
    }

    pub(crate) fn unban(&mut self, customer: &Customer) -> Value {
        let was_banned = self.is_banned(&customer.id);
        self.commit(Record::BanGone(customer.id.clone()));
        let chats = self.world.chats_of(&customer.organization_id, &customer.id);
        for chat in chats.map(|chat| chat.row.id.clone()).collect::<Vec<_>>() {
            self.watch_chat(&chat);
        }
        json!({ "customer_id": customer.id, "was_banned": was_banned })
    }
}
