//! Proof 6, second half: random scripts of what happens to a page, and what must hold whatever happens. Scripts that
//! failed are kept in tests/proptest-regressions, as small as they could be made.

use std::collections::BTreeSet;
use std::fmt::Debug;

use palaver::session::Input;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed, TestRunner};
use serde_json::{Value as Json, json};

use crate::breaks::Emitter;
use crate::faults::in_one_microsecond;
use crate::fold::Fold;
use crate::report::{is_brief, is_full, report};
use crate::sim::{Direction, Freeze, GRACE, Sim};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    Run(u64),
    Say,
    AgentSays,
    /// The text of what somebody else said last, or of what they said before that.
    AgentEdits(usize),
    AgentDeletes(usize),
    /// Its properties.
    AgentMarks(usize),
    /// An agent joins or leaves.
    AgentComes(bool),
    AgentCloses,
    AgentReopens,
    InOneMicrosecond,
    Connect,
    Disconnect,
    Reconnect,
    Online,
    Offline,
    Hidden,
    Awake,
    Cut,
    CutLate(u64),
    HalfOpen,
    Close(u16),
    Freeze(u64, bool, bool, bool),
    Grain(u64),
    Restart(u64),
    ExpireTokens,
    Fault(&'static str),
    /// The application asks for the chats and for a token.
    Ask,
    Discard,
    /// The customer ends the chat, or opens it again.
    Deactivate,
    Resume,
    /// The clock the page sees goes backwards.
    BackInTime,
}

impl Step {
    /// Whether it happens without a page as well.
    pub const fn is_of_the_world(&self) -> bool {
        matches!(
            self,
            Self::Run(_)
                | Self::AgentSays
                | Self::AgentEdits(_)
                | Self::AgentDeletes(_)
                | Self::AgentMarks(_)
                | Self::AgentComes(_)
                | Self::AgentCloses
                | Self::AgentReopens
                | Self::InOneMicrosecond
                | Self::Cut
                | Self::CutLate(_)
                | Self::HalfOpen
                | Self::Close(_)
                | Self::Restart(_)
                | Self::ExpireTokens
                | Self::Fault(_)
        )
    }
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1_u64..3_000).prop_map(Step::Run),
        2 => (3_000_u64..90_000).prop_map(Step::Run),
        6 => Just(Step::Say),
        6 => Just(Step::AgentSays),
        1 => (0_usize..3).prop_map(Step::AgentEdits),
        1 => (0_usize..3).prop_map(Step::AgentDeletes),
        1 => (0_usize..3).prop_map(Step::AgentMarks),
        1 => any::<bool>().prop_map(Step::AgentComes),
        1 => Just(Step::AgentCloses),
        1 => Just(Step::AgentReopens),
        1 => Just(Step::InOneMicrosecond),
        2 => Just(Step::Connect),
        1 => Just(Step::Disconnect),
        1 => Just(Step::Reconnect),
        1 => Just(Step::Online),
        1 => Just(Step::Offline),
        1 => Just(Step::Hidden),
        1 => Just(Step::Awake),
        2 => Just(Step::Cut),
        1 => (1_u64..5_000).prop_map(Step::CutLate),
        1 => Just(Step::HalfOpen),
        1 => prop::sample::select(vec![1000_u16, 1001, 1006, 1012, 1013, 4500]).prop_map(Step::Close),
        1 => (1_u64..200_000, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(millis, stops, first, wakes)| Step::Freeze(millis, stops, first, wakes)),
        1 => prop::sample::select(vec![1_u64, 1_000, 60_000]).prop_map(Step::Grain),
        1 => (1_u64..20_000).prop_map(Step::Restart),
        1 => Just(Step::ExpireTokens),
        3 => prop::sample::select(FAULTS.to_vec()).prop_map(Step::Fault),
        1 => Just(Step::Ask),
        1 => Just(Step::Discard),
        1 => Just(Step::Deactivate),
        1 => Just(Step::Resume),
        1 => Just(Step::BackInTime),
    ]
}

const FAULTS: &[&str] = &[
    r#"{ "truncate": {} }"#,
    r#"{ "garbage": { "wrong_types": true } }"#,
    r#"{ "garbage": { "wrong_types": false } }"#,
    r#"{ "duplicate": { "pushes": 3 } }"#,
    r#"{ "reorder": { "pushes": 2 } }"#,
    r#"{ "response_first": { "on": true } }"#,
    r#"{ "omit_responses": { "count": 2 } }"#,
    r#"{ "close_after_executing": { "action": "send_event" } }"#,
    r#"{ "execute_delay": { "ms": 3000 } }"#,
    r#"{ "execute_delay": { "ms": 0 } }"#,
    r#"{ "rate_limit": { "count": 2 } }"#,
];

