//! The thread that owns the brain: inputs come through a channel, outputs fan out to sockets, requests and consoles.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the shell is where the clock is read")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::callback;
use super::database::Database;
use super::orders::{self, Inbox, Order, Orders};
use crate::brain::{Admission, Brain, ConnId, HttpRequest, HttpResponse, Input, Micros, Output, Record, Upload};

/// How an HTTP request ends.
#[derive(Debug)]
pub(crate) enum Ending {
    Answer(HttpResponse),
    Abort,
}

enum Message {
    Socket {
        path: String,
        query: String,
        orders: Orders,
        number: oneshot::Sender<ConnId>,
    },
    Input(Input),
    /// A frame of a customer, and the room it takes.
    Frame {
        conn: ConnId,
        text: String,
        room: OwnedSemaphorePermit,
    },
    Http {
        request: HttpRequest,
        end: oneshot::Sender<Ending>,
    },
    Admission {
        head: HttpRequest,
        answer: oneshot::Sender<(HttpRequest, Admission)>,
    },
    Handshake(oneshot::Sender<Option<HttpResponse>>),
    File {
        id: String,
        found: oneshot::Sender<(Upload, Vec<u8>)>,
    },
    Console {
        orders: Orders,
    },
    ConsoleText {
        orders: Orders,
        text: String,
        room: OwnedSemaphorePermit,
    },
    ConsoleGone {
        orders: Orders,
    },
    #[cfg(test)]
    Count(oneshot::Sender<Count>),
    Stop,
}

/// What the engine holds for others.
#[cfg(test)]
#[derive(Debug, Default, PartialEq)]
struct Count {
    connections: usize,
    sockets: usize,
    requests: usize,
    consoles: usize,
}

/// Bytes of frames that may wait for the brain, in units of [`ROOM_UNIT`]; who sends more has to wait.
const FRAME_ROOM: usize = 64 * 1024;
/// Bytes of request bodies that may be in memory, in units of [`ROOM_UNIT`].
const BODY_ROOM: usize = 128 * 1024;
const ROOM_UNIT: usize = 1024;

/// The way to the brain.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    sender: Sender<Message>,
    frames: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
}

impl Engine {
    pub(crate) fn start(brain: Brain, database: Database) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = channel();
        let worker = Worker {
            brain,
            database,
            sockets: BTreeMap::new(),
            requests: BTreeMap::new(),
            consoles: Vec::new(),
            runtime: Handle::current(),
            next_id: 1,
        };
        let engine =
            Self { sender, frames: Arc::new(Semaphore::new(FRAME_ROOM)), bodies: Arc::new(Semaphore::new(BODY_ROOM)) };
        (engine, std::thread::spawn(move || worker.run(&receiver)))
    }

    /// What a handshake is answered with instead of an upgrade; `None` lets the socket in.
    pub(crate) async fn handshake_answer(&self) -> Option<HttpResponse> {
        let (sender, receiver) = oneshot::channel();
        let _ = self.sender.send(Message::Handshake(sender));
        receiver.await.unwrap_or_else(|_| Some(HttpResponse::empty(503)))
    }

    /// A socket was opened; its task obeys the orders.
    pub(crate) async fn socket(&self, path: String, query: String) -> Option<(ConnId, Inbox)> {
        let (orders, inbox) = orders::channel();
        let (number, numbered) = oneshot::channel();
        self.sender.send(Message::Socket { path, query, orders, number }).ok()?;
        Some((numbered.await.ok()?, inbox))
    }

    pub(crate) fn input(&self, input: Input) {
        let _ = self.sender.send(Message::Input(input));
    }

    /// A frame came. Waits while too many others do.
    pub(crate) async fn frame(&self, conn: ConnId, text: String) {
        if let Some(room) = room(&self.frames, text.len()).await {
            let _ = self.sender.send(Message::Frame { conn, text, room });
        }
    }

    /// What to do with the body of a request. The head comes back with the answer.
    pub(crate) async fn admission(&self, head: HttpRequest) -> Option<(HttpRequest, Admission)> {
        let (answer, answered) = oneshot::channel();
        let _ = self.sender.send(Message::Admission { head, answer });
        answered.await.ok()
    }

    /// Room for a body of so many bytes.
    pub(crate) async fn body_room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        room(&self.bodies, bytes).await
    }

    pub(crate) async fn http(&self, request: HttpRequest) -> Ending {
        let (end, ended) = oneshot::channel();
        let _ = self.sender.send(Message::Http { request, end });
        ended.await.unwrap_or(Ending::Abort)
    }

    /// An uploaded file with its bytes.
    pub(crate) async fn file(&self, id: String) -> Option<(Upload, Vec<u8>)> {
        let (found, answer) = oneshot::channel();
        self.sender.send(Message::File { id, found }).ok()?;
        answer.await.ok()
    }

    /// A console was opened: it gets the snapshot, then everything that happens.
    pub(crate) fn console(&self) -> (Orders, Inbox) {
        let (orders, inbox) = orders::channel();
        let _ = self.sender.send(Message::Console { orders: orders.clone() });
        (orders, inbox)
    }

    pub(crate) async fn console_text(&self, orders: &Orders, text: String) {
        if let Some(room) = room(&self.frames, text.len()).await {
            let _ = self.sender.send(Message::ConsoleText { orders: orders.clone(), text, room });
        }
    }

    pub(crate) fn console_gone(&self, orders: Orders) {
        let _ = self.sender.send(Message::ConsoleGone { orders });
    }

    pub(crate) fn stop(&self) {
        let _ = self.sender.send(Message::Stop);
    }
}

