//! The options of `init`, checked.

use super::{ChatError, check};
use crate::json::{Value, join, names};

/// What an application may configure; see [`check`].
const OPTIONS: &str = "platform?:platform organizationId:text clientId:text autoConnect?:flag groupId?:int \
uniqueGroups?:flag region?:region page?:object page.url?:string page.title?:string referrer?:string mobile?:flag \
application?:object application.name?:any application.version?:any application.channelType?:any tabId?:text \
redirectUri?:text customerDataProvider?:any identityProvider?:any tokenStoragePrefix?:text endpoints?:object \
endpoints.api?:origin endpoints.accounts?:origin apiVersion?:version storage?:storage sharedConnection?:flag \
sendTimeoutMs?:millis debug?:flag strict?:flag webSocket?:any resume?:map";

/// What an application configured. Functions among the options stay with the API layer, which says only that they
/// are there.
#[derive(Clone, Debug)]
pub struct Config {
    /// All options; who needs one of them once reads it here.
    pub options: Value,
    pub organization_id: String,
    /// The group that the identity is for, if each has its own.
    pub own_group: Option<f64>,
    pub api_version: String,
    pub send_timeout_ms: u64,
    /// Arguments that a method does not take are refused, and options that there are not.
    pub is_strict: bool,
    /// The application brings its own tokens.
    pub has_identity_provider: bool,
    /// The application says before each login who the customer is.
    pub has_customer_data_provider: bool,
}

const HOUR_MS: f64 = 3_600_000.0;

