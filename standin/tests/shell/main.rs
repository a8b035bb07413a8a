//! The real process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod access;
mod limits;
mod process;
mod server;
