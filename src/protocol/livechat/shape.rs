//! LiveChat's structures as pages see them: the vendor's shapes, with nothing that the platform sent dropped.
//!
//! Everything here works on a camelCase copy and completes it in place.

use std::rc::Rc;

use crate::json::{As, Id, Key, Name, Reading, Value, join, names};
use crate::model::Micros;
use crate::model::chat::{ChatRecord, EventRecord, MAX_EVENTS, ThreadRecord};
use crate::model::config::integer;
use crate::session::{Page, Summary, Welcome};

/// Sets what pages may rely on though the platform leaves it out.
fn default(object: &Value, name: Name, value: impl FnOnce() -> Value) {
    if object.get(name).is_missing() {
        object.set(name, value());
    }
}

/// What the session decides on of an event.
static EVENT: Reading<5> = Reading::new([
    (&[names::ID], As::Key),
    (&[names::AUTHOR_ID_], As::Id),
    (&[names::CUSTOM_ID_], As::KnownId),
    (&[names::CREATED_AT_], As::Time),
    (&[names::TYPE], As::Word),
]);

/// Completes an event (Reference, "Events") of a thread. `None` if it has no id: then it cannot be told from another.
pub(super) fn event(body: Value, thread: Id) -> Option<Rc<EventRecord>> {
    let head = body.read(&EVENT);
    body.set(names::THREAD_ID_, thread);
    body.complete(names::EVENT_DEFAULTS);
    record(body, head, thread)
}

/// The same of a push's event, whose head has been read.
pub(super) fn event_at(payload: &Value, head: [f64; 5], thread: Id) -> Option<Rc<EventRecord>> {
    let body = payload.camel_at(names::EVENT, names::EVENT_DEFAULTS, (names::THREAD_ID_, thread));
    record(body, head, thread)
}

fn record(body: Value, [id, author, custom_id, created_at, kind]: [f64; 5], thread: Id) -> Option<Rc<EventRecord>> {
    let id = Key::from_number(id)?;
    finish(&body, Name::from_number(kind));
    // Before 3.1 events had `timestamp`, in seconds, and `order` (reference document, §6.2).
    let legacy = |name| body.get(name).as_number();
    let at = Micros::from_number(created_at).unwrap_or_else(|| {
        let at = legacy(names::TIMESTAMP).and_then(|seconds| Micros::from_number(seconds * 1e6)).unwrap_or_default();
        body.set(names::CREATED_AT_, Value::from_time(at));
        at
    });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let order = || legacy(names::ORDER).unwrap_or_default() as u64;
    let number = id.number().filter(|_| id.begins_with(thread)).unwrap_or_else(order);
    Some(Rc::new(EventRecord {
        id,
        thread,
        at,
        number,
        author: Id::from_number(author),
        custom_id: Id::from_number(custom_id),
        body,
    }))
}

/// Gives an event what its type promises.
fn finish(body: &Value, kind: Option<Name>) {
    match kind {
        Some(names::FILE) => thumbnails(body),
        Some(names::RICH_MESSAGE) => {
            body.copy_as(names::TEMPLATE, body, names::TEMPLATE_ID_);
            body.complete(names::RICH_DEFAULTS);
            for element in body.get(names::ELEMENTS).items() {
                for button in element.get(names::BUTTONS).items() {
                    button.complete(names::BUTTON_DEFAULTS);
                }
            }
        }
        Some(_) | None => {}
    }
}

/// The two previews of an image, with the sizes they have: the longer side at most 300 or 600.
fn thumbnails(file: &Value) {
    let side = |name| file.get(name).as_number().filter(|side| *side > 0.0);
    let (Some(width), Some(height)) = (side(names::WIDTH), side(names::HEIGHT)) else { return };
    let preview = |name, most: f64| {
        let scale = (most / width.max(height)).min(1.0);
        let preview = Value::object();
        preview.copy_as(names::URL, file, name);
        preview.with(names::WIDTH, ceil(width * scale)).with(names::HEIGHT, ceil(height * scale))
    };
    let previews = Value::object()
        .with(names::DEFAULT, preview(names::THUMBNAIL_URL_, 300.0))
        .with(names::HIGH, preview(names::THUMBNAIL_2X_URL_, 600.0));
    file.set(names::THUMBNAILS, previews);
}

/// Rounds up. What a hair of floating point lies above a whole number is that number.
fn ceil(number: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = f64::from((number - 1e-9) as u32);
    whole + 1.0
}

/// Completes a greeting (Reference, "Greeting").
fn greeting(payload: &Value) -> Value {
    let body = payload.camel();
    if body.is_object() {
        body.complete(names::GREETING_DEFAULTS);
        unthreaded(&body);
    }
    body
}

