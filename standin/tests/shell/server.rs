//! A real process in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A folder that goes away with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("standin-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) async fn start(folder: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_standin"))
            .args(["--port", "0", "--db", "chats/standin.sqlite"])
            .args(more)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let address = line.trim().strip_prefix("standin listening on http://").unwrap().to_owned();
        Self { child, address }
    }

    pub(crate) async fn http(&self, head: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    pub(crate) async fn token(&self) -> String {
        let grant = json!({
            "grant_type": "cookie", "client_id": "c", "response_type": "token", "organization_id": "org"
        });
        let (_, body) = self.http("POST /v2/customer/token", &grant.to_string()).await;
        let token: Value = serde_json::from_str(&body).unwrap();
        token["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn login(&self, token: &str) -> Socket {
        let url = format!("ws://{}/v3.6/customer/rtm/ws?organization_id=org", self.address);
        let (mut socket, _) = connect_async(url).await.unwrap();
        let answer = ask(&mut socket, "login", json!({ "token": format!("Bearer {token}") })).await;
        assert!(answer["customer"]["id"].is_string(), "{answer}");
        socket
    }
}

/// Asks and waits for the response; pushes on the way are skipped.
pub(crate) async fn ask(socket: &mut Socket, action: &str, payload: Value) -> Value {
    let frame = json!({ "request_id": "r", "action": action, "payload": payload });
    socket.send(Message::text(frame.to_string())).await.unwrap();
    loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            let frame: Value = serde_json::from_str(&text).unwrap();
            if frame["type"] == "response" {
                return frame["payload"].clone();
            }
        }
    }
}

pub(crate) async fn raw(server: &Server, head: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let (host, length) = (&server.address, body.len());
    let request = format!("{head}\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
}

pub(crate) async fn upload(server: &Server, token: &str, name: &str, bytes: &[u8]) -> Value {
    let head = format!(
        "POST /v3.6/customer/action/upload_file?organization_id=org HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=b"
    );
    let part = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let (_, answer) = raw(server, &head, &[part.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()).await;
    serde_json::from_slice(&answer).unwrap()
}

/// A request with exactly these headers.
pub(crate) async fn plain(server: &Server, start: &str, headers: &[String], body: &[u8]) -> (String, String) {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let length = body.len();
    let head = format!("{start} HTTP/1.1\r\n{}\r\nConnection: close\r\nContent-Length: {length}", headers.join("\r\n"));
    stream.write_all(&[head.as_bytes(), b"\r\n\r\n", body].concat()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
