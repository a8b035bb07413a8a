//! What the customer said and the platform has not confirmed yet, or has refused.
//!
//! One queue per chat, one entry at a time in each: a later message never overtakes an earlier one. The platform does not
//! de-duplicate, so nothing is sent a second time, whoever asks for it, before the first attempt can no longer land
//! *and* a read of the thread has shown that it did not. What failed stays until the page retries or discards it, and
//! holds nobody up.

use super::adapter::Prepared;
use super::input::CallId;
use crate::json::{Id, Key, Name, Value, names};
use crate::model::{ChatError, Instant, UnixMillis};

/// The platform gives up on a request this long after it has received it; until then a first attempt may still land.
pub(super) const DOUBT_MS: u64 = 15_000;
/// How long a send is waited for on a line that lives while nothing shows that the platform has received it.
pub(super) const UNREAD_MS: u64 = 60_000;
/// How long the event itself may take after the platform has said that it has it.
pub(super) const ECHO_MS: u64 = 2_000;

/// What is known of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Not taken by the platform; may be sent.
    Waiting,
    /// Sent on the present line; looked up when no answer has come by [`Entry::lands_until`].
    Sent,
    /// The platform says that it has it, and only the event itself is missing; looked up after `until`.
    Accepted { until: Instant },
    /// May have landed. Looked up after [`Entry::lands_until`].
    Doubtful,
    /// Being looked up. If it is not there now, it never will be, unless it was accepted.
    LookedUp { accepted: bool },
    /// Given up, until the page wants it tried again.
    Failed,
}

impl Fate {
    /// What the page calls it.
    const fn status(self) -> Name {
        match self {
            Self::Waiting | Self::Doubtful | Self::LookedUp { accepted: false } => names::QUEUED,
            Self::Sent | Self::Accepted { .. } | Self::LookedUp { accepted: true } => names::SENDING,
            Self::Failed => names::FAILED,
        }
    }
}

/// One send.
#[derive(Debug)]
pub(super) struct Entry {
    /// The call that waits for it, if its page is still there.
    pub(super) call: Option<CallId>,
    pub(super) chat: Id,
    pub(super) custom_id: Id,
    pub(super) prepared: Box<Prepared>,
    /// Whether a closed chat is resumed for it.
    pub(super) resumes: bool,
    pub(super) created: UnixMillis,
    /// When the newest thread began that was known when the customer said it: it landed there or in a later one.
    pub(super) since: Option<Id>,
    /// When it was handed to a line last, or when it was foreseen that it may be.
    pub(super) sent: Option<UnixMillis>,
    /// When it fails if it was never sent.
    pub(super) expires: Instant,
    pub(super) fate: Fate,
    /// Until when what was sent may still land: the past if nothing was, [`NEVER`] while nobody knows.
    pub(super) lands_until: Instant,
    /// The last request that sent it; 0 if this page sent none.
    pub(super) request: u32,
    /// Whether it was handed to a line, or an earlier page may have done so: only then an event can be its echo.
    pub(super) is_attempted: bool,
    /// The newest event that was known of the chat when it was sent first, and its id: what lies before is no echo.
    pub(super) after: Option<(Key, Value)>,
    /// A read shows that event, and has not come to it yet.
    pub(super) is_read_before: bool,
    /// The id of its event, from the platform's answer.
    pub(super) event: Option<Key>,
    /// An answer that nobody can interpret: it fails with that if the thread does not show it.
    pub(super) refusal: Option<ChatError>,
    /// Why it failed.
    pub(super) error: Option<ChatError>,
    /// How often the thread did not show what the platform has taken.
    pub(super) misses: u8,
    /// The status that the page knows.
    pub(super) told: Name,
}

impl Entry {
    /// A send that nothing was done about yet.
    pub(super) fn new(prepared: Box<Prepared>, chat: Id, custom_id: Id, created: UnixMillis) -> Box<Self> {
        Box::new(Self {
            call: None,
            chat,
            custom_id,
            prepared,
            resumes: false,
            created,
            since: None,
            sent: None,
            expires: NEVER,
            fate: Fate::Waiting,
            lands_until: Instant(0),
            request: 0,
            is_attempted: false,
            after: None,
            is_read_before: false,
            event: None,
            refusal: None,
            error: None,
            misses: 0,
            told: names::IDLE,
        })
    }

    pub(super) const fn status(&self) -> Name {
        self.fate.status()
    }

    /// Whether an event of this customer's that bears the entry's client id is its echo. Another device may use the same id.
    /// Of what is sent on the present line, a push names the request, and the answer the event; the pushes that other
    /// connections cause name none (Reference, "RTM frames").
    pub(super) fn is_echo(&self, event: Key, seen: Seen) -> bool {
        match seen {
            _ if !self.is_attempted => false,
            Seen::Pushed(Some(cause)) => cause == self.request,
            _ if self.event.is_some() => self.event == Some(event),
            Seen::Pushed(None) => self.fate != Fate::Sent,
            Seen::Read => !self.is_read_before,
        }
    }
}

