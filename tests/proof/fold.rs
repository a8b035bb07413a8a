//! The page as an honest application keeps it, folded from what it is told, and beside it the server's truth.

use std::collections::{BTreeMap, BTreeSet};

use palaver::model::ChatError;
use palaver::session::CallId;
use serde_json::Value as Json;
use standin::brain::{Brain, EventRow};

/// What the page knows of one chat.
#[derive(Debug, Default)]
pub struct Fold {
    /// In the order in which they were told: id and text. Without what this page sent.
    lines: Vec<(String, String)>,
    places: BTreeMap<String, usize>,
    deleted: BTreeSet<String>,
    /// Changes of what this page sent, by event.
    own_changes: BTreeMap<String, String>,
    /// What this page sends, by call, in the order of the calls.
    sends: BTreeMap<CallId, Send>,
    resumes: BTreeSet<CallId>,
    present: BTreeMap<String, bool>,
    is_active: bool,
    /// Threads that were told as closed.
    closed: BTreeSet<String>,
    /// How often each send was told to have ended, by client id.
    ends: BTreeMap<String, u32>,
    /// Events that were told more than once.
    doubled: u32,
    gaps: u32,
    /// How many lines were told before each of them. The server's clock may jump, so the order tells what lies in one.
    told_before_gaps: Vec<usize>,
    pub lies: Lies,
    pub is_connected: bool,
}

#[derive(Debug)]
struct Send {
    text: String,
    /// The event's id, or the error's code.
    outcome: Option<Result<String, String>>,
    /// Whether the error says that the message may have arrived all the same.
    is_unknown: bool,
}

/// What the platform did that a page can only be honest about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lies {
    /// Sends answered untruly, or refused for a reason that nobody knows: so many may end with an unknown outcome.
    pub sends: u32,
    /// Whether reads failed, or took longer than live traffic waits: then a range that was told as a gap counts as told.
    pub reads: bool,
}

/// How far page and server agree. All but the first two and the gaps must be 0. What lies in a range that was told as a gap
/// is not lost: a page reads it for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub heard: u32,
    pub sent: u32,
    pub lost: u32,
    pub doubled: u32,
    pub misordered: u32,
    /// Texts, deletions, people or the state of the chat that differ.
    pub stale: u32,
    /// Sends whose end was told more than once, or never.
    pub strange: u32,
    /// Told that continuity could not be proved. Not wrong, as when all that the page had of a thread was deleted.
    pub gaps: u32,
    /// Events that were told as a gap.
    pub in_gaps: u32,
    /// Sends that ended with an unknown outcome, after the platform had lied about them.
    pub unknown: u32,
    pub failed: u32,
    pub unsettled: u32,
}

impl Tally {
    pub const fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.misordered + self.stale + self.strange + self.failed + self.unsettled == 0
    }

    pub const fn plus(self, other: Self) -> Self {
        Self {
            heard: self.heard + other.heard,
            sent: self.sent + other.sent,
            lost: self.lost + other.lost,
            doubled: self.doubled + other.doubled,
            misordered: self.misordered + other.misordered,
            stale: self.stale + other.stale,
            strange: self.strange + other.strange,
            gaps: self.gaps + other.gaps,
            in_gaps: self.in_gaps + other.in_gaps,
            unknown: self.unknown + other.unknown,
            failed: self.failed + other.failed,
            unsettled: self.unsettled + other.unsettled,
        }
    }
}

fn text<'a>(value: &'a Json, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Event ids are `<thread>_<n>` at the stand-in.
fn thread_of(event: &str) -> &str {
    event.rsplit_once('_').map_or("", |(thread, _)| thread)
}

fn number_of(event: &str) -> u32 {
    event.rsplit_once('_').and_then(|(_, number)| number.parse().ok()).unwrap_or_default()
}

impl Fold {
    /// The page sends a message.
    pub fn say(&mut self, call: CallId, text: &str) {
        self.sends.insert(call, Send { text: text.to_owned(), outcome: None, is_unknown: false });
    }

