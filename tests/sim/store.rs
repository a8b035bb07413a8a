//! The browser's storage, and what it can do to what was given to it.

use std::collections::BTreeMap;

use palaver::json::{Id, Value};
use palaver::session::Input;
use serde_json::Value as Json;

use super::Sim;

/// What storage does.
#[derive(Debug, Default)]
pub struct Store {
    /// It neither answers nor keeps.
    pub is_silent: bool,
    /// It says no to everything.
    pub is_refused: bool,
    /// It takes nothing more.
    pub is_full: bool,
    /// Whether it has said that it does not keep something; it says so once.
    pub(super) told: bool,
    /// The order in which records were given to it first, also if it did not take them.
    places: BTreeMap<String, usize>,
    /// What was kept before each change.
    past: Vec<Vec<(String, Json)>>,
    /// What another tab has taken over, and this page has not heard of.
    taken: Vec<String>,
    /// The records of other tabs: this page can neither write nor delete them.
    pub elsewhere: Vec<(String, Json)>,
}

impl Sim {
    /// The last `writes` changes did not reach the disk.
    pub fn lose_writes(&mut self, writes: usize) {
        for _ in 0..writes {
            if let Some(before) = self.store.past.pop() {
                self.kept = before;
            }
        }
    }

    /// Another tab takes a send over. This page hears of it when it looks: when it renews its leases, or claims.
    pub fn take_over(&mut self, id: &str) {
        let index = self.kept.iter().position(|(known, _)| known == id).expect("it is kept");
        let record = self.kept.remove(index);
        self.store.taken.push(id.to_owned());
        self.store.elsewhere.push(record);
    }

    /// The page renews its leases.
    pub fn renew(&mut self) {
        for id in std::mem::take(&mut self.store.taken) {
            self.input(Input::TakenOver { custom_id: Id::of(&id).unwrap() });
        }
    }

    pub(super) fn keep(&mut self, record: &Json) {
        let id = record["customId"].as_str().unwrap();
        if self.store.elsewhere.iter().any(|(known, _)| known == id) {
            return;
        }
        let next = self.store.places.len();
        self.store.places.entry(id.to_owned()).or_insert(next);
        if self.store.is_full {
            return self.unstored();
        }
        if self.is_writable() {
            self.kept.retain(|(known, _)| known != id);
            self.kept.push((id.to_owned(), record.clone()));
            let places = &self.store.places;
            self.kept.sort_by_key(|(id, _)| places.get(id));
        }
    }

    pub(super) fn drop_kept(&mut self, id: &str) {
        if self.is_writable() {
            self.kept.retain(|(known, _)| known != id);
        }
    }

    pub(super) fn wipe_kept(&mut self) {
        if self.is_writable() {
            self.kept.clear();
        }
    }

    pub(super) fn claim_kept(&mut self) {
        if self.store.is_silent {
            return;
        }
        self.renew();
        let records = if self.store.is_refused {
            self.unstored();
            Vec::new()
        } else {
            self.kept.iter().map(|(_, record)| record.clone()).collect()
        };
        self.input(Input::Claimed { records: Value::from_json(Json::Array(records)) });
    }

    fn is_writable(&mut self) -> bool {
        if self.store.is_refused {
            self.unstored();
        } else if !self.store.is_silent {
            self.store.past.push(self.kept.clone());
            return true;
        }
        false
    }

    fn unstored(&mut self) {
        if !std::mem::replace(&mut self.store.told, true) {
            self.input(Input::Unstored);
        }
    }
}
