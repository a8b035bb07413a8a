//! Proof 1: messages both ways over random faults, against a server that does not de-duplicate.

use std::collections::BTreeMap;

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::dice::Dice;
use crate::faults::{self, Fault, Meanwhile, Remedy};
use crate::fold::{Fold, Tally};
use crate::report::{for_seeds, is_full, report};
use crate::sim::{GRACE, Sim};

/// How much of everything.
#[derive(Clone, Copy)]
struct Size {
    seeds: u64,
    /// Each way.
    messages: u32,
    faults: u32,
}

/// Threads are read whole; after this many messages the agent begins a new one.
const THREAD: u32 = 150;
/// Everything is put right and compared after this many faults.
const BETWEEN_CHECKS: u32 = 25;
/// Within this much quiet time everything has settled.
const SETTLED_MS: u64 = 240_000;
/// After this an answer that was on its way is there.
const LATE_MS: u64 = 20_000;
/// So long a line must be up before page and server are compared.
const CALM_MS: u64 = 30_000;

/// Something that happens next.
#[derive(Debug)]
enum Act {
    Say,
    AgentActs,
    Strike,
    PutRight(Remedy),
    Meanwhile(Meanwhile),
    Connect,
}

struct World {
    sim: Sim,
    dice: Dice,
    fold: Fold,
    chat: String,
    customer: String,
    /// The form of the ids that the server gives to events.
    ids: &'static str,
    plan: BTreeMap<(u64, u32), Act>,
    planned: u32,
    said: u32,
    heard: u32,
    in_thread: u32,
    struck: BTreeMap<Fault, u32>,
    strikes: u32,
    /// Until when a real answer of the token service may end the connection for good.
    service_fails_until: u64,
    /// Whether somebody else answers in the server's place.
    has_portal: bool,
    /// What happened since the last check, for people.
    log: Vec<String>,
    size: Size,
}

impl World {
    fn new(seed: u64, size: Size) -> Self {
        let mut dice = Dice::new(seed);
        let mut sim = Sim::seeded(&json!({}), faults::server(seed), u128::from(seed) << 64 | u128::from(seed));
        sim.link.latency_ms = dice.between(5, 80);
        sim.connect();
        let ids = dice.pick(faults::ID_FORMS);
        sim.fault(json!({ "event_ids": { "form": ids } }));
        let chat = sim.start_chat();
        let customer = sim.told("customer_id")[0].as_str().unwrap().to_owned();
        let mut world = Self {
            sim,
            dice,
            fold: Fold::default(),
            chat,
            customer,
            ids,
            plan: BTreeMap::new(),
            planned: 0,
            said: 0,
            heard: 0,
            in_thread: 0,
            struck: BTreeMap::new(),
            strikes: 0,
            service_fails_until: 0,
            has_portal: false,
            log: Vec::new(),
            size,
        };
        let _ = world.fold.hear("incoming_chat", &Json::Null);
        world.drain();
        for act in [Act::Say, Act::AgentActs, Act::Strike] {
            world.plan_in(1, act);
        }
        world
    }

    fn plan_in(&mut self, millis: u64, act: Act) {
        self.planned += 1;
        self.plan.insert((self.sim.now + millis, self.planned), act);
    }

    fn note(&mut self, what: String) {
        let line = format!("{:>10} {:<10} {what}", self.sim.now, self.sim.state());
        self.log.push(line);
    }

    /// The page takes in what it was told.
    fn drain(&mut self) {
        for (name, payload) in std::mem::take(&mut self.sim.told) {
            if matches!(name, "disconnected" | "connection_lost" | "warning" | "history_gap") {
                self.note(format!("{name} {payload}"));
            }
            if name == "disconnected" && self.sim.state() == "closed" {
                // It said that it will not come back by itself; the application tries again. Nothing that a stranger
                // says is a reason for that.
                assert!(
                    !self.has_portal || self.sim.now < self.service_fails_until,
                    "a captive portal ended it: {payload}\n{}",
                    self.log.join("\n")
                );
                self.plan_in(5_000, Act::Connect);
            }
            if let Some(odd) = self.fold.hear(name, &payload) {
                self.note(odd);
            }
        }
        for (call, result) in std::mem::take(&mut self.sim.settled) {
            self.fold.settle(call, &result);
        }
        self.sim.sent.clear();
    }

    fn run_to(&mut self, end: u64) {
        while self.sim.step(end) {
            self.drain();
        }
        self.sim.now = self.sim.now.max(end);
        self.drain();
    }

    fn is_done(&self) -> bool {
        self.said == self.size.messages && self.heard == self.size.messages && self.strikes == self.size.faults
    }

    fn run(&mut self) -> Tally {
        let mut checked = 0;
        while !self.is_done() {
            self.next();
            if self.strikes >= checked + BETWEEN_CHECKS {
                checked = self.strikes;
                self.check();
            }
        }
        self.check()
    }

