//! Files: taken in, refused, sent, kept, forgotten.

use serde_json::{Value, json};
use standin::brain::{Brain, Config, HttpRequest, HttpResponse, Record};

use super::office::{Customer, ORGANIZATION, Office};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01\x00\x00\x00\x00\x80\x08\x06";

fn form(name: &str, kind: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let head = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    ("multipart/form-data; boundary=frontier".to_owned(), [head.as_bytes(), bytes, b"\r\n--frontier--\r\n"].concat())
}

fn upload(office: &mut Office, me: &Customer, name: &str, kind: &str, bytes: &[u8]) -> HttpResponse {
    let (content_type, body) = form(name, kind, bytes);
    let path = format!("/v3.6/customer/action/upload_file?organization_id={ORGANIZATION}");
    let mut request = HttpRequest::post(&path, &json!(null)).header("content-type", &content_type);
    request.body = body;
    office.http(request.header("authorization", &format!("Bearer {}", me.token)))
}

fn url(answer: &HttpResponse) -> String {
    assert_eq!(answer.status, 200, "{}", answer.to_json());
    answer.to_json()["url"].as_str().unwrap().to_owned()
}

fn send(office: &mut Office, me: &Customer, chat: &str, event: Value) -> Value {
    office.texts(me.conn);
    office.ask(me.conn, "send_event", json!({ "chat_id": chat, "event": event }))
}

#[test]
fn an_image_is_sent_with_all_that_is_known_about_it() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let answer = upload(&mut office, &me, "my photo.png", "application/x-lie", PNG);
    assert_eq!(answer.get("access-control-allow-origin"), Some("*"));
    let url = url(&answer);
    assert!(url.starts_with("http://127.0.0.1:8080/files/") && url.ends_with("/my%20photo.png"), "{url}");
    let event = json!({ "type": "file", "url": url, "alternative_text": "me", "size": 1, "custom_id": "c" });
    let id = send(&mut office, &me, &chat, event)["event_id"].clone();
    let event = office.push(me.conn).1["event"].clone();
    let wanted = json!({
        "id": id, "type": "file", "url": url, "alternative_text": "me", "size": PNG.len(), "custom_id": "c",
        "name": "my photo.png", "content_type": "image/png", "width": 256, "height": 128,
        "thumbnail_url": format!("{url}?size=300"), "thumbnail2x_url": format!("{url}?size=600"),
        "created_at": event["created_at"], "author_id": me.id
    });
    assert_eq!(event, wanted);
}

#[test]
fn other_files_have_no_width_whatever_the_sender_claims() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let url = url(&upload(&mut office, &me, "a.pdf", "application/pdf; x=y", b"%PDF-"));
    let forged =
        json!({ "type": "file", "url": url, "width": 9, "thumbnail_url": "javascript:x", "alternative_text": "x" });
    send(&mut office, &me, &chat, forged);
    let event = office.push(me.conn).1["event"].clone();
    assert_eq!((&event["content_type"], &event["size"]), (&json!("application/pdf"), &json!(5)));
    for field in ["width", "height", "thumbnail_url", "thumbnail2x_url", "alternative_text"] {
        assert_eq!(event.get(field), None, "{field}");
    }
}

#[test]
fn what_a_file_is_called_and_said_to_be_is_cleaned() {
    let mut office = Office::new();
    let me = office.customer();
    for (name, kind, kept, content_type) in [
        ("../../etc/passwd", "text/plain", "passwd", "text/plain"),
        ("C:\\\\Users\\\\ada\\\\a.txt", "TEXT/Plain", "a.txt", "text/plain"),
        ("", "", "file", "application/octet-stream"),
        ("..", "x", "file", "application/octet-stream"),
        ("a.png", "image/png", "a.png", "application/octet-stream"),
        ("a\u{7}b.html", "text/html\u{7}", "ab.html", "application/octet-stream"),
    ] {
        let url = url(&upload(&mut office, &me, name, kind, b"hello"));
        let id = url.split('/').rev().nth(1).unwrap();
        let known = office.brain.upload(id).unwrap();
        assert_eq!((known.name.as_str(), known.content_type.as_str()), (kept, content_type), "{name}");
    }
    let long = url(&upload(&mut office, &me, &format!("{}.txt", "ü".repeat(400)), "text/plain", b"x"));
    let known = office.brain.upload(long.split('/').rev().nth(1).unwrap()).unwrap();
    assert!(known.name.len() <= 200 && known.name.ends_with("….txt"), "{}", known.name);
}