/// Completes an event that belongs to no thread yet.
fn unthreaded(body: &Value) {
    let event = body.get(names::EVENT);
    if event.is_object() {
        default(&event, names::THREAD_ID_, Value::null);
        event.complete(names::EVENT_DEFAULTS);
        finish(&event, event.word(names::TYPE));
    }
}

/// A push in the page's shape, when nothing about it was to be decided.
pub(super) fn passed(name: Name, payload: &Value) -> Value {
    if name == names::INCOMING_GREETING {
        return greeting(payload);
    }
    let body = payload.camel();
    match name {
        names::EVENT_UPDATED | names::INCOMING_EVENT_PREVIEW | names::INCOMING_WELCOME_MESSAGE => {
            body.get(names::EVENT).copy(&body, names::THREAD_ID_);
            unthreaded(&body);
        }
        names::CHAT_TRANSFERRED => default(&body, names::QUEUE, Value::null),
        _ => {}
    }
    body
}

/// Completes a customer; an agent stays as it is.
pub(super) fn customer(user: Value) -> Value {
    if user.word(names::TYPE) == Some(names::CUSTOMER) {
        default(&user, names::SESSION_FIELDS_, Value::object);
    }
    user
}

/// Completes a user of a chat. Who does not say otherwise is an agent, as the vendor's SDK has it.
pub(super) fn member(user: Value) -> Value {
    default(&user, names::TYPE, || Value::from(names::AGENT));
    customer(user)
}

/// Completes a reply to `get_form`. Fields of ticket forms have no ids: their places serve.
pub(super) fn form(payload: &Value) -> Value {
    let body = payload.camel();
    let form = body.get(names::FORM);
    if form.is_object() {
        default(&form, names::FIELDS, Value::list);
        let mut place = 0.0;
        for field in form.get(names::FIELDS).items() {
            default(&field, names::ID, || Value::from(integer(place).as_str()));
            place += 1.0;
        }
    }
    body
}

/// Completes a reply to `get_url_info`: the image comes with any scheme or none.
pub(super) fn url_info(payload: &Value) -> Value {
    let body = payload.camel();
    if let Some(image) = body.text(names::IMAGE_URL_) {
        let mut bare = image.strip_prefix("https:").or_else(|| image.strip_prefix("http:")).unwrap_or(&image);
        while let Some(rest) = bare.strip_prefix("/") {
            bare = rest;
        }
        body.set(names::IMAGE_URL_, join(&["https://", bare]).as_str());
    }
    body
}

/// Completes a thread. Its events stay in the platform's order, whatever their times and numbers say.
pub(super) fn thread(body: &Value, chat: Id) -> Option<Box<ThreadRecord>> {
    let id = body.id(names::ID)?;
    let mut events: Vec<Rc<EventRecord>> = Vec::new();
    let list = Value::list();
    for event in body.get(names::EVENTS).items() {
        if let Some(event) = self::event(event, id) {
            list.push(event.body.clone());
            events.push(event);
        }
    }
    body.set(names::EVENTS, list);
    body.set(names::CHAT_ID_, chat);
    body.complete(names::THREAD_DEFAULTS);
    let at =
        body.get(names::CREATED_AT_).as_time().or_else(|| events.first().map(|event| event.at)).unwrap_or_default();
    let previous = body.id(names::PREVIOUS_THREAD_ID_);
    Some(Box::new(ThreadRecord { id, at, active: body.flag(names::ACTIVE), previous, events }))
}

/// Completes what a chat and a summary have in common. Returns the users.
fn members(body: &Value) -> Vec<Value> {
    body.complete(names::CHAT_DEFAULTS);
    let marks = Value::object();
    let mut users = Vec::new();
    for user in body.get(names::USERS).items() {
        if let Some(id) = member(user.clone()).id(names::ID) {
            let mark = user.get(names::EVENTS_SEEN_UP_TO_);
            marks.put_at(id, if mark.is_missing() { Value::null() } else { mark });
            users.push(user);
        }
    }
    body.set(names::EVENTS_SEEN_UP_TO_MAP, marks);
    users
}

/// Completes a chat with its thread (Reference, "Chat").
pub(super) fn chat(body: &Value) -> Option<(Box<ChatRecord>, Option<Box<ThreadRecord>>)> {
    let id = body.id(names::ID)?;
    let users = members(body);
    default(body, names::THREAD, Value::null);
    let thread = thread(&body.get(names::THREAD), id);
    let record = Box::new(ChatRecord {
        active: thread.as_ref().is_some_and(|thread| thread.active),
        last_thread: thread.as_ref().map(|thread| (thread.id, thread.at)),
        last_events: Vec::new(),
        id,
        users,
    });
    Some((record, thread))
}

