//! Who may use the console and the control surface, and which files are served.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::server::{Folder, Server, Socket, ask, plain};

/// Opens the console's socket as a page does; the status and the text if it is refused.
async fn console(server: &Server, host: &str, origin: Option<&str>) -> Result<Socket, (u16, String)> {
    let mut request = format!("ws://{}/agent/ws", server.address).into_client_request().unwrap();
    request.headers_mut().insert("host", HeaderValue::from_str(host).unwrap());
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", HeaderValue::from_str(origin).unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => {
            let status = answer.status().as_u16();
            Err((status, String::from_utf8(answer.into_body().unwrap_or_default()).unwrap()))
        }
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn console_socket_of_a_foreign_page_is_refused_with_the_reason() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--allow-host", "shop.test", "--allow-origin", "http://tools.test"]).await;
    let own = server.address.clone();
    let port = own.rsplit_once(':').unwrap().1;
    let mut customer = server.login(&server.token().await).await;
    ask(&mut customer, "start_chat", json!({})).await;
    for (host, origin, word) in [
        (own.as_str(), Some("http://evil.example"), "`http://evil.example`"),
        (&own, Some("null"), "`null`"),
        (&own, Some("http://127.0.0.1"), "--allow-origin"),
        (&own, Some("http://localhost:9"), "--allow-origin"),
        ("evil.example", Some("http://evil.example"), "`evil.example` is not a name"),
        ("evil.example", None, "--allow-host"),
    ] {
        let (status, text) = console(&server, host, origin).await.unwrap_err();
        assert_eq!(status, 403, "{host} {origin:?}");
        assert!(text.contains(word), "{host} {origin:?}: {text}");
    }
    let (local, shop) = (format!("localhost:{port}"), format!("shop.test:{port}"));
    for (host, origin) in [
        (own.as_str(), None),
        (&own, Some(format!("http://{own}"))),
        (&local, Some(format!("http://{local}"))),
        (&shop, Some(format!("http://{shop}"))),
        (&own, Some("http://tools.test".to_owned())),
    ] {
        let mut socket = console(&server, host, origin.as_deref()).await.unwrap();
        let first: Value = serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
        assert_eq!(first["type"], json!("snapshot"), "{host} {origin:?}");
        socket.send(Message::Close(None)).await.unwrap();
    }
}

#[tokio::test]
async fn control_surface_of_a_foreign_page_is_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--control", "--allow-origin", "http://tools.test"]).await;
    let own = &server.address;
    let (host, evil) = (format!("Host: {own}"), "Origin: http://evil.example".to_owned());
    for (start, headers, status) in [
        ("GET /control/state", vec![host.clone()], 200),
        ("POST /control/drop", vec![host.clone()], 200),
        ("POST /control/drop", vec![host.clone(), format!("Origin: http://{own}")], 200),
        ("POST /control/drop", vec![host.clone(), "Origin: http://tools.test".to_owned()], 200),
        ("OPTIONS /control/drop", vec![host.clone(), "Origin: http://tools.test".to_owned()], 204),
        ("POST /control/drop", vec![host.clone(), evil.clone()], 403),
        ("OPTIONS /control/drop", vec![host.clone(), evil.clone()], 403),
        ("GET /control", vec![host.clone(), evil.clone()], 403),
        ("GET /control/state", vec![host.clone(), "Sec-Fetch-Site: cross-site".to_owned()], 403),
        ("GET /control/state", vec!["Host: evil.example".to_owned()], 403),
        ("GET /control/state", vec![host.clone(), "Host: evil.example".to_owned()], 403),
        ("GET http://evil.example/control/state", vec![host.clone()], 403),
        ("GET /agent", vec!["Host: evil.example".to_owned()], 403),
        ("GET /agent/console.js", vec!["Host: evil.example".to_owned()], 403),
        // A link from elsewhere may lead to the console: what it shows comes over its own socket.
        ("GET /agent", vec![host.clone(), "Sec-Fetch-Site: cross-site".to_owned()], 200),
    ] {
        let (head, body) = plain(&server, start, &headers, b"").await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{start} {headers:?}: {head}");
        assert_eq!(status == 403, body.contains("--allow-"), "{start} {headers:?}: {body}");
        let allowed = head.lines().find(|line| line.starts_with("access-control-allow-origin"));
        let readable = headers.iter().any(|line| line.contains("tools.test"));
        assert_eq!(allowed.is_some_and(|line| line.contains("tools.test")), readable, "{start} {headers:?}: {head}");
        assert!(allowed.is_none_or(|line| !line.contains('*')), "{head}");
    }
    // Customers' pages are of any origin.
    let (head, _) = plain(&server, "OPTIONS /v3.6/customer/action/list_chats", &[host, evil], b"").await;
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
}

#[tokio::test]
async fn file_that_is_not_served_is_found_under_no_spelling() {
    let folder = Folder::new();
    for name in ["www/sub", "www/.git", "pkg"] {
        std::fs::create_dir_all(folder.0.join(name)).unwrap();
    }
    for name in ["secret.txt", "www/_headers", "www/sub/_headers", "www/.env", "www/.git/config", "pkg/_headers"] {
        std::fs::write(folder.0.join(name), "/sub/index.html\n  X-Sub: secret\n").unwrap();
    }
    std::fs::write(folder.0.join("www/sub/index.html"), "sub").unwrap();
    std::fs::write(folder.0.join("www/a+b c.js"), "plus").unwrap();
    std::os::unix::fs::symlink("_headers", folder.0.join("www/headers.txt")).unwrap();
    let server = Server::start(&folder.0, &[]).await;
    for path in [
        "/_headers",
        "/%5fheaders",
        "/%5Fheaders",
        "/_header%73",
        "/_HEADERS",
        "/./_headers",
        "//_headers",
        "/%2f_headers",
        "/%2e/_headers",
        "/sub/../_headers",
        "/sub/%2e%2e/_headers",
        "/sub/_headers",
        "/_headers/",
        "/_headers/.",
        "/_headers%00",
        "/_headers%20",
        "/_headers.",
        "/pkg/_headers",
        "/pkg%2f_headers",
        "/pkg/%5fheaders",
        "/headers.txt",
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/..%5csecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/pkg/..%2f..%2fsecret.txt",
        "/....//secret.txt",
        "/sub/index.html/",
        "/%ff",
        "/%",
    ] {
        let (head, body) = server.http(&format!("GET {path}"), "").await;
        assert!(head.starts_with("HTTP/1.1 404") && !body.contains("secret"), "{path}: {head} {body}");
    }
    let (head, body) = server.http("GET /a+b%20c.js", "").await;
    assert!(head.starts_with("HTTP/1.1 200") && body == "plus", "{head}");
    for path in ["/sub/index.html", "/sub/inde%78.html", "//sub/./index.html", "/sub%2findex.html"] {
        let (head, body) = server.http(&format!("GET {path}"), "").await;
        assert!(body == "sub" && head.contains("x-sub: secret"), "the headers fit the file: {path}: {head}");
    }
}
