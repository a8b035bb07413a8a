//! The page's calls: each one is a request that waits for the line, is sent, and settles once.

use super::adapter::{Method, Prepared};
use super::alive::{GRACE_MS, LATE_MS};
use super::input::CallId;
use super::outbox::{DOUBT_MS, NEVER};
use super::output::Output;
use super::sync::HOLD_MS;
use super::token::Memory;
use super::{Phase, Session};
use crate::json::{Id, Value, names};
use crate::model::chat::put_newest_first;
use crate::model::error::code;
use crate::model::{ChatError, Instant, Notice};

/// How long a call waits for a line.
const WAIT_MS: u64 = 30_000;
/// How long a sent request waits for its reply. The platforms give up after 15 s.
const REPLY_MS: u64 = 16_000;
/// How long a confirmed start of a chat waits for the chat itself.
const ECHO_MS: u64 = 2_000;
/// Platforms refuse more than 10 unanswered requests; one is left for the ping.
const IN_FLIGHT: usize = 9;

/// What a reply is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A call of the page.
    Page(CallId),
    /// The oldest send of a chat.
    Outbox,
    /// A closed chat is resumed for a message.
    Resume(Id),
    /// A page of a catch-up.
    Sync(Id),
    /// The chats, because something was perhaps missed.
    Summary,
    /// Nobody asks for the reply.
    Nobody,
}

/// One request, waiting or under way.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) origin: Origin,
    pub(super) method: Method,
    pub(super) args: Value,
    pub(super) prepared: Box<Prepared>,
    pub(super) deadline: Instant,
    /// When the call as a whole must have settled: the steps of one call share the time of its first.
    limit: Instant,
    sent: Instant,
    /// 0 until it is sent.
    pub(super) id: u32,
    /// The platform has done it, but has not shown the result yet: the chat to ask for.
    echo_of: Option<Id>,
    /// Its deadline was noticed too late once.
    is_overslept: bool,
    /// What is to be done with the thread that this finds.
    then: Option<(Method, Box<Prepared>)>,
}

impl Request {
    pub(super) fn new(origin: Origin, method: Method, args: Value, prepared: Box<Prepared>, now: Instant) -> Box<Self> {
        Box::new(Self {
            origin,
            method,
            args,
            prepared,
            deadline: now.after(WAIT_MS),
            limit: NEVER,
            sent: now,
            id: 0,
            echo_of: None,
            is_overslept: false,
            then: None,
        })
    }

    /// When it was sent, if its reply is still to come.
    pub(super) fn sent(&self) -> Option<Instant> {
        (self.id != 0 && self.echo_of.is_none()).then_some(self.sent)
    }
}

impl Session {
    #[inline(never)]
    pub(super) fn call(&mut self, call: CallId, method: Method, args: Value) {
        let is_send = matches!(method, Method::SEND_EVENT | Method::SEND_MESSAGE | Method::SEND_FILE);
        let custom_id = if is_send { self.next_custom_id() } else { None };
        let prepared = match self.adapter.prepare(method, &args, custom_id) {
            Ok(prepared) => prepared,
            Err(error) => return self.settle(call, Err(error)),
        };
        // What an earlier page kept is looked up before anybody asks for it or throws it away.
        let about_token = (Method::GET_TOKEN.0..=Method::INVALIDATE.0).contains(&method.0);
        if (about_token || method == Method::LOGOUT) && self.memory != Memory::Read {
            self.need_token();
            return self.deferred.push((call, method, args));
        }
        match method {
            _ if is_send => return self.send(call, method, prepared),
            Method::SET_SNEAK_PEEK => {
                self.settle(call, Ok(Value::missing()));
                return self.peek(args, prepared);
            }
            // Marks only grow, whatever order a page sends them in.
            Method::MARK_EVENTS_AS_SEEN if !self.is_later_mark(&prepared) => {
                return self.settle(call, Ok(Value::object().with(names::SUCCESS, true)));
            }
            Method::RETRY | Method::DISCARD => return self.call_kept(call, method, &args),
            Method::UPDATE_CUSTOMER_PAGE => {
                self.settle(call, Ok(Value::missing()));
                return self.turn_page(&prepared.payload);
            }
            _ if about_token => return self.call_token(call, method),
            _ if prepared.http.is_some() => return self.call_web(call, method, args, prepared),
            _ => {}
        }
        if matches!(self.phase, Phase::Idle | Phase::Closed) {
            // Closed for good: for a reason, which still holds.
            let refused = self.trouble.clone();
            let error = || ChatError::new(code::NO_CONNECTION, "not connected; call connect() first");
            return self.settle(call, Err(refused.unwrap_or_else(error)));
        }
        let request = if prepared.needs_thread {
            self.find_thread(call, method, prepared)
        } else {
            Ok(Request::new(Origin::Page(call), method, args, prepared, self.now))
        };
        match request {
            Ok(request) => self.queue.push(request),
            Err(error) => self.settle(call, Err(error)),
        }
        self.flush();
    }

