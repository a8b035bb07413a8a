//! Routing: who gets a chat, the queue, and chats that change hands.

use serde_json::{Value, json};

use super::Brain;
use super::error::ApiError;
use super::record::{Queue, Record, ThreadRow};
use super::world::Chat;

/// How long somebody in the queue waits for each one before, and for an agent, in seconds.
const WAIT_EACH: u64 = 60;

/// Where a new thread goes.
#[derive(Debug, PartialEq)]
pub(crate) enum Route {
    Agent(String),
    Queue,
    /// A continuous chat while nobody is there, or nobody is assigned automatically.
    Nobody,
}

/// Where a chat is transferred.
#[derive(Debug)]
pub(crate) enum Target {
    Agent(String),
    Group(u64),
}

/// The setting that says whether an agent takes chats.
pub(crate) fn accepting_key(agent: &str) -> String {
    format!("agent/{agent}/accepting")
}

impl Brain {
    pub(crate) fn is_accepting(&self, agent: &str) -> bool {
        self.world.settings.get(&accepting_key(agent)).and_then(Value::as_bool).unwrap_or(true)
    }

    /// The first agent who takes chats.
    pub(crate) fn free_agent(&self, but: Option<&str>) -> Option<String> {
        let free = |id: &&str| self.is_accepting(id) && but != Some(*id);
        self.config.agents.iter().map(|agent| agent.id.as_str()).find(free).map(str::to_owned)
    }

    fn status(&self, group_id: u64) -> &str {
        self.world.groups.get(&group_id).map_or("offline", |group| &group.status)
    }

    pub(crate) fn route(&self, group_ids: &[u64], but: Option<&str>) -> Route {
        let any = |status: &str| group_ids.iter().any(|id| self.status(*id) == status);
        if !self.config.assign_agent || !(any("online") || any("online_for_queue")) {
            return Route::Nobody;
        }
        self.free_agent(but).filter(|_| any("online")).map_or(Route::Queue, Route::Agent)
    }

    /// §2.5: every target group is offline, and the chat cannot wait.
    pub(crate) fn someone_online(&self, group_ids: &[u64], continuous: bool) -> Result<(), ApiError> {
        let online = |id: &u64| self.status(*id) != "offline";
        if continuous || group_ids.iter().any(online) { Ok(()) } else { Err(ApiError::of("groups_offline")) }
    }

    /// The last place of a group's queue.
    pub(crate) fn last_place(&self, organization: &str, group_ids: &[u64]) -> Queue {
        let same = |chat: &&Chat| chat.row.organization_id == organization && chat.row.group_ids == group_ids;
        let waiting = self.world.chats.values().filter(same).filter_map(|chat| chat.queue()).count() as u64;
        place(waiting + 1, self.now)
    }

    /// Whoever stands behind somebody who left moves up.
    pub(crate) fn move_up(&mut self) {
        let mut waiting: Vec<(String, Vec<u64>, Queue, String)> = self
            .world
            .chats
            .values()
            .filter_map(|chat| {
                let queue = chat.queue()?.clone();
                Some((chat.row.organization_id.clone(), chat.row.group_ids.clone(), queue, chat.row.id.clone()))
            })
            .collect();
        waiting
            .sort_by(|a, b| (&a.0, &a.1, a.2.queued_at, a.2.position).cmp(&(&b.0, &b.1, b.2.queued_at, b.2.position)));
        let mut last = (String::new(), Vec::new(), 0);
        for (organization, groups, queue, chat_id) in waiting {
            let position = if (&last.0, &last.1) == (&organization, &groups) { last.2 + 1 } else { 1 };
            last = (organization, groups, position);
            if queue.position != position {
                let _ = self.set_place(&chat_id, place(position, queue.queued_at));
            }
        }
    }

