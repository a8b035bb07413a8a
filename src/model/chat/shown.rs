//! What pages have been shown of a chat, so that a later read can say what became of it meanwhile.

use std::rc::Rc;

use super::{Chat, EventRecord, Position, ThreadRecord};
use crate::json::{Id, Key, Value, names};
use crate::model::Micros;

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
        if let Some((_, last)) = &mut self.last_event
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
            self.shown.remove(place);
        }
        if let Some((_, last)) = &self.last_event
            && last.id == id
        {
            let newest = self.shown.iter().max_by_key(|shown| (shown.at, shown.number));
            self.last_event = newest.map(|newest| (self.position(newest, None), newest.clone()));
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

    /// Makes room: the first events of the thread that the oldest belongs to.
    fn forget_oldest(&mut self) {
        let oldest = self.shown.iter().enumerate().min_by_key(|(_, shown)| shown.at);
        let Some((first, thread)) = oldest.map(|(place, shown)| (place, shown.thread)) else { return };
        let rest = self.shown.get(first..).unwrap_or_default();
        let count = rest.iter().take(MAX_SHOWN / 10).take_while(|shown| shown.thread == thread).count();
        for shown in self.shown.drain(first..first + count) {
            self.forgotten_to = self.forgotten_to.max(shown.at);
        }
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
    pub fn take_up(&mut self, threads: &[Box<ThreadRecord>]) {
        let Some(event) = self.resume.take() else { return };
        self.complete_to = event.at;
        if let Some(thread) = threads.iter().find(|thread| thread.id == event.thread) {
            self.complete_to = thread.at;
            let position = Position { thread_at: thread.at, at: event.at, number: event.number };
            self.floor = Some((position, event.id));
        }
        self.pass(&event);
        self.show(&event);
    }

    /// Between which times something may have happened that a read down to what was complete does not show: a thread
    /// that was known is gone, or everything that was known of it, or the threads are no chain, or they begin with more
    /// than could be remembered. The second is null if that is not known either.
    pub fn gap(&self, threads: &[Box<ThreadRecord>]) -> Option<(Value, Value)> {
        if self.complete_to == Micros::MIN {
            return None;
        }
        let Some(base) = threads.iter().find(|thread| thread.at == self.complete_to) else {
            return Some((self.known_to(), threads.last().map_or(Value::null(), |oldest| begin(oldest))));
        };
        let mut known = self.shown.iter().filter(|shown| shown.thread == base.id).peekable();
        let is_there = |shown: &Rc<EventRecord>| base.events.iter().any(|event| event.id == shown.id);
        if known.peek().is_some() && !known.any(is_there) {
            return Some((self.known_to(), begin(base)));
        }
        let broken = threads.windows(2).find(|pair| match pair {
            [newer, older] => older.at >= base.at && newer.previous.is_some_and(|previous| previous != older.id),
            _ => false,
        });
        if let Some([newer, _]) = broken {
            return Some((self.known_to(), begin(newer)));
        }
        let first = base.events.first().filter(|first| first.at <= self.forgotten_to)?;
        Some((first.body.get(names::CREATED_AT_), Value::from_time(self.forgotten_to)))
    }

    /// When the newest of the events that pages have happened.
    pub fn known_to(&self) -> Value {
        match self.shown.iter().max_by_key(|shown| shown.at) {
            Some(newest) => newest.body.get(names::CREATED_AT_),
            None if self.complete_to == Micros::MIN => Value::null(),
            None => Value::from_time(self.complete_to),
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
