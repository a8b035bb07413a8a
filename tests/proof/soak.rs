//! Proof 10, the native part: a day of a page that stays open. What the session holds does not grow, but for what it
//! must know of each event.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use serde_json::json;
use standin::brain::Config;

use crate::dice::Dice;
use crate::report::{for_seeds, is_full, report};
use crate::sim::Sim;

thread_local! {
    /// Bytes that this thread has and has not given back.
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

fn count(bytes: i64) {
    // A thread that ends frees after its counter is gone.
    let _ = LIVE.try_with(|live| live.set(live.get() + bytes));
}

#[allow(clippy::cast_possible_wrap)]
const fn size(layout: Layout) -> i64 {
    layout.size() as i64
}

// SAFETY: the system's allocator does all of it; this one only counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-size(layout));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

const MINUTE_MS: u64 = 60_000;
/// Threads are read whole at a return; agents begin a new one after this many messages.
const THREAD: u32 = 100;
/// What the session may keep for good of each event: its key and, of its own, the client's id, eight and four bytes, in
/// lists that double as they grow.
const BYTES_AN_EVENT: i64 = 24;

/// So many of the newest events it may hold whole: those of the newest thread, and of the one before it until the next
/// return. One of them may cost so much.
const WHOLE_EVENTS: i64 = 2 * THREAD as i64;
const BYTES_A_WHOLE_EVENT: i64 = 2_000;

#[derive(Clone, Copy, Debug)]
struct Held {
    hours: u64,
    bytes: i64,
    /// Events that it holds whole, to tell what becomes of them: a bounded number.
    whole: i64,
    events: i64,
    sockets: u32,
}

/// What a session holds after so many hours of two returns and ten messages a minute.
fn soak(hours: u64) -> Held {
    let mut dice = Dice::new(7);
    let mut sim = Sim::seeded(&json!({}), Config { token_ttl_secs: 3_600, ..Config::default() }, 7);
    sim.connect();
    let chat = sim.start_chat();
    let mut said = 0;
    for _ in 0..hours * 60 {
        for half in 0..2 {
            for _ in 0..5 {
                sim.run(dice.between(1_000, 5_000));
                said += 1;
                if dice.coin() {
                    sim.say(&chat, &format!("message {said}"));
                } else {
                    sim.agent(json!({ "message": { "text": format!("message {said}") } }));
                    sim.agent(json!({ "seen": {} }));
                }
                if said % THREAD == 0 {
                    sim.agent(json!({ "close": {} }));
                    sim.agent(json!({ "reopen": {} }));
                }
                sim.told.clear();
                sim.sent.clear();
                sim.settled.clear();
            }
            sim.cut();
            let start = sim.now;
            sim.until(60_000, |sim| sim.state() == "connected");
            sim.run(MINUTE_MS / 4 - (sim.now - start).min(MINUTE_MS / 4) + half);
        }
    }
    sim.run(10 * MINUTE_MS);
    assert!(sim.kept.is_empty(), "everything was delivered");
    sim.told.clear();
    let events = sim.brain.as_ref().unwrap().events(&chat).len();
    let whole = format!("{:?}", sim.session).matches("EventRecord {").count();
    let sockets = sim.opened_sockets;
    // What the session holds is what comes free with it.
    let before = LIVE.get();
    drop(sim.session);
    let bytes = before - LIVE.get();
    Held { hours, bytes, whole: i64::try_from(whole).unwrap(), events: i64::try_from(events).unwrap(), sockets }
}

#[test]
fn soak_of_a_day() {
    let hours: &[u64] = if is_full() { &[1, 2, 4, 8, 16, 24] } else { &[1, 2] };
    let held = for_seeds(hours.len() as u64, |seed| soak(hours[usize::try_from(seed - 1).unwrap()]));
    let first = held[0];
    let rows: Vec<_> = held
        .iter()
        .map(|held| {
            json!({ "hours": held.hours, "events": held.events, "returns": held.sockets - 1, "bytes": held.bytes,
                "wholeEvents": held.whole })
        })
        .collect();
    report(10, "soak", &json!({ "held": rows, "bytesAnEventAllowed": BYTES_AN_EVENT }));
    for held in &held {
        let more = BYTES_AN_EVENT * (held.events - first.events) + BYTES_A_WHOLE_EVENT * held.whole;
        let may_hold = first.bytes + more + 32_768;
        assert!(held.bytes <= may_hold, "{held:?}, allowed {may_hold}; after an hour {first:?}");
        assert!(held.whole <= WHOLE_EVENTS, "{held:?}");
    }
}
