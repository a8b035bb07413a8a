//! What is set about the office: properties of license and groups, texts, addresses, pages.

use serde_json::{Map, Value, json};

use super::Brain;
use super::error::ApiError;
use super::http::query;
use super::record::{Record, Setting};

/// Keys of settings.
const LICENSE: &str = "properties/license";
const PAGES: &str = "pages";

fn group_key(group: u64) -> String {
    format!("properties/group/{group}")
}

fn url_key(url: &str) -> String {
    format!("url/{url}")
}

fn phrases_key(language: &str) -> String {
    format!("phrases/{language}")
}

impl Brain {
    pub(crate) fn set(&mut self, key: String, value: Value) {
        self.commit(Record::Setting(Setting { key, value }));
    }

    fn object(&self, key: &str) -> Map<String, Value> {
        self.world.settings.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// The properties of the license, or of a group (§2.13): all that is set here may be read.
    pub(crate) fn office_properties(&self, group: Option<u64>) -> Map<String, Value> {
        self.object(&group.map_or_else(|| LICENSE.to_owned(), group_key))
    }

    pub(crate) fn set_office_properties(
        &mut self,
        group: Option<u64>,
        properties: Map<String, Value>,
    ) -> Result<Value, ApiError> {
        if group.is_some_and(|id| !self.world.groups.contains_key(&id)) {
            return Err(ApiError::of("group_not_found"));
        }
        if !properties.values().all(Value::is_object) {
            return Err(ApiError::validation("`properties` must be {namespace: {name: value}}"));
        }
        let key = group.map_or_else(|| LICENSE.to_owned(), group_key);
        let mut own = self.object(&key);
        super::properties::merge(&mut own, &properties);
        self.set(key, Value::Object(own.clone()));
        Ok(Value::Object(own))
    }

    /// §2.20: what was set for an address; this server looks nothing up.
    pub(crate) fn url_info(&self, url: &str) -> Value {
        let mut info = json!({ "url": url });
        if let (Some(into), Some(known)) = (info.as_object_mut(), self.world.settings.get(&url_key(url))) {
            into.extend(known.as_object().cloned().unwrap_or_default());
        }
        info
    }

    pub(crate) fn set_url_info(&mut self, url: &str, info: Map<String, Value>) -> Value {
        self.set(url_key(url), Value::Object(info));
        self.url_info(url)
    }

    pub(crate) fn phrases(&self, language: &str) -> Map<String, Value> {
        self.object(&phrases_key(language))
    }

    pub(crate) fn set_phrases(&mut self, language: &str, phrases: Map<String, Value>) -> Result<Value, ApiError> {
        if !phrases.values().all(Value::is_string) {
            return Err(ApiError::validation("`phrases` must hold strings"));
        }
        let count = phrases.len();
        self.set(phrases_key(language), Value::Object(phrases));
        Ok(json!({ "language": language, "phrases": count }))
    }

    /// The group of the longest text that a page's address contains.
    pub(crate) fn group_of_page(&self, url: &str) -> Option<u64> {
        let pages = self.object(PAGES);
        let fitting = pages.iter().filter(|(part, _)| url.contains(part.as_str()));
        fitting.max_by_key(|(part, _)| part.len()).and_then(|(_, group)| group.as_u64())
    }

    pub(crate) fn set_page_group(&mut self, url: &str, group: u64) -> Result<Value, ApiError> {
        if !self.world.groups.contains_key(&group) {
            return Err(ApiError::of("group_not_found"));
        }
        let mut pages = self.object(PAGES);
        pages.insert(url.to_owned(), json!(group));
        self.set(PAGES.to_owned(), Value::Object(pages));
        Ok(json!({ "url": url, "group_id": group }))
    }

    /// A number that changes whenever something of these settings does: versions of what is asked before a login.
    pub(crate) fn edition(&self, of: &[&str]) -> String {
        let told = self.world.settings.iter().filter(|(key, _)| of.iter().any(|start| key.starts_with(start)));
        // FNV-1a: the same everywhere and in every run.
        let sum = told
            .flat_map(|(key, value)| format!("{key}={value};").into_bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{sum:016x}")
    }
}

/// Properties that a query asks for by namespace and name.
pub(crate) fn asked(mut properties: Map<String, Value>, parameters: &str) -> Value {
    if let Some(namespace) = query(parameters, "namespace").filter(|text| !text.is_empty()) {
        properties.retain(|own, _| *own == namespace);
    }
    if let Some(name) = query(parameters, "name").filter(|text| !text.is_empty()) {
        for names in properties.values_mut().filter_map(Value::as_object_mut) {
            names.retain(|own, _| *own == name);
        }
        properties.retain(|_, names| names.as_object().is_some_and(|names| !names.is_empty()));
    }
    Value::Object(properties)
}
