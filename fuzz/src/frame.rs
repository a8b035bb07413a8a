//! Whatever the platform says, in whatever state.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::json;

use super::bytes::Bytes;
use super::world::{Question, World};

const STATUSES: [u16; 10] = [200, 0, 302, 400, 401, 403, 404, 429, 500, 503];

/// A byte that says in which state, a byte more for HTTP, then the text; `<request_id>` stands for that of the frame
/// that waits.
pub fn frame(input: &[u8]) {
    let mut bytes = Bytes(input);
    let mut world = World::new(&json!({ "strict": false })).expect("good options");
    // Digits and letters, so that the corpus can be read.
    match bytes.byte() {
        b'1' => until(&mut world, "login"),
        b'2' => until(&mut world, "list_chats"),
        b'3' => {
            world.connect();
            let socket = world.last_socket;
            world.receive(socket, &json!({}));
        }
        b'4' => {
            world.connect();
            world.call("sendMessage", json!({ "chatId": "CHAT", "text": "hi", "customId": "own" }));
        }
        b'5' => {
            world.connect();
            world.call("startChat", json!({}));
        }
        b'6' => {
            world.connect();
            world.call("listThreads", json!({ "chatId": "CHAT" }));
        }
        b'7' => {
            world.connect();
            world.call("getCustomer", json!({}));
        }
        b'8' => return http(world, "getFreshToken", bytes),
        b'9' => return http(world, "getDynamicConfiguration", bytes),
        b'a' => return http(world, "acceptIdentityTransfer", bytes),
        _ => world.connect(),
    }
    let id = world.questions.iter().rev().find_map(|question| match question {
        Question::Frame(_, frame) => frame["request_id"].as_str().map(str::to_owned),
        Question::Open(_)
        | Question::Http { .. }
        | Question::Identity(_)
        | Question::Customer(_)
        | Question::Recall
        | Question::Claim => None,
    });
    let text = bytes.text().replace("<request_id>", &id.unwrap_or_default());
    let frame = Value::parse(&text).to_json();
    let socket = world.last_socket;
    // What comes once may come twice.
    world.receive(socket, &frame);
    world.receive(socket, &frame);
    world.goes_on();
    world.end();
}

/// Connects up to the question of this action.
fn until(world: &mut World, action: &str) {
    world.input(Input::Connect);
    for _ in 0..10 {
        if matches!(world.questions.first(), Some(Question::Frame(_, frame)) if frame["action"] == action) {
            return;
        }
        world.answer(0);
    }
    panic!("no {action} was sent");
}

/// What a call over HTTP is answered.
fn http(mut world: World, method: &str, mut bytes: Bytes<'_>) {
    world.connect();
    let status = STATUSES[usize::from(bytes.byte() % 10)];
    world.call(method, json!({ "code": "c" }));
    let Some(Question::Http { ask, .. }) = world.questions.pop() else { panic!("{method} asks over HTTP") };
    let body = Value::parse(&bytes.text()).to_json();
    let body = world.say(&body);
    world.input(Input::Http { ask, status, body, retry_after_ms: None });
    world.goes_on();
    world.end();
}