    /// Gives a waiting chat a place and tells its customer.
    pub(crate) fn set_place(&mut self, chat_id: &str, queue: Queue) -> Result<(), ApiError> {
        let thread = self.queued_thread(chat_id)?;
        let payload = json!({
            "chat_id": chat_id, "thread_id": thread.id,
            "queue": { "position": queue.position, "wait_time": queue.wait_time }
        });
        self.commit(Record::Thread(ThreadRow { queue: Some(queue), ..thread }));
        self.push_to_chat(chat_id, "queue_position_updated", &payload, None);
        self.watch_chat(chat_id);
        Ok(())
    }

    /// A waiting thread, or why there is none.
    pub(crate) fn queued_thread(&self, chat_id: &str) -> Result<ThreadRow, ApiError> {
        let thread = self.world.chats.get(chat_id).and_then(Chat::active_thread);
        let thread = thread.ok_or_else(|| ApiError::of("chat_inactive"))?;
        let waits = thread.row.queue.is_some();
        waits.then(|| thread.row.clone()).ok_or_else(|| ApiError::with("not_found", "the chat is not in the queue"))
    }

    /// An agent takes a chat out of the queue.
    pub(crate) fn assign(&mut self, chat_id: &str, agent: &str) -> Result<(), ApiError> {
        let thread = self.queued_thread(chat_id)?;
        let thread_id = thread.id.clone();
        self.leave_queue(thread);
        let vars = json!({ "agent": self.agent_name(agent) });
        self.hand_over(chat_id, &thread_id, agent, "routing.assigned", &vars);
        self.bot_greets(chat_id);
        Ok(())
    }

    /// Takes a thread out of the queue; the others move up.
    pub(crate) fn leave_queue(&mut self, thread: ThreadRow) {
        if thread.queue.is_some() {
            self.commit(Record::Thread(ThreadRow { queue: None, ..thread }));
            self.move_up();
        }
    }

    /// The router gives an open thread to an agent.
    fn hand_over(&mut self, chat_id: &str, thread_id: &str, agent: &str, kind: &str, vars: &Value) {
        let moved = json!({
            "chat_id": chat_id, "thread_id": thread_id, "reason": "assigned", "transferred_to": { "agent_ids": [agent] }
        });
        self.push_to_chat(chat_id, "chat_transferred", &moved, None);
        self.system_message(chat_id, thread_id, kind, vars);
        self.come_in(chat_id, agent, "assigned", None);
    }

    /// What has become possible: waiting chats whose group has somebody, and those whose group has nobody any more.
    pub(crate) fn route_waiting(&mut self) {
        let mut waiting: Vec<(Queue, String, Vec<u64>)> = self
            .world
            .chats
            .values()
            .filter_map(|chat| Some((chat.queue()?.clone(), chat.row.id.clone(), chat.row.group_ids.clone())))
            .collect();
        waiting.sort_by_key(|(queue, ..)| (queue.queued_at, queue.position));
        for (_, chat_id, groups) in waiting {
            match self.route(&groups, None) {
                Route::Agent(agent) => {
                    let _ = self.assign(&chat_id, &agent);
                }
                Route::Queue => {}
                Route::Nobody => self.close_thread(&chat_id, None, "routing.archived_offline", &json!({})),
            }
        }
    }

