//! LiveChat's Customer Chat API, versions 3.5 and 3.6, over its RTM socket.
//!
//! "Reference" in this module is LiveChat's Customer Chat API reference (RTM) unless it names another document.

mod decode;
mod methods;
mod reasons;
mod shape;

use std::rc::Rc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::{Id, Key, Value, join, names};
use crate::model::chat::{ChatRecord, EventRecord, ThreadRecord};
use crate::model::config::integer;
use crate::model::{ChatError, Config, UnixMillis};
use crate::session::{
    Adapter, HttpRequest, Inbound, Method, Page, Prepared, Sharing, Summary, Token, Verdict, Welcome,
};

/// LiveChat, as configured.
#[derive(Debug)]
pub struct LiveChat {
    config: Config,
    /// The data centre that the server sent us to, once it has.
    region: Option<String>,
}

impl LiveChat {
    /// An adapter.
    pub fn new(config: &Config) -> Self {
        Self { config: config.clone(), region: config.options.text(names::REGION).filter(|region| region != "dal") }
    }

    /// An address of the accounts service.
    fn accounts_url(&self, path: &str) -> String {
        let origin = self.config.endpoint("accounts").unwrap_or_else(|| "https://accounts.livechat.com".to_owned());
        join(&[&origin, "/v2/customer/", path])
    }

    /// An address of the API; `scheme` is `http` or `ws`.
    fn api_url(&self, scheme: &str, path: &str) -> String {
        let origin = match (self.config.endpoint("api"), &self.region) {
            (Some(origin), _) => join(&[scheme, origin.strip_prefix("http").unwrap_or_default()]),
            (None, Some(region)) => join(&[scheme, "s://api-", region, ".livechatinc.com"]),
            (None, None) => join(&[scheme, "s://api.livechatinc.com"]),
        };
        let mut url = join(&[&origin, "/v", &self.config.api_version, "/customer/", path, "?organization_id="]);
        push_encoded(&mut url, &self.config.organization_id);
        url
    }

    fn web_url(&self, action: &str) -> String {
        self.api_url("http", &join(&["action/", action]))
    }
}

/// What we make ourselves, as fields in order; absent ones are left out.
///
/// A map and not a derived struct: serde-wasm-bindgen keeps a table of the field names of structs, which would be a
/// tenth of the adapter's download.
struct Fields<'a, const N: usize>([(&'a str, Option<&'a str>); N]);

impl<const N: usize> Serialize for Fields<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, field) in &self.0 {
            if let Some(field) = field {
                map.serialize_entry(name, field)?;
            }
        }
        map.end()
    }
}

impl Adapter for LiveChat {
    fn socket_url(&self) -> String {
        self.api_url("ws", "rtm/ws")
    }

    fn sharing(&self) -> Option<Sharing> {
        let options = &self.config.options;
        let is_kept = options.text(names::STORAGE).as_deref() != Some("memory");
        let is_wanted = options.get(names::SHARED_CONNECTION).as_bool() != Some(false);
        let group = options.get(names::GROUP_ID_).as_number().map_or(String::new(), integer);
        (is_kept && is_wanted).then(|| Sharing {
            key: join(&[&self.socket_url(), "&group=", &group]),
            fields: "request_id type push success",
        })
    }

    fn close_verdict(&self, code: u16) -> Verdict {
        reasons::close_verdict(code)
    }

    fn token_request(&self) -> HttpRequest {
        let mut path = String::new();
        if let Some(group) = self.config.own_group {
            push_encoded(&mut path, &self.config.organization_id);
            path.push('/');
            path.push_str(&integer(group));
            path.push('/');
        }
        path.push_str("token");
        let url = self.accounts_url(&path);
        let (client, redirect) =
            (self.config.options.text(names::CLIENT_ID_), self.config.options.text(names::REDIRECT_URI_));
        // Customer authorization, "Cookie grant".
        let body = Value::from_serialize(&Fields([
            ("response_type", Some("token")),
            ("grant_type", Some("cookie")),
            ("client_id", client.as_deref()),
            ("organization_id", Some(&self.config.organization_id)),
            ("redirect_uri", redirect.as_deref()),
        ]));
        HttpRequest { verb: "POST", url, body: Some(body), has_file: false, needs_token: false, with_credentials: true }
    }

    fn read_token(&self, status: u16, body: &Value, now: UnixMillis) -> Result<Token, (ChatError, Verdict)> {
        match (body.text(names::ACCESS_TOKEN), body.text(names::ENTITY_ID), body.get(names::EXPIRES_IN).as_number()) {
            (Some(secret), Some(customer), Some(seconds))
                if !secret.is_empty() && !customer.is_empty() && seconds > 0.0 =>
            {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let lifetime_ms = (seconds * 1_000.0) as u64;
                Ok(Token { secret, customer, lifetime_ms, created: now })
            }
            _ => Err(reasons::token_refusal(status, body)),
        }
    }

