//! Catching up: what happened in a chat while nobody listened is read, ordered, and announced once.
//!
//! The server's order decides, no clock does. Threads are read newest first, whole, down to the last one that was
//! known to be complete, whenever it says that it began; live traffic of the chat is held back until they are announced, oldest first (reference
//! §8.4). The same read tells the fate of sends that are in doubt.

use std::rc::Rc;

use super::Session;
use super::adapter::{Inbound, Push, Verdict};
use super::line::{MAX_TRIES, Phase};
use super::outbox::{NEVER, Seen};
use super::timer::Timer;
use crate::json::{Id, Key, Value, names};
use crate::model::chat::{Change, ChatRecord, Continuity, EventRecord, ThreadRecord, put_newest_first};
use crate::model::{ChatError, Instant, Notice};

/// Platforms show the chats in pages of at most 25.
const MAX_RECORDS: usize = 100;
/// Suspicions are looked into at most this often.
const SUSPECT_MS: u64 = 5_000;
/// Live traffic is held back no longer than this before it is asked what it follows upon.
const BLIND_MS: u64 = 1_000;
/// Live traffic waits no longer than this for a read that makes no progress,
pub(super) const HOLD_MS: u64 = 10_000;
/// and no more of it than this.
pub(super) const MAX_HELD: usize = 1_000;

/// What was perhaps missed on a line that lives.
#[derive(Debug, Default)]
pub(super) struct Suspicion {
    /// Every chat, and which chats there are.
    all: bool,
    /// A frame could not be read: what comes after it waits until the chats are compared.
    pub(super) is_blind: bool,
    chats: Vec<Id>,
    /// When it may be looked into again.
    next: Instant,
    /// How often in a row the chats could not be read.
    pub(super) failures: u8,
}

/// Why a chat is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The line was away. `opens`: a thread was opened meanwhile, which the page must be told.
    CatchUp { opens: bool },
    /// At the start: how many events has the customer not seen?
    Count,
    /// A send is in doubt.
    LookUp,
}

/// One chat's catch-up.
#[derive(Debug)]
pub(super) struct Sync {
    pub(super) chat: Id,
    pub(super) purpose: Purpose,
    pub(super) pages: u32,
    /// Which page is to be asked for; the first if `None`.
    pub(super) next: Option<String>,
    /// The chat with its new thread, in the page's shape.
    pub(super) opened: Option<Value>,
    /// The threads that were closed meanwhile.
    pub(super) closed: Vec<Id>,
    /// Newest first.
    pub(super) threads: Vec<Box<ThreadRecord>>,
    /// Pushes that wait until the chat is read.
    pub(super) held: Vec<Box<Inbound>>,
    /// They wait no longer than until then; [`NEVER`] if they pass, since the read takes too long.
    pub(super) hold: Instant,
    /// How often the read has failed, and when it is tried again.
    pub(super) failures: u8,
    pub(super) retry: Instant,
    /// Threads are read one by one, since several are too long.
    pub(super) is_small: bool,
    /// The threads are read; the chat itself is still to come.
    pub(super) is_read: bool,
    /// It cannot be read.
    pub(super) is_unread: bool,
}

