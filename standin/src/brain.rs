//! The brain: LiveChat's customer protocol as a state machine (sans-IO).
//!
//! Inputs go into [`Brain::handle`] together with the time; outputs are taken from [`Brain::poll`] until it is empty.
//! The brain performs nothing: no socket, no clock, no dice. The same seed and inputs make the same outputs.
//!
//! The contract of a shell, in order:
//! 1. `handle` an input; drain `poll`.
//! 2. Perform the outputs in their order. An [`Output::Save`] must be on disk before any output behind it is performed.
//! 3. Post what [`Brain::take_callbacks`] has.
//! 4. Call `handle(Input::Timeout, now)` when [`Brain::next_timeout`] has come. Early calls are harmless.
//!
//! Paragraph numbers in comments refer to the LiveChat Customer Chat API reference that the project keeps.

mod access;
mod admission;
mod agent;
mod args;
mod bans;
mod bot;
mod captive_portal;
mod chats;
mod config;
mod configuration;
mod connection;
mod console;
pub mod control;
mod customer;
mod error;
mod event_stamps;
mod events;
mod fault;
mod forms;
mod greetings;
mod history;
mod http;
mod interception;
mod io;
mod media;
mod methods;
mod multipart;
mod notes;
mod paging;
mod people;
mod properties;
mod random;
mod record;
mod requests;
mod routing;
mod settings;
mod state;
mod switches;
mod system;
mod threads;
pub mod time;
mod token;
mod uploads;
mod verification;
mod view;
mod web;
mod world;

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

pub use admission::Admission;
pub use agent::AgentAction;
pub use captive_portal::Place as PortalPlace;
pub use config::{Agent, Config};
pub use error::ApiError;
pub use event_stamps::EventIdForm;
pub use fault::{Fault, TokenMode};
pub use http::{HttpRequest, HttpResponse};
pub use interception::{Actions, FrameKind};
pub use io::{ConnId, Input, Micros, Output};
pub use record::{
    Ban, ChatRow, Customer, EventRow, GoalCheck, Greeting, Group, GroupIdentity, Identity, Member, Queue, Record,
    Setting, ThreadRow, Token, Upload, Verification,
};
pub use verification::Callback;

use connection::Conn;
use fault::{Faults, Kind};
use random::Random;
use requests::Queued;
use world::World;

/// The server.
#[derive(Debug)]
pub struct Brain {
    pub(crate) config: Config,
    pub(crate) world: World,
    conns: BTreeMap<ConnId, Conn>,
    random: Random,
    now: Micros,
    out: VecDeque<Output>,
    /// Frames made by the input at hand; they leave together, through the faults.
    staged: Vec<(ConnId, Kind, String)>,
    faults: Faults,
    /// Requests to carry out later, by time and arrival.
    queued: BTreeMap<(Micros, u64), Queued>,
    /// Token requests that get no answer for the time being.
    hanging: Vec<u64>,
    /// Requests of the Web API that get no answer for the time being.
    unanswered: Vec<u64>,
    /// What the bot is about to do.
    bot: BTreeMap<(Micros, u64), bot::Step>,
    /// Pages that customers look at. Not kept: they say it again.
    pages: BTreeMap<String, Value>,
    /// Welcome messages that were shown, by customer and id. Not kept: nobody waits for them.
    welcomes: BTreeMap<(String, String), greetings::Welcome>,
    /// What the shell is to post.
    callbacks: Vec<Callback>,
    /// What customers are typing, by chat. Not kept: it is worth nothing after a restart.
    peeks: BTreeMap<String, String>,
    /// Identity transfer codes and whose they are (§5.3). Not kept: they live for an hour.
    transfers: BTreeMap<String, token::Transfer>,
    /// Whether anybody looks at [`Output::Watch`].
    watched: bool,
    sequence: u64,
}

