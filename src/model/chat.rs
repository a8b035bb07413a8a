//! What is known of the customer's chats: a fold over what the platform says.
//!
//! Applying the same event, thread or mark twice changes nothing, so live traffic and a history read meet at the same
//! value.
//!
//! An event is news if its id is not known and it lies behind the floor in the server's order: threads as they link to each
//! other, events as a read lists them, pushes as they arrive. Times may go back and ids may have any form, so a number or
//! a time decides only where the platform says nothing else.

mod order;
mod shown;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

use std::rc::Rc;

use super::Micros;
use super::keys::Keys;
use crate::json::{Id, Key, Value, names};

pub use order::{MAX_EVENTS, put_newest_first};
pub use shown::Change;

/// One event as the core sees it.
#[derive(Clone, Debug)]
pub struct EventRecord {
    pub id: Key,
    pub thread: Id,
    pub at: Micros,
    /// Its place in the thread if the id has the usual form, `<thread>_<number>`; otherwise 0.
    pub number: u64,
    /// Nobody wrote it if `None`.
    pub author: Option<Id>,
    pub custom_id: Option<Id>,
    /// What the page gets to see.
    pub body: Value,
}

/// One thread as a history page or an opened chat has it.
#[derive(Clone, Debug)]
pub struct ThreadRecord {
    pub id: Id,
    pub at: Micros,
    pub active: bool,
    /// The thread before it, if the platform says.
    pub previous: Option<Id>,
    /// In the server's order.
    pub events: Vec<Rc<EventRecord>>,
}

/// One chat as a summary or an opened chat has it.
#[derive(Clone, Debug)]
pub struct ChatRecord {
    pub id: Id,
    pub active: bool,
    pub last_thread: Option<(Id, Micros)>,
    /// The last event of each type, as far as the platform says. What is probably the newest comes first.
    pub last_events: Vec<Rc<EventRecord>>,
    /// In the page's shape, `id`, `present` and `eventsSeenUpTo` among the fields.
    pub users: Vec<Value>,
}

/// Whether anything is missing between what pages have of a chat and what happens in it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    Proven,
    Unproven,
    /// Unproven, and the page was told so: a gap without an end. What was missed may still be told until something newer is.
    Open,
}

/// All known chats, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Chats(Vec<Chat>);

impl Chats {
    /// Finds a chat.
    pub fn find(&mut self, id: Id) -> Option<&mut Chat> {
        self.0.iter_mut().find(|chat| chat.id == id)
    }

    /// Finds a chat, or begins one that nothing is known of.
    pub fn entry(&mut self, id: Id) -> &mut Chat {
        let index = self.0.iter().position(|chat| chat.id == id).unwrap_or_else(|| {
            if self.0.len() >= MAX_CHATS {
                self.0.remove(0);
            }
            self.0.push(Chat::new(id));
            self.0.len() - 1
        });
        &mut self.0[index]
    }

    /// Whether the chat is known.
    pub fn contains(&self, id: Id) -> bool {
        self.0.iter().any(|chat| chat.id == id)
    }

    /// The customer's chat, one that is open before others.
    pub fn current(&self) -> Option<Id> {
        self.0.iter().find(|chat| chat.active).or(self.0.first()).map(|chat| chat.id)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All chats.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Chat> {
        self.0.iter_mut()
    }

    /// The rows of the page's `chats()`, newest first.
    pub fn snapshot(&self) -> Value {
        let mut order: Vec<&Chat> = Vec::with_capacity(self.0.len());
        for chat in &self.0 {
            let place = order.iter().position(|other| other.newest() < chat.newest()).unwrap_or(order.len());
            order.insert(place, chat);
        }
        let rows = Value::list();
        for chat in order {
            rows.push(chat.snapshot());
        }
        rows
    }
}

/// One chat.
#[derive(Debug)]
pub struct Chat {
    pub id: Id,
    /// The id as pages get it, made once.
    pub page_id: Value,
    pub active: bool,
    /// What pages know of the chat's threads: the newest, and whether it is open. It lags behind while the chat is read.
    pub told_thread: Option<Id>,
    pub told_active: bool,
    /// The last events of the first summary, the newest last. What lies at or before them is history: the page reads it when
    /// it likes, it is not announced.
    floor: Vec<Rc<EventRecord>>,
    /// A read has shown where the floor is: what lies before it is known.
    is_placed: bool,
    /// The newest thread up to which nothing can be missing, and its creation time.
    complete: Option<(Id, Micros)>,
    /// The newest thread known, and its creation time.
    last_thread: Option<(Id, Micros)>,
    threads: Keys,
    last_event: Option<Rc<EventRecord>>,
    /// The last event that was news.
    told: Option<Rc<EventRecord>>,
    users: Vec<(Id, Value)>,
    /// Every event announced, sent, or read.
    known: Keys,
    /// Sorted by key; the newest events that pages have, as they have them.
    shown: Vec<Rc<EventRecord>>,
    /// The last of those that there was no room for: its thread and time.
    forgotten: Option<(Id, Micros)>,
    pub continuity: Continuity,
    /// Pages were told of events after a gap. What a read shows before one of them is late.
    is_past_gap: bool,
    /// The newest thread, if it alone is too long to be read.
    pub too_long: Option<Id>,
    /// What a core that broke told last of this chat: what lies behind it is still to be told.
    pub resume: Option<Rc<EventRecord>>,
    /// The newest thread that events were heard of, and the highest of their numbers.
    counted: Option<(Id, u64)>,
    /// The thread of an event that came before its thread was known, so that the chat is read for it once.
    pub suspected: Option<Id>,
    /// Times of others' events after the customer's own seen mark.
    unread: Vec<Micros>,
    seen_to: Micros,
    /// The newest mark that the page has set itself.
    pub receipt: Micros,
}

impl Chat {
    fn new(id: Id) -> Self {
        Self {
            id,
            page_id: Value::from(id),
            active: false,
            told_thread: None,
            told_active: false,
            floor: Vec::new(),
            is_placed: false,
            complete: None,
            last_thread: None,
            threads: Keys::default(),
            last_event: None,
            told: None,
            users: Vec::new(),
            known: Keys::default(),
            shown: Vec::new(),
            forgotten: None,
            continuity: Continuity::Proven,
            is_past_gap: false,
            too_long: None,
            resume: None,
            counted: None,
            suspected: None,
            unread: Vec::new(),
            seen_to: Micros::MIN,
            receipt: Micros::MIN,
        }
    }

