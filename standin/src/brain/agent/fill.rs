//! A long chat at once.

use serde_json::{Value, json};

use super::super::Brain;
use super::super::error::ApiError;
use super::super::threads::Draft;
use super::acts::filled;

/// How much: messages, bytes of each text, threads.
pub(super) struct Size {
    pub(super) messages: u32,
    pub(super) bytes: u32,
    pub(super) threads: u32,
}

/// All texts together.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

impl Brain {
    /// Spreads the messages evenly; every thread but the last one is closed. Without `push` no customer is told, as if
    /// they had been away.
    pub(super) fn agent_fills(
        &mut self,
        chat_id: Option<String>,
        agent_id: Option<String>,
        size: Size,
        push: bool,
    ) -> Result<Value, ApiError> {
        let chat_id = self.the_chat(chat_id)?;
        let agent = self.the_agent(agent_id)?;
        if size.messages == 0 || size.threads == 0 || size.threads > size.messages {
            return Err(ApiError::validation(
                "`messages` and `threads` must be 1 or more, with a message for each thread",
            ));
        }
        if u64::from(size.messages) * u64::from(size.bytes) > MOST_BYTES {
            return Err(ApiError::validation(format!("the texts must not be longer than {MOST_BYTES} bytes together")));
        }
        self.join(&chat_id, &agent);
        let staged = self.staged.len();
        let mut written = 0;
        for thread in 1..=size.threads {
            if thread > 1 {
                let name = self.agent_name(&agent);
                self.close_thread(&chat_id, Some(&agent), "manual_archived_agent", &json!({ "agent": name }));
                self.reopen_thread(&chat_id, &agent);
            }
            let end = u64::from(size.messages) * u64::from(thread) / u64::from(size.threads);
            while written < end {
                written += 1;
                self.agent_fills_in(&chat_id, &agent, written, size.bytes)?;
            }
        }
        if !push {
            self.staged.truncate(staged);
        }
        Ok(json!({ "chat_id": chat_id, "messages": size.messages }))
    }

    fn agent_fills_in(&mut self, chat_id: &str, agent: &str, number: u64, bytes: u32) -> Result<(), ApiError> {
        let thread = self.world.chats.get(chat_id).and_then(|chat| chat.last_thread());
        let thread_id = thread.ok_or_else(|| ApiError::of("chat_inactive"))?.row.id.clone();
        let text = format!("{:x<width$}", format!("{number} "), width = bytes as usize);
        let body = filled([("type", Some(json!("message"))), ("text", Some(json!(text)))]);
        let event = self.add_event(chat_id, &thread_id, Some(agent), Draft { body, agents_only: false });
        self.push_event(&event.ok_or_else(|| ApiError::of("internal"))?, None);
        Ok(())
    }
}
