//! Every field of everything that a platform says, replaced by everything that it must not be: no panic, no call that
//! never settles, no event lost that comes after it.

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::hand::{Hand, good};
use crate::mutants::{mutant, oddities, places};
use crate::pushes_come_out_under_their_names::fixtures;
use crate::samples::{Case, Way, case, incoming, more, ways};

/// One session that meets all mutants of a case.
struct Victim {
    hand: Hand,
    count: u32,
}

impl Victim {
    fn new() -> Self {
        Self { hand: Hand::live(&json!({})), count: 0 }
    }

    /// Every mutant of one place, with a call under way; then what is good must go on.
    fn meet_all(&mut self, case: &Case, place: &str, oddities: &[Json]) {
        self.hand.kept = "get_customer";
        let call = self.hand.call("getCustomer", json!({}));
        for oddity in oddities.iter().map(Some).chain([None]) {
            if let Some(mutant) = mutant(&case.sample, place, oddity) {
                self.count += 1;
                if self.hand.state() != "connected" {
                    self.hand.connect();
                }
                self.hand.told.clear();
                self.meet(&case.name, &case.way, &mutant);
            }
        }
        self.goes_on(&format!("{} {place}", case.name), call);
    }

    /// Events are told once for each id: this one is new.
    fn fresh(&self, payload: &mut Json) {
        for place in ["/event/id", "/payload/event/id"] {
            if let Some(Json::String(id)) = payload.pointer_mut(place)
                && id.len() < 1_000
                && !id.is_empty()
            {
                *id = format!("{id}_{}", self.count);
            }
        }
    }

    fn meet(&mut self, name: &str, way: &Way, mutant: &Json) {
        match way {
            Way::Push(action, payload) => {
                let mut payload = payload(mutant.clone());
                self.fresh(&mut payload);
                self.hand.push(action, &payload);
                self.is_told(name, mutant);
            }
            Way::Frame => {
                let mut frame = mutant.clone();
                self.fresh(&mut frame);
                self.hand.receive(frame);
                self.is_told(name, mutant);
            }
            Way::Reply(method, args, action, payload) => {
                let payload = payload(mutant.clone());
                let reply = json!({ "type": "response", "action": action, "success": true, "payload": payload });
                self.replied(method, args, action, reply, true);
            }
            Way::ReplyFrame(method, args, action) => {
                let is_addressed = mutant["request_id"] == "<request_id>";
                self.replied(method, args, action, mutant.clone(), is_addressed);
            }
            Way::Sync(payload) => {
                self.hand.kept = "list_threads";
                self.hand.receive(json!({}));
                self.hand.run(10);
                assert!(!self.hand.told("warning").is_empty());
                self.hand.reply("list_threads", true, &payload(mutant.clone()));
                self.hand.kept = "";
                self.hand.run(20_000);
            }
            Way::Login(action) => {
                self.hand.input(Input::Disconnect);
                self.hand.kept = action;
                self.hand.input(Input::Connect);
                let mut reply = mutant.clone();
                if reply["request_id"].is_string() {
                    reply["request_id"] = self.hand.last(action)["request_id"].clone();
                }
                self.hand.receive(reply);
                self.hand.kept = "";
            }
            Way::Web(method, args) => {
                let call = self.hand.call(method, args.clone());
                self.hand.answer(200, mutant.clone());
                assert_ne!(self.hand.code(call), "pending");
            }
            Way::Token => {
                self.hand.kept = "token";
                let call = self.hand.call("getFreshToken", json!({}));
                self.hand.answer(200, mutant.clone());
                self.hand.kept = "";
                let _ = self.hand.settle(call);
            }
        }
    }

    /// At once, or when the chats were compared, if the frame before it could not be read.
    fn is_told(&mut self, name: &str, mutant: &Json) {
        if self.hand.told.is_empty() {
            self.hand.run(2_000);
        }
        assert!(!self.hand.told.is_empty(), "{name}: nothing was told of {}", short(mutant));
    }

    /// A call is answered so: it settles at once, or at its deadline if the answer cannot be told to be one.
    fn replied(&mut self, method: &str, args: &Json, action: &'static str, mut reply: Json, is_addressed: bool) {
        let hand = &mut self.hand;
        hand.kept = action;
        hand.sent.clear();
        let call = hand.call(method, args.clone());
        // What is typed is shown every two seconds: not each makes a frame.
        if let Some(frame) = hand.sent.iter().find(|frame| frame["action"] == action && is_addressed) {
            reply["request_id"] = frame["request_id"].clone();
        }
        hand.receive(reply);
        hand.kept = "";
        let _ = hand.settle(call);
    }

    /// Good events are told, good calls settle.
    fn goes_on(&mut self, place: &str, waiting: u32) {
        let hand = &mut self.hand;
        hand.kept = "";
        if hand.state() != "connected" {
            hand.connect();
        }
        let _ = hand.settle(waiting);
        hand.run(20_000);
        if hand.state() != "connected" {
            hand.connect();
        }
        hand.told.clear();
        let text = format!("good {}", self.count);
        let event = json!({ "id": format!("G_{}", self.count), "type": "message", "author_id": "a", "text": text,
            "created_at": "2026-03-01T11:00:00.000000Z" });
        hand.push("incoming_event", &incoming(event));
        let told = hand.told("new_event").into_iter().filter(|event| event["text"] == *text).count();
        assert_eq!(told, 1, "{place}: a good event got lost");
        let call = hand.call("getCustomer", json!({}));
        assert_eq!(hand.code(call), "ok", "{place}: a good call fails");
        assert!(hand.session.chats().to_json().as_array().is_some_and(|chats| !chats.is_empty()));
        hand.settled.clear();
        hand.stored.clear();
        hand.asked.clear();
        hand.sent.clear();
    }
}