    /// The page is told something. Returns what is odd about it, for people.
    pub fn hear(&mut self, name: &str, payload: &Json) -> Option<String> {
        match name {
            "incoming_event" => {
                let event = &payload["event"];
                let id = text(event, "id").to_owned();
                let last = self.lines.last().map(|(last, _)| last.clone()).unwrap_or_default();
                let is_again = self.places.insert(id.clone(), self.lines.len()).is_some();
                self.doubled += u32::from(is_again);
                self.lines.push((id.clone(), text(event, "text").to_owned()));
                if is_again || number_of(&last) > number_of(&id) && thread_of(&last) == thread_of(&id) {
                    return Some(format!("told {id} after {last}"));
                }
            }
            "event_updated" => {
                let event = &payload["event"];
                let (id, new) = (text(event, "id"), text(event, "text").to_owned());
                match self.places.get(id) {
                    Some(place) => self.lines[*place].1 = new,
                    None => {
                        self.own_changes.insert(id.to_owned(), new);
                    }
                }
            }
            "event_deleted" => {
                self.deleted.insert(text(payload, "eventId").to_owned());
            }
            "message_status" if matches!(text(payload, "status"), "sent" | "failed") => {
                // What goes out opens a closed chat; what is found to have gone out belongs where it is found.
                if text(payload, "status") == "sent" && !self.closed.contains(text(&payload["event"], "threadId")) {
                    self.is_active = true;
                }
                *self.ends.entry(text(payload, "customId").to_owned()).or_default() += 1;
            }
            "history_gap" => {
                self.gaps += 1;
                self.told_before_gaps.push(self.lines.len());
            }
            "connected" => self.is_connected = true,
            "incoming_chat" => {
                self.is_active = true;
                // Who is there comes with the chat.
                for user in payload["chat"]["users"].as_array().into_iter().flatten() {
                    if let Some(is_present) = self.present.get_mut(text(user, "id")) {
                        *is_present = user["present"] != false;
                    }
                }
            }
            "chat_deactivated" => {
                self.closed.insert(text(payload, "threadId").to_owned());
                self.is_active = false;
            }
            "user_added_to_chat" => {
                self.present.insert(text(&payload["user"], "id").to_owned(), true);
            }
            "user_removed_from_chat" => {
                self.present.insert(text(payload, "userId").to_owned(), false);
            }
            _ => {}
        }
        None
    }

    /// The page resumes the chat: what it asked for itself is told by the answer alone.
    pub fn resume(&mut self, call: CallId) {
        self.resumes.insert(call);
    }

    /// A call of the page has settled.
    pub fn settle(&mut self, call: CallId, result: &Result<Json, ChatError>) {
        if self.resumes.remove(&call)
            && let Ok(chat) = result
        {
            self.is_active |= !self.closed.contains(text(&chat["chat"]["thread"], "id"));
        }
        let Some(send) = self.sends.get_mut(&call) else { return };
        assert!(send.outcome.is_none(), "a send settled twice");
        let details = |error: &ChatError| error.details.as_ref().map(|details| details.to_json());
        send.is_unknown = result.as_ref().err().and_then(details).is_some_and(|known| known["outcome"] == "unknown");
        send.outcome = Some(match result {
            Ok(event) => Ok(text(event, "id").to_owned()),
            Err(error) => Err(error.code.clone()),
        });
    }

