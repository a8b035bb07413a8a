//! Everything that outlives a process, in memory. It changes only by [`World::apply`], with the same records that the
//! shell writes to its file: what is restored cannot differ from what was there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Micros;
use super::record::{
    Ban, ChatRow, Customer, EventRow, GoalCheck, Greeting, Group, GroupIdentity, Identity, Member, Queue, Record,
    ThreadRow, Token, Upload, Verification,
};

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) identities: BTreeMap<String, Identity>,
    pub(crate) group_identities: BTreeMap<(String, String, String), GroupIdentity>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) chats: BTreeMap<String, Chat>,
    pub(crate) groups: BTreeMap<u64, Group>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    /// By customer, oldest first.
    pub(crate) greetings: BTreeMap<String, Vec<Greeting>>,
    pub(crate) bans: BTreeMap<String, Ban>,
    /// Oldest first.
    pub(crate) goal_checks: Vec<GoalCheck>,
    pub(crate) verifications: BTreeMap<String, Verification>,
    pub(crate) settings: BTreeMap<String, Value>,
}

#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) row: ChatRow,
    /// In the order in which they came.
    pub(crate) members: Vec<Member>,
    /// Oldest first.
    pub(crate) threads: Vec<Thread>,
    /// The latest `created_at` handed out in this chat: the next one is later.
    pub(crate) last_at: Micros,
}

#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) row: ThreadRow,
    /// By number.
    pub(crate) events: Vec<EventRow>,
}

impl World {
    pub(crate) fn apply(&mut self, record: Record) {
        match record {
            Record::Customer(row) => {
                self.customers.insert(row.id.clone(), row);
            }
            Record::Identity(row) => {
                self.identities.insert(row.cookie_id.clone(), row);
            }
            Record::GroupIdentity(row) => {
                let key = (row.cookie_id.clone(), row.organization_id.clone(), row.group_id.clone());
                self.group_identities.insert(key, row);
            }
            Record::Token(row) => {
                self.tokens.insert(row.token.clone(), row);
            }
            Record::TokenGone(token) => {
                self.tokens.remove(&token);
            }
            Record::Group(row) => {
                self.groups.insert(row.id, row);
            }
            Record::Upload(row) => {
                self.uploads.insert(row.id.clone(), row);
            }
            Record::Bytes(..) => {}
            Record::UploadGone(id) => {
                self.uploads.remove(&id);
            }
            Record::Greeting(row) => {
                let shown = self.greetings.entry(row.customer_id.clone()).or_default();
                match shown.iter_mut().find(|known| known.unique_id == row.unique_id) {
                    Some(known) => *known = row,
                    None => shown.push(row),
                }
            }
            Record::Ban(row) => {
                self.bans.insert(row.customer_id.clone(), row);
            }
            Record::BanGone(customer) => {
                self.bans.remove(&customer);
            }
            Record::GoalCheck(row) => self.goal_checks.push(row),
            Record::Verification(row) => {
                self.verifications.insert(row.customer_id.clone(), row);
            }
            Record::Setting(row) => {
                self.settings.insert(row.key, row.value);
            }
            Record::Chat(row) => match self.chats.get_mut(&row.id) {
                Some(chat) => chat.row = row,
                None => {
                    let chat = Chat { last_at: row.created_at, members: Vec::new(), threads: Vec::new(), row };
                    self.chats.insert(chat.row.id.clone(), chat);
                }
            },
            Record::Member(row) => {
                let Some(chat) = self.chats.get_mut(&row.chat_id) else {
                    return;
                };
                match chat.members.iter_mut().find(|member| member.user_id == row.user_id) {
                    Some(member) => *member = row,
                    None => chat.members.push(row),
                }
            }
            Record::Thread(row) => {
                let Some(chat) = self.chats.get_mut(&row.chat_id) else {
                    return;
                };
                chat.last_at = chat.last_at.max(row.created_at);
                match chat.threads.iter_mut().find(|thread| thread.row.id == row.id) {
                    Some(thread) => thread.row = row,
                    None => {
                        let at = chat.threads.partition_point(|other| other.row.created_at <= row.created_at);
                        chat.threads.insert(at, Thread { row, events: Vec::new() });
                    }
                }
            }
            Record::Event(row) => {
                let Some(chat) = self.chats.get_mut(&row.chat_id) else {
                    return;
                };
                chat.last_at = chat.last_at.max(row.created_at);
                let Some(thread) = chat.threads.iter_mut().rev().find(|thread| thread.row.id == row.thread_id) else {
                    return;
                };
                match thread.events.binary_search_by_key(&row.number, |event| event.number) {
                    Ok(at) => {
                        if let Some(event) = thread.events.get_mut(at) {
                            *event = row;
                        }
                    }
                    Err(at) => thread.events.insert(at, row),
                }
            }
        }
    }

    /// The customer's chats at this organization, by id.
    pub(crate) fn chats_of<'a>(&'a self, organization: &'a str, customer: &'a str) -> impl Iterator<Item = &'a Chat> {
        self.chats
            .values()
            .filter(move |chat| chat.row.customer_id == customer && chat.row.organization_id == organization)
    }
}

impl Chat {
    /// The newest thread; only it can be open.
    pub(crate) fn last_thread(&self) -> Option<&Thread> {
        self.threads.last()
    }

    pub(crate) fn active_thread(&self) -> Option<&Thread> {
        self.last_thread().filter(|thread| thread.row.active)
    }

    /// The open thread's place in the queue.
    pub(crate) fn queue(&self) -> Option<&Queue> {
        self.active_thread()?.row.queue.as_ref()
    }

    pub(crate) fn thread(&self, id: &str) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.row.id == id)
    }

    pub(crate) fn member(&self, user: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user_id == user)
    }

    /// Events a customer may see, oldest thread first.
    pub(crate) fn visible_events(&self) -> impl DoubleEndedIterator<Item = &EventRow> {
        self.threads.iter().flat_map(|thread| thread.events.iter()).filter(|event| event.is_visible())
    }

    /// Whether somebody else wrote something after the user's mark. System messages have no author and do not count.
    pub(crate) fn has_unread(&self, user: &str) -> bool {
        let seen = self.member(user).and_then(|member| member.seen_up_to).unwrap_or(Micros::MIN);
        self.visible_events()
            .rev()
            .filter(|event| event.created_at > seen)
            .any(|event| event.text("author_id").is_some_and(|by| by != user))
    }
}

impl Thread {
    pub(crate) fn event(&self, id: &str) -> Option<&EventRow> {
        self.events.iter().find(|event| event.id() == id)
    }
}

impl Customer {
    /// A field of the profile as text.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.profile.get(field).and_then(Value::as_str)
    }

    /// The name, or what the platform calls somebody without one.
    pub(crate) fn name(&self) -> &str {
        self.text("name").unwrap_or("Customer")
    }
}
