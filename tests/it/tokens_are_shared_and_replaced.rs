//! The token: asked for once, shared, replaced in time; and a service that fails, hangs, lies or refuses.

use palaver::json::{Value, names};
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::calls_over_http::goals;
use crate::hand::{Hand, good_token};
use crate::sim::Sim;

#[test]
fn a_page_gets_the_token_it_asks_for() {
    let mut hand = Hand::new(&json!({}));
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false);
    let calls =
        [hand.call("getToken", json!({})), hand.call("getToken", json!({})), hand.call("getFreshToken", json!({}))];
    assert_eq!(hand.asked.len(), 1, "one question serves all");
    hand.run(1_000);
    hand.answer(200, good_token("s1"));
    for call in calls {
        assert_eq!(
            hand.settled[&call].as_ref().unwrap(),
            &json!({
                "accessToken": "s1", "entityId": "me", "expiresIn": 28_800_000, "tokenType": "Bearer",
                "creationDate": 1_772_323_201_000_u64, "organizationId": "org",
            })
        );
    }
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), true);
    assert_eq!(hand.ask("getToken", json!({})).unwrap()["accessToken"], "s1");
    assert_eq!(hand.asked.len(), 1);

    let fresh = hand.call("getFreshToken", json!({}));
    let waiting = hand.call("getToken", json!({}));
    assert_eq!((hand.asked.len(), hand.code(waiting)), (2, "pending"), "the new one is on its way");
    hand.answer(200, good_token("s2"));
    for call in [fresh, waiting] {
        assert_eq!(hand.settled[&call].as_ref().unwrap()["accessToken"], "s2");
    }
    assert_eq!(hand.stored.last().unwrap()["token"]["accessToken"], "s2");

    assert_eq!(hand.ask("invalidate", json!({})).unwrap(), Json::Null);
    assert_eq!(*hand.stored.last().unwrap(), json!({ "token": null }));
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false);
    hand.call("getToken", json!({}));
    assert_eq!(hand.asked.len(), 3);
    hand.answer(200, good_token("s3"));
    hand.run(28_800_000 - 30_000 - 1);
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), true);
    hand.run(1);
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false, "too close to its end");
    hand.call("getToken", json!({}));
    assert_eq!(hand.asked.len(), 4);
    assert_eq!(hand.told("customer_id").len(), 1);
}

#[test]
fn what_an_earlier_page_kept_counts_before_anything_is_asked() {
    let mut sim = Sim::connected();
    let kept = sim.stored_token.clone().unwrap();
    sim.reload(&json!({}));
    assert_eq!(sim.ask("hasToken", json!({})).unwrap(), true);
    sim.reload(&json!({}));
    assert_eq!(sim.ask("getToken", json!({})).unwrap()["accessToken"], kept["accessToken"]);
    sim.reload(&json!({}));
    sim.ask("invalidate", json!({})).unwrap();
    assert_eq!(sim.stored_token, None);
    assert_eq!(sim.ask("hasToken", json!({})).unwrap(), false);
    assert_ne!(sim.ask("getToken", json!({})).unwrap()["accessToken"], kept["accessToken"]);
}

#[test]
fn a_token_service_that_fails_is_an_error_that_may_pass() {
    let failures = [
        (500, json!({ "oauth_exception": "server_error" }), "server_error"),
        (503, json!({ "oauth_exception": "temporarily_unavailable" }), "temporarily_unavailable"),
        (0, Json::Null, "no_token"),
        (502, json!("<html>"), "no_token"),
        (200, Json::Null, "no_token"),
        (200, json!([]), "no_token"),
        (200, json!({}), "no_token"),
        (200, json!({ "access_token": 7, "entity_id": "me", "expires_in": 1 }), "no_token"),
        (200, json!({ "access_token": "", "entity_id": "me", "expires_in": 1 }), "no_token"),
        (200, json!({ "access_token": "s", "entity_id": null, "expires_in": 1 }), "no_token"),
        (200, json!({ "access_token": "s", "entity_id": "", "expires_in": 60 }), "no_token"),
        (200, json!({ "access_token": "s", "entity_id": "me", "expires_in": "1" }), "no_token"),
        (200, json!({ "access_token": "s", "entity_id": "me", "expires_in": 0 }), "no_token"),
        (200, json!({ "access_token": "s", "entity_id": "me", "expires_in": -1 }), "no_token"),
        (200, json!({ "oauth_exception": 7 }), "no_token"),
    ];
    for (status, body, reason) in failures {
        let mut hand = Hand::new(&json!({}));
        let calls = [hand.call("getToken", json!({})), hand.call("checkGoals", goals())];
        hand.answer(status, body.clone());
        for call in calls {
            assert_eq!(hand.code(call), "NO_TOKEN", "{status} {body}");
            let error = hand.settled[&call].clone().unwrap_err();
            assert!(error.is_retryable());
            assert_eq!(error.details.clone().unwrap().text(names::REASON).as_deref(), Some(reason), "{status} {body}");
        }
        let told = hand.told("warning").len();
        assert_eq!(told, 1, "{status} {body}");
        let again = hand.call("getToken", json!({}));
        hand.answer(200, good_token("s1"));
        assert_eq!(hand.code(again), "ok", "the next question is a new one");
    }
}

