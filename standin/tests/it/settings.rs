//! What is set about the office, and asked before or beside a chat.

use serde_json::{Value, json};
use standin::brain::HttpRequest;

use super::office::Office;

#[test]
fn properties_of_license_and_groups_are_asked_by_namespace_and_name() {
    let mut office = Office::new();
    office.does("license_properties", json!({ "properties": { "a": { "x": 1, "y": "z" }, "b": { "x": true } } }));
    office.does("license_properties", json!({ "properties": { "a": { "x": 2 } } }));
    office.does("group_properties", json!({ "group_id": 1, "properties": { "a": { "x": 7 } } }));
    for (method, query, wanted) in [
        ("list_license_properties", "", json!({ "a": { "x": 2, "y": "z" }, "b": { "x": true } })),
        ("list_license_properties", "namespace=a", json!({ "a": { "x": 2, "y": "z" } })),
        ("list_license_properties", "name=y", json!({ "a": { "y": "z" } })),
        ("list_license_properties", "namespace=c", json!({})),
        ("list_group_properties", "id=1", json!({ "a": { "x": 7 } })),
        ("list_group_properties", "id=0", json!({})),
    ] {
        assert_eq!(office.get("3.6", method, query).to_json(), wanted, "{method} {query}");
    }
    for (query, kind) in [("", "validation"), ("id=x", "validation"), ("id=9", "group_not_found")] {
        let answer = office.get("3.6", "list_group_properties", query).to_json();
        assert_eq!(answer["error"]["type"], json!(kind), "{query}");
    }
    assert_eq!(office.control("group_properties", json!({ "group_id": 9, "properties": {} })).status, 404);
}

#[test]
fn versions_change_with_what_they_stand_for() {
    let mut office = Office::new();
    let versions = |office: &mut Office| {
        let told = office.get("3.6", "get_dynamic_configuration", "").to_json()["livechat"].clone();
        (told["config_version"].clone(), told["localization_version"].clone())
    };
    let first = versions(&mut office);
    office.does("localization", json!({ "language": "de", "phrases": { "hello": "Hallo %name%" } }));
    let second = versions(&mut office);
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
    office.does("license_properties", json!({ "properties": { "a": { "x": 1 } } }));
    assert_ne!(second.0, versions(&mut office).0);
    let ask = |language: &str| format!("group_id=0&language={language}&version=1");
    assert_eq!(office.get("3.6", "get_localization", &ask("de")).to_json(), json!({ "hello": "Hallo %name%" }));
    assert_eq!(office.get("3.6", "get_localization", &ask("fr")).to_json(), json!({}));
    let bad = json!({ "language": "de", "phrases": { "hello": 7 } });
    assert_eq!(office.control("localization", bad).status, 400);
}

#[test]
fn the_dynamic_configuration_has_the_shape_of_its_version() {
    let mut office = Office::new();
    office.does("page_group", json!({ "url": "/pricing", "group_id": 1 }));
    for group_id in [0, 1] {
        office.does("group_status", json!({ "group_id": group_id, "status": "offline" }));
    }
    let new = office.get("3.6", "get_dynamic_configuration", "url=https%3A%2F%2Fx.example%2Fpricing").to_json();
    assert_eq!((&new["default_widget"], &new["livechat"]["group_id"]), (&json!("livechat"), &json!(1)));
    assert_eq!(new["livechat"].get("online_group_ids"), None, "nobody is online");
    let old = office.get("3.5", "get_dynamic_configuration", "group_id=1").to_json();
    assert_eq!((&old["group_id"], old.get("default_widget"), old.get("livechat")), (&json!(1), None, None));
    let by_license = HttpRequest {
        method: "GET".to_owned(),
        path: "/v3.6/customer/action/get_dynamic_configuration".to_owned(),
        query: "license_id=104".to_owned(),
        ..HttpRequest::default()
    };
    assert!(office.http(by_license).to_json()["organization_id"].as_str().unwrap().ends_with("000000000104"));
    for (query, status) in [("group_id=9", 404), ("group_id=x", 400), ("test=maybe", 400)] {
        assert_eq!(office.get("3.6", "get_dynamic_configuration", query).status, status, "{query}");
    }
}

