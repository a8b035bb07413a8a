//! The options of `init`, checked.

use super::ChatError;
use crate::json::{Name, Value, names};

/// What an application configured. Functions among the options stay with the API layer, which says only that they
/// are there.
#[derive(Clone, Debug)]
pub struct Config {
    pub organization_id: String,
    pub client_id: String,
    pub auto_connect: bool,
    pub group_id: Option<f64>,
    pub unique_groups: bool,
    pub region: Option<String>,
    pub page: Value,
    pub referrer: Option<String>,
    pub mobile: bool,
    pub application: Value,
    pub tab_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub token_storage_prefix: String,
    pub api_origin: Option<String>,
    pub accounts_origin: Option<String>,
    pub api_version: String,
    pub stores_token: bool,
    pub send_timeout_ms: u64,
    pub debug: bool,
    /// The application brings its own tokens.
    pub has_identity_provider: bool,
    /// The application says before each login who the customer is.
    pub has_customer_data_provider: bool,
}

const TEXT: &str = "a non-empty string";
const HOUR: f64 = 3_600_000.0;

impl Config {
    /// Reads the options.
    ///
    /// # Errors
    /// `VALIDATION`, naming the first option that is wrong.
    pub fn read(options: &Value) -> Result<Self, ChatError> {
        if !options.is_object() {
            return Err(ChatError::argument("config", "an object"));
        }
        if let Some(platform) = optional_text(options, names::PLATFORM, "platform")?
            && platform != "livechat"
        {
            return Err(ChatError::argument("platform", "\"livechat\""));
        }
        let config = Self {
            organization_id: required_text(options, names::ORGANIZATION_ID_, "organizationId")?,
            client_id: required_text(options, names::CLIENT_ID_, "clientId")?,
            auto_connect: flag(options, names::AUTO_CONNECT, "autoConnect", true)?,
            group_id: group(options)?,
            unique_groups: flag(options, names::UNIQUE_GROUPS, "uniqueGroups", false)?,
            region: optional_text(options, names::REGION, "region")?,
            page: optional_object(options, names::PAGE, "page")?,
            referrer: optional_text(options, names::REFERRER, "referrer")?,
            mobile: flag(options, names::MOBILE, "mobile", false)?,
            application: optional_object(options, names::APPLICATION, "application")?,
            tab_id: optional_text(options, names::TAB_ID_, "tabId")?,
            redirect_uri: optional_text(options, names::REDIRECT_URI_, "redirectUri")?,
            token_storage_prefix: optional_text(options, names::TOKEN_STORAGE_PREFIX, "tokenStoragePrefix")?
                .unwrap_or_else(|| "@@lc_auth_token:".to_owned()),
            api_origin: origin(options, names::API, "endpoints.api")?,
            accounts_origin: origin(options, names::ACCOUNTS, "endpoints.accounts")?,
            api_version: one_of(options, names::API_VERSION, "apiVersion", &["3.6", "3.5"])?,
            stores_token: one_of(options, names::STORAGE, "storage", &["local", "memory"])? == "local",
            send_timeout_ms: millis(options, names::SEND_TIMEOUT_MS, "sendTimeoutMs", HOUR)?,
            debug: flag(options, names::DEBUG, "debug", false)?,
            has_identity_provider: !options.get(names::IDENTITY_PROVIDER).is_missing(),
            has_customer_data_provider: !options.get(names::CUSTOMER_DATA_PROVIDER).is_missing(),
        };
        if config.unique_groups && config.group_id.is_none() {
            return Err(ChatError::argument("groupId", "given together with `uniqueGroups`"));
        }
        if config.region.as_deref().is_some_and(|region| !region.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return Err(ChatError::argument("region", "\"dal\" or \"fra\""));
        }
        Ok(config)
    }

    /// Where the token is kept: one place per organization, and per group when identities are per group.
    pub fn token_key(&self) -> String {
        self.key(&self.token_storage_prefix)
    }

    /// Where the platform's side storage is kept.
    pub fn side_key(&self) -> String {
        self.key("side_storage_")
    }

    fn key(&self, prefix: &str) -> String {
        let key = [prefix, &self.organization_id].concat();
        match self.group_id {
            Some(group) if self.unique_groups => [key.as_str(), ":", &integer(group)].concat(),
            Some(_) | None => key,
        }
    }
}

/// A whole number ≥ 0 in decimal. (Formatting a float would bring its whole machinery into the download.)
pub fn integer(number: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = number as u32;
    let mut digits = String::new();
    let mut unit = 1_000_000_000;
    while unit > 0 {
        let digit = number / unit % 10;
        if digit > 0 || !digits.is_empty() || unit == 1 {
            digits.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
        }
        unit /= 10;
    }
    digits
}

/// Whether it is a whole number that [`integer`] can write.
pub fn is_whole(number: f64) -> bool {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::float_cmp)]
    let is_whole = f64::from(number as u32) == number;
    is_whole
}