    fn login(&self, id: u32, token: &Token, customer: &Value, page: &Value, side_storage: &Value) -> Value {
        let options = &self.config.options;
        // Reference, "Login".
        let payload = Value::object()
            .with(names::TOKEN, join(&["Bearer ", &token.secret]).as_str())
            .with(names::IS_MOBILE, options.flag(names::MOBILE));
        for (name, option) in
            [(names::GROUP_ID, names::GROUP_ID_), (names::REFERRER, names::REFERRER), (names::TAB_ID, names::TAB_ID_)]
        {
            payload.copy_as(name, options, option);
        }
        payload.set(names::CUSTOMER, if customer.is_object() { customer.snake() } else { Value::object() });
        payload.set(
            names::CUSTOMER_SIDE_STORAGE,
            if side_storage.is_object() { side_storage.clone() } else { Value::object() },
        );
        if page.is_object() {
            payload.set(names::CUSTOMER_PAGE, page.snake());
        }
        let application = Value::object().with(names::NAME, "palaver").with(names::VERSION, env!("CARGO_PKG_VERSION"));
        let given = options.get(names::APPLICATION).snake();
        if given.is_object() {
            for name in [names::NAME, names::VERSION, names::CHANNEL_TYPE] {
                application.copy(&given, name);
            }
        }
        payload.set(names::APPLICATION, application);
        request(id, "login", payload).with(names::VERSION, self.config.api_version.as_str())
    }

    fn read_login(&self, payload: &Value) -> Welcome {
        shape::welcome(payload)
    }

    fn login_verdict(&self, error: &ChatError) -> Verdict {
        reasons::login_verdict(error)
    }

    fn ping(&self, id: u32) -> Value {
        request(id, "ping", Value::object())
    }

    fn method(&self, name: &str) -> Option<Method> {
        methods::find(name, &self.config.api_version)
    }

    fn prepare(&self, method: Method, args: &Value, custom_id: Option<Id>) -> Result<Box<Prepared>, ChatError> {
        methods::prepare(self, method, args, custom_id)
    }

    fn read_http(&self, status: u16, body: Value) -> Result<Value, ChatError> {
        reasons::read_http(status, body)
    }

    fn read_event(&self, body: Value) -> Option<Rc<EventRecord>> {
        let thread = body.id(names::THREAD_ID_)?;
        shape::event(body, thread)
    }

    fn restore(&self, payload: Value) -> Option<Box<Prepared>> {
        methods::restore(payload)
    }

    fn event_of(&self, prepared: &Prepared) -> Value {
        prepared.payload.get(names::EVENT).camel()
    }

    fn send_verdict(&self, error: &ChatError) -> Verdict {
        reasons::send_verdict(error)
    }

    fn read_sent(&self, payload: &Value) -> Option<Key> {
        decode::event_id(payload)
    }

    fn blame(&self, method: Method, args: &Value, chat: Option<Id>, error: ChatError) -> ChatError {
        methods::blame(method, args, chat, error)
    }

    fn check_reply(&self, method: Method, payload: &Value) -> Result<(), ChatError> {
        methods::check_reply(method, payload)
    }

    fn frame(&self, prepared: &Prepared, id: u32) -> Value {
        request(id, prepared.action, prepared.payload.clone())
    }

    fn shape(&self, method: Method, args: &Value, payload: &Value) -> Value {
        match methods::Row::of(method).result {
            "camel" => payload.camel(),
            "chat" => {
                let body = payload.camel();
                shape::chat(&body);
                body
            }
            "chats" => shape::chats_page(payload).0,
            "customer" => shape::customer(payload.camel()),
            "form" => shape::form(payload),
            "groups" => payload.get(names::GROUPS_STATUS),
            // Keys that are data: phrases, namespaces, names.
            "raw" => payload.clone(),
            "threads" => shape::threads_page(args.id(names::CHAT_ID_), payload).0,
            "transfer" => {
                let body = payload.camel();
                let seconds = body.get(names::EXPIRES_IN_).as_number().unwrap_or_default();
                body.with(names::EXPIRES_IN_, seconds * 1_000.0)
            }
            "url" => shape::url_info(payload),
            _ => Value::object().with(names::SUCCESS, true),
        }
    }

    fn read_summary(&self, payload: &Value) -> Summary {
        shape::chats_page(payload).1
    }

