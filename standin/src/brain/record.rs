//! The rows that must outlive the process. A shell writes each [`Record`] before it performs the outputs behind it, so
//! nothing that a client was told is lost when the server is killed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Micros;
pub use super::notes::{Ban, GoalCheck, Greeting, Setting, Upload, Verification};

/// One keyed row to insert or replace, or to remove.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// A customer; key: id.
    Customer(Customer),
    /// What the cookies of a browser stand for; key: cookie id.
    Identity(Identity),
    /// The customer of a browser within one group (`/v2/customer/<org>/<group>/token`); key: cookie id, organization, group.
    GroupIdentity(GroupIdentity),
    /// An access token; key: the token.
    Token(Token),
    /// A token that is over for good.
    TokenGone(String),
    /// A chat; key: id.
    Chat(ChatRow),
    /// Somebody in a chat; key: chat and user.
    Member(Member),
    /// A thread; key: id.
    Thread(ThreadRow),
    /// An event; key: thread and number.
    Event(EventRow),
    /// A group's status; key: id.
    Group(Group),
    /// An uploaded file without its bytes; key: id.
    Upload(Upload),
    /// The bytes of an upload; the brain keeps none of them. Key: the upload's id.
    Bytes(String, Vec<u8>),
    /// An upload that nobody used: its bytes go too.
    UploadGone(String),
    /// A greeting somebody was shown; key: unique id.
    Greeting(Greeting),
    /// A ban; key: customer.
    Ban(Ban),
    /// A ban that is lifted.
    BanGone(String),
    /// A page that was checked for goals; key: number.
    GoalCheck(GoalCheck),
    /// What a customer asked and confirmed about their address; key: customer.
    Verification(Verification),
    /// Something that was set about the office; key: key.
    Setting(Setting),
}

/// A customer of any organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// The `entity_id` of their tokens.
    pub id: String,
    /// The organization they were first seen at.
    pub organization_id: String,
    /// When they were first seen.
    pub created_at: Micros,
    /// The group that watches over them.
    pub group_id: u64,
    /// What they told about themselves: name, email, avatar, session_fields, address, omnichannel, phone_number.
    pub profile: Map<String, Value>,
    /// How often they logged in.
    pub visits: u64,
    /// How many pages they looked at.
    pub page_views: u64,
}

/// A browser's identity cookies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Value of `__lc_cid`, which is the customer's id.
    pub cookie_id: String,
    /// Value of `__lc_cst`.
    pub secret: String,
}

/// A customer that exists for one group only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupIdentity {
    /// Value of `__lc_cid`.
    pub cookie_id: String,
    /// The organization in the path.
    pub organization_id: String,
    /// The group in the path.
    pub group_id: String,
    /// Who that is.
    pub customer_id: String,
}

/// An access token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The token itself, with its region prefix.
    pub token: String,
    /// Whose it is.
    pub customer_id: String,
    /// Where it is valid.
    pub organization_id: String,
    /// The application that asked for it.
    pub client_id: String,
    /// When it stops working.
    pub expires_at: Micros,
}

/// A chat without its people and threads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRow {
    /// Ten characters.
    pub id: String,
    /// Where it takes place.
    pub organization_id: String,
    /// Whose it is.
    pub customer_id: String,
    /// When it was started.
    pub created_at: Micros,
    /// Groups whose agents see it.
    pub group_ids: Vec<u64>,
    /// `{namespace: {name: value}}`.
    pub properties: Map<String, Value>,
}

/// Somebody in a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The chat.
    pub chat_id: String,
    /// The customer or agent.
    pub user_id: String,
    /// Whether it is an agent.
    pub agent: bool,
    /// Whether they are in the chat at the moment.
    pub present: bool,
    /// Up to when they have seen its events.
    pub seen_up_to: Option<Micros>,
}

/// A thread without its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThreadRow {
    /// Ten characters.
    pub id: String,
    /// Its chat.
    pub chat_id: String,
    /// When it was opened.
    pub created_at: Micros,
    /// Whether it is open.
    pub active: bool,
    /// Who took part.
    pub user_ids: Vec<String>,
    /// `{namespace: {name: value}}`.
    pub properties: Map<String, Value>,
    /// Number of the next event: numbers are never used twice, not even after a deletion.
    pub next_number: u64,
    /// Where it waits for an agent.
    pub queue: Option<Queue>,
}

/// A thread's place in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// 1 is next.
    pub position: u64,
    /// About how many seconds it will take.
    pub wait_time: u64,
    /// Since when.
    pub queued_at: Micros,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    /// Its chat.
    pub chat_id: String,
    /// Its thread.
    pub thread_id: String,
    /// Its place in the thread; `n` of an id of the form `<thread>_<n>`.
    pub number: u64,
    /// The time in its body.
    pub created_at: Micros,
    /// Whether customers never see it.
    pub agents_only: bool,
    /// Whether it was deleted: customers do not see it any more, its number stays taken.
    pub deleted: bool,
    /// The event as the wire shows it.
    pub body: Map<String, Value>,
}

impl EventRow {
    /// `<thread>_<n>`, unless a fault gave it another form.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// A text field of the body: `custom_id`, `author_id`, `type`, `text`…
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field).and_then(Value::as_str)
    }

    /// Whether a customer may see it.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        !self.agents_only && !self.deleted
    }
}

/// A group of agents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its number; 0 means everybody.
    pub id: u64,
    /// `online`, `offline` or `online_for_queue`.
    pub status: String,
}