#[test]
fn programs_and_files_that_are_too_large_are_refused() {
    let mut office = Office::new();
    let me = office.customer();
    for (name, bytes) in [("a.exe", &b"x"[..]), ("a.txt", b"MZ\x90"), ("a.png", b"\x7fELF"), ("a.sh", b"x")] {
        let answer = upload(&mut office, &me, name, "text/plain", bytes);
        assert_eq!((answer.status, &answer.to_json()["error"]["type"]), (400, &json!("validation")), "{name}");
    }
    let limit = 10 * 1024 * 1024;
    assert_eq!(upload(&mut office, &me, "a.bin", "x/y", &vec![0; limit]).status, 200);
    for size in [limit + 1, 2 * limit] {
        let answer = upload(&mut office, &me, "a.bin", "x/y", &vec![0; size]);
        assert_eq!((answer.status, &answer.to_json()["error"]["type"]), (413, &json!("entity_too_large")));
    }
    let stranger = Customer { token: "dal:nobody".to_owned(), ..me };
    assert_eq!(upload(&mut office, &stranger, "a.txt", "text/plain", b"x").status, 401);
}

#[test]
fn only_an_address_that_was_given_out_can_be_sent() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let good = url(&upload(&mut office, &me, "a.txt", "text/plain", b"x"));
    for bad in [
        "https://example.com/a.png".to_owned(),
        good.replace("127.0.0.1", "evil.example"),
        good.replace("a.txt", "b.txt"),
        format!("{good}?size=300"),
        good.replace("/files/", "/files/x"),
        "http://127.0.0.1:8080/files/".to_owned(),
    ] {
        let answer = send(&mut office, &me, &chat, json!({ "type": "file", "url": bad }));
        assert_eq!(answer["error"]["type"], json!("validation"), "{bad}");
    }
    assert!(send(&mut office, &me, &chat, json!({ "type": "file", "url": good }))["event_id"].is_string());
}

#[test]
fn an_unused_file_goes_after_a_day_and_a_used_one_stays() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    let used = url(&upload(&mut office, &me, "used.txt", "text/plain", b"used"));
    let unused = url(&upload(&mut office, &me, "unused.txt", "text/plain", b"unused"));
    send(&mut office, &me, &chat, json!({ "type": "file", "url": used }));
    let id = |url: &str| url.split('/').rev().nth(1).unwrap().to_owned();
    office.pass(24.0 * 3600.0 - 1.0);
    assert!(office.brain.upload(&id(&unused)).is_some());
    office.pass(1.0);
    assert!(office.brain.upload(&id(&unused)).is_none());
    assert!(office.brain.upload(&id(&used)).is_some());
    assert!(office.records.contains(&Record::UploadGone(id(&unused))));
    assert!(office.records.contains(&Record::Bytes(id(&used), b"used".to_vec())));

    let mut second = Brain::new(Config { seed: 5, ..Config::default() });
    second.restore(office.records.iter().cloned());
    assert!(second.upload(&id(&used)).is_some_and(|upload| upload.is_used));
    assert_eq!(second.next_timeout(), None, "nothing is left to forget");
}

#[test]
fn agents_send_files_too() {
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    office.does("file", json!({ "name": "a.txt", "content": "aGVsbG8=", "content_type": "text/plain" }));
    let event = office.push(me.conn).1["event"].clone();
    assert_eq!((&event["name"], &event["size"], &event["type"]), (&json!("a.txt"), &json!(5), &json!("file")));
    for (body, status) in [
        (json!({ "name": "a.txt", "content": "~" }), 400),
        (json!({ "name": "a.exe", "content": "" }), 400),
        (json!({ "content": "" }), 400),
    ] {
        assert_eq!(office.control("file", body.clone()).status, status, "{body}");
    }
    let elsewhere = json!({ "event": { "type": "file", "url": "https://cdn.example/a.png", "name": "a.png" } });
    office.does("event", elsewhere);
    assert_eq!(office.push(me.conn).1["event"]["url"], json!("https://cdn.example/a.png"), "agents are not checked");
}