pub struct Script {
    pub sim: Sim,
    pub fold: Fold,
    pub chat: String,
    pub customer: String,
    pub said: u32,
    /// A second chat of the customer's, and what the page knows of it.
    other: Option<(String, Fold)>,
    /// Where the core may break, what stands between it and the page.
    pub emitter: Option<Emitter>,
    heard: u32,
    edits: u32,
    discarded: bool,
}

impl Script {
    pub fn new(latency_ms: u64) -> Self {
        Self::on(standin::brain::Config::default(), latency_ms)
    }

    fn on(server: standin::brain::Config, latency_ms: u64) -> Self {
        let mut sim = Sim::with(json!({}), server);
        sim.link.latency_ms = latency_ms;
        sim.connect();
        let chat = sim.start_chat();
        let customer = sim.told("customer_id")[0].as_str().unwrap().to_owned();
        let mut script = Self {
            sim,
            fold: begun(),
            chat,
            customer,
            said: 0,
            other: None,
            emitter: None,
            heard: 0,
            edits: 0,
            discarded: false,
        };
        script.drain();
        script
    }

    /// As platforms allow it; LiveChat itself allows one.
    fn with_two_chats(latency_ms: u64) -> Self {
        let server = standin::brain::Config { chats_per_customer: 2, ..Default::default() };
        let mut script = Self::on(server, latency_ms);
        script.other = Some((script.sim.start_chat(), begun()));
        script.sim.told.clear();
        script.drain();
        script
    }

    pub fn drain(&mut self) {
        for (name, payload) in std::mem::take(&mut self.sim.told) {
            if self.emitter.as_mut().is_some_and(|emitter| !emitter.passes(name, &payload)) {
                continue;
            }
            let about = [&payload["chatId"], &payload["chat"]["id"]].into_iter().find_map(Json::as_str);
            match &mut self.other {
                Some((chat, fold)) if about == Some(chat) => drop(fold.hear(name, &payload)),
                _ => drop(self.fold.hear(name, &payload)),
            }
        }
        for (call, result) in std::mem::take(&mut self.sim.settled) {
            self.fold.settle(call, &result);
            if let Some((_, fold)) = &mut self.other {
                fold.settle(call, &result);
            }
        }
    }

    /// What comes next is about the other chat.
    fn turn(&mut self) {
        let (chat, fold) = self.other.as_mut().unwrap();
        std::mem::swap(chat, &mut self.chat);
        std::mem::swap(fold, &mut self.fold);
    }

    pub fn run(&mut self, millis: u64) {
        let end = self.sim.now + millis;
        while self.sim.step(end) {
            self.drain();
            self.revive();
        }
        self.sim.now = end;
    }

    /// A core that broke is replaced at once.
    fn revive(&mut self) {
        let Some(emitter) = self.emitter.as_mut().filter(|_| self.sim.page.is_dead()) else { return };
        let is_up = emitter.revive();
        self.sim.reopen(&json!({ "resume": emitter.last }));
        if is_up {
            self.sim.input(Input::Connect);
        }
        self.drain();
    }

