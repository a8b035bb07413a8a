//! Sending: the outbox on the line, and what the customer is typing.

use super::adapter::{Method, Prepared, Verdict};
use super::calls::{Origin, Request};
use super::input::CallId;
use super::kept::{Claim, status_of};
use super::outbox::{DOUBT_MS, ECHO_MS, Entry, Fate, NEVER, UNREAD_MS};
use super::sync::Purpose;
use super::timer::Timer;
use super::{Phase, Session};
use crate::json::{Id, Key, Value, join, names};
use crate::model::config::integer;
use crate::model::error::code;
use crate::model::{ChatError, Instant, Notice};

/// Agents see what is being typed at most this often.
const SNEAK_PEEK_MS: u64 = 2_000;
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
            return self.settle(call, Err(ChatError::argument("chatId", &Value::missing(), "a non-empty string")));
        };
        let now = self.now;
        let waiting = self.outbox.find(custom_id).map(|entry| entry.fate != Fate::Failed);
        let is_own = self.is_used(custom_id);
        let failed = waiting == Some(false);
        if waiting == Some(true) || (is_own || self.lost_ids.contains(&custom_id)) && !failed {
            let expected = "an id that was not used before, except for a send that failed";
            let error = ChatError::argument("customId", &custom_id.value(), expected);
            return self.settle(call, Err(error));
        }
        if !is_own {
            self.own(custom_id);
        }
        if self.sneak_peek.waiting.as_ref().is_some_and(|peek| peek.prepared.chat == Some(chat)) {
            self.sneak_peek.waiting = None;
        }
        let created = self.unix();
        let mut entry = match self.outbox.take(custom_id).filter(|before| before.chat == chat) {
            // It may land all the same: what is known of that attempt goes on to count.
            Some(mut before) => {
                before.prepared = prepared;
                before.created = created;
                before.fate = Fate::Doubtful;
                before.error = None;
                before
            }
            None => {
                let mut entry = Entry::new(prepared, chat, custom_id, created);
                entry.since = self.chats.find(chat).and_then(|chat| chat.last_thread());
                entry
            }
        };
        entry.call = Some(call);
        entry.resumes = method != Method::SEND_EVENT;
        entry.expires = now.after(self.config.send_timeout_ms);
        entry.told = names::QUEUED;
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

    /// Whether this session has used a client id.
    pub(super) fn is_used(&self, custom_id: Id) -> bool {
        self.own_ids.iter().any(|(id, _)| *id == custom_id)
    }

    /// A client id of this session's. The oldest are forgotten: what was said with them is known as an event.
    pub(super) fn own(&mut self, custom_id: Id) {
        self.own_ids.push((custom_id, None));
        if self.own_ids.len() > MAX_OWN_IDS {
            let oldest: Vec<(Id, Option<Key>)> = self.own_ids.drain(..MAX_OWN_IDS / 10).collect();
            for (id, event) in oldest {
                let is_made_here = id.value().as_text().is_some_and(|text| text.starts_with(&self.own_prefix));
                if self.outbox.find(id).is_some() {
                    self.own_ids.push((id, event));
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
            // A read that has failed is not waited for, except by what it is to find.
            let sync = self.syncs.iter().find(|sync| sync.chat == head.chat);
            if sync.is_some_and(|sync| head.fate != Fate::Waiting || sync.failures == 0 && sync.hold != NEVER) {
                continue;
            }
            let accepted = match head.fate {
                Fate::Waiting => {
                    sends.push(head.custom_id);
                    continue;
                }
                Fate::Accepted { until } if until <= now => true,
                Fate::Doubtful if head.lands_until <= now => false,
                Fate::Accepted { .. } | Fate::Doubtful | Fate::Sent | Fate::LookedUp { .. } | Fate::Failed => continue,
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
                    Err(error) => self.fail(custom_id, error, names::NOT_SENT),
                }
            }
            return;
        }
        // Written down before it goes: should the page end now, the next one knows that it may have gone.
        let sent = self.unix();
        let known = self.chats.find(chat);
        let newest = known.as_ref().and_then(|chat| chat.last_thread());
        let last = known.and_then(|chat| chat.last_event_id());
        if let Some(entry) = self.outbox.find(custom_id) {
            entry.sent = Some(sent);
            entry.since = entry.since.or(newest);
            // What was read since the attempt before is not its echo, nor that of this one.
            entry.after = last;
            entry.is_attempted = true;
            entry.event = None;
        }
        self.keep(custom_id);
        let request = Request::new(Origin::Outbox, Method::SEND_EVENT, Value::missing(), prepared, self.now);
        let request = self.transmit(request);
        let lands_until = self.now.after(UNREAD_MS);
        if let Some(entry) = self.outbox.find(custom_id) {
            entry.fate = Fate::Sent;
            entry.request = request;
            entry.lands_until = lands_until;
        }
    }

    /// The platform answered a send. The event itself comes as a push.
    #[inline(never)]
    pub(super) fn send_replied(&mut self, request: u32, result: Result<Value, ChatError>) {
        let now = self.now;
        let Some(entry) = self.outbox.by_request(request) else { return };
        entry.lands_until = now.after(DOUBT_MS);
        match result {
            // If its push got lost, the thread will show it.
            Ok(payload) => {
                entry.event = self.adapter.read_sent(&payload);
                entry.fate = Fate::Accepted { until: now.after(ECHO_MS) };
            }
            Err(error) if entry.resumes && error.code == code::CHAT_INACTIVE => {
                entry.fate = Fate::Waiting;
                let chat = entry.chat;
                self.chats.entry(chat).active = false;
            }
            Err(error) if self.adapter.send_verdict(&error) == Verdict::Stop => {
                entry.lands_until = now;
                let custom_id = entry.custom_id;
                self.fail(custom_id, error, names::NOT_SENT);
            }
            // Not done yet: a platform that is busy or in trouble may have kept it, and do it later.
            Err(error) => {
                entry.fate = Fate::Doubtful;
                entry.refusal = Some(error).filter(|error| !error.is_retryable());
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
                let later = self.now.after(BUSY_MS);
                match head {
                    Some(head) if error.is_retryable() => {
                        head.fate = Fate::Doubtful;
                        head.lands_until = head.lands_until.max(later);
                    }
                    Some(head) => {
                        let custom_id = head.custom_id;
                        self.fail(custom_id, error, names::NOT_SENT);
                    }
                    None => {}
                }
            }
        }
        self.flush();
    }

    /// A chat was read, and what was looked up is not there.
    pub(super) fn looked_up(&mut self, chat: Id) {
        let now = self.now;
        let Some(entry) = self.outbox.looked_up(chat) else { return };
        let custom_id = entry.custom_id;
        if entry.fate == (Fate::LookedUp { accepted: true }) {
            entry.fate = Fate::Accepted { until: now.after(ECHO_MS << entry.misses.min(3)) };
            entry.misses += 1;
            // The platform has said that it has it. Perhaps an agent was quick to delete it, perhaps that was not true.
            if entry.lands_until <= now {
                let message = "the platform took the message, and its chat does not show it";
                self.fail(custom_id, ChatError::new(code::REQUEST_TIMEOUT, message), names::UNKNOWN);
            }
            return;
        }
        entry.fate = Fate::Waiting;
        if let Some(refusal) = entry.refusal.take() {
            self.fail(custom_id, refusal, names::NOT_SENT);
        }
    }

    /// A chat could not be read: what was looked up in it is as doubtful as before. Where the chat never can be, the summary
    /// may show it yet.
    pub(super) fn not_looked_up(&mut self, chat: Id, error: &ChatError) {
        let later = self.now.after(DOUBT_MS);
        let Some(entry) = self.outbox.looked_up(chat) else { return };
        let accepted = entry.fate == Fate::LookedUp { accepted: true };
        if accepted {
            entry.fate = Fate::Accepted { until: later };
        } else {
            entry.fate = Fate::Doubtful;
            entry.lands_until = later;
        }
        if error.is_retryable() {
            return;
        }
        let custom_id = entry.custom_id;
        if let Some(refusal) = entry.refusal.take() {
            self.fail(custom_id, refusal, names::UNKNOWN);
        } else {
            entry.expires = later.min(entry.expires);
            self.suspect_all();
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
            self.fail(custom_id, ChatError::new(code::REQUEST_TIMEOUT, message), outcome);
        }
        for head in self.outbox.heads() {
            if head.fate == Fate::Sent && head.lands_until <= now {
                head.fate = Fate::Doubtful;
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
