//! The brain against a scripted clock: one file a behaviour, nothing sleeps.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod admission;
mod agents;
mod bans;
mod bot;
mod captive_portal;
mod chats;
mod connection_life;
mod control_surface;
mod errors;
mod event_stamps;
mod faults;
mod forms;
mod greetings;
mod history;
mod interception;
mod office;
mod persistence;
mod properties;
mod routing;
mod samples;
mod settings;
mod token_service;
mod uploads;
mod verification;
mod web_api;
