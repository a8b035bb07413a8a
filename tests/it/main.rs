//! Native stories: the session against the stand-in's brain over a link that can fail, on one scripted clock.
#![cfg(not(target_arch = "wasm32"))]
// A test program has no outside, and its panics are its findings.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm
)]

mod hand;
mod methods;
#[path = "../shared/mutants.rs"]
mod mutants;
#[path = "../shared/platform.rs"]
mod platform;
mod samples;
#[path = "../sim/mod.rs"]
mod sim;

mod calls_over_http;
mod chats_know_their_state;
mod chats_too_long_to_read;
mod connection_trouble;
mod connects;
mod customers_leave_and_move;
mod documents_are_true;
mod every_call_settles;
mod every_method_checks_its_arguments;
mod every_method_reaches_the_platform;
mod fixtures_decode;
mod heartbeat_finds_a_dead_line;
mod hostile_frames_harm_nobody;
mod hostile_servers_harm_nobody;
mod incomplete_pushes;
mod json_is_the_same_everywhere;
mod methods_of_a_chat_reach_the_platform;
mod nothing_is_lost_or_doubled;
mod odd_replies_settle_as_errors;
mod outbox_ownership;
mod outbox_retry;
mod pushes_come_out_under_their_names;
mod reads_that_fail;
mod refusals_are_obeyed;
mod server_order;
mod shapes_are_completed;
mod small_promises_are_kept;
mod the_outbox_outlives_the_page;
mod the_policy_is_what_the_page_says;
mod token_shared_between_tabs;
mod tokens_are_shared_and_replaced;
mod typing_is_throttled_and_expires;
mod what_was_missed_is_told;