impl Session {
    /// Compares the summary with what is known and reads what is missing: every known chat, if there is no summary.
    #[inline(never)]
    pub(super) fn catch_up(&mut self, summary: Option<&[Box<ChatRecord>]>) {
        if summary.is_none() && !self.is_summed && !self.is_resumed {
            // Reading would tell all of their history as news.
            return self.chats.iter_mut().for_each(|chat| chat.doubt());
        }
        let own = self.own_id;
        let mut stale = Vec::new();
        let mut closed = Vec::new();
        let mut gaps = Vec::new();
        // The first login of a core that continues another's work.
        let is_resumed = summary.is_some() && core::mem::take(&mut self.is_resumed);
        let is_first = summary.is_some() && !core::mem::replace(&mut self.is_summed, true) && !is_resumed;
        let records = summary.unwrap_or_default();
        let records = records.get(..MAX_RECORDS).unwrap_or(records);
        for record in records {
            let is_unknown = is_resumed && !self.chats.contains(record.id);
            if !is_first && !is_resumed && self.chats.contains(record.id) {
                self.tell_members(record);
            }
            let chat = self.chats.entry(record.id);
            let (was_active, known_thread) = (chat.told_active, chat.told_thread);
            let is_current = chat.is_current(record);
            let told = chat.resume.clone();
            let is_history = is_first || is_unknown;
            chat.summarize(record, own, is_history);
            if let Some(told) = told {
                chat.doubt();
                let opens = record.last_thread.is_some_and(|(id, _)| id != told.thread);
                stale.push((record.id, Purpose::CatchUp { opens }));
                // Nobody knows whether its end was told. What it ended with was not.
                if !record.active && record.last_events.first().is_some_and(|event| event.id != told.id) {
                    closed.extend(record.last_thread.map(|(thread, _)| (record.id, thread)));
                }
                continue;
            }
            if is_unknown {
                // Nobody knows what was told of it.
                gaps.push(record.id);
            }
            let opens = record.last_thread.is_some_and(|(id, _)| known_thread != Some(id));
            if is_history {
                chat.told_thread = chat.last_thread();
                chat.told_active = record.active;
                // What came before the summary may be older than its newest event, or newer. Only a read shows which.
                let is_said = |push: &Inbound| {
                    matches!(push, Inbound::Push { push: Push::Event { .. } | Push::Opened { .. }, .. })
                };
                let has_crossed = self.held.iter().any(|held| is_said(held));
                // Or the page is connected already, and was not told of it.
                if opens && is_first && self.was_connected {
                    chat.told_thread = None;
                    stale.push((record.id, Purpose::CatchUp { opens }));
                } else if has_crossed {
                    stale.push((record.id, Purpose::LookUp));
                } else if chat.has_unread() {
                    stale.push((record.id, Purpose::Count));
                }
                continue;
            }
            if !is_current || opens || was_active || record.active || chat.has_shown() {
                // Nothing was added. What is too long is not asked for what else may have changed.
                let is_proven = is_current && !opens && !record.last_events.is_empty();
                if !is_proven {
                    chat.doubt();
                } else if chat.is_too_long() {
                    continue;
                }
                // Even if nothing was added: what pages have may have changed, and sends in doubt are looked up.
                stale.push((record.id, Purpose::CatchUp { opens }));
            }
            if was_active && (opens || !record.active) {
                closed.extend(known_thread.map(|thread| (record.id, thread)));
            }
            // One that came and went meanwhile: its beginning is told, and so is its end.
            if opens && !record.active {
                closed.extend(record.last_thread.map(|(thread, _)| (record.id, thread)));
            }
        }
        if !is_first {
            // Chats beyond the summary's first page.
            let beyond = self.chats.iter_mut().filter(|chat| !records.iter().any(|record| record.id == chat.id));
            stale.extend(beyond.map(|chat| {
                chat.doubt();
                (chat.id, Purpose::CatchUp { opens: false })
            }));
        }
        for chat in gaps {
            self.tell_range(chat, Value::null(), Value::null());
        }
        for (chat, purpose) in stale {
            self.start_sync(chat, purpose);
        }
        // A chat that changed is being read: its end is told after what was said before it.
        for (chat, thread) in closed {
            if let Some(sync) = self.syncs.iter_mut().find(|sync| sync.chat == chat) {
                sync.closed.push(thread);
            }
        }
    }

    /// Starts to read a chat, unless that is under way.
    pub(super) fn start_sync(&mut self, id: Id, purpose: Purpose) {
        if self.is_syncing(id) {
            return;
        }
        let is_small = self.chats.entry(id).is_too_long();
        self.syncs.push(Box::new(Sync {
            chat: id,
            purpose,
            pages: 0,
            next: None,
            opened: None,
            closed: Vec::new(),
            threads: Vec::new(),
            held: Vec::new(),
            hold: self.now.after(HOLD_MS),
            failures: 0,
            retry: NEVER,
            is_small,
            is_read: false,
            is_unread: false,
        }));
        self.read(self.syncs.len() - 1);
    }