    /// Whether a mark is not behind one that this session has set.
    fn is_later_mark(&mut self, prepared: &Prepared) -> bool {
        let (Some(chat), Some(mark)) = (prepared.chat, prepared.payload.get(names::SEEN_UP_TO).as_time()) else {
            return true;
        };
        let receipt = &mut self.chats.entry(chat).receipt;
        let is_later = mark >= *receipt;
        *receipt = mark.max(*receipt);
        is_later
    }

    /// The question for the newest thread of the chat, which must be answered first.
    fn find_thread(&self, call: CallId, method: Method, prepared: Box<Prepared>) -> Result<Box<Request>, ChatError> {
        let args = Value::object().with(names::CHAT_ID_, prepared.chat.map_or(Value::missing(), Id::value));
        let question = self.adapter.prepare(Method::LIST_THREADS, &args, None)?;
        let mut request = Request::new(Origin::Page(call), Method::LIST_THREADS, args, question, self.now);
        request.then = Some((method, prepared));
        Ok(request)
    }

    /// The line's own requests go before the page's, with the next flush: who begins to read several chats must be done with
    /// that before anything goes out and begins to read one of them for a reason of its own.
    pub(super) fn request(&mut self, origin: Origin, method: Method, args: Value) {
        match self.adapter.prepare(method, &args, None) {
            Ok(prepared) => {
                let own = self.queue.iter().take_while(|request| !matches!(request.origin, Origin::Page(_))).count();
                self.queue.insert(own, Request::new(origin, method, args, prepared, self.now));
            }
            Err(error) => self.warn("REQUEST", &error.message),
        }
    }

    /// Sends what waits, as far as the platform's limit allows. Messages go first.
    pub(super) fn flush(&mut self) {
        self.flush_outbox();
        while self.can_send() && !self.queue.is_empty() {
            let request = self.queue.remove(0);
            self.transmit(request);
        }
    }

    pub(super) fn can_send(&self) -> bool {
        self.is_live() && self.requests.len() < IN_FLIGHT
    }

    pub(super) fn transmit(&mut self, mut request: Box<Request>) -> u32 {
        let Some(socket) = self.phase.socket() else { return 0 };
        request.id = self.next_request_id();
        // Live traffic waits for what the line itself reads.
        let is_read = matches!(request.origin, Origin::Sync(_) | Origin::Summary);
        request.sent = self.now;
        request.deadline = self.now.after(if is_read { HOLD_MS } else { REPLY_MS }).min(request.limit);
        let frame = self.adapter.frame(&request.prepared, request.id);
        let id = request.id;
        self.requests.push(request);
        self.out.push(Output::Send { socket, frame });
        self.watch_request();
        id
    }

    pub(super) fn take_request(&mut self, id: u32) -> Option<Box<Request>> {
        let index = self.requests.iter().position(|request| request.id == id)?;
        Some(self.requests.remove(index))
    }