#[test]
fn the_configuration_shows_buttons_and_properties() {
    let mut office = Office::new();
    office.does("group_properties", json!({ "group_id": 0, "properties": { "a": { "x": 1 } } }));
    let told = office.get("3.6", "get_configuration", "group_id=0&version=1").to_json();
    assert_eq!(told["properties"], json!({ "group": { "a": { "x": 1 } }, "license": {} }));
    assert_eq!((&told["buttons"][0]["type"], told.get("prechat_form")), (&json!("text"), None));
    for query in ["version=1", "group_id=0"] {
        assert_eq!(office.get("3.6", "get_configuration", query).status, 400, "{query}");
    }
}

#[test]
fn what_is_known_about_an_address_was_set() {
    let mut office = Office::new();
    let me = office.customer();
    let url = "https://example.com/a";
    let ask = |office: &mut Office| office.ask(me.conn, "get_url_info", json!({ "url": url }));
    assert_eq!(ask(&mut office), json!({ "url": url }));
    let info = json!({ "url": url, "title": "A", "image_url": "cdn.example/a.png", "image_width": 7 });
    office.does("url_info", info.clone());
    assert_eq!(ask(&mut office), info);
}

#[test]
fn the_version_may_stand_in_a_header() {
    let mut office = Office::new();
    let me = office.customer();
    let path = format!("/customer/action/list_chats?organization_id={}", super::office::ORGANIZATION);
    let request = HttpRequest::post(&path, &json!({})).header("authorization", &format!("Bearer {}", me.token));
    assert_eq!(office.http(request.clone()).to_json()["error"]["type"], json!("unsupported_version"));
    assert_eq!(office.http(request.header("x-api-version", "3.6")).to_json()["total_chats"], json!(0));
}

#[test]
fn agents_tell_customers_things_that_are_no_events() {
    let mut office = Office::new();
    let (me, other) = (office.customer(), office.customer_at("3.5"));
    let chat = office.chat(&me);
    office.does("multicast", json!({ "content": { "n": 1 } }));
    let said = ("incoming_multicast".to_owned(), json!({ "content": { "n": 1 } }));
    assert_eq!((office.push(me.conn), office.push(other.conn)), (said.clone(), said));
    office.does("side_storage", json!({ "customer_id": me.id, "customer_side_storage": { "k": "v" } }));
    let kept = json!({ "customer_side_storage": { "k": "v" } });
    assert_eq!(office.push(me.conn), ("customer_side_storage_updated".to_owned(), kept));
    assert!(office.pushes(other.conn).is_empty());

    let own = |action: &str, office: &mut Office| {
        let (name, payload) = office.push(me.conn);
        assert_eq!((name.as_str(), &payload["chat_id"]), (action, &json!(chat)));
        assert!(payload["thread_id"].is_string());
        payload
    };
    office.does("thinking", json!({ "chat_id": chat, "title": "Hm", "custom_id": "t" }));
    let thought: Value = own("incoming_thinking_indicator", &mut office);
    assert_eq!((&thought["title"], &thought["custom_id"]), (&json!("Hm"), &json!("t")));
    assert!(thought["sent_at"].is_string() && thought["author_id"].is_string());
    office.does("preview", json!({ "chat_id": chat, "text": "We", "custom_id": "t" }));
    let draft = own("incoming_event_preview", &mut office)["event"].clone();
    assert_eq!((&draft["text"], &draft["custom_id"], draft.get("id")), (&json!("We"), &json!("t"), None));
}

#[test]
fn an_agent_changes_what_is_known_about_a_customer() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    let ada = "ada1c0de5b0f4c1e9d2a7f6e8b3c4d10";
    office.does("update_customer", json!({ "name": "Ada", "email": "a@b.example", "agent_id": ada }));
    let pushes = office.pushes(me.conn);
    assert_eq!((pushes[0].0.as_str(), &pushes[0].1["name"]), ("customer_updated", &json!("Ada")));
    let text = "Ada Agent has changed customer's name and email to Ada, a@b.example";
    assert_eq!(pushes[1].1["event"]["text"], json!(text));
    office.does("update_customer", json!({ "session_fields": [{ "plan": "pro" }] }));
    assert_eq!(office.push(me.conn).0, "customer_updated");
    assert_eq!(office.control("update_customer", json!({})).status, 400);
    assert_eq!(office.control("update_customer", json!({ "session_fields": [7] })).status, 400);
}