impl Config {
    /// Reads the options.
    ///
    /// # Errors
    /// `VALIDATION`, naming the first option that is wrong.
    pub fn read(options: &Value) -> Result<Self, ChatError> {
        if !options.is_object() {
            return Err(ChatError::argument("config", options, "an object"));
        }
        let is_strict = options.get(names::STRICT).as_bool() != Some(false);
        if is_strict {
            check::surplus(OPTIONS, options, "init (see `Config` in the package's types)")?;
        }
        check::object(OPTIONS, options, "")?;
        let given = options.get(names::GROUP_ID_);
        let group = given.as_number();
        let is_per_group = options.flag(names::UNIQUE_GROUPS);
        if is_per_group && group.is_none() {
            return Err(ChatError::argument("groupId", &given, "given together with `uniqueGroups`"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let send_timeout_ms = options.get(names::SEND_TIMEOUT_MS).as_number().unwrap_or(HOUR_MS) as u64;
        Ok(Self {
            options: options.clone(),
            organization_id: options.text(names::ORGANIZATION_ID_).unwrap_or_default(),
            own_group: group.filter(|_| is_per_group),
            api_version: options.text(names::API_VERSION).unwrap_or_else(|| "3.6".to_owned()),
            send_timeout_ms,
            is_strict,
            has_identity_provider: !options.get(names::IDENTITY_PROVIDER).is_missing(),
            has_customer_data_provider: !options.get(names::CUSTOMER_DATA_PROVIDER).is_missing(),
        })
    }

    /// Whether to connect without being asked.
    pub fn connects_itself(&self) -> bool {
        self.options.get(names::AUTO_CONNECT).as_bool() != Some(false)
    }

    /// Where the token is kept: one place per organization, and per group when identities are per group. Nowhere if the
    /// application brings its own, or wants it so.
    pub fn token_key(&self) -> Option<String> {
        let is_kept = !self.has_identity_provider && self.options.text(names::STORAGE).as_deref() != Some("memory");
        let prefix = self.options.text(names::TOKEN_STORAGE_PREFIX);
        is_kept.then(|| self.key(prefix.as_deref().unwrap_or("@@lc_auth_token:")))
    }

    /// Where the platform's side storage is kept.
    pub fn side_key(&self) -> String {
        self.key("side_storage_")
    }

    /// An origin to talk to instead of the platform's own, without its trailing slash.
    pub fn endpoint(&self, name: &str) -> Option<String> {
        let mut origin = self.options.get(names::ENDPOINTS).field(name).as_text()?;
        if origin.ends_with('/') {
            origin.pop();
        }
        Some(origin)
    }

    fn key(&self, prefix: &str) -> String {
        let key = join(&[prefix, &self.organization_id]);
        match self.own_group {
            Some(group) => join(&[key.as_str(), ":", &integer(group)]),
            None => key,
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
        assert!(config.connects_itself());
        assert_eq!(config.api_version, "3.6");
        assert_eq!(config.token_key().as_deref(), Some("@@lc_auth_token:o"));
    }

    #[test]
    fn keeps_one_token_per_group_when_asked() {
        let config =
            read(serde_json::json!({ "organizationId": "o", "clientId": "c", "groupId": 120, "uniqueGroups": true }));
        assert_eq!(config.unwrap().token_key().as_deref(), Some("@@lc_auth_token:o:120"));
    }

    #[test]
    fn keeps_no_token_that_is_not_its_own_or_that_it_is_not_to_keep() {
        for (option, value) in [("identityProvider", serde_json::json!(true)), ("storage", serde_json::json!("memory"))]
        {
            let mut options = serde_json::json!({ "organizationId": "o", "clientId": "c" });
            options[option] = value;
            assert_eq!(read(options).unwrap().token_key(), None, "{option}");
        }
        let options = serde_json::json!({ "organizationId": "o", "clientId": "c", "tokenStoragePrefix": "mine:" });
        let config = read(options).unwrap();
        assert_eq!((config.token_key().as_deref(), config.side_key().as_str()), (Some("mine:o"), "side_storage_o"));
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
            (serde_json::json!({ "organizationId": "o", "clientId": "c", "storage": "disk" }), "storage"),
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

    #[allow(clippy::unwrap_in_result)] // a test's panics are its findings
    fn refusal(more: &serde_json::Value) -> Option<(String, ChatError)> {
        let mut options = serde_json::json!({ "organizationId": "o", "clientId": "c" });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let error = read(options).err()?;
        assert_eq!(error.code, "VALIDATION");
        Some((error.details.clone().unwrap().text(names::ARGUMENT).unwrap(), error))
    }

    #[test]
    fn names_the_option_that_a_misspelt_one_is_meant_for() {
        let cases = [
            ("groupid", "groupId"),
            ("group_id", "groupId"),
            ("grupId", "groupId"),
            ("autoconnect", "autoConnect"),
            ("endpoint", "endpoints"),
            ("webSockets", "webSocket"),
            ("identityprovider", "identityProvider"),
            ("customerDataProvder", "customerDataProvider"),
            ("Debug", "debug"),
            ("pgae", "page"),
        ];
        for (given, meant) in cases {
            let (argument, error) = refusal(&serde_json::json!({ given: true })).unwrap();
            assert_eq!(argument, given);
            assert!(error.message.contains(&join(&["did you mean `", meant, "`?"])), "{}", error.message);
        }
        let within = [
            (serde_json::json!({ "endpoints": { "Api": "https://x" } }), "endpoints.Api", "api"),
            (serde_json::json!({ "endpoints": { "account": "https://x" } }), "endpoints.account", "accounts"),
            (serde_json::json!({ "page": { "uri": "https://x" } }), "page.uri", "url"),
            (
                serde_json::json!({ "application": { "channel_type": "code" } }),
                "application.channel_type",
                "channelType",
            ),
        ];
        for (options, given, meant) in within {
            let (argument, error) = refusal(&options).unwrap();
            assert_eq!(argument, given);
            assert!(error.message.contains(&join(&["did you mean `", meant, "`?"])), "{}", error.message);
        }
        let missing = read(serde_json::json!({ "organisationId": "o", "clientId": "c" })).unwrap_err();
        assert!(missing.message.contains("did you mean `organizationId`?"), "{}", missing.message);
        let (argument, error) = refusal(&serde_json::json!({ "colour": "red" })).unwrap();
        assert_eq!(argument, "colour");
        assert!(error.message.contains("`Config` in the package's types"), "{}", error.message);
    }

    #[test]
    fn passes_over_misspelt_options_when_it_is_not_strict() {
        let lenient = serde_json::json!({ "strict": false, "groupid": 1, "colour": "red", "page": { "uri": 1 } });
        assert!(refusal(&lenient).is_none());
        assert_eq!(refusal(&serde_json::json!({ "strict": "no", "groupid": 1 })).unwrap().0, "groupid");
    }

    #[test]
    fn takes_every_option_of_the_vendors() {
        let options = serde_json::json!({
            "autoConnect": true, "groupId": 0, "uniqueGroups": true, "region": "dal", "page": { "url": "", "title": "" },
            "referrer": "", "mobile": true, "application": { "name": "n", "version": 3, "channelType": "code" },
            "customerDataProvider": true, "identityProvider": true, "tokenStoragePrefix": "p", "redirectUri": "app:/x",
            "tabId": "t",
        });
        assert!(refusal(&options).is_none(), "{:?}", refusal(&options));
    }

    #[test]
    fn takes_origins_only() {
        let good = [
            "http://localhost:8080",
            "https://chat.example.com/",
            "https://x",
            "http://127.0.0.1:1",
            "http://[::1]:8080/",
            "http://[::1]",
            "https://a-b.c_d.example:65535",
            "https://müller.example",
            "https://チャット.example",
        ];
        for origin in good {
            for name in ["api", "accounts"] {
                assert!(refusal(&serde_json::json!({ "endpoints": { name: origin } })).is_none(), "{origin}");
            }
        }
        let bad = [
            "http://localhost:8080/v3.6",
            "https://x//",
            "https://x/?a",
            "https://x?a=b",
            "https://x#f",
            "https://me:pw@x",
            "https://me@x/",
            "localhost:8080",
            "localhost",
            "//x",
            "ws://x",
            "wss://x",
            "ftp://x",
            "https:/x",
            "https:x",
            "https://",
            "http:///",
            " https://x",
            "https://x ",
            "https://x\t",
            "https://x\n",
            "https://a b",
            "https://x\u{a0}",
            "https://x:80a",
            "https://x:65536",
            "https://x:123456",
            "https://x:-1",
            "https://x:80:90",
            "https://[::1",
            "https://[]",
            "https://[::1]x",
            "https://[x]",
            "https://x\\y",
            "",
            "HTTPS//x",
            "https://x<y",
        ];
        for origin in bad {
            for name in ["api", "accounts"] {
                let (argument, error) = refusal(&serde_json::json!({ "endpoints": { name: origin } })).expect(origin);
                assert_eq!(argument, join(&["endpoints.", name]), "{origin}");
                assert!(error.message.contains("give the origin only"), "{}", error.message);
                assert!(error.message.contains("(given: string"), "{}", error.message);
                let is_public = origin.bytes().all(|b| b.is_ascii_alphanumeric() || b"_ .:/-".contains(&b));
                let is_shown = error.message.ends_with(&join(&["(given: string \"", origin, "\")"]));
                assert_eq!(is_shown, is_public && !origin.is_empty(), "{}", error.message);
                assert!(!error.message.contains("pw"), "{}", error.message);
            }
        }
        for odd in [serde_json::json!(8080), serde_json::json!({}), serde_json::json!(["https://x"])] {
            let (argument, error) = refusal(&serde_json::json!({ "endpoints": { "api": odd } })).unwrap();
            assert_eq!(argument, "endpoints.api");
            assert!(error.message.contains("give the origin only"), "{}", error.message);
        }
        let long = join(&["https://x/", &"y".repeat(10_000)]);
        assert!(refusal(&serde_json::json!({ "endpoints": { "api": long } })).unwrap().1.message.len() < 300);
    }

    #[test]
    fn takes_no_address_of_another_kind() {
        for (option, argument) in [
            (serde_json::json!({ "page": { "url": 7 } }), "page.url"),
            (serde_json::json!({ "page": { "title": {} } }), "page.title"),
            (serde_json::json!({ "referrer": 7 }), "referrer"),
        ] {
            assert_eq!(refusal(&option).unwrap().0, argument);
        }
    }

    #[test]
    fn writes_whole_numbers() {
        for number in [0_u32, 7, 10, 42, 1_000_000_000, u32::MAX] {
            assert_eq!(integer(f64::from(number)), number.to_string());
        }
    }
}
