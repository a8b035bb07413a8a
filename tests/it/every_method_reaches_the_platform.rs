//! Each method says the platform's words, and comes back in the page's.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::hand::Hand;
use crate::methods::methods;
use crate::methods_of_a_chat_reach_the_platform::{events, properties, the_chat, the_thread};
use crate::sim::Sim;

/// A connected customer, and which methods were tried.
pub struct Story {
    pub sim: Sim,
    tried: BTreeSet<&'static str>,
}

impl Story {
    /// Calls a method; the session must send just this frame of the action. Returns the result.
    pub fn ask(&mut self, method: &'static str, args: &Json, action: &str, payload: &Json) -> Json {
        let before = self.sim.sent.len();
        let result = self.sim.ask(method, args.clone()).unwrap_or_else(|error| panic!("{method} {args}: {error:?}"));
        let sent: Vec<&Json> = self.sim.sent[before..].iter().filter(|frame| frame["action"] == action).collect();
        assert_eq!(sent.len(), 1, "{method} sends one {action}: {sent:?}");
        assert_eq!(sent[0]["payload"], *payload, "{method}");
        let keys: Vec<&String> = sent[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["request_id", "action", "payload"], "{method}");
        self.tried.insert(method);
        result
    }

    /// The same for one that has nothing to say but that it was done.
    pub fn tell(&mut self, method: &'static str, args: &Json, action: &str, payload: &Json) {
        assert_eq!(self.ask(method, args, action, payload), json!({ "success": true }), "{method}");
        self.sim.run(100);
    }

    /// Calls a method that goes over HTTP; what it asks is looked at without a server.
    fn web(&mut self, method: &'static str, args: &Json, verb: &str, address: &str, body: &Json) -> Json {
        let mut hand = Hand::live(&json!({ "endpoints": { "api": "https://api.x", "accounts": "https://acc.x" } }));
        hand.call(method, args.clone());
        let asked = hand.last_asked();
        assert_eq!((asked.verb, asked.url.as_str(), &asked.body), (verb, address, body), "{method}");
        assert!(!asked.has_file && !asked.with_credentials, "{method}");
        assert_eq!(asked.token.is_some(), verb != "GET", "{method}");
        self.tried.insert(method);
        self.sim.ask(method, args.clone()).unwrap_or_else(|error| panic!("{method} {args}: {error:?}"))
    }
}

fn keys(value: &Json) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().map(String::as_str).collect()
}

pub fn has(value: &Json, names: &[&str]) {
    for name in names {
        assert!(keys(value).contains(name), "{name} is missing in {value}");
    }
}

fn api(action: &str, query: &str) -> String {
    format!("https://api.x/v3.6/customer/action/{action}?organization_id=org{query}")
}

#[test]
fn each_one() {
    let mut story = Story { sim: Sim::connected(), tried: BTreeSet::new() };
    the_customer(&mut story);
    the_office(&mut story);
    greetings(&mut story);
    let (chat, thread) = the_chat(&mut story);
    events(&mut story, &chat, &thread);
    properties(&mut story, &chat, &thread);
    the_thread(&mut story, &chat, &thread);
    the_web(&mut story);
    // What the token service, uploads and the outbox do are stories of their own (`calls_over_http`,
    // `the_outbox_outlives_the_page`).
    let elsewhere = [
        "acceptIdentityTransfer",
        "discard",
        "getFreshToken",
        "getToken",
        "hasToken",
        "invalidate",
        "logout",
        "requestIdentityTransfer",
        "retry",
        "uploadFile",
    ];
    let all: BTreeSet<&str> = methods().into_iter().map(|(name, ..)| name).collect();
    let mut tried = story.tried;
    tried.extend(elsewhere);
    assert_eq!(tried, all);
}

