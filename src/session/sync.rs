//! Catching up: what happened in a chat while nobody listened is read, ordered, and announced once.
//!
//! The server's order decides, no clock does. Threads are read newest first, whole, down to the last one that was
//! known to be complete, whenever it says that it began; live traffic of the chat is held back until they are announced, oldest first (reference
//! §8.4). The same read tells the fate of sends that are in doubt.

use super::adapter::{Inbound, Method, Push};
use super::calls::Origin;
use super::line::{Next, SUMMARY_LIMIT};
use super::outbox::Seen;
use super::timer::Timer;
use super::{Phase, Session};
use crate::json::{Id, Key, Value, join, names};
use crate::model::chat::{Change, ChatRecord, EventRecord, ThreadRecord, put_newest_first};
use crate::model::{ChatError, Instant, Notice};

/// Events a page should hold at least.
const PAGE_EVENTS: f64 = 25.0;
/// Enough for every real outage; ends a server that always has a next page.
const MAX_PAGES: u32 = 200;
/// Pages read at the start only to count what is unread.
const MAX_COUNT_PAGES: u32 = 4;

/// Platforms show the chats in pages of at most 25.
const MAX_RECORDS: usize = 100;
/// Suspicions are looked into at most this often.
const SUSPECT_MS: u64 = 5_000;
/// Live traffic is held back no longer than this before it is asked what it follows upon.
const BLIND_MS: u64 = 1_000;

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
    purpose: Purpose,
    pages: u32,
    /// The chat with its new thread, in the page's shape.
    opened: Option<Value>,
    /// The threads that were closed meanwhile.
    closed: Vec<Id>,
    /// Newest first.
    threads: Vec<Box<ThreadRecord>>,
    /// Pushes that wait until the chat is read.
    pub(super) held: Vec<Box<Inbound>>,
    /// The platform does not let it be read.
    is_unread: bool,
}

