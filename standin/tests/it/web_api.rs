//! The same methods over HTTP.

use serde_json::json;
use standin::brain::{Fault, HttpRequest};

use super::office::{Customer, ORGANIZATION, Office, message};

#[test]
fn a_chat_can_be_led_over_http_and_sockets_hear_of_it() {
    let mut office = Office::new();
    let me = office.customer();
    let started = office.web(&me, "start_chat", &json!({}));
    assert_eq!(started.status, 200);
    let chat = started.to_json()["chat_id"].clone();
    let sent = office.web(&me, "send_event", &json!({ "chat_id": chat, "event": message("hi") })).to_json();
    let frames = office.frames(me.conn);
    assert_eq!(
        frames.iter().map(|frame| frame["action"].clone()).collect::<Vec<_>>(),
        ["incoming_chat", "incoming_event"]
    );
    assert!(frames.iter().all(|frame| frame.get("request_id").is_none()));
    let threads = office.web(&me, "list_threads", &json!({ "chat_id": chat })).to_json();
    assert_eq!(threads["threads"][0]["events"][0]["id"], sent["event_id"]);
    assert_eq!(office.web(&me, "deactivate_chat", &json!({ "id": chat })).to_json(), json!({}));
}

#[test]
fn errors_have_the_status_of_their_type() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.ask(me.conn, "deactivate_chat", json!({ "id": chat }));
    let stranger = Customer { token: "dal:nobody".to_owned(), ..me.clone() };
    for (who, method, body, status, kind) in [
        (&me, "send_event", json!({ "chat_id": chat, "event": message("x") }), 422, "chat_inactive"),
        (&me, "send_event", json!({}), 400, "validation"),
        (&me, "get_chat", json!({ "chat_id": "NOBODYS000" }), 404, "not_found"),
        (&me, "start_chat", json!({}), 422, "limit_reached"),
        (&me, "nonsense", json!({}), 400, "validation"),
        (&me, "login", json!({}), 400, "validation"),
        (&stranger, "list_chats", json!({}), 401, "authentication"),
    ] {
        let answer = office.web(who, method, &body);
        assert_eq!((answer.status, &answer.to_json()["error"]["type"]), (status, &json!(kind)), "{method}");
        assert_eq!(answer.get("access-control-allow-origin"), Some("*"));
    }
    let bearer = format!("Bearer {}", me.token);
    for (path, status, kind) in [
        ("/v9.9/customer/action/list_chats?organization_id=x", 400, "unsupported_version"),
        ("/v3.6/customer/action/list_chats", 400, "validation"),
        ("/v3.6/customer/action/list_chats?organization_id=another", 401, "authentication"),
        (
            "/v3.6/customer/action/list_chats?organization_id=00000000-0000-0000-0000-000000000421",
            421,
            "misdirected_request",
        ),
    ] {
        let answer = office.http(HttpRequest::post(path, &json!({})).header("authorization", &bearer));
        assert_eq!((answer.status, &answer.to_json()["error"]["type"]), (status, &json!(kind)), "{path}");
    }
}

#[test]
fn the_preflight_allows_what_a_browser_sends() {
    let mut office = Office::new();
    let preflight = HttpRequest {
        method: "OPTIONS".to_owned(),
        path: "/v3.5/customer/action/check_goals".to_owned(),
        query: format!("organization_id={ORGANIZATION}"),
        headers: vec![("origin".to_owned(), "http://x.example".to_owned())],
        body: Vec::new(),
    };
    let answer = office.http(preflight);
    assert_eq!((answer.status, answer.get("access-control-allow-origin")), (204, Some("*")));
    let headers = answer.get("access-control-allow-headers").unwrap();
    assert!(headers.contains("authorization") && headers.contains("content-type"), "{headers}");
    assert_eq!(answer.get("access-control-allow-credentials"), None);
}

#[test]
fn too_many_requests_pass_by_themselves() {
    let mut office = Office::new();
    let me = office.customer();
    office.fault(Fault::RateLimit { count: 2 });
    assert_eq!(office.web(&me, "list_chats", &json!({})).status, 429);
    assert_eq!(office.refused(me.conn, "list_chats", json!({})), "too_many_requests");
    assert_eq!(office.web(&me, "list_chats", &json!({})).status, 200);
}

#[test]
fn a_widget_is_configured_before_anybody_is_known() {
    let mut office = Office::new();
    let mut get = |path: &str, query: &str| {
        office.http(HttpRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..HttpRequest::default()
        })
    };
    let own = format!("organization_id={ORGANIZATION}");
    let new = get("/v3.6/customer/action/get_dynamic_configuration", &own).to_json();
    assert_eq!((&new["default_widget"], &new["livechat"]["online_group_ids"]), (&json!("livechat"), &json!([0, 1])));
    let old = get("/v3.5/customer/action/get_dynamic_configuration", &own).to_json();
    assert_eq!((&old["organization_id"], &old["online_group_ids"]), (&json!(ORGANIZATION), &json!([0, 1])));
    assert_eq!(get("/v3.6/customer/action/get_configuration", &own).status, 400);
    assert_eq!(get("/v3.6/customer/action/list_license_properties", &own).to_json(), json!({}));
    assert_eq!(get("/v3.6/customer/action/list_chats", &own).status, 400);
}
