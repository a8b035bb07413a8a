//! What the platform has: chats, their threads, their events. Small, and honest as long as nobody tampers with an answer.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::platform::good;

/// Threads come in pages of so many.
const PAGE: usize = 2;

#[derive(Default)]
pub struct Truth {
    chats: BTreeMap<String, Vec<Thread>>,
    /// Everything that happened has a time of its own.
    happened: u32,
}

struct Thread {
    id: String,
    at: String,
    is_active: bool,
    events: Vec<Json>,
}

impl Thread {
    fn to_json(&self) -> Json {
        json!({
            "id": self.id, "active": self.is_active, "created_at": self.at, "user_ids": ["me", "a"],
            "events": self.events,
        })
    }
}

impl Truth {
    fn time(&mut self) -> String {
        self.happened += 1;
        format!("2026-03-01T10:{:02}:00.{:06}Z", self.happened / 1_000 % 60, self.happened % 1_000)
    }

    /// The thread of a chat that events go into; a new one if the last is closed.
    fn open(&mut self, chat: &str) -> &mut Thread {
        let at = self.time();
        let threads = self.chats.entry(chat.to_owned()).or_default();
        if threads.last().is_none_or(|thread| !thread.is_active) {
            let id = format!("{chat}{}", threads.len());
            threads.push(Thread { id, at, is_active: true, events: Vec::new() });
        }
        threads.last_mut().expect("there is one now")
    }

    /// Somebody says something; returns the payload of the push that tells of it.
    pub fn say(&mut self, chat: &str, author: &str, mut event: Json) -> Json {
        let at = self.time();
        let thread = self.open(chat);
        if let Some(event) = event.as_object_mut() {
            event.insert("id".to_owned(), json!(format!("{}_{}", thread.id, thread.events.len() + 1)));
            event.insert("author_id".to_owned(), json!(author));
            event.insert("created_at".to_owned(), json!(at));
            thread.events.push(json!(event));
        }
        json!({ "chat_id": chat, "thread_id": thread.id, "event": event })
    }

    /// An event changes its words, or goes; returns the push.
    pub fn rewrite(&mut self, chat: &str, number: usize, is_deleted: bool) -> Option<(&'static str, Json)> {
        let thread = self.chats.get_mut(chat)?.last_mut()?;
        let place = number.checked_rem(thread.events.len())?;
        let about = |event: &Json| json!({ "chat_id": chat, "thread_id": thread.id, "event_id": event["id"] });
        if is_deleted {
            let event = thread.events.remove(place);
            return Some(("event_deleted", about(&event)));
        }
        let event = &mut thread.events[place];
        event["text"] = json!("edited");
        Some(("event_updated", json!({ "chat_id": chat, "thread_id": thread.id, "event": event })))
    }

    /// The chat is closed; returns the push.
    pub fn close(&mut self, chat: &str) -> Option<(&'static str, Json)> {
        let thread = self.chats.get_mut(chat)?.last_mut()?;
        thread.is_active = false;
        Some(("chat_deactivated", json!({ "chat_id": chat, "thread_id": thread.id, "user_id": "a" })))
    }

    /// What the platform answers to a request.
    pub fn answer(&mut self, action: &str, payload: &Json) -> Json {
        let mut answer = good(action, payload);
        let users = json!([
            { "id": "me", "type": "customer", "present": true }, { "id": "a", "type": "agent", "present": true },
        ]);
        match action {
            "list_chats" => {
                self.open("CHAT");
                let row = |(chat, threads): (&String, &Vec<Thread>)| {
                    let last = threads.last()?;
                    let mut row = json!({
                        "id": chat, "active": last.is_active, "users": users, "last_thread_id": last.id,
                        "last_thread_created_at": last.at,
                    });
                    if let Some(event) = last.events.last() {
                        row["last_event_per_type"] = json!({
                            "message": { "thread_id": last.id, "thread_created_at": last.at, "event": event },
                        });
                    }
                    Some(row)
                };
                let rows: Vec<Json> = self.chats.iter().filter_map(row).collect();
                answer["total_chats"] = json!(rows.len());
                answer["chats_summary"] = json!(rows);
            }
            "list_threads" => {
                let chat = payload["chat_id"].as_str().unwrap_or_default();
                let from = payload["page_id"].as_str().and_then(|page| page.parse().ok()).unwrap_or(0);
                let threads = self.chats.get(chat).map(Vec::as_slice).unwrap_or_default();
                let page: Vec<Json> = threads.iter().rev().skip(from).take(PAGE).map(Thread::to_json).collect();
                answer["threads"] = json!(page);
                answer["found_threads"] = json!(threads.len());
                if threads.len() > from + PAGE {
                    answer["next_page_id"] = json!((from + PAGE).to_string());
                }
            }
            "get_chat" => {
                let chat = payload["chat_id"].as_str().unwrap_or("CHAT");
                let thread = self.open(chat).to_json();
                answer = json!({ "id": chat, "users": users, "thread": thread });
            }
            "resume_chat" => {
                let chat = payload["chat"]["id"].as_str().unwrap_or("CHAT");
                answer = json!({ "thread_id": self.open(chat).id, "event_ids": [] });
            }
            _ => {}
        }
        answer
    }
}
