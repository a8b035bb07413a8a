//! Sockets, files, signals, and a file that outlives a kill.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::server::{Folder, Server, ask, raw, upload};

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0, &[]).await;
    let token = server.token().await;
    let mut socket = server.login(&token).await;
    let chat = ask(&mut socket, "start_chat", json!({})).await["chat_id"].clone();
    for n in 0..20 {
        let event = json!({ "type": "message", "text": format!("message {n}") });
        let sent = ask(&mut socket, "send_event", json!({ "chat_id": chat, "event": event })).await;
        assert!(sent["event_id"].is_string(), "{sent}");
    }
    let before = ask(&mut socket, "list_threads", json!({ "chat_id": chat })).await;
    server.child.kill().await.unwrap();

    let server = Server::start(&folder.0, &[]).await;
    let mut socket = server.login(&token).await;
    let mut after = ask(&mut socket, "list_threads", json!({ "chat_id": chat })).await;
    assert_eq!(before["threads"][0]["events"].as_array().unwrap().len(), 20);
    assert_eq!(after["threads"].take(), before["threads"]);
    let event = json!({ "type": "message", "text": "after" });
    let sent = ask(&mut socket, "send_event", json!({ "chat_id": chat, "event": event })).await;
    assert!(sent["event_id"].as_str().unwrap().ends_with("_21"), "{sent}");
}

