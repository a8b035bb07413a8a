//! Chats and threads: starting, resuming, closing (§2.5–§2.7), and adding events to them.

use serde_json::{Map, Value, json};

use super::args::Args;
use super::connection::Version;
use super::error::ApiError;
use super::record::{ChatRow, EventRow, Member, Record, ThreadRow};
use super::requests::{Caller, Origin};
use super::world::Chat;
use super::{Brain, Micros, time};

/// An event to be added, checked already.
pub(crate) struct Draft {
    pub(crate) body: Map<String, Value>,
    pub(crate) agents_only: bool,
}

/// What `chat.thread` of a request asks for.
struct Opening {
    events: Vec<Draft>,
    thread_properties: Map<String, Value>,
    active: bool,
    continuous: Option<bool>,
}

impl Brain {
    /// A chat of the caller's, or `not_found`.
    pub(crate) fn own_chat(&self, caller: &Caller, chat_id: &str) -> Result<&Chat, ApiError> {
        self.world
            .chats
            .get(chat_id)
            .filter(|chat| chat.row.customer_id == caller.customer && chat.row.organization_id == caller.organization)
            .ok_or_else(|| ApiError::with("not_found", "Chat not found"))
    }

    /// §2.5.
    pub(crate) fn start_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat = args.opt_object("chat")?;
        let opening = Self::opening(args, chat)?;
        let group_ids = self.groups_of(chat)?.unwrap_or_else(|| vec![0]);
        let mut properties = properties_of(chat)?;
        if self.world.chats_of(&caller.organization, &caller.customer).count() >= self.config.chats_per_customer {
            // §10, 12: the two generations of the SDK know two names for it.
            let v35 = caller.version == Version::V35;
            return Err(ApiError::of(if v35 { "chat_limit_reached" } else { "limit_reached" }));
        }
        self.someone_online(&group_ids, opening.continuous.unwrap_or(false))?;
        set_continuous(&mut properties, opening.continuous.unwrap_or(false));

