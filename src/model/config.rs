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
    /// Arguments that a method does not take are refused.
    pub is_strict: bool,
    /// The application brings its own tokens.
    pub has_identity_provider: bool,
    /// The application says before each login who the customer is.
    pub has_customer_data_provider: bool,
}

const TEXT: &str = "a non-empty string";
const HOUR_MS: f64 = 3_600_000.0;

impl Config {
    /// Reads the options.
    ///
    /// # Errors
    /// `VALIDATION`, naming the first option that is wrong.
    pub fn read(options: &Value) -> Result<Self, ChatError> {
        if !options.is_object() {
            return Err(ChatError::argument("config", "an object"));
        }
        let mut read = Reader { options: options.clone(), within: "", error: None };
        read.one_of(names::PLATFORM, &["livechat"]);
        let endpoints = read.object(names::ENDPOINTS);
        let config = Self {
            organization_id: read.required(names::ORGANIZATION_ID_),
            client_id: read.required(names::CLIENT_ID_),
            auto_connect: read.flag(names::AUTO_CONNECT, true),
            group_id: read.number(names::GROUP_ID_, "an integer from 0", is_whole),
            unique_groups: read.flag(names::UNIQUE_GROUPS, false),
            region: read.text(names::REGION),
            page: read.object(names::PAGE),
            referrer: read.text(names::REFERRER),
            mobile: read.flag(names::MOBILE, false),
            application: read.object(names::APPLICATION),
            tab_id: read.text(names::TAB_ID_),
            redirect_uri: read.text(names::REDIRECT_URI_),
            token_storage_prefix: read
                .text(names::TOKEN_STORAGE_PREFIX)
                .unwrap_or_else(|| "@@lc_auth_token:".to_owned()),
            api_version: read.one_of(names::API_VERSION, &["3.6", "3.5"]),
            stores_token: read.one_of(names::STORAGE, &["local", "memory"]) == "local",
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            send_timeout_ms: read
                .number(names::SEND_TIMEOUT_MS, "a number of milliseconds above 0", |ms| (1.0..1e12).contains(&ms))
                .unwrap_or(HOUR_MS) as u64,
            debug: read.flag(names::DEBUG, false),
            is_strict: read.flag(names::STRICT, true),
            has_identity_provider: !options.get(names::IDENTITY_PROVIDER).is_missing(),
            has_customer_data_provider: !options.get(names::CUSTOMER_DATA_PROVIDER).is_missing(),
            api_origin: read.origin(&endpoints, names::API),
            accounts_origin: read.origin(&endpoints, names::ACCOUNTS),
        };
        if config.unique_groups && config.group_id.is_none() {
            read.refuse(names::GROUP_ID_, "given together with `uniqueGroups`");
        }
        if config.region.as_deref().is_some_and(|region| !region.bytes().all(|b| b.is_ascii_alphanumeric())) {
            read.refuse(names::REGION, "\"dal\" or \"fra\"");
        }
        read.error.map_or(Ok(config), Err)
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

/// Reads options one by one and keeps the first complaint, so that each option costs a call and not a branch.
struct Reader {
    options: Value,
    /// What stands before the names in complaints.
    within: &'static str,
    error: Option<ChatError>,
}

impl Reader {
    fn refuse(&mut self, name: Name, expected: &str) {
        if self.error.is_none() {
            let label = [self.within, &Value::from_name(name).as_text().unwrap_or_default()].concat();
            self.error = Some(ChatError::argument(&label, expected));
        }
    }

    fn text(&mut self, name: Name) -> Option<String> {
        let value = self.options.get(name);
        let text = value.as_text().filter(|text| !text.is_empty());
        if text.is_none() && !value.is_missing() {
            self.refuse(name, TEXT);
        }
        text
    }

    fn required(&mut self, name: Name) -> String {
        let text = self.text(name);
        if text.is_none() {
            self.refuse(name, TEXT);
        }
        text.unwrap_or_default()
    }

    fn object(&mut self, name: Name) -> Value {
        let value = self.options.get(name);
        if !value.is_missing() && !value.is_object() {
            self.refuse(name, "an object");
        }
        value
    }

    fn flag(&mut self, name: Name, default: bool) -> bool {
        let value = self.options.get(name);
        if !value.is_missing() && value.as_bool().is_none() {
            self.refuse(name, "true or false");
        }
        value.as_bool().unwrap_or(default)
    }

    fn number(&mut self, name: Name, expected: &str, is_right: fn(f64) -> bool) -> Option<f64> {
        let value = self.options.get(name);
        let number = value.as_number().filter(|number| is_right(*number));
        if number.is_none() && !value.is_missing() {
            self.refuse(name, expected);
        }
        number
    }

    /// The first choice is the default.
    fn one_of(&mut self, name: Name, choices: &[&str]) -> String {
        let Some(text) = self.text(name) else { return choices.first().copied().unwrap_or_default().to_owned() };
        if !choices.contains(&text.as_str()) {
            let expected = ["\"", &choices.join("\" or \""), "\""].concat();
            self.refuse(name, &expected);
        }
        text
    }

    /// An `http(s)` origin, without its trailing slash.
    fn origin(&mut self, endpoints: &Value, name: Name) -> Option<String> {
        let mut inner = Self { options: endpoints.clone(), within: "endpoints.", error: self.error.take() };
        let mut text = inner.text(name);
        if let Some(text) = &mut text {
            if text.ends_with('/') {
                text.pop();
            }
            if !text.starts_with("https://") && !text.starts_with("http://") {
                inner.refuse(name, "an origin such as \"https://chat.example.com\"");
            }
        }
        self.error = inner.error;
        text
    }
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
            assert_eq!(error.details.clone().unwrap().text(names::ARGUMENT).as_deref(), Some(argument), "{options}");
        }
    }

    #[test]
    fn writes_whole_numbers() {
        for number in [0_u32, 7, 10, 42, 1_000_000_000, u32::MAX] {
            assert_eq!(integer(f64::from(number)), number.to_string());
        }
    }
}
