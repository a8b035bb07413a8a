//! Threads from the inside: opening, adding events, closing.

use serde_json::{Map, Value, json};

use super::record::{EventRow, Record, ThreadRow};
use super::requests::Origin;
use super::routing::Route;
use super::world::Chat;
use super::{Brain, Micros, time};

/// An event to be added, checked already.
pub(crate) struct Draft {
    pub(crate) body: Map<String, Value>,
    pub(crate) agents_only: bool,
}

/// What a new thread is made of.
pub(crate) struct Opening {
    /// What agents said before there was a chat.
    pub(crate) before: Vec<(String, Draft)>,
    pub(crate) events: Vec<Draft>,
    pub(crate) thread_properties: Map<String, Value>,
    pub(crate) active: bool,
    pub(crate) continuous: Option<bool>,
}

impl Brain {
    /// Adds an event to a thread; moves the author's own seen mark behind it (§2.8).
    pub(crate) fn add_event(
        &mut self,
        chat_id: &str,
        thread_id: &str,
        author: Option<&str>,
        draft: Draft,
    ) -> Option<EventRow> {
        let mut thread = self.world.chats.get(chat_id)?.thread(thread_id)?.row.clone();
        let created_at = self.event_time(chat_id);
        let (id, number) = self.event_id(thread_id, thread.next_number);
        thread.next_number = number + 1;
        if let Some(author) = author.filter(|author| !thread.user_ids.iter().any(|id| id == author)) {
            thread.user_ids.push(author.to_owned());
        }
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(id));
        for (field, value) in draft.body {
            if !matches!(field.as_str(), "id" | "created_at" | "author_id") {
                body.insert(field, value);
            }
        }
        body.insert("created_at".to_owned(), json!(time::format(created_at)));
        if let Some(author) = author {
            body.insert("author_id".to_owned(), json!(author));
        }
        let event = EventRow {
            chat_id: chat_id.to_owned(),
            thread_id: thread_id.to_owned(),
            number,
            created_at,
            agents_only: draft.agents_only,
            deleted: false,
            body,
        };
        self.commit(Record::Thread(thread));
        self.commit(Record::Event(event.clone()));
        if let Some(author) = author {
            self.move_mark(chat_id, author, created_at);
        }
        self.claim_file(&event);
        self.watch_event(&event);
        Some(event)
    }

    /// Tells the customer about a new event, unless it is for agents only.
    pub(crate) fn push_event(&mut self, event: &EventRow, origin: Option<&Origin>) {
        if !event.is_visible() {
            return;
        }
        let payload = json!({ "chat_id": event.chat_id, "thread_id": event.thread_id, "event": event.body });
        self.push_to_chat(&event.chat_id, "incoming_event", &payload, origin);
    }

    /// Moves a user's seen mark forward; tells whether it moved.
    pub(crate) fn move_mark(&mut self, chat_id: &str, user: &str, to: Micros) -> bool {
        let Some(member) = self.world.chats.get(chat_id).and_then(|chat| chat.member(user)) else {
            return false;
        };
        if member.seen_up_to.is_some_and(|seen| seen >= to) {
            return false;
        }
        let mut member = member.clone();
        member.seen_up_to = Some(to);
        self.commit(Record::Member(member));
        true
    }

    /// Opens a thread of its own for agents' reopening.
    pub(crate) fn reopen_thread(&mut self, chat_id: &str, by: &str) -> String {
        let opening = Opening {
            before: Vec::new(),
            events: Vec::new(),
            thread_properties: Map::new(),
            active: true,
            continuous: None,
        };
        let (thread_id, _) = self.open_thread(chat_id, by, opening, Route::Agent(by.to_owned()));
        self.announce_chat(chat_id, by, None);
        thread_id
    }

    pub(crate) fn open_thread(
        &mut self,
        chat_id: &str,
        by: &str,
        opening: Opening,
        route: Route,
    ) -> (String, Vec<String>) {
        let thread_id = self.fresh_id();
        let created_at = self.thread_time(chat_id);
        let Some(row) = self.world.chats.get(chat_id).map(|chat| chat.row.clone()) else {
            return (thread_id, Vec::new());
        };
        let mut user_ids = vec![row.customer_id];
        let mut queue = None;
        match route {
            Route::Agent(agent) => {
                self.enter(chat_id, &agent, true);
                user_ids.push(agent);
            }
            Route::Queue => {
                queue = Some(self.last_place(&row.organization_id, &row.group_ids));
                self.empty(chat_id);
            }
            Route::Nobody => {}
        }
        self.commit(Record::Thread(ThreadRow {
            id: thread_id.clone(),
            chat_id: chat_id.to_owned(),
            created_at,
            active: opening.active,
            user_ids,
            properties: opening.thread_properties,
            next_number: 1,
            queue,
        }));
        for (agent, draft) in opening.before {
            self.add_event(chat_id, &thread_id, Some(&agent), draft);
        }
        let mut event_ids = Vec::new();
        for draft in opening.events {
            if let Some(event) = self.add_event(chat_id, &thread_id, Some(by), draft) {
                event_ids.push(event.id().to_owned());
            }
        }
        // §2.5, §2.6: the requester has then seen everything.
        let last = self.world.chats.get(chat_id).map_or(created_at, |chat| chat.last_at);
        self.move_mark(chat_id, by, last);
        (thread_id, event_ids)
    }

    /// Ends the open thread with its system message. Without an open thread nothing happens.
    pub(crate) fn close_thread(&mut self, chat_id: &str, by: Option<&str>, kind: &str, vars: &Value) {
        let Some(thread) = self.world.chats.get(chat_id).and_then(Chat::active_thread) else {
            return;
        };
        let thread_id = thread.row.id.clone();
        self.system_message(chat_id, &thread_id, kind, vars);
        let Some(thread) = self.world.chats.get(chat_id).and_then(Chat::active_thread) else {
            return;
        };
        let waiting = thread.row.clone();
        self.commit(Record::Thread(ThreadRow { active: false, queue: None, ..waiting.clone() }));
        let mut payload = json!({ "chat_id": chat_id, "thread_id": thread_id });
        if let Some(by) = by {
            payload["user_id"] = json!(by);
        }
        self.peeks.remove(chat_id);
        self.push_to_chat(chat_id, "chat_deactivated", &payload, None);
        if waiting.queue.is_some() {
            self.move_up();
        }
        self.watch_chat(chat_id);
    }
}
