//! Connections that may not keep the server waiting: time limits for half a request head, for idle connections and for
//! clients that do not take an answer. A body has limits of its own, and so has an open WebSocket.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// The time limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the first byte of a request's head to its last.
    pub(crate) head: Duration,
    /// Without a byte between two requests, or before the first.
    pub(crate) idle: Duration,
    /// Without taking a byte of an answer.
    pub(crate) write: Duration,
}

const WAITS: u8 = 0;
const SERVES: u8 = 1;
const UPGRADED: u8 = 2;

/// What a connection is doing, as far as its stream has to know.
#[derive(Debug, Default)]
struct Phase {
    now: AtomicU8,
    /// Counts the requests that were answered.
    answered: AtomicU32,
}

/// The way from a request to its connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer(Arc<Phase>);

impl Peer {
    /// A request has come: whoever answers it decides how long that may take.
    pub(crate) fn begin(&self) {
        self.0.now.store(SERVES, Ordering::Release);
    }

    /// The request is answered.
    pub(crate) fn end(&self) {
        self.0.answered.fetch_add(1, Ordering::AcqRel);
        let _ = self.0.now.compare_exchange(SERVES, WAITS, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The connection is a WebSocket from now on.
    pub(crate) fn upgrade(&self) {
        self.0.now.store(UPGRADED, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, TimedListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TimedListener>) -> Self {
        Self(Arc::clone(&stream.io().phase))
    }
}

/// A listener whose connections have the limits.
#[derive(Debug)]
pub(crate) struct TimedListener {
    pub(crate) inner: TcpListener,
    pub(crate) limits: Limits,
}

impl Listener for TimedListener {
    type Io = TimedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        // Small frames go out at once: with Nagle's algorithm a reply behind a push waits for 40 ms.
        let _ = stream.set_nodelay(true);
        (TimedStream::new(stream, self.limits), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection that ends by itself when its peer takes too long.
#[derive(Debug)]
pub(crate) struct TimedStream {
    stream: TcpStream,
    phase: Arc<Phase>,
    limits: Limits,
    /// Ends the wait for a request.
    deadline: Pin<Box<Sleep>>,
    /// Whether a part of a head is there.
    has_begun: bool,
    /// Whether a read waits that was begun while a request was served, and so without the deadline.
    reads_on: bool,
    /// The requests that had been answered when the deadline was set.
    answered: u32,
    /// Ends the wait for a peer that takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl TimedStream {
    fn new(stream: TcpStream, limits: Limits) -> Self {
        Self {
            stream,
            phase: Arc::default(),
            limits,
            deadline: Box::pin(sleep(limits.idle)),
            has_begun: false,
            reads_on: false,
            answered: 0,
            stalled: None,
        }
    }

    fn wait_for(&mut self, limit: Duration) {
        self.deadline.as_mut().reset(Instant::now() + limit);
    }

    /// Notes how a write went; one that makes no progress ends in time.
    fn written(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let phase = self.phase.now.load(Ordering::Acquire);
        if result.is_ready() {
            self.stalled = None;
            if phase == WAITS && !self.has_begun {
                self.wait_for(self.limits.idle);
            }
            if phase == WAITS && self.reads_on {
                // hyper sees no need to read again behind the answer; its next read brings the deadline.
                cx.waker().wake_by_ref();
            }
            return result;
        }
        // The task of a WebSocket has a limit of its own.
        if phase == UPGRADED {
            return result;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.limits.write)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let result = Pin::new(&mut this.stream).poll_read(cx, buffer);
        this.reads_on = this.phase.now.load(Ordering::Acquire) != WAITS;
        if this.reads_on {
            return result;
        }
        let answered = this.phase.answered.load(Ordering::Acquire);
        if answered != this.answered {
            this.answered = answered;
            this.has_begun = false;
            this.wait_for(this.limits.idle);
        }
        if result.is_ready() {
            if buffer.filled().len() > before && !this.has_begun {
                this.has_begun = true;
                this.wait_for(this.limits.head);
            }
            // A peer that sends without a pause must not outrun the deadline.
            if this.has_begun && Instant::now() >= this.deadline.deadline() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            return result;
        }
        ready!(this.deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.written(cx, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::Duration;

    use axum::Router;
    use axum::extract::{ConnectInfo, Request};
    use axum::middleware::{Next, from_fn};
    use axum::response::Response;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::{Instant, sleep, timeout};

    use super::{Limits, Peer, TimedListener};

    const LIMITS: Limits = Limits {
        head: Duration::from_millis(300),
        idle: Duration::from_millis(900),
        write: Duration::from_millis(300),
    };
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    async fn phases(ConnectInfo(peer): ConnectInfo<Peer>, request: Request, next: Next) -> Response {
        peer.begin();
        let response = next.run(request).await;
        peer.end();
        response
    }

    async fn serve() -> SocketAddr {
        let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = inner.local_addr().unwrap();
        let slow = || async {
            sleep(Duration::from_millis(1500)).await;
            "slow"
        };
        let app = Router::new()
            .route("/", get(|| async { "hello" }))
            .route("/slow", get(slow))
            .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
            .layer(from_fn(phases))
            .into_make_service_with_connect_info::<Peer>();
        tokio::spawn(async move { axum::serve(TimedListener { inner, limits: LIMITS }, app).await });
        address
    }

    /// Reads until there is `text`; the connection may not end before.
    async fn until(stream: &mut TcpStream, text: &str) {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "ended before `{text}`");
        }
    }

    /// After how long the server ends the connection.
    async fn end(stream: &mut TcpStream) -> Duration {
        let start = Instant::now();
        let mut rest = Vec::new();
        let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.unwrap();
        start.elapsed()
    }

    #[tokio::test]
    async fn connection_that_sends_nothing_ends_at_the_idle_limit() {
        let mut stream = TcpStream::connect(serve().await).await.unwrap();
        let ended = end(&mut stream).await;
        assert!(ended > Duration::from_millis(800) && ended < Duration::from_millis(2500), "{ended:?}");
    }

    #[tokio::test]
    async fn half_a_head_ends_at_the_head_limit_however_slowly_it_grows() {
        let address = serve().await;
        for first in [true, false] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            if !first {
                stream.write_all(REQUEST).await.unwrap();
                until(&mut stream, "hello").await;
            }
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(4) {
                sleep(Duration::from_millis(30)).await;
                if stream.write_all(b"G").await.is_err() || stream.try_read(&mut [0]).is_ok_and(|read| read == 0) {
                    break;
                }
            }
            assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        }
    }

    #[tokio::test]
    async fn connection_is_kept_between_requests_and_while_one_is_answered() {
        let mut stream = TcpStream::connect(serve().await).await.unwrap();
        for _ in 0..4 {
            sleep(Duration::from_millis(400)).await;
            stream.write_all(REQUEST).await.unwrap();
            until(&mut stream, "hello").await;
        }
        stream.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        until(&mut stream, "slow").await;
        let ended = end(&mut stream).await;
        assert!(ended > Duration::from_millis(800) && ended < Duration::from_millis(2500), "{ended:?}");
    }

    #[tokio::test]
    async fn answer_that_nobody_takes_ends_at_the_write_limit() {
        let mut stream = TcpStream::connect(serve().await).await.unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        sleep(Duration::from_millis(1500)).await;
        let mut rest = Vec::new();
        let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.len() < 64 * 1024 * 1024, "the whole answer came: {}", rest.len());
    }

    #[tokio::test]
    async fn answer_that_is_taken_slowly_comes_whole() {
        let mut stream = TcpStream::connect(serve().await).await.unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut taken = 0;
        let mut part = vec![0; 2 * 1024 * 1024];
        loop {
            let read = stream.read(&mut part).await.unwrap();
            if read == 0 {
                break;
            }
            taken += read;
            sleep(Duration::from_millis(10)).await;
        }
        assert!(taken > 64 * 1024 * 1024, "{taken}");
    }
}
