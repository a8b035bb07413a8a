//! What the platform says by itself: taken into the chats, told to the page.

use std::rc::Rc;

use super::adapter::{Inbound, Push};
use super::outbox::{NEVER, Seen};
use super::output::Output;
use super::sync::{MAX_HELD, Purpose};
use super::{Phase, Session};
use crate::json::{Id, Name, Value, names};
use crate::model::chat::EventRecord;
use crate::model::{Instant, Notice};

/// An indicator has no promised end; without a new sign it ends after this long (`pitfalls` 34).
const TYPING_MS: u64 = 10_000;

/// More are not watched.
const MAX_TYPISTS: usize = 100;

/// Somebody who is typing.
#[derive(Debug)]
pub(super) struct Typist {
    chat: Id,
    thread: Option<Id>,
    user: Id,
    pub(super) until: Instant,
}

/// A payload as it came, and what makes the page's shape of it.
struct Passed {
    payload: Value,
    shape: fn(Name, &Value) -> Value,
}

impl Session {
    /// A decoded frame, live or held back until now.
    pub(super) fn inbound(&mut self, inbound: Inbound) {
        match inbound {
            Inbound::Reply { id, result } => self.replied(id, result),
            Inbound::Odd(what) => {
                self.warn("FRAME", what);
                self.suspect_frame();
            }
            Inbound::Push { cause, name, payload, shape, push } => {
                let chat = match &push {
                    Push::Event { chat, event } => {
                        self.look_before(*chat, event);
                        Some(*chat)
                    }
                    Push::Closed { chat, .. }
                    | Push::Updated { chat, .. }
                    | Push::Deleted { chat, .. }
                    | Push::Touched { chat, .. }
                    | Push::UserAdded { chat, .. }
                    | Push::UserRemoved { chat, .. } => Some(*chat),
                    Push::Opened { chat, .. } => Some(chat.id),
                    Push::Typing { .. }
                    | Push::Seen { .. }
                    | Push::Farewell { .. }
                    | Push::SideStorage(_)
                    | Push::Availability(_)
                    | Push::PassOn
                    | Push::PassOnAfter { .. }
                    | Push::Unknown(_) => None,
                };
                // While a chat is read, or it is not known which must be, what happens in it waits.
                let index = self.syncs.iter().position(|sync| Some(sync.chat) == chat && sync.hold != NEVER);
                let held = match index {
                    Some(index) => &mut self.syncs[index].held,
                    None if chat.is_some() && self.suspicion.is_blind => &mut self.held,
                    None => return self.push(cause, name, Passed { payload, shape }, push),
                };
                held.push(Box::new(Inbound::Push { cause, name, payload, shape, push }));
                if held.len() >= MAX_HELD {
                    match index {
                        Some(index) => self.pass(index),
                        None => self.read_known(),
                    }
                }
            }
        }
    }

    /// An event of a thread that nobody has heard of, or one that leaves a number out: something before it was missed or is
    /// still to come. Or nothing says whether it is history. The chat is read before it is told. A number that a read does not show belongs to nobody here.
    fn look_before(&mut self, id: Id, event: &EventRecord) {
        let is_held = self.syncs.iter().any(|sync| sync.chat == id && sync.hold != NEVER);
        if !self.is_live() || is_held || self.suspicion.is_blind {
            return;
        }
        let chat = self.chats.entry(id);
        let is_other_thread = chat.last_thread().is_some_and(|known| known != event.thread);
        let is_strange = is_other_thread || chat.is_unplaced(event);
        let purpose = if is_strange && chat.suspected != Some(event.thread) && !chat.knows(event.id) {
            chat.suspected = Some(event.thread);
            if is_other_thread && !chat.knows_thread(event.thread) {
                Purpose::CatchUp { opens: true }
            } else {
                Purpose::LookUp
            }
        } else if chat.leaves_out(event) {
            Purpose::LookUp
        } else {
            return;
        };
        chat.doubt();
        self.start_sync(id, purpose);
        self.flush();
    }