    /// When the newest thread known began.
    fn newest(&self) -> Option<Micros> {
        self.last_thread.map(|(_, at)| at)
    }

    /// The newest thread known.
    pub fn last_thread(&self) -> Option<Id> {
        self.last_thread.map(|(id, _)| id)
    }

    /// The thread that a read must go back to.
    pub fn read_to_thread(&self) -> Option<Id> {
        self.resume.as_ref().map(|told| told.thread).or(self.complete.map(|(id, _)| id))
    }

    /// The customer's own seen mark.
    pub const fn seen_to(&self) -> Micros {
        self.seen_to
    }

    /// Whether something is unread.
    pub const fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    fn read_to(&mut self, at: Micros) {
        if at > self.seen_to {
            self.seen_to = at;
            self.unread.retain(|unread| *unread > at);
        }
    }

    /// Takes in a summary. The first one sets the floor, since everything the chat holds by then is history.
    pub fn summarize(&mut self, record: &ChatRecord, own: Option<Id>, first: bool) {
        self.active = record.active;
        if let Some((id, at)) = record.last_thread {
            self.note_thread(id, at);
        }
        let newest = record.last_events.first();
        // What is known already came before what was heard since.
        if let Some(newest) = newest.filter(|newest| self.last_event.is_none() || !self.knows(newest.id)) {
            self.last_event = Some(newest.clone());
        }
        for user in &record.users {
            self.note_user(user.clone(), own);
        }
        if !first {
            return;
        }
        self.note_complete();
        for event in record.last_events.iter().rev() {
            self.floor.push(event.clone());
            self.known.insert(event.id);
            self.count(event, own);
            self.pass(event);
        }
        if let Some(newest) = newest {
            self.told = Some(newest.clone());
            self.show(newest);
        } else if let Some((thread, _)) = record.last_thread {
            self.begin(thread);
        }
    }

    /// Whether a user is known, and then whether they are there.
    pub fn presence(&self, id: Id) -> Option<bool> {
        let (_, user) = self.users.iter().find(|(known, _)| *known == id)?;
        Some(user.get(names::PRESENT).as_bool() != Some(false))
    }

    /// A user entered the chat or changed.
    pub fn note_user(&mut self, user: Value, own: Option<Id>) {
        let Some(id) = user.id(names::ID) else { return };
        self.see(id, &user.get(names::EVENTS_SEEN_UP_TO_), own);
        let has_room = self.users.len() < MAX_USERS;
        match self.users.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => {
                // Marks only grow; this one has been seen to already.
                user.copy(known, names::EVENTS_SEEN_UP_TO_);
                *known = user;
            }
            None if has_room => self.users.push((id, user)),
            None => {}
        }
    }

    /// A user left.
    pub fn remove_user(&mut self, id: Id) {
        if let Some((_, user)) = self.users.iter().find(|(known, _)| *known == id) {
            user.set(names::PRESENT, false);
        }
    }

    /// A user has seen what happened up to a time. Marks only grow. Returns whether it did.
    pub fn see(&mut self, user: Id, mark: &Value, own: Option<Id>) -> bool {
        let Some(at) = mark.as_time() else { return false };
        if Some(user) == own {
            self.read_to(at);
        }
        let Some((_, user)) = self.users.iter().find(|(known, _)| *known == user) else {
            return true;
        };
        let known = user.get(names::EVENTS_SEEN_UP_TO_).as_time();
        if known.is_none_or(|known| known < at) {
            user.set(names::EVENTS_SEEN_UP_TO_, mark.clone());
            return true;
        }
        false
    }