    pub fn act(&mut self, step: &Step) {
        let is_up = self.sim.brain.is_some();
        if self.sim.page.is_frozen(self.sim.now) {
            // Nothing of the page runs; only time does.
            return self.run(1_000);
        }
        match step {
            Step::Run(millis) => self.run(*millis),
            Step::Say => {
                let text = format!("own {}", self.said);
                self.said += 1;
                let call = self.sim.say(&self.chat, &text);
                // A core that breaks leaves the promise without an answer of its own.
                if self.emitter.is_none() {
                    self.fold.say(call, &text);
                }
            }
            Step::AgentSays if is_up => {
                self.sim.agent(json!({ "message": { "chat_id": self.chat, "text": format!("agent {}", self.heard) } }));
                self.heard += 1;
            }
            Step::AgentEdits(back) if is_up => {
                self.edits += 1;
                self.change(*back, "edit", json!({ "text": format!("agent, edited {}", self.edits) }));
            }
            Step::AgentDeletes(back) if is_up => self.change(*back, "delete", json!({})),
            Step::AgentMarks(back) if is_up => {
                self.change(*back, "properties", json!({ "properties": { "a": { "b": 1 } } }));
            }
            Step::AgentComes(comes) if is_up => {
                let act = if *comes { "join" } else { "leave" };
                drop(self.sim.try_agent(json!({ act: { "chat_id": self.chat, "agent_id": GRACE } })));
            }
            Step::AgentCloses if is_up => drop(self.sim.try_agent(json!({ "close": { "chat_id": self.chat } }))),
            Step::AgentReopens if is_up => drop(self.sim.try_agent(json!({ "reopen": { "chat_id": self.chat } }))),
            Step::InOneMicrosecond if is_up => in_one_microsecond(&mut self.sim, Some(&self.chat), 2),
            Step::Restart(millis) if is_up => {
                self.sim.kill_server();
                self.run(*millis);
                self.sim.start_server(standin::brain::Config::default());
            }
            Step::ExpireTokens if is_up => self.sim.fault(json!({ "expire_tokens": {} })),
            Step::Fault(fault) if is_up => self.sim.fault(serde_json::from_str(fault).unwrap()),
            Step::Close(code) if is_up => self.sim.fault(json!({ "close_socket": { "code": code } })),
            Step::Connect => self.sim.input(Input::Connect),
            Step::Disconnect => self.sim.input(Input::Disconnect),
            Step::Reconnect => self.sim.input(Input::Reconnect),
            Step::Online => self.sim.input(Input::Online),
            Step::Offline => self.sim.input(Input::Offline),
            Step::Hidden => self.sim.input(Input::Hidden),
            Step::Awake => self.sim.input(Input::Awake),
            Step::Cut => self.sim.cut(),
            Step::CutLate(millis) => self.sim.cut_and_deliver_late(*millis),
            Step::HalfOpen => self.sim.half_open(Direction::Both),
            Step::Freeze(millis, clock_stops, timers_first, wakes) => {
                let (clock_stops, timers_first, wakes) = (*clock_stops, *timers_first, *wakes);
                self.sim.freeze(Freeze { millis: *millis, clock_stops, timers_first, wakes });
                self.run(*millis);
            }
            Step::Grain(millis) => self.sim.page.timer_grain_ms = *millis,
            Step::Ask => {
                self.sim.call("listChats", json!({}));
                self.sim.call("getToken", json!({}));
            }
            Step::Discard => {
                let outbox = self.sim.session.outbox().to_json();
                if let Some(row) = outbox.as_array().unwrap().last() {
                    self.discarded |= row["status"] == "queued";
                    self.sim.call("discard", json!({ "customId": row["customId"] }));
                }
            }
            Step::Deactivate => {
                self.sim.call("deactivateChat", json!({ "id": self.chat }));
            }
            Step::Resume => {
                let call = self.sim.call("resumeChat", json!({ "chat": { "id": self.chat } }));
                self.fold.resume(call);
            }
            Step::BackInTime => {
                self.sim.session.handle(Input::Timeout, palaver::model::Instant(0));
                assert!(self.sim.session.poll().is_none(), "a clock that runs backwards changes nothing");
            }
            _ => {}
        }
        self.drain();
        self.revive();
    }

    /// Somebody changes what they said so many words ago.
    fn change(&mut self, back: usize, act: &str, how: Json) {
        let brain = self.sim.brain.as_ref().unwrap();
        let own = Some(self.customer.as_str());
        let events = brain.events(&self.chat);
        let theirs = events.iter().rev().filter(|event| event.is_visible() && event.text("author_id") != own);
        // What the system says of itself nobody changes.
        let mut theirs = theirs.filter(|event| event.text("text").is_some());
        let Some(id) = theirs.nth(back).map(|event| event.id().to_owned()) else { return };
        let mut about = json!({ "chat_id": self.chat, "event_id": id });
        about.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
        drop(self.sim.try_agent(json!({ act: about })));
    }

    /// Everything is right again, for some minutes.
    pub fn settle_down(&mut self) {
        while self.sim.page.is_frozen(self.sim.now) {
            self.run(1_000);
        }
        self.sim.page.timer_grain_ms = 1;
        self.sim.fault(json!({ "reset": {} }));
        for _ in 0..6 {
            self.sim.input(Input::Connect);
            self.run(40_000);
        }
    }

    /// The texts of the messages that are on the disk.
    pub fn written(&self) -> impl Iterator<Item = String> {
        let text = |record: &Json| record["payload"]["event"]["text"].as_str().unwrap().to_owned();
        self.sim.kept.iter().map(move |(_, record)| text(record))
    }

