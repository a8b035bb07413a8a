//! Reads of a chat: page by page, on the same line again when one fails, for less when it is too long.
//!
//! A read that fails never ends the line: messages that are not in doubt go out meanwhile, live traffic goes on after a
//! while, and `history_gap` is emitted before the first of it.

use super::Session;
use super::adapter::{Inbound, Method};
use super::calls::Origin;
use super::outbox::NEVER;
use super::sync::{HOLD_MS, Purpose, event_of};
use crate::json::{Id, Value, join, names};
use crate::model::chat::{Chat, Continuity};
use crate::model::error::code;
use crate::model::{ChatError, Instant};

/// Events a page should hold at least.
const PAGE_EVENTS: f64 = 25.0;
/// Enough for every real outage; ends a server that always has a next page.
const MAX_PAGES: u32 = 200;
/// Pages read at the start only to count what is unread.
const MAX_COUNT_PAGES: u32 = 4;

impl Session {
    /// Asks for the newest threads of a chat, or for the chat itself when they are read.
    pub(super) fn read(&mut self, index: usize) {
        let sync = &mut self.syncs[index];
        sync.retry = NEVER;
        let id = sync.chat;
        let args = Value::object().with(names::CHAT_ID_, id);
        let mut method = Method::GET_CHAT;
        if !sync.is_read {
            method = Method::LIST_THREADS;
        }
        if let Some(next) = sync.next.take() {
            args.set(names::PAGE_ID_, next.as_str());
        } else if !sync.is_read {
            sync.pages = 0;
            sync.threads.clear();
            let (name, size) =
                if sync.is_small { (names::LIMIT, 1.0) } else { (names::MIN_EVENTS_COUNT_, PAGE_EVENTS) };
            args.set(name, size);
        }
        self.request(Origin::Sync(id), method, args);
    }

    #[inline(never)]
    pub(super) fn sync_replied(&mut self, id: Id, method: Method, result: Result<Value, ChatError>) {
        let is_chat = method == Method::GET_CHAT;
        // An answer to what was given up answers no other read.
        let index = self.syncs.iter().position(|sync| sync.chat == id && sync.is_read == is_chat);
        let Some(index) = index else { return };
        let payload = match result {
            Ok(payload) => payload,
            Err(error) => return self.read_failed(index, &error),
        };
        if is_chat {
            self.syncs[index].opened = Some(self.adapter.shape(method, &Value::missing(), &payload));
            return self.end_sync(index);
        }
        let page = self.adapter.read_page(id, &payload);
        // Nor is an empty one of a chat that has threads, where something depends on it.
        let is_empty = page.threads.is_empty() && self.syncs[index].threads.is_empty();
        let is_needed = self.syncs[index].purpose != Purpose::LookUp || self.outbox.doubtful_since(id).next().is_some();
        if !page.is_valid || is_empty && is_needed && self.chats.entry(id).last_thread().is_some() {
            return self.read_failed(index, &ChatError::new(code::INTERNAL, ""));
        }
        let hold = self.now.after(HOLD_MS);
        let sync = &mut self.syncs[index];
        if core::mem::replace(&mut sync.hold, hold) == NEVER {
            // It can be read again: anew, since this knows nothing of what has passed meanwhile.
            return self.read(index);
        }
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
            Some(_) if !is_complete && sync.pages < max_pages => {
                sync.next = page.next;
                self.read(index);
            }
            Some(_) | None => self.threads_read(index),
        }
    }

    fn threads_read(&mut self, index: usize) {
        let sync = &mut self.syncs[index];
        sync.is_read = true;
        self.chats.entry(sync.chat).continuity = Continuity::Proven;
        if sync.purpose == (Purpose::CatchUp { opens: true }) {
            self.read(index);
        } else {
            self.end_sync(index);
        }
    }

    /// A chat could not be read. It is asked for less, or asked again, or let go.
    #[inline(never)]
    fn read_failed(&mut self, index: usize, error: &ChatError) {
        let sync = &mut self.syncs[index];
        let is_too_long = error.code == code::ENTITY_TOO_LARGE;
        if is_too_long && !core::mem::replace(&mut sync.is_small, true) {
            return self.read(index);
        }
        let id = sync.chat;
        let failures = sync.failures.saturating_add(1);
        sync.failures = failures;
        if failures == 1 {
            self.warn("CATCH_UP", join(&["a chat could not be read: ", error.code.as_str()]));
        }
        self.not_looked_up(id, error);
        let again = self.later(failures);
        let chat = self.chats.entry(id);
        let sync = &mut self.syncs[index];
        if error.is_retryable() && sync.purpose != Purpose::Count {
            sync.retry = again.min(sync.hold);
            // Where nothing is missing, or the page knows that it is, live traffic waits for no other try.
            if !sync.is_read && chat.continuity != Continuity::Unproven {
                self.pass(index);
            }
            return;
        }
        if sync.is_read {
            return self.pass(index);
        }
        if is_too_long && let Some(oldest) = sync.threads.last() {
            // Older threads are not read any more. Where pages know how this one began, nothing before it is missing.
            if oldest.events.first().is_some_and(|event| chat.has(event.id)) {
                chat.complete_from(oldest);
            }
            return self.threads_read(index);
        }
        if is_too_long {
            chat.too_long = chat.last_thread();
        }
        sync.threads.clear();
        sync.is_unread = sync.purpose != Purpose::Count;
        self.end_sync(index);
    }

    /// Live traffic has waited long enough for a read.
    pub(super) fn pass(&mut self, index: usize) {
        let sync = &mut self.syncs[index];
        let id = sync.chat;
        sync.hold = NEVER;
        if sync.is_read {
            // That it was opened is told when a later summary shows it.
            sync.purpose = Purpose::CatchUp { opens: false };
            return self.end_sync(index);
        }
        let mut held = core::mem::take(&mut sync.held);
        put_in_order(&mut held, self.chats.entry(id));
        for inbound in held {
            self.inbound(*inbound);
        }
        self.tell_missing(id, Value::null());
    }

    /// Reads that failed are tried again.
    #[inline(never)]
    pub(super) fn run_sync_timers(&mut self) {
        let now = self.now;
        while let Some(index) = self.syncs.iter().position(|sync| sync.retry <= now) {
            if self.syncs[index].hold <= now {
                self.pass(index);
            } else {
                self.read(index);
            }
        }
    }

    /// When a read that has failed so often is tried again: after 1, 2, 4 … 32 s, half of it more or less.
    pub(super) fn later(&mut self, failures: u8) -> Instant {
        let wait = 500 << failures.min(6);
        self.now.after(wait / 2 + ((u64::from(self.random.next()) * wait) >> 32))
    }
}

/// Puts pushes that no read has placed in the order of their numbers: one may have overtaken another.
fn put_in_order(held: &mut [Box<Inbound>], chat: &Chat) {
    for end in 1..held.len() {
        for place in (1..=end).rev() {
            let Some([before, after]) = held.get_mut(place - 1..=place) else { return };
            match (event_of(before), event_of(after)) {
                (Some(one), Some(other)) if chat.overtook(one, other) => core::mem::swap(before, after),
                _ => break,
            }
        }
    }
}
