//! Browser objects as values that clean up after themselves and report plain Rust values. Nothing here knows of chats.

pub mod clock;
pub mod http;
pub mod page;
pub mod providers;
pub mod socket;
pub mod storage;
pub mod store;
pub mod upload;