impl Brain {
    /// A server that knows nobody yet. Group 0 ("General") and group 1 exist and are online.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let mut world = World::default();
        for id in [0, 1] {
            world.apply(Record::Group(Group { id, status: "online".to_owned() }));
        }
        Self {
            random: Random::new(config.seed),
            config,
            world,
            conns: BTreeMap::new(),
            now: 0,
            out: VecDeque::new(),
            staged: Vec::new(),
            faults: Faults::default(),
            queued: BTreeMap::new(),
            hanging: Vec::new(),
            unanswered: Vec::new(),
            bot: BTreeMap::new(),
            pages: BTreeMap::new(),
            welcomes: BTreeMap::new(),
            callbacks: Vec::new(),
            peeks: BTreeMap::new(),
            transfers: BTreeMap::new(),
            watched: false,
            sequence: 0,
        }
    }

    /// Takes back what an earlier life saved. Chats must come before their members, threads and events.
    pub fn restore(&mut self, records: impl IntoIterator<Item = Record>) {
        for record in records {
            self.world.apply(record);
        }
    }

    /// Takes one input. A `now` before the last one counts as the last one.
    pub fn handle(&mut self, input: Input, now: Micros) {
        self.now = self.now.max(now);
        match input {
            Input::Opened { conn, path, query } => self.opened(conn, &path, &query),
            Input::Frame { conn, text } => self.frame(conn, &text),
            Input::Pong { conn } => self.sign_of_life(conn),
            Input::Closed { conn } => self.forget(conn),
            Input::Http { id, request } => self.http(id, &request),
            Input::Agent(action) => {
                // Whoever wants to know whether it worked calls `act`.
                let _ = self.agent_acts(action);
            }
            Input::Fault(fault) => self.switch(fault),
            Input::Timeout => {}
        }
        self.tick();
        self.flush();
    }

    /// Does what [`Input::Agent`] does and tells what came of it, e.g. `{"event_id"}`.
    ///
    /// # Errors
    /// The chat, thread or event does not exist, or is not in the state the action needs.
    pub fn act(&mut self, action: AgentAction, now: Micros) -> Result<Value, ApiError> {
        self.now = self.now.max(now);
        let result = self.agent_acts(action);
        self.tick();
        self.flush();
        result
    }

    /// The next output, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`Input::Timeout`] is wanted; `None` means never.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Micros> {
        let first = |key: Option<&(Micros, u64)>| key.map(|key| key.0);
        [
            self.conns.values().filter_map(|conn| self.conn_deadline(conn)).min(),
            self.faults.next_timeout(),
            first(self.queued.keys().next()),
            first(self.bot.keys().next()),
            self.file_deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether new sockets are refused: a shell answers the handshake with an error instead of opening one.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.handshake_answer().is_some()
    }

    /// The open sockets with the customer logged in on each.
    #[must_use]
    pub fn connections(&self) -> Vec<(ConnId, Option<String>)> {
        let customer = |conn: &Conn| conn.login.as_ref().map(|login| login.customer.clone());
        self.conns.iter().map(|(id, conn)| (*id, customer(conn))).collect()
    }

    /// All chats' ids, in order.
    #[must_use]
    pub fn chat_ids(&self) -> Vec<String> {
        self.world.chats.keys().cloned().collect()
    }

    /// The ids of a chat's threads, oldest first.
    #[must_use]
    pub fn thread_ids(&self, chat_id: &str) -> Vec<String> {
        let chat = self.world.chats.get(chat_id);
        chat.into_iter().flat_map(|chat| &chat.threads).map(|thread| thread.row.id.clone()).collect()
    }

    /// A chat's events in its order: thread by thread, each by number. Includes what customers do not see.
    #[must_use]
    pub fn events(&self, chat_id: &str) -> Vec<&EventRow> {
        let chat = self.world.chats.get(chat_id);
        chat.into_iter().flat_map(|chat| &chat.threads).flat_map(|thread| &thread.events).collect()
    }

    /// Somebody in a chat, with their seen mark.
    #[must_use]
    pub fn member(&self, chat_id: &str, user_id: &str) -> Option<&Member> {
        self.world.chats.get(chat_id)?.member(user_id)
    }

    /// Changes the state and has it saved.
    pub(crate) fn commit(&mut self, record: Record) {
        self.world.apply(record.clone());
        self.out.push_back(Output::Save(record));
    }

    fn agent(&self, id: &str) -> Option<&Agent> {
        self.config.agents.iter().find(|agent| agent.id == id)
    }

    /// Whatever is due: late frames, queued requests, silent sockets, the bot, files nobody sent.
    fn tick(&mut self) {
        self.forget_files();
        self.run_queued();
        self.run_bot();
        self.check_conns();
    }

    /// Sends what the input has made, through the faults.
    fn flush(&mut self) {
        let mut ready = Vec::new();
        self.faults.due(self.now, &mut ready);
        let mut staged = std::mem::take(&mut self.staged);
        if self.faults.response_first {
            staged.sort_by_key(|(_, kind, _)| *kind == Kind::Push);
        }
        for (conn, kind, mut text) in staged {
            self.rewrite_frame(kind, &mut text);
            self.faults.pass(conn, text, kind, self.now, &mut ready);
        }
        self.perform(ready);
    }

    fn perform(&mut self, ready: Vec<(Kind, Output)>) {
        for (kind, output) in ready {
            if let Output::Send { conn, .. } = &output {
                let Some(conn) = self.conns.get_mut(conn) else {
                    continue;
                };
                if kind == Kind::Response {
                    conn.unanswered = conn.unanswered.saturating_sub(1);
                }
            }
            if let Output::Close { conn, .. } = &output {
                self.conns.remove(conn);
            }
            self.out.push_back(output);
        }
    }
}
