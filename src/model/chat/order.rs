//! The server's order: what comes after what in a chat, and so what is news.

use super::{Chat, EventRecord, ThreadRecord};
use crate::json::Id;
use crate::model::Micros;

/// Numbers that no event bears: what only agents see, what was deleted. Where there are more, numbers count something else.
const MAX_HOLES: u64 = 20;
/// No thread has more events: a greater number counts something else.
pub const MAX_EVENTS: u64 = 100_000;

/// Puts the threads of a read in order, newest first: as they link to each other, and where no link tells, as they came.
pub fn put_newest_first(threads: &mut Vec<Box<ThreadRecord>>) {
    let mut place = 0;
    // Ends though threads may link in a circle.
    for _ in 0..2 * threads.len() {
        let Some(id) = threads.get(place).map(|thread| thread.id) else { return };
        let mut behind = threads.iter().enumerate().skip(place + 1);
        match behind.find(|(_, newer)| newer.previous == Some(id)) {
            Some((newer, _)) => {
                let newer = threads.remove(newer);
                threads.insert(place, newer);
            }
            None => place += 1,
        }
    }
}

impl Chat {
    /// A thread was opened, or is known from a page. One that was not known is the newest.
    pub fn note_thread(&mut self, id: Id, at: Micros) {
        if self.threads.insert(id.into()) {
            self.last_thread = Some((id, at));
        }
    }

    /// Whether a thread is known.
    pub fn knows_thread(&self, id: Id) -> bool {
        self.threads.contains(id.into())
    }

    /// Nothing is missing up to the newest thread known.
    pub fn note_complete(&mut self) {
        self.complete = self.last_thread;
    }

    /// Nothing is missing up to this thread: what came before it is known, or never will be.
    pub fn complete_from(&mut self, thread: &ThreadRecord) {
        self.complete = Some((thread.id, thread.at));
    }

    /// Takes in the order that a read shows, newest first: what lies at or before the floor becomes known.
    pub fn note_read(&mut self, threads: &[Box<ThreadRecord>], own: Option<Id>) {
        let shows = |wanted: Id| threads.iter().any(|thread| thread.id == wanted);
        for thread in threads.iter().rev() {
            self.threads.insert(thread.id.into());
            self.last_thread = Some((thread.id, thread.at));
        }
        let Some(floor) = self.floor.last().cloned() else { return };
        let is_shown = shows(floor.thread);
        // A read that does not show the floor has only news down to what was complete. Of the rest nothing tells but the time.
        let mut is_below = !is_shown && !self.complete.is_some_and(|(id, _)| shows(id));
        let mut is_history = false;
        for thread in threads {
            let is_here = thread.id == floor.thread;
            if !is_shown {
                is_history = is_below && thread.at <= floor.at;
                is_below |= self.complete.is_some_and(|(id, _)| id == thread.id);
            }
            // The floor was deleted before any read has shown what precedes it.
            let is_lost = is_here && !self.is_placed && thread.events.iter().all(|event| event.id != floor.id);
            for event in thread.events.iter().rev() {
                is_history |= self.floor.iter().any(|floor| floor.id == event.id);
                if (is_history || is_lost && event.precedes(&floor)) && self.known.insert(event.id) {
                    self.count(event, own);
                }
            }
            is_history |= is_here;
        }
        self.is_placed |= is_shown;
    }

    /// Whether only a read can say on which side of the floor an event lies: it has no number, or one that contradicts that
    /// it has just arrived.
    pub fn is_unplaced(&self, event: &EventRecord) -> bool {
        !self.is_placed
            && self.floor.last().is_some_and(|floor| floor.thread == event.thread && !floor.id.is_not_after(event.id))
    }

    /// Whether an event overtook another of its thread, as far as numbers tell that count its events.
    pub fn overtook(&self, event: &EventRecord, other: &EventRecord) -> bool {
        let counts = self.counted.is_none_or(|(thread, number)| thread != event.thread || number < MAX_EVENTS);
        let is_numbered = other.number > 0 && event.number < MAX_EVENTS;
        counts && is_numbered && event.thread == other.thread && event.number > other.number
    }

    /// A read is over: what it shows last is the last, and numbers that do not count what its newest thread holds say nothing
    /// of what is left out.
    pub fn end_read(&mut self, threads: &[Box<ThreadRecord>]) {
        self.note_complete();
        if let Some(last) = threads.iter().find_map(|thread| thread.events.last()) {
            self.last_event = Some(last.clone());
        }
        let Some(newest) = threads.first() else { return };
        let Some((_, number)) = self.counted.as_mut().filter(|(thread, _)| *thread == newest.id) else { return };
        let most = 2 * newest.events.len() as u64 + MAX_HOLES;
        let last = newest.events.last().map_or(0, |last| last.number.min(most));
        if newest.events.iter().any(|event| event.number > last) {
            *number = u64::MAX;
        }
    }
}

impl EventRecord {
    /// Whether it came before another of its thread, as far as numbers and times tell.
    fn precedes(&self, other: &Self) -> bool {
        if self.number > 0 { self.number < other.number } else { self.at <= other.at }
    }
}