fn the_customer(story: &mut Story) {
    story.tell(
        "updateCustomer",
        &json!({
            "name": "Ada Byron", "email": "ada@example.com", "avatar": "https://example.com/a.png",
            "sessionFields": { "plan_type": "pro", "aB": "2" }, "address": { "city": "London", "postalCode": "W1" },
        }),
        "update_customer",
        &json!({
            "name": "Ada Byron", "email": "ada@example.com", "avatar": "https://example.com/a.png",
            "session_fields": [{ "plan_type": "pro" }, { "aB": "2" }],
            "address": { "city": "London", "postal_code": "W1" },
        }),
    );
    assert_eq!(story.sim.told("customer_updated")[0]["name"], "Ada Byron");
    let omnichannel = json!({ "twilio": { "phoneNumber": "+441" } });
    story.tell(
        "updateCustomer",
        &json!({ "omnichannel": omnichannel }),
        "update_customer",
        &json!({ "omnichannel": { "twilio": { "phone_number": "+441" } } }),
    );
    let customer = story.ask("getCustomer", &json!({}), "get_customer", &json!({}));
    assert_eq!(customer["id"], *story.sim.told("customer_id")[0]);
    assert_eq!(customer["type"], "customer");
    assert_eq!(customer["sessionFields"], json!({ "plan_type": "pro", "aB": "2" }));
    has(&customer["statistics"], &["chatsCount", "threadsCount", "visitsCount", "pageViewsCount"]);
    has(&customer["statistics"], &["greetingsShownCount", "greetingsAcceptedCount"]);
    story.tell(
        "setCustomerSessionFields",
        &json!({ "sessionFields": { "z": "1", "a": "2" } }),
        "set_customer_session_fields",
        &json!({ "session_fields": [{ "z": "1" }, { "a": "2" }] }),
    );
    let fields = story.ask("getCustomer", &Json::Null, "get_customer", &json!({}))["sessionFields"].clone();
    assert_eq!(keys(&fields), ["z", "a"], "their order is kept");
    let page = json!({ "url": "https://shop.example/fern", "title": "Fern" });
    let result = story.ask("updateCustomerPage", &page, "update_customer_page", &page);
    assert_eq!(result, Json::Null, "nobody waits for it");
}

fn the_office(story: &mut Story) {
    let form = json!({ "id": "form_1", "fields": [{ "type": "email", "label": "E-mail", "required": true }] });
    story.sim.agent(json!({ "form": { "group_id": 1, "type": "ticket", "form": form } }));
    let all = story.ask("listGroupStatuses", &json!({}), "list_group_statuses", &json!({ "all": true }));
    assert_eq!(all, json!({ "0": "online", "1": "online" }));
    let args = json!({ "groupIds": [1, 77] });
    let some = story.ask("listGroupStatuses", &args, "list_group_statuses", &json!({ "group_ids": [1, 77] }));
    assert_eq!(some, json!({ "1": "online" }), "unknown ones are left out");

    let args = json!({ "groupId": 0, "type": "prechat" });
    let none = story.ask("getForm", &args, "get_form", &json!({ "group_id": 0, "type": "prechat" }));
    assert_eq!(none, json!({ "enabled": false }));
    let args = json!({ "groupId": 1, "type": "ticket" });
    let ticket = story.ask("getForm", &args, "get_form", &json!({ "group_id": 1, "type": "ticket" }));
    assert_eq!(ticket["enabled"], true);
    assert_eq!(ticket["form"]["fields"][0]["id"], "0", "fields without ids are numbered");

    let agent = story.ask("getPredictedAgent", &json!({}), "get_predicted_agent", &json!({}));
    let args = json!({ "groupId": 0 });
    let same = story.ask("getPredictedAgent", &args, "get_predicted_agent", &json!({ "group_id": 0 }));
    assert_eq!(agent, same);
    has(&agent["agent"], &["id", "type", "name", "avatar", "jobTitle", "isBot"]);
    assert_eq!(agent["queue"], false);

    story.sim.agent(json!({ "url_info": {
        "url": "https://fern.example", "title": "Ferns", "image_url": "//cdn.example/f.png", "image_width": 3,
    } }));
    let args = json!({ "url": "https://fern.example" });
    let info = story.ask("getUrlInfo", &args, "get_url_info", &args);
    assert_eq!(info["title"], "Ferns");
    assert_eq!(info["imageUrl"], "https://cdn.example/f.png");
    assert_eq!(info["imageWidth"], 3);
}

fn greetings(story: &mut Story) {
    let button = json!({ "type": "message", "text": "Yes", "value": "yes", "postback_id": "yes" });
    let event = json!({ "type": "rich_message", "template_id": "quick_replies", "elements": [
        { "title": "Need a hand?", "buttons": [button] },
    ] });
    story.sim.agent(json!({ "greeting": { "event": event, "id": 12 } }));
    story.sim.run(100);
    let greeting = story.sim.told("incoming_greeting")[0].clone();
    assert_eq!((&greeting["id"], &greeting["accepted"], &greeting["addon"]), (&json!(12), &json!(false), &Json::Null));
    assert_eq!((&greeting["subtype"], &greeting["event"]["threadId"]), (&json!("greeting"), &Json::Null));
    let shown = &greeting["event"]["elements"][0]["buttons"][0];
    assert_eq!((&shown["role"], &shown["userIds"]), (&json!("default"), &json!([])));
    has(&greeting["agent"], &["id", "name", "avatar", "jobTitle", "isBot"]);
    let id = greeting["uniqueId"].clone();
    story.tell(
        "acceptGreeting",
        &json!({ "greetingId": 12, "uniqueId": id }),
        "accept_greeting",
        &json!({ "greeting_id": 12, "unique_id": id }),
    );
    assert_eq!(*story.sim.told("greeting_accepted")[0], json!({ "uniqueId": id }));
    story.tell(
        "sendGreetingButtonClicked",
        &json!({ "greetingUniqueId": id, "buttonId": "yes" }),
        "send_greeting_button_clicked",
        &json!({ "greeting_unique_id": id, "button_id": "yes" }),
    );
    story.tell("cancelGreeting", &json!({ "uniqueId": id }), "cancel_greeting", &json!({ "unique_id": id }));
    assert_eq!(*story.sim.told("greeting_canceled")[0], json!({ "uniqueId": id }));
}

