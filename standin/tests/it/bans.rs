//! Somebody who is banned is out, and stays out.

use serde_json::json;

use super::office::{End, Office};

#[test]
fn a_ban_ends_the_chat_and_every_socket_and_bars_the_way_back() {
    let mut office = Office::new();
    let (me, other) = (office.customer(), office.customer());
    let second = office.again(&me.token, "3.5");
    let chat = office.chat(&me);
    office.texts(second);
    office.does("ban", json!({ "chat_id": chat, "days": 2 }));
    for conn in [me.conn, second] {
        let pushes = office.pushes(conn);
        let said = &pushes[0].1["event"];
        assert_eq!(said["text"], json!("Chat archived because customer was banned by Ada Agent for 2 day(s)"));
        assert_eq!(pushes[1].0, "chat_deactivated");
        assert_eq!(pushes[2], ("customer_disconnected".to_owned(), json!({ "reason": "customer_banned" })));
        assert_eq!(office.ends.get(&conn), Some(&End::Closed(1000, "customer_banned".to_owned())));
    }
    assert!(office.pushes(other.conn).is_empty());

    let conn = office.open("3.6");
    office.send(conn, "l", "login", json!({ "token": format!("Bearer {}", me.token) }));
    let frames = office.frames(conn);
    assert_eq!(frames[0]["payload"]["error"]["type"], json!("customer_banned"));
    assert_eq!(frames[1]["payload"], json!({ "reason": "customer_banned" }));
    let refused = office.web(&me, "list_chats", &json!({}));
    assert_eq!((refused.status, &refused.to_json()["error"]["type"]), (403, &json!("customer_banned")));
}

#[test]
fn a_ban_is_over_in_time_or_when_it_is_lifted() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("ban", json!({ "customer_id": me.id }));
    assert_eq!(office.web(&me, "list_chats", &json!({})).status, 403);
    assert_eq!(office.control("ban", json!({ "chat_id": "NOBODYS000" })).status, 404);
    office.does("unban", json!({ "customer_id": me.id }));
    office.again(&me.token, "3.6");
    office.does("ban", json!({ "days": u32::MAX }));
    office.does("ban", json!({}));
    let fresh = {
        office.pass(24.0 * 3600.0);
        let body = json!({
            "grant_type": "agent_token", "client_id": "c", "response_type": "token", "entity_id": me.id
        });
        let request = standin::brain::HttpRequest::post("/v2/customer/token", &body);
        office.http(request.header("authorization", "Bearer agent")).to_json()
    };
    office.again(fresh["access_token"].as_str().unwrap(), "3.6");
}
