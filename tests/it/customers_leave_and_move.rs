//! A customer logs out, or goes on as another one.

use palaver::json::Value;
use palaver::session::Input;
use serde_json::{Value as Json, json};

use crate::calls_over_http::{TOKEN, goals, with_token};
use crate::hand::{Hand, good_token};
use crate::sim::Sim;

#[test]
fn logging_out_forgets_here_and_there() {
    let mut hand = Hand::live(&json!({ "endpoints": { "accounts": "https://acc.x/" } }));
    hand.push("customer_side_storage_updated", &json!({ "customer_side_storage": { "a": "1" } }));
    hand.kept = "send_event";
    let sending = hand.call("sendMessage", json!({ "chatId": "CHAT", "text": "x" }));
    let web = hand.call("checkGoals", goals());
    hand.stored.clear();
    let call = hand.call("logout", json!({}));
    assert_eq!((hand.state(), hand.socket), ("closed", None), "at once");
    assert_eq!(hand.stored, [json!({ "token": null }), json!({ "side": null })]);
    assert_eq!(hand.session.chats().to_json(), json!([]));
    for waiting in [sending, web] {
        assert_eq!(hand.code(waiting), "LOGGED_OUT");
    }
    let asked = hand.last_asked();
    assert_eq!((asked.verb, asked.url.as_str(), asked.body), ("DELETE", "https://acc.x/v2/customer/token", Json::Null));
    assert!(asked.token.is_some_and(|token| token.starts_with("secret-")));
    assert_eq!(hand.code(call), "pending");
    hand.answer(200, Json::Null);
    assert_eq!(hand.settled[&call].as_ref().unwrap(), &json!({ "success": true }));
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false);
    hand.run(600_000);
    assert_eq!(hand.state(), "closed", "nothing revives it");
    let told = hand.told.len();
    hand.connect();
    assert_eq!(hand.last("login")["payload"]["customer_side_storage"], json!({}));
    let news: Vec<&str> = hand.told[told..].iter().map(|(name, _)| *name).collect();
    assert!(news.contains(&"connected") && news.contains(&"customer_id"), "as if for the first time: {news:?}");
    assert!(!news.contains(&"connection_restored") && !news.contains(&"identity_changed"), "{news:?}");
}

#[test]
fn logging_out_succeeds_whatever_the_platform_says() {
    for (status, body) in
        [(0, Json::Null), (401, json!({ "oauth_exception": "access_denied" })), (500, json!("<html>"))]
    {
        let mut hand = with_token();
        let call = hand.call("logout", json!({}));
        hand.answer(status, body);
        assert_eq!(hand.code(call), "ok", "{status}");
    }
    let mut hand = with_token();
    let call = hand.call("logout", json!({}));
    hand.run(30_000);
    assert_eq!(hand.code(call), "ok", "no answer");
    let again = hand.call("logout", json!({}));
    assert_eq!((hand.code(again), hand.asked.len()), ("ok", 2), "there is nothing left to revoke");
}

#[test]
fn a_token_that_comes_after_the_logout_is_not_kept() {
    let mut hand = Hand::new(&json!({}));
    let waiting = hand.call("getToken", json!({}));
    let late = hand.last_asked().ask;
    hand.call("logout", json!({}));
    assert_eq!(hand.code(waiting), "LOGGED_OUT");
    hand.stored.clear();
    hand.input(Input::Http {
        ask: late,
        status: 200,
        body: Value::from_json(good_token("late")),
        retry_after_ms: None,
    });
    assert!(hand.stored.is_empty());
    assert_eq!(hand.ask("hasToken", json!({})).unwrap(), false);
}

#[test]
fn after_a_logout_the_token_is_worth_nothing() {
    let (mut sim, chat) = Sim::in_chat();
    let customer = sim.told("customer_id")[0].clone();
    let token = sim.stored_token.clone();
    sim.ask("logout", json!({})).unwrap();
    assert_eq!((sim.state(), &sim.stored_token), ("closed", &None));
    sim.connect();
    assert_eq!(*sim.told("customer_id").pop().unwrap(), customer, "the browser's cookies say who it is");
    assert_eq!(sim.told("connected").len(), 2);
    assert_eq!(sim.session.chats().to_json()[0]["id"], *chat);
    // The old one again, as if it had been copied.
    sim.input(Input::Disconnect);
    sim.stored_token = token;
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(sim.told("warning")[0]["code"], "LOGIN", "it was refused");
}

#[test]
fn what_an_earlier_page_kept_is_revoked_too() {
    let mut sim = Sim::connected();
    let token = sim.stored_token.clone();
    sim.reload(&json!({}));
    sim.ask("logout", json!({})).unwrap();
    assert_eq!(sim.stored_token, None);
    sim.stored_token = token;
    sim.reload(&json!({}));
    sim.connect();
    assert_eq!(sim.told("warning").len(), 1, "the server refuses it now");
}

