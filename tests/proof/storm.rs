//! Proof 5: everybody is thrown out at once. How hard do they knock, and when are they back?

use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::crowd::Crowd;
use crate::report::{for_seeds, is_full, report};

const BIN_MS: u64 = 100;
/// When the crowd is thrown out; by then every connection has proved useful.
const DROP_MS: u64 = 40_000;
const OUTAGE_MS: u64 = 60_000;

/// A crowd that came in over twenty seconds.
fn connected(size: usize, seed: u64) -> Crowd {
    let mut crowd = Crowd::new(size, seed);
    for client in 0..size {
        crowd.run_to(client as u64 * 20_000 / size as u64);
        crowd.input(client, Input::Connect);
    }
    crowd.run_to(DROP_MS);
    assert!((0..size).all(|client| crowd.state(client) == "connected"));
    crowd.knocks.clear();
    crowd.entries.clear();
    crowd
}

/// The most attempts of any tenth of a second from `start` on.
fn peak(crowd: &Crowd, start: u64) -> u64 {
    let mut bins = vec![0_u64; 1 + usize::try_from((crowd.now - start) / BIN_MS).unwrap()];
    for (at, _) in crowd.knocks.iter().filter(|(at, _)| *at >= start) {
        bins[usize::try_from((at - start) / BIN_MS).unwrap()] += 1;
    }
    bins.into_iter().max().unwrap_or_default()
}

/// How long after `start` 99 of 100 were back.
fn p99_back(crowd: &Crowd, start: u64) -> u64 {
    assert_eq!(crowd.entries.len(), crowd.len(), "everybody comes back, once");
    let mut back: Vec<u64> = crowd.entries.iter().map(|(at, _)| at - start).collect();
    back.sort_unstable();
    back[back.len() * 99 / 100]
}

struct Storm {
    drop_peak: u64,
    drop_p99: u64,
    outage_peak: u64,
    outage_p99: u64,
    /// From the return of the own network to the first try.
    own_network: u64,
}

fn storm(size: usize, seed: u64) -> Storm {
    let mut crowd = connected(size, seed);
    crowd.drop_all(1006);
    crowd.run_to(DROP_MS + 60_000);
    let (drop_peak, drop_p99) = (peak(&crowd, DROP_MS), p99_back(&crowd, DROP_MS));

    let mut crowd = connected(size, seed.wrapping_add(1 << 32));
    crowd.is_up = false;
    crowd.drop_all(1006);
    crowd.run_to(DROP_MS + OUTAGE_MS);
    crowd.is_up = true;
    crowd.run_to(DROP_MS + OUTAGE_MS + 60_000);
    let back = DROP_MS + OUTAGE_MS;
    let (outage_peak, outage_p99) = (peak(&crowd, back), p99_back(&crowd, back));
    Storm { drop_peak, drop_p99, outage_peak, outage_p99, own_network: own_network(seed) }
}

/// The longest wait of a thousand pages whose own network went, and their lines with it, and came back.
fn own_network(seed: u64) -> u64 {
    let mut crowd = connected(1_000, seed);
    for client in 0..crowd.len() {
        crowd.input(client, Input::Offline);
        crowd.drop_one(client, 1006);
    }
    crowd.run_to(DROP_MS + 200);
    crowd.knocks.clear();
    // A few were lucky and are back already.
    let away: Vec<usize> = (0..crowd.len()).filter(|client| crowd.state(*client) != "connected").collect();
    assert!(away.len() > crowd.len() / 2);
    for client in 0..crowd.len() {
        crowd.input(client, Input::Online);
    }
    crowd.run_to(DROP_MS + 30_000);
    let first = |client: &usize| crowd.knocks.iter().find(|(_, own)| own == client).map(|(at, _)| at - DROP_MS - 200);
    away.iter().map(|client| first(client).unwrap_or(u64::MAX)).max().unwrap_or_default()
}

fn worst(storms: &[Storm], figure: impl Fn(&Storm) -> u64) -> u64 {
    storms.iter().map(figure).max().unwrap_or_default()
}

#[test]
fn storm_of_all_clients() {
    // The marks are for a hundred thousand; for fewer they shrink, and chance weighs more.
    let (size, seeds, drop_mark, outage_mark) = if is_full() { (100_000, 2, 1_800, 700) } else { (3_000, 1, 75, 35) };
    let storms = for_seeds(seeds, |seed| storm(size, seed));
    let figures: Json = json!({
        "clients": size, "seeds": storms.len(),
        "dropPeakPer100Ms": worst(&storms, |storm| storm.drop_peak),
        "dropP99BackMs": worst(&storms, |storm| storm.drop_p99),
        "outageMs": OUTAGE_MS,
        "outagePeakPer100Ms": worst(&storms, |storm| storm.outage_peak),
        "outageP99BackMs": worst(&storms, |storm| storm.outage_p99),
        "ownNetworkFirstTryMs": worst(&storms, |storm| storm.own_network),
    });
    report(5, "storm", &figures);
    for storm in &storms {
        assert!(storm.drop_peak <= drop_mark, "{figures}");
        assert!(storm.outage_peak <= outage_mark, "{figures}");
        assert!(storm.outage_p99 <= 28_000, "{figures}");
        assert!(storm.own_network <= 100, "{figures}");
    }
}
