//! Nouns of a chat, in our words.

pub mod chat;
pub mod check;
pub mod config;
pub mod error;
mod keys;
pub mod notice;
pub mod time;

pub use chat::{Chats, EventRecord};
pub use config::Config;
pub use error::ChatError;
pub use notice::Notice;
pub use time::{Instant, Micros, UnixMillis};
