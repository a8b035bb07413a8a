//! The outbox as the page sees it, and as it outlives the page: what is kept of a send, and how a later page takes it up.
//!
//! A record is written before its message is handed to a line, and says so as soon as there is a line that may take it. So
//! whatever a page that ended left behind, the next one knows how long a first attempt may still land (reference §8.4): it
//! reads the thread, and sends what is not there.

use super::adapter::Method;
use super::input::CallId;
use super::outbox::{DOUBT_MS, Entry, Fate};
use super::output::Output;
use super::sync::Purpose;
use super::timer::Timer;
use super::{Phase, Session, UnixMillis};
use crate::json::{As, Id, Key, Name, Reading, Value, names};
use crate::model::error::code;
use crate::model::{ChatError, Notice};

/// The event that a kept send came after.
static AFTER: Reading<1> = Reading::new([(&[names::AFTER], As::Key)]);

/// A page that comes so much too late to a deadline may have lost its sends to another one meanwhile: it has come as late
/// to the renewal of its leases, which last 90 s (`platform/store.js`) and are renewed once a minute at least.
pub(super) const UNAWARE_MS: u64 = 10_000;

/// How long storage may take before sends go out without it.
const CLAIM_MS: u64 = 2_000;
/// Failures that nobody retries or discards: the newest are kept.
const MAX_FAILED: usize = 100;
/// And not for longer than a week.
const FORGET_MS: u64 = 7 * 86_400_000;

/// Whether this page has what earlier ones left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    Unasked,
    Asked,
    Done,
}

impl Session {
    /// Asks for what earlier pages left, once. Until the answer nothing is sent: the older goes first.
    pub(super) fn claim(&mut self) {
        if self.claim == Claim::Unasked {
            self.claim = Claim::Asked;
            // The answer has those, unless another page has them by then.
            self.claims.clear();
            self.out.push(Output::Claim);
            self.timers.set(Timer::Claim, self.now.after(CLAIM_MS));
        }
    }

    #[inline(never)]
    pub(super) fn claimed(&mut self, records: &Value) {
        self.claim = Claim::Done;
        self.timers.stop(Timer::Claim);
        self.claims.extend(records.items());
        self.adopt();
    }

    /// This page may have slept through the moment at which another one took its sends over.
    pub(super) fn claim_again(&mut self) {
        if self.claim == Claim::Done {
            self.claim = Claim::Unasked;
        }
        self.claim();
    }

    /// Another page sends it now. Its event is news here, as what any other tab says.
    pub(super) fn taken_over(&mut self, custom_id: Id) {
        let Some(entry) = self.outbox.take(custom_id) else { return };
        if let Some(index) = self.own_ids.iter().position(|(own, _)| *own == custom_id) {
            self.lost_ids.push(self.own_ids.swap_remove(index).0);
        }
        let error = ChatError::new("TAKEN_OVER", "another tab sends it now");
        self.forsake(entry, &error.with(names::OUTCOME, names::UNKNOWN));
        self.flush();
    }

    /// Storage does not answer, or refuses: the outbox lives as long as the page.
    pub(super) fn unstored(&mut self) {
        if !core::mem::replace(&mut self.is_unstored, true) {
            self.warn("STORAGE", "the browser keeps nothing: messages that wait are lost when the page is closed");
        }
        if self.claim == Claim::Asked {
            self.claimed(&Value::missing());
        }
    }

