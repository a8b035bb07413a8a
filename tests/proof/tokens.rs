//! Proof 12: tokens that end, are revoked, seem to be of another day; services and providers that fail, hang and lie.

use palaver::session::Input;
use serde_json::{Value as Json, json};
use standin::brain::Config;

use crate::dice::Dice;
use crate::report::{for_seeds, is_full, report};
use crate::sim::{Provider, Sim};

const TEN_MINUTES: u64 = 600_000;
/// The longest wait after a failure, and what a login takes.
const RETURN_MS: u64 = 170_000;
const DAY_MS: i64 = 86_400_000;

/// What a row has shown.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    /// The most questions for a token in any ten minutes.
    calls: usize,
    in_flight: usize,
    refusals: usize,
}

impl Shown {
    fn of(sim: &Sim) -> Self {
        let asks = &sim.page.token_asks;
        let within = |first: &u64| asks.iter().filter(|at| (*first..first + TEN_MINUTES).contains(*at)).count();
        Self { calls: asks.iter().map(within).max().unwrap_or_default(), in_flight: sim.page.most_asks, refusals: 0 }
    }
}

/// A session whose application brings a good token of its own.
fn provided(seed: u64, ttl_secs: u64) -> Sim {
    let mut sim = Sim::seeded(&json!({}), Config { seed, token_ttl_secs: ttl_secs, ..Config::default() }, seed.into());
    sim.connect();
    sim.identity.clone_from(&sim.stored_token);
    sim.reopen(&json!({ "identityProvider": true }));
    sim.page.token_asks.clear();
    sim
}

/// A session that asks the platform, and nothing is known of it yet.
fn asking(seed: u64, ttl_secs: u64) -> Sim {
    Sim::seeded(&json!({}), Config { seed, token_ttl_secs: ttl_secs, ..Config::default() }, seed.into())
}

/// Ten minutes in which no token is to be had; the application pesters for one, or not.
fn endure(sim: &mut Sim, seed: u64) {
    let mut dice = Dice::new(seed);
    let end = sim.now + TEN_MINUTES;
    while sim.now < end {
        if seed.is_multiple_of(2) {
            sim.call(dice.pick(&["getToken", "getFreshToken"]), json!({}));
        }
        sim.run(dice.between(1_000, 30_000));
    }
}

fn comes_back(sim: &mut Sim) {
    sim.until(RETURN_MS, |sim| sim.state() == "connected");
}

/// The platform's service does not give any token for ten minutes.
fn service_fails(fault: &Json, seed: u64) -> Shown {
    let mut dice = Dice::new(seed);
    let is_live = dice.coin();
    let mut sim = asking(seed, 120);
    if is_live {
        // It worked until now; the line lives on until its token ends.
        sim.connect();
        sim.run(5_000);
        sim.page.token_asks.clear();
    }
    sim.fault(json!({ "token_service": fault }));
    sim.input(Input::Connect);
    endure(&mut sim, seed);
    let shown = Shown::of(&sim);
    sim.fault(json!({ "token_service": { "mode": "ok" } }));
    comes_back(&mut sim);
    shown
}

/// The server itself is gone.
fn nobody_there(seed: u64) -> Shown {
    let mut sim = asking(seed, 120);
    sim.kill_server();
    sim.input(Input::Connect);
    endure(&mut sim, seed);
    let shown = Shown::of(&sim);
    sim.start_server(Config::default());
    comes_back(&mut sim);
    shown
}

/// The application's provider gives nothing that is a token; `None`: it never answers.
fn provider_fails(answer: Option<&Json>, seed: u64) -> Shown {
    let mut sim = provided(seed, 28_800);
    let good = sim.identity.clone();
    match answer {
        None => sim.page.provider = Provider::Hangs,
        Some(Json::Null) => sim.identity = None,
        Some(lie) => sim.identity = Some(lie.clone()),
    }
    sim.input(Input::Connect);
    endure(&mut sim, seed);
    let shown = Shown::of(&sim);
    sim.identity = good;
    sim.page.provider = Provider::Answers;
    comes_back(&mut sim);
    shown
}

/// The provider's token is good, what it says of it is not.
fn provider_lies(lie: &Json, seed: u64) -> Shown {
    let mut sim = provided(seed, 28_800);
    sim.identity.as_mut().unwrap().as_object_mut().unwrap().extend(lie.as_object().unwrap().clone());
    sim.connect();
    sim.run(TEN_MINUTES);
    assert_eq!(sim.state(), "connected", "{lie}");
    Shown::of(&sim)
}

/// Every token is refused: after the second the session gives up.
fn refused(by_login: bool, status: u16, seed: u64) -> Shown {
    let mut sim = asking(seed, 28_800);
    if by_login {
        sim.fault(json!({ "fail": { "type": "authentication", "action": "login", "count": 1_000 } }));
    } else {
        sim.fault(json!({ "token_service": { "mode": "error", "status": status, "exception": "access_denied" } }));
    }
    sim.input(Input::Connect);
    sim.until(60_000, |sim| sim.state() == "closed");
    sim.run(TEN_MINUTES);
    assert_eq!(sim.state(), "closed", "final means final");
    let logins = sim.sent.iter().filter(|frame| frame["action"] == "login").count();
    let refusals = if by_login { logins } else { sim.page.token_asks.len() };
    Shown { refusals, ..Shown::of(&sim) }
}

