//! Requests that are judged by their heads, before their bodies are read.

use serde_json::json;
use standin::brain::{Admission, HttpRequest};

use super::office::{Customer, ORGANIZATION, Office};

const MEGABYTE: usize = 1024 * 1024;

fn head(path: &str, length: Option<usize>) -> HttpRequest {
    let request = HttpRequest { method: "POST".to_owned(), path: path.to_owned(), ..HttpRequest::default() };
    let request = HttpRequest { query: format!("organization_id={ORGANIZATION}"), ..request };
    match length {
        Some(length) => request.header("content-length", &length.to_string()),
        None => request.header("transfer-encoding", "chunked"),
    }
}

fn of(customer: &Customer, request: HttpRequest) -> HttpRequest {
    request.header("authorization", &format!("Bearer {}", customer.token))
}

/// The status of a refusal, or the limit.
fn judged(office: &Office, head: &HttpRequest) -> Result<usize, u16> {
    match office.brain.admission(head) {
        Admission::Read { limit } => Ok(limit),
        Admission::Refuse(answer) => Err(answer.status),
    }
}

#[test]
fn long_body_is_wanted_only_of_a_known_customer_and_for_a_file() {
    let mut office = Office::new();
    let me = office.customer();
    let (upload, send) = ("/v3.6/customer/action/upload_file", "/customer/action/send_event");
    let send_head = |length| of(&me, head(send, length).header("x-api-version", "3.6"));
    for (request, verdict) in [
        (head(upload, Some(10 * MEGABYTE)), Err(401)),
        (head(upload, None), Err(401)),
        (of(&me, head(upload, Some(10 * MEGABYTE))), Ok(15 * MEGABYTE)),
        (of(&me, head(upload, None)), Ok(15 * MEGABYTE)),
        (of(&me, head(upload, Some(16 * MEGABYTE))), Err(413)),
        (of(&me, head(upload, Some(usize::MAX))), Err(413)),
        (send_head(Some(MEGABYTE)), Ok(MEGABYTE)),
        (send_head(Some(MEGABYTE + 1)), Err(413)),
        (of(&me, head("/v9/customer/action/upload_file", Some(MEGABYTE))), Err(400)),
        (head("/v2/customer/token", Some(MEGABYTE)), Err(413)),
        (head("/control/file", Some(14 * MEGABYTE)), Ok(15 * MEGABYTE)),
        (head("/control/file", Some(16 * MEGABYTE)), Err(413)),
    ] {
        assert_eq!(judged(&office, &request), verdict, "{request:?}");
    }
    let nonsense = HttpRequest { headers: Vec::new(), ..head(upload, None) }.header("content-length", "1e9");
    assert_eq!(judged(&office, &nonsense), Err(401), "a length that cannot be read may be any");
}

#[test]
fn short_body_is_read_before_anything_is_decided() {
    let office = Office::new();
    for path in ["/v3.6/customer/action/send_event", "/v2/customer/token", "/v3.6/customer/action/upload_file"] {
        assert_eq!(judged(&office, &head(path, Some(1000))), Ok(64 * 1024), "{path}");
        let none = HttpRequest { headers: Vec::new(), ..head(path, None) };
        assert_eq!(judged(&office, &none), Ok(64 * 1024), "{path}");
    }
}

#[test]
fn refusal_by_the_head_can_be_read_by_a_page_and_uses_up_no_fault() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("fail", json!({ "type": "internal" }));
    let request = head("/v3.6/customer/action/upload_file", Some(90 * MEGABYTE));
    let Admission::Refuse(answer) = office.brain.admission(&request) else { panic!("admitted") };
    assert_eq!(answer.to_json()["error"]["type"], json!("authentication"));
    assert_eq!(answer.get("access-control-allow-origin"), Some("*"));
    let token = head("/v2/customer/token", Some(MEGABYTE)).header("origin", "http://page.example");
    let Admission::Refuse(answer) = office.brain.admission(&token) else { panic!("admitted") };
    assert_eq!(answer.get("access-control-allow-origin"), Some("http://page.example"));
    assert_eq!(office.refused(me.conn, "list_chats", json!({})), "internal");
}