    /// The ids of what was told.
    pub fn heard(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|(id, _)| id.as_str())
    }

    /// Nothing was told twice, nor after what follows it in its thread.
    pub fn assert_in_order(&self) {
        assert_eq!(self.doubled, 0, "told twice: {:?}", self.lines);
        let mut last = BTreeMap::new();
        for id in self.heard() {
            let before = last.insert(thread_of(id), number_of(id));
            assert!(before < Some(number_of(id)), "{id} was told late: {:?}", self.lines);
        }
    }

    /// Puts the page beside the server.
    pub fn compare(&self, brain: &Brain, chat: &str, customer: &str) -> Tally {
        let all = brain.events(chat);
        let is_own = |event: &EventRow| event.text("author_id") == Some(customer);
        let mut tally = Tally { doubled: self.doubled, gaps: self.gaps, ..Tally::default() };
        self.compare_heard(all.iter().filter(|event| event.is_visible() && !is_own(event)), &mut tally);
        self.compare_sent(all.iter().filter(|event| is_own(event)), &mut tally);
        // More of them than there were lies are failures.
        // Where reads fail for long, nobody can look for what is in doubt.
        let allowed = if self.lies.reads { tally.unknown } else { tally.unknown.min(self.lies.sends) };
        tally.failed += tally.unknown - allowed;
        tally.unknown = allowed;
        let settled = self.sends.values().filter(|send| send.outcome.is_some()).count();
        tally.strange += u32::try_from(self.ends.len().abs_diff(settled)).unwrap();
        // What ended as unknown may be found to have arrived after all.
        let ends_again = self.ends.values().map(|times| times.abs_diff(1)).sum::<u32>();
        tally.strange += ends_again.saturating_sub(allowed);
        // A thread is closed by a message of the system.
        let last_thread = brain.thread_ids(chat).pop().unwrap_or_default();
        let closes = |event: &&EventRow| {
            event.thread_id == last_thread
                && event.text("system_message_type").is_some_and(|kind| kind.contains("archived"))
        };
        tally.stale += u32::from(self.is_active == all.iter().any(closes));
        for (user, is_present) in &self.present {
            let is_there = brain.member(chat, user).is_some_and(|member| member.present);
            tally.stale += u32::from(is_there != *is_present);
        }
        tally
    }

    fn compare_heard<'a>(&self, truth: impl Iterator<Item = &'a &'a EventRow>, tally: &mut Tally) {
        let truth: Vec<&EventRow> = truth.copied().collect();
        let text_of = |place: usize| truth[place].text("text").unwrap_or_default();
        let order: BTreeMap<&str, usize> = truth.iter().enumerate().map(|(place, event)| (event.id(), place)).collect();
        let mut last = None;
        for (id, text) in self.lines.iter().filter(|(id, _)| !self.deleted.contains(id)) {
            let Some(place) = order.get(id.as_str()) else {
                // It was deleted and nobody said so.
                tally.stale += 1;
                continue;
            };
            tally.heard += 1;
            tally.stale += u32::from(text_of(*place) != text);
            if last.is_some_and(|last| *place < last) {
                tally.misordered += 1;
            }
            last = last.max(Some(*place));
        }
        for (place, event) in truth.iter().enumerate() {
            let is_missing = !self.places.contains_key(event.id());
            let is_in_gap = is_missing && self.lies.reads && self.is_in_gap(place, &order);
            tally.in_gaps += u32::from(is_in_gap);
            tally.lost += u32::from(is_missing && !is_in_gap);
            // Told as deleted, and it is there.
            tally.stale += u32::from(self.deleted.contains(event.id()));
        }
    }

    /// Whether an event lies between what was told before a gap and what was told after it.
    fn is_in_gap(&self, place: usize, order: &BTreeMap<&str, usize>) -> bool {
        let places: Vec<Option<usize>> = self.lines.iter().map(|(id, _)| order.get(id.as_str()).copied()).collect();
        self.told_before_gaps.iter().any(|told| {
            let (before, after) = places.split_at(*told);
            before.iter().flatten().all(|told| *told < place) && after.iter().flatten().all(|told| place < *told)
        })
    }

    fn compare_sent<'a>(&self, truth: impl Iterator<Item = &'a &'a EventRow>, tally: &mut Tally) {
        let mut landed: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for (place, event) in truth.enumerate() {
            landed.entry(event.text("text").unwrap_or_default()).or_default().push((place, event.id()));
        }
        let mut last = None;
        for send in self.sends.values() {
            let there = landed.get(send.text.as_str()).map(Vec::as_slice).unwrap_or_default();
            tally.doubled += u32::try_from(there.len().saturating_sub(1)).unwrap();
            match &send.outcome {
                Some(Ok(id)) if there.iter().any(|(_, landed)| landed == id) => tally.sent += 1,
                // Said to be there, and is not.
                Some(Ok(_)) => tally.lost += 1,
                // It said that it does not know; it may be there or not, and anywhere.
                Some(Err(_)) if send.is_unknown => {
                    tally.unknown += 1;
                    continue;
                }
                // Shown as failed, and is there.
                Some(Err(_)) if !there.is_empty() => tally.stale += 1,
                // The platform refused it for a reason that nobody knows, and did not keep it.
                Some(Err(code)) if code == "INVENTED_TOMORROW" => tally.unknown += 1,
                Some(Err(_)) => tally.failed += 1,
                None => tally.unsettled += 1,
            }
            if let Some((place, _)) = there.first() {
                tally.misordered += u32::from(last.is_some_and(|last| *place < last));
                last = last.max(Some(*place));
            }
        }
    }

    /// What does not agree, for people.
    pub fn explain(&self, brain: &Brain, chat: &str, customer: &str) -> String {
        let all = brain.events(chat);
        let mut lines = Vec::new();
        for event in &all {
            let (id, truth) = (event.id(), event.text("text").unwrap_or_default());
            if event.text("author_id") == Some(customer) {
                continue;
            }
            let told = self.places.get(id).map(|place| self.lines[*place].1.as_str());
            let is_right = if event.is_visible() {
                told == Some(truth) && !self.deleted.contains(id)
            } else {
                event.agents_only || told.is_none() || self.deleted.contains(id)
            };
            if !is_right {
                let gone = event.deleted;
                lines.push(format!("{id}: there {truth:?} (deleted: {gone}), here {told:?}"));
            }
        }
        let order: BTreeMap<&str, usize> = all.iter().enumerate().map(|(place, event)| (event.id(), place)).collect();
        for pair in self.lines.windows(2) {
            if order.get(pair[0].0.as_str()) > order.get(pair[1].0.as_str()) {
                lines.push(format!("told in this order: {:?}, {:?}", pair[0], pair[1]));
            }
        }
        for send in self.sends.values() {
            let there: Vec<&str> =
                all.iter().filter(|event| event.text("text") == Some(&send.text)).map(|event| event.id()).collect();
            if !matches!(&send.outcome, Some(Ok(id)) if there == [id]) {
                lines.push(format!("{:?}: there {there:?}, here {:?}", send.text, send.outcome));
            }
        }
        lines.push(format!("active: {}, present: {:?}, told twice: {}", self.is_active, self.present, self.doubled));
        lines.join("\n")
    }
}
