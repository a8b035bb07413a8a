//! What the customer said and the platform has not confirmed yet.
//!
//! One queue per chat, one entry at a time in each: a later message never overtakes an earlier one. An entry whose
//! fate is unknown (the line dropped, no answer came) is looked up in the thread before it is sent again, because the
//! platform does not de-duplicate (reference §8.1, §8.4).

use super::adapter::Prepared;
use super::input::CallId;
use crate::json::Id;
use crate::model::Instant;

/// The platform gives up on a request after this long; until then a first attempt may still land.
pub(super) const DOUBT_MS: u64 = 15_000;
/// How long the platform may take to answer a send before it is looked up.
pub(super) const ANSWER_MS: u64 = 20_000;
/// How long the event itself may take after the platform has said that it has it.
pub(super) const ECHO_MS: u64 = 2_000;

/// What is known of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Not taken by the platform; may be sent.
    Waiting,
    /// Sent on the present line; looked up when no answer has come by `until`.
    Sent { request: u32, until: Instant },
    /// The platform has it and only the event itself is missing; looked up after `until`. Never sent again.
    Accepted { until: Instant },
    /// May have landed. From `safe` on it cannot land any more: then it is looked up.
    Doubtful { safe: Instant },
    /// Being looked up. If it is not there now, it never will be, unless it was accepted.
    LookedUp { accepted: bool },
}

/// One send.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) call: CallId,
    pub(super) chat: Id,
    pub(super) custom_id: Id,
    pub(super) prepared: Box<Prepared>,
    /// Whether a closed chat is resumed for it.
    pub(super) resumes: bool,
    /// When it fails if it was never sent.
    pub(super) expires: Instant,
    pub(super) fate: Fate,
}

/// All sends that have not settled, oldest first.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Box<Entry>>);

impl Outbox {
    /// Takes a send.
    pub(super) fn push(&mut self, entry: Box<Entry>) {
        self.0.push(entry);
    }

    /// The oldest entry of each chat: the only ones that may move.
    pub(super) fn heads(&mut self) -> Vec<&mut Box<Entry>> {
        let mut heads: Vec<&mut Box<Entry>> = Vec::new();
        for entry in &mut self.0 {
            if heads.iter().all(|head| head.chat != entry.chat) {
                heads.push(entry);
            }
        }
        heads
    }

    /// The entry that was sent as `request`.
    pub(super) fn by_request(&mut self, request: u32) -> Option<&mut Box<Entry>> {
        self.0.iter_mut().find(|entry| matches!(entry.fate, Fate::Sent { request: sent, .. } if sent == request))
    }

    /// Removes the entry with this client id in this chat.
    pub(super) fn take(&mut self, chat: Id, custom_id: Id) -> Option<Box<Entry>> {
        let index = self.0.iter().position(|entry| entry.custom_id == custom_id && entry.chat == chat)?;
        Some(self.0.remove(index))
    }

    /// Removes the entry of a call.
    pub(super) fn take_call(&mut self, call: CallId) -> Option<Box<Entry>> {
        let index = self.0.iter().position(|entry| entry.call == call)?;
        Some(self.0.remove(index))
    }

    /// The line is gone: what was under way is doubtful.
    pub(super) fn doubt_all(&mut self, now: Instant) {
        for entry in &mut self.0 {
            entry.fate = match entry.fate {
                Fate::Sent { until, .. } => Fate::Doubtful { safe: sent_at(until).after(DOUBT_MS).max(now) },
                Fate::LookedUp { accepted: true } => Fate::Accepted { until: now },
                Fate::LookedUp { accepted: false } => Fate::Doubtful { safe: now },
                settled @ (Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful { .. }) => settled,
            };
        }
    }

    /// Removes what has waited too long and is not under way.
    pub(super) fn take_expired(&mut self, now: Instant) -> Option<Box<Entry>> {
        let is_idle = |fate| match fate {
            Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful { .. } => true,
            Fate::Sent { .. } | Fate::LookedUp { .. } => false,
        };
        let index = self.0.iter().position(|entry| entry.expires <= now && is_idle(entry.fate))?;
        Some(self.0.remove(index))
    }

    /// Removes everything.
    pub(super) fn drain(&mut self) -> Vec<Box<Entry>> {
        core::mem::take(&mut self.0)
    }

    /// The next moment after `now` at which an entry needs attention. Doubt is only resolved on a line.
    pub(super) fn next(&self, now: Instant, is_live: bool) -> Option<Instant> {
        let due = |entry: &Box<Entry>| match entry.fate {
            Fate::Sent { until, .. } => [Some(until), None],
            Fate::Accepted { until: at } | Fate::Doubtful { safe: at } if is_live => [Some(at), Some(entry.expires)],
            Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful { .. } => [Some(entry.expires), None],
            Fate::LookedUp { .. } => [None, None],
        };
        self.0.iter().flat_map(due).flatten().filter(|at| *at > now).min()
    }
}

const fn sent_at(until: Instant) -> Instant {
    Instant(until.0.saturating_sub(ANSWER_MS))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::json::Value;

    fn entry(call: CallId, chat: &str) -> Box<Entry> {
        Box::new(Entry {
            call,
            chat: Id::of(chat).unwrap(),
            custom_id: Id::of(&call.to_string()).unwrap(),
            prepared: Box::new(Prepared {
                action: "send_event",
                payload: Value::object(),
                chat: None,
                custom_id: None,
                is_repeatable: false,
                needs_thread: false,
                http: None,
            }),
            resumes: false,
            expires: Instant(100_000),
            fate: Fate::Waiting,
        })
    }

    #[test]
    fn only_the_first_of_a_chat_moves() {
        let mut outbox = Outbox::default();
        for (call, chat) in [(1, "A"), (2, "A"), (3, "B")] {
            outbox.push(entry(call, chat));
        }
        let heads = |outbox: &mut Outbox| outbox.heads().iter().map(|entry| entry.call).collect::<Vec<_>>();
        assert_eq!(heads(&mut outbox), [1, 3]);
        assert!(outbox.take(Id::of("A").unwrap(), Id::of("1").unwrap()).is_some());
        assert_eq!(heads(&mut outbox), [2, 3]);
    }

    #[test]
    fn what_was_under_way_is_doubtful_until_it_cannot_land() {
        let mut outbox = Outbox::default();
        outbox.push(entry(1, "A"));
        for head in outbox.heads() {
            head.fate = Fate::Sent { request: 7, until: Instant(1_000 + ANSWER_MS) };
        }
        assert!(outbox.by_request(7).is_some());
        outbox.doubt_all(Instant(3_000));
        assert_eq!(outbox.heads()[0].fate, Fate::Doubtful { safe: Instant(16_000) });
        assert_eq!(outbox.next(Instant(3_000), false), Some(Instant(100_000)));
        assert_eq!(outbox.next(Instant(3_000), true), Some(Instant(16_000)));
        assert!(outbox.take_expired(Instant(99_999)).is_none());
        assert!(outbox.take_expired(Instant(100_000)).is_some());
    }
}