    /// Takes up what was left by the same customer, as soon as it is known who that is.
    pub(super) fn adopt(&mut self) {
        let Some(own) = self.customer() else { return };
        let mut is_odd = false;
        for record in core::mem::take(&mut self.claims) {
            let Some(custom_id) = record.id(names::CUSTOM_ID_) else {
                is_odd = true;
                continue;
            };
            // Another customer's words are theirs. Where the application says who is who, they stay where they are until that
            // customer is back; one whom only a cookie knew never comes back.
            let is_own = record.id(names::CUSTOMER).is_none_or(|customer| customer == own);
            let is_kept_for_them = !is_own && self.config.has_identity_provider;
            if is_kept_for_them || self.outbox.find(custom_id).is_some() || self.is_used(custom_id) {
                continue;
            }
            match self.read_record(custom_id, &record) {
                Some(entry) if entry.fate == Fate::Failed && self.age(entry.created) > FORGET_MS => {
                    self.out.push(Output::Drop(custom_id));
                }
                // Another tab's, which was told here as its event already.
                Some(entry) if self.chats.find(entry.chat).is_some_and(|chat| chat.has_said(custom_id)) => {
                    self.out.push(Output::Drop(custom_id));
                }
                Some(mut entry) => {
                    // It is looked up as all are, and not sent.
                    if !is_own {
                        entry.refusal = Some(another_customer());
                    }
                    // A page that hears of no status hears of the event, as from another tab.
                    if self.config.is_strict {
                        self.own(custom_id);
                    }
                    self.outbox.push(entry);
                }
                None => {
                    is_odd = true;
                    self.out.push(Output::Drop(custom_id));
                }
            }
        }
        if is_odd {
            self.warn("OUTBOX", "something that was kept for later could not be read as a message, and was forgotten");
        }
        self.foresee();
        self.look_up_early();
        self.run_send_timers();
    }

    /// What waits may go over this line. That is on the disk long before it goes; a page that dies in the moment in which it
    /// goes could not write it down any more.
    pub(super) fn foresee(&mut self) {
        if !matches!(self.phase, Phase::LoggingIn { .. } | Phase::Live { .. }) {
            return;
        }
        let sent = self.unix();
        let mut waiting = Vec::new();
        for entry in self.outbox.iter_mut() {
            if entry.sent.is_none() && entry.fate != Fate::Failed {
                entry.sent = Some(sent);
                waiting.push(entry.custom_id);
            }
        }
        for custom_id in waiting {
            self.keep(custom_id);
        }
    }

    /// What is in doubt is perhaps in the thread already: no need to wait until it cannot land any more.
    pub(super) fn look_up_early(&mut self) {
        if self.is_live() {
            let is_doubtful = |entry: &&Entry| entry.fate == Fate::Doubtful;
            let chats: Vec<Id> = self.outbox.iter().filter(is_doubtful).map(|entry| entry.chat).collect();
            for chat in chats {
                self.start_sync(chat, Purpose::LookUp);
            }
        }
    }

    /// Who the customer is, as far as is known.
    fn customer(&self) -> Option<Id> {
        self.own_id.or_else(|| self.token.as_ref().and_then(|(token, _)| Id::of(&token.customer)))
    }

    fn age(&self, at: UnixMillis) -> u64 {
        self.unix().0.saturating_sub(at.0)
    }