/// How an event came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// As a push, which names the request that caused it if that was sent on this line.
    Pushed(Option<u32>),
    /// In a read of its thread.
    Read,
}

/// All sends that have not succeeded, oldest first.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Box<Entry>>);

impl Outbox {
    /// Takes a send, behind those that are as old or older. What an earlier page or core left was said before what this one
    /// is asked for in the same millisecond.
    pub(super) fn push(&mut self, entry: Box<Entry>) {
        let age = |entry: &Entry| (entry.created, entry.call.is_some());
        let later = self.0.iter().rev().take_while(|other| age(other) > age(&entry)).count();
        self.0.insert(self.0.len().saturating_sub(later), entry);
    }

    /// Everything, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().map(|entry| &**entry)
    }

    /// Everything, oldest first.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Box<Entry>> {
        self.0.iter_mut()
    }

    /// The oldest entry of each chat that has not failed: the only ones that may move.
    pub(super) fn heads(&mut self) -> Vec<&mut Box<Entry>> {
        let mut heads: Vec<&mut Box<Entry>> = Vec::new();
        for entry in &mut self.0 {
            if entry.fate != Fate::Failed && heads.iter().all(|head| head.chat != entry.chat) {
                heads.push(entry);
            }
        }
        heads
    }

    /// The oldest entry of one chat that has not failed.
    pub(super) fn head(&mut self, chat: Id) -> Option<&mut Box<Entry>> {
        self.0.iter_mut().find(|entry| entry.chat == chat && entry.fate != Fate::Failed)
    }

    /// The entry of a chat that is being looked up. What another page left may have come before it since.
    pub(super) fn looked_up(&mut self, chat: Id) -> Option<&mut Box<Entry>> {
        self.0.iter_mut().find(|entry| entry.chat == chat && matches!(entry.fate, Fate::LookedUp { .. }))
    }

    /// The entry that was sent as `request`.
    pub(super) fn by_request(&mut self, request: u32) -> Option<&mut Box<Entry>> {
        self.0.iter_mut().find(|entry| entry.fate == Fate::Sent && entry.request == request)
    }

    /// The platform has answered a request, so it has received what was sent before it on the same line; that lands before
    /// `safe` or never. It may have been on its way for long: only now does its time begin.
    pub(super) fn received_before(&mut self, answered: u32, safe: Instant) {
        for entry in &mut self.0 {
            if entry.fate == Fate::Sent && entry.request < answered {
                entry.lands_until = safe.min(entry.lands_until);
            }
        }
    }

    /// The threads down to which a chat is looked through for what is in doubt; all of it where there is none.
    pub(super) fn doubtful_since(&self, chat: Id) -> impl Iterator<Item = Option<Id>> {
        let is_doubtful = |entry: &&Entry| matches!(entry.fate, Fate::Doubtful | Fate::LookedUp { .. });
        let doubtful = self.iter().filter(move |entry| entry.chat == chat).filter(is_doubtful);
        doubtful.map(|entry| entry.since)
    }

    /// The entry with this client id.
    pub(super) fn find(&mut self, custom_id: Id) -> Option<&mut Box<Entry>> {
        self.0.iter_mut().find(|entry| entry.custom_id == custom_id)
    }

    /// Removes the entry with this client id.
    pub(super) fn take(&mut self, custom_id: Id) -> Option<Box<Entry>> {
        let index = self.0.iter().position(|entry| entry.custom_id == custom_id)?;
        Some(self.0.remove(index))
    }

    /// The line is gone: what was under way is doubtful. What the platform has received before it closed the line cannot
    /// land any more after `safe`; of a line that fell silent nobody knows what is still on its way.
    pub(super) fn doubt_all(&mut self, now: Instant, safe: Instant) {
        for entry in &mut self.0 {
            entry.fate = match entry.fate {
                Fate::Sent => {
                    entry.lands_until = safe;
                    Fate::Doubtful
                }
                Fate::LookedUp { accepted: true } => Fate::Accepted { until: now },
                Fate::LookedUp { accepted: false } => Fate::Doubtful,
                settled @ (Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful | Fate::Failed) => settled,
            };
        }
    }

    /// There is a line again: what was on its way on one that fell silent arrives about now, or never.
    pub(super) fn await_stragglers(&mut self, safe: Instant) {
        for entry in &mut self.0 {
            if entry.lands_until == NEVER {
                entry.lands_until = safe;
            }
        }
    }

    /// What has waited too long and is not under way.
    pub(super) fn expired(&self, now: Instant) -> Option<&Entry> {
        let is_idle = |fate| match fate {
            Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful => true,
            Fate::Sent | Fate::LookedUp { .. } | Fate::Failed => false,
        };
        self.iter().find(|entry| entry.expires <= now && is_idle(entry.fate))
    }

    /// A read begins of which this event is a part: entries that were sent after it have not been come to.
    pub(super) fn read_begins_before(&mut self, event: Key) {
        self.mark_read(event, true);
    }

    /// A read has come to this event: what follows may be an echo of what was sent after it.
    pub(super) fn read_passes(&mut self, event: Key) {
        self.mark_read(event, false);
    }

    fn mark_read(&mut self, event: Key, is_read_before: bool) {
        for entry in &mut self.0 {
            if entry.after.as_ref().is_some_and(|(after, _)| *after == event) {
                entry.is_read_before = is_read_before;
            }
        }
    }

    /// Removes everything.
    pub(super) fn drain(&mut self) -> Vec<Box<Entry>> {
        core::mem::take(&mut self.0)
    }

    /// The next moment after `now` at which an entry needs attention, or [`NEVER`]. Doubt is only resolved on a line.
    pub(super) fn next(&self, now: Instant, is_live: bool) -> Instant {
        let mut next = NEVER;
        for entry in self.iter() {
            let (one, other) = match entry.fate {
                Fate::Sent => (entry.lands_until, NEVER),
                Fate::Accepted { until } if is_live => (until, entry.expires),
                Fate::Doubtful if is_live => (entry.lands_until, entry.expires),
                Fate::Waiting | Fate::Accepted { .. } | Fate::Doubtful => (entry.expires, NEVER),
                Fate::LookedUp { .. } | Fate::Failed => continue,
            };
            for at in [one, other] {
                if at > now {
                    next = next.min(at);
                }
            }
        }
        next
    }
}

