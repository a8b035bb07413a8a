//! Whatever a page passes to a method, or to `init`.

use palaver::json::Value;
use serde_json::json;

use super::bytes::Bytes;
use super::methods::methods;
use super::world::World;

/// The name of a method, a space, its arguments; or the options themselves.
pub fn args(input: &[u8]) {
    let text = Bytes(input).text();
    let (name, args) = text.split_once(' ').unwrap_or(("", &text));
    let args = Value::parse(args).to_json();
    if name.is_empty() {
        if let Some(mut world) = World::new(&args) {
            world.connect();
            world.end();
        }
        return;
    }
    let mut world = World::live(&json!({ "strict": name.len() % 2 == 0 }));
    // A name that is none is taken for one of those that are.
    let methods = methods();
    let name = if world.session.method(name).is_some() { name } else { methods[name.len() % methods.len()].0 };
    let Some(call) = world.call(name, args) else { return };
    world.goes_on();
    for _ in 0..1_000 {
        if world.is_settled(call) {
            break;
        }
        world.serve();
        world.step();
    }
    assert!(world.is_settled(call), "{name} never settles");
    world.end();
}
