//! [`Value`] over `serde_json`, for tests, the simulation and tools.

mod check;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::rc::Rc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::names::{END, SAME_PARENT};
use super::{As, Id, Key, MAX_DEPTH, Name, Reading};
use crate::model::Micros;

const MAX_TEXT: usize = 16 * 1024 * 1024;
const SHORT: usize = 2_048;

/// The last id, the texts of all, and the way back.
type Ids = (u32, BTreeMap<u32, String>, BTreeMap<String, u32>);

thread_local! {
    static IDS: RefCell<Ids> = RefCell::default();
}

impl Id {
    /// The number of a text.
    pub fn of(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let number = IDS.with_borrow_mut(|(last, texts, numbers)| {
            *numbers.entry(text.to_owned()).or_insert_with(|| {
                *last += 1;
                texts.insert(*last, text.to_owned());
                *last
            })
        });
        Self::from_number(f64::from(number))
    }

    /// The text.
    pub fn text(self) -> String {
        IDS.with_borrow(|(_, texts, _)| texts.get(&self.0.get()).cloned().unwrap_or_default())
    }

    /// The text.
    pub fn value(self) -> Value {
        Value::from(self.text().as_str())
    }

    /// Nobody asks for its text any more.
    pub fn forget(self) {
        IDS.with_borrow_mut(|(_, texts, numbers)| {
            if let Some(text) = texts.remove(&self.0.get()) {
                numbers.remove(&text);
            }
        });
    }
}

/// A JSON value; see the [module](super). Shared like the host's objects: a clone is the same object.
#[derive(Clone, Debug)]
pub struct Value(Node);

#[derive(Clone, Debug)]
enum Node {
    Missing,
    Leaf(Json),
    List(Rc<RefCell<Vec<Value>>>),
    Object(Rc<RefCell<Vec<(String, Value)>>>),
}

/// A text without what nests on its first level.
fn outline(text: &str) -> Option<String> {
    let from = text.get(1..)?.find(['[', '{'])? + 1;
    let object = text.get(..text.rfind('}')?)?.rfind('}');
    let to = text.rfind(']').max(object)?;
    Some([text.get(..from)?, "0", text.get(to + 1..)?].concat())
}

impl Value {
    /// Reads a text; missing if it is not JSON, or is deeper than the host's half takes. Of one that is too long only the
    /// first level is read: what nests there becomes 0.
    pub fn parse(text: &str) -> Self {
        let outline = if text.len() > MAX_TEXT { outline(text).filter(|text| text.len() <= SHORT) } else { None };
        let text = match &outline {
            None if text.len() > MAX_TEXT => return Self::missing(),
            None => text,
            Some(outline) => outline,
        };
        serde_json::from_str::<Json>(text).map_or(Self(Node::Missing), Self::from_json)
    }

    /// Writes the value as JSON.
    pub fn stringify(&self) -> String {
        self.to_json().to_string()
    }

    /// Takes over a `serde_json` value.
    pub fn from_json(json: Json) -> Self {
        Self(match json {
            Json::Array(items) => Node::List(Rc::new(RefCell::new(items.into_iter().map(Self::from_json).collect()))),
            Json::Object(fields) => Node::Object(Rc::new(RefCell::new(
                fields.into_iter().map(|(key, item)| (key, Self::from_json(item))).collect(),
            ))),
            leaf @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => Node::Leaf(leaf),
        })
    }