fn short(value: &Json) -> String {
    value.to_string().chars().take(600).collect()
}

/// Lets a session meet every mutant; returns how many there were.
fn torment(cases: &[Case]) -> u32 {
    let oddities = oddities();
    let mut count = 0;
    for case in cases {
        let mut victim = Victim::new();
        let mut all = Vec::new();
        places(&case.sample, "", &mut all);
        // Phrases are all alike.
        let most = if case.name.contains("get_localization") { 20 } else { usize::MAX };
        for place in all.iter().take(most) {
            victim.meet_all(case, place, &oddities);
        }
        count += victim.count;
    }
    count
}

fn of_fixtures(is_wanted: fn(&Way) -> bool) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, sample) in fixtures() {
        for way in ways(&name, &sample).into_iter().filter(is_wanted) {
            cases.push(case(&name, sample.clone(), way));
        }
    }
    cases
}

#[allow(clippy::print_stdout)]
fn run(what: &str, cases: &[Case], least: u32) {
    let count = torment(cases);
    println!("{what}: {count} mutants of {} samples", cases.len());
    assert!(count >= least, "{count}");
}

#[test]
fn in_events() {
    let is_event = |way: &Way| matches!(way, Way::Push(action, _) if action == "incoming_event");
    run("events", &of_fixtures(is_event), 1_000);
}

#[test]
fn in_other_pushes() {
    let is_push =
        |way: &Way| matches!(way, Way::Push(action, _) if action != "incoming_event") || matches!(way, Way::Frame);
    run("pushes", &of_fixtures(is_push), 1_000);
}

#[test]
fn in_replies() {
    run("replies", &of_fixtures(|way| matches!(way, Way::Reply(..) | Way::ReplyFrame(..))), 1_000);
}

#[test]
fn in_what_the_session_asks_by_itself() {
    let cases = of_fixtures(|way| matches!(way, Way::Sync(_) | Way::Login(_) | Way::Token | Way::Web(..)));
    run("logins, tokens, catching up, the web", &cases, 1_000);
}

#[test]
fn in_what_only_the_reference_shows() {
    run("the reference", &more(), 1_000);
}

#[test]
fn a_push_that_claims_to_answer_what_it_does_not_is_a_push() {
    let chat = json!({ "requester_id": "a", "chat": good("get_chat", &json!({ "chat_id": "OTHER" })) });
    let claim = |hand: &mut Hand, action: &str| {
        let id = hand.last(action)["request_id"].clone();
        hand.receive(json!({ "type": "push", "action": "incoming_chat", "request_id": id, "payload": chat }));
        assert_eq!(hand.told("incoming_chat").len(), 1, "{action}");
    };
    let mut hand = Hand::live(&json!({}));
    hand.kept = "get_customer";
    let call = hand.call("getCustomer", json!({}));
    claim(&mut hand, "get_customer");
    assert_eq!(hand.code(call), "pending");
    hand.reply("get_customer", true, &json!({ "id": "me" }));
    assert_eq!(hand.settled[&call].as_ref().unwrap()["id"], "me");

    // What the session asks by itself: a chat that is never read would never be told of again.
    let mut hand = Hand::live(&json!({}));
    hand.kept = "list_threads";
    hand.receive(json!({}));
    hand.run(10);
    claim(&mut hand, "list_threads");
    hand.reply("list_threads", true, &good("list_threads", &Json::Null));
    hand.kept = "";
    hand.told.clear();
    let event = json!({ "id": "G_1", "type": "message", "text": "good", "created_at": "2026-03-01T11:00:00.000000Z" });
    hand.push("incoming_event", &incoming(event));
    assert_eq!(hand.told("new_event").len(), 1);

    let mut hand = Hand::live(&json!({}));
    hand.kept = "send_event";
    let call = hand.call("sendMessage", json!({ "chatId": "CHAT", "text": "own", "customId": "own" }));
    claim(&mut hand, "send_event");
    hand.reply("send_event", true, &json!({ "event_id": "E_1" }));
    let event = json!({ "id": "E_1", "type": "message", "text": "own", "author_id": "me", "custom_id": "own",
        "created_at": "2026-03-01T11:00:00.000000Z" });
    hand.push("incoming_event", &incoming(event));
    assert_eq!(hand.code(call), "ok");
}

#[test]
fn an_answer_counts_once() {
    let mut hand = Hand::live(&json!({}));
    hand.kept = "get_customer";
    let calls = [hand.call("getCustomer", json!({})), hand.call("getCustomer", json!({}))];
    let told = hand.told.len();
    for name in ["first", "second"] {
        let id = hand.sent.iter().find(|frame| frame["action"] == "get_customer").unwrap()["request_id"].clone();
        hand.receive(json!({ "type": "response", "request_id": id, "success": true, "payload": { "id": name } }));
    }
    for frame in hand.sent.clone() {
        if frame["action"] != "get_customer" {
            let payload = json!({ "error": { "type": "customer_banned" } });
            hand.receive(json!({
                "type": "response", "request_id": frame["request_id"], "success": false, "payload": payload,
            }));
        }
    }
    for id in [json!(null), json!(""), json!("-1"), json!("4294967296"), json!("1e3"), json!(" 5"), json!(5)] {
        hand.receive(json!({ "type": "response", "request_id": id, "success": true, "payload": {} }));
    }
    assert_eq!(hand.settled[&calls[0]].as_ref().unwrap()["id"], "first");
    assert_eq!((hand.code(calls[1]), hand.state(), hand.told.len()), ("pending", "connected", told));
}
