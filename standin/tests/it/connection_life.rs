//! Opening, logging in, staying, and being sent away.

use serde_json::json;
use standin::brain::Config;

use super::office::{End, ORGANIZATION, Office, message};

fn reason(office: &mut Office, conn: u64) -> String {
    let frames = office.frames(conn);
    let last = frames.last().expect("a last word");
    assert_eq!(last["action"], json!("customer_disconnected"));
    assert!(matches!(office.ends.get(&conn), Some(End::Closed(..))), "{:?}", office.ends.get(&conn));
    last["payload"]["reason"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_does_not_log_in_within_thirty_seconds_is_sent_away() {
    let mut office = Office::new();
    let conn = office.open("3.6");
    office.pass(29.0);
    office.ask(conn, "ping", json!({}));
    assert!(office.ends.is_empty());
    office.pass(1.0);
    assert_eq!(reason(&mut office, conn), "connection_timeout");
}

#[test]
fn any_frame_or_pong_keeps_a_socket_and_silence_ends_it() {
    let mut office = Office::new();
    let me = office.customer();
    office.pass_alive(me.conn, 120);
    assert!(office.ends.is_empty());
    assert_eq!(office.pings.len(), 10);
    office.pass(29.0);
    assert!(office.ends.is_empty());
    office.pass(1.0);
    assert_eq!(reason(&mut office, me.conn), "connection_timeout");
}

#[test]
fn an_expired_token_ends_the_socket_and_the_next_login() {
    let mut office = Office::with(Config { token_ttl_secs: 40, ..Config::default() });
    let me = office.customer();
    office.pass_alive(me.conn, 30);
    office.pass(10.0);
    assert_eq!(reason(&mut office, me.conn), "access_token_expired");
    let conn = office.open("3.6");
    let login = json!({ "token": format!("Bearer {}", me.token) });
    assert_eq!(office.refused(conn, "login", login), "authentication");
}

#[test]
fn wrong_addresses_are_refused_in_words() {
    let mut office = Office::new();
    let own = format!("organization_id={ORGANIZATION}");
    for (path, query, expected) in [
        ("/v9.9/customer/rtm/ws", own.as_str(), "unsupported_version"),
        ("/v3.6/customer/rtm/ws", "", "license_not_found"),
        ("/v3.6/customer/rtm/ws", "organization_id=00000000-0000-0000-0000-000000000404", "license_not_found"),
        ("/v3.5/customer/rtm/ws", "organization_id=00000000-0000-0000-0000-000000000402", "license_expired"),
        ("/v3.5/customer/rtm/ws", "organization_id=00000000-0000-0000-0000-000000000421", "misdirected_connection"),
    ] {
        let conn = office.open_at(path, query);
        assert_eq!(reason(&mut office, conn), expected);
    }
}

#[test]
fn nothing_but_login_and_ping_works_before_the_login() {
    let mut office = Office::new();
    let conn = office.open("3.5");
    assert_eq!(office.ask(conn, "ping", json!({})), json!({}));
    assert_eq!(office.refused(conn, "list_chats", json!({})), "authorization");
    for token in ["", "dal:nobody", "Bearer dal:nobody"] {
        assert_eq!(office.refused(conn, "login", json!({ "token": token })), "authentication", "{token}");
    }
    let token = office.token()["access_token"].clone();
    let bare = json!({ "token": token });
    assert_eq!(office.refused(conn, "login", bare), "authentication", "the scheme belongs to the token");
}

#[test]
fn a_token_is_good_for_its_own_organization_only() {
    let mut office = Office::new();
    let token = office.token()["access_token"].as_str().unwrap().to_owned();
    let conn = office.open_at("/v3.6/customer/rtm/ws", "organization_id=another");
    assert_eq!(office.refused(conn, "login", json!({ "token": format!("Bearer {token}") })), "authentication");
}

#[test]
fn pushes_come_as_subscribed() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let mut login = |pushes| {
        let conn = office.open("3.5");
        let token = format!("Bearer {}", me.token);
        office.ask(conn, "login", json!({ "token": token, "pushes": pushes }));
        conn
    };
    let narrow = login(json!({ "3.5": ["chat_deactivated", "customer_page_updated"] }));
    let none = login(json!({ "3.5": [] }));
    let both = login(json!({ "3.5": ["all"], "3.6": ["incoming_event"], "9.9": ["all"] }));
    office.say(&me, &chat, "hello");
    office.ask(me.conn, "deactivate_chat", json!({ "id": chat }));
    assert_eq!(office.push_names(narrow), ["chat_deactivated"]);
    assert!(office.push_names(none).is_empty());
    let versions: Vec<_> = office.frames(both).into_iter().map(|frame| frame["version"].clone()).collect();
    assert_eq!(versions, ["3.5", "3.6", "3.5", "3.6", "3.5"]);
}

#[test]
fn pushes_that_came_with_3_6_do_not_reach_a_3_5_socket() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let old = office.again(&me.token, "3.5");
    let id = office.say(&me, &chat, "oops");
    office.texts(old);
    let thread = office.brain.thread_ids(&chat)[0].clone();
    let delete = json!({ "chat_id": chat, "thread_id": thread, "event_id": id });
    assert_eq!(office.refused(old, "delete_event", delete.clone()), "validation");
    assert_eq!(office.ask(me.conn, "delete_event", delete), json!({}));
    assert_eq!(office.push_names(me.conn), ["event_deleted"]);
    assert!(office.push_names(old).is_empty());
    let threads = office.ask(old, "list_threads", json!({ "chat_id": chat }));
    assert_eq!(threads["threads"][0]["events"], json!([]));
    assert!(office.say(&me, &chat, "again").ends_with("_2"), "a deleted event's number stays taken");
}

