//! Which path leads where.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State, WebSocketUpgrade};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::access::Access;
use super::bodies::{self, Reading};
use super::engine::{Ending, Engine};
use super::listener::Peer;
use super::{console, files, headers, sockets, uploads};
use crate::brain::{Admission, HttpRequest, HttpResponse};

/// Bodies up to this length are read without asking for room.
const SMALL_BODY: usize = 64 * 1024;
/// A customer's frame holds a message of 16 kB at most (reference §1.7), or some JSON of an application.
const FRAME_LIMIT: usize = 1024 * 1024;
/// The console sends files of 10 MB in base64.
const CONSOLE_FRAME_LIMIT: usize = 15 * 1024 * 1024;
/// The library's own 128 kB would be kept for every open socket.
const READ_BUFFER: usize = 4 * 1024;

/// What the routes share.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) engine: Engine,
    /// Held by every socket's task, so that a stop can wait for them.
    pub(crate) open: Sender<()>,
    pub(crate) access: Access,
    pub(crate) www: Option<PathBuf>,
    pub(crate) pkg: Option<PathBuf>,
}

pub(crate) fn router(site: Arc<Site>) -> Router {
    // Who may look at a page need not be allowed to use what it talks to.
    let console = Router::new()
        .route("/agent", get(console::page))
        .route("/agent/{file}", get(console::file))
        .route_layer(from_fn_with_state(Arc::clone(&site), own_hosts));
    let agents = Router::new()
        .route("/control", any(control))
        .route("/control/{*rest}", any(control))
        .route("/agent/ws", get(agent_socket))
        .route_layer(from_fn_with_state(Arc::clone(&site), own_pages))
        .route_layer(from_fn_with_state(Arc::clone(&site), own_hosts));
    Router::new()
        .route("/{version}/customer/rtm/ws", get(rtm))
        .route("/{version}/customer/action/{method}", any(brain))
        .route("/customer/action/{method}", any(brain))
        .route("/v2/customer/{*rest}", any(brain))
        .route("/files/{id}/{name}", get(uploads::serve))
        .merge(console)
        .merge(agents)
        .fallback(static_file)
        .layer(from_fn(note_phase))
        .with_state(site)
}

/// Tells the connection what it is doing, so that its time limits fit.
async fn note_phase(ConnectInfo(peer): ConnectInfo<Peer>, request: Request, next: Next) -> Response {
    peer.begin();
    let response = next.run(request).await;
    peer.end();
    response
}

async fn own_hosts(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    match site.access.check_host(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => forbidden(&why),
    }
}

async fn own_pages(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    match site.access.check_origin(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => forbidden(&why),
    }
}

fn forbidden(why: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (StatusCode::FORBIDDEN, headers, format!("{why}\n")).into_response()
}

async fn rtm(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    upgrade: WebSocketUpgrade,
    request: Request,
) -> Response {
    if let Some(answer) = site.engine.handshake_answer().await {
        return response(answer);
    }
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (engine, open) = (site.engine.clone(), site.open.clone());
    peer.upgrade();
    limited(upgrade, FRAME_LIMIT).on_upgrade(move |socket| async move {
        sockets::customer(engine, socket, path, query).await;
        drop(open);
    })
}

async fn agent_socket(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let (engine, open) = (site.engine.clone(), site.open.clone());
    peer.upgrade();
    limited(upgrade, CONSOLE_FRAME_LIMIT).on_upgrade(move |socket| async move {
        sockets::console(engine, socket).await;
        drop(open);
    })
}

fn limited(upgrade: WebSocketUpgrade, frame: usize) -> WebSocketUpgrade {
    upgrade.max_frame_size(frame).max_message_size(frame).read_buffer_size(READ_BUFFER)
}

/// The control surface. The brain lets every page read its answers; here only those that may ask.
async fn control(site: State<Arc<Site>>, request: Request) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = brain(site, request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    match origin {
        Some(origin) => headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        None => headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN),
    };
    response
}

/// Everything the brain answers over HTTP.
async fn brain(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let head = HttpRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: Vec::new(),
    };
    let declared = head.get("content-length").and_then(|length| length.parse().ok());
    let Some((mut request, admission)) = site.engine.admission(head).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let limit = match admission {
        Admission::Read { limit } => limit,
        Admission::Refuse(answer) => {
            bodies::linger(body.into_data_stream(), declared);
            return closing(response(answer));
        }
    };
    // Held until the brain has answered, and with it the body is gone.
    let _room = match declared.unwrap_or(limit) {
        0..=SMALL_BODY => None,
        length => site.engine.body_room(length.min(limit)).await,
    };
    request.body = match bodies::read(body, limit, bodies::PATIENCE).await {
        Reading::Whole(body) => body,
        Reading::TooLong(rest, seen) => {
            bodies::linger(rest, declared);
            // Asked again with the length that is known by now, the brain says why not.
            request.headers.retain(|(name, _)| name != "content-length");
            request.headers.push(("content-length".to_owned(), seen.to_string()));
            return closing(match site.engine.admission(request).await {
                Some((_, Admission::Refuse(answer))) => response(answer),
                _ => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            });
        }
        Reading::Stalled => {
            return closing((StatusCode::REQUEST_TIMEOUT, "the body took too long\n").into_response());
        }
        Reading::Broken => return closing((StatusCode::BAD_REQUEST, "the body ended too early\n").into_response()),
    };
    match site.engine.http(request).await {
        Ending::Answer(answer) => response(answer),
        // A body that fails makes the server cut the connection in the middle of the answer.
        Ending::Abort => Response::new(Body::from_stream(futures_util::stream::once(async {
            Err::<Bytes, _>(std::io::Error::other("cut"))
        }))),
    }
}

/// The rest of the body may still be on its way: nothing can follow on this connection.
fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
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
    if let Some(path) = files::decoded(path) {
        let (folder, rest) = match path.strip_prefix("/pkg/") {
            Some(rest) => (&site.pkg, rest),
            None => (&site.www, path.trim_start_matches('/')),
        };
        if let Some(folder) = folder
            && let Some((kind, bytes)) = files::read(folder, rest).await
        {
            let own = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
            return (own, headers::read(folder, &path).await, bytes).into_response();
        }
    }
    let text = if path == "/" {
        "The stand-in is running. There is no www folder to show here; the agent's console is at /agent.\n"
    } else {
        "not found\n"
    };
    let status = if path == "/" { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
