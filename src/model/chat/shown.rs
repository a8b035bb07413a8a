//! What pages have been shown of a chat, so that a later read can say what became of it meanwhile.

use std::rc::Rc;

use super::{Chat, EventRecord, ThreadRecord};
use crate::json::{Id, Key, Value, names};

/// So many events of a chat are compared with what a later read shows: those of its newest thread, mostly.
const MAX_SHOWN: usize = 5_000;

/// What a later read shows of an event that pages know.
#[derive(Debug)]
pub enum Change {
    Updated(Rc<EventRecord>),
    Deleted(Rc<EventRecord>),
}

impl Chat {
    /// An event that is known has changed.
    pub fn update(&mut self, event: &Rc<EventRecord>) {
        if let Some(last) = &mut self.last_event
            && last.id == event.id
        {
            *last = event.clone();
        }
        if let Ok(place) = self.place(event.id) {
            self.shown[place] = event.clone();
        }
    }

    /// An event is gone.
    pub fn remove(&mut self, id: Key) {
        if let Ok(place) = self.place(id) {
            let gone = self.shown.remove(place);
            if let Some(place) = self.unread.iter().position(|unread| *unread == gone.at) {
                self.unread.swap_remove(place);
            }
        }
        if self.last_event.as_ref().is_some_and(|last| last.id == id) {
            // Until a read shows the order again.
            let newest = self.last_thread();
            let order = |shown: &&Rc<EventRecord>| (Some(shown.thread) == newest, shown.at, shown.number);
            self.last_event = self.shown.iter().max_by_key(order).cloned();
        }
    }

    /// A page has an event: what becomes of it while nobody listens is told afterwards.
    pub fn show(&mut self, event: &Rc<EventRecord>) {
        match self.place(event.id) {
            Ok(place) => self.shown[place] = event.clone(),
            Err(place) => {
                self.shown.insert(place, event.clone());
                if self.shown.len() > MAX_SHOWN {
                    self.forget_oldest();
                }
            }
        }
    }

    /// These threads were compared. A later read begins with the newest of them, and shows as much more as fits a page.
    pub fn keep_shown(&mut self, threads: &[Box<ThreadRecord>]) {
        self.shown.retain(|shown| threads.iter().any(|thread| thread.id == shown.thread));
    }

    /// Makes room: the first events of a thread, of the newest last.
    fn forget_oldest(&mut self) {
        let newest = self.last_thread();
        let first = self.shown.iter().position(|shown| Some(shown.thread) != newest).unwrap_or(0);
        let rest = self.shown.get(first..).unwrap_or_default();
        let Some(thread) = rest.first().map(|shown| shown.thread) else { return };
        let count = rest.iter().take(MAX_SHOWN / 10).take_while(|shown| shown.thread == thread).count();
        self.forgotten = self.shown.drain(first..first + count).next_back().map(|last| (thread, last.at));
    }

    /// Whether an event is known or shown.
    pub fn has(&self, id: Key) -> bool {
        self.knows(id) || self.place(id).is_ok()
    }

    /// Whether pages have anything of the chat.
    pub const fn has_shown(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Whether pages have an event with this client id.
    pub fn has_said(&self, custom_id: Id) -> bool {
        self.shown.iter().any(|shown| shown.body.id(names::CUSTOM_ID_) == Some(custom_id))
    }

    /// What happened to the events of a thread that pages have, now that it was read whole.
    pub fn changes(&mut self, thread: &ThreadRecord) -> Vec<Change> {
        let mut changes = Vec::new();
        let is_gone = |shown: &Rc<EventRecord>| {
            shown.thread == thread.id && thread.events.iter().all(|event| event.id != shown.id)
        };
        let gone: Vec<Rc<EventRecord>> = self.shown.iter().filter(|shown| is_gone(shown)).cloned().collect();
        for event in gone {
            self.remove(event.id);
            changes.push(Change::Deleted(event));
        }
        for event in &thread.events {
            let Ok(place) = self.place(event.id) else { continue };
            let is_same = self.shown[place].body.is_same_event(&event.body);
            self.update(event);
            if !is_same {
                changes.push(Change::Updated(event.clone()));
            }
        }
        changes
    }

    /// Begins where a core that broke has ended, if the read shows the place. Without it there is a gap.
    pub fn take_up(&mut self) {
        let Some(event) = self.resume.take() else { return };
        self.complete = Some((event.thread, event.at));
        self.pass(&event);
        self.show(&event);
        self.told = Some(event.clone());
        self.floor = vec![event];
    }

    /// Between which times something may have happened that a read down to what was complete does not show: a thread
    /// that was known is gone, or everything that was known of it, or the threads are no chain, or they hold more than
    /// could be remembered. The second is null if that is not known either.
    pub fn gap(&self, threads: &[Box<ThreadRecord>]) -> Option<(Value, Value)> {
        let (complete, _) = self.complete?;
        let Some(place) = threads.iter().position(|thread| thread.id == complete) else {
            return Some((self.known_to(), threads.last().map_or(Value::null(), |oldest| begin(oldest))));
        };
        let (newer, base) = threads.get(..=place).and_then(|newer| Some((newer, newer.last()?)))?;
        let mut known = self.shown.iter().filter(|shown| shown.thread == base.id).peekable();
        let is_there = |shown: &Rc<EventRecord>| base.events.iter().any(|event| event.id == shown.id);
        if known.peek().is_some() && !known.any(is_there) {
            return Some((self.known_to(), begin(base)));
        }
        let broken = newer.windows(2).find(|pair| match pair {
            [newer, older] => newer.previous.is_some_and(|previous| previous != older.id),
            _ => false,
        });
        if let Some([newer, _]) = broken {
            return Some((self.known_to(), begin(newer)));
        }
        let (_, to) = self.forgotten.filter(|(thread, _)| newer.iter().any(|newer| newer.id == *thread))?;
        Some((begin(base), Value::from_time(to)))
    }

    /// When the last event happened that pages have.
    pub fn known_to(&self) -> Value {
        match (&self.told, self.complete) {
            (Some(told), _) => told.body.get(names::CREATED_AT_),
            (None, Some((_, at))) => Value::from_time(at),
            (None, None) => Value::null(),
        }
    }

    fn place(&self, id: Key) -> Result<usize, usize> {
        if self.shown.last().is_none_or(|last| last.id < id) {
            return Err(self.shown.len());
        }
        self.shown.binary_search_by_key(&id, |shown| shown.id)
    }
}

/// When the first of a thread happened.
fn begin(thread: &ThreadRecord) -> Value {
    thread.events.first().map_or_else(|| Value::from_time(thread.at), |event| event.body.get(names::CREATED_AT_))
}