impl Session {
    /// The line is up: compares the summary with what is known and reads what is missing.
    #[inline(never)]
    pub(super) fn catch_up(&mut self, records: &[Box<ChatRecord>], is_first: bool) {
        let own = self.own_id;
        let mut stale = Vec::new();
        let mut closed = Vec::new();
        let mut gaps = Vec::new();
        // The first login of a core that continues another's work.
        let is_resumed = core::mem::take(&mut self.is_resumed);
        let records = records.get(..MAX_RECORDS).unwrap_or(records);
        for record in records {
            if !is_first && !is_resumed && self.chats.contains(record.id) {
                self.tell_members(record);
            }
            let chat = self.chats.entry(record.id);
            let (was_active, known_thread) = (chat.told_active, chat.told_thread);
            let is_current = chat.is_current(record);
            let told = chat.resume.clone();
            let is_history = is_first || is_resumed && told.is_none();
            chat.summarize(record, own, is_history);
            if let Some(told) = told {
                let opens = record.last_thread.is_some_and(|(id, _)| id != told.thread);
                stale.push((record.id, Purpose::CatchUp { opens }));
                // Nobody knows whether its end was told. What it ended with was not.
                if !record.active && record.last_events.first().is_some_and(|event| event.id != told.id) {
                    closed.extend(record.last_thread.map(|(thread, _)| (record.id, thread)));
                }
                continue;
            }
            if is_resumed {
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
                if has_crossed {
                    stale.push((record.id, Purpose::LookUp));
                } else if chat.has_unread() {
                    stale.push((record.id, Purpose::Count));
                }
                continue;
            }
            if !is_current || opens || was_active || record.active || chat.has_shown() {
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
            stale.extend(beyond.map(|chat| (chat.id, Purpose::CatchUp { opens: false })));
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
        self.syncs.push(Box::new(Sync {
            chat: id,
            purpose,
            pages: 0,
            opened: None,
            closed: Vec::new(),
            threads: Vec::new(),
            held: Vec::new(),
            is_unread: false,
        }));
        let args = Value::object().with(names::CHAT_ID_, id).with(names::MIN_EVENTS_COUNT_, PAGE_EVENTS);
        self.request(Origin::Sync(id), Method::LIST_THREADS, args);
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
        self.suspicion.next = self.now.after(SUSPECT_MS);
        if core::mem::take(&mut self.suspicion.all) {
            self.suspicion.chats.clear();
            let args = Value::object().with(names::LIMIT, SUMMARY_LIMIT);
            return self.request(Origin::Summary, Method::LIST_CHATS, args);
        }
        for chat in core::mem::take(&mut self.suspicion.chats) {
            // What is being read was asked for before the suspicion arose.
            if self.is_syncing(chat) {
                self.suspect(chat);
            } else {
                self.start_sync(chat, Purpose::LookUp);
            }
        }
    }

    /// The chats as they are now, asked for on a suspicion.
    pub(super) fn summary_replied(&mut self, result: Result<Value, ChatError>) {
        match result {
            Ok(payload) => {
                let summary = self.adapter.read_summary(&payload);
                self.suspicion.is_blind = false;
                self.catch_up(&summary.chats, false);
                self.release();
            }
            // What waits for it must not wait for ever.
            Err(_) if self.suspicion.is_blind => self.lose_for_sync(),
            Err(_) => self.suspect_all(),
        }
    }

    /// A login reads everything anew.
    pub(super) fn forget_suspicion(&mut self) {
        self.suspicion = Suspicion { next: self.suspicion.next, ..Suspicion::default() };
    }

    pub(super) fn is_syncing(&self, chat: Id) -> bool {
        self.syncs.iter().any(|sync| sync.chat == chat)
    }

    #[inline(never)]
    pub(super) fn sync_replied(&mut self, id: Id, method: Method, result: Result<Value, ChatError>) {
        let Some(index) = self.syncs.iter().position(|sync| sync.chat == id) else { return };
        let payload = match result {
            Ok(payload) => payload,
            // A chat that cannot be read now is read over the next line; one that never can is let go.
            // What is only counted is not worth a line.
            Err(error) if error.is_retryable() && self.syncs[index].purpose != Purpose::Count => {
                return self.lose_for_sync();
            }
            Err(error) => {
                self.warn("CATCH_UP", join(&["a chat could not be read: ", error.message.as_str()]));
                self.not_looked_up(id, &error);
                let sync = &mut self.syncs[index];
                sync.threads.clear();
                sync.is_unread = sync.purpose != Purpose::Count;
                return self.end_sync(index);
            }
        };
        if method == Method::GET_CHAT {
            self.syncs[index].opened = Some(self.adapter.shape(method, &Value::missing(), &payload));
            return self.end_sync(index);
        }
        let page = self.adapter.read_page(id, &payload);
        let sync = &mut self.syncs[index];
        sync.pages += 1;
        sync.threads.extend(page.threads);
        let chat = self.chats.entry(id);
        let shows = |wanted: Option<Id>| wanted.is_some_and(|id| sync.threads.iter().any(|thread| thread.id == id));
        let is_complete = sync.threads.is_empty()
            || match sync.purpose {
                // The customer's mark is a time.
                Purpose::Count => sync.threads.iter().any(|thread| thread.at <= chat.seen_to()),
                Purpose::CatchUp { .. } | Purpose::LookUp => {
                    shows(chat.read_to_thread())
                        && shows(chat.last_thread())
                        // What an earlier page said may lie further back than what this one must know.
                        && (sync.purpose != Purpose::LookUp || self.outbox.doubtful_since(id).all(shows))
                }
            };
        let max_pages = if sync.purpose == Purpose::Count { MAX_COUNT_PAGES } else { MAX_PAGES };
        match page.next {
            Some(next) if !is_complete && sync.pages < max_pages => {
                let args = Value::object().with(names::CHAT_ID_, id).with(names::PAGE_ID_, next.as_str());
                self.request(Origin::Sync(id), Method::LIST_THREADS, args);
            }
            Some(_) | None if sync.purpose == (Purpose::CatchUp { opens: true }) => {
                let args = Value::object().with(names::CHAT_ID_, id);
                self.request(Origin::Sync(id), Method::GET_CHAT, args);
            }
            Some(_) | None => self.end_sync(index),
        }
    }

    /// Announces what was found, then what was held back.
    #[inline(never)]
    fn end_sync(&mut self, index: usize) {
        let mut sync = self.syncs.remove(index);
        let own = self.own_id;
        put_newest_first(&mut sync.threads);
        if sync.purpose != Purpose::Count {
            self.chats.entry(sync.chat).take_up();
            self.tell_gap(&sync.threads, sync.chat, sync.is_unread);
        }
        for event in sync.threads.iter().flat_map(|thread| &thread.events) {
            self.outbox.read_begins_before(event.id);
        }
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
                if is_news && !is_own {
                    self.announce(sync.chat, event, false);
                }
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
    fn tell_gap(&mut self, threads: &[Box<ThreadRecord>], id: Id, is_unread: bool) {
        let chat = self.chats.entry(id);
        let gap = if is_unread { Some((chat.known_to(), Value::null())) } else { chat.gap(threads) };
        let Some((from, to)) = gap else { return };
        self.tell_range(id, from, to);
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

    /// A chat could not be read over this line. Another line may do; without one nothing would be missed.
    pub(super) fn lose_for_sync(&mut self) {
        if matches!(self.phase, Phase::Live { .. }) {
            self.lose("catch_up_failed", Next::Backoff);
        }
    }
}