/// Waits for room; it is given back when the permit goes.
async fn room(of: &Arc<Semaphore>, bytes: usize) -> Option<OwnedSemaphorePermit> {
    let units = u32::try_from(bytes / ROOM_UNIT + 1).ok()?;
    Arc::clone(of).acquire_many_owned(units).await.ok()
}

struct Worker {
    brain: Brain,
    database: Database,
    sockets: BTreeMap<ConnId, Orders>,
    requests: BTreeMap<u64, oneshot::Sender<Ending>>,
    consoles: Vec<Orders>,
    /// Where callbacks are posted, off the brain's thread.
    runtime: Handle,
    next_id: u64,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let wait = self.brain.next_timeout().map(|at| at.saturating_sub(now()).max(0));
            let wait = wait.map_or(Duration::from_secs(3600), |wait| Duration::from_micros(wait.unsigned_abs()));
            match inbox.recv_timeout(wait) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => self.brain.handle(Input::Timeout, now()),
            }
            if let Err(error) = self.perform() {
                eprintln!("standin: cannot write the database, stopping: {error}");
                std::process::exit(1);
            }
        }
        for orders in self.sockets.values().chain(&self.consoles) {
            let _ = orders.give(Order::Close(1001, "server stops".to_owned()));
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Socket { path, query, orders, number } => {
                let conn = self.fresh();
                if number.send(conn).is_err() {
                    return;
                }
                self.sockets.insert(conn, orders);
                self.brain.handle(Input::Opened { conn, path, query }, now());
            }
            Message::Input(input) => {
                if let Input::Closed { conn } = &input {
                    self.sockets.remove(conn);
                }
                self.brain.handle(input, now());
            }
            Message::Frame { conn, text, room } => {
                self.brain.handle(Input::Frame { conn, text }, now());
                drop(room);
            }
            Message::Http { request, end } => {
                // Requests that hang on purpose, whose clients have gone.
                self.requests.retain(|_, end| !end.is_closed());
                let id = self.fresh();
                self.requests.insert(id, end);
                self.brain.handle(Input::Http { id, request }, now());
            }
            Message::Admission { head, answer } => {
                let admission = self.brain.admission(&head);
                let _ = answer.send((head, admission));
            }
            Message::Handshake(answer) => {
                let _ = answer.send(self.brain.handshake_answer());
            }
            Message::File { id, found } => {
                // Whoever asks hears of a file that is not there by the end of the channel.
                if let (Some(upload), Ok(Some(bytes))) = (self.brain.upload(&id), self.database.bytes(&id)) {
                    let _ = found.send((upload.clone(), bytes));
                }
            }
            Message::Console { orders } => {
                if orders.give(Order::Text(self.brain.console_snapshot())) {
                    self.consoles.push(orders);
                    self.brain.set_watched(true);
                }
            }
            Message::ConsoleText { orders, text, room } => {
                if let Some(answer) = self.brain.console_request(&text, now()) {
                    let _ = orders.give(Order::Text(answer));
                }
                drop(room);
            }
            Message::ConsoleGone { orders } => {
                self.consoles.retain(|other| !other.is_same(&orders) && !other.is_closed());
                self.brain.set_watched(!self.consoles.is_empty());
            }
            #[cfg(test)]
            Message::Count(answer) => {
                let _ = answer.send(Count {
                    connections: self.brain.connections().len(),
                    sockets: self.sockets.len(),
                    requests: self.requests.len(),
                    consoles: self.consoles.len(),
                });
            }
            Message::Stop => {}
        }
    }

    /// Performs outputs until there are no more.
    fn perform(&mut self) -> rusqlite::Result<()> {
        loop {
            let outputs: Vec<Output> = std::iter::from_fn(|| self.brain.poll()).collect();
            if outputs.is_empty() {
                break;
            }
            for conn in self.perform_all(outputs)? {
                // Dropping the orders ends the task; the brain learns at once that nobody listens any more.
                self.sockets.remove(&conn);
                self.brain.handle(Input::Closed { conn }, now());
            }
        }
        for callback in self.brain.take_callbacks() {
            self.runtime.spawn(callback::post(callback));
        }
        Ok(())
    }

    /// Saves first, then sends: whatever leaves is on disk. Returns the sockets whose peers do not keep up.
    fn perform_all(&mut self, outputs: Vec<Output>) -> rusqlite::Result<Vec<ConnId>> {
        let records: Vec<Record> = outputs
            .iter()
            .filter_map(|output| if let Output::Save(record) = output { Some(record.clone()) } else { None })
            .collect();
        if !records.is_empty() {
            self.database.save(&records)?;
        }
        let mut slow = Vec::new();
        for output in outputs {
            match output {
                Output::Send { conn, text } => {
                    if !self.order(conn, Order::Text(text)) {
                        slow.push(conn);
                    }
                }
                Output::Ping { conn } => {
                    self.order(conn, Order::Ping);
                }
                Output::Close { conn, code, reason } => {
                    self.order(conn, Order::Close(code, reason));
                    self.sockets.remove(&conn);
                }
                Output::Abort { conn } => {
                    self.order(conn, Order::Abort);
                    self.sockets.remove(&conn);
                }
                Output::Http { id, response } => self.end(id, Ending::Answer(response)),
                Output::HttpAbort { id } => self.end(id, Ending::Abort),
                Output::Save(_) => {}
                Output::Watch(text) => {
                    self.consoles.retain(|orders| orders.give(Order::Text(text.clone())));
                    self.brain.set_watched(!self.consoles.is_empty());
                }
            }
        }
        Ok(slow)
    }

    /// Whether the socket's peer keeps up.
    fn order(&self, conn: ConnId, order: Order) -> bool {
        self.sockets.get(&conn).is_none_or(|orders| orders.give(order))
    }

    fn end(&mut self, id: u64, ending: Ending) {
        if let Some(end) = self.requests.remove(&id) {
            let _ = end.send(ending);
        }
    }

    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }
}

