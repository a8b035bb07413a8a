//! Greetings (§2.22, §4.10) and welcome messages (§2.19): what somebody is shown before there is a chat.

use serde_json::{Map, Value, json};

use super::args::Args;
use super::error::ApiError;
use super::record::{Greeting, Record};
use super::requests::Caller;
use super::threads::Draft;
use super::{Brain, time};

/// Shown unless another text is set.
const WELCOME: &str = "Hello! How can we help you?";
/// Where the text of welcome messages is set.
pub(crate) const WELCOME_KEY: &str = "welcome_message";

/// What a new greeting is made of.
pub(crate) struct Shown {
    pub(crate) id: u64,
    pub(crate) event: Map<String, Value>,
    pub(crate) addon: Option<String>,
    pub(crate) subtype: Option<String>,
    pub(crate) is_exit_intent: bool,
}

/// A welcome message that was shown, for the chat that takes it in.
#[derive(Debug)]
pub(crate) struct Welcome {
    agent: String,
    text: String,
}

impl Brain {
    /// Shows a greeting; the one shown before gives way.
    pub(crate) fn show_greeting(
        &mut self,
        organization: &str,
        customer: &str,
        agent: &str,
        shown: Shown,
    ) -> Result<Value, ApiError> {
        self.withdraw_greeting(organization, customer);
        let earlier = self.world.greetings.get(customer);
        let greeting = Greeting {
            unique_id: self.random.short_id(),
            id: shown.id,
            organization_id: organization.to_owned(),
            customer_id: customer.to_owned(),
            agent_id: agent.to_owned(),
            event: shown.event,
            addon: shown.addon,
            subtype: shown.subtype,
            is_exit_intent: shown.is_exit_intent,
            displayed_first_time: !earlier.is_some_and(|all| all.iter().any(|greeting| greeting.id == shown.id)),
            is_accepted: false,
            is_open: true,
            clicks: Vec::new(),
        };
        self.commit(Record::Greeting(greeting.clone()));
        let payload = self.greeting_json(&greeting);
        self.push(organization, customer, "incoming_greeting", &payload, None);
        self.watch_visitors();
        Ok(json!({ "customer_id": customer, "id": greeting.id, "unique_id": greeting.unique_id }))
    }

    /// Takes the shown greeting away; tells whether there was one.
    pub(crate) fn withdraw_greeting(&mut self, organization: &str, customer: &str) -> bool {
        let Some(mut greeting) = self.open_greeting(organization, customer).cloned() else {
            return false;
        };
        greeting.is_open = false;
        let payload = json!({ "unique_id": greeting.unique_id });
        self.commit(Record::Greeting(greeting));
        self.push(organization, customer, "greeting_canceled", &payload, None);
        self.watch_visitors();
        true
    }

    pub(crate) fn open_greeting(&self, organization: &str, customer: &str) -> Option<&Greeting> {
        let all = self.world.greetings.get(customer)?;
        all.iter().rev().find(|greeting| greeting.is_open && greeting.organization_id == organization)
    }

    fn own_greeting(&self, caller: &Caller, unique_id: &str) -> Result<Greeting, ApiError> {
        let all = self.world.greetings.get(&caller.customer).into_iter().flatten();
        let own = |greeting: &&Greeting| {
            greeting.unique_id == unique_id && greeting.organization_id == caller.organization && greeting.is_open
        };
        all.rev().find(own).cloned().ok_or_else(|| ApiError::of("greeting_not_found"))
    }

    /// §2.22: it was seen.
    pub(crate) fn accept_greeting(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let id = args.u64("greeting_id")?;
        let mut greeting = self.own_greeting(caller, args.str("unique_id")?)?;
        if greeting.id != id {
            return Err(ApiError::of("greeting_not_found"));
        }
        if !greeting.is_accepted {
            greeting.is_accepted = true;
            let payload = json!({ "unique_id": greeting.unique_id });
            self.commit(Record::Greeting(greeting));
            self.push(&caller.organization, &caller.customer, "greeting_accepted", &payload, None);
            self.watch_visitors();
        }
        Ok(json!({}))
    }

    /// §2.22.
    pub(crate) fn cancel_greeting(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        self.own_greeting(caller, args.str("unique_id")?)?;
        self.withdraw_greeting(&caller.organization, &caller.customer);
        Ok(json!({}))
    }

