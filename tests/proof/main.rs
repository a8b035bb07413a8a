//! Proofs: what the issue of delivery promises, each with its figures. Every proof prints one line of JSON.
//!
//! Bounded in `cargo test --test proof`; whole with `PALAVER_PROOF=full cargo test --profile proof --test proof`. A failure
//! prints its seed; `PALAVER_SEED=7 cargo test --test proof simulation -- --nocapture` replays that one alone.
#![cfg(not(target_arch = "wasm32"))]
// A test program has no outside, its panics are its findings, and its figures go to stdout.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm
)]

#[path = "../sim/mod.rs"]
mod sim;

mod breaks;
mod crash;
mod crowd;
mod dice;
mod faults;
mod fold;
mod report;
mod rig;

mod deaths;
mod half_open;
mod scripts;
mod simulation;
mod soak;
mod states;
mod storm;
mod tokens;