    /// A reply arrived.
    #[inline(never)]
    pub(super) fn replied(&mut self, id: Option<u32>, result: Result<Value, ChatError>) {
        let Some(id) = id else { return };
        if self.login_replied(id, &result) {
            return;
        }
        self.outbox.received_before(id, self.now.after(DOUBT_MS));
        // A reply to a ping, or one that comes after its deadline: being heard was all that mattered.
        let Some(request) = self.take_request(id) else { return };
        self.answered(request, result);
        self.flush();
    }

    /// A request was answered, or will not be.
    #[inline(never)]
    fn answered(&mut self, request: Box<Request>, result: Result<Value, ChatError>) {
        let id = request.id;
        match request.origin {
            Origin::Page(call) => self.page_replied(call, request, result),
            Origin::Outbox => self.send_replied(id, result),
            Origin::Resume(chat) => self.resume_replied(chat, result),
            Origin::Sync(chat) => self.sync_replied(chat, request.method, result),
            Origin::Summary => self.summary_replied(result),
            // The group that a page belongs to may be another one (reference §2.14).
            Origin::Nobody => {
                if let Ok(payload) = result
                    && payload.get(names::GROUPS).is_list()
                {
                    let push = Value::object()
                        .with(names::TYPE, names::PUSH)
                        .with(names::ACTION, names::GROUPS_STATUS_UPDATED)
                        .with(names::PAYLOAD, payload);
                    let inbound = self.adapter.decode(&push);
                    self.inbound(inbound);
                }
            }
        }
    }

    #[inline(never)]
    fn page_replied(&mut self, call: CallId, mut request: Box<Request>, result: Result<Value, ChatError>) {
        let checked = |payload| self.adapter.check_reply(request.method, &payload).map(|()| payload);
        let payload = match result.and_then(checked) {
            Ok(payload) => payload,
            Err(error) => {
                let method = request.then.as_ref().map_or(request.method, |(method, _)| *method);
                let chat = self.chats.current();
                return self.settle(call, Err(self.adapter.blame(method, &request.args, chat, error)));
            }
        };
        if let Some((method, prepared)) = request.then.take() {
            let found = prepared.chat.map(|chat| self.adapter.read_page(chat, &payload).threads);
            let mut found = found.unwrap_or_default();
            put_newest_first(&mut found);
            let Some(thread) = found.first() else {
                let error = ChatError::new(code::MISSING_CHAT_THREAD, "the chat has no thread yet");
                return self.settle(call, Err(error));
            };
            prepared.payload.set(names::THREAD_ID, thread.id);
            let mut next = Request::new(Origin::Page(call), method, request.args, prepared, self.now);
            (next.deadline, next.limit) = (request.deadline, request.deadline);
            self.queue.push(next);
            return;
        }
        if matches!(request.method, Method::START_CHAT | Method::RESUME_CHAT) && request.echo_of.is_none() {
            // The chat itself comes as a push, before or after this reply (reference §1.3).
            request.echo_of = payload.id(names::CHAT_ID).or(request.prepared.chat);
            request.deadline = self.now.after(ECHO_MS);
            self.requests.push(request);
            return;
        }
        self.learn(request.method, &request.args, &payload);
        let value = if request.echo_of.is_some() {
            Value::object().with(names::CHAT, self.adapter.shape(Method::GET_CHAT, &request.args, &payload))
        } else {
            self.adapter.shape(request.method, &request.args, &payload)
        };
        self.settle(call, Ok(value));
    }

    /// What a reply tells about chats and users.
    #[inline(never)]
    fn learn(&mut self, method: Method, args: &Value, payload: &Value) {
        let users = match method {
            Method::GET_CHAT | Method::START_CHAT | Method::RESUME_CHAT => {
                let Some((chat, thread)) = self.adapter.read_chat(payload) else { return };
                for event in thread.iter().flat_map(|thread| &thread.events) {
                    self.chats.entry(chat.id).show(event);
                }
                chat.users
            }
            Method::LIST_CHATS => self.adapter.read_summary(payload).users,
            Method::LIST_THREADS => {
                let Some(chat) = args.id(names::CHAT_ID_) else { return };
                for thread in self.adapter.read_page(chat, payload).threads {
                    let total_events = thread.events.len();
                    for event in &thread.events {
                        self.chats.entry(chat).show(event);
                    }
                    self.emit(Notice::Thread { chat, thread: thread.id, total_events });
                }
                return;
            }
            _ => return,
        };
        for user in users {
            self.emit(Notice::UserData(user));
        }
    }