#[test]
fn a_token_service_that_hangs_is_given_up_after_ten_seconds() {
    let mut hand = Hand::new(&json!({}));
    let calls = [hand.call("getToken", json!({})), hand.call("checkGoals", goals())];
    let late = hand.last_asked().ask;
    hand.run(9_999);
    assert_eq!((hand.code(calls[0]), hand.code(calls[1])), ("pending", "pending"));
    hand.run(1);
    assert_eq!((hand.code(calls[0]), hand.code(calls[1])), ("NO_TOKEN", "NO_TOKEN"));
    hand.input(Input::Http {
        ask: late,
        status: 200,
        body: Value::from_json(good_token("late")),
        retry_after_ms: None,
    });
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false, "too late");
}

#[test]
fn a_token_service_that_refuses_has_the_last_word() {
    for kind in ["oauth_exception", "identity_exception"] {
        for word in ["access_denied", "invalid_client", "unauthorized_client", "invented_tomorrow"] {
            let mut hand = Hand::new(&json!({}));
            let calls = [hand.call("getToken", json!({})), hand.call("checkGoals", goals())];
            hand.answer(401, json!({ kind: word, "exception_description": "why" }));
            for call in calls {
                assert_eq!(hand.code(call), word.to_uppercase());
                let error = hand.settled[&call].clone().unwrap_err();
                assert_eq!((error.message.as_str(), error.is_retryable()), ("why", false));
                assert_eq!(error.details.clone().unwrap().text(names::EXCEPTION).as_deref(), Some(kind));
            }
        }
    }
}

#[test]
fn tokens_of_a_short_life_are_used_all_the_same() {
    for seconds in [1, 20, 30, 31] {
        let mut hand = Hand::new(&json!({}));
        let calls = [hand.call("checkGoals", goals()), hand.call("getToken", json!({}))];
        let mut token = good_token("s1");
        token["expires_in"] = json!(seconds);
        hand.answer(200, token);
        assert_eq!(hand.code(calls[1]), "ok", "{seconds} s");
        assert_eq!((hand.asked.len(), hand.last_asked().token.as_deref()), (2, Some("s1")), "{seconds} s");
        hand.answer(200, Json::Null);
        assert_eq!(hand.code(calls[0]), "ok");
    }
}

#[test]
fn numbers_beyond_reason_are_no_tokens_or_long_ones() {
    for seconds in [json!(1e300), json!(1e18), json!(0.0004), json!(u64::MAX)] {
        let mut hand = Hand::new(&json!({}));
        let mut token = good_token("s1");
        token["expires_in"] = seconds.clone();
        let call = hand.call("getToken", json!({}));
        hand.answer(200, token);
        hand.run(120_000);
        assert_ne!(hand.code(call), "pending", "{seconds}");
    }
}

/// What an application's provider gives.
fn given(secret: &str) -> Value {
    Value::from_json(json!({
        "accessToken": secret, "entityId": "theirs", "expiresIn": 60_000, "tokenType": "Bearer",
        "creationDate": 1_772_323_200_000_u64, "organizationId": "org",
    }))
}