#[test]
fn a_customer_moves_to_another_device() {
    let (mut phone, chat) = Sim::in_chat();
    phone.ask("sendMessage", json!({ "chatId": chat, "text": "from the phone" })).unwrap();
    let customer = phone.told("customer_id")[0].clone();
    phone.input(Input::Disconnect);
    phone.run(100);
    let transfer = phone.ask("requestIdentityTransfer", json!({})).unwrap();
    assert_eq!(transfer["expiresIn"], 3_600_000);

    let mut desk = Sim::new();
    desk.now = phone.now;
    desk.brain = phone.brain.take();
    desk.connect();
    let stranger = desk.told("customer_id")[0].clone();
    assert_ne!(customer, stranger);
    let own = desk.start_chat();
    desk.link.is_silent = true;
    let unsent = desk.say(&own, "never mind");
    desk.run(100);
    desk.link.is_silent = false;
    let code = transfer["identityTransferToken"].clone();
    let done = desk.ask("acceptIdentityTransfer", json!({ "code": code })).unwrap();
    assert_eq!(done, json!({ "success": true }));
    desk.until(5_000, |sim| sim.told("connected").len() == 2);
    assert_eq!(desk.told("identity_changed"), [&json!({ "previousId": stranger, "newId": customer })]);
    assert_eq!(*desk.told("customer_id")[1], customer);
    assert_eq!(desk.settled[&unsent].as_ref().unwrap_err().code, "IDENTITY_CHANGED");
    let chats = desk.session.chats().to_json();
    assert_eq!((chats.as_array().unwrap().len(), &chats[0]["id"]), (1, &json!(chat)), "the old ones are gone");
    assert_eq!(desk.stored_token.as_ref().unwrap()["entityId"], customer);
    desk.ask("sendMessage", json!({ "chatId": chat, "text": "from the desk" })).unwrap();
    assert_eq!(desk.texts(&chat), ["from the phone", "from the desk"]);
    let error = desk.ask("acceptIdentityTransfer", json!({ "code": code })).unwrap_err();
    assert_eq!(error.code, "INVALID_GRANT", "a code serves once");
    assert_eq!(desk.state(), "connected");
    assert_eq!(desk.told("identity_changed").len(), 1);
}

#[test]
fn an_identity_transfer_says_what_the_platform_wants_to_hear() {
    let mut hand = with_token();
    let call = hand.call("requestIdentityTransfer", json!({ "codeChallenge": "ch" }));
    let asked = hand.last_asked();
    let url = "https://accounts.livechat.com/v2/customer/identity_transfer";
    assert_eq!((asked.verb, asked.url.as_str(), asked.token.as_deref()), ("POST", url, Some("s1")));
    assert_eq!(asked.body, json!({ "code_challenge": "ch", "bearer_type": "customer", "client_id": "client" }));
    hand.answer(200, json!({ "identity_transfer_token": "T", "expires_in": 3600 }));
    assert_eq!(hand.settled[&call].as_ref().unwrap(), &json!({ "identityTransferToken": "T", "expiresIn": 3_600_000 }));

    let call = hand.call("acceptIdentityTransfer", json!({ "code": "T", "codeVerifier": "v" }));
    let asked = hand.last_asked();
    assert_eq!((asked.verb, asked.url.as_str(), asked.token), ("POST", TOKEN, None));
    assert_eq!(
        asked.body,
        json!({
            "code": "T", "code_verifier": "v", "grant_type": "identity_token", "response_type": "token",
            "client_id": "client",
        })
    );
    let mut other = good_token("s2");
    other["entity_id"] = json!("other");
    hand.answer(200, other);
    assert_eq!(hand.code(call), "ok");
    assert_eq!(hand.told("identity_changed"), [&json!({ "previousId": "me", "newId": "other" })]);
    assert_eq!(hand.state(), "idle", "nobody asked for a line");

    for (status, body, code) in [
        (401, json!({ "oauth_exception": "invalid_grant" }), "INVALID_GRANT"),
        (500, json!("<html>"), "NO_TOKEN"),
        (200, json!({ "access_token": "x" }), "NO_TOKEN"),
    ] {
        let call = hand.call("acceptIdentityTransfer", json!({ "code": "T" }));
        hand.answer(status, body);
        assert_eq!(hand.code(call), code);
        assert_eq!(hand.told("identity_changed").len(), 1);
    }
    let mut hand = Hand::new(&json!({ "identityProvider": true }));
    let call = hand.call("acceptIdentityTransfer", json!({ "code": "T" }));
    assert_eq!((hand.code(call), hand.asked.len()), ("UNSUPPORTED", 0));
}
