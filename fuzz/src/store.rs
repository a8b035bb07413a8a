//! Whatever an earlier page, or somebody else, has left in the storage.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::json;

use super::bytes::Bytes;
use super::world::{Question, World};

/// A byte for the moment, then an object of what is there: `token`, `side`, `records`.
pub fn store(input: &[u8]) {
    let mut bytes = Bytes(input);
    let mut world = World::new(&json!({})).expect("good options");
    match bytes.byte() {
        // Without a line.
        b'1' => drop(world.call("getToken", json!({}))),
        b'2' => drop(world.call("logout", json!({}))),
        _ => world.input(Input::Connect),
    }
    let kept = Value::parse(&bytes.text()).to_json();
    for _ in 0..10 {
        match world.questions.first() {
            Some(Question::Recall) => {
                world.questions.remove(0);
                let (token, side_storage) = (world.say(&kept["token"]), world.say(&kept["side"]));
                world.input(Input::Recalled { token, side_storage });
            }
            Some(Question::Claim) => {
                world.questions.remove(0);
                let claimed = if kept["records"].is_array() {
                    world.tamper(&kept["records"])
                } else {
                    Input::Claimed { records: world.say(&kept["records"]) }
                };
                world.input(claimed);
            }
            Some(_) => world.answer(0),
            None => break,
        }
    }
    world.goes_on();
    world.end();
}
