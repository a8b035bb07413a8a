//! Sending: the outbox on the line, and what the customer is typing.

use super::adapter::{Method, Prepared};
use super::calls::{Origin, Request};
use super::input::CallId;
use super::kept::{Claim, status_of};
use super::outbox::{DOUBT_MS, ECHO_MS, Entry, Fate, UNREAD_MS};
use super::sync::Purpose;
use super::timer::Timer;
use super::{Phase, Session};
use crate::json::{Id, Value, join, names};
use crate::model::config::integer;
use crate::model::error::code;
use crate::model::{ChatError, Instant, Notice};

/// Agents see what is being typed at most this often.
const SNEAK_PEEK_MS: u64 = 2_000;
/// So often a message that the platform has taken is looked for in its thread.
const MAX_MISSES: u8 = 3;
/// Client ids by which a session knows its own words.
const MAX_OWN_IDS: usize = 1_000;
/// How long a platform that is busy is left alone.
const BUSY_MS: u64 = 2_000;

/// The latest text that is being typed, and when it may be shown.
#[derive(Debug, Default)]
pub(super) struct SneakPeek {
    waiting: Option<Box<Request>>,
    next: Instant,
}

impl Session {
    pub(super) fn next_custom_id(&mut self) -> Option<Id> {
        self.own_count += 1;
        Id::of(&join(&[self.own_prefix.as_str(), &integer(f64::from(self.own_count))]))
    }

    #[inline(never)]
    pub(super) fn send(&mut self, call: CallId, method: Method, prepared: Box<Prepared>) {
        let (Some(chat), Some(custom_id)) = (prepared.chat, prepared.custom_id) else {
            return self.settle(call, Err(ChatError::argument("chatId", "a non-empty string")));
        };
        let now = self.now;
        let waiting = self.outbox.find(custom_id).map(|entry| entry.fate != Fate::Failed);
        let is_own = self.own_ids.contains(&custom_id);
        let failed = waiting == Some(false);
        if waiting == Some(true) || is_own && !failed {
            let error =
                ChatError::argument("customId", "an id that was not used before, except for a send that failed");
            return self.settle(call, Err(error));
        }
        // What failed may have landed all the same; it is looked up before it is sent again.
        let fate = if failed { Fate::Doubtful { safe: now } } else { Fate::Waiting };
        self.outbox.take(custom_id);
        if !is_own {
            self.own(custom_id);
        }
        if self.sneak_peek.waiting.as_ref().is_some_and(|peek| peek.prepared.chat == Some(chat)) {
            self.sneak_peek.waiting = None;
        }
        let entry = Box::new(Entry {
            call: Some(call),
            chat,
            custom_id,
            prepared,
            resumes: method != Method::SEND_EVENT,
            created: self.unix(),
            since: self.chats.find(chat).and_then(|chat| chat.newest()),
            sent: None,
            expires: now.after(self.config.send_timeout_ms),
            fate,
            error: None,
            misses: 0,
            told: names::QUEUED,
        });
        let queued = status_of(&entry, names::QUEUED, Value::missing(), None);
        self.outbox.push(entry);
        self.claim();
        self.flush();
        self.foresee();
        if self.outbox.find(custom_id).is_some_and(|entry| entry.sent.is_none()) {
            self.keep(custom_id);
        }
        // Told when it is written down, not before.
        self.emit(Notice::Made(names::MESSAGE_STATUS, queued));
    }

    /// A client id of this session's. The oldest are forgotten: what was said with them is known as an event.
    pub(super) fn own(&mut self, custom_id: Id) {
        self.own_ids.push(custom_id);
        if self.own_ids.len() > MAX_OWN_IDS {
            let oldest: Vec<Id> = self.own_ids.drain(..MAX_OWN_IDS / 10).collect();
            for id in oldest {
                let is_made_here = id.value().as_text().is_some_and(|text| text.starts_with(&self.own_prefix));
                if self.outbox.find(id).is_some() {
                    self.own_ids.push(id);
                } else if is_made_here {
                    id.forget();
                }
            }
        }
    }

