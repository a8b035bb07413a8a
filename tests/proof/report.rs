//! How proofs are run and what they say.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;

/// Whether the proof is to be had whole.
pub fn is_full() -> bool {
    std::env::var("PALAVER_PROOF").is_ok_and(|mode| mode == "full")
}

/// Whether it is asked for a few times a minute, of one changed line of the core after another (proof 13): as much as
/// notices a change, and no search for the least script that does.
pub fn is_brief() -> bool {
    std::env::var("PALAVER_PROOF").is_ok_and(|mode| mode == "brief")
}

/// The one seed that is to be replayed, if any.
pub fn only_seed() -> Option<u64> {
    std::env::var("PALAVER_SEED").ok().map(|seed| seed.parse().expect("PALAVER_SEED must be a whole number"))
}

/// The first and the last seed: `PALAVER_SEEDS=101..200` runs a part of a long proof.
fn range(seeds: u64) -> (u64, u64) {
    let Ok(given) = std::env::var("PALAVER_SEEDS") else { return (1, if is_brief() { seeds.min(2) } else { seeds }) };
    let (first, last) = given.split_once("..").expect("PALAVER_SEEDS must be FIRST..LAST");
    let number = |text: &str| text.parse().expect("PALAVER_SEEDS must be two whole numbers");
    (number(first), number(last))
}

/// Prints the proof's line.
pub fn report(id: u32, name: &str, figures: &Json) {
    let mut line = serde_json::json!({ "id": id, "name": name, "mode": if is_full() { "full" } else { "bounded" } });
    line.as_object_mut().unwrap().extend(figures.as_object().unwrap().clone());
    println!("proof {line}");
}

/// Runs a trial for every seed, side by side, and returns what they found in the seeds' order.
///
/// # Panics
/// If a trial does; the seeds that failed are printed.
pub fn for_seeds<T: Send>(seeds: u64, trial: impl Fn(u64) -> T + Sync) -> Vec<T> {
    if let Some(seed) = only_seed() {
        return vec![trial(seed)];
    }
    let (first, seeds) = range(seeds);
    let next = AtomicU64::new(first);
    let found = Mutex::new(Vec::new());
    let failed = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds || failed.lock().unwrap().len() >= 5 {
                        break;
                    }
                    // A thread of its own: what the core keeps by thread (its table of ids) ends with the trial.
                    let outcome =
                        std::thread::scope(|own| own.spawn(|| catch_unwind(AssertUnwindSafe(|| trial(seed)))).join());
                    match outcome {
                        Ok(Ok(result)) => {
                            let mut found = found.lock().unwrap();
                            found.push((seed, result));
                            if is_full() && found.len() % 50 == 0 {
                                eprintln!("  … {} of {} seeds", found.len(), seeds + 1 - first);
                            }
                        }
                        Ok(Err(_)) | Err(_) => {
                            eprintln!("PALAVER_SEED={seed} failed");
                            failed.lock().unwrap().push(seed);
                        }
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "failed with these seeds: {failed:?}; replay one with PALAVER_SEED=<seed>");
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(seed, _)| *seed);
    found.into_iter().map(|(_, result)| result).collect()
}
