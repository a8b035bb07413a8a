//! Proof 6: every state meets every input, and each meeting has a row that says what follows; then random scripts.

use std::collections::BTreeMap;

use palaver::session::Input;
use serde_json::json;

use crate::report::report;
use crate::rig::{Rig, STATES};

/// `state input next outputs…`; `-` if there are none. Outputs are named by kind, what is told by the event's name.
const TABLE: &str = include_str!("states.txt");

/// Every input, in the ways in which it matters.
const INPUTS: &[&str] = &[
    "connect",
    "disconnect",
    "reconnect",
    "destroy",
    "call:send",
    "call:request",
    "call:http",
    "call:token",
    "call:logout",
    "call:retry",
    "opened",
    "opened:old",
    "reply",
    "refusal",
    "refusal:token",
    "refusal:final",
    "push",
    "garbage",
    "farewell",
    "farewell:final",
    "frame:old",
    "closed:1006",
    "closed:0",
    "closed:old",
    "recalled",
    "claimed",
    "taken-over",
    "unstored",
    "http:token",
    "http:500",
    "http:old",
    "token:stored",
    "identity",
    "customer-data",
    "online",
    "offline",
    "hidden",
    "awake",
    "timeout",
    "timeout:early",
];

/// A new kind of input is to have rows: without an arm here this does not compile.
const fn variant(input: &Input) -> usize {
    match input {
        Input::Connect => 0,
        Input::Disconnect => 1,
        Input::Reconnect => 2,
        Input::Destroy => 3,
        Input::Call { .. } => 4,
        Input::Opened { .. } => 5,
        Input::Frame { .. } => 6,
        Input::Closed { .. } => 7,
        Input::Recalled { .. } => 8,
        Input::Claimed { .. } => 9,
        Input::Unstored => 10,
        Input::Http { .. } => 11,
        Input::Identity { .. } => 12,
        Input::CustomerData { .. } => 13,
        Input::Online => 14,
        Input::Offline => 15,
        Input::Hidden => 16,
        Input::Awake => 17,
        Input::Timeout => 18,
        Input::TakenOver { .. } => 19,
    }
}
const VARIANTS: usize = 20;

/// What follows when the input meets the state.
fn meet(state: &str, name: &str, met: &mut [bool; VARIANTS]) -> String {
    let mut rig = Rig::in_state(state);
    let input = rig.make(name);
    met[variant(&input)] = true;
    rig.handle(input);
    let next = rig.session.state().as_str();
    // No state wants to be woken at once, for ever.
    let mut wakes = 0;
    while rig.session.next_deadline().is_some_and(|at| at.0 <= rig.now) {
        wakes += 1;
        assert!(wakes < 10, "{state} × {name}: woken for ever");
        let before = std::mem::take(&mut rig.kinds);
        rig.handle(Input::Timeout);
        rig.kinds = before;
    }
    let outputs = if rig.kinds.is_empty() { "-".to_owned() } else { rig.kinds.join(" ") };
    format!("{next:<10} {outputs}")
}

#[test]
fn state_machine() {
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut words = line.split_whitespace();
        let (state, input, next) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let follows = format!("{next:<10} {}", words.collect::<Vec<_>>().join(" "));
        let known = rows.insert((state.to_owned(), input.to_owned()), follows);
        assert!(known.is_none(), "two rows for {state} × {input}");
    }
    let mut wrong = Vec::new();
    let mut met = [false; VARIANTS];
    for state in STATES {
        for input in INPUTS {
            let follows = meet(state, input, &mut met);
            if rows.remove(&((*state).to_owned(), (*input).to_owned())).as_ref() != Some(&follows) {
                wrong.push(format!("{state:<13} {input:<15} {follows}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these rows are missing or differ; this is what follows:\n{}", wrong.join("\n"));
    assert!(rows.is_empty(), "rows of nothing: {rows:?}");
    assert!(met.iter().all(|is_met| *is_met), "an input is in no row");
    report(
        6,
        "state-machine",
        &json!({ "states": STATES.len(), "inputs": INPUTS.len(), "rows": STATES.len() * INPUTS.len() }),
    );
}
