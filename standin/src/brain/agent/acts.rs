//! Which act is carried out where.

use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::greetings::WELCOME_KEY;
use super::super::properties::Place;
use super::super::routing::Target;
use super::super::{AgentAction, Brain};

impl Brain {
    pub(crate) fn agent_acts(&mut self, action: AgentAction) -> Result<Value, ApiError> {
        match action {
            AgentAction::Message { chat_id, text, custom_id, agent_id } => {
                let event = filled([
                    ("type", Some(json!("message"))),
                    ("text", Some(json!(text))),
                    ("custom_id", own(custom_id)),
                ]);
                self.agent_event(chat_id, event, agent_id)
            }
            AgentAction::Fill { chat_id, messages, bytes, threads, push, agent_id } => {
                self.agent_fills(chat_id, agent_id, super::fill::Size { messages, bytes, threads }, push)
            }
            AgentAction::Event { chat_id, event, agent_id } => {
                let Value::Object(event) = event else {
                    return Err(ApiError::validation("`event` must be an object"));
                };
                self.agent_event(chat_id, event, agent_id)
            }
            AgentAction::File { chat_id, name, content, content_type, alternative_text, custom_id, agent_id } => {
                let url = self.agent_file(chat_id.clone(), &name, &content, content_type, agent_id.clone())?;
                let event = filled([
                    ("type", Some(json!("file"))),
                    ("url", Some(json!(url))),
                    ("alternative_text", own(alternative_text)),
                    ("custom_id", own(custom_id)),
                ]);
                self.agent_event(chat_id, event, agent_id)
            }
            AgentAction::Typing { chat_id, is_typing, agent_id } => {
                let indicator = json!({
                    "author_id": self.the_agent(agent_id)?, "recipients": "all",
                    "timestamp": self.now / super::super::time::SECOND, "is_typing": is_typing
                });
                let payload = filled([("typing_indicator", Some(indicator))]);
                self.push_to_thread(chat_id, "incoming_typing_indicator", payload)
            }
            AgentAction::Thinking { chat_id, title, description, custom_id, agent_id } => {
                let payload = filled([
                    ("author_id", Some(json!(self.the_agent(agent_id)?))),
                    ("sent_at", Some(json!(super::super::time::format(self.now)))),
                    ("title", Some(json!(title))),
                    ("description", Some(json!(description))),
                    ("custom_id", own(custom_id)),
                ]);
                self.push_to_thread(chat_id, "incoming_thinking_indicator", payload)
            }
            AgentAction::Preview { chat_id, text, custom_id, agent_id } => {
                let event = filled([
                    ("created_at", Some(json!(super::super::time::format(self.now)))),
                    ("type", Some(json!("message"))),
                    ("text", Some(json!(text))),
                    ("author_id", Some(json!(self.the_agent(agent_id)?))),
                    ("custom_id", own(custom_id)),
                ]);
                let payload = filled([("event", Some(Value::Object(event)))]);
                self.push_to_thread(chat_id, "incoming_event_preview", payload)
            }
            AgentAction::Seen { chat_id, seen_up_to, agent_id } => self.agent_seen(chat_id, seen_up_to, agent_id),
            AgentAction::Close { chat_id, agent_id } => self.agent_close(chat_id, agent_id),
            AgentAction::Archive { chat_id, system_message_type, text_vars } => {
                self.agent_archive(chat_id, system_message_type, text_vars)
            }
            AgentAction::Reopen { chat_id, agent_id } => self.agent_reopen(chat_id, agent_id),
            AgentAction::Join { chat_id, agent_id } => {
                let (chat_id, agent) = (self.the_chat(chat_id)?, self.the_agent(agent_id)?);
                self.join(&chat_id, &agent);
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::Leave { chat_id, agent_id, reason } => self.agent_leave(chat_id, agent_id, reason),
            AgentAction::Assign { chat_id, agent_id } => {
                let (chat_id, agent) = (self.the_chat(chat_id)?, self.the_agent(agent_id)?);
                self.assign(&chat_id, &agent)?;
                Ok(json!({ "chat_id": chat_id, "agent_id": agent }))
            }
            AgentAction::Transfer { chat_id, to_agent_id, to_group_id, agent_id } => {
                let (chat_id, by) = (self.the_chat(chat_id)?, self.the_agent(agent_id)?);
                let target = match (to_agent_id, to_group_id) {
                    (Some(agent), None) => Target::Agent(self.the_agent(Some(agent))?),
                    (None, Some(group)) => Target::Group(group),
                    _ => {
                        return Err(ApiError::validation("exactly one of `to_agent_id` and `to_group_id` is required"));
                    }
                };
                self.transfer(&chat_id, &by, &target)
            }
            AgentAction::QueuePosition { chat_id, position, wait_time } => {
                self.agent_queue_position(chat_id, position, wait_time)
            }
            AgentAction::Edit { chat_id, thread_id, event_id, text } => {
                self.agent_update_event(chat_id, thread_id, &event_id, filled([("text", Some(json!(text)))]))
            }
            AgentAction::UpdateEvent { chat_id, thread_id, event_id, event } => {
                self.agent_update_event(chat_id, thread_id, &event_id, event)
            }
            AgentAction::Delete { chat_id, thread_id, event_id } => {
                let chat_id = self.the_chat(chat_id)?;
                let thread_id = thread_id.unwrap_or_else(|| self.thread_of(&chat_id, &event_id));
                let event = self.visible_event(&chat_id, &thread_id, &event_id)?.clone();
                self.erase(event);
                Ok(json!({ "event_id": event_id }))
            }
            AgentAction::Properties { chat_id, thread_id, event_id, properties } => {
                let chat_id = self.the_chat(chat_id)?;
                let thread_id = thread_id.or_else(|| event_id.as_deref().map(|id| self.thread_of(&chat_id, id)));
                let place = Place::named(&chat_id, thread_id.as_deref(), event_id.as_deref());
                self.merge_properties(&place, &properties)?;
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::DeleteProperties { chat_id, thread_id, event_id, properties } => {
                let chat_id = self.the_chat(chat_id)?;
                let thread_id = thread_id.or_else(|| event_id.as_deref().map(|id| self.thread_of(&chat_id, id)));
                let place = Place::named(&chat_id, thread_id.as_deref(), event_id.as_deref());
                self.remove_properties(&place, &properties)?;
                Ok(json!({ "chat_id": chat_id }))
            }
            AgentAction::WelcomeMessage { text } => {
                self.set(WELCOME_KEY.to_owned(), json!(text));
                Ok(json!({ "text": text }))
            }
            AgentAction::GroupStatus { group_id, status } => self.group_status(group_id, status),
            AgentAction::AgentStatus { agent_id, accepting } => self.agent_status(agent_id, accepting),
            AgentAction::Form { group_id, r#type, enabled, form } => self.set_form(group_id, &r#type, enabled, form),
            AgentAction::LicenseProperties { properties } => self.set_office_properties(None, properties),
            AgentAction::GroupProperties { group_id, properties } => {
                self.set_office_properties(Some(group_id), properties)
            }
            AgentAction::UrlInfo {
                url,
                title,
                description,
                image_url,
                image_original_url,
                image_width,
                image_height,
            } => {
                let info = filled([
                    ("title", own(title)),
                    ("description", own(description)),
                    ("image_url", own(image_url)),
                    ("image_original_url", own(image_original_url)),
                    ("image_width", image_width.map(|width| json!(width))),
                    ("image_height", image_height.map(|height| json!(height))),
                ]);
                Ok(self.set_url_info(&url, info))
            }
            AgentAction::Localization { language, phrases } => self.set_phrases(&language, phrases),
            AgentAction::PageGroup { url, group_id } => self.set_page_group(&url, group_id),
            AgentAction::Push { action, payload, customer_id } => {
                Ok(self.raw_push(&action, &payload, customer_id.as_deref()))
            }
            about_customer => self.acts_on_customer(about_customer),
        }
    }
}

/// An object of the fields that there are.
pub(super) fn filled<const N: usize>(fields: [(&str, Option<Value>); N]) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

pub(super) fn own(text: Option<String>) -> Option<Value> {
    text.map(Value::String)
}