fn required_text(options: &Value, name: Name, label: &str) -> Result<String, ChatError> {
    optional_text(options, name, label)?.ok_or_else(|| ChatError::argument(label, TEXT))
}

fn optional_text(options: &Value, name: Name, label: &str) -> Result<Option<String>, ChatError> {
    let value = options.get(name);
    match value.as_text() {
        Some(text) if !text.is_empty() => Ok(Some(text)),
        None if value.is_missing() => Ok(None),
        Some(_) | None => Err(ChatError::argument(label, TEXT)),
    }
}

fn optional_object(options: &Value, name: Name, label: &str) -> Result<Value, ChatError> {
    let value = options.get(name);
    if value.is_missing() || value.is_object() { Ok(value) } else { Err(ChatError::argument(label, "an object")) }
}

fn flag(options: &Value, name: Name, label: &str, default: bool) -> Result<bool, ChatError> {
    let value = options.get(name);
    if value.is_missing() {
        return Ok(default);
    }
    value.as_bool().ok_or_else(|| ChatError::argument(label, "true or false"))
}

fn group(options: &Value) -> Result<Option<f64>, ChatError> {
    let value = options.get(names::GROUP_ID_);
    if value.is_missing() {
        return Ok(None);
    }
    match value.as_number() {
        Some(number) if is_whole(number) => Ok(Some(number)),
        Some(_) | None => Err(ChatError::argument("groupId", "an integer from 0")),
    }
}

fn millis(options: &Value, name: Name, label: &str, default: f64) -> Result<u64, ChatError> {
    let value = options.get(name);
    let number = if value.is_missing() { Some(default) } else { value.as_number() };
    match number {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(number) if (1.0..1e12).contains(&number) => Ok(number as u64),
        Some(_) | None => Err(ChatError::argument(label, "a number of milliseconds above 0")),
    }
}

/// An `http(s)` origin, without its trailing slash.
fn origin(options: &Value, name: Name, label: &str) -> Result<Option<String>, ChatError> {
    let endpoints = optional_object(options, names::ENDPOINTS, "endpoints")?;
    let Some(text) = optional_text(&endpoints, name, label)? else { return Ok(None) };
    let text = text.trim_end_matches('/');
    if text.starts_with("https://") || text.starts_with("http://") {
        Ok(Some(text.to_owned()))
    } else {
        Err(ChatError::argument(label, "an origin such as \"https://chat.example.com\""))
    }
}

fn one_of(options: &Value, name: Name, label: &str, choices: &[&str]) -> Result<String, ChatError> {
    let text = optional_text(options, name, label)?;
    let first = choices.first().copied().unwrap_or_default();
    let text = text.unwrap_or_else(|| first.to_owned());
    if choices.contains(&text.as_str()) {
        return Ok(text);
    }
    let mut expected = String::new();
    for choice in choices {
        if !expected.is_empty() {
            expected.push_str(" or ");
        }
        expected.push('"');
        expected.push_str(choice);
        expected.push('"');
    }
    Err(ChatError::argument(label, &expected))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Result<Config, ChatError> {
        Config::read(&Value::from_json(json))
    }

    #[test]
    fn needs_only_two_options() {
        let config = read(serde_json::json!({ "organizationId": "o", "clientId": "c" })).unwrap();
        assert!(config.auto_connect);
        assert_eq!(config.api_version, "3.6");
        assert_eq!(config.token_key(), "@@lc_auth_token:o");
    }

    #[test]
    fn keeps_one_token_per_group_when_asked() {
        let config =
            read(serde_json::json!({ "organizationId": "o", "clientId": "c", "groupId": 120, "uniqueGroups": true }));
        assert_eq!(config.unwrap().token_key(), "@@lc_auth_token:o:120");
    }

    #[test]
    fn names_the_option_that_is_wrong() {
        let cases = [
            (serde_json::json!(null), "config"),
            (serde_json::json!({ "clientId": "c" }), "organizationId"),
            (serde_json::json!({ "organizationId": "", "clientId": "c" }), "organizationId"),
            (serde_json::json!({ "organizationId": "o", "clientId": 7 }), "clientId"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "groupId": -1 }), "groupId"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "uniqueGroups": true }), "groupId"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "apiVersion": "2.0" }), "apiVersion"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "platform": "icq" }), "platform"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "region": "../x" }), "region"),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "autoConnect": "yes" }), "autoConnect"),
            (
                serde_json::json!({ "organizationId": "o", "clientId": "c", "endpoints": { "api": "x" } }),
                "endpoints.api",
            ),
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "sendTimeoutMs": 0 }), "sendTimeoutMs"),
        ];
        for (options, argument) in cases {
            let error = read(options.clone()).unwrap_err();
            assert_eq!(error.details.unwrap().text(names::ARGUMENT).as_deref(), Some(argument), "{options}");
        }
    }

    #[test]
    fn writes_whole_numbers() {
        for number in [0_u32, 7, 10, 42, 1_000_000_000, u32::MAX] {
            assert_eq!(integer(f64::from(number)), number.to_string());
        }
    }
}