    /// The next thing that happens.
    fn next(&mut self) {
        let ((at, _), act) = self.plan.pop_first().expect("something is always planned");
        self.run_to(at);
        self.act(act);
        self.drain();
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Say if self.said == self.size.messages => {}
            Act::Say if self.sim.page.is_frozen(self.sim.now) => self.plan_in(1_000, Act::Say),
            Act::Say => {
                let text = format!("own {}", self.said);
                self.said += 1;
                let call = self.sim.say(&self.chat, &text);
                self.fold.say(call, &text);
                // Sometimes in a burst.
                let wait = if self.dice.once_in(4) { 1 } else { self.dice.between(100, 3_000) };
                self.plan_in(wait, Act::Say);
            }
            Act::AgentActs if self.heard == self.size.messages => {}
            Act::AgentActs => {
                if self.sim.brain.is_some() {
                    self.agent_acts();
                }
                let wait = if self.dice.once_in(4) { 1 } else { self.dice.between(100, 3_000) };
                self.plan_in(wait, Act::AgentActs);
            }
            Act::Strike if self.strikes == self.size.faults => {}
            Act::Strike => {
                if !self.sim.page.is_frozen(self.sim.now) && self.sim.brain.is_some() {
                    self.strike();
                }
                let most = if self.dice.once_in(3) { 1_000 } else { 50_000 };
                let wait = self.dice.between(1, most);
                self.plan_in(wait, Act::Strike);
            }
            Act::PutRight(remedy) => {
                self.note(format!("put right: {remedy:?}"));
                faults::put_right(remedy, &mut self.sim, &mut self.dice);
                self.name_events();
                match remedy {
                    Remedy::TokenService => self.service_fails_until = self.sim.now + LATE_MS,
                    Remedy::CaptivePortal => self.has_portal = false,
                    _ => {}
                }
            }
            Act::Meanwhile(_) if self.sim.brain.is_none() => {}
            Act::Meanwhile(what) => self.meanwhile(what),
            Act::Connect if self.sim.page.is_frozen(self.sim.now) => self.plan_in(1_000, Act::Connect),
            Act::Connect => self.sim.input(Input::Connect),
        }
    }

    /// A server that was started anew, or put right, has forgotten how it names events.
    fn name_events(&mut self) {
        if self.sim.brain.is_some() {
            self.sim.fault(json!({ "event_ids": { "form": self.ids } }));
        }
    }

    fn strike(&mut self) {
        let fault = match self.dice.pick(faults::ALL) {
            // Where ids do not count, nobody can notice that a line which lives swaps pushes, or loses some: a second half-open
            // fault may open the way that the first one has closed.
            Fault::Swapped if self.ids != "numbered" => Fault::Duplicated,
            Fault::HalfOpenOneWay if self.ids != "numbered" => Fault::HalfOpen,
            fault => fault,
        };
        *self.struck.entry(fault).or_default() += 1;
        self.strikes += 1;
        self.note(format!("{fault:?}"));
        match fault {
            Fault::FalseSuccess | Fault::RefusedForNoKnownReason => self.fold.lies.sends += 1,
            Fault::ReadsFail | Fault::ReadsHang | Fault::SlowRequests => self.fold.lies.reads = true,
            Fault::CaptivePortal => self.has_portal = true,
            Fault::TokenService => self.service_fails_until = u64::MAX,
            _ => {}
        }
        let (remedy, meanwhile) = faults::strike(fault, &mut self.sim, &mut self.dice);
        if let Some((millis, remedy)) = remedy {
            self.plan_in(millis, Act::PutRight(remedy));
        }
        if meanwhile != Meanwhile::Nothing {
            let wait = self.dice.between(1, 400);
            self.plan_in(wait, Act::Meanwhile(meanwhile));
        }
    }

    fn agent_acts(&mut self) {
        self.in_thread += 1;
        if self.in_thread > THREAD {
            self.in_thread = 0;
            self.meanwhile(Meanwhile::ThreadCloses);
            if self.dice.coin() {
                let _ = self.sim.try_agent(json!({ "reopen": {} }));
            }
        }
        match self.dice.below(40) {
            0 => self.meanwhile(Meanwhile::HistoryChanges),
            1 => self.meanwhile(Meanwhile::AgentsComeAndGo),
            2 => {
                let _ = self.sim.try_agent(json!({ "seen": {} }));
            }
            _ => {
                self.sim.agent(json!({ "message": { "text": format!("agent {}", self.heard) } }));
                self.heard += 1;
            }
        }
    }

    fn meanwhile(&mut self, what: Meanwhile) {
        match what {
            Meanwhile::Nothing => {}
            Meanwhile::ThreadCloses => {
                let _ = self.sim.try_agent(json!({ "close": {} }));
            }
            Meanwhile::ThreadReopens => {
                let _ = self.sim.try_agent(json!({ "close": {} }));
                let _ = self.sim.try_agent(json!({ "reopen": {} }));
            }
            Meanwhile::HistoryChanges => {
                // What the agent wrote into the newest thread.
                let brain = self.sim.brain.as_ref().unwrap();
                let thread = brain.thread_ids(&self.chat).pop().unwrap_or_default();
                let is_theirs = |text: Option<&str>| text.is_some_and(|text| text.starts_with("agent"));
                let events = brain.events(&self.chat);
                let ids = events.iter().filter(|event| event.thread_id == thread && event.is_visible());
                let ids: Vec<String> =
                    ids.filter(|event| is_theirs(event.text("text"))).map(|event| event.id().to_owned()).collect();
                let picks: Vec<&str> = ids.iter().map(String::as_str).collect();
                if picks.is_empty() {
                    return;
                }
                for _ in 0..self.dice.between(1, 3) {
                    let id = self.dice.pick(&picks);
                    let _ = self.sim.try_agent(if self.dice.once_in(3) {
                        json!({ "delete": { "event_id": id } })
                    } else {
                        let text = format!("agent, edited {}", self.dice.below(1_000));
                        json!({ "edit": { "event_id": id, "text": text } })
                    });
                }
            }
            Meanwhile::AgentsComeAndGo => {
                let act = if self.dice.coin() { "join" } else { "leave" };
                let _ = self.sim.try_agent(json!({ act: { "agent_id": GRACE } }));
            }
        }
    }

    /// Puts everything right, lets it settle, and puts page and server side by side.
    fn check(&mut self) -> Tally {
        while self.sim.page.is_frozen(self.sim.now) {
            let end = self.sim.now + 1_000;
            self.run_to(end);
        }
        self.plan.retain(|_, act| !matches!(act, Act::PutRight(_) | Act::Meanwhile(_)));
        faults::put_all_right(&mut self.sim, &mut self.dice);
        self.name_events();
        self.has_portal = false;
        self.service_fails_until = self.sim.now + LATE_MS;
        let plan = std::mem::take(&mut self.plan);
        self.plan_in(0, Act::Connect);
        let mut end = self.sim.now + SETTLED_MS;
        let last = end + SETTLED_MS;
        while self.sim.now < end {
            // The application connects again if it was told that nobody else will.
            while self.plan.first_key_value().is_some_and(|((at, _), _)| *at <= self.sim.now) {
                self.next();
            }
            let soon = self.sim.now + 1_000;
            self.run_to(soon);
            // A token may end in the last moment, and the line with it.
            if self.sim.state() != "connected" {
                end = end.max(self.sim.now + CALM_MS).min(last);
            }
        }
        for ((at, number), act) in plan {
            self.plan.insert((at.max(self.sim.now), number), act);
        }
        assert_eq!(self.sim.state(), "connected", "everything was put right\n{}", self.log.join("\n"));
        let brain = self.sim.brain.as_ref().unwrap();
        let tally = self.fold.compare(brain, &self.chat, &self.customer);
        assert!(
            tally.is_clean(),
            "after {} faults: {tally:?}\n{}\n{}",
            self.strikes,
            self.fold.explain(brain, &self.chat, &self.customer),
            self.log.join("\n")
        );
        self.log.clear();
        self.rests();
        tally
    }

    /// Nothing happens, and the session lets it rest but for its heartbeat.
    fn rests(&mut self) {
        let end = self.sim.now + 60_000;
        let mut frames = 0;
        while self.sim.step(end) {
            frames += self.sim.sent.len();
            self.drain();
        }
        assert!(frames <= 10, "{frames} frames in a quiet minute");
    }
}

