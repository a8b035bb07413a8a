//! Proof 3, second half: random scripts in which the page dies at any step, again and again, and is opened again. What
//! was written down is delivered exactly once or shown as failed, in its order, and no page is told anything twice.
//! Scripts that failed are kept beside this file.

use std::collections::BTreeSet;

use palaver::session::Input;
use proptest::prelude::*;
use serde_json::json;

use crate::fold::Fold;
use crate::scripts::{Script, Step, search, step};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    Script(Step),
    /// The page has so many inputs and outputs to live.
    Die(u32),
    /// It is opened again; if it still lived, it goes now. The last changes may not have reached the disk.
    Open(usize),
    /// The disk takes nothing more, or does again.
    Full(bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => step().prop_filter_map("a message that was taken back", |step| {
            (!matches!(step, Step::Discard)).then_some(Act::Script(step))
        }),
        6 => Just(Act::Script(Step::Say)),
        4 => (0_u32..60).prop_map(Act::Die),
        4 => Just(Act::Open(0)),
        1 => (1_usize..5).prop_map(Act::Open),
        1 => any::<bool>().prop_map(Act::Full),
    ]
}

/// Pages of one visitor, one after the other.
struct Lives {
    script: Script,
    /// What was written down when a page died.
    written: BTreeSet<String>,
    /// The first message of this page.
    first_said: u32,
    /// How much there was when this page was connected.
    history: Option<usize>,
}

impl Lives {
    fn new(latency_ms: u64) -> Self {
        let script = Script::new(latency_ms);
        Self { script, written: BTreeSet::new(), first_said: 0, history: Some(0) }
    }

    fn act(&mut self, act: &Act) {
        while self.script.sim.page.is_frozen(self.script.sim.now) {
            self.script.run(1_000);
        }
        let is_dead = self.script.sim.page.is_dead();
        match act {
            Act::Script(step) if !is_dead || step.is_of_the_world() => self.script.act(step),
            Act::Die(steps) if !is_dead => self.script.sim.page.steps_left = Some(*steps),
            Act::Open(lost_writes) => self.open(*lost_writes),
            Act::Full(is_full) => self.script.sim.store.is_full = *is_full,
            Act::Script(_) | Act::Die(_) => {}
        }
        self.note_history();
    }

    fn note_history(&mut self) {
        if self.history.is_none() && self.script.fold.is_connected {
            self.history = self.script.sim.brain.as_ref().map(|brain| brain.events(&self.script.chat).len());
        }
    }

    fn open(&mut self, lost_writes: usize) {
        let Self { script, .. } = self;
        script.fold.assert_in_order();
        self.written.extend(script.written());
        if lost_writes > 0 {
            script.sim.lose_writes(lost_writes);
            self.written.clear();
        }
        script.sim.reopen(&json!({}));
        script.fold = Fold::default();
        // It takes its time to load.
        script.sim.now += 1;
        script.sim.input(Input::Connect);
        script.drain();
        self.first_said = script.said;
        self.history = None;
    }

    /// Everything is right again.
    fn finish(mut self) {
        self.script.sim.store.is_full = false;
        if self.script.sim.page.steps_left.is_some() {
            self.open(0);
        }
        self.script.settle_down();
        self.note_history();
        let Self { script, written, first_said, history } = self;
        assert_eq!(script.sim.state(), "connected");
        script.fold.assert_in_order();
        script.assert_delivered(first_said, &written);
        let events = script.sim.brain.as_ref().unwrap().events(&script.chat);
        let own = Some(script.customer.as_str());
        let heard: BTreeSet<&str> = script.fold.heard().collect();
        for event in &events[history.unwrap()..] {
            let is_told = heard.contains(event.id());
            assert!(is_told || !event.is_visible() || event.text("author_id") == own, "{} was not told", event.id());
        }
    }
}

#[test]
fn deaths() {
    search((3, "deaths"), file!(), act(), |latency_ms, acts| {
        let mut lives = Lives::new(latency_ms);
        for act in acts {
            lives.act(act);
        }
        lives.finish();
    });
}