    fn read_record(&self, custom_id: Id, record: &Value) -> Option<Box<Entry>> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let time = |name| record.get(name).as_number().filter(|at| *at >= 0.0).map(|at| UnixMillis(at as u64));
        let prepared = self.adapter.restore(record.get(names::PAYLOAD))?;
        let chat = prepared.chat.filter(|_| prepared.custom_id == Some(custom_id))?;
        let (created, expires, sent) = (time(names::CREATED_AT_)?, time(names::EXPIRES_AT)?, time(names::SENT_AT));
        let failure = record.get(names::ERROR);
        let error = failure.text(names::CODE).map(|code| {
            ChatError::new(code, failure.text(names::MESSAGE).unwrap_or_default()).with(names::CUSTOM_ID_, custom_id)
        });
        // How long ago it was handed to a line, only the wall's clock could say, and that may have been set. One that never
        // was may have been in the last moment of the page before.
        let safe = if sent.is_some() { DOUBT_MS } else { DOUBT_MS.saturating_sub(self.age(created)) };
        let [after] = record.read(&AFTER);
        let left = expires.0.saturating_sub(self.unix().0).min(self.config.send_timeout_ms);
        let mut entry = Entry::new(prepared, chat, custom_id, created);
        entry.resumes = record.flag(names::RESUMES);
        entry.since = record.id(names::SINCE);
        entry.sent = sent;
        entry.expires = self.now.after(left);
        entry.fate = if error.is_some() { Fate::Failed } else { Fate::Doubtful };
        entry.error = error;
        entry.lands_until = self.now.after(safe);
        entry.is_attempted = true;
        entry.after = Key::from_number(after).map(|key| (key, record.get(names::AFTER)));
        Some(entry)
    }

    /// Keeps a send as it stands now.
    pub(super) fn keep(&mut self, custom_id: Id) {
        let (unix, now, customer) = (self.unix().0, self.now, self.customer());
        let Some(entry) = self.outbox.find(custom_id) else { return };
        let record = Value::object()
            .with(names::CUSTOM_ID_, custom_id)
            .with(names::CUSTOMER, customer.map_or(Value::null(), Id::value))
            .with(names::RESUMES, entry.resumes)
            .with(names::PAYLOAD, entry.prepared.payload.clone())
            .with(names::CREATED_AT_, entry.created.0)
            .with(names::EXPIRES_AT, unix + entry.expires.since(now));
        if let Some(sent) = entry.sent {
            record.set(names::SENT_AT, sent.0);
        }
        if let Some(since) = entry.since {
            record.set(names::SINCE, since);
        }
        if let Some((_, after)) = &entry.after {
            record.set(names::AFTER, after.clone());
        }
        if let Some(error) = &entry.error {
            record.set(names::ERROR, error.to_value());
        }
        self.out.push(Output::Keep(record));
    }

    /// The rows of `outbox()`.
    pub fn outbox(&self) -> Value {
        let rows = Value::list();
        for entry in self.outbox.iter() {
            let row = Value::object()
                .with(names::CHAT_ID_, entry.chat)
                .with(names::CUSTOM_ID_, entry.custom_id)
                .with(names::STATUS, entry.status())
                .with(names::EVENT, self.adapter.event_of(&entry.prepared))
                .with(names::CREATED_AT_, entry.created.0);
            if let Some(error) = &entry.error {
                row.set(names::ERROR, error.to_value());
            }
            rows.push(row);
        }
        rows
    }

    /// The page wants a message tried again, or forgotten.
    #[inline(never)]
    pub(super) fn call_kept(&mut self, call: CallId, method: Method, args: &Value) {
        let is_retry = method == Method::RETRY;
        let expires = self.now.after(self.config.send_timeout_ms);
        let entry = args.id(names::CUSTOM_ID_).and_then(|id| self.outbox.find(id));
        let Some(entry) = entry.filter(|entry| !is_retry || entry.fate == Fate::Failed) else {
            let expected = if is_retry { "that of a message that failed" } else { "that of a message in outbox()" };
            return self.settle(call, Err(ChatError::argument("customId", &args.get(names::CUSTOM_ID_), expected)));
        };
        let custom_id = entry.custom_id;
        if is_retry {
            // It may have landed all the same, or still land.
            entry.fate = Fate::Doubtful;
            entry.call = Some(call);
            entry.expires = expires;
            entry.error = None;
            self.keep(custom_id);
            self.look_up_early();
            return self.flush();
        }
        if !matches!(entry.fate, Fate::Waiting | Fate::Failed) {
            let error = ChatError::new(
                "MESSAGE_UNDER_WAY",
                "the message may have reached the platform; it cannot be taken back",
            );
            return self.settle(call, Err(error));
        }
        if let Some(entry) = self.outbox.take(custom_id) {
            self.forsake(entry, &ChatError::new("DISCARDED", "discard() was called"));
        }
        self.settle(call, Ok(Value::object().with(names::SUCCESS, true)));
        self.flush();
    }

    /// Gives up for good what will not be sent: tells whoever waits, and forgets it.
    fn forsake(&mut self, entry: Box<Entry>, error: &ChatError) {
        self.out.push(Output::Drop(entry.custom_id));
        if let Some(call) = entry.call {
            self.settle(call, Err(error.clone().with(names::CUSTOM_ID_, entry.custom_id)));
        }
        if entry.fate != Fate::Failed {
            self.tell_status(&entry, names::FAILED, Value::missing(), Some(error));
        }
    }

    /// The customer is another one: nothing of the former goes out any more. What another person wrote is not shown to this
    /// one, if the application knows persons.
    pub(super) fn part_with_customer(&mut self) {
        if self.config.has_identity_provider {
            return self.forsake_all(&another_customer());
        }
        let waiting = self.outbox.iter().filter(|entry| entry.fate != Fate::Failed);
        let waiting: Vec<(Id, bool)> = waiting.map(|entry| (entry.custom_id, entry.sent.is_some())).collect();
        for (custom_id, is_sent) in waiting {
            self.fail(custom_id, another_customer(), if is_sent { names::UNKNOWN } else { names::NOT_SENT });
        }
    }

    /// Nothing that waits goes out any more, and nothing is kept.
    pub(super) fn forsake_all(&mut self, error: &ChatError) {
        for entry in self.outbox.drain() {
            self.forsake(entry, error);
        }
        self.claims.clear();
    }

    /// A send has succeeded.
    pub(super) fn arrived(&mut self, entry: &Entry, event: Value) {
        if let Some(call) = entry.call {
            self.settle(call, Ok(event.clone()));
        }
        self.tell_status(entry, names::SENT, event, None);
        // When it is told: a core that breaks before that leaves it to the next one, which would take it for news.
        self.out.push(Output::Drop(entry.custom_id));
    }

    /// A send has failed: it stays, for the page to decide.
    #[inline(never)]
    pub(super) fn fail(&mut self, custom_id: Id, error: ChatError, outcome: Name) {
        let Some(entry) = self.outbox.find(custom_id) else { return };
        let args = Value::object().with(names::CHAT_ID_, entry.chat);
        let error = self.adapter.blame(Method::SEND_EVENT, &args, None, error);
        let error = error.with(names::OUTCOME, outcome).with(names::CUSTOM_ID_, custom_id);
        entry.fate = Fate::Failed;
        entry.error = Some(error.clone());
        let call = entry.call.take();
        self.keep(custom_id);
        if let Some(call) = call {
            self.settle(call, Err(error));
        }
        let failed = self.outbox.iter().filter(|entry| entry.fate == Fate::Failed);
        let failed: Vec<Id> = failed.map(|entry| entry.custom_id).collect();
        if let Some(oldest) = failed.first().copied().filter(|_| failed.len() > MAX_FAILED) {
            self.outbox.take(oldest);
            self.out.push(Output::Drop(oldest));
        }
    }

    /// Tells of every send that stands otherwise than the page knows.
    pub(super) fn tell_statuses(&mut self) {
        let changed = |entry: &mut Box<Entry>| {
            let status = entry.status();
            let error = entry.error.as_ref().map(ChatError::to_value);
            (core::mem::replace(&mut entry.told, status) != status)
                .then(|| Notice::Made(names::MESSAGE_STATUS, status_of(entry, status, Value::missing(), error)))
        };
        let notices: Vec<Notice> = self.outbox.iter_mut().filter_map(changed).collect();
        for notice in notices {
            self.emit(notice);
        }
    }

    pub(super) fn tell_status(&mut self, entry: &Entry, status: Name, event: Value, error: Option<&ChatError>) {
        self.emit(Notice::Made(names::MESSAGE_STATUS, status_of(entry, status, event, error.map(ChatError::to_value))));
    }
}

/// Nobody can write into a former customer's chat: the page may offer the words anew.
fn another_customer() -> ChatError {
    ChatError::new(code::IDENTITY_CHANGED, "the customer is another one now; send it anew in their chat")
}

pub(super) fn status_of(entry: &Entry, status: Name, event: Value, error: Option<Value>) -> Value {
    let payload = Value::object()
        .with(names::CHAT_ID_, entry.chat)
        .with(names::CUSTOM_ID_, entry.custom_id)
        .with(names::STATUS, status);
    if !event.is_missing() {
        payload.set(names::EVENT, event);
    }
    if let Some(error) = error {
        payload.set(names::ERROR, error);
    }
    payload
}