#[test]
fn simulation() {
    let size = if is_full() {
        Size { seeds: 1_000, messages: 10_000, faults: 500 }
    } else {
        Size { seeds: 30, messages: 300, faults: 25 }
    };
    let trials = for_seeds(size.seeds, |seed| {
        let mut world = World::new(seed, size);
        let tally = world.run();
        (tally, world.struck, world.sim.opened_sockets, world.sim.now)
    });
    let mut tally = Tally::default();
    let mut struck: BTreeMap<String, u32> = BTreeMap::new();
    let (mut sockets, mut millis) = (0, 0);
    for (own, faults, opened, lasted) in &trials {
        tally = tally.plus(*own);
        sockets += opened;
        millis += lasted;
        for (fault, times) in faults {
            *struck.entry(format!("{fault:?}")).or_default() += times;
        }
    }
    report(
        1,
        "simulation",
        &json!({
            "seeds": trials.len(), "messagesEachWay": size.messages, "faultsEach": size.faults,
            "heard": tally.heard, "sent": tally.sent, "lost": tally.lost, "doubled": tally.doubled,
            "misordered": tally.misordered, "stale": tally.stale, "strange": tally.strange, "failed": tally.failed, "gaps": tally.gaps,
            "inGaps": tally.in_gaps, "unknown": tally.unknown,
            "sockets": sockets, "simulatedHours": millis / 3_600_000, "faults": struck,
        }),
    );
}
