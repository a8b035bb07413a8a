//! What agents do to customers, and what is set about the office.

use serde_json::{Map, Value, json};

use super::super::args::Args;
use super::super::connection::Version;
use super::super::error::ApiError;
use super::super::greetings::Shown;
use super::super::record::{Customer, Group, Record};
use super::super::routing::accepting_key;
use super::super::{AgentAction, Brain};
use super::acts::{filled, own};

impl Brain {
    pub(super) fn acts_on_customer(&mut self, action: AgentAction) -> Result<Value, ApiError> {
        match action {
            AgentAction::Greeting { customer_id, text, event, id, addon, subtype, is_exit_intent, agent_id } => {
                let customer = self.the_customer(customer_id)?;
                let agent = self.the_agent(agent_id)?;
                let event = match (text, event) {
                    (Some(text), None) => filled([("type", Some(json!("message"))), ("text", Some(json!(text)))]),
                    (None, Some(event)) if is_greeting(&event) => event,
                    (None, Some(_)) => {
                        return Err(ApiError::validation("`event` must be a `message` or a `rich_message`"));
                    }
                    _ => return Err(ApiError::validation("exactly one of `text` and `event` is required")),
                };
                let shown = Shown { id: id.unwrap_or(1), event, addon, subtype, is_exit_intent };
                self.show_greeting(&customer.organization_id, &customer.id, &agent, shown)
            }
            AgentAction::CancelGreeting { customer_id } => {
                let customer = self.the_customer(customer_id)?;
                let shown = self.withdraw_greeting(&customer.organization_id, &customer.id);
                if shown { Ok(json!({ "customer_id": customer.id })) } else { Err(ApiError::of("greeting_not_found")) }
            }
            AgentAction::Multicast { content, customer_id, agent_id } => {
                let author = agent_id.map(|id| self.the_agent(Some(id))).transpose()?;
                let payload = filled([("author_id", own(author)), ("content", Some(json!(content)))]);
                Ok(self.raw_push("incoming_multicast", &json!(payload), customer_id.as_deref()))
            }
            AgentAction::SideStorage { customer_side_storage, customer_id } => {
                if !customer_side_storage.values().all(Value::is_string) {
                    return Err(ApiError::validation("`customer_side_storage` must hold strings"));
                }
                let customer = self.the_customer(customer_id)?;
                let payload = json!({ "customer_side_storage": customer_side_storage });
                Ok(self.raw_push("customer_side_storage_updated", &payload, Some(&customer.id)))
            }
            AgentAction::UpdateCustomer {
                customer_id,
                name,
                email,
                avatar,
                phone_number,
                session_fields,
                agent_id,
            } => {
                let customer = self.the_customer(customer_id)?;
                let changed = filled([
                    ("name", own(name)),
                    ("email", own(email)),
                    ("avatar", own(avatar)),
                    ("phone_number", own(phone_number)),
                    ("session_fields", session_fields.map(Value::Array)),
                ]);
                let by = agent_id.map(|id| self.the_agent(Some(id))).transpose()?;
                self.agent_updates_customer(customer, changed, by.as_deref())
            }
            AgentAction::Ban { customer_id, chat_id, days, agent_id } => {
                let of_chat = chat_id.map(|id| self.the_chat(Some(id))).transpose()?;
                let of_chat = of_chat.and_then(|id| Some(self.world.chats.get(&id)?.row.customer_id.clone()));
                let customer = self.the_customer(customer_id.or(of_chat))?;
                let agent = self.the_agent(agent_id)?;
                Ok(self.ban(&customer, &agent, days.unwrap_or(1)))
            }
            AgentAction::Unban { customer_id } => {
                let customer = self.the_customer(customer_id)?;
                Ok(self.unban(&customer))
            }
            AgentAction::ConfirmEmail { customer_id, email } => {
                let customer = self.the_customer(customer_id)?;
                self.confirm_email(customer, email)
            }
            // All others are carried out by `agent_acts`, the only caller.
            _ => Err(ApiError::of("internal")),
        }
    }

    /// §4.2: a new name or address leaves a word in the open thread.
    fn agent_updates_customer(
        &mut self,
        mut customer: Customer,
        changed: Map<String, Value>,
        by: Option<&str>,
    ) -> Result<Value, ApiError> {
        if changed.is_empty() {
            return Err(ApiError::validation("there is nothing to change"));
        }
        let (organization, id) = (customer.organization_id.clone(), customer.id.clone());
        let (name, email) = (changed.get("name").cloned(), changed.get("email").cloned());
        // Only this case has another name for the address.
        let email_name = if by.is_some() && name.is_some() { "customers_email" } else { "customer_email" };
        let vars = filled([
            ("initiator", by.map(|by| json!(self.agent_name(by)))),
            ("customer_name", name),
            (email_name, email),
        ]);
        let changed = self.tell(Version::V36, Args::of(&Value::Object(changed))?, &mut customer)?;
        self.customer_changed(&organization, customer, changed);
        let chats = self.world.chats_of(&organization, &id);
        let open = chats.filter_map(|chat| Some((chat.row.id.clone(), chat.active_thread()?.row.id.clone())));
        let said = vars.keys().any(|name| name != "initiator");
        for (chat, thread) in open.filter(|_| said).collect::<Vec<_>>() {
            self.system_message(&chat, &thread, "customer_updated", &json!(vars));
        }
        Ok(json!({ "customer_id": id }))
    }

    /// A push to every connected customer, or to one.
    pub(super) fn raw_push(&mut self, action: &str, payload: &Value, customer_id: Option<&str>) -> Value {
        let mut to: Vec<(String, String)> = self
            .connected()
            .filter(|(_, customer)| customer_id.is_none_or(|id| id == *customer))
            .map(|(organization, customer)| (organization.to_owned(), customer.to_owned()))
            .collect();
        to.sort();
        to.dedup();
        for (organization, customer) in &to {
            self.push(organization, customer, action, payload, None);
        }
        json!({ "customers": to.len() })
    }

    pub(super) fn group_status(&mut self, group_id: u64, status: String) -> Result<Value, ApiError> {
        if !matches!(status.as_str(), "online" | "offline" | "online_for_queue") {
            return Err(ApiError::validation("`status` must be `online`, `offline` or `online_for_queue`"));
        }
        let changed = self.world.groups.get(&group_id).is_none_or(|group| group.status != status);
        if changed {
            self.commit(Record::Group(Group { id: group_id, status: status.clone() }));
            let groups = json!({ "groups": [{ "id": group_id, "status": status }] });
            self.raw_push("groups_status_updated", &groups, None);
            self.watch_office();
            self.route_waiting();
        }
        Ok(json!({ "changed": changed }))
    }

    pub(super) fn agent_status(&mut self, agent_id: Option<String>, accepting: bool) -> Result<Value, ApiError> {
        let agent = self.the_agent(agent_id)?;
        self.set(accepting_key(&agent), json!(accepting));
        self.watch_office();
        self.route_waiting();
        Ok(json!({ "agent_id": agent, "accepting": accepting }))
    }

    /// Organization and customer of every logged-in socket.
    pub(crate) fn connected(&self) -> impl Iterator<Item = (&str, &str)> {
        self.conns
            .values()
            .filter_map(|conn| Some((conn.organization.as_str(), conn.login.as_ref()?.customer.as_str())))
    }
}

fn is_greeting(event: &Map<String, Value>) -> bool {
    matches!(event.get("type").and_then(Value::as_str), Some("message" | "rich_message"))
}