        let chat_id = self.fresh_id();
        self.commit(Record::Chat(ChatRow {
            id: chat_id.clone(),
            organization_id: caller.organization.clone(),
            customer_id: caller.customer.clone(),
            created_at: self.now,
            group_ids,
            properties,
        }));
        self.enter(&chat_id, &caller.customer, false);
        let (thread_id, event_ids) = self.open_thread(&chat_id, &caller.customer, opening);
        self.announce_chat(&chat_id, &caller.customer, caller.origin.as_ref());
        self.bot_greets(&chat_id);
        let mut response = json!({ "chat_id": chat_id, "thread_id": thread_id });
        if !event_ids.is_empty() {
            response["event_ids"] = json!(event_ids);
        }
        Ok(response)
    }

    /// §2.6.
    pub(crate) fn resume_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let asked = args.object("chat")?;
        let chat_id = asked.str("id")?.to_owned();
        let opening = Self::opening(args, Some(asked))?;
        let groups = self.groups_of(Some(asked))?;
        let chat = self.own_chat(caller, &chat_id)?;
        if chat.active_thread().is_some() {
            return Err(ApiError::of("chat_already_active"));
        }
        let mut row = chat.row.clone();
        let kept = row.properties.get("routing").and_then(|routing| routing.get("continuous"));
        let continuous = opening.continuous.or(kept.and_then(Value::as_bool)).unwrap_or(false);
        row.group_ids = groups.unwrap_or(row.group_ids);
        row.properties.extend(properties_of(Some(asked))?);
        set_continuous(&mut row.properties, continuous);
        self.someone_online(&row.group_ids, continuous)?;

        self.commit(Record::Chat(row));
        self.enter(&chat_id, &caller.customer, false);
        let (thread_id, event_ids) = self.open_thread(&chat_id, &caller.customer, opening);
        self.announce_chat(&chat_id, &caller.customer, caller.origin.as_ref());
        self.bot_greets(&chat_id);
        let mut response = json!({ "thread_id": thread_id });
        if !event_ids.is_empty() {
            response["event_ids"] = json!(event_ids);
        }
        Ok(response)
    }

    /// §2.7. The pushes carry no request id: that would settle the wrong promise (§9.3, 3).
    pub(crate) fn deactivate_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat_id = args.str("id")?;
        let chat = self.own_chat(caller, chat_id)?;
        if chat.active_thread().is_none() {
            return Err(ApiError::of("chat_inactive"));
        }
        let name = self.world.customers.get(&caller.customer).map_or("Customer", |customer| customer.name()).to_owned();
        let text = format!("{name} archived the chat");
        self.close_thread(
            chat_id,
            Some(&caller.customer),
            "manual_archived_customer",
            &text,
            &json!({ "customer": name }),
        );
        Ok(json!({}))
    }

    /// Ends the open thread with its system message. Without an open thread nothing happens.
    pub(crate) fn close_thread(&mut self, chat_id: &str, by: Option<&str>, kind: &str, text: &str, vars: &Value) {
        let Some(thread) = self.world.chats.get(chat_id).and_then(Chat::active_thread) else {
            return;
        };
        let thread_id = thread.row.id.clone();
        self.system_message(chat_id, &thread_id, kind, text, vars);
        let Some(thread) = self.world.chats.get(chat_id).and_then(Chat::active_thread) else {
            return;
        };
        let mut row = thread.row.clone();
        row.active = false;
        self.commit(Record::Thread(row));
        let mut payload = json!({ "chat_id": chat_id, "thread_id": thread_id });
        if let Some(by) = by {
            payload["user_id"] = json!(by);
        }
        self.peeks.remove(chat_id);
        self.push_to_chat(chat_id, "chat_deactivated", &payload, None);
        self.watch_chat(chat_id);
    }

    /// Adds a system message and tells the customer (§4.1, §4.2).
    pub(crate) fn system_message(&mut self, chat_id: &str, thread_id: &str, kind: &str, text: &str, vars: &Value) {
        let body = json!({ "type": "system_message", "text": text, "system_message_type": kind, "text_vars": vars });
        let Value::Object(body) = body else { return };
        if let Some(event) = self.add_event(chat_id, thread_id, None, Draft { body, agents_only: false }) {
            self.push_event(&event, None);
        }
    }

    /// Adds an event to a thread; moves the author's own seen mark behind it (§2.8).
    pub(crate) fn add_event(
        &mut self,
        chat_id: &str,
        thread_id: &str,
        author: Option<&str>,
        draft: Draft,
    ) -> Option<EventRow> {
        let created_at = self.next_time(chat_id);
        let chat = self.world.chats.get(chat_id)?;
        let mut thread = chat.thread(thread_id)?.row.clone();
        let number = thread.next_number;
        thread.next_number += 1;
        if let Some(author) = author.filter(|author| !thread.user_ids.iter().any(|id| id == author)) {
            thread.user_ids.push(author.to_owned());
        }
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(format!("{thread_id}_{number}")));
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

    /// Makes a user present in a chat.
    pub(crate) fn enter(&mut self, chat_id: &str, user: &str, agent: bool) {
        let known = self.world.chats.get(chat_id).and_then(|chat| chat.member(user)).cloned();
        let member = known.map_or_else(
            || Member { chat_id: chat_id.to_owned(), user_id: user.to_owned(), agent, present: true, seen_up_to: None },
            |member| Member { present: true, ..member },
        );
        self.commit(Record::Member(member));
    }

    /// §10, 7: microseconds, strictly increasing within a chat, unless a fault repeats one.
    fn next_time(&mut self, chat_id: &str) -> Micros {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return self.now;
        };
        if self.faults.same_created_at > 0 {
            self.faults.same_created_at -= 1;
            return chat.last_at;
        }
        self.now.max(chat.last_at + 1)
    }

    /// Opens a thread of its own for agents' reopening.
    pub(crate) fn reopen_thread(&mut self, chat_id: &str, by: &str) -> String {
        let opening = Opening { events: Vec::new(), thread_properties: Map::new(), active: true, continuous: None };
        let (thread_id, _) = self.open_thread(chat_id, by, opening);
        self.announce_chat(chat_id, by, None);
        thread_id
    }

    fn open_thread(&mut self, chat_id: &str, by: &str, opening: Opening) -> (String, Vec<String>) {
        let thread_id = self.fresh_id();
        let created_at = self.next_time(chat_id);
        let customer = self.world.chats.get(chat_id).map(|chat| chat.row.customer_id.clone()).unwrap_or_default();
        let mut user_ids = vec![customer];
        if self.config.assign_agent
            && let Some(agent) = self.config.agents.first().map(|agent| agent.id.clone())
        {
            self.enter(chat_id, &agent, true);
            user_ids.push(agent);
        }
        self.commit(Record::Thread(ThreadRow {
            id: thread_id.clone(),
            chat_id: chat_id.to_owned(),
            created_at,
            active: opening.active,
            user_ids,
            properties: opening.thread_properties,
            next_number: 1,
        }));
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

    fn announce_chat(&mut self, chat_id: &str, by: &str, origin: Option<&Origin>) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let payload = json!({ "requester_id": by, "chat": self.chat_json(chat, chat.last_thread()) });
        self.push_to_chat(chat_id, "incoming_chat", &payload, origin);
        self.watch_chat(chat_id);
    }

    fn opening(args: Args<'_>, chat: Option<Args<'_>>) -> Result<Opening, ApiError> {
        let thread = chat.map(|chat| chat.opt_object("thread")).transpose()?.flatten();
        let mut events = Vec::new();
        if let Some(asked) = thread.map(|thread| thread.opt_array("events")).transpose()?.flatten() {
            for event in asked {
                events.push(Self::customer_draft(event)?);
            }
        }
        Ok(Opening {
            events,
            thread_properties: properties_of(thread)?,
            active: args.opt_bool("active")?.unwrap_or(true),
            continuous: args.opt_bool("continuous")?,
        })
    }

    fn groups_of(&self, chat: Option<Args<'_>>) -> Result<Option<Vec<u64>>, ApiError> {
        let access = chat.map(|chat| chat.opt_object("access")).transpose()?.flatten();
        let Some(ids) = access.map(|access| access.opt_array("group_ids")).transpose()?.flatten() else {
            return Ok(None);
        };
        let ids: Option<Vec<u64>> = ids.iter().map(Value::as_u64).collect();
        let ids = ids.ok_or_else(|| ApiError::validation("`group_ids` must hold whole numbers"))?;
        if ids.iter().any(|id| !self.world.groups.contains_key(id)) {
            return Err(ApiError::of("group_not_found"));
        }
        Ok(Some(ids))
    }

    fn someone_online(&self, group_ids: &[u64], continuous: bool) -> Result<(), ApiError> {
        let online = |id: &u64| self.world.groups.get(id).is_some_and(|group| group.status != "offline");
        if continuous || group_ids.iter().any(online) { Ok(()) } else { Err(ApiError::of("groups_offline")) }
    }

    /// An id no chat and no thread has.
    fn fresh_id(&mut self) -> String {
        loop {
            let id = self.random.short_id();
            let taken = |chat: &Chat| chat.row.id == id || chat.thread(&id).is_some();
            if !self.world.chats.values().any(taken) {
                return id;
            }
        }
    }
}

fn properties_of(object: Option<Args<'_>>) -> Result<Map<String, Value>, ApiError> {
    let properties = object.map(|object| object.opt_object("properties")).transpose()?.flatten();
    Ok(properties.map(|properties| properties.map().clone()).unwrap_or_default())
}

fn set_continuous(properties: &mut Map<String, Value>, continuous: bool) {
    let routing = properties.entry("routing").or_insert_with(|| json!({}));
    if let Some(routing) = routing.as_object_mut() {
        routing.insert("continuous".to_owned(), json!(continuous));
    }
}