    /// Sends the oldest message of each chat, or finds out what became of it.
    pub(super) fn flush_outbox(&mut self) {
        if !self.is_live() || self.claim != Claim::Done {
            return;
        }
        let now = self.now;
        let mut sends = Vec::new();
        let mut reads = Vec::new();
        for head in self.outbox.heads() {
            if self.syncs.iter().any(|sync| sync.chat == head.chat) {
                continue;
            }
            let accepted = match head.fate {
                Fate::Waiting => {
                    sends.push(head.custom_id);
                    continue;
                }
                Fate::Accepted { until } if until <= now => true,
                Fate::Doubtful { safe } if safe <= now => false,
                Fate::Accepted { .. }
                | Fate::Doubtful { .. }
                | Fate::Sent { .. }
                | Fate::LookedUp { .. }
                | Fate::Failed => continue,
            };
            head.fate = Fate::LookedUp { accepted };
            reads.push(head.chat);
        }
        for chat in reads {
            self.start_sync(chat, Purpose::LookUp);
        }
        for custom_id in sends {
            if !self.can_send() {
                return;
            }
            self.send_head(custom_id);
        }
    }

    #[inline(never)]
    fn send_head(&mut self, custom_id: Id) {
        let Some(head) = self.outbox.find(custom_id) else { return };
        let (chat, resumes, prepared) = (head.chat, head.resumes, head.prepared.clone());
        // An answer to come is waited for though somebody else may resume the chat: it is about this message.
        let is_resuming = self.has_request(&Origin::Resume(chat));
        if resumes && (is_resuming || self.chats.find(chat).is_some_and(|known| !known.active)) {
            if !is_resuming {
                let args = Value::object().with(names::CHAT, Value::object().with(names::ID, chat));
                match self.adapter.prepare(Method::RESUME_CHAT, &args, None) {
                    Ok(prepared) => {
                        let request = Request::new(Origin::Resume(chat), Method::RESUME_CHAT, args, prepared, self.now);
                        self.transmit(request);
                    }
                    Err(error) => self.fail(custom_id, error),
                }
            }
            return;
        }
        // Written down before it goes: should the page end now, the next one knows that it may have gone.
        let sent = self.unix();
        let newest = self.chats.find(chat).and_then(|chat| chat.newest());
        if let Some(entry) = self.outbox.find(custom_id) {
            entry.sent = Some(sent);
            entry.since = entry.since.or(newest);
        }
        self.keep(custom_id);
        let request = Request::new(Origin::Outbox, Method::SEND_EVENT, Value::missing(), prepared, self.now);
        let request = self.transmit(request);
        let until = self.now.after(UNREAD_MS);
        if let Some(entry) = self.outbox.find(custom_id) {
            entry.fate = Fate::Sent { request, until };
        }
    }

    /// The platform answered a send. The event itself comes as a push.
    #[inline(never)]
    pub(super) fn send_replied(&mut self, request: u32, result: Result<Value, ChatError>) {
        let now = self.now;
        let Some(entry) = self.outbox.by_request(request) else { return };
        let Err(error) = result else {
            // It is there; if its push got lost, the thread will show it.
            entry.fate = Fate::Accepted { until: now.after(ECHO_MS) };
            return;
        };
        match error.code.as_str() {
            code::CHAT_INACTIVE if entry.resumes => {
                entry.fate = Fate::Waiting;
                let chat = entry.chat;
                self.chats.entry(chat).active = false;
            }
            // Not done, and may be done later.
            "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE" | "PENDING_REQUESTS_LIMIT_REACHED" => {
                entry.fate = Fate::Doubtful { safe: now.after(BUSY_MS) };
            }
            // Perhaps done.
            code::INTERNAL | code::REQUEST_TIMEOUT => entry.fate = Fate::Doubtful { safe: now.after(DOUBT_MS) },
            _ => {
                let custom_id = entry.custom_id;
                self.fail(custom_id, error);
            }
        }
    }

    /// The chat was resumed for its oldest message, or could not be.
    #[inline(never)]
    pub(super) fn resume_replied(&mut self, chat: Id, result: Result<Value, ChatError>) {
        match result {
            Ok(_) => self.chats.entry(chat).active = true,
            Err(error) if error.code == "CHAT_ALREADY_ACTIVE" => self.chats.entry(chat).active = true,
            // Somebody else has.
            Err(_) if self.chats.entry(chat).active => {}
            // A later line or a later moment may do; the summary tells.
            Err(error) if error.code == code::REQUEST_TIMEOUT => {}
            Err(error) => {
                // One that does not need it may have taken its place, and be under way.
                let head = self.outbox.head(chat).filter(|head| head.resumes && head.fate == Fate::Waiting);
                let safe = self.now.after(BUSY_MS);
                match head {
                    Some(head) if error.is_retryable() => head.fate = Fate::Doubtful { safe },
                    Some(head) => {
                        let custom_id = head.custom_id;
                        self.fail(custom_id, error);
                    }
                    None => {}
                }
            }
        }
        self.flush();
    }