    /// The chat that a start or a resume asked for has come. Returns whether the page asked.
    pub(super) fn chat_came(&mut self, cause: Option<u32>, body: &Value) -> bool {
        let asked = |request: &Request| matches!(request.method, Method::START_CHAT | Method::RESUME_CHAT);
        let is_asked = self.requests.iter().any(|request| Some(request.id) == cause && asked(request));
        let Some(request) = cause.filter(|_| is_asked).and_then(|id| self.take_request(id)) else { return false };
        match request.origin {
            Origin::Page(call) => self.settle(call, Ok(Value::object().with(names::CHAT, body.clone()))),
            // Nobody asked for it who would hear of it otherwise.
            Origin::Resume(chat) => {
                self.resume_replied(chat, Ok(Value::missing()));
                return false;
            }
            Origin::Outbox | Origin::Sync(_) | Origin::Summary | Origin::Nobody => {}
        }
        true
    }

    /// The line is gone: what may be repeated waits for the next one, the rest is told.
    #[inline(never)]
    pub(super) fn suspend_requests(&mut self) {
        let mut again = Vec::new();
        for mut request in core::mem::take(&mut self.requests) {
            let Origin::Page(call) = request.origin else { continue };
            if request.prepared.is_repeatable || self.read_instead(&mut request) {
                request.id = 0;
                again.push(request);
            } else {
                let error =
                    ChatError::new(code::CONNECTION_LOST, "the line dropped before the reply; the outcome is unknown");
                self.settle(call, Err(error));
            }
        }
        for request in core::mem::take(&mut self.queue) {
            if matches!(request.origin, Origin::Page(_)) {
                again.push(request);
            }
        }
        self.queue = again;
    }

    /// The platform has opened the chat, but the push that shows it was lost: the chat is read instead, once.
    fn read_instead(&self, request: &mut Request) -> bool {
        let Some(chat) = request.echo_of.filter(|_| request.method != Method::GET_CHAT) else {
            return false;
        };
        let args = Value::object().with(names::CHAT_ID_, chat);
        let Ok(prepared) = self.adapter.prepare(Method::GET_CHAT, &args, None) else { return false };
        request.prepared = prepared;
        request.args = args;
        request.method = Method::GET_CHAT;
        request.deadline = self.now.after(WAIT_MS);
        true
    }

    /// There will be no line.
    pub(super) fn fail_requests(&mut self, error: &dyn Fn() -> ChatError) {
        for request in core::mem::take(&mut self.queue) {
            if let Origin::Page(call) = request.origin {
                self.settle(call, Err(error()));
            }
        }
    }

    #[inline(never)]
    pub(super) fn run_call_timers(&mut self) {
        while let Some(index) = self.requests.iter().position(|request| request.deadline <= self.now) {
            let mut request = self.requests.remove(index);
            // Nobody was awake when it was due: the reply may lie unread.
            if self.now.since(request.deadline) > LATE_MS && !core::mem::replace(&mut request.is_overslept, true) {
                request.deadline = self.now.after(GRACE_MS);
                self.requests.push(request);
                continue;
            }
            if self.read_instead(&mut request) {
                self.queue.insert(0, request);
                self.flush();
                continue;
            }
            // What became of a send is found out by reading.
            if request.origin != Origin::Outbox {
                let error = ChatError::new(
                    code::REQUEST_TIMEOUT,
                    "the platform did not answer in time; the outcome is unknown",
                );
                self.answered(request, Err(error));
            }
        }
        // What was under way may wait again by now, as late as before.
        while let Some(index) = self.queue.iter().position(|request| request.deadline <= self.now) {
            let request = self.queue.remove(index);
            let error = self.no_connection(code::NO_CONNECTION, "no connection came up in time");
            self.answered(request, Err(error));
        }
    }
}
