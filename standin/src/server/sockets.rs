//! The task of one socket.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};

use super::engine::Engine;
use super::orders::Order;
use crate::brain::Input;

/// A peer that takes nothing for this long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How long a peer may take to answer a close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// A customer's socket.
pub(crate) async fn customer(engine: Engine, mut socket: WebSocket, path: String, query: String) {
    let Some((conn, mut inbox)) = engine.socket(path, query).await else {
        return;
    };
    loop {
        tokio::select! {
            order = inbox.next() => {
                if !obey(&mut socket, order).await {
                    break;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    engine.frame(conn, text.as_str().to_owned()).await;
                }
                Some(Ok(Message::Binary(bytes))) => {
                    engine.frame(conn, String::from_utf8_lossy(&bytes).into_owned()).await;
                }
                // The library answers a Ping by itself; both are signs of life.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => engine.input(Input::Pong { conn }),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
        }
    }
    engine.input(Input::Closed { conn });
}

/// An agent's console.
pub(crate) async fn console(engine: Engine, mut socket: WebSocket) {
    let (own, mut inbox) = engine.console();
    loop {
        tokio::select! {
            order = inbox.next() => {
                if !obey(&mut socket, order).await {
                    break;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => engine.console_text(&own, text.as_str().to_owned()).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    engine.console_gone(own);
}

/// Whether the socket lives on.
async fn obey(socket: &mut WebSocket, order: Option<Order>) -> bool {
    let message = match order {
        Some(Order::Text(text)) => Message::Text(text.into()),
        Some(Order::Ping) => Message::Ping(Vec::new().into()),
        Some(Order::Close(code, reason)) => {
            let frame = CloseFrame { code, reason: reason.into() };
            let _ = tokio::time::timeout(CLOSE_WITHIN, async {
                if socket.send(Message::Close(Some(frame))).await.is_ok() {
                    // The peer's own close frame ends it properly.
                    while let Some(Ok(message)) = socket.recv().await {
                        if matches!(message, Message::Close(_)) {
                            break;
                        }
                    }
                }
            })
            .await;
            return false;
        }
        // Dropping the socket cuts the connection; no close frame goes out.
        Some(Order::Abort) | None => return false,
    };
    matches!(tokio::time::timeout(SEND_WITHIN, socket.send(message)).await, Ok(Ok(())))
}