#[test]
fn an_application_that_brings_its_tokens_is_asked_for_them() {
    let mut hand = Hand::new(&json!({ "identityProvider": true }));
    let calls = [hand.call("getToken", json!({})), hand.call("checkGoals", goals())];
    assert_eq!((hand.asked.len(), hand.identities.as_slice()), (0, [(1, false)].as_slice()), "asked once");
    hand.input(Input::Identity { ask: 1, token: given("p1") });
    assert_eq!(hand.settled[&calls[0]].as_ref().unwrap()["accessToken"], "p1");
    assert_eq!(hand.told("customer_id"), [&json!("theirs")]);
    assert!(hand.stored.iter().all(|stored| stored["token"].is_null()), "it is theirs to keep");
    assert_eq!(hand.last_asked().token.as_deref(), Some("p1"));
    hand.answer(401, json!({ "error": { "type": "authentication", "message": "" } }));
    let (ask, is_fresh) = *hand.identities.last().unwrap();
    assert!(is_fresh, "the one it gave is no good");
    hand.input(Input::Identity { ask, token: given("p2") });
    assert_eq!(hand.last_asked().token.as_deref(), Some("p2"));
    hand.answer(200, Json::Null);
    assert_eq!(hand.code(calls[1]), "ok");

    for lie in [
        json!(null),
        json!({}),
        json!("p3"),
        json!({ "accessToken": "p3" }),
        json!({ "accessToken": "", "entityId": "x", "expiresIn": 1 }),
    ] {
        let fresh = hand.call("getFreshToken", json!({}));
        let (ask, is_fresh) = *hand.identities.last().unwrap();
        assert!(is_fresh);
        hand.input(Input::Identity { ask, token: Value::from_json(lie.clone()) });
        assert_eq!(hand.code(fresh), "NO_TOKEN", "{lie}");
    }
    let hanging = hand.call("getFreshToken", json!({}));
    hand.run(10_000);
    assert_eq!(hand.code(hanging), "NO_TOKEN");
}

#[test]
fn a_provider_whose_token_was_refused_is_asked_for_a_fresh_one() {
    let mut hand = Hand::new(&json!({ "identityProvider": true }));
    hand.input(Input::Connect);
    let socket = hand.socket.unwrap();
    hand.input(Input::Opened { socket });
    hand.input(Input::Identity { ask: 1, token: given("p1") });
    hand.reply("login", false, &json!({ "error": { "type": "authentication", "message": "no" } }));
    assert_eq!(hand.identities, [(1, false), (2, true)]);
}

#[test]
fn a_line_that_lives_minds_no_token_that_fails_or_does_not_come() {
    let mut hand = Hand::live(&json!({}));
    let asked = hand.asked.len();
    hand.kept = "token";
    hand.run(8 * 3_600_000 * 91 / 100);
    assert!(hand.asked.len() > asked, "the next one is asked for");
    let fresh = hand.call("getFreshToken", json!({}));
    hand.run(20_000);
    assert_eq!((hand.code(fresh), hand.state()), ("NO_TOKEN", "connected"));
    let before = hand.asked.len();
    hand.run(600_000);
    assert!(hand.asked.len() > before, "and asked for again");
    assert!(hand.told("connection_lost").is_empty());
}

#[test]
fn who_has_a_token_does_not_wait_for_its_service() {
    let mut hand = Hand::live(&json!({}));
    let asked = hand.asked.len();
    hand.kept = "token";
    while hand.asked.len() == asked {
        hand.step();
    }
    let (ask, body) = (hand.last_asked().ask, Value::missing());
    hand.input(Input::Http { ask, status: 503, body, retry_after_ms: Some(300_000) });
    let socket = hand.socket.unwrap();
    hand.input(Input::Closed { socket, code: 1006 });
    let retry = hand.told("state").last().unwrap()["retryInMs"].as_u64().unwrap();
    assert!(retry <= 6_000, "{retry}");
    hand.run(retry);
    assert_eq!(hand.state(), "connected");
}

/// Otherwise those who came together, after an outage, would ask together for ever.
#[test]
fn each_page_asks_for_its_next_token_at_another_moment() {
    let moments: Vec<u64> = (1..=20)
        .map(|seed| {
            let server = standin::brain::Config { token_ttl_secs: 600, ..Default::default() };
            let mut sim = Sim::seeded(&json!({}), server, seed << 20);
            sim.connect();
            let came = sim.now;
            sim.until(600_000, |sim| sim.page.token_asks.len() == 2);
            sim.page.token_asks[1] - came
        })
        .collect();
    let (first, last) = (*moments.iter().min().unwrap(), *moments.iter().max().unwrap());
    // Of the ten minutes half a minute is never used.
    assert!(first >= 570_000 * 8 / 10 - 1_000 && last <= 570_000 * 9 / 10, "{moments:?}");
    assert!(last - first > 570_000 / 20, "{moments:?}");
}