    /// An agent is gone for a reason of the router's: somebody else gets the chat, or it waits, or it ends.
    pub(crate) fn lose_agent(&mut self, chat_id: &str, agent: &str, reason: &str) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        let groups = chat.row.group_ids.clone();
        let organization = chat.row.organization_id.clone();
        let others = chat.members.iter().any(|member| member.agent && member.present && member.user_id != agent);
        let thread = chat.active_thread().map(|thread| thread.row.clone());
        self.go_out(chat_id, agent, reason, None);
        let Some(thread) = thread.filter(|_| !others) else {
            return;
        };
        let name = self.agent_name(agent);
        match self.route(&groups, Some(agent)) {
            Route::Agent(next) => {
                let vars = json!({ "agent_added": self.agent_name(&next), "agent_removed": name, "duration": "5" });
                self.hand_over(chat_id, &thread.id, &next, &format!("routing.assigned_{reason}"), &vars);
            }
            Route::Queue => {
                let queue = self.last_place(&organization, &groups);
                let mut moved = json!({
                    "chat_id": chat_id, "thread_id": thread.id, "reason": "unassigned",
                    "transferred_to": { "group_ids": groups }
                });
                moved["queue"] = queue_json(&queue);
                let thread_id = thread.id.clone();
                self.commit(Record::Thread(ThreadRow { queue: Some(queue), ..thread }));
                self.push_to_chat(chat_id, "chat_transferred", &moved, None);
                // The platform has no word for a chat that is queued because its agent was too slow.
                let kind = format!("routing.unassigned_{}", if reason == "inactive" { "other" } else { reason });
                self.system_message(chat_id, &thread_id, &kind, &json!({ "agent": name }));
            }
            Route::Nobody => {
                let vars = json!({ "agent": name, "duration": "5" });
                self.close_thread(chat_id, None, &format!("routing.archived_{reason}"), &vars);
            }
        }
    }

    /// An agent passes a chat on.
    pub(crate) fn transfer(&mut self, chat_id: &str, by: &str, to: &Target) -> Result<Value, ApiError> {
        let chat = self.world.chats.get(chat_id).ok_or_else(|| ApiError::of("not_found"))?;
        let mut row = chat.row.clone();
        let thread = chat.active_thread().map(|thread| thread.row.clone());
        let here: Vec<String> = chat
            .members
            .iter()
            .filter(|member| member.agent && member.present)
            .map(|member| member.user_id.clone())
            .collect();
        let (transferred_to, targets, route) = match to {
            Target::Agent(agent) => {
                (json!({ "agent_ids": [agent] }), self.agent_name(agent), Route::Agent(agent.clone()))
            }
            Target::Group(group) => {
                if !self.world.groups.contains_key(group) {
                    return Err(ApiError::of("group_not_found"));
                }
                self.someone_online(&[*group], thread.is_none())?;
                row.group_ids = vec![*group];
                self.commit(Record::Chat(row.clone()));
                let route = self.route(&[*group], Some(by));
                (json!({ "group_ids": [group] }), format!("group {group}"), route)
            }
        };
        let mut moved = json!({
            "chat_id": chat_id, "requester_id": by, "reason": "manual", "transferred_to": transferred_to
        });
        if let Some(thread) = thread {
            let thread_id = thread.id.clone();
            moved["thread_id"] = json!(thread_id);
            self.leave_queue(thread.clone());
            if route == Route::Queue {
                let queue = self.last_place(&row.organization_id, &row.group_ids);
                moved["queue"] = queue_json(&queue);
                self.commit(Record::Thread(ThreadRow { queue: Some(queue), ..thread }));
            }
            self.push_to_chat(chat_id, "chat_transferred", &moved, None);
            let vars = json!({ "initiator": self.agent_name(by), "targets": targets });
            self.system_message(chat_id, &thread_id, "chat_transferred", &vars);
        } else {
            self.push_to_chat(chat_id, "chat_transferred", &moved, None);
        }
        let next = if let Route::Agent(next) = route { Some(next) } else { None };
        for agent in here.iter().filter(|agent| next.as_ref() != Some(*agent)) {
            self.go_out(chat_id, agent, "manual", Some(by));
        }
        if let Some(next) = next {
            self.come_in(chat_id, &next, "manual", Some(by));
        }
        self.watch_chat(chat_id);
        Ok(moved)
    }
}

fn place(position: u64, queued_at: super::Micros) -> Queue {
    Queue { position, wait_time: position * WAIT_EACH, queued_at }
}

/// §4.7.
pub(crate) fn queue_json(queue: &Queue) -> Value {
    json!({
        "position": queue.position, "wait_time": queue.wait_time, "queued_at": super::time::format(queue.queued_at)
    })
}