    /// No message came twice, or came and is shown as failed. Those that were promised (the page that said them lives, or they
    /// were written down) came or are shown as failed, and in their order: what no disk has held may land late.
    pub fn assert_delivered(&self, first_said: u32, written: &BTreeSet<String>) {
        let outbox = self.sim.session.outbox().to_json();
        let texts = self.sim.texts(&self.chat);
        let mut last = None;
        for number in 0..self.said {
            let text = format!("own {number}");
            let places: Vec<usize> = (0..texts.len()).filter(|&place| texts[place] == text).collect();
            let row = outbox.as_array().unwrap().iter().find(|row| row["event"]["text"] == text.as_str());
            assert!(places.len() <= 1, "{text} was delivered {} times", places.len());
            assert!(row.is_none_or(|row| row["status"] == "failed"), "{text} is still on its way: {row:?}");
            assert!(row.is_none() || places.is_empty(), "{text} is shown as failed and was delivered");
            let is_promised = number >= first_said || written.contains(&text);
            assert!(!is_promised || row.is_some() || places.len() == 1, "{text} is lost");
            if let Some(place) = places.first().filter(|_| is_promised) {
                assert!(last < Some(*place), "{text} came before what was written earlier");
                last = Some(*place);
            }
        }
    }

    /// In the end page and server agree.
    fn finish(mut self) {
        self.settle_down();
        assert_eq!(self.sim.state(), "connected");
        let brain = self.sim.brain.as_ref().unwrap();
        let other = self.other.iter().map(|(chat, fold)| (chat, fold));
        for (chat, fold) in other.chain([(&self.chat, &self.fold)]) {
            let mut tally = fold.compare(brain, chat, &self.customer);
            if self.discarded {
                // A send that was taken back has failed, as was asked.
                tally.failed = 0;
            }
            assert!(tally.is_clean(), "{chat}: {tally:?}\n{}", fold.explain(brain, chat, &self.customer));
        }
        self.sim.input(Input::Disconnect);
        self.run(60_000);
        assert_eq!(self.sim.session.next_deadline(), None, "nothing is left to wait for");
        self.sim.input(Input::Destroy);
        self.sim.told.clear();
        self.run(60_000);
        assert!(self.sim.told.is_empty() && self.sim.socket().is_none(), "what was destroyed stays so");
        assert_eq!(self.sim.session.next_deadline(), None);
    }
}

/// The page of somebody who has just started a chat.
fn begun() -> Fold {
    let mut fold = Fold::default();
    let _ = fold.hear("incoming_chat", &json!(null));
    fold
}

/// Tries a proof's random scripts, and those of earlier runs that failed: they are kept beside `file`.
pub fn search<T: Debug>(
    (id, name): (u32, &str),
    file: &'static str,
    step: impl Strategy<Value = T>,
    trial: impl Fn(u64, &[T]),
) {
    let cases = match (is_full(), is_brief()) {
        (true, _) => 20_000,
        (_, true) => 15,
        _ => 60,
    };
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        // A test says the same each time; the search for what nobody thought of is the proof's.
        rng_seed: if is_full() { RngSeed::Random } else { RngSeed::Fixed(1) },
        max_shrink_iters: if is_brief() { 0 } else { 2_000 },
        source_file: Some(file),
        failure_persistence: Some(Box::new(if is_brief() {
            FileFailurePersistence::Off
        } else {
            FileFailurePersistence::SourceParallel("proptest-regressions")
        })),
        ..ProptestConfig::default()
    });
    let scripts = (1_u64..400, prop::collection::vec(step, 1..80));
    let found = runner.run(&scripts, |(latency_ms, steps)| {
        trial(latency_ms, &steps);
        Ok(())
    });
    if let Err(found) = found {
        panic!("{found}");
    }
    report(id, name, &json!({ "scripts": cases, "stepsEach": 80, "failures": 0 }));
}

#[test]
fn scripts() {
    search((6, "scripts"), file!(), step(), |latency_ms, steps| {
        let mut script = Script::new(latency_ms);
        for step in steps {
            script.act(step);
        }
        script.finish();
    });
}

#[test]
fn scripts_of_two_chats() {
    search((6, "scripts, two chats"), file!(), (step(), any::<bool>()), |latency_ms, steps| {
        let mut script = Script::with_two_chats(latency_ms);
        for (step, turns) in steps {
            if *turns {
                script.turn();
            }
            script.act(step);
        }
        script.finish();
    });
}
