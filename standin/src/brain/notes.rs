//! Rows beside the chats: files, greetings, bans, goals, addresses, and what was set about the office.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Micros;

/// An uploaded file without its bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    /// The secret part of its address.
    pub id: String,
    /// Where it is served: the only address that a `file` event may name.
    pub url: String,
    /// Where it may be used.
    pub organization_id: String,
    /// Whose it is: a customer or an agent.
    pub owner_id: String,
    /// The file's name, without folders.
    pub name: String,
    /// What it is, by its first bytes or by its name.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// Width and height of an image that browsers show.
    pub dimensions: Option<(u32, u32)>,
    /// When it came.
    pub created_at: Micros,
    /// Whether an event names it; otherwise it goes after a day.
    pub is_used: bool,
}

/// A greeting that a customer was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Greeting {
    /// This showing.
    pub unique_id: String,
    /// The configured greeting.
    pub id: u64,
    /// Where.
    pub organization_id: String,
    /// To whom.
    pub customer_id: String,
    /// From whom.
    pub agent_id: String,
    /// The message or rich message.
    pub event: Map<String, Value>,
    /// E.g. `email`.
    pub addon: Option<String>,
    /// E.g. `announcement`.
    pub subtype: Option<String>,
    /// Whether it is shown to somebody about to leave.
    pub is_exit_intent: bool,
    /// Whether the same greeting was never shown to this customer before.
    pub displayed_first_time: bool,
    /// Whether the customer has seen it.
    pub is_accepted: bool,
    /// Whether it is still shown.
    pub is_open: bool,
    /// Buttons that were clicked, oldest first.
    pub clicks: Vec<String>,
}

/// Somebody who may not come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ban {
    /// Who.
    pub customer_id: String,
    /// Until when.
    pub until: Micros,
}

/// A page that was checked for goals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoalCheck {
    /// Counts up.
    pub number: u64,
    /// Who looked at it.
    pub customer_id: String,
    /// When.
    pub at: Micros,
    /// The group asked about.
    pub group_id: u64,
    /// The page.
    pub page_url: String,
    /// What was told about the customer.
    pub session_fields: Vec<Value>,
}

/// What a customer asked and confirmed about their address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// Who.
    pub customer_id: String,
    /// Who wants to know, oldest first.
    pub callbacks: Vec<String>,
    /// When that was last asked.
    pub asked_at: Micros,
    /// The address that was confirmed.
    pub email: Option<String>,
}

/// Something that was set about the office, e.g. `form/0/prechat`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// What.
    pub key: String,
    /// To what.
    pub value: Value,
}
