//! Whatever the line says: no panic, no lost conversation.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::mutants::{mutant, places};
use crate::pushes_come_out_under_their_names::{fixtures, receive};
use crate::sim::Sim;

fn still_works(sim: &mut Sim) {
    if sim.state() != "connected" {
        sim.input(Input::Connect);
        sim.until(60_000, |sim| sim.state() == "connected");
    }
    // What was held back while something was read comes first.
    sim.run(20_000);
    let before = sim.heard().len();
    sim.agent(json!({ "message": { "text": "still here?" } }));
    sim.run(30_000);
    assert_eq!(sim.heard().len(), before + 1);
}

#[test]
fn nonsense_is_reported_and_passed_over() {
    let (mut sim, _) = Sim::in_chat();
    for frame in [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!("text"),
        json!({ "type": "push" }),
        json!({ "type": "push", "action": 7 }),
        json!({ "type": "hello" }),
    ] {
        receive(&mut sim, &frame);
    }
    assert_eq!(sim.told("warning").len(), 8);
    let socket = sim.opened_sockets;
    sim.input(Input::Frame { socket, frame: Value::missing() });
    assert_eq!(sim.told("warning").len(), 9);
    sim.fault(json!({ "garbage": {} }));
    sim.fault(json!({ "garbage": { "wrong_types": true } }));
    sim.fault(json!({ "truncate": {} }));
    sim.run(1_000);
    sim.told.clear();
    still_works(&mut sim);
}

/// Every copy of `sample` with one value replaced by something of another type, or gone.
fn mutants(sample: &Json) -> Vec<Json> {
    let oddities = [
        json!(null),
        json!(-1.5e300),
        json!(true),
        json!(""),
        json!("\u{0}💥"),
        json!([[]]),
        json!({ "__proto__": { "x": 1 } }),
    ];
    let mut all = Vec::new();
    places(sample, "", &mut all);
    all.iter().flat_map(|place| oddities.iter().filter_map(|oddity| mutant(sample, place, Some(oddity)))).collect()
}

#[test]
fn wrong_types_in_every_field_of_every_push() {
    let mut count = 0;
    for (name, sample) in fixtures() {
        let Some(action) = name.split_once("-push-").map(|(_, action)| action.to_owned()) else { continue };
        let frame = if sample["type"] == "push" {
            sample
        } else {
            json!({ "type": "push", "action": action, "payload": sample })
        };
        let (mut sim, _) = Sim::in_chat();
        for mutant in mutants(&frame) {
            if sim.state() == "connected" {
                receive(&mut sim, &mutant);
                count += 1;
            } else {
                sim.input(Input::Connect);
                sim.until(60_000, |sim| sim.state() == "connected");
            }
        }
        still_works(&mut sim);
    }
    assert!(count > 700, "{count} mutants");
}

#[test]
fn wrong_types_in_every_field_of_every_reply() {
    let mut count = 0;
    for (name, sample) in fixtures() {
        if sample["type"] != "response" {
            continue;
        }
        for mutant in mutants(&sample) {
            // The reply to the login or to the summary, whichever the server would have sent.
            for action in ["login", "list_chats"] {
                let mut sim = Sim::new();
                sim.input(Input::Connect);
                sim.until(5_000, |sim| sim.sent.iter().any(|frame| frame["action"] == action));
                let id = sim.sent.last().unwrap()["request_id"].clone();
                let mut mutant = mutant.clone();
                if let Some(fields) = mutant.as_object_mut() {
                    fields.insert("request_id".to_owned(), id);
                }
                receive(&mut sim, &mutant);
                count += 1;
            }
        }
        assert!(!name.is_empty());
    }
    assert!(count > 1_000, "{count} mutants");
}

#[test]
fn a_region_that_is_no_region_leads_nowhere() {
    for region in ["../evil.example/", "evil.example#", "", "FRA ", "x".repeat(40).as_str()] {
        let mut sim = Sim::connected();
        receive(
            &mut sim,
            &json!({ "type": "push", "action": "customer_disconnected", "payload": { "reason": "misdirected_connection", "data": { "region": region } } }),
        );
        sim.run(60_000);
        assert_eq!(sim.state(), "connected");
    }
}

#[test]
fn doors_that_send_on_and_on_are_left_alone() {
    let mut sim = Sim::connected();
    for _ in 0..200 {
        sim.fault(json!({ "disconnect": { "reason": "misdirected_connection", "data": { "region": "fra" } } }));
        sim.run(100);
    }
    assert!(sim.opened_sockets < 20, "{} sockets in twenty seconds", sim.opened_sockets);
}

#[test]
fn deep_nesting_is_survived() {
    let mut deep = json!(1);
    for _ in 0..120 {
        deep = json!({ "a_b": deep });
    }
    let (mut sim, _) = Sim::in_chat();
    receive(&mut sim, &json!({ "type": "push", "action": "incoming_multicast", "payload": deep }));
    assert_eq!(sim.told("incoming_multicast").len(), 1);
    still_works(&mut sim);
}