fn now() -> Micros {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::sync::oneshot;

    use super::super::orders::{Inbox, Order};
    use super::{Count, Engine, Message};
    use crate::brain::{Brain, Config, ConnId, HttpRequest, Input};
    use crate::server::database::Database;

    async fn count(engine: &Engine) -> Count {
        let (answer, answered) = oneshot::channel();
        engine.sender.send(Message::Count(answer)).unwrap();
        answered.await.unwrap()
    }

    async fn open(engine: &Engine) -> (ConnId, Inbox) {
        engine.socket("/v3.6/customer/rtm/ws".to_owned(), "organization_id=org".to_owned()).await.unwrap()
    }

    async fn is_pending(future: impl Future) -> bool {
        tokio::time::timeout(std::time::Duration::from_millis(5), future).await.is_err()
    }

    fn engine() -> Engine {
        let config = Config { control: true, ..Config::default() };
        Engine::start(Brain::new(config), Database::open(None).unwrap()).0
    }

    #[tokio::test]
    async fn closed_sockets_consoles_and_abandoned_requests_leave_nothing_behind() {
        let engine = engine();
        let fault = json!({ "mode": "hang" });
        engine.http(HttpRequest::post("/control/token_service", &fault)).await;
        let mut open_sockets = Vec::new();
        for _ in 0..200 {
            let (conn, inbox) = open(&engine).await;
            engine.frame(conn, r#"{"action":"ping","payload":{}}"#.to_owned()).await;
            let hanging = HttpRequest::post("/v2/customer/token", &json!({}));
            let mut request = Box::pin(engine.http(hanging));
            assert!(is_pending(&mut request).await);
            open_sockets.push((conn, inbox, engine.console(), request));
        }
        assert_eq!(count(&engine).await, Count { connections: 200, sockets: 200, requests: 200, consoles: 200 });
        for (conn, inbox, (console, console_inbox), request) in open_sockets {
            drop((inbox, console_inbox, request));
            engine.input(Input::Closed { conn });
            engine.console_gone(console);
        }
        engine.http(HttpRequest::post("/control/reset", &json!({}))).await;
        assert_eq!(count(&engine).await, Count::default());
        assert_eq!(engine.frames.available_permits(), super::FRAME_ROOM);
    }

    #[tokio::test]
    async fn socket_that_takes_nothing_is_given_up() {
        let engine = engine();
        let (conn, mut inbox) = open(&engine).await;
        // Each unreadable frame is answered; nobody takes the answers.
        for _ in 0..17_000 {
            engine.frame(conn, "{}".to_owned()).await;
        }
        assert_eq!(count(&engine).await, Count::default());
        let mut taken = 0;
        while let Some(Order::Text(_)) = inbox.next().await {
            taken += 1;
        }
        assert_eq!(taken, 16_384, "what had been given is still there; then the orders end");
    }

    #[tokio::test]
    async fn frames_wait_while_there_is_no_room() {
        let engine = engine();
        let all = engine.frames.clone().acquire_many_owned(64 * 1024).await.unwrap();
        let (conn, _inbox) = open(&engine).await;
        let mut frame = Box::pin(engine.frame(conn, "{}".to_owned()));
        assert!(is_pending(&mut frame).await);
        drop(all);
        frame.await;
    }
}