    /// Who came and left while nobody listened, and what they have seen.
    #[inline(never)]
    fn tell_members(&mut self, record: &ChatRecord) {
        let own = self.own_id;
        for user in &record.users {
            let Some(id) = user.id(names::ID) else { continue };
            let chat = self.chats.entry(record.id);
            let before = chat.presence(id);
            let is_present = user.get(names::PRESENT).as_bool() != Some(false);
            let mark = user.get(names::EVENTS_SEEN_UP_TO_);
            // Writing moves the writer's own mark; that is no news to them.
            let is_implied = Some(id) == own && mark.as_time().is_some_and(|at| at <= chat.seen_to());
            let has_seen = before.is_some() && chat.see(id, &mark, own) && !is_implied;
            let about = Value::object().with(names::CHAT_ID_, record.id);
            match before {
                Some(true) if !is_present => {
                    self.emit(Notice::Made(names::USER_REMOVED_FROM_CHAT, about.with(names::USER_ID_, id)));
                }
                None | Some(false) if is_present => {
                    self.emit(Notice::UserAdded(about.with(names::USER, user.clone())));
                }
                Some(_) | None => {}
            }
            if has_seen {
                self.emit(Notice::Seen { chat: record.id, user: id, mark });
            }
        }
    }

    /// Something was perhaps not heard: every chat is looked at again, on this line.
    pub(super) fn suspect_all(&mut self) {
        self.suspicion.all = true;
        self.plan_suspicion();
    }

    /// Something in a chat was perhaps not heard.
    pub(super) fn suspect(&mut self, chat: Id) {
        if !self.suspicion.chats.contains(&chat) {
            self.suspicion.chats.push(chat);
        }
        self.plan_suspicion();
    }

    /// A frame came that cannot be read. It may have been an event, of any chat.
    pub(super) fn suspect_frame(&mut self) {
        if self.is_live() {
            self.suspicion.is_blind = true;
            self.suspicion.next = self.suspicion.next.min(self.now.after(BLIND_MS));
            self.suspect_all();
        }
    }

    fn plan_suspicion(&mut self) {
        if self.is_live() {
            self.timers.set(Timer::Suspect, self.suspicion.next.max(self.now.after(1)));
        }
    }

    /// What was held back takes its course.
    pub(super) fn release(&mut self) {
        for inbound in core::mem::take(&mut self.held) {
            self.inbound(*inbound);
        }
    }

    pub(super) fn run_suspicion(&mut self) {
        if !self.is_live() {
            return self.ask_summary();
        }
        self.suspicion.next = self.now.after(SUSPECT_MS);
        if core::mem::take(&mut self.suspicion.all) {
            self.ask_summary();
            // They are read because of the answer, if there is one.
            if self.suspicion.failures == 0 {
                return self.suspicion.chats.clear();
            }
        }
        for chat in core::mem::take(&mut self.suspicion.chats) {
            // What is being read was asked for before the suspicion arose.
            if self.is_syncing(chat) {
                self.suspect(chat);
            } else {
                self.chats.entry(chat).doubt();
                self.start_sync(chat, Purpose::LookUp);
            }
        }
    }

    /// The chats as they are now, asked for on a suspicion.
    pub(super) fn summary_replied(&mut self, result: Result<Value, ChatError>) {
        let is_login = matches!(self.phase, Phase::Summing { .. });
        let summary = match result {
            // Otherwise who was let in may go on without it.
            Err(error) if is_login && self.adapter.login_verdict(&error) != Verdict::Retry => {
                return self.login_refused(&error);
            }
            result => self.adapter.read_summary(&result.unwrap_or(Value::missing())),
        };
        if summary.is_valid {
            self.suspicion.failures = 0;
            if !is_login {
                self.suspicion.is_blind = false;
                self.catch_up(Some(&summary.chats));
                return self.release();
            }
            return self.summed(summary);
        }
        let failures = self.suspicion.failures.saturating_add(1);
        self.suspicion.failures = failures;
        self.suspicion.next = self.later(failures);
        if is_login && failures < MAX_TRIES {
            return self.timers.set(Timer::Suspect, self.suspicion.next);
        }
        if is_login {
            self.warn("CATCH_UP", "the chats could not be read");
            self.summed(summary);
        }
        self.suspect_all();
        if self.suspicion.is_blind {
            self.read_known();
        }
    }

    /// There is no summary to go by: the known chats are read, and what is held back waits for that.
    pub(super) fn read_known(&mut self) {
        self.suspicion.is_blind = false;
        self.catch_up(None);
        self.release();
    }