fn the_web(story: &mut Story) {
    story.sim.agent(json!({ "license_properties": { "properties": { "lc_a": { "aB_c": 1, "other": 2 } } } }));
    story.sim.agent(json!({ "group_properties": { "group_id": 1, "properties": { "lc_a": { "aB_c": 3 } } } }));
    story.sim.agent(json!({ "localization": { "language": "pl", "phrases": { "Some_phrase": "Cześć %name%" } } }));
    let done = json!({ "success": true });
    let result = story.web(
        "checkGoals",
        &json!({ "pageUrl": "https://x/?a=b", "groupId": 1, "sessionFields": { "a_b": "1" } }),
        "POST",
        &api("check_goals", ""),
        &json!({ "page_url": "https://x/?a=b", "group_id": 1, "session_fields": [{ "a_b": "1" }] }),
    );
    assert_eq!(result, done);
    let result = story.web(
        "checkGoals",
        &json!({ "pageUrl": "https://x" }),
        "POST",
        &api("check_goals", ""),
        &json!({ "page_url": "https://x", "session_fields": [], "group_id": 0 }),
    );
    assert_eq!(result, done);
    let result = story.web(
        "requestEmailVerification",
        &json!({ "callbackUri": "https://x/cb" }),
        "POST",
        &api("request_email_verification", ""),
        &json!({ "callback_uri": "https://x/cb" }),
    );
    assert_eq!(result, done);

    let page = json!({ "groupId": 1, "url": "https://x/?a=b&ć", "channelType": "code", "test": true });
    let query = "&group_id=1&url=https%3A%2F%2Fx%2F%3Fa%3Db%26%C4%87&channel_type=code&test=1";
    let address = api("get_dynamic_configuration", query);
    let config = story.web("getDynamicConfiguration", &page, "GET", &address, &Json::Null);
    has(&config, &["organizationId", "defaultWidget", "livechatActive", "livechat"]);
    let inner = &config["livechat"];
    has(inner, &["groupId", "clientLimitExceeded", "domainAllowed", "onlineGroupIds", "configVersion", "language"]);
    assert_eq!(inner["groupId"], 1);
    let bare = json!({ "test": false });
    story.web("getDynamicConfiguration", &bare, "GET", &api("get_dynamic_configuration", ""), &Json::Null);

    let version = inner["configVersion"].as_str().unwrap();
    let args = json!({ "groupId": 1, "version": version });
    let address = api("get_configuration", &format!("&group_id=1&version={version}"));
    let config = story.web("getConfiguration", &args, "GET", &address, &Json::Null);
    has(&config, &["buttons", "integrations", "properties"]);
    assert_eq!(config["properties"]["group"], json!({ "lc_a": { "aB_c": 3 } }), "properties stay as they are");
    has(&config["buttons"][0], &["id", "type", "onlineValue", "offlineValue"]);

    let args = json!({ "groupId": 1, "language": "pl", "version": "l 1" });
    let address = api("get_localization", "&group_id=1&language=pl&version=l%201");
    let phrases = story.web("getLocalization", &args, "GET", &address, &Json::Null);
    assert_eq!(phrases["Some_phrase"], "Cześć %name%", "phrases keep their keys");

    let address = api("list_license_properties", "");
    let all = story.web("listLicenseProperties", &Json::Null, "GET", &address, &Json::Null);
    assert_eq!(all["lc_a"], json!({ "aB_c": 1, "other": 2 }));
    let args = json!({ "namespace": "lc_a", "name": "aB_c" });
    let address = api("list_license_properties", "&namespace=lc_a&name=aB_c");
    let one = story.web("listLicenseProperties", &args, "GET", &address, &Json::Null);
    assert_eq!(one, json!({ "lc_a": { "aB_c": 1 } }));
    let args = json!({ "id": 1, "namespace": "lc_a" });
    let address = api("list_group_properties", "&id=1&namespace=lc_a");
    let group = story.web("listGroupProperties", &args, "GET", &address, &Json::Null);
    assert_eq!(group, json!({ "lc_a": { "aB_c": 3 } }));
}
