//! Chats as customers lead them: starting, resuming, closing (§2.5–§2.7).

use serde_json::{Map, Value, json};

use super::Brain;
use super::access::{Holder, check_written};
use super::args::Args;
use super::connection::Version;
use super::error::ApiError;
use super::properties::merge;
use super::record::{ChatRow, Record};
use super::requests::{Caller, Origin};
use super::routing::Route;
use super::threads::{Draft, Opening};
use super::world::Chat;

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
        let mut opening = self.opening(caller, args, chat)?;
        self.check_users(caller, chat)?;
        let group_ids = self.groups_of(chat)?.unwrap_or_else(|| vec![0]);
        let mut properties = properties_of(chat, Holder::Chat)?;
        if self.world.chats_of(&caller.organization, &caller.customer).count() >= self.config.chats_per_customer {
            // §10, 12: the two generations of the SDK know two names for it.
            let v35 = caller.version == Version::V35;
            return Err(ApiError::of(if v35 { "chat_limit_reached" } else { "limit_reached" }));
        }
        self.someone_online(&group_ids, opening.continuous.unwrap_or(false))?;
        set_continuous(&mut properties, opening.continuous.unwrap_or(false));
        opening.before = self.said_before(caller, args, &opening)?;

        let chat_id = self.fresh_id();
        self.commit(Record::Chat(ChatRow {
            id: chat_id.clone(),
            organization_id: caller.organization.clone(),
            customer_id: caller.customer.clone(),
            created_at: self.now,
            group_ids,
            properties,
        }));
        let mut response = self.begin(caller, &chat_id, opening);
        response.insert("chat_id".to_owned(), json!(chat_id));
        Ok(Value::Object(response))
    }

    /// §2.6.
    pub(crate) fn resume_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let asked = args.object("chat")?;
        let chat_id = asked.str("id")?.to_owned();
        let mut opening = self.opening(caller, args, Some(asked))?;
        let groups = self.groups_of(Some(asked))?;
        let properties = properties_of(Some(asked), Holder::Chat)?;
        let chat = self.own_chat(caller, &chat_id)?;
        if chat.active_thread().is_some() {
            return Err(ApiError::of("chat_already_active"));
        }
        let mut row = chat.row.clone();
        let kept = row.properties.get("routing").and_then(|routing| routing.get("continuous"));
        let continuous = opening.continuous.or(kept.and_then(Value::as_bool)).unwrap_or(false);
        row.group_ids = groups.unwrap_or(row.group_ids);
        merge(&mut row.properties, &properties);
        set_continuous(&mut row.properties, continuous);
        self.someone_online(&row.group_ids, continuous)?;
        opening.before = self.said_before(caller, args, &opening)?;

        self.commit(Record::Chat(row));
        Ok(Value::Object(self.begin(caller, &chat_id, opening)))
    }

    /// Opens the thread that a customer asked for.
    fn begin(&mut self, caller: &Caller, chat_id: &str, opening: Opening) -> Map<String, Value> {
        self.enter(chat_id, &caller.customer, false);
        let groups = self.world.chats.get(chat_id).map(|chat| chat.row.group_ids.clone()).unwrap_or_default();
        let route = if opening.active { self.route(&groups, None) } else { Route::Nobody };
        let (thread_id, event_ids) = self.open_thread(chat_id, &caller.customer, opening, route);
        self.announce_chat(chat_id, &caller.customer, caller.origin.as_ref());
        self.bot_greets(chat_id);
        let mut response = Map::new();
        response.insert("thread_id".to_owned(), json!(thread_id));
        if !event_ids.is_empty() {
            response.insert("event_ids".to_owned(), json!(event_ids));
        }
        response
    }

    /// The greeting and the welcome message that led to the chat become its first events.
    fn said_before(
        &mut self,
        caller: &Caller,
        args: Args<'_>,
        opening: &Opening,
    ) -> Result<Vec<(String, Draft)>, ApiError> {
        let welcome = args.opt_str("welcome_message_id")?.map(|id| self.welcome_of(caller, id)).transpose()?;
        let greeting = self.greeting_of(caller, &opening.thread_properties)?;
        Ok(greeting.into_iter().chain(welcome).collect())
    }

    /// §2.7. The pushes carry no request id: that would settle the wrong promise (§9.3, 3).
    pub(crate) fn deactivate_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat_id = args.str("id")?;
        let chat = self.own_chat(caller, chat_id)?;
        if chat.active_thread().is_none() {
            return Err(ApiError::of("chat_inactive"));
        }
        let name = self.world.customers.get(&caller.customer).map_or("Customer", |customer| customer.name()).to_owned();
        self.close_thread(chat_id, Some(&caller.customer), "manual_archived_customer", &json!({ "customer": name }));
        Ok(json!({}))
    }

    pub(crate) fn announce_chat(&mut self, chat_id: &str, by: &str, origin: Option<&Origin>) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let payload = json!({ "requester_id": by, "chat": self.chat_json(chat, chat.last_thread()) });
        self.push_to_chat(chat_id, "incoming_chat", &payload, origin);
        self.watch_chat(chat_id);
        self.watch_visitors();
    }

    fn opening(&self, caller: &Caller, args: Args<'_>, chat: Option<Args<'_>>) -> Result<Opening, ApiError> {
        let thread = chat.map(|chat| chat.opt_object("thread")).transpose()?.flatten();
        let mut events = Vec::new();
        if let Some(asked) = thread.map(|thread| thread.opt_array("events")).transpose()?.flatten() {
            for event in asked {
                events.push(self.customer_draft(caller, event)?);
            }
        }
        Ok(Opening {
            before: Vec::new(),
            events,
            thread_properties: properties_of(thread, Holder::Thread)?,
            active: args.opt_bool("active")?.unwrap_or(true),
            continuous: args.opt_bool("continuous")?,
        })
    }

    /// §2.5: at most one user can be named, an existing customer.
    fn check_users(&self, caller: &Caller, chat: Option<Args<'_>>) -> Result<(), ApiError> {
        let users = chat.map(|chat| chat.opt_array("users")).transpose()?.flatten();
        let fits = |users: &Vec<Value>| match users.as_slice() {
            [] => true,
            [user] => user["type"] == "customer" && user["id"] == caller.customer.as_str(),
            _ => false,
        };
        if users.is_none_or(fits) {
            return Ok(());
        }
        Err(ApiError::validation("`users` must hold nobody but the customer"))
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

    /// An id no chat and no thread has.
    pub(crate) fn fresh_id(&mut self) -> String {
        loop {
            let id = self.random.short_id();
            let taken = |chat: &Chat| chat.row.id == id || chat.thread(&id).is_some();
            if !self.world.chats.values().any(taken) {
                return id;
            }
        }
    }
}

fn properties_of(object: Option<Args<'_>>, holder: Holder) -> Result<Map<String, Value>, ApiError> {
    let properties = object.map(|object| object.opt_object("properties")).transpose()?.flatten();
    let properties = properties.map(|properties| properties.map().clone()).unwrap_or_default();
    check_written(holder, &properties)?;
    Ok(properties)
}

fn set_continuous(properties: &mut Map<String, Value>, continuous: bool) {
    let routing = properties.entry("routing").or_insert_with(|| json!({}));
    if let Some(routing) = routing.as_object_mut() {
        routing.insert("continuous".to_owned(), json!(continuous));
    }
}