#[tokio::test]
async fn a_stop_closes_sockets_properly_and_exits_with_success() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0, &["--bot"]).await;
    let mut socket = server.login(&server.token().await).await;
    let pid = server.child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    let code = loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Close(frame) => break frame.unwrap().code,
            _ => continue,
        }
    };
    assert_eq!(u16::from(code), 1001);
    assert!(server.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_dropped_socket_gets_no_close_frame_and_a_refused_one_no_handshake() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--control"]).await;
    let token = server.token().await;
    let mut socket = server.login(&token).await;
    server.http("POST /control/drop", "{}").await;
    while let Some(message) = socket.next().await {
        assert!(!matches!(message, Ok(Message::Close(_))), "a close frame came");
    }
    server.http("POST /control/refuse", "{}").await;
    let url = format!("ws://{}/v3.6/customer/rtm/ws?organization_id=org", server.address);
    assert!(connect_async(&url).await.is_err());
    server.http("POST /control/refuse", r#"{"on":false}"#).await;
    server.http("POST /control/captive_portal", r#"{"status":200,"at":["upgrade"]}"#).await;
    match connect_async(&url).await {
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
            assert_eq!(answer.status(), 200);
            assert!(answer.into_body().unwrap().starts_with(b"<!DOCTYPE html>"));
        }
        other => panic!("the handshake was not answered with the page: {other:?}"),
    }
    server.http("POST /control/reset", "{}").await;
    server.login(&token).await;
}

#[tokio::test]
async fn folders_are_served_with_the_right_types_and_nothing_beside_them() {
    let folder = Folder::new();
    for name in ["www", "pkg"] {
        std::fs::create_dir_all(folder.0.join(name)).unwrap();
    }
    std::fs::write(folder.0.join("secret.txt"), "secret").unwrap();
    std::fs::write(folder.0.join("www/index.html"), "<h1>demo").unwrap();
    std::fs::write(folder.0.join("www/_headers"), "/*\n  X-Frame-Options: DENY\n").unwrap();
    std::fs::write(folder.0.join("pkg/palaver_bg.wasm"), "asm").unwrap();
    std::os::unix::fs::symlink(folder.0.join("secret.txt"), folder.0.join("www/link.txt")).unwrap();
    let server = Server::start(&folder.0, &[]).await;

    let (head, body) = server.http("GET /", "").await;
    assert!(head.contains("text/html") && head.contains("cache-control: no-cache"), "{head}");
    assert_eq!(body, "<h1>demo");
    assert!(head.contains("x-frame-options: DENY"), "{head}");
    let (head, _) = server.http("GET /pkg/palaver_bg.wasm", "").await;
    assert!(head.contains("content-type: application/wasm") && !head.contains("x-frame-options"), "{head}");
    for path in
        ["/../secret.txt", "/%2e%2e/secret.txt", "/pkg/..%2fsecret.txt", "/link.txt", "/nothing.js", "/_headers"]
    {
        let (head, body) = server.http(&format!("GET {path}"), "").await;
        assert!(head.starts_with("HTTP/1.1 404") && !body.contains("secret"), "{path}: {head}");
    }
    let (head, _) = server.http("GET /agent", "").await;
    assert!(head.contains("200") && head.contains("content-security-policy: default-src 'none'"), "{head}");
    assert!(head.contains("frame-ancestors 'none'; require-trusted-types-for 'script'"), "{head}");
    assert!(head.contains("img-src 'self' data: blob:;"), "{head}");
    assert!(server.http("GET /control/state", "").await.0.contains("404"));
}

#[tokio::test]
async fn a_port_in_use_and_a_bad_argument_are_said_plainly() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let port = server.address.rsplit_once(':').unwrap().1;
    let run = |arguments: Vec<String>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
        async move { command.args(arguments).output().await.unwrap() }
    };
    let output = run(vec!["--db".to_owned(), ":memory:".to_owned(), "--port".to_owned(), port.to_owned()]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the port is in use"));
    let file = folder.0.join("chats/standin.sqlite").display().to_string();
    let output = run(vec!["--db".to_owned(), file, "--port=0".to_owned()]).await;
    assert_eq!(output.status.code(), Some(1), "a second server on the same file");
    assert!(String::from_utf8_lossy(&output.stderr).contains("locked"));
    let output = run(vec!["--port=http".to_owned()]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--port: expected a port from 0 to 65535"));
}

#[tokio::test]
async fn a_console_gets_the_chats_and_answers_in_them() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let mut customer = server.login(&server.token().await).await;
    let chat = ask(&mut customer, "start_chat", json!({})).await["chat_id"].clone();
    let (mut console, _) = connect_async(format!("ws://{}/agent/ws", server.address)).await.unwrap();
    let first: Value = serde_json::from_str(console.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
    assert_eq!((&first["type"], &first["chats"][0]["id"]), (&json!("snapshot"), &chat));
    let say = json!({ "do": "message", "chat_id": chat, "text": "Hello from the console" });
    console.send(Message::text(say.to_string())).await.unwrap();
    loop {
        let message = customer.next().await.unwrap().unwrap();
        let frame: Value = serde_json::from_str(message.to_text().unwrap()).unwrap_or_default();
        if frame["action"] == "incoming_event" {
            assert_eq!(frame["payload"]["event"]["text"], json!("Hello from the console"));
            break;
        }
    }
}

/// A PNG of one colour, 700 by 2, as encoders write it.
fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(700, 2).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

#[tokio::test]
async fn a_file_is_served_again_after_a_kill_and_nothing_in_it_runs() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0, &[]).await;
    let token = server.token().await;
    let mut socket = server.login(&token).await;
    let chat = ask(&mut socket, "start_chat", json!({})).await["chat_id"].clone();
    let mut paths = Vec::new();
    for (name, bytes) in [("a.png", picture()), ("<b>.html", b"<script>alert(1)</script>".to_vec())] {
        let url = upload(&server, &token, name, &bytes).await["url"].clone();
        let event = json!({ "type": "file", "url": url });
        let sent = ask(&mut socket, "send_event", json!({ "chat_id": chat, "event": event })).await;
        assert!(sent["event_id"].is_string(), "{sent}");
        let url = url.as_str().unwrap();
        paths.push((url[url.find("/files/").unwrap()..].to_owned(), bytes));
    }
    server.child.kill().await.unwrap();

    let server = Server::start(&folder.0, &[]).await;
    for (path, bytes) in &paths {
        let (head, body) = raw(&server, &format!("GET {path} HTTP/1.1"), b"").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert_eq!(&body, bytes);
        assert!(head.contains("x-content-type-options: nosniff") && head.contains("sandbox"), "{head}");
        assert!(head.contains("access-control-allow-origin: *"), "{head}");
    }
    let (head, _) = raw(&server, &format!("GET {} HTTP/1.1", paths[1].0), b"").await;
    assert!(head.contains("content-type: application/octet-stream"), "{head}");
    assert!(head.contains("content-disposition: attachment; filename*=UTF-8''%3Cb%3E.html"), "{head}");
    let (head, small) = raw(&server, &format!("GET {}?size=300 HTTP/1.1", paths[0].0), b"").await;
    assert!(head.contains("content-type: image/png") && head.contains("content-disposition: inline"), "{head}");
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 300);
    assert!(raw(&server, "GET /files/nothing/a.png HTTP/1.1", b"").await.0.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_answered_and_not_cut_off() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let token = server.token().await;
    let answer = upload(&server, &token, "a.bin", &vec![0; 20 * 1024 * 1024]).await;
    assert_eq!(answer["error"]["type"], json!("entity_too_large"));
}

#[tokio::test]
async fn a_confirmed_address_is_posted_to_whoever_asked() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--control"]).await;
    let token = server.token().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/verified?a=b", listener.local_addr().unwrap());
    let ask = json!({ "callback_uri": uri }).to_string();
    let head = format!(
        "POST /v3.6/customer/action/request_email_verification?organization_id=org HTTP/1.1\r\nAuthorization: Bearer {token}"
    );
    assert_eq!(raw(&server, &head, ask.as_bytes()).await.1, b"{}");
    let (_, answer) = server.http("POST /control/confirm_email", r#"{"email":"ada@example.com"}"#).await;
    assert!(answer.contains(&uri), "{answer}");
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = vec![0; 4096];
    let mut seen = 0;
    while !String::from_utf8_lossy(&request[..seen]).ends_with('}') {
        seen += stream.read(&mut request[seen..]).await.unwrap();
    }
    let request = String::from_utf8_lossy(&request[..seen]).into_owned();
    assert!(request.starts_with("POST /verified?a=b HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"email\":\"ada@example.com\"}"), "{request}");
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
}