    /// §2.22: noted, and nobody is told.
    pub(crate) fn send_greeting_button_clicked(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let (unique_id, button) = (args.str("greeting_unique_id")?, args.str("button_id")?);
        let mut greeting = self.own_greeting(caller, unique_id)?;
        let elements = greeting.event.get("elements").and_then(Value::as_array).into_iter().flatten();
        let mut buttons = elements.filter_map(|element| element.get("buttons")?.as_array()).flatten();
        // The reference does not say which of a button's ids this is.
        if !buttons.any(|own| ["postback_id", "id"].iter().any(|id| own[*id].as_str() == Some(button))) {
            return Err(ApiError::with("not_found", "Button not found"));
        }
        greeting.clicks.push(button.to_owned());
        self.commit(Record::Greeting(greeting));
        self.watch_visitors();
        Ok(json!({}))
    }

    /// The greeting a new thread names in its properties, as the thread's first event. It is over with that.
    pub(crate) fn greeting_of(
        &mut self,
        caller: &Caller,
        properties: &Map<String, Value>,
    ) -> Result<Option<(String, Draft)>, ApiError> {
        let Some(unique_id) = properties.get("lc2").and_then(|lc2| lc2.get("greeting_unique_id")?.as_str()) else {
            return Ok(None);
        };
        let mut greeting = self.own_greeting(caller, unique_id)?;
        let mut body = greeting.event.clone();
        let marks = json!({ "greeting_id": greeting.id, "greeting_unique_id": greeting.unique_id });
        body.insert("properties".to_owned(), json!({ "lc2": marks }));
        let agent = greeting.agent_id.clone();
        greeting.is_open = false;
        self.commit(Record::Greeting(greeting));
        Ok(Some((agent, Draft { body, agents_only: false })))
    }

    /// §4.10.
    pub(crate) fn greeting_json(&self, greeting: &Greeting) -> Value {
        let mut object = json!({
            "id": greeting.id, "unique_id": greeting.unique_id,
            "displayed_first_time": greeting.displayed_first_time, "accepted": greeting.is_accepted
        });
        for (field, value) in [("addon", &greeting.addon), ("subtype", &greeting.subtype)] {
            if let Some(value) = value {
                object[field] = json!(value);
            }
        }
        object["is_exit_intent"] = json!(greeting.is_exit_intent);
        object["event"] = json!(greeting.event);
        object["agent"] = self.predicted_json(&greeting.agent_id);
        object
    }

    /// Shown and accepted greetings, for the customer's statistics.
    pub(crate) fn greeting_counts(&self, customer: &str) -> (usize, usize) {
        let all = self.world.greetings.get(customer).map(Vec::as_slice).unwrap_or_default();
        (all.len(), all.iter().filter(|greeting| greeting.is_accepted).count())
    }

    /// §2.19: the message follows as a push with the same id.
    pub(crate) fn request_welcome_message(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let asked = args.opt_str("id")?;
        let predicted = self.get_predicted_agent(caller, args)?;
        let agent = predicted["agent"]["id"].as_str().unwrap_or_default().to_owned();
        let earlier = asked.and_then(|id| self.welcomes.get(&(caller.customer.clone(), id.to_owned())));
        let text = earlier.map(|known| known.text.clone()).unwrap_or_else(|| {
            let set = self.world.settings.get(WELCOME_KEY).and_then(Value::as_str);
            set.unwrap_or(WELCOME).to_owned()
        });
        let id = asked.map_or_else(|| self.random.uuid(), str::to_owned);
        let event = json!({
            "created_at": time::format(self.now), "type": "message", "text": text, "author_id": agent
        });
        self.welcomes.insert((caller.customer.clone(), id.clone()), Welcome { agent, text });
        let payload = json!({ "id": id, "event": event });
        self.push(&caller.organization, &caller.customer, "incoming_welcome_message", &payload, None);
        Ok(json!({ "id": id, "predicted_agent": predicted["agent"], "queue": predicted["queue"] }))
    }

    /// The welcome message that a new chat names, as an event of its first thread.
    pub(crate) fn welcome_of(&self, caller: &Caller, id: &str) -> Result<(String, Draft), ApiError> {
        let welcome = self.welcomes.get(&(caller.customer.clone(), id.to_owned()));
        let welcome = welcome.ok_or_else(|| ApiError::with("not_found", "`welcome_message_id` names no message"))?;
        let mut body = Map::new();
        body.insert("type".to_owned(), json!("message"));
        body.insert("text".to_owned(), json!(welcome.text));
        let marks = json!({ "lc2": { "welcome_message": true }, "chats": { "welcome_message_source": "livechat" } });
        body.insert("properties".to_owned(), marks);
        Ok((welcome.agent.clone(), Draft { body, agents_only: false }))
    }
}