    /// A `serde_json` copy; null if missing.
    pub fn to_json(&self) -> Json {
        match &self.0 {
            Node::Missing => Json::Null,
            Node::Leaf(leaf) => leaf.clone(),
            Node::List(items) => Json::Array(items.borrow().iter().map(Self::to_json).collect()),
            Node::Object(fields) => Json::Object(
                fields
                    .borrow()
                    .iter()
                    .filter(|(_, item)| !matches!(item.0, Node::Missing))
                    .map(|(key, item)| (key.clone(), item.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// No value.
    pub const fn missing() -> Self {
        Self(Node::Missing)
    }

    /// JSON's null.
    pub const fn null() -> Self {
        Self(Node::Leaf(Json::Null))
    }

    /// An empty object.
    pub fn object() -> Self {
        Self(Node::Object(Rc::default()))
    }

    /// An empty list.
    pub fn list() -> Self {
        Self(Node::List(Rc::default()))
    }

    /// What serde makes of `data`.
    pub fn from_serialize(data: &impl Serialize) -> Self {
        serde_json::to_value(data).map_or(Self::null(), Self::from_json)
    }

    /// A known word as text.
    pub fn from_name(name: Name) -> Self {
        Self::from(name.as_str())
    }

    /// The field called `name`; missing if there is none or this is no object.
    pub fn get(&self, name: Name) -> Self {
        self.field(name.as_str())
    }

    /// The text under `name`, if it is text.
    pub fn text(&self, name: Name) -> Option<String> {
        self.get(name).as_text()
    }

    /// Several fields; not a number where there is nothing of the kind.
    pub fn read<const N: usize>(&self, reading: &Reading<N>) -> [f64; N] {
        let mut out = [f64::NAN; N];
        let mut slots = out.iter_mut();
        let (mut here, mut parent) = (self.clone(), self.clone());
        for place in reading.places() {
            if *place == SAME_PARENT {
                here = parent.clone();
            } else if *place >= END {
                if let Some(slot) = slots.next() {
                    *slot = here.as_wanted(*place - END);
                }
                here = self.clone();
            } else {
                let name = Name::from_index(i32::from(*place));
                parent = here.clone();
                here = name.map_or(Self::missing(), |name| here.get(name));
            }
        }
        out
    }

    #[allow(clippy::cast_precision_loss)]
    fn as_wanted(&self, wanted: u16) -> f64 {
        let text = self.as_text().filter(|text| !text.is_empty());
        let is = |kind: As| kind as u16 == wanted;
        if is(As::Id) {
            return text.and_then(|text| Id::of(&text)).map_or(0.0, |id| f64::from(id.0.get()));
        }
        if is(As::Word) {
            return self.as_word().map_or(-1.0, |name| f64::from(name.index()));
        }
        if is(As::KnownId) {
            let known = text.and_then(|text| IDS.with_borrow(|(_, _, numbers)| numbers.get(&text).copied()));
            return known.map_or(0.0, f64::from);
        }
        if is(As::Key) {
            return text.and_then(|text| Key::of(&text)).map_or(0.0, |key| key.0.get() as f64);
        }
        let number = if is(As::Time) {
            self.as_time().map(|at| at.0 as f64)
        } else {
            self.as_number().or_else(|| text?.trim().parse().ok())
        };
        number.unwrap_or(f64::NAN)
    }

    /// The id under `name`, if it is a non-empty text.
    pub fn id(&self, name: Name) -> Option<Id> {
        self.text(name).and_then(|text| Id::of(&text))
    }

    /// A time as RFC 3339 text with six digits; missing if no calendar reaches it.
    pub fn from_time(at: Micros) -> Self {
        let (days, rest) = (at.0.div_euclid(86_400_000_000), at.0.rem_euclid(86_400_000_000));
        if days.abs() > 90_000_000 {
            return Self::missing();
        }
        // Days to a date of the Gregorian calendar, counted in eras of 400 years from March.
        let era_day = days + 719_468;
        let (era, day_of_era) = (era_day.div_euclid(146_097), era_day.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let millis = rest / 1_000;
        let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
        let (seconds, millis) = (millis / 1_000 % 60, millis % 1_000);
        Self::from(
            format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}000Z").as_str(),
        )
    }

    /// Writes a field whose key is an id.
    pub fn put_at(&self, id: Id, value: impl Into<Self>) {
        self.put(&id.text(), value);
    }

    /// The time, if it is an RFC 3339 text.
    pub fn as_time(&self) -> Option<Micros> {
        self.as_text().and_then(|text| Micros::parse(&text))
    }

    /// Which known word stands under `name`.
    pub fn word(&self, name: Name) -> Option<Name> {
        self.get(name).as_word()
    }

    /// Copies `source_name` from `source` to `name` if it is there.
    pub fn copy_as(&self, name: Name, source: &Self, source_name: Name) {
        let value = source.get(source_name);
        if !value.is_missing() {
            self.set(name, value);
        }
    }

    /// A new object with the same fields.
    #[must_use]
    pub fn copied(&self) -> Self {
        let copy = Self::object();
        if let Node::Object(fields) = &self.0 {
            for (key, item) in fields.borrow().iter() {
                copy.put(key, item.clone());
            }
        }
        copy
    }

    /// Reads a field whose key is data.
    pub fn field(&self, key: &str) -> Self {
        let Node::Object(fields) = &self.0 else { return Self::missing() };
        let fields = fields.borrow();
        fields.iter().find(|(known, _)| known == key).map_or(Self::missing(), |(_, item)| item.clone())
    }

    /// Writes a field of an object.
    pub fn set(&self, name: Name, value: impl Into<Self>) {
        self.put(name.as_str(), value);
    }

    /// Writes a field whose key is data.
    pub fn put(&self, key: &str, value: impl Into<Self>) {
        let Node::Object(fields) = &self.0 else { return };
        let value = value.into();
        let mut fields = fields.borrow_mut();
        match fields.iter_mut().find(|(known, _)| known == key) {
            Some((_, item)) => *item = value,
            None => fields.push((key.to_owned(), value)),
        }
    }

    /// The element at `index` of a list.
    pub fn at(&self, index: u32) -> Self {
        let Node::List(items) = &self.0 else { return Self::missing() };
        items.borrow().get(index as usize).cloned().unwrap_or(Self::missing())
    }

    /// Appends to a list.
    pub fn push(&self, value: impl Into<Self>) {
        if let Node::List(items) = &self.0 {
            items.borrow_mut().push(value.into());
        }
    }

    /// The length of a list; 0 if it is none.
    #[allow(clippy::len_without_is_empty)] // nobody asks
    pub fn len(&self) -> u32 {
        let Node::List(items) = &self.0 else { return 0 };
        u32::try_from(items.borrow().len()).unwrap_or(u32::MAX)
    }

    /// Whether there is nothing: absent or null.
    pub const fn is_missing(&self) -> bool {
        matches!(self.0, Node::Missing | Node::Leaf(Json::Null))
    }

    /// Whether it is an object and no list.
    pub const fn is_object(&self) -> bool {
        matches!(self.0, Node::Object(_))
    }

    /// Whether it is a list.
    pub const fn is_list(&self) -> bool {
        matches!(self.0, Node::List(_))
    }

    /// An object's keys.
    pub fn keys(&self) -> Self {
        let keys = Self::list();
        if let Node::Object(fields) = &self.0 {
            for (key, _) in fields.borrow().iter() {
                keys.push(key.as_str());
            }
        }
        keys
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<String> {
        let Node::Leaf(Json::String(text)) = &self.0 else { return None };
        Some(text.clone())
    }

    /// Whether it is text.
    pub const fn is_text(&self) -> bool {
        matches!(self.0, Node::Leaf(Json::String(_)))
    }

    /// Which known word it is.
    pub fn as_word(&self) -> Option<Name> {
        let Node::Leaf(Json::String(text)) = &self.0 else { return None };
        Name::find(text)
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        let Node::Leaf(leaf) = &self.0 else { return None };
        leaf.as_f64()
    }

    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        let Node::Leaf(Json::Bool(flag)) = &self.0 else { return None };
        Some(*flag)
    }

    /// A copy with camelCase keys; `session_fields` becomes an object. Subtrees that belong to applications stay.
    #[must_use]
    pub fn camel(&self) -> Self {
        self.convert(&camel_key, true, 0)
    }

    /// The same of the field called `name`, completed from a template and with one field more.
    #[must_use]
    pub fn camel_at(&self, name: Name, template: Name, (more, id): (Name, Id)) -> Self {
        let copy = self.get(name).camel();
        copy.set(more, id);
        copy.complete(template);
        copy
    }

    /// Gives an object the fields of a template that it lacks; see the host's half.
    pub fn complete(&self, template: Name) {
        let Node::Object(fields) = &Self::parse(template.as_str()).0 else { return };
        for (key, item) in fields.borrow().iter() {
            if self.field(key).is_missing() {
                self.put(key, item.clone());
            }
        }
    }

    /// Whether two readings of an event, in the page's shape, show the same: its properties, times and addressees aside.
    pub fn is_same_event(&self, other: &Self) -> bool {
        let (mut one, mut other) = (self.to_json(), other.to_json());
        for event in [&mut one, &mut other] {
            if let Json::Object(fields) = event {
                for volatile in ["properties", "createdAt", "customId", "visibility", "recipients", "threadId"] {
                    fields.shift_remove(volatile);
                }
            }
            forget_nulls(event);
        }
        one == other
    }

    /// The reverse of [`Value::camel`].
    #[must_use]
    pub fn snake(&self) -> Self {
        self.convert(&snake_key, false, 0)
    }

    fn convert(&self, rename: &dyn Fn(&str) -> String, is_camel: bool, depth: u32) -> Self {
        if depth > MAX_DEPTH {
            return self.clone();
        }
        match &self.0 {
            Node::Missing | Node::Leaf(_) => self.clone(),
            Node::List(_) => {
                let list = Self::list();
                for item in self.items() {
                    list.push(item.convert(rename, is_camel, depth + 1));
                }
                list
            }
            Node::Object(fields) => {
                let object = Self::object();
                for (key, item) in fields.borrow().iter().filter(|(key, _)| key != "__proto__") {
                    let converted = match key.as_str() {
                        "session_fields" if is_camel && item.is_list() => merge_fields(item),
                        "sessionFields" if !is_camel && item.is_object() => split_fields(item),
                        key if is_opaque(key) => item.clone(),
                        _ => item.convert(rename, is_camel, depth + 1),
                    };
                    object.put(&rename(key), converted);
                }
                object
            }
        }
    }
}

/// `[{a: 1}, {b: 2}]` → `{a: 1, b: 2}`.
fn merge_fields(list: &Value) -> Value {
    let merged = Value::object();
    for field in list.items() {
        if let Node::Object(entries) = &field.0 {
            for (key, item) in entries.borrow().iter() {
                merged.put(key, item.clone());
            }
        }
    }
    merged
}

/// `{a: 1, b: 2}` → `[{a: 1}, {b: 2}]`.
fn split_fields(object: &Value) -> Value {
    let list = Value::list();
    if let Node::Object(entries) = &object.0 {
        for (key, item) in entries.borrow().iter() {
            let field = Value::object();
            field.put(key, item.clone());
            list.push(field);
        }
    }
    list
}

fn is_opaque(key: &str) -> bool {
    let key = key.replace('_', "").to_lowercase();
    matches!(
        key.as_str(),
        "properties" | "content" | "textvars" | "customersidestorage" | "details" | "integrations" | "sessionfields"
    )
}

fn camel_key(key: &str) -> String {
    if key.starts_with('_') {
        return key.to_owned();
    }
    let mut result = String::with_capacity(key.len());
    let mut rest = key.chars().peekable();
    while let Some(c) = rest.next() {
        match rest.peek() {
            Some(next) if c == '_' && (next.is_ascii_lowercase() || next.is_ascii_digit()) => {
                result.push(next.to_ascii_uppercase());
                rest.next();
            }
            _ => result.push(c),
        }
    }
    result
}

fn snake_key(key: &str) -> String {
    let mut result = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            result.push('_');
        }
        result.push(c.to_ascii_lowercase());
    }
    result
}

/// A field that is null is none.
fn forget_nulls(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(forget_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(forget_nulls),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

impl Key {
    /// The key of an id.
    pub fn of(text: &str) -> Option<Self> {
        let parts = text.rsplit_once('_').and_then(|(head, tail)| {
            let is_number = tail.bytes().all(|byte| byte.is_ascii_digit()) && !tail.starts_with('0');
            let number = tail.parse::<u32>().ok().filter(|number| is_number && *number < u32::MAX)?;
            Some(u64::from(Id::of(head)?.0.get()) << 32 | u64::from(number))
        });
        let key = parts.or_else(|| Some(u64::from(Id::of(text)?.0.get())))?;
        NonZeroU64::new(key).map(Self)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Node::Leaf(Json::from(text)))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self(Node::Leaf(Json::from(flag)))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        // JavaScript writes 3.0 as `3`; a server that expects an integer must see the same here.
        #[allow(clippy::cast_possible_truncation)]
        let integer = number as i64;
        #[allow(clippy::cast_precision_loss, clippy::float_cmp)]
        let whole = integer as f64 == number;
        Self(Node::Leaf(if whole { Json::from(integer) } else { Json::from(number) }))
    }
}

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        Self::from_name(name)
    }
}
