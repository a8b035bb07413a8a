//! What is known of the customer's chats: a fold over what the platform says.
//!
//! Applying the same event, thread or mark twice changes nothing, so live traffic and a history read meet at the same
//! value.

mod shown;

use std::rc::Rc;

use super::Micros;
use super::keys::Keys;
use crate::json::{Id, Key, Value, names};

pub use shown::Change;

/// Where an event stands in its chat: by thread, then by time, then by its number.
///
/// An event attached to a closed thread stays in that thread however late it is, so time alone does not order a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub thread_at: Micros,
    pub at: Micros,
    pub number: u64,
}

/// One event as the core sees it.
#[derive(Clone, Debug)]
pub struct EventRecord {
    pub id: Key,
    pub thread: Id,
    pub at: Micros,
    /// Breaks ties between events of one microsecond.
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
    /// In order.
    pub events: Vec<Rc<EventRecord>>,
}

/// One chat as a summary or an opened chat has it.
#[derive(Clone, Debug)]
pub struct ChatRecord {
    pub id: Id,
    pub active: bool,
    pub last_thread: Option<(Id, Micros)>,
    /// The newest event, if the platform says.
    pub last_event: Option<(Position, Rc<EventRecord>)>,
    /// In the page's shape, `id`, `present` and `eventsSeenUpTo` among the fields.
    pub users: Vec<Value>,
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
    /// What lies at or before it is history: the page reads it when it likes, it is not announced.
    pub floor: Option<(Position, Key)>,
    /// Creation time of the newest thread up to which nothing can be missing.
    pub complete_to: Micros,
    last_thread: Option<(Id, Micros)>,
    last_event: Option<(Position, Rc<EventRecord>)>,
    users: Vec<(Id, Value)>,
    /// Sorted; every event announced, sent, or read after an outage.
    known: Keys,
    /// Sorted by key; the newest events that pages have, as they have them.
    shown: Vec<Rc<EventRecord>>,
    /// When the newest of those happened that there was no room for.
    forgotten_to: Micros,
    /// What a core that broke told last of this chat: what lies behind it is still to be told.
    pub resume: Option<Rc<EventRecord>>,
    /// The newest thread that events were heard of, and the highest of their numbers.
    counted: Option<(Id, u64)>,
    /// The thread of an event that came before its thread was known, so that the chat is read for it once.
    pub suspected: Option<Id>,
    /// Times of others' events after the customer's own seen mark, ascending.
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
            floor: None,
            complete_to: Micros::MIN,
            last_thread: None,
            last_event: None,
            users: Vec::new(),
            known: Keys::default(),
            shown: Vec::new(),
            forgotten_to: Micros::MIN,
            resume: None,
            counted: None,
            suspected: None,
            unread: Vec::new(),
            seen_to: Micros::MIN,
            receipt: Micros::MIN,
        }
    }

    /// When the newest thread known began.
    pub fn newest(&self) -> Option<Micros> {
        self.last_thread.as_ref().map(|(_, at)| *at)
    }

    /// The newest thread known.
    pub fn last_thread(&self) -> Option<Id> {
        self.last_thread.map(|(id, _)| id)
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

    /// Everything from a time on is about to be counted again.
    pub fn recount(&mut self, from: Micros) {
        self.unread.retain(|unread| *unread < from);
    }

    /// Counts an event of a read that was known before.
    pub fn recount_event(&mut self, event: &EventRecord, own: Option<Id>) {
        self.count(event.at, event.author, own);
    }

    /// Where an event stands, as far as its thread is known; a thread never heard of is the newest.
    pub fn position(&self, event: &EventRecord, thread_at: Option<Micros>) -> Position {
        let thread_at = thread_at.unwrap_or_else(|| match self.last_thread {
            Some((id, at)) if id == event.thread => at,
            Some((_, at)) => at.max(event.at),
            None => event.at,
        });
        Position { thread_at, at: event.at, number: event.number }
    }

    /// Takes in a summary. The first one sets the floor, since everything the chat holds by then is history.
    pub fn summarize(&mut self, record: &ChatRecord, own: Option<Id>, first: bool) {
        self.active = record.active;
        if let Some((id, at)) = record.last_thread {
            self.note_thread(id, at);
        }
        if first {
            self.floor = record.last_event.as_ref().map(|(position, event)| (*position, event.id));
            self.complete_to = self.newest().unwrap_or(Micros::MIN);
        }
        if let Some((position, event)) = &record.last_event
            && self.last_event.as_ref().is_none_or(|(last, _)| last <= position)
        {
            self.last_event = Some((*position, event.clone()));
        }
        for user in &record.users {
            self.note_user(user.clone(), own);
        }
        if !first {
            return;
        }
        if let Some((position, event)) = &record.last_event {
            self.count(position.at, event.author, own);
            self.pass(event);
            self.show(event);
        } else if let Some((thread, _)) = record.last_thread {
            self.begin(thread);
        }
    }

    /// A thread was opened, or is known from a page.
    pub fn note_thread(&mut self, id: Id, at: Micros) {
        if self.last_thread.as_ref().is_none_or(|(_, last)| *last <= at) {
            self.last_thread = Some((id, at));
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
    pub fn record(&mut self, event: &Rc<EventRecord>, thread_at: Option<Micros>, own: Option<Id>) -> bool {
        let position = self.position(event, thread_at);
        let is_history = self.floor.as_ref().is_some_and(|(floor, id)| match thread_at {
            Some(_) => position < *floor || *id == event.id,
            // A push that crossed the summary. Its time says nothing: the platform promises no order of times.
            None => event.id.is_not_after(*id),
        });
        if is_history || !self.known.insert(event.id) {
            return false;
        }
        self.note_thread(event.thread, position.thread_at);
        if self.last_event.as_ref().is_none_or(|(last, _)| *last <= position) {
            self.last_event = Some((position, event.clone()));
        }
        self.count(event.at, event.author, own);
        self.pass(event);
        self.show(event);
        true
    }

    /// Whether an event is known.
    pub fn knows(&self, id: Key) -> bool {
        self.known.contains(id)
    }

    /// Whether numbers lie between an event and those heard of in its thread. Asked once for each: a number may belong to
    /// an event that customers do not see.
    pub fn leaves_out(&mut self, event: &EventRecord) -> bool {
        let is_left_out = match self.counted {
            Some((thread, number)) if thread == event.thread => event.number > number + 1,
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

    /// The newest time at which something is known to have happened.
    pub fn newest_event(&self) -> Option<Micros> {
        self.last_event.as_ref().map(|(_, event)| event.at)
    }

    /// The newest event that is known, and its id as pages have it.
    pub fn last_event_id(&self) -> Option<(Key, Value)> {
        self.last_event.as_ref().map(|(_, event)| (event.id, event.body.get(names::ID)))
    }

    fn count(&mut self, at: Micros, author: Option<Id>, own: Option<Id>) {
        if author.is_some() && author == own {
            // Writing moves the author's own mark past everything (reference §2.8).
            self.read_to(at);
        } else if at > self.seen_to && author.is_some() {
            self.unread.push(at);
        }
    }

    /// Whether a later read would bring nothing: the newest event and thread are known and the state is the same.
    pub fn is_current(&self, record: &ChatRecord) -> bool {
        let same_thread = match (&self.last_thread, &record.last_thread) {
            (Some((known, _)), Some((id, _))) => known == id,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_thread
            && self.active == record.active
            && record.last_event.as_ref().is_none_or(|(position, event)| {
                self.known.contains(event.id)
                    || self.floor.as_ref().is_some_and(|(floor, id)| position < floor || *id == event.id)
            })
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
        let thread = self.last_thread.map_or(Value::null(), |(id, _)| Value::from(id));
        let event = self.last_event.as_ref().map_or(Value::null(), |(_, event)| event.body.camel());
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

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        Id::of(text).unwrap()
    }

    fn own() -> Option<Id> {
        Id::of("me")
    }

    fn key(text: &str) -> Key {
        Key::of(text).unwrap()
    }

    fn event(number: u64, author: &str) -> Rc<EventRecord> {
        Rc::new(EventRecord {
            id: key(&format!("T_{number}")),
            thread: id("T"),
            at: Micros(i64::try_from(number).unwrap()),
            number,
            author: Id::of(author),
            custom_id: None,
            body: Value::object().with(names::ID, format!("T_{number}").as_str()),
        })
    }

    #[test]
    fn an_event_is_news_once() {
        let mut chats = Chats::default();
        let chat = chats.entry(id("C"));
        for number in [5, 4, 10, 9, 100] {
            assert!(chat.record(&event(number, "agent"), None, own()));
            assert!(!chat.record(&event(number, "agent"), None, own()));
        }
        assert_eq!(chat.known.ranges(), 3, "4–5, 9–10, 100");
        assert!(chat.known.contains(key("T_9")) && !chat.known.contains(key("T_6")));
    }

    #[test]
    fn what_lies_below_the_floor_is_no_reason_to_read() {
        let mut chats = Chats::default();
        let chat = chats.entry(id("C"));
        let summary = |number: u64, name: u64| {
            let last = event(name, "agent");
            let position = Position { thread_at: Micros(0), at: Micros(i64::try_from(number).unwrap()), number };
            ChatRecord {
                id: id("C"),
                active: true,
                last_thread: Some((id("T"), Micros(0))),
                last_event: Some((position, last)),
                users: Vec::new(),
            }
        };
        chat.summarize(&summary(5, 5), own(), true);
        assert!(chat.is_current(&summary(4, 4)), "the newest event was deleted");
        assert!(chat.is_current(&summary(5, 5)));
        assert!(!chat.is_current(&summary(5, 7)), "another event of the same moment");
        assert!(!chat.is_current(&summary(6, 6)));
    }

    #[test]
    fn what_the_first_summary_holds_is_history() {
        let mut chats = Chats::default();
        let chat = chats.entry(id("C"));
        let last = event(3, "agent");
        let position = Position { thread_at: Micros(0), at: last.at, number: 3 };
        let record = ChatRecord {
            id: id("C"),
            active: true,
            last_thread: Some((id("T"), Micros(0))),
            last_event: Some((position, last)),
            users: Vec::new(),
        };
        chat.summarize(&record, own(), true);
        assert!(chat.is_current(&record));
        assert!(!chat.record(&event(2, "agent"), Some(Micros(0)), own()));
        assert!(!chat.record(&event(3, "agent"), Some(Micros(0)), own()));
        assert!(!chat.record(&event(2, "agent"), None, own()), "a push that crossed the summary");
        assert!(!chat.record(&event(3, "agent"), None, own()));
        assert!(chat.record(&event(4, "agent"), Some(Micros(0)), own()));
        assert!(chat.record(&event(5, "agent"), None, own()));
    }

    #[test]
    fn unread_counts_others_after_the_mark() {
        let mut chats = Chats::default();
        let chat = chats.entry(id("C"));
        let unread = |chat: &Chat| chat.snapshot().get(names::UNREAD_COUNT).as_number();
        chat.note_user(Value::object().with(names::ID, "me"), own());
        chat.record(&event(1, "agent"), None, own());
        chat.record(&event(2, "agent"), None, own());
        assert_eq!(unread(chat), Some(2.0));
        assert!(chat.see(id("me"), &Value::from("1970-01-01T00:00:00.000001Z"), own()));
        assert_eq!(unread(chat), Some(1.0));
        assert!(!chat.see(id("me"), &Value::from("1970-01-01T00:00:00.000000Z"), own()), "marks only grow");
        chat.record(&event(3, "me"), None, own());
        assert_eq!(unread(chat), Some(0.0));
    }

    #[test]
    fn what_there_is_no_room_for_is_a_gap() {
        let mut chats = Chats::default();
        let chat = chats.entry(id("C"));
        let mut events = Vec::new();
        for number in 1..=5_000 {
            events.push(event(number, "agent"));
        }
        // An older thread, read later, is forgotten first.
        let old = Rc::new(EventRecord { id: key("O_1"), thread: id("O"), at: Micros(0), ..(*events[0]).clone() });
        for event in &events {
            chat.record(event, Some(Micros(1)), own());
        }
        let read = |events: &[Rc<EventRecord>]| {
            let events = events.to_vec();
            vec![Box::new(ThreadRecord { id: id("T"), at: Micros(1), active: true, previous: None, events })]
        };
        chat.complete_to = Micros(1);
        chat.show(&old);
        assert!(chat.changes(&read(&events)[0]).is_empty());
        assert!(chat.gap(&read(&events)).is_none(), "only the other thread's was forgotten");
        events.push(event(5_001, "agent"));
        chat.record(&events[5_000], Some(Micros(1)), own());
        let (from, to) = chat.gap(&read(&events)).unwrap();
        assert_eq!(from, events[0].body.get(names::CREATED_AT_));
        assert_eq!(to, Value::from_time(Micros(500)));
        assert!(chat.has_shown() && chat.changes(&read(&events)[0]).is_empty());
        events.remove(4_000);
        assert_eq!(chat.changes(&read(&events)[0]).len(), 1, "what is remembered is compared");
    }
}