/// Not before there is a line again.
pub(super) const NEVER: Instant = Instant(u64::MAX);

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::json::Value;

    fn entry(call: CallId, chat: &str) -> Box<Entry> {
        let prepared = Box::new(Prepared {
            action: "send_event",
            payload: Value::object(),
            chat: None,
            custom_id: None,
            is_repeatable: false,
            needs_thread: false,
            http: None,
        });
        let id = |text: &str| Id::of(text).unwrap();
        let mut entry = Entry::new(prepared, id(chat), id(&call.to_string()), UnixMillis(u64::from(call)));
        entry.call = Some(call);
        entry.expires = Instant(100_000);
        entry
    }

    fn heads(outbox: &mut Outbox) -> Vec<CallId> {
        outbox.heads().iter().filter_map(|entry| entry.call).collect()
    }

    #[test]
    fn only_the_first_of_a_chat_moves() {
        let mut outbox = Outbox::default();
        for (call, chat) in [(1, "A"), (2, "A"), (3, "B")] {
            outbox.push(entry(call, chat));
        }
        assert_eq!(heads(&mut outbox), [1, 3]);
        assert!(outbox.take(Id::of("1").unwrap()).is_some());
        assert_eq!(heads(&mut outbox), [2, 3]);
    }

    #[test]
    fn what_an_earlier_page_left_goes_first_and_what_failed_holds_nobody_up() {
        let mut outbox = Outbox::default();
        for call in [3, 1, 2] {
            outbox.push(entry(call, "A"));
        }
        assert_eq!(heads(&mut outbox), [1]);
        outbox.find(Id::of("1").unwrap()).unwrap().fate = Fate::Failed;
        assert_eq!(heads(&mut outbox), [2]);
        assert_eq!(outbox.iter().map(Entry::status).collect::<Vec<_>>(), [names::FAILED, names::QUEUED, names::QUEUED]);
    }

    #[test]
    fn what_was_under_way_is_doubtful_until_it_cannot_land() {
        let mut outbox = Outbox::default();
        outbox.push(entry(1, "A"));
        for head in outbox.heads() {
            (head.fate, head.request, head.lands_until) = (Fate::Sent, 7, Instant(1_000 + UNREAD_MS));
        }
        assert!(outbox.by_request(7).is_some());
        outbox.doubt_all(Instant(3_000), NEVER);
        outbox.await_stragglers(Instant(16_000));
        assert_eq!((outbox.heads()[0].fate, outbox.heads()[0].lands_until), (Fate::Doubtful, Instant(16_000)));
        assert_eq!(outbox.next(Instant(3_000), false), Instant(100_000));
        assert_eq!(outbox.next(Instant(3_000), true), Instant(16_000));
        assert!(outbox.expired(Instant(99_999)).is_none());
        assert!(outbox.expired(Instant(100_000)).is_some());
    }
}