#[test]
fn a_request_may_name_a_higher_version_and_not_a_lower_one() {
    let mut office = Office::new();
    let new = office.customer_at("3.6");
    let old = office.customer_at("3.5");
    for (conn, version, works) in
        [(new.conn, "3.5", false), (new.conn, "3.6", true), (old.conn, "3.6", true), (old.conn, "3.4", false)]
    {
        office.frame(conn, &json!({ "request_id": "v", "version": version, "action": "list_chats" }).to_string());
        assert_eq!(office.frames(conn)[0]["success"], json!(works), "{version}");
    }
}

#[test]
fn the_login_names_everything_the_vendors_client_reads() {
    let mut office = Office::new();
    let token = office.token();
    let conn = office.open("3.5");
    let login = json!({
        "token": format!("Bearer {}", token["access_token"].as_str().unwrap()),
        "customer": { "name": "Ada", "email": "ada@example.com" }, "customer_page": { "url": "http://x/" },
        "customer_side_storage": {}, "is_mobile": false, "application": { "name": "customer_sdk", "version": "4.0.2" }
    });
    let answer = office.ask(conn, "login", login);
    assert_eq!(answer["customer"]["id"], token["entity_id"]);
    assert_eq!(answer["customer"]["name"], json!("Ada"));
    assert_eq!(answer["customer"]["statistics"]["page_views_count"], json!(1));
    assert_eq!((&answer["chats"], &answer["has_active_thread"]), (&json!([]), &json!(false)));
    let config = &answer["__priv_dynamic_config"];
    assert_eq!(config["online_groups_ids"], json!([0, 1]));
    assert_eq!(config["customer_groups"]["monitoring"]["id"], json!(0));
}

#[test]
fn a_socket_that_is_gone_is_forgotten() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let other = office.again(&me.token, "3.6");
    office.input(standin::brain::Input::Closed { conn: other });
    office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": message("alone") }));
    assert!(office.frames(other).is_empty());
    assert_eq!(office.brain.connections(), [(me.conn, Some(me.id))]);
}
