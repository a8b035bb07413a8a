//! The ids and times of new events, as the platform gives them or as a fault has them.

use serde::{Deserialize, Serialize};

use super::{Brain, Micros};

/// The form of the ids of new events. No id comes twice in a thread, whichever form the one before had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventIdForm {
    /// `<thread>_<n>`, as the platform does.
    #[default]
    Numbered,
    /// `<thread>_<n>` with numbers left out.
    Gaps,
    /// `<thread>_<n>` with numbers that go down.
    Descending,
    /// `<thread>_<n>` with numbers in no order.
    Shuffled,
    /// `<thread>_<letters>`.
    Suffixed,
    /// A UUID.
    Uuid,
    /// Letters alone.
    Letters,
    /// Any of these, drawn anew for each event.
    Mixed,
}

const DRAWN: &[EventIdForm] = &[
    EventIdForm::Numbered,
    EventIdForm::Gaps,
    EventIdForm::Descending,
    EventIdForm::Shuffled,
    EventIdForm::Suffixed,
    EventIdForm::Uuid,
    EventIdForm::Letters,
];

/// A clock that is not the server's own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerClock {
    pub(crate) offset: Micros,
    pub(crate) jitter: u32,
}

impl Brain {
    /// The id of a new event, and its place in the thread, which is `number` or later.
    pub(crate) fn event_id(&mut self, thread_id: &str, number: u64) -> (String, u64) {
        let form = match self.faults.event_ids {
            EventIdForm::Mixed => self.random.pick(DRAWN).unwrap_or_default(),
            form => form,
        };
        match form {
            EventIdForm::Numbered | EventIdForm::Mixed => (format!("{thread_id}_{number}"), number),
            EventIdForm::Gaps => {
                let number = number + self.random.next() % 5;
                (format!("{thread_id}_{number}"), number)
            }
            // The three ranges of numbers do not overlap before the millionth event.
            EventIdForm::Descending => (format!("{thread_id}_{}", 2_000_000_000_u64.saturating_sub(number)), number),
            EventIdForm::Shuffled => {
                // An odd factor makes every number of the range come once.
                let shuffled = number.wrapping_mul(0x9_e375) % (1 << 20);
                (format!("{thread_id}_{}", 1_000_000_000 + shuffled), number)
            }
            EventIdForm::Suffixed => (format!("{thread_id}_{}", self.random.letters()), number),
            EventIdForm::Uuid => (self.random.uuid(), number),
            EventIdForm::Letters => (self.random.letters(), number),
        }
    }

    /// The `created_at` of a new event. §10, 7: strictly increasing within a chat, unless a fault decides otherwise.
    pub(crate) fn event_time(&mut self, chat_id: &str) -> Micros {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return self.now;
        };
        if self.faults.same_created_at > 0 {
            self.faults.same_created_at -= 1;
            let last = chat.threads.iter().rev().find_map(|thread| thread.events.last());
            return last.map_or(chat.last_at, |event| event.created_at);
        }
        let Some(clock) = self.faults.server_clock else {
            return self.now.max(chat.last_at + 1);
        };
        let jitter = i64::from(clock.jitter);
        let off = i64::try_from(self.random.next() % (2 * clock.jitter as u64 + 1)).unwrap_or_default() - jitter;
        self.now.saturating_add(clock.offset).saturating_add(off)
    }

    /// The `created_at` of a new thread: later than the thread before, whatever the clock of the events says.
    pub(crate) fn thread_time(&self, chat_id: &str) -> Micros {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return self.now;
        };
        let last = match self.faults.server_clock {
            None => chat.last_at,
            Some(_) => chat.last_thread().map_or(chat.row.created_at, |thread| thread.row.created_at),
        };
        self.now.max(last + 1)
    }
}
