//! Sending, deleting and having seen events (§2.8, §2.9, §2.11, §2.12, §2.21).

use serde_json::{Value, json};

use super::access::{Holder, check_written};
use super::args::Args;
use super::error::ApiError;
use super::forms::check_filled;
use super::record::{EventRow, Record};
use super::requests::Caller;
use super::threads::Draft;
use super::{Brain, time};

/// §1.7: raw UTF-8 bytes of a message.
pub(crate) const TEXT_LIMIT: usize = 16_384;
/// §1.7: of a rich message, and of each of its elements.
const ELEMENTS_LIMIT: usize = 10;
const BUTTONS_LIMIT: usize = 13;

impl Brain {
    /// §2.8. A `custom_id` is echoed and never looked at: sending it again makes a second event (§8.1).
    pub(crate) fn send_event(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat_id = args.str("chat_id")?;
        let draft = self.customer_draft(caller, args.get("event").unwrap_or(&Value::Null))?;
        let attach = args.opt_bool("attach_to_last_thread")?.unwrap_or(false);
        let chat = self.own_chat(caller, chat_id)?;
        let thread = chat.last_thread().filter(|thread| thread.row.active || attach);
        let thread_id = thread.ok_or_else(|| ApiError::of("chat_inactive"))?.row.id.clone();
        let Some(event) = self.add_event(chat_id, &thread_id, Some(&caller.customer), draft) else {
            return Err(ApiError::of("internal"));
        };
        self.peeks.remove(chat_id);
        self.push_event(&event, caller.origin.as_ref());
        self.bot_hears(&event);
        Ok(json!({ "event_id": event.id() }))
    }

    /// Checks an event that a customer sends (§4.1, request forms).
    pub(crate) fn customer_draft(&self, caller: &Caller, event: &Value) -> Result<Draft, ApiError> {
        let Value::Object(body) = event else {
            return Err(ApiError::validation("`event` must be an object"));
        };
        let mut body = body.clone();
        let args = Args::of(event)?;
        let kind = args.str("type")?;
        args.opt_str("custom_id")?;
        if let Some(properties) = args.opt_object("properties")? {
            check_written(Holder::Event, properties.map())?;
        }
        let recipients = args.opt_str("recipients")?.unwrap_or("all");
        if !matches!(recipients, "all" | "agents") {
            return Err(ApiError::validation("`recipients` must be `all` or `agents`"));
        }
        match kind {
            "message" => {
                if args.str("text")?.len() > TEXT_LIMIT {
                    return Err(ApiError::validation(format!("`text` must not be longer than {TEXT_LIMIT} bytes")));
                }
                if let Some(postback) = args.opt_object("postback")? {
                    for field in ["id", "thread_id", "event_id"] {
                        postback.str(field)?;
                    }
                    if postback.opt_str("type")?.is_some() != postback.opt_str("value")?.is_some() {
                        return Err(ApiError::validation("`postback.type` and `postback.value` go together"));
                    }
                    ecommerce(postback)?;
                }
            }
            "file" => {
                args.str("url")?;
                args.opt_str("alternative_text")?;
                if !self.describe_file(&caller.organization, &mut body) {
                    return Err(ApiError::validation("`url` must be what `upload_file` answered"));
                }
            }
            "rich_message" => {
                args.str("template_id")?;
                let elements = args.opt_array("elements")?.map(Vec::as_slice).unwrap_or_default();
                if elements.len() > ELEMENTS_LIMIT {
                    return Err(ApiError::validation(format!("`elements` must not hold more than {ELEMENTS_LIMIT}")));
                }
                let many = |element: &Value| element["buttons"].as_array().is_some_and(|all| all.len() > BUTTONS_LIMIT);
                if elements.iter().any(many) {
                    return Err(ApiError::validation(format!("`buttons` must not hold more than {BUTTONS_LIMIT}")));
                }
            }
            "form" => {
                args.str("form_id")?;
                args.array("fields")?;
            }
            "filled_form" => {
                args.str("form_id")?;
                check_filled(args.array("fields")?)?;
            }
            "custom" => {
                args.opt_object("content")?;
            }
            "system_message" => {
                args.str("system_message_type")?;
                args.opt_str("text")?;
                args.opt_object("text_vars")?;
            }
            _ => {
                return Err(ApiError::validation(format!("customers cannot send events of type `{kind}`")));
            }
        }
        Ok(Draft { body, agents_only: recipients == "agents" })
    }

    /// §2.9. The number stays taken.
    pub(crate) fn delete_event(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let (chat_id, thread_id, event_id) = (args.str("chat_id")?, args.str("thread_id")?, args.str("event_id")?);
        self.own_chat(caller, chat_id)?;
        let event = self.visible_event(chat_id, thread_id, event_id)?.clone();
        if event.text("author_id") != Some(caller.customer.as_str()) {
            return Err(ApiError::of("authorization"));
        }
        self.erase(event);
        Ok(json!({}))
    }

