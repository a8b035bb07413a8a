//! The brain behind real sockets: command line, SQLite file, HTTP and WebSocket.

mod access;
mod bodies;
mod callback;
mod console;
mod database;
mod engine;
mod files;
mod headers;
mod listener;
pub mod options;
mod orders;
mod routes;
mod sockets;
mod uploads;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::brain::{Brain, Config};
use access::Access;
use database::Database;
use engine::Engine;
use listener::{Limits, Peer, TimedListener};
use options::Options;
use routes::Site;

/// How long open requests may take when the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// How long connections may keep the server waiting.
const LIMITS: Limits =
    Limits { head: Duration::from_secs(10), idle: Duration::from_secs(75), write: Duration::from_secs(30) };

/// Runs until SIGINT or SIGTERM.
///
/// # Errors
/// The address cannot be listened on, or the file cannot be opened.
pub fn run(options: Options) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let result = runtime.block_on(serve(options));
    runtime.shutdown_timeout(STOP_WITHIN);
    result
}

async fn serve(options: Options) -> Result<(), String> {
    let address = format!("{}:{}", bracketed(&options.host), options.port);
    let listener = TcpListener::bind(&address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("cannot listen on {address}: the port is in use (--port 0 picks a free one)")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })?;
    let local: SocketAddr = listener.local_addr().map_err(|error| error.to_string())?;
    let base_url = format!("http://{}:{}", bracketed(&options.host), local.port());

    let database = Database::open(options.db.as_deref())?;
    let mut brain = Brain::new(Config {
        token_ttl_secs: options.token_ttl,
        bot: options.bot,
        control: options.control,
        seed: database.seed()?,
        base_url: base_url.clone(),
        ..Config::default()
    });
    brain.restore(database.load()?);
    let (engine, worker) = Engine::start(brain, database);

    // Every socket's task holds a clone of `open`; `all_closed` ends when the last one is gone.
    let (open, mut all_closed) = tokio::sync::mpsc::channel::<()>(1);
    let access = Access::new(&options.host, &options.allow_hosts, &options.allow_origins);
    let site = Site { engine: engine.clone(), open, access, www: options.www, pkg: options.pkg };
    let app = routes::router(Arc::new(site));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let listener = TimedListener { inner: listener, limits: LIMITS };
    let server =
        axum::serve(listener, app.into_make_service_with_connect_info::<Peer>()).with_graceful_shutdown(async move {
            let _ = stopped.changed().await;
        });
    let server = tokio::spawn(async move { server.await });

    // The one line on stdout: whoever started the server reads the address from it.
    let mut stdout = std::io::stdout();
    let _ = writeln!(stdout, "standin listening on {base_url}");
    let _ = stdout.flush();

    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    engine.stop();
    let _ = stop.send(true);
    let _ = tokio::time::timeout(STOP_WITHIN, server).await;
    let _ = tokio::task::spawn_blocking(move || worker.join()).await;
    // The sockets' close frames are on their way.
    let _ = tokio::time::timeout(STOP_WITHIN, all_closed.recv()).await;
    Ok(())
}

/// An IPv6 address needs brackets in front of a port.
fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}