/// Tokens end in mid-session; the next is there before.
fn expiry(seed: u64) -> Shown {
    const LIFE_MS: u64 = 600_000;
    let mut dice = Dice::new(seed);
    let mut sim = asking(seed, LIFE_MS / 1_000);
    sim.connect();
    let chat = sim.start_chat();
    let mut said = 0;
    while sim.now < 6 * LIFE_MS {
        sim.say(&chat, &format!("own {said}"));
        said += 1;
        sim.run(dice.between(1_000, 40_000));
    }
    sim.run(60_000);
    assert_eq!(sim.texts(&chat).len(), said, "nothing is lost over it");
    assert!(sim.told("warning").is_empty(), "no token was refused: {:?}", sim.told("warning"));
    for pair in sim.page.token_asks.windows(2) {
        let after = pair[1] - pair[0];
        assert!((LIFE_MS * 7 / 10..LIFE_MS).contains(&after), "the next token was asked for after {after} ms");
    }
    Shown::of(&sim)
}

/// Tokens are revoked in mid-session.
fn revocation(seed: u64) -> Shown {
    let mut dice = Dice::new(seed);
    let mut sim = asking(seed, 28_800);
    sim.connect();
    let chat = sim.start_chat();
    for round in 0..10 {
        sim.run(dice.between(6_000, 120_000));
        let asked = sim.page.token_asks.len();
        sim.fault(json!({ "revoke_tokens": {} }));
        sim.say(&chat, &format!("own {round}"));
        sim.run(40_000);
        assert_eq!(sim.state(), "connected");
        assert_eq!(sim.page.token_asks.len(), asked + 1, "one new token, asked for once");
    }
    assert_eq!(sim.texts(&chat).len(), 10);
    Shown { calls: 0, ..Shown::of(&sim) }
}

/// The device's clock is off by a day, or is set by a day between two pages.
fn skew(seed: u64) -> Shown {
    let mut dice = Dice::new(seed);
    let mut sim = asking(seed, 28_800);
    for _ in 0..4 {
        sim.page.wall_skew_ms = dice.pick(&[-DAY_MS, 0, DAY_MS]);
        sim.reopen(&json!({}));
        sim.page.token_asks.clear();
        sim.connect();
        sim.run(TEN_MINUTES);
        assert!(sim.page.token_asks.len() <= 1, "asked {} times", sim.page.token_asks.len());
        assert!(sim.told("warning").is_empty());
    }
    Shown::of(&sim)
}

fn failing_services() -> Vec<Json> {
    let mut all = vec![json!({ "mode": "hang" })];
    for status in [429, 500, 502, 503] {
        for exception in ["server_error", "temporarily_unavailable"] {
            all.push(json!({ "mode": "error", "status": status, "exception": exception }));
        }
    }
    all
}

fn no_tokens() -> Vec<Json> {
    let shape = |secret: Json, customer: Json, life: Json| json!({ "accessToken": secret, "entityId": customer, "expiresIn": life });
    vec![
        Json::Null,
        json!("a token"),
        json!(7),
        json!([]),
        json!({}),
        shape(json!(7), json!("me"), json!(1_000)),
        shape(json!(""), json!("me"), json!(1_000)),
        shape(json!("secret"), Json::Null, json!(1_000)),
        shape(json!("secret"), json!("me"), json!("long")),
        shape(json!("secret"), json!("me"), json!(-1)),
    ]
}

fn lies() -> Vec<Json> {
    vec![
        json!({ "expiresIn": 0 }),
        json!({ "expiresIn": 1 }),
        json!({ "expiresIn": 1e300 }),
        json!({ "expiresIn": 28_800 }),
        json!({ "creationDate": 0 }),
        json!({ "creationDate": 1 }),
        json!({ "creationDate": 1e300 }),
        json!({ "creationDate": -5 }),
        json!({ "creationDate": "yesterday" }),
    ]
}

#[test]
fn tokens() {
    let seeds = if is_full() { 50 } else { 2 };
    let rows = for_seeds(seeds, |seed| {
        let mut rows: Vec<(String, Shown)> = Vec::new();
        let mut row = |name: String, shown: Shown| rows.push((name, shown));
        row("expiry".to_owned(), expiry(seed));
        row("revocation".to_owned(), revocation(seed));
        row("skew".to_owned(), skew(seed));
        row("server gone".to_owned(), nobody_there(seed));
        for fault in failing_services() {
            row(format!("service {fault}"), service_fails(&fault, seed));
        }
        row("provider hangs".to_owned(), provider_fails(None, seed));
        for answer in no_tokens() {
            row(format!("provider gives {answer}"), provider_fails(Some(&answer), seed));
        }
        for lie in lies() {
            row(format!("provider lies {lie}"), provider_lies(&lie, seed));
        }
        row("refused at login".to_owned(), refused(true, 0, seed));
        for status in [400, 401, 403] {
            row(format!("refused by service {status}"), refused(false, status, seed));
        }
        rows
    });
    let most = |figure: fn(&Shown) -> usize| rows.iter().flatten().map(|(_, shown)| figure(shown)).max().unwrap();
    report(
        12,
        "tokens",
        &json!({
            "rows": rows[0].len(), "seeds": rows.len(), "mostInFlight": most(|shown| shown.in_flight),
            "mostCallsIn10Minutes": most(|shown| shown.calls), "mostRefusals": most(|shown| shown.refusals),
        }),
    );
    let is_bad = |shown: &Shown| shown.calls > 12 || shown.in_flight > 1 || shown.refusals > 2;
    let bad: Vec<_> = rows.iter().flatten().filter(|(_, shown)| is_bad(shown)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