    /// A login reads everything anew.
    pub(super) fn forget_suspicion(&mut self) {
        self.suspicion = Suspicion { next: self.suspicion.next, ..Suspicion::default() };
    }

    pub(super) fn is_syncing(&self, chat: Id) -> bool {
        self.syncs.iter().any(|sync| sync.chat == chat)
    }

    /// Announces what was found, then what was held back.
    #[inline(never)]
    pub(super) fn end_sync(&mut self, index: usize) {
        let mut sync = self.syncs.remove(index);
        let own = self.own_id;
        put_newest_first(&mut sync.threads);
        if sync.purpose != Purpose::Count {
            self.chats.entry(sync.chat).take_up();
            if !sync.is_unread {
                self.tell_gap(&sync.threads, sync.chat);
            }
        }
        for event in sync.threads.iter().flat_map(|thread| &thread.events) {
            self.outbox.read_begins_before(event.id);
        }
        let mut late_to = self.chats.entry(sync.chat).late_to(&sync.threads);
        let newest = sync.threads.first().map(|thread| thread.id);
        let chat = self.chats.entry(sync.chat);
        chat.note_read(&sync.threads, own);
        // An event of an old thread was taken for a sign of a new one.
        if chat.told_thread == newest {
            sync.opened = None;
        }
        for thread in sync.threads.iter().rev() {
            if newest == Some(thread.id) {
                self.tell_beginning(thread.id, sync.opened.take(), &mut sync.held);
            }
            let chat = self.chats.entry(sync.chat);
            for change in chat.changes(thread) {
                self.tell_change(sync.chat, &change);
            }
            for event in &thread.events {
                let is_news = self.chats.entry(sync.chat).record(event, own);
                let is_own = self.confirm(sync.chat, event, Seen::Read);
                self.outbox.read_passes(event.id);
                if is_news && !is_own && late_to.is_none() {
                    self.announce(sync.chat, event, false);
                }
                late_to = late_to.filter(|late_to| *late_to != event.id);
            }
            if sync.closed.contains(&thread.id) {
                self.tell_end(sync.chat, thread.id, &mut sync.held);
            }
        }
        if let Some(newest) = sync.threads.first() {
            let chat = self.chats.entry(sync.chat);
            chat.active = newest.active;
            chat.end_read(&sync.threads);
            chat.keep_shown(&sync.threads);
            if sync.purpose != Purpose::LookUp {
                // A thread that began or ended while the chat was read is told by its push. Where that is lost, a later summary
                // shows it.
                let opens = sync.purpose == (Purpose::CatchUp { opens: true });
                if opens || chat.told_thread.is_none() {
                    chat.told_thread = Some(newest.id);
                }
                let is_over = chat.told_thread.is_some_and(|told| sync.closed.contains(&told));
                let is_read = chat.told_thread == Some(newest.id);
                chat.told_active = is_read && newest.active || (chat.told_active || opens) && !is_over;
            }
        }
        self.looked_up(sync.chat);
        let is_held =
            |event: &EventRecord| sync.held.iter().any(|held| event_of(held).is_some_and(|held| held.id == event.id));
        // A summary of an earlier line does not know what came since.
        if sync.is_unread
            && self.suspicion.failures == 0
            && let Some(event) = self.chats.entry(sync.chat).missed_event().filter(|event| !is_held(event))
        {
            self.hear(sync.chat, &event, Seen::Read);
        }
        if sync.is_unread {
            for thread in core::mem::take(&mut sync.closed) {
                self.tell_end(sync.chat, thread, &mut sync.held);
                self.chats.entry(sync.chat).told_active = false;
            }
        }
        let deleted = sync.held.iter().filter_map(|held| match &**held {
            Inbound::Push { push: Push::Deleted { event, .. }, .. } => Some(*event),
            Inbound::Push { .. } | Inbound::Reply { .. } | Inbound::Odd(_) => None,
        });
        let deleted: Vec<Key> = deleted.collect();
        for inbound in sync.held {
            // What came and went while it was read would be told behind what followed it.
            let is_gone = matches!(&*inbound, Inbound::Push { push: Push::Event { event, .. }, .. }
                if event.author != own && deleted.contains(&event.id));
            if !is_gone {
                self.inbound(*inbound);
            }
        }
        if sync.is_unread {
            self.tell_missing(sync.chat, Value::null());
        }
        self.flush();
    }