/// Completes a chat summary (Reference, "Chat summary").
fn summary(body: &Value) -> Option<Box<ChatRecord>> {
    let id = body.id(names::ID)?;
    let users = members(body);
    body.complete(names::SUMMARY_DEFAULTS);
    let last_thread = body.id(names::LAST_THREAD_ID_);
    let mut last_events: Vec<Rc<EventRecord>> = Vec::new();
    let mut newest = None;
    let per_type = Value::object();
    let given = body.get(names::LAST_EVENT_PER_TYPE_);
    for key in given.keys().items().filter_map(|key| key.as_text()) {
        let entry = given.field(&key);
        // Old servers did not say the thread; the event's own id is no worse than none.
        let body = entry.get(names::EVENT);
        let Some(thread) = entry.id(names::THREAD_ID_).or_else(|| body.id(names::ID)) else { continue };
        let Some(event) = event(body, thread) else { continue };
        if let Some(kind) = event.body.text(names::TYPE) {
            per_type.put(&kind, event.body.clone());
        }
        let thread_at = entry.get(names::THREAD_CREATED_AT_).as_time().unwrap_or(event.at);
        // Nobody says in which order the last of each type came. A number that counts events is small.
        let number = if event.number < MAX_EVENTS { event.number } else { 0 };
        let order = (last_thread == Some(thread), thread_at, number, event.at);
        let is_newest = newest.is_none_or(|newest| newest < order);
        if is_newest {
            newest = Some(order);
        }
        last_events.insert(if is_newest { 0 } else { last_events.len() }, event);
    }
    if let Some(event) = last_events.first() {
        body.set(names::LAST_EVENTS_PER_TYPE, per_type);
        body.set(names::LAST_EVENT, event.body.clone());
    }
    let last_thread =
        last_thread.map(|id| (id, body.get(names::LAST_THREAD_CREATED_AT_).as_time().unwrap_or_default()));
    Some(Box::new(ChatRecord { id, active: body.flag(names::ACTIVE), last_thread, last_events, users }))
}

/// Completes a reply to `list_chats`: the page and what the session learns from it.
pub(super) fn chats_page(payload: &Value) -> (Value, Summary) {
    let mut body = payload.camel();
    let list = body.get(names::CHATS_SUMMARY_);
    // A list that is left out is empty.
    let is_valid = list.is_list() || list.is_missing() && body.is_object();
    if !is_valid {
        body = Value::object();
    }
    let mut users: Vec<Value> = Vec::new();
    let mut ids: Vec<Id> = Vec::new();
    let mut chats = Vec::new();
    default(&body, names::CHATS_SUMMARY_, Value::list);
    default(&body, names::TOTAL_CHATS_, || Value::from(0.0));
    for chat in body.get(names::CHATS_SUMMARY_).items() {
        let Some(record) = summary(&chat) else { continue };
        for user in &record.users {
            if let Some(id) = user.id(names::ID)
                && !ids.contains(&id)
            {
                ids.push(id);
                users.push(user.clone());
            }
        }
        chats.push(record);
    }
    let list = Value::list();
    for user in &users {
        list.push(user.clone());
    }
    body.set(names::USERS, list);
    page_ids(&body);
    let (chats_summary, total_chats) = (body.get(names::CHATS_SUMMARY_), body.get(names::TOTAL_CHATS_));
    (body, Summary { chats_summary, total_chats, users, chats, is_valid })
}

/// Completes a reply to `list_threads`. The threads stay in the platform's order: newest first, unless asked otherwise.
pub(super) fn threads_page(chat: Option<Id>, payload: &Value) -> (Value, Page) {
    let body = payload.camel();
    let list = body.get(names::THREADS);
    // A list that is left out is empty.
    let is_valid = list.is_list() || list.is_missing() && body.is_object();
    default(&body, names::THREADS, Value::list);
    let mut threads = Vec::new();
    for body in body.get(names::THREADS).items() {
        if let Some(thread) = chat.and_then(|chat| thread(&body, chat)) {
            threads.push(thread);
        }
    }
    page_ids(&body);
    let next = body.text(names::NEXT_PAGE_ID_);
    (body, Page { threads, next, is_valid })
}

fn page_ids(body: &Value) {
    for name in [names::PREVIOUS_PAGE_ID_, names::NEXT_PAGE_ID_] {
        default(body, name, Value::null);
    }
}

/// Reads a reply to `login` (Reference, "Login"). "Online" is: the customer's group is among those with agents.
pub(super) fn welcome(payload: &Value) -> Welcome {
    let config = payload.get(names::PRIV_DYNAMIC_CONFIG);
    let group = config.get(names::CUSTOMER_GROUPS).get(names::MONITORING).get(names::ID).as_number();
    let is_online = config.get(names::ONLINE_GROUPS_IDS).items().any(|id| group.is_some() && id.as_number() == group);
    Welcome {
        customer: customer(payload.get(names::CUSTOMER).camel()),
        availability: if is_online { names::ONLINE } else { names::OFFLINE },
        greeting: greeting(&payload.get(names::GREETING)),
        dynamic_config: config,
    }
}
