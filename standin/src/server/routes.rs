//! Which path leads where.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State, WebSocketUpgrade};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::mpsc::Sender;

use super::engine::{Ending, Engine};
use super::{console, files, headers, sockets, uploads};
use crate::brain::{HttpRequest, HttpResponse};

/// The brain sees so much of a body, which is enough to refuse it: the largest upload of the platform is 10 MB
/// (reference §1.7). A file in base64 is larger.
const BODY_LIMIT: usize = 15 * 1024 * 1024;
/// Larger bodies are not even read.
const PATIENCE: usize = 100 * 1024 * 1024;

/// What the routes share.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) engine: Engine,
    /// Held by every socket's task, so that a stop can wait for them.
    pub(crate) open: Sender<()>,
    pub(crate) www: Option<PathBuf>,
    pub(crate) pkg: Option<PathBuf>,
}

pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/{version}/customer/rtm/ws", get(rtm))
        .route("/{version}/customer/action/{method}", any(brain))
        .route("/customer/action/{method}", any(brain))
        .route("/v2/customer/{*rest}", any(brain))
        .route("/files/{id}/{name}", get(uploads::serve))
        .route("/control", any(brain))
        .route("/control/{*rest}", any(brain))
        .route("/agent/ws", get(agent_socket))
        .route("/agent", get(console::page))
        .route("/agent/{file}", get(console::file))
        .fallback(static_file)
        .with_state(site)
}

async fn rtm(State(site): State<Arc<Site>>, upgrade: WebSocketUpgrade, request: Request) -> Response {
    if let Some(answer) = site.engine.handshake_answer().await {
        return response(answer);
    }
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (engine, open) = (site.engine.clone(), site.open.clone());
    upgrade.on_upgrade(move |socket| async move {
        sockets::customer(engine, socket, path, query).await;
        drop(open);
    })
}

async fn agent_socket(State(site): State<Arc<Site>>, upgrade: WebSocketUpgrade) -> Response {
    let (engine, open) = (site.engine.clone(), site.open.clone());
    upgrade.on_upgrade(move |socket| async move {
        sockets::console(engine, socket).await;
        drop(open);
    })
}

/// Everything the brain answers over HTTP.
async fn brain(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(body) = read(body).await else {
        return (StatusCode::BAD_REQUEST, "the body ended too early\n").into_response();
    };
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let request = HttpRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body,
    };
    match site.engine.http(request).await {
        Ending::Answer(answer) => response(answer),
        // A body that fails makes the server cut the connection in the middle of the answer.
        Ending::Abort => Response::new(Body::from_stream(futures_util::stream::once(async {
            Err::<Bytes, _>(std::io::Error::other("cut"))
        }))),
    }
}

/// The body, cut off at the limit. It is read to its end all the same: a browser shows no answer that comes before.
async fn read(body: Body) -> Option<Vec<u8>> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        seen += chunk.len();
        if seen > PATIENCE {
            break;
        }
        kept.extend(chunk.iter().take(BODY_LIMIT.saturating_sub(kept.len())));
    }
    Some(kept)
}

fn response(answer: HttpResponse) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

async fn static_file(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path();
    let (folder, rest) = match path.strip_prefix("/pkg/") {
        Some(rest) => (&site.pkg, rest),
        None => (&site.www, path.trim_start_matches('/')),
    };
    if let Some(folder) = folder
        && rest != headers::FILE
        && let Some((kind, bytes)) = files::read(folder, rest).await
    {
        let own = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
        return (own, headers::read(folder, path).await, bytes).into_response();
    }
    let text = if path == "/" {
        "The stand-in is running. There is no www folder to show here; the agent's console is at /agent.\n"
    } else {
        "not found\n"
    };
    let status = if path == "/" { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