    /// What happens in the newest thread is told after its beginning, and that after what became of the chat before it. Held
    /// events stay held: they are in the read, in their order, or come after it.
    fn tell_beginning(&mut self, thread: Id, opened: Option<Value>, held: &mut Vec<Box<Inbound>>) {
        // A push that says the same is told itself.
        let is_opening = |held: &Inbound| matches!(held, Inbound::Push { push: Push::Opened { .. }, .. });
        if let Some(body) = opened.filter(|_| !held.iter().any(|held| is_opening(held))) {
            self.emit(Notice::ChatOpened(Value::object().with(names::CHAT, body)));
        }
        let begins = |held: &Inbound| match held {
            Inbound::Push { push: Push::Opened { thread: Some(opened), .. }, .. } => opened.id == thread,
            Inbound::Push { .. } | Inbound::Reply { .. } | Inbound::Odd(_) => false,
        };
        let until = held.iter().position(|held| begins(held)).map_or(0, |beginning| beginning + 1);
        let mut events = Vec::new();
        for inbound in held.drain(..until) {
            if let Inbound::Push {
                push: Push::Event { .. } | Push::Updated { .. } | Push::Deleted { .. } | Push::Touched { .. },
                ..
            } = *inbound
            {
                events.push(inbound);
            } else {
                self.inbound(*inbound);
            }
        }
        events.append(held);
        *held = events;
    }

    /// A thread was closed meanwhile. A push that says the same is not told again.
    fn tell_end(&mut self, chat: Id, thread: Id, held: &mut Vec<Box<Inbound>>) {
        let is_told = |held: &Inbound| match held {
            Inbound::Push { push: Push::Closed { thread: closed, .. }, .. } => *closed == Some(thread),
            Inbound::Push { .. } | Inbound::Reply { .. } | Inbound::Odd(_) => false,
        };
        while let Some(told) = held.iter().position(|held| is_told(held)) {
            held.remove(told);
        }
        let payload = Value::object().with(names::CHAT_ID_, chat).with(names::THREAD_ID_, thread);
        self.emit(Notice::ChatClosed { chat, thread: Some(thread), payload });
    }

    /// Continuity is proved, or the page is told between which times it is not.
    fn tell_gap(&mut self, threads: &[Box<ThreadRecord>], id: Id) {
        let Some((from, to)) = self.chats.entry(id).gap(threads) else { return };
        self.tell_range(id, from, to);
    }

    /// What was missed will not be told before what comes next, which happened at `to`.
    pub(super) fn tell_missing(&mut self, id: Id, to: Value) {
        let chat = self.chats.entry(id);
        if chat.continuity == Continuity::Unproven {
            chat.continuity = Continuity::Open;
            let from = chat.known_to();
            self.tell_range(id, from, to);
        }
    }

    fn tell_range(&mut self, chat: Id, from: Value, to: Value) {
        let range = Value::object().with(names::CHAT_ID_, chat).with(names::FROM, from).with(names::TO, to);
        self.emit(Notice::Made(names::HISTORY_GAP, range));
    }

    fn tell_change(&mut self, chat: Id, change: &Change) {
        let about =
            |event: &EventRecord| Value::object().with(names::CHAT_ID_, chat).with(names::THREAD_ID_, event.thread);
        let notice = match change {
            Change::Updated(event) => {
                Notice::Made(names::EVENT_UPDATED, about(event).with(names::EVENT, event.body.clone()))
            }
            Change::Deleted(event) => {
                Notice::Made(names::EVENT_DELETED, about(event).with(names::EVENT_ID_, event.body.get(names::ID)))
            }
        };
        self.emit(notice);
    }
}

/// The event that a push brings.
pub(super) const fn event_of(inbound: &Inbound) -> Option<&Rc<EventRecord>> {
    match inbound {
        Inbound::Push { push: Push::Event { event, .. }, .. } => Some(event),
        Inbound::Push { .. } | Inbound::Reply { .. } | Inbound::Odd(_) => None,
    }
}
