//! Who comes into a chat and goes out of it.

use serde_json::{Map, Value, json};

use super::Brain;
use super::record::{Member, Record, ThreadRow};

impl Brain {
    /// Makes a user present in a chat.
    pub(crate) fn enter(&mut self, chat_id: &str, user: &str, agent: bool) {
        let known = self.world.chats.get(chat_id).and_then(|chat| chat.member(user)).cloned();
        let member = known.map_or_else(
            || Member { chat_id: chat_id.to_owned(), user_id: user.to_owned(), agent, present: true, seen_up_to: None },
            |member| Member { present: true, ..member },
        );
        self.commit(Record::Member(member));
    }

    /// Nobody of the agents is in the chat any more.
    pub(crate) fn empty(&mut self, chat_id: &str) {
        let members = self.world.chats.get(chat_id).map(|chat| chat.members.clone()).unwrap_or_default();
        for member in members.into_iter().filter(|member| member.agent && member.present) {
            self.commit(Record::Member(Member { present: false, ..member }));
        }
    }

    /// An agent comes in, unless already there; tells whether that was so.
    pub(crate) fn come_in(&mut self, chat_id: &str, agent: &str, reason: &str, by: Option<&str>) -> bool {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return false;
        };
        if chat.member(agent).is_some_and(|member| member.present) {
            return false;
        }
        let thread = chat.active_thread().map(|thread| thread.row.clone());
        self.enter(chat_id, agent, true);
        let mut payload = member_push(chat_id, thread.as_ref(), reason, by);
        if let Some(mut thread) = thread.filter(|thread| !thread.user_ids.iter().any(|id| id == agent)) {
            thread.user_ids.push(agent.to_owned());
            self.commit(Record::Thread(thread));
        }
        if let Some(member) = self.world.chats.get(chat_id).and_then(|chat| chat.member(agent)) {
            payload.insert("user".to_owned(), self.member_json(member));
        }
        self.push_to_chat(chat_id, "user_added_to_chat", &Value::Object(payload), None);
        self.watch_chat(chat_id);
        true
    }

    /// An agent goes out.
    pub(crate) fn go_out(&mut self, chat_id: &str, agent: &str, reason: &str, by: Option<&str>) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let Some(mut member) = chat.member(agent).filter(|member| member.present).cloned() else {
            return;
        };
        let mut payload = member_push(chat_id, chat.active_thread().map(|thread| &thread.row), reason, by);
        payload.insert("user_id".to_owned(), json!(agent));
        member.present = false;
        self.commit(Record::Member(member));
        self.push_to_chat(chat_id, "user_removed_from_chat", &Value::Object(payload), None);
        self.watch_chat(chat_id);
    }
}

fn member_push(chat_id: &str, thread: Option<&ThreadRow>, reason: &str, by: Option<&str>) -> Map<String, Value> {
    let mut payload = Map::new();
    payload.insert("chat_id".to_owned(), json!(chat_id));
    payload.insert("reason".to_owned(), json!(reason));
    for (field, id) in [("thread_id", thread.map(|thread| thread.id.as_str())), ("requester_id", by)] {
        if let Some(id) = id {
            payload.insert(field.to_owned(), json!(id));
        }
    }
    payload
}