    fn push(&mut self, cause: Option<u32>, name: Option<Name>, passed: Passed, push: Push) {
        let own = self.own_id;
        match push {
            Push::Event { chat, event } => self.hear(chat, &event, Seen::Pushed(cause)),
            Push::Opened { chat: record, thread, body } => {
                for user in &record.users {
                    self.emit(Notice::UserData(user.clone()));
                }
                let is_new = !self.chats.contains(record.id);
                let chat = self.chats.entry(record.id);
                chat.summarize(&record, own, false);
                if is_new {
                    // Nothing of it lies before this.
                    chat.note_complete();
                }
                chat.told_thread = chat.last_thread();
                chat.told_active = true;
                if let Some(thread) = thread.as_ref().filter(|thread| thread.events.is_empty()) {
                    chat.begin(thread.id);
                }
                let is_ours = self.chat_came(cause, &body);
                if !is_ours {
                    let chat = Value::object().with(names::CHAT, body);
                    chat.copy_as(names::REQUESTER_ID_, &passed.payload, names::REQUESTER_ID);
                    self.emit(Notice::ChatOpened(chat));
                }
                if let Some(thread) = thread {
                    self.tell_missing(record.id, Value::from_time(thread.at));
                    let total_events = thread.events.len();
                    self.emit(Notice::Thread { chat: record.id, thread: thread.id, total_events });
                    for event in &thread.events {
                        let is_news = self.chats.entry(record.id).record(event, own);
                        let is_own = is_news && self.confirm(record.id, event, Seen::Read);
                        if is_news && !is_own && !(is_ours && event.author == own) {
                            self.announce(record.id, event, !self.config.is_strict);
                        }
                    }
                }
            }
            Push::Closed { chat, thread } => {
                let closed = self.chats.entry(chat);
                closed.active = false;
                closed.told_active = false;
                self.stop_typing(&|typist| typist.chat == chat);
                self.emit(Notice::ChatClosed { chat, thread, payload: passed.payload });
            }
            Push::Updated { chat, event } => {
                let known = self.chats.entry(chat);
                known.update(&event);
                // Perhaps it overtook the event itself, which is told as it was then.
                if !known.knows(event.id) {
                    self.suspect(chat);
                }
                self.pass_on(name, passed);
            }
            Push::Deleted { chat, event } => {
                self.chats.entry(chat).remove(event);
                self.pass_on(name, passed);
            }
            Push::Typing { chat, thread, user, is_typing } => {
                if let Some(known) = self.typists.iter().position(|typist| typist.chat == chat && typist.user == user) {
                    self.typists.remove(known);
                }
                if is_typing && self.typists.len() < MAX_TYPISTS {
                    let until = self.now.after(TYPING_MS);
                    self.typists.push(Box::new(Typist { chat, thread, user, until }));
                }
                self.emit(Notice::Typing { chat, thread, user, is_typing, payload: passed.payload });
            }
            Push::Seen { chat, user, mark } => {
                // Nobody sees what has not happened.
                let newest = self.chats.entry(chat).newest_event();
                if newest.is_some_and(|newest| mark.as_time().is_some_and(|at| at > newest)) && Some(user) != own {
                    self.suspect(chat);
                }
                if self.chats.entry(chat).see(user, &mark, own) {
                    self.emit(Notice::Seen { chat, user, mark });
                }
            }
            Push::UserAdded { chat, user } => {
                self.emit(Notice::UserData(user.clone()));
                passed.payload.set(names::USER, user.clone());
                self.chats.entry(chat).note_user(user, own);
                self.emit(Notice::UserAdded(passed.payload));
            }
            Push::UserRemoved { chat, user } => {
                self.chats.entry(chat).remove_user(user);
                self.pass_on(name, passed);
            }
            Push::SideStorage(side) => {
                self.side_storage = side.clone();
                self.out.push(Output::StoreSide(side));
                self.pass_on(name, passed);
            }
            Push::Availability(availability) => {
                self.pass_on(name, passed);
                self.emit(Notice::Availability(availability));
            }
            Push::Farewell { reason, verdict } => {
                self.pass_on(name, passed);
                self.farewell(&verdict, &reason);
            }
            Push::Touched { .. } | Push::PassOn => self.pass_on(name, passed),
            Push::PassOnAfter { name: first, payload } => {
                self.pass_on(Some(first), Passed { payload, shape: passed.shape });
                self.pass_on(name, passed);
            }
            Push::Unknown(action) => self.emit(Notice::Unknown { action, payload: passed.payload }),
        }
    }

    /// An event that comes now.
    pub(super) fn hear(&mut self, id: Id, event: &Rc<EventRecord>, seen: Seen) {
        let chat = self.chats.entry(id);
        if !self.is_summed && chat.last_thread().is_none() {
            // What came before it is in the summary that is still to come.
            chat.doubt();
        }
        if !chat.has(event.id) {
            self.tell_missing(id, event.body.get(names::CREATED_AT_));
        }
        let chat = self.chats.entry(id);
        let is_known = chat.knows(event.id);
        let is_news = chat.record(event, self.own_id);
        let is_own = !is_known && self.confirm(id, event, seen);
        if is_news && !is_own {
            self.announce(id, event, false);
        }
    }

    fn pass_on(&mut self, name: Option<Name>, Passed { payload, shape }: Passed) {
        if let Some(name) = name {
            self.emit(Notice::PassOn { name, payload, shape });
        }
    }

    /// Tells the page of an event that is news.
    pub(super) fn announce(&mut self, chat: Id, event: &EventRecord, is_shown: bool) {
        if let Some(author) = event.author {
            self.stop_typing(&|typist| typist.chat == chat && typist.user == author);
        }
        let chat = self.chats.entry(chat).page_id.clone();
        self.emit(Notice::Event { chat, body: event.body.clone(), is_shown });
    }

    /// Settles the send whose echo an event is. Returns whether this session sent it, so that it is no news.
    pub(super) fn confirm(&mut self, chat: Id, event: &EventRecord, seen: Seen) -> bool {
        let Some(custom_id) = event.custom_id.filter(|_| event.author == self.own_id) else { return false };
        let entry = self.outbox.find(custom_id).filter(|entry| entry.chat == chat);
        if let Some(entry) = entry {
            if !entry.is_echo(event.id, seen) {
                return false;
            }
            let request = entry.request;
            if let Some(entry) = self.outbox.take(custom_id) {
                self.take_request(request);
                self.arrived(&entry, event.body.clone());
            }
            if matches!(self.phase, Phase::Live { .. }) {
                self.flush();
            }
        }
        let used = self.own_ids.iter_mut().find(|(id, _)| *id == custom_id);
        used.is_some_and(|(_, known)| *known.get_or_insert(event.id) == event.id)
    }

    fn stop_typing(&mut self, is_over: &dyn Fn(&Typist) -> bool) {
        while let Some(index) = self.typists.iter().position(|typist| is_over(typist)) {
            let Typist { chat, thread, user, .. } = *self.typists.remove(index);
            let payload = Value::missing();
            self.emit(Notice::Typing { chat, thread, user, is_typing: false, payload });
        }
    }

    pub(super) fn forget_typists(&mut self) {
        self.stop_typing(&|_| true);
    }

    pub(super) fn run_typing_timers(&mut self) {
        let now = self.now;
        self.stop_typing(&|typist| typist.until <= now);
    }
}
