//! Properties of chats, threads and events (§2.13, §4.9): merged per namespace and name; pushes carry only the change.

use serde_json::{Map, Value, json};

use super::Brain;
use super::access::{Holder, check_deleted, check_written, readable};
use super::args::Args;
use super::error::ApiError;
use super::record::Record;
use super::requests::Caller;

/// Which chat, thread or event.
pub(crate) enum Place<'a> {
    Chat(&'a str),
    Thread(&'a str, &'a str),
    Event(&'a str, &'a str, &'a str),
}

impl<'a> Place<'a> {
    fn of(action: &str, args: Args<'a>) -> Result<Self, ApiError> {
        if action.ends_with("_chat_properties") {
            return Ok(Self::Chat(args.str("id")?));
        }
        let (chat, thread) = (args.str("chat_id")?, args.str("thread_id")?);
        if action.ends_with("_thread_properties") {
            return Ok(Self::Thread(chat, thread));
        }
        Ok(Self::Event(chat, thread, args.str("event_id")?))
    }

    /// The narrowest place that is named.
    pub(crate) fn named(chat: &'a str, thread: Option<&'a str>, event: Option<&'a str>) -> Self {
        match (thread, event) {
            (None, _) => Self::Chat(chat),
            (Some(thread), None) => Self::Thread(chat, thread),
            (Some(thread), Some(event)) => Self::Event(chat, thread, event),
        }
    }

    fn holder(&self) -> Holder {
        match self {
            Self::Chat(..) => Holder::Chat,
            Self::Thread(..) => Holder::Thread,
            Self::Event(..) => Holder::Event,
        }
    }

    fn chat(&self) -> &'a str {
        match self {
            Self::Chat(chat) | Self::Thread(chat, _) | Self::Event(chat, _, _) => chat,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Chat(..) => "chat",
            Self::Thread(..) => "thread",
            Self::Event(..) => "event",
        }
    }

    fn payload(&self, properties: Value) -> Value {
        match self {
            Self::Chat(chat) => json!({ "chat_id": chat, "properties": properties }),
            Self::Thread(chat, thread) => {
                json!({ "chat_id": chat, "thread_id": thread, "properties": properties })
            }
            Self::Event(chat, thread, event) => {
                json!({ "chat_id": chat, "thread_id": thread, "event_id": event, "properties": properties })
            }
        }
    }
}

impl Brain {
    pub(crate) fn update_properties(
        &mut self,
        caller: &Caller,
        action: &str,
        args: Args<'_>,
    ) -> Result<Value, ApiError> {
        let place = Place::of(action, args)?;
        let changes = args.object("properties")?.map();
        self.own_chat(caller, place.chat())?;
        check_written(place.holder(), changes)?;
        self.merge_properties(&place, changes)?;
        if let Place::Thread(chat, thread) = place {
            self.rated(caller, chat, thread, changes);
        }
        Ok(json!({}))
    }

    pub(crate) fn delete_properties(
        &mut self,
        caller: &Caller,
        action: &str,
        args: Args<'_>,
    ) -> Result<Value, ApiError> {
        let place = Place::of(action, args)?;
        let names = args.object("properties")?.map();
        self.own_chat(caller, place.chat())?;
        check_deleted(place.holder(), names)?;
        self.remove_properties(&place, names)?;
        if let Place::Thread(chat, thread) = place
            && names.get("rating").and_then(Value::as_array).is_some_and(|names| names.contains(&json!("score")))
        {
            let name = self.name_of(&caller.customer);
            self.system_message(chat, thread, "rating.chat_rating_canceled", &json!({ "customer": name }));
        }
        Ok(json!({}))
    }

    pub(crate) fn merge_properties(&mut self, place: &Place<'_>, changes: &Map<String, Value>) -> Result<(), ApiError> {
        let plain = |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
        if !changes.values().all(|names| names.as_object().is_some_and(|names| names.values().all(plain))) {
            return Err(ApiError::validation("`properties` must be {namespace: {name: value}}"));
        }
        self.change_properties(place, |own| merge(own, changes))?;
        let told = readable(changes.clone());
        if !told.is_empty() {
            let payload = place.payload(Value::Object(told));
            self.push_to_chat(place.chat(), &format!("{}_properties_updated", place.name()), &payload, None);
        }
        Ok(())
    }

    pub(crate) fn remove_properties(&mut self, place: &Place<'_>, names: &Map<String, Value>) -> Result<(), ApiError> {
        if !names.values().all(Value::is_array) {
            return Err(ApiError::validation("`properties` must be {namespace: [name]}"));
        }
        self.change_properties(place, |own| {
            for (namespace, names) in names {
                let Some(values) = own.get_mut(namespace).and_then(Value::as_object_mut) else {
                    continue;
                };
                for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    values.shift_remove(name);
                }
                if values.is_empty() {
                    own.shift_remove(namespace);
                }
            }
        })?;
        let payload = place.payload(json!(names));
        self.push_to_chat(place.chat(), &format!("{}_properties_deleted", place.name()), &payload, None);
        Ok(())
    }

    fn change_properties(
        &mut self,
        place: &Place<'_>,
        change: impl FnOnce(&mut Map<String, Value>),
    ) -> Result<(), ApiError> {
        let missing = || ApiError::of("not_found");
        let chat = self.world.chats.get(place.chat()).ok_or_else(missing)?;
        let record = match place {
            Place::Chat(_) => {
                let mut row = chat.row.clone();
                change(&mut row.properties);
                Record::Chat(row)
            }
            Place::Thread(_, thread) => {
                let mut row = chat.thread(thread).ok_or_else(missing)?.row.clone();
                change(&mut row.properties);
                Record::Thread(row)
            }
            Place::Event(chat, thread, event) => {
                let mut row = self.visible_event(chat, thread, event)?.clone();
                let own = row.body.entry("properties").or_insert_with(|| json!({}));
                if let Some(own) = own.as_object_mut() {
                    change(own);
                }
                Record::Event(row)
            }
        };
        let event = if let Record::Event(event) = &record { Some(event.clone()) } else { None };
        self.commit(record);
        match event {
            Some(event) => self.watch_event(&event),
            None => self.watch_chat(place.chat()),
        }
        Ok(())
    }

    /// §4.2: rating a chat and asking for its transcript leave system messages.
    fn rated(&mut self, caller: &Caller, chat: &str, thread: &str, changes: &Map<String, Value>) {
        let name = self.name_of(&caller.customer);
        let told = |namespace: &str, name: &str| changes.get(namespace)?.get(name).cloned();
        if let Some(score) = told("rating", "score") {
            let score = if score == 0 { "bad" } else { "good" };
            self.system_message(chat, thread, "rating.chat_rated", &json!({ "customer": name, "score": score }));
        }
        if let Some(comment) = told("rating", "comment") {
            let vars = json!({ "customer": name, "comment": comment });
            self.system_message(chat, thread, "rating.chat_commented", &vars);
        }
        if let Some(email) = told("routing", "transcript_email") {
            let vars = json!({ "customer": name, "email": email });
            self.system_message(chat, thread, "transcript_requested", &vars);
        }
    }

    pub(crate) fn name_of(&self, customer: &str) -> String {
        self.world.customers.get(customer).map_or("Customer", |customer| customer.name()).to_owned()
    }
}

/// Merges per namespace and name.
pub(crate) fn merge(own: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (namespace, names) in changes {
        let values = own.entry(namespace).or_insert_with(|| json!({}));
        if let (Some(values), Some(names)) = (values.as_object_mut(), names.as_object()) {
            values.extend(names.clone());
        }
    }
}
