//! Proof 16, before the browser: random scripts in which the core breaks at any step, again and again, and another one
//! takes up its work. The page, which lives on, hears everything once and in order; what was written down arrives.

use std::collections::{BTreeMap, BTreeSet};

use palaver::session::Input;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::scripts::{Script, Step, search, step};

/// What `src/api/emitter.js` and `src/js/core.js` do, as far as it decides what the page hears.
#[derive(Debug, Default)]
pub struct Emitter {
    /// The newest event told of each chat.
    pub last: BTreeMap<String, Json>,
    state: String,
    /// The ids of events that were sent; and those that the cores before this one have told of.
    sent: BTreeSet<String>,
    known: BTreeSet<String>,
}

impl Emitter {
    /// Notes what is told. Returns whether the page hears of it.
    pub fn passes(&mut self, name: &str, payload: &Json) -> bool {
        let id = payload["event"]["id"].as_str();
        let is_known = id.is_some_and(|id| self.known.contains(id));
        match name {
            "state" => payload["state"].as_str().unwrap().clone_into(&mut self.state),
            "incoming_event" if !is_known => {
                self.last.insert(payload["chatId"].as_str().unwrap().to_owned(), payload["event"].clone());
            }
            "message_status" if !is_known => self.sent.extend(id.map(str::to_owned)),
            "incoming_event" | "new_event" | "message_status" => return !is_known,
            _ => {}
        }
        true
    }

    /// Another core begins. Returns whether it is to connect.
    pub fn revive(&mut self) -> bool {
        self.known.clone_from(&self.sent);
        ["connecting", "connected"].contains(&self.state.as_str())
    }
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    Script(Step),
    /// The core has so many inputs and outputs to live.
    Break(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => step().prop_map(|step| {
            // Of what the page has, the next core knows the last of each chat only. That the customer ends or resumes a
            // chat is often the very thing that a core breaks in (docs/reliability.md).
            let is_forgotten = matches!(
                step,
                Step::Discard
                    | Step::AgentEdits(_)
                    | Step::AgentDeletes(_)
                    | Step::AgentMarks(_)
                    | Step::AgentComes(_)
                    | Step::Deactivate
                    | Step::Resume
            );
            Act::Script(if is_forgotten { Step::Run(1) } else { step })
        }),
        6 => Just(Act::Script(Step::Say)),
        4 => (1_u32..60).prop_map(Act::Break),
    ]
}

/// A page whose core breaks.
struct Page {
    script: Script,
    /// What was on the disk when a core broke.
    written: BTreeSet<String>,
    /// The first message of this core.
    first_said: u32,
}

impl Page {
    fn new(latency_ms: u64) -> Self {
        let mut script = Script::new(latency_ms);
        script.emitter = Some(Emitter { state: "connected".to_owned(), ..Emitter::default() });
        Self { script, written: BTreeSet::new(), first_said: 0 }
    }

    fn act(&mut self, act: &Act) {
        while self.script.sim.page.is_frozen(self.script.sim.now) {
            self.script.run(1_000);
        }
        let lives = self.script.sim.page.lives;
        let said = self.script.said;
        match act {
            Act::Script(step) => self.script.act(step),
            Act::Break(steps) => self.script.sim.page.steps_left = Some(*steps),
        }
        self.written.extend(self.script.written());
        if self.script.sim.page.lives != lives {
            self.first_said = said + u32::from(self.script.said > said);
        }
    }

    fn finish(mut self) {
        self.script.sim.page.steps_left = None;
        self.script.sim.input(Input::Connect);
        self.script.settle_down();
        let Self { script, written, first_said } = self;
        assert_eq!(script.sim.state(), "connected");
        let brain = script.sim.brain.as_ref().unwrap();
        let tally = script.fold.compare(brain, &script.chat, &script.customer);
        let explain = || script.fold.explain(brain, &script.chat, &script.customer);
        // After a gap a page reads for itself.
        let missed = if tally.gaps > 0 { 0 } else { tally.lost + tally.stale };
        assert_eq!(tally.doubled + tally.misordered + missed, 0, "{tally:?}\n{}", explain());
        script.assert_delivered(first_said, &written);
    }
}

#[test]
fn breaks() {
    search((16, "cores that break"), file!(), act(), |latency_ms, acts| {
        let mut page = Page::new(latency_ms);
        for act in acts {
            page.act(act);
        }
        page.finish();
    });
}
