//! Proof 4: how long it takes to find that a line is dead which looks alive, and how often a living one is taken for
//! dead.

use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::dice::Dice;
use crate::report::{for_seeds, is_full, report};
use crate::sim::{Direction, Freeze, Sim};

/// In which situation the line falls silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Situation {
    /// A message goes out on the silent line, or has gone out and its answer is lost.
    SendPending,
    Idle,
    /// The line died in the page's sleep; the clock starts with the wake.
    Wake,
    /// Timers go off once a minute.
    HiddenIdle,
}

use Situation::{HiddenIdle, Idle, SendPending, Wake};

const HOUR_MS: u64 = 3_600_000;

fn world(seed: u64) -> (Sim, String, Dice) {
    let dice = Dice::new(seed);
    let server = Config { seed, token_ttl_secs: 1_000_000_000, ..Config::default() };
    let mut sim = Sim::seeded(&json!({}), server, u128::from(seed));
    sim.connect();
    let chat = sim.start_chat();
    (sim, chat, dice)
}

/// Falls silent at a random moment; returns how long the session has taken for it.
fn trial(situation: Situation, sim: &mut Sim, chat: &str, dice: &mut Dice) -> u64 {
    sim.link.latency_ms = dice.between(5, 400);
    sim.until(120_000, |sim| sim.state() == "connected" && sim.kept.is_empty());
    // Past what follows a login, and at any moment between two heartbeats.
    sim.run(dice.between(2_000, 40_000));
    if dice.coin() {
        sim.agent(json!({ "message": { "text": "hello" } }));
        sim.run(dice.below(1_000));
    }
    let socket = sim.socket();
    let direction = dice.pick(&[Direction::Both, Direction::Both, Direction::Up, Direction::Down]);
    let mut start = sim.now;
    match situation {
        SendPending => {
            // The message is sent before or after the line falls silent; its answer does not come either way.
            if dice.coin() {
                sim.say(chat, "still there?");
                sim.run(dice.below(sim.link.latency_ms));
                start = sim.now;
                sim.half_open(direction);
            } else {
                sim.half_open(direction);
                sim.run(dice.below(3_000));
                start = sim.now;
                if sim.socket() == socket {
                    sim.say(chat, "still there?");
                }
            }
        }
        Idle | HiddenIdle => {
            sim.page.timer_grain_ms = if situation == HiddenIdle { 60_000 } else { 1 };
            sim.half_open(direction);
        }
        Wake => {
            sim.half_open(direction);
            let millis = dice.between(1_000, 900_000);
            let (clock_stops, timers_first) = (dice.coin(), dice.coin());
            sim.freeze(Freeze { millis, clock_stops, timers_first, wakes: true });
            sim.run(millis - 1);
            start = sim.now + 1;
        }
    }
    sim.until(600_000, |sim| sim.socket() != socket);
    sim.page.timer_grain_ms = 1;
    let took = sim.now.saturating_sub(start);
    sim.told.clear();
    sim.sent.clear();
    took
}

fn distribution(situation: Situation, trials: u64) -> Vec<u64> {
    // Few in a world: a thread that grows is read at every return.
    let each = 50;
    let runs = for_seeds(trials.div_ceil(each), |seed| {
        let (mut sim, chat, mut dice) = world(seed);
        (0..each).map(|_| trial(situation, &mut sim, &chat, &mut dice)).collect::<Vec<_>>()
    });
    let mut all: Vec<u64> = runs.into_iter().flatten().collect();
    all.sort_unstable();
    all
}

fn figures(all: &[u64]) -> Json {
    let at = |per_mille: usize| all[(all.len() * per_mille / 1_000).min(all.len() - 1)];
    json!({ "trials": all.len(), "p50Ms": at(500), "p99Ms": at(990), "maxMs": all[all.len() - 1] })
}

/// A slow line, hidden tabs, sleep, and nothing wrong with any of it: how many sockets were given up?
fn false_alarms(seed: u64, hours: u64) -> u32 {
    let (mut sim, chat, mut dice) = world(seed);
    // Two seconds there and back.
    sim.link.latency_ms = 1_000;
    let end = hours * HOUR_MS;
    while sim.now < end {
        match dice.below(6) {
            0 => sim.page.timer_grain_ms = dice.pick(&[1, 1_000, 60_000]),
            1 => {
                let millis = dice.between(1_000, 600_000);
                let (clock_stops, timers_first, wakes) = (dice.coin(), dice.coin(), dice.coin());
                sim.freeze(Freeze { millis, clock_stops, timers_first, wakes });
                sim.run(millis);
            }
            2 => {
                sim.say(&chat, "a word");
            }
            3 => {
                sim.agent(json!({ "message": { "text": "a word" } }));
            }
            4 => sim.input(dice.pick(&[Hint::Awake, Hint::Online, Hint::Offline]).input()),
            _ => {}
        }
        sim.run(dice.between(1, 120_000));
        sim.told.clear();
        sim.sent.clear();
    }
    sim.opened_sockets - 1
}

#[derive(Clone, Copy)]
enum Hint {
    Awake,
    Online,
    Offline,
}

impl Hint {
    const fn input(self) -> Input {
        match self {
            Self::Awake => Input::Awake,
            Self::Online => Input::Online,
            Self::Offline => Input::Offline,
        }
    }
}

#[test]
fn half_open() {
    let trials = if is_full() { 20_000 } else { 300 };
    let (days, hours) = if is_full() { (20, 24) } else { (2, 6) };
    let [pending, idle, wake, hidden] =
        [SendPending, Idle, Wake, HiddenIdle].map(|situation| distribution(situation, trials));
    let alarms: u32 = for_seeds(days, |seed| false_alarms(seed, hours)).into_iter().sum();
    report(
        4,
        "half-open",
        &json!({
            "sendPending": figures(&pending), "idle": figures(&idle), "wake": figures(&wake),
            "hiddenIdle": figures(&hidden),
            "falseAlarms": { "runs": days, "simulatedHoursEach": hours, "rttMs": 2_000, "alarms": alarms },
        }),
    );
    let p99 = |all: &[u64]| all[all.len() * 99 / 100];
    assert!(p99(&pending) <= 5_000, "with a send pending: {}", figures(&pending));
    assert!(idle.last() <= Some(&20_000), "idle: {}", figures(&idle));
    // One wake in thousands is noticed late itself; then the question is asked once more.
    assert!(p99(&wake) <= 2_500, "after a wake: {}", figures(&wake));
    // The ping, its answer, and the same again: each looked at once a minute.
    assert!(hidden.last() <= Some(&300_000), "hidden: {}", figures(&hidden));
    assert_eq!(alarms, 0, "a living line was taken for dead");
}
