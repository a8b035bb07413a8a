//! The host's JSON value: one surface, two backings.
//!
//! In the browser a [`Value`] is the object that `JSON.parse` made, natively it is a `serde_json::Value`. The core
//! reads the few fields it decides on and hands the rest on, so it needs no JSON code of its own in the download and
//! fields that the platform invents tomorrow pass through. Figures: `docs/adr/0002-json-belongs-to-the-host.md`.
//!
//! Words that the protocols and the API share a spelling for are *names*: small numbers in Rust, strings on the
//! other side. Reading a field by name or asking which known word a string is copies no text into linear memory.

pub mod names;

use std::num::{NonZeroU32, NonZeroU64};

#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
pub use host::{Value, install, plain};

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(not(target_arch = "wasm32"))]
pub use native::Value;

pub use names::{As, Name, Reading};

/// Deepest nesting that is copied or converted; what lies below is handed on as it is.
/// The host's parser takes more, but a recursive walk over hostile input must end before the stack does.
pub const MAX_DEPTH: u32 = 64;

/// An id that a platform or an application gave, as a number: equal texts have equal numbers. Ids are compared, kept and
/// handed about much more often than they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(NonZeroU32);

impl Id {
    /// What [`As::Id`] reads.
    pub fn from_number(number: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        NonZeroU32::new(number as u32).map(Self)
    }
}

/// The id of one event among very many: what stands before its last `_`, and the number after it. An id of another form
/// has a number of its own. So a long conversation does not fill the host's table with ids that nobody asks for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(NonZeroU64);

impl Key {
    /// What [`As::Key`] reads.
    pub fn from_number(number: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        NonZeroU64::new(number as u64).map(Self)
    }

    /// Whether `other` is the very next one.
    pub fn is_before(self, other: Self) -> bool {
        self.0.get() + 1 == other.0.get()
    }

    /// Whether both ids are numbered by the same beginning, and this number is not the greater.
    pub fn is_not_after(self, other: Self) -> bool {
        let head = self.0.get() >> 32;
        head != 0 && head == other.0.get() >> 32 && self <= other
    }

    /// The number in the id.
    pub fn number(self) -> Option<u64> {
        (self.0.get() >> 32 != 0).then_some(self.0.get() & 0xffff_ffff)
    }

    /// Whether the id is a number behind `head`.
    pub fn begins_with(self, head: Id) -> bool {
        self.0.get() >> 32 == u64::from(head.0.get())
    }
}

/// The id as one among events'.
impl From<Id> for Key {
    fn from(id: Id) -> Self {
        Self(id.0.into())
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        id.value()
    }
}

/// The parts, one after the other. (`concat` brings a machinery for every kind of part.)
pub fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

impl From<u64> for Value {
    /// Times and counts: exact up to 2⁵³.
    fn from(number: u64) -> Self {
        #[allow(clippy::cast_precision_loss)]
        Self::from(number as f64)
    }
}

impl Value {
    /// Whether `true` stands under `name`.
    pub fn flag(&self, name: Name) -> bool {
        self.get(name).as_bool() == Some(true)
    }

    /// The object with `name` set to `value`.
    #[must_use]
    pub fn with(self, name: Name, value: impl Into<Self>) -> Self {
        self.set(name, value);
        self
    }

    /// The elements, none if it is no list.
    pub fn items(&self) -> impl Iterator<Item = Self> + '_ {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Copies `name` from `source` if it is there.
    pub fn copy(&self, source: &Self, name: Name) {
        self.copy_as(name, source, name);
    }
}