    /// Takes in an event. Returns whether it is news: not known yet, and not history.
    pub fn record(&mut self, event: &Rc<EventRecord>, own: Option<Id>) -> bool {
        let floor = self.floor.last().filter(|_| !self.is_placed);
        if floor.is_some_and(|floor| event.id.is_not_after(floor.id)) || !self.known.insert(event.id) {
            return false;
        }
        if self.continuity == Continuity::Open {
            self.continuity = Continuity::Proven;
            self.is_past_gap = true;
        }
        // A thread that nobody has heard of is the newest. What is attached to an older one is not the last.
        self.note_thread(event.thread, event.at);
        if self.last_event.is_none() || self.last_thread() == Some(event.thread) {
            self.last_event = Some(event.clone());
        }
        self.told = Some(event.clone());
        self.count(event, own);
        self.pass(event);
        self.show(event);
        true
    }

    /// Whether its newest thread cannot be read, and nothing before it.
    pub fn is_too_long(&self) -> bool {
        self.too_long.is_some() && self.too_long == self.last_thread()
    }

    /// Something may have been missed.
    pub fn doubt(&mut self) {
        if self.continuity == Continuity::Proven {
            self.continuity = Continuity::Unproven;
        }
    }

    /// The event of a read up to which new ones are told no more, since they lie in a gap that pages know of.
    pub fn late_to(&mut self, threads: &[Box<ThreadRecord>]) -> Option<Key> {
        if !self.is_past_gap {
            return None;
        }
        let mut newest_first = threads.iter().flat_map(|thread| thread.events.iter().rev());
        let told = newest_first.find(|event| self.has(event.id))?;
        self.is_past_gap = false;
        Some(told.id)
    }

    /// The newest event that the platform says there is, if pages do not have it.
    pub fn missed_event(&self) -> Option<Rc<EventRecord>> {
        let event = self.last_event.as_ref()?;
        (!self.has(event.id)).then(|| event.clone())
    }

    /// Whether an event is known.
    pub fn knows(&self, id: Key) -> bool {
        self.known.contains(id)
    }

    /// Whether numbers lie between an event and those heard of in its thread. Asked once for each: a number may belong to
    /// an event that customers do not see.
    pub fn leaves_out(&mut self, event: &EventRecord) -> bool {
        let is_left_out = match self.counted {
            Some((thread, number)) if thread == event.thread => event.number > number.saturating_add(1),
            // The first that is heard of a thread that was opened meanwhile.
            Some(_) => event.number > 1 && self.last_thread() == Some(event.thread),
            None => false,
        };
        self.pass(event);
        is_left_out
    }

    /// A thread begins, and nothing was said in it yet: the first number to be heard of is 1.
    pub const fn begin(&mut self, thread: Id) {
        self.counted = Some((thread, 0));
    }

    /// An event's number was heard of.
    fn pass(&mut self, event: &EventRecord) {
        match &mut self.counted {
            Some((thread, number)) if *thread == event.thread => *number = event.number.max(*number),
            counted => *counted = Some((event.thread, event.number)),
        }
    }

    /// When the last event known happened.
    pub fn newest_event(&self) -> Option<Micros> {
        self.last_event.as_ref().map(|event| event.at)
    }

    /// The newest event that is known, and its id as pages have it.
    pub fn last_event_id(&self) -> Option<(Key, Value)> {
        self.last_event.as_ref().map(|event| (event.id, event.body.get(names::ID)))
    }

    /// Counts an event that becomes known, once.
    pub(super) fn count(&mut self, event: &EventRecord, own: Option<Id>) {
        if event.author.is_some() && event.author == own {
            // Writing moves the author's own mark past everything (reference §2.8).
            self.read_to(event.at);
        } else if event.at > self.seen_to && event.author.is_some() {
            self.unread.push(event.at);
        }
    }

    /// Whether a later read would bring nothing: the newest events and thread are known and the state is the same.
    pub fn is_current(&self, record: &ChatRecord) -> bool {
        self.last_thread() == record.last_thread.map(|(id, _)| id)
            && self.active == record.active
            && record.last_events.iter().all(|event| self.knows(event.id))
    }

    fn snapshot(&self) -> Value {
        let users = Value::list();
        let marks = Value::object();
        for (id, user) in &self.users {
            let copy = user.camel();
            let mark = copy.get(names::EVENTS_SEEN_UP_TO_);
            marks.put_at(*id, if mark.is_missing() { Value::null() } else { mark });
            users.push(copy);
        }
        let thread = self.last_thread().map_or(Value::null(), Value::from);
        let event = self.last_event.as_ref().map_or(Value::null(), |event| event.body.camel());
        Value::object()
            .with(names::ID, self.id)
            .with(names::ACTIVE, self.active)
            .with(names::LAST_THREAD_ID_, thread)
            .with(names::LAST_EVENT, event)
            .with(names::UNREAD_COUNT, self.unread.len() as u64)
            .with(names::USERS, users)
            .with(names::EVENTS_SEEN_UP_TO_MAP, marks)
    }
}

/// No customer has more chats, no chat more people; a server that says so must not keep the page busy.
const MAX_CHATS: usize = 1_000;
const MAX_USERS: usize = 200;
