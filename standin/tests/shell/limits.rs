//! Bodies that are too long or do not come, and sockets that cost nothing once they are closed.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::server::{Folder, Server, ask, upload};

const MEGABYTE: usize = 1024 * 1024;

/// Sends a head, then as much of a body as is taken; the answer, and how much was taken before it was there.
async fn pour(server: &Server, head: &str, most: usize) -> (String, usize) {
    let stream = TcpStream::connect(&server.address).await.unwrap();
    let (mut reads, mut writes) = stream.into_split();
    let head = format!("{head}\r\nHost: {}\r\n\r\n", server.address);
    writes.write_all(head.as_bytes()).await.unwrap();
    let is_chunked = head.contains("chunked");
    let pouring = tokio::spawn(async move {
        let part = vec![b'x'; 64 * 1024];
        let mut poured = 0;
        while poured < most {
            let framed = if is_chunked { [b"10000\r\n", part.as_slice(), b"\r\n"].concat() } else { part.clone() };
            if writes.write_all(&framed).await.is_err() {
                break;
            }
            poured += part.len();
        }
        (poured, writes)
    });
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("\r\n\r\n") {
        match timeout(Duration::from_secs(5), reads.read(&mut part)).await.expect("an answer") {
            Ok(read @ 1..) => answer.extend_from_slice(&part[..read]),
            _ => break,
        }
    }
    let (poured, _writes) = timeout(Duration::from_secs(20), pouring).await.expect("the body is taken or cut").unwrap();
    (String::from_utf8_lossy(&answer).into_owned(), poured)
}

fn upload_head(token: &str, length: &str) -> String {
    format!(
        "POST /v3.6/customer/action/upload_file?organization_id=org HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n{length}"
    )
}

#[tokio::test]
async fn huge_body_is_refused_before_it_is_read() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--control"]).await;
    let token = server.token().await;
    let huge = format!("Content-Length: {}", 90 * MEGABYTE);
    for (head, status) in [
        (upload_head("nobody", &huge), 401),
        (upload_head(&token, &huge), 413),
        (
            format!(
                "POST /v3.6/customer/action/send_event?organization_id=org HTTP/1.1\r\nAuthorization: Bearer {token}\r\n{huge}"
            ),
            413,
        ),
        (format!("POST /v2/customer/token HTTP/1.1\r\n{huge}"), 413),
        (format!("POST /control/file HTTP/1.1\r\n{huge}"), 413),
    ] {
        let (answer, poured) = pour(&server, &head, 90 * MEGABYTE).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        // Some of it is on its way in the buffers of the two ends.
        assert!(poured < 20 * MEGABYTE, "{head}: {poured} bytes were taken");
    }
}

#[tokio::test]
async fn chunked_body_is_counted_and_cut() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let token = server.token().await;
    for (who, status) in [("nobody", 401), (token.as_str(), 413)] {
        let (answer, poured) = pour(&server, &upload_head(who, "Transfer-Encoding: chunked"), 200 * MEGABYTE).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(poured < 100 * MEGABYTE, "{poured} bytes were taken");
        assert!(answer.contains("access-control-allow-origin: *"), "a page can read it: {answer}");
    }
}

#[tokio::test]
async fn refused_upload_that_is_not_huge_is_taken_so_that_a_browser_sees_the_answer() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let answer = upload(&server, "nobody", "a.bin", &vec![0; 9 * MEGABYTE]).await;
    assert_eq!(answer["error"]["type"], json!("authentication"));
    let answer = upload(&server, &server.token().await, "a.bin", &vec![0; 9 * MEGABYTE]).await;
    assert!(answer["url"].is_string(), "{answer}");
}

#[tokio::test]
async fn half_a_head_and_half_a_body_end_in_time() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let start = Instant::now();
    let mut ends = Vec::new();
    for part in [
        "GET / HTTP/1.1\r\nHost: ",
        "POST /v2/customer/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
        "POST /v2/customer/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ] {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(part.as_bytes()).await.unwrap();
        ends.push(tokio::spawn(async move {
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer).await;
            answer
        }));
    }
    let mut answers = Vec::new();
    for end in ends {
        answers.push(timeout(Duration::from_secs(25), end).await.expect("the connection ends").unwrap());
    }
    assert!(start.elapsed() > Duration::from_secs(8), "{:?}", start.elapsed());
    assert!(answers[1..].iter().all(|answer| answer.starts_with("HTTP/1.1 408 ")), "{answers:?}");
}

/// Open files of the process, sockets among them.
fn open_files(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.child.id().unwrap())).map_or(0, Iterator::count)
}

#[tokio::test]
async fn closed_sockets_leave_nothing_behind() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &["--control"]).await;
    let token = server.token().await;
    let before = open_files(&server);
    for way in ["close", "drop"] {
        let mut sockets = Vec::new();
        for _ in 0..100 {
            sockets.push(server.login(&token).await);
        }
        assert!(open_files(&server) > before + 90 || before == 0);
        for mut socket in sockets {
            if way == "close" {
                socket.close(None).await.unwrap();
            }
        }
        let gone = async {
            while !server.http("GET /control/state", "").await.1.contains(r#""connections":[]"#)
                || open_files(&server) > before + 5
            {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(10), gone).await.unwrap_or_else(|_| panic!("{way}: {} files", open_files(&server)));
    }
}

#[tokio::test]
async fn frame_that_is_too_long_ends_its_socket_and_no_other() {
    let folder = Folder::new();
    let server = Server::start(&folder.0, &[]).await;
    let token = server.token().await;
    let (mut one, mut other) = (server.login(&token).await, server.login(&token).await);
    let _ = one.send(Message::text("x".repeat(2 * MEGABYTE))).await;
    let ended = async { while matches!(one.next().await, Some(Ok(_))) {} };
    timeout(Duration::from_secs(5), ended).await.expect("the socket ends");
    assert!(ask(&mut other, "list_chats", json!({})).await["total_chats"].is_number());
}
