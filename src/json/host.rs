//! [`Value`] over the browser's own objects.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::names::TABLE_TEXT;
use super::{Id, Name, Reading};
use crate::model::Micros;

// Numbers are signed, though none is negative: those need no function of the glue's in between.
#[wasm_bindgen(module = "/src/json/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = install)]
    fn js_install(table: &str, memory: &JsValue);
    fn get(value: &JsValue, name: i32) -> JsValue;
    fn word(value: &JsValue) -> i32;
    fn word_at(value: &JsValue, name: i32) -> i32;
    fn text_at(value: &JsValue, name: i32) -> Option<String>;
    fn read(value: &JsValue, places: i32, length: i32, out: i32);
    fn id_of(text: &str) -> u32;
    fn id_at(value: &JsValue, name: i32) -> u32;
    fn text_of_id(id: i32) -> JsValue;
    fn forget_id(id: i32);
    fn put_at(object: &JsValue, id: i32, value: &JsValue);
    fn time(value: &JsValue) -> f64;
    fn iso(millis: f64) -> JsValue;
    fn copy_as(target: &JsValue, name: i32, source: &JsValue, source_name: i32);
    fn text_of(name: i32) -> JsValue;
    fn set(object: &JsValue, name: i32, value: &JsValue);
    fn put(object: &JsValue, key: &str, value: &JsValue);
    fn field(object: &JsValue, key: &str) -> JsValue;
    fn at(list: &JsValue, index: i32) -> JsValue;
    fn push(list: &JsValue, value: &JsValue);
    fn size(value: &JsValue) -> u32;
    fn is_object(value: &JsValue) -> bool;
    fn keys(value: &JsValue) -> JsValue;
    fn object() -> JsValue;
    fn list() -> JsValue;
    fn camel(value: &JsValue) -> JsValue;
    fn camel_at(value: &JsValue, name: i32, template: i32, more: i32, id: i32) -> JsValue;
    fn same_event(one: &JsValue, other: &JsValue) -> bool;
    fn snake(value: &JsValue) -> JsValue;
    fn complete(object: &JsValue, template: i32);
    fn parse(text: &JsValue) -> JsValue;
    fn stringify(value: &JsValue) -> JsValue;
    #[wasm_bindgen(catch, js_name = plain)]
    fn js_plain(value: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/json/check.js")]
extern "C" {
    fn blamed(argument: &str, value: &JsValue, expected: &str) -> JsValue;
    fn misfit(object: &JsValue, table: &str, within: &str) -> JsValue;
    fn stranger(object: &JsValue, table: &str, owner: &str) -> JsValue;
}

/// Hands the table of names to the host. Once, before anything else in this module.
pub fn install() {
    js_install(TABLE_TEXT, &wasm_bindgen::memory());
}

/// A copy of what an application passed in.
///
/// # Errors
/// What reading it threw, or that it nests too deep.
pub fn plain(value: &JsValue) -> Result<Value, JsValue> {
    js_plain(value).map(Value)
}

/// A JSON value; see the [module](super).
#[derive(Clone, Debug)]
pub struct Value(JsValue);

impl Value {
    /// Reads a text; missing if it is no text or not JSON. Of one that is too long only the first level is read: what nests
    /// there becomes 0.
    pub fn parse(text: &JsValue) -> Self {
        Self(parse(text))
    }

    /// Writes the value as JSON.
    pub fn stringify(&self) -> JsValue {
        stringify(&self.0)
    }

    /// Wraps what the host made itself.
    pub const fn from_js(value: JsValue) -> Self {
        Self(value)
    }

    /// The host's value.
    pub const fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// The host's value.
    pub fn into_js(self) -> JsValue {
        self.0
    }

    /// No value.
    pub const fn missing() -> Self {
        Self(JsValue::UNDEFINED)
    }

    /// JSON's null.
    pub const fn null() -> Self {
        Self(JsValue::NULL)
    }

    /// An empty object.
    pub fn object() -> Self {
        Self(object())
    }

    /// An empty list.
    pub fn list() -> Self {
        Self(list())
    }

    /// What serde makes of `data`: absent options stay absent, maps become objects.
    pub fn from_serialize(data: &impl Serialize) -> Self {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        Self(data.serialize(&serializer).unwrap_or(JsValue::NULL))
    }

    /// A known word as text.
    pub fn from_name(name: Name) -> Self {
        Self(text_of(name.index()))
    }

    /// The field called `name`; missing if there is none or this is no object.
    pub fn get(&self, name: Name) -> Self {
        Self(get(&self.0, name.index()))
    }

    /// The text under `name`, if it is text.
    pub fn text(&self, name: Name) -> Option<String> {
        text_at(&self.0, name.index())
    }

    /// Several fields in one crossing; not a number where there is nothing of the kind.
    pub fn read<const N: usize>(&self, reading: &Reading<N>) -> [f64; N] {
        let mut out = [f64::NAN; N];
        let places = reading.places();
        // The host reads and writes the module's memory itself: a view for each would cost more than what it shows.
        #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
        read(&self.0, places.as_ptr() as i32, places.len() as i32, out.as_mut_ptr() as i32);
        out
    }

    /// The id under `name`, if it is a non-empty text.
    pub fn id(&self, name: Name) -> Option<Id> {
        Id::from_number(f64::from(id_at(&self.0, name.index())))
    }

    /// A time as RFC 3339 text with six digits; missing if no calendar reaches it.
    #[allow(clippy::cast_precision_loss)]
    pub fn from_time(at: Micros) -> Self {
        Self(iso(at.millis() as f64))
    }

    /// Writes a field whose key is an id.
    pub fn put_at(&self, id: Id, value: impl Into<Self>) {
        put_at(&self.0, id.number(), &value.into().0);
    }

    /// The time, if it is an RFC 3339 text.
    pub fn as_time(&self) -> Option<Micros> {
        Micros::from_number(time(&self.0))
    }

    /// Which known word stands under `name`.
    pub fn word(&self, name: Name) -> Option<Name> {
        Name::from_index(word_at(&self.0, name.index()))
    }

    /// Copies `source_name` from `source` to `name` if it is there.
    pub fn copy_as(&self, name: Name, source: &Self, source_name: Name) {
        copy_as(&self.0, name.index(), &source.0, source_name.index());
    }

    /// Writes a field of an object.
    pub fn set(&self, name: Name, value: impl Into<Self>) {
        set(&self.0, name.index(), &value.into().0);
    }

    /// Writes a field whose key is data.
    pub fn put(&self, key: &str, value: impl Into<Self>) {
        put(&self.0, key, &value.into().0);
    }

    /// Reads a field whose key is data.
    pub fn field(&self, key: &str) -> Self {
        Self(field(&self.0, key))
    }

    /// The element at `index` of a list.
    pub fn at(&self, index: u32) -> Self {
        Self(at(&self.0, index.cast_signed()))
    }

    /// Appends to a list.
    pub fn push(&self, value: impl Into<Self>) {
        push(&self.0, &value.into().0);
    }

    /// The length of a list; 0 if it is none.
    #[allow(clippy::len_without_is_empty)] // nobody asks
    pub fn len(&self) -> u32 {
        size(&self.0)
    }

    /// Whether there is nothing: absent or null.
    pub fn is_missing(&self) -> bool {
        self.0.is_undefined() || self.0.is_null()
    }

    /// Whether it is an object and no list.
    pub fn is_object(&self) -> bool {
        is_object(&self.0)
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        js_sys::Array::is_array(&self.0)
    }

    /// An object's keys.
    pub fn keys(&self) -> Self {
        Self(keys(&self.0))
    }

    /// What is said of a wrong value: a list of the details (`argument`, `expected`, and the value's `kind`: `"nothing"`,
    /// `"array"` or JavaScript's `typeof`) and the message.
    #[must_use]
    pub fn blamed(&self, argument: &str, expected: &str) -> Self {
        Self(blamed(argument, &self.0, expected))
    }

    /// The same of the first field that is not of the kind that a table says (see `model::check`); missing if there is none.
    #[must_use]
    pub fn misfit(&self, table: &str, within: &str) -> Self {
        Self(misfit(&self.0, table, within))
    }

    /// The same of the first field that the table does not name.
    #[must_use]
    pub fn stranger(&self, table: &str, owner: &str) -> Self {
        Self(stranger(&self.0, table, owner))
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// Whether it is text.
    pub fn is_text(&self) -> bool {
        self.0.is_string()
    }

    /// Which known word it is.
    pub fn as_word(&self) -> Option<Name> {
        Name::from_index(word(&self.0))
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    /// A copy with camelCase keys; `session_fields` becomes an object. Subtrees that belong to applications stay.
    #[must_use]
    pub fn camel(&self) -> Self {
        Self(camel(&self.0))
    }

    /// The same of the field called `name`, in one crossing, completed from a template and with one field more.
    #[must_use]
    pub fn camel_at(&self, name: Name, template: Name, (more, id): (Name, Id)) -> Self {
        Self(camel_at(&self.0, name.index(), template.index(), more.index(), id.number()))
    }

    /// Gives an object the fields of a template that it lacks. The template is a word of the table: a JSON object of
    /// texts, numbers, truth values, nulls, and empty objects and lists.
    pub fn complete(&self, template: Name) {
        complete(&self.0, template.index());
    }

    /// Whether two readings of an event, in the page's shape, show the same: its properties, times and addressees aside.
    pub fn is_same_event(&self, other: &Self) -> bool {
        same_event(&self.0, &other.0)
    }

    /// The reverse of [`Value::camel`].
    #[must_use]
    pub fn snake(&self) -> Self {
        Self(snake(&self.0))
    }
}

impl Id {
    const fn number(self) -> i32 {
        self.0.get().cast_signed()
    }

    /// The number of a text.
    pub fn of(text: &str) -> Option<Self> {
        Self::from_number(f64::from(id_of(text)))
    }

    /// The text.
    pub fn value(self) -> Value {
        Value(text_of_id(self.number()))
    }

    /// Nobody asks for its text any more.
    pub fn forget(self) {
        forget_id(self.number());
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(JsValue::from_str(text))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self(JsValue::from_bool(flag))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self(JsValue::from_f64(number))
    }
}

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        Self::from_name(name)
    }
}