    pub(crate) fn erase(&mut self, mut event: EventRow) {
        event.deleted = true;
        let payload = json!({ "chat_id": event.chat_id, "thread_id": event.thread_id, "event_id": event.id() });
        self.commit(Record::Event(event.clone()));
        if !event.agents_only {
            self.push_to_chat(&event.chat_id, "event_deleted", &payload, None);
        }
        self.watch_event(&event);
    }

    pub(crate) fn visible_event(&self, chat_id: &str, thread_id: &str, event_id: &str) -> Result<&EventRow, ApiError> {
        self.world
            .chats
            .get(chat_id)
            .and_then(|chat| chat.thread(thread_id))
            .and_then(|thread| thread.event(event_id))
            .filter(|event| event.is_visible())
            .ok_or_else(|| ApiError::with("not_found", "Event not found"))
    }

    /// §2.21. Everybody in the chat is told.
    pub(crate) fn mark_events_as_seen(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat_id = args.str("chat_id")?;
        let seen = args.str("seen_up_to")?;
        let at = time::parse(seen).ok_or_else(|| ApiError::validation("`seen_up_to` must be an RFC 3339 time"))?;
        self.own_chat(caller, chat_id)?;
        self.mark_seen(chat_id, &caller.customer, at);
        Ok(json!({}))
    }

    pub(crate) fn mark_seen(&mut self, chat_id: &str, user: &str, at: super::Micros) {
        if !self.move_mark(chat_id, user, at) {
            return;
        }
        let payload = json!({ "user_id": user, "chat_id": chat_id, "seen_up_to": time::format(at) });
        self.push_to_chat(chat_id, "events_marked_as_seen", &payload, None);
        self.watch_chat(chat_id);
    }

    /// §2.12: agents see it, customers never do.
    pub(crate) fn send_sneak_peek(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let (chat_id, text) = (args.str("chat_id")?, args.str("sneak_peek_text")?);
        let chat = self.own_chat(caller, chat_id)?;
        if chat.active_thread().is_none() {
            return Err(ApiError::of("chat_inactive"));
        }
        if text.is_empty() {
            self.peeks.remove(chat_id);
        } else {
            self.peeks.insert(chat_id.to_owned(), text.to_owned());
        }
        self.watch_peek(chat_id);
        Ok(json!({}))
    }

    /// §2.11: toggles the customer on every button with that id; a push only while the thread is open.
    pub(crate) fn send_rich_message_postback(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let (chat_id, thread_id, event_id) = (args.str("chat_id")?, args.str("thread_id")?, args.str("event_id")?);
        let postback = args.object("postback")?;
        let button = postback.str("id")?;
        let toggled =
            postback.opt_bool("toggled")?.ok_or_else(|| ApiError::validation("`postback.toggled` is required"))?;
        for field in ["button_type", "button_value"] {
            postback.opt_str(field)?;
        }
        ecommerce(postback)?;
        self.own_chat(caller, chat_id)?;
        let mut event = self.visible_event(chat_id, thread_id, event_id)?.clone();
        if event.text("type") != Some("rich_message") {
            return Err(ApiError::validation("`event_id` must name a rich message"));
        }
        let elements = event.body.get_mut("elements").and_then(Value::as_array_mut);
        let buttons = elements
            .into_iter()
            .flatten()
            .filter_map(|element| element.get_mut("buttons")?.as_array_mut())
            .flatten()
            .filter(|own| own.get("postback_id").and_then(Value::as_str) == Some(button));
        for own in buttons {
            let mut users: Vec<Value> = own.get("user_ids").and_then(Value::as_array).cloned().unwrap_or_default();
            users.retain(|user| user.as_str() != Some(&caller.customer));
            if toggled {
                users.push(json!(caller.customer));
            }
            if let Some(own) = own.as_object_mut() {
                own.insert("user_ids".to_owned(), json!(users));
            }
        }
        self.commit(Record::Event(event.clone()));
        self.watch_event(&event);
        let chat = self.own_chat(caller, chat_id)?;
        if chat.active_thread().is_some_and(|thread| thread.row.id == thread_id) {
            let payload = json!({
                "user_id": caller.customer, "chat_id": chat_id, "thread_id": thread_id, "event_id": event_id,
                "postback": postback.map()
            });
            self.push_to_chat(chat_id, "incoming_rich_message_postback", &payload, None);
        }
        Ok(json!({}))
    }
}

/// §4.1: the product that a button stands for (3.6).
fn ecommerce(postback: Args<'_>) -> Result<(), ApiError> {
    if let Some(product) = postback.opt_object("ecommerce")? {
        product.str("product_id")?;
        product.opt_str("option_id")?;
        product.opt_u64("quantity")?;
    }
    Ok(())
}