    fn read_page(&self, chat: Id, payload: &Value) -> Page {
        shape::threads_page(Some(chat), payload).1
    }

    fn read_chat(&self, payload: &Value) -> Option<(Box<ChatRecord>, Option<Box<ThreadRecord>>)> {
        shape::chat(&payload.camel())
    }

    fn decode(&mut self, frame: &Value) -> Inbound {
        let (inbound, region) = decode::frame(frame);
        if let Some(region) = region {
            self.region = Some(region).filter(|region| region != "dal");
        }
        inbound
    }
}

/// A request frame (Reference, "RTM frames"). Ids are numbers written out: short, and unique for the api's life.
fn request(id: u32, action: &str, payload: Value) -> Value {
    Value::object()
        .with(names::REQUEST_ID, integer(f64::from(id)).as_str())
        .with(names::ACTION, action)
        .with(names::PAYLOAD, payload)
}

/// Percent-encodes what is not unreserved in a URL.
fn push_encoded(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            url.push('%');
            for digit in [byte >> 4, byte & 15] {
                url.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn config(json: serde_json::Value) -> Config {
        Config::read(&Value::from_json(json)).unwrap()
    }

    #[test]
    fn finds_the_platform() {
        let adapter = LiveChat::new(&config(serde_json::json!({ "organizationId": "o/1", "clientId": "c" })));
        assert_eq!(adapter.socket_url(), "wss://api.livechatinc.com/v3.6/customer/rtm/ws?organization_id=o%2F1");
        assert_eq!(adapter.token_request().url, "https://accounts.livechat.com/v2/customer/token");
    }

    #[test]
    fn finds_regions_groups_and_rigs() {
        let adapter = LiveChat::new(&config(serde_json::json!({
            "organizationId": "o", "clientId": "c", "region": "fra", "groupId": 7, "uniqueGroups": true, "apiVersion": "3.5",
        })));
        assert_eq!(adapter.socket_url(), "wss://api-fra.livechatinc.com/v3.5/customer/rtm/ws?organization_id=o");
        assert_eq!(adapter.token_request().url, "https://accounts.livechat.com/v2/customer/o/7/token");
        let adapter = LiveChat::new(&config(serde_json::json!({
            "organizationId": "o", "clientId": "c", "endpoints": { "api": "http://localhost:1/", "accounts": "https://a" },
        })));
        assert_eq!(adapter.socket_url(), "ws://localhost:1/v3.6/customer/rtm/ws?organization_id=o");
        assert_eq!(adapter.token_request().url, "https://a/v2/customer/token");
    }

    #[test]
    fn tabs_of_one_group_share_a_line_unless_they_are_not_to() {
        let shared = |more: serde_json::Value| {
            let mut options = serde_json::json!({ "organizationId": "o", "clientId": "c" });
            options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            LiveChat::new(&config(options)).sharing().map(|sharing| sharing.key)
        };
        let key = shared(serde_json::json!({})).unwrap();
        assert_eq!(shared(serde_json::json!({ "sharedConnection": true, "storage": "local" })), Some(key.clone()));
        for other in [
            serde_json::json!({ "groupId": 0 }),
            serde_json::json!({ "region": "fra" }),
            serde_json::json!({ "organizationId": "p" }),
        ] {
            assert!(shared(other.clone()).is_some_and(|shared| shared != key), "{other}");
        }
        for alone in [serde_json::json!({ "sharedConnection": false }), serde_json::json!({ "storage": "memory" })] {
            assert_eq!(shared(alone), None);
        }
    }

    #[test]
    fn logs_in_as_the_reference_says() {
        let adapter = LiveChat::new(&config(serde_json::json!({
            "organizationId": "o", "clientId": "c", "page": { "url": "https://x" }, "application": { "channelType": "code" },
        })));
        let token = Token { secret: "dal:1".into(), customer: "me".into(), lifetime_ms: 1, created: UnixMillis(0) };
        let data = Value::from_json(serde_json::json!({ "name": "Ada", "sessionFields": { "a": "1", "b": "2" } }));
        let frame =
            adapter.login(3, &token, &data, &adapter.config.options.get(names::PAGE), &Value::missing()).to_json();
        assert_eq!(
            frame,
            serde_json::json!({
                "request_id": "3", "action": "login", "version": "3.6",
                "payload": {
                    "token": "Bearer dal:1", "is_mobile": false,
                    "customer": { "name": "Ada", "session_fields": [{ "a": "1" }, { "b": "2" }] },
                    "customer_side_storage": {}, "customer_page": { "url": "https://x" },
                    "application": { "name": "palaver", "version": env!("CARGO_PKG_VERSION"), "channel_type": "code" },
                },
            })
        );
    }
}
