//! What an agent does: from the console, the control surface, the bot or a simulation.

mod acts;
mod chat;
mod fill;
mod office;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Brain;
use super::error::ApiError;
use super::record::Customer;

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn small() -> u32 {
    16
}

/// One act of an agent. `chat_id` and `customer_id` may be absent when there is exactly one; `agent_id` absent means the
/// first agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named as in the protocol; the switch table explains them")]
pub enum AgentAction {
    /// Writes a message.
    Message { chat_id: Option<String>, text: String, custom_id: Option<String>, agent_id: Option<String> },
    /// Writes many messages at once, spread over threads.
    Fill {
        chat_id: Option<String>,
        messages: u32,
        #[serde(default = "small")]
        bytes: u32,
        #[serde(default = "one")]
        threads: u32,
        #[serde(default)]
        push: bool,
        agent_id: Option<String>,
    },
    /// Adds an event of any type. System kinds get no author; `recipients: "agents"` hides it from the customer.
    Event { chat_id: Option<String>, event: Value, agent_id: Option<String> },
    /// Sends a file, given as base64.
    File {
        chat_id: Option<String>,
        name: String,
        content: String,
        content_type: Option<String>,
        alternative_text: Option<String>,
        custom_id: Option<String>,
        agent_id: Option<String>,
    },
    /// Starts or stops typing.
    Typing {
        chat_id: Option<String>,
        #[serde(default = "yes")]
        is_typing: bool,
        agent_id: Option<String>,
    },
    /// Tells what is being done meanwhile.
    Thinking {
        chat_id: Option<String>,
        title: String,
        #[serde(default)]
        description: String,
        custom_id: Option<String>,
        agent_id: Option<String>,
    },
    /// Shows a draft of a message; the message itself has the same `custom_id`.
    Preview { chat_id: Option<String>, text: String, custom_id: Option<String>, agent_id: Option<String> },
    /// Has seen the events up to a time; absent means all.
    Seen { chat_id: Option<String>, seen_up_to: Option<String>, agent_id: Option<String> },
    /// Closes the open thread.
    Close { chat_id: Option<String>, agent_id: Option<String> },
    /// The router closes the open thread.
    Archive { chat_id: Option<String>, system_message_type: Option<String>, text_vars: Option<Value> },
    /// Opens a new thread.
    Reopen { chat_id: Option<String>, agent_id: Option<String> },
    /// Comes into the chat.
    Join { chat_id: Option<String>, agent_id: Option<String> },
    /// Goes out of the chat; with a reason of the router's the chat goes to somebody else, into the queue, or ends.
    Leave { chat_id: Option<String>, agent_id: Option<String>, reason: Option<String> },
    /// Takes the chat out of the queue.
    Assign { chat_id: Option<String>, agent_id: Option<String> },
    /// Passes the chat on to an agent or a group.
    Transfer {
        chat_id: Option<String>,
        to_agent_id: Option<String>,
        to_group_id: Option<u64>,
        agent_id: Option<String>,
    },
    /// Gives a waiting chat another place.
    QueuePosition { chat_id: Option<String>, position: u64, wait_time: Option<u64> },
    /// Changes the text of an event.
    Edit { chat_id: Option<String>, thread_id: Option<String>, event_id: String, text: String },
    /// Replaces fields of an event.
    UpdateEvent { chat_id: Option<String>, thread_id: Option<String>, event_id: String, event: Map<String, Value> },
    /// Deletes an event.
    Delete { chat_id: Option<String>, thread_id: Option<String>, event_id: String },
    /// Sets properties of the chat, or of a thread or event if one is named.
    Properties {
        chat_id: Option<String>,
        thread_id: Option<String>,
        event_id: Option<String>,
        properties: Map<String, Value>,
    },
    /// Deletes properties of the chat, or of a thread or event if one is named.
    DeleteProperties {
        chat_id: Option<String>,
        thread_id: Option<String>,
        event_id: Option<String>,
        properties: Map<String, Value>,
    },
    /// Shows a customer a greeting: a text, or a message or rich message.
    Greeting {
        customer_id: Option<String>,
        text: Option<String>,
        event: Option<Map<String, Value>>,
        id: Option<u64>,
        addon: Option<String>,
        subtype: Option<String>,
        #[serde(default)]
        is_exit_intent: bool,
        agent_id: Option<String>,
    },
    /// Takes a shown greeting away.
    CancelGreeting { customer_id: Option<String> },
    /// Sets the text of welcome messages.
    WelcomeMessage { text: String },
    /// Sends anything to connected customers.
    Multicast { content: Map<String, Value>, customer_id: Option<String>, agent_id: Option<String> },
    /// Has a customer's client keep something.
    SideStorage { customer_side_storage: Map<String, Value>, customer_id: Option<String> },
    /// Changes what is known about a customer.
    UpdateCustomer {
        customer_id: Option<String>,
        name: Option<String>,
        email: Option<String>,
        avatar: Option<String>,
        phone_number: Option<String>,
        session_fields: Option<Vec<Value>>,
        agent_id: Option<String>,
    },
    /// Bans a customer.
    Ban { customer_id: Option<String>, chat_id: Option<String>, days: Option<u32>, agent_id: Option<String> },
    /// Lifts a ban.
    Unban { customer_id: Option<String> },
    /// Confirms a customer's mail address, as they would do from their mail.
    ConfirmEmail { customer_id: Option<String>, email: Option<String> },
    /// Switches a group's status; an unknown group comes to be.
    GroupStatus { group_id: u64, status: String },
    /// Says whether an agent takes chats.
    AgentStatus { agent_id: Option<String>, accepting: bool },
    /// Sets a group's form.
    Form {
        group_id: u64,
        r#type: String,
        #[serde(default = "yes")]
        enabled: bool,
        form: Option<Value>,
    },
    /// Sets properties of the license.
    LicenseProperties { properties: Map<String, Value> },
    /// Sets properties of a group.
    GroupProperties { group_id: u64, properties: Map<String, Value> },
    /// Sets what is known about an address.
    UrlInfo {
        url: String,
        title: Option<String>,
        description: Option<String>,
        image_url: Option<String>,
        image_original_url: Option<String>,
        image_width: Option<u64>,
        image_height: Option<u64>,
    },
    /// Sets the phrases of a language.
    Localization { language: String, phrases: Map<String, Value> },
    /// Pages whose address contains this belong to a group.
    PageGroup { url: String, group_id: u64 },
    /// Sends any push: to one customer, or to everybody.
    Push {
        action: String,
        #[serde(default)]
        payload: Value,
        customer_id: Option<String>,
    },
}

impl Brain {
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

    /// The named customer; else the only one who is connected; else the only one.
    fn the_customer(&self, customer_id: Option<String>) -> Result<Customer, ApiError> {
        let known = |id: &str| self.world.customers.get(id).cloned();
        if let Some(id) = customer_id {
            return known(&id).ok_or_else(|| ApiError::with("not_found", "Customer not found"));
        }
        let mut here: Vec<&str> = self.connected().map(|(_, customer)| customer).collect();
        here.dedup();
        if let [only] = here.as_slice() {
            return known(only).ok_or_else(|| ApiError::of("not_found"));
        }
        let mut all = self.world.customers.values();
        match (all.next(), all.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => Err(ApiError::with("not_found", "there is no customer yet")),
            _ => Err(ApiError::validation("`customer_id` is required: there is more than one customer")),
        }
    }

    /// The thread of an event. The event's id need not begin with the thread's.
    fn thread_of(&self, chat_id: &str, event_id: &str) -> String {
        let threads = self.world.chats.get(chat_id).into_iter().flat_map(|chat| &chat.threads);
        threads
            .filter(|thread| thread.event(event_id).is_some())
            .map(|thread| thread.row.id.clone())
            .next()
            .unwrap_or_default()
    }
}
