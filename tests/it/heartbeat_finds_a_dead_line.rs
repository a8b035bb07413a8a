//! A socket that looks open proves nothing.

use palaver::model::Instant;
use palaver::session::Input;
use serde_json::json;

use crate::hand::Hand;
use crate::sim::Sim;

fn pings(sim: &Sim) -> usize {
    sim.sent.iter().filter(|frame| frame["action"] == "ping").count()
}

#[test]
fn an_idle_line_is_kept_alive() {
    let mut sim = Sim::connected();
    sim.run(600_000);
    assert_eq!(sim.state(), "connected");
    assert_eq!(sim.opened_sockets, 1);
    assert!((38..=40).contains(&pings(&sim)), "{} pings in ten minutes", pings(&sim));
}

#[test]
fn a_line_that_speaks_is_not_asked() {
    let (mut sim, _) = Sim::in_chat();
    for index in 0..60 {
        sim.agent(json!({ "message": { "text": format!("agent {index}") } }));
        sim.run(10_000);
    }
    assert_eq!(pings(&sim), 0);
    sim.run(20_000);
    assert_eq!(pings(&sim), 1);
}

#[test]
fn a_slow_line_is_no_dead_line() {
    // A day, and a token that lasts longer.
    let mut sim = Sim::with(json!({}), standin::brain::Config { token_ttl_secs: 200_000, ..Default::default() });
    sim.link.latency_ms = 1_000;
    sim.connect();
    sim.run(24 * 3_600_000);
    assert_eq!(sim.opened_sockets, 1);
}

#[test]
fn silence_is_noticed_within_twenty_seconds() {
    let mut sim = Sim::connected();
    sim.run(40_000);
    sim.link.is_silent = true;
    let since = sim.now;
    sim.until(60_000, |sim| !sim.told("connection_lost").is_empty());
    assert!(sim.now - since <= 20_100, "{} ms", sim.now - since);
    sim.link.is_silent = false;
    sim.until(60_000, |sim| sim.state() == "connected");
    assert_eq!(sim.told("connection_restored").len(), 1);
}

#[test]
fn a_wake_asks_at_once() {
    for sign in [Input::Awake, Input::Online] {
        let mut sim = Sim::connected();
        sim.link.is_silent = true;
        sim.run(1_000);
        let since = sim.now;
        sim.input(sign);
        sim.until(60_000, |sim| !sim.told("connection_lost").is_empty());
        assert!(sim.now - since <= 2_500, "{} ms", sim.now - since);
    }
}

#[test]
fn a_deadline_that_was_slept_through_accuses_nobody() {
    let mut sim = Sim::connected();
    sim.run(15_100);
    assert_eq!(pings(&sim), 1);
    // The tab was frozen before the answer could be handled; the timer fires first when it thaws.
    let mut sim = Sim::connected();
    sim.until(16_000, |sim| pings(sim) == 1);
    let late = sim.now + 60_000;
    sim.session.handle(Input::Timeout, Instant(late));
    assert_eq!(sim.state(), "connected");
    assert!(sim.told("connection_lost").is_empty());
}

/// A deadline that is noticed minutes late shows that the page slept, though nobody has said so.
#[test]
fn who_overslept_asks_what_was_missed() {
    let asked = |minutes: u64| {
        let mut hand = Hand::live(&json!({}));
        hand.run(10_000);
        hand.sent.clear();
        hand.session.next_deadline();
        hand.now += minutes * 60_000;
        hand.input(Input::Timeout);
        hand.run(1_000);
        let count = |action| hand.sent.iter().filter(|frame| frame["action"] == action).count();
        (count("ping"), count("list_chats"))
    };
    assert_eq!(asked(1).1, 0, "timers of a hidden tab come once a minute");
    assert_eq!(asked(3), (1, 1));
}

/// The first late deadline asks again, the second waits a moment for what lies unread, and then it is enough.
#[test]
fn a_deadline_that_is_slept_through_again_is_waited_for_once_more() {
    for sleeps in [1, 2] {
        let mut hand = Hand::live(&json!({}));
        hand.is_served = false;
        hand.run(15_000);
        hand.now += 10_000;
        hand.input(Input::Timeout);
        if sleeps == 2 {
            hand.now += 10_000;
            hand.input(Input::Timeout);
        }
        hand.run(2_399);
        assert!(hand.told("connection_lost").is_empty(), "{sleeps}");
        hand.run(1);
        assert_eq!(hand.told("connection_lost").len(), 1, "{sleeps}");
    }
}

#[test]
fn a_clock_that_runs_backwards_changes_nothing() {
    let mut sim = Sim::connected();
    sim.run(5_000);
    let before = sim.session.next_deadline();
    sim.session.handle(Input::Timeout, Instant(0));
    assert_eq!(sim.session.next_deadline(), before);
    assert_eq!(sim.state(), "connected");
}

#[test]
fn after_every_outage_the_heart_beats_again() {
    for outage in [11_000, 61_000, 600_000] {
        let mut sim = Sim::connected();
        sim.kill_server();
        sim.run(outage);
        sim.start_server(standin::brain::Config::default());
        sim.until(31_000, |sim| sim.state() == "connected");
        let before = pings(&sim);
        sim.run(60_000);
        assert!(pings(&sim) >= before + 3, "after {outage} ms");
    }
}

#[test]
fn asking_again_does_not_put_off_the_answer() {
    let mut hand = Hand::live(&json!({}));
    hand.is_served = false;
    hand.run(15_000);
    for _ in 0..3 {
        hand.run(1_000);
        hand.input(Input::Offline);
    }
    hand.run(399);
    assert!(hand.told("connection_lost").is_empty());
    hand.run(1);
    assert_eq!(hand.told("connection_lost").len(), 1, "2.4 s after the first sign");
}