#[test]
fn what_a_provider_says_of_its_clock_is_believed_as_far_as_it_can_be() {
    let now = 1_772_323_200_000_u64;
    for (created, left, told) in [
        (json!(now), 3_570_000, now),
        (json!(now - 1_800_000), 1_770_000, now - 1_800_000),
        // One that is older than its life was given now, so it serves once.
        (json!(now - 7_200_000), 1_000, now - 7_200_000),
        (json!(now + 86_400_000), 3_570_000, now),
        (json!(0), 3_570_000, now),
        (Json::Null, 3_570_000, now),
    ] {
        let mut hand = Hand::new(&json!({ "identityProvider": true }));
        let call = hand.call("getToken", json!({}));
        let (ask, _) = hand.identities[0];
        let token = json!({ "accessToken": "p", "entityId": "x", "expiresIn": 3_600_000, "creationDate": created });
        hand.input(Input::Identity { ask, token: Value::from_json(token) });
        assert_eq!(hand.settled[&call].as_ref().unwrap()["creationDate"], told, "{created}");
        hand.run(left - 1);
        assert_eq!(hand.ask("hasToken", json!({})).unwrap(), true, "{created}");
        hand.run(1);
        assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false, "{created}");
    }
}

#[test]
fn a_service_that_fails_again_and_again_is_left_alone_whoever_asks() {
    let mut hand = Hand::new(&json!({}));
    for asked in 1..=2 {
        let call = hand.call("getToken", json!({}));
        assert_eq!(hand.asked.len(), asked, "one failure is none");
        hand.answer(500, Json::Null);
        assert_eq!(hand.code(call), "NO_TOKEN");
    }
    for method in ["getToken", "getFreshToken"] {
        let call = hand.call(method, json!({}));
        assert_eq!((hand.code(call), hand.asked.len()), ("NO_TOKEN", 2), "{method}");
    }
    hand.run(10_000);
    let call = hand.call("getToken", json!({}));
    assert_eq!(hand.asked.len(), 3, "its time has come");
    hand.answer(200, good_token("s"));
    assert_eq!(hand.code(call), "ok");
}

#[test]
fn a_service_that_failed_is_asked_by_each_page_at_another_moment() {
    let waits: Vec<u64> = (1..=20)
        .map(|seed| {
            let mut sim = Sim::seeded(&json!({}), standin::brain::Config::default(), seed << 20);
            sim.fault(json!({ "token_service": { "mode": "error", "status": 500 } }));
            sim.input(Input::Connect);
            sim.until(60_000, |sim| sim.page.token_asks.len() == 2);
            sim.page.token_asks[1] - sim.page.token_asks[0] - 40
        })
        .collect();
    let (first, last) = (*waits.iter().min().unwrap(), *waits.iter().max().unwrap());
    // Or as late as a lost line is tried again.
    assert!(first >= 3_750 && last <= 6_000, "{waits:?}");
    let spread = waits.iter().filter(|wait| **wait < 4_400).count();
    assert!((1..20).contains(&spread), "{waits:?}");
}

#[test]
fn a_token_of_a_short_life_serves_for_half_of_it() {
    for (seconds, left) in [(20, 10_000), (60, 30_000), (90, 60_000), (2, 1_000), (1, 1_000)] {
        let mut hand = Hand::new(&json!({}));
        hand.call("getToken", json!({}));
        let mut token = good_token("s");
        token["expires_in"] = json!(seconds);
        hand.answer(200, token);
        hand.run(left - 1);
        assert_eq!(hand.ask("hasToken", json!({})).unwrap(), true, "{seconds} s");
        hand.run(1);
        assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false, "{seconds} s");
    }
}

/// The wall's clock was set back, or the record was written by hand.
#[test]
fn a_kept_token_from_the_future_is_not_believed() {
    for (skew, asks) in [(0, 0), (-3_600_000, 1)] {
        let mut sim = Sim::connected();
        sim.page.wall_skew_ms = skew;
        sim.page.token_asks.clear();
        sim.reload(&json!({}));
        sim.connect();
        assert_eq!(sim.page.token_asks.len(), asks, "{skew}");
    }
}
