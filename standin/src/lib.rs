//! The stand-in server of Palaver: LiveChat's customer protocol on one's own machine.
//!
//! [`brain`] decides everything and performs nothing: no socket, no clock, no dice. With the `server` feature (default)
//! `server` puts it behind real sockets and an SQLite file; without it the simulation of the SDK drives the same
//! brain with a scripted clock.

#![forbid(unsafe_code)]

pub mod brain;
#[cfg(feature = "server")]
pub mod server;