    /// A chat was read: what was looked up and is not there was never taken.
    pub(super) fn looked_up(&mut self, chat: Id) {
        let until = self.now.after(ECHO_MS);
        let Some(entry) = self.outbox.looked_up(chat) else { return };
        let accepted = entry.fate == Fate::LookedUp { accepted: true };
        entry.fate = if accepted { Fate::Accepted { until } } else { Fate::Waiting };
        entry.misses += u8::from(accepted);
        let (custom_id, is_vanished) = (entry.custom_id, entry.misses >= MAX_MISSES);
        // The platform has said that it has it, and does not show it: an agent was quick to delete it.
        if is_vanished && let Some(entry) = self.outbox.take(custom_id) {
            let event = self.adapter.event_of(&entry.prepared);
            self.arrived(&entry, event);
        }
    }

    /// A chat could not be read: what was looked up in it is as doubtful as before.
    pub(super) fn not_looked_up(&mut self, chat: Id, error: &ChatError) {
        let safe = self.now.after(DOUBT_MS);
        let Some(entry) = self.outbox.looked_up(chat) else { return };
        if entry.fate == (Fate::LookedUp { accepted: true }) {
            return;
        }
        if error.is_retryable() {
            entry.fate = Fate::Doubtful { safe };
        } else {
            let custom_id = entry.custom_id;
            self.fail(custom_id, error.clone());
        }
    }

    #[inline(never)]
    pub(super) fn run_send_timers(&mut self) {
        let now = self.now;
        while let Some(entry) = self.outbox.expired(now) {
            let (custom_id, is_unknown) = (entry.custom_id, entry.fate != Fate::Waiting);
            let message = if is_unknown {
                "the message may or may not have been delivered; no connection came up to find out"
            } else {
                "the message was not sent; no connection came up in time"
            };
            let outcome = if is_unknown { names::UNKNOWN } else { names::NOT_SENT };
            self.fail(custom_id, ChatError::new(code::REQUEST_TIMEOUT, message).with(names::OUTCOME, outcome));
        }
        for head in self.outbox.heads() {
            if let Fate::Sent { until, .. } = head.fate
                && until <= now
            {
                head.fate = Fate::Doubtful { safe: now };
            }
        }
        self.flush();
    }

    /// The customer is typing.
    pub(super) fn peek(&mut self, args: Value, prepared: Box<Prepared>) {
        self.sneak_peek.waiting = Some(Request::new(Origin::Nobody, Method::SET_SNEAK_PEEK, args, prepared, self.now));
        self.flush_peek();
    }

    /// The customer went to another page of the site.
    pub(super) fn turn_page(&mut self, page: &Value) {
        let known = core::mem::replace(&mut self.page, Value::object());
        for name in [names::URL, names::TITLE] {
            self.page.copy(&known, name);
            self.page.copy(page, name);
        }
        self.is_page_told = false;
        self.flush_page();
    }

    /// Tells the platform where the customer is, if it does not know. Every login tells it too.
    pub(super) fn flush_page(&mut self) {
        if self.is_page_told || !self.is_live() {
            return;
        }
        self.is_page_told = true;
        // A page without an address is none to the platform.
        if let Ok(prepared) = self.adapter.prepare(Method::UPDATE_CUSTOMER_PAGE, &self.page, None)
            && self.page.text(names::URL).is_some()
        {
            let args = Value::missing();
            self.queue.push(Request::new(Origin::Nobody, Method::UPDATE_CUSTOMER_PAGE, args, prepared, self.now));
            self.flush();
        }
    }

    pub(super) fn flush_peek(&mut self) {
        let Some(chat) = self.sneak_peek.waiting.as_ref().and_then(|peek| peek.prepared.chat) else { return };
        let is_open = self.chats.find(chat).is_some_and(|chat| chat.active);
        if !is_open || !matches!(self.phase, Phase::Live { .. }) {
            self.sneak_peek.waiting = None;
        } else if self.now < self.sneak_peek.next {
            self.timers.set(Timer::SneakPeek, self.sneak_peek.next);
        } else if self.can_send()
            && let Some(peek) = self.sneak_peek.waiting.take()
        {
            self.sneak_peek.next = self.now.after(SNEAK_PEEK_MS);
            self.transmit(peek);
        }
    }
}
