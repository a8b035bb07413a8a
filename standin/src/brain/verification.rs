//! Goals of pages (§2.16) and addresses that are confirmed (§2.23).

use serde_json::{Value, json};

use super::args::Args;
use super::error::ApiError;
use super::record::{Customer, GoalCheck, Record, Verification};
use super::requests::Caller;
use super::time::SECOND;
use super::{Brain, Micros};

/// §1.7: how many callbacks are remembered, and how long.
const CALLBACKS: usize = 10;
const ASKED_FOR: Micros = 7 * 24 * 3600 * SECOND;

/// Something to `POST` to somebody who asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// Where.
    pub uri: String,
    /// A JSON text.
    pub body: String,
}

impl Brain {
    /// §2.16.
    pub(crate) fn check_goals(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let session_fields = args.array("session_fields")?.clone();
        let (group_id, page_url) = (args.u64("group_id")?, args.str("page_url")?.to_owned());
        if !session_fields.iter().all(Value::is_object) {
            return Err(ApiError::validation("`session_fields` must hold objects"));
        }
        if !self.world.groups.contains_key(&group_id) {
            return Err(ApiError::of("group_not_found"));
        }
        self.commit(Record::GoalCheck(GoalCheck {
            number: self.world.goal_checks.last().map_or(1, |last| last.number + 1),
            customer_id: caller.customer.clone(),
            at: self.now,
            group_id,
            page_url,
            session_fields,
        }));
        self.watch_visitors();
        Ok(json!({}))
    }

    /// §2.23: whoever asks is told as soon as the address is confirmed; at once if it is.
    pub(crate) fn request_email_verification(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let uri = args.str("callback_uri")?;
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| uri.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')));
        if !is_http || uri.chars().any(|char| char.is_whitespace() || char.is_control()) {
            return Err(ApiError::validation("`callback_uri` must be an http or https address"));
        }
        let known = self.world.verifications.get(&caller.customer).cloned();
        if let Some(email) = known.as_ref().and_then(|known| known.email.as_ref()) {
            self.callbacks.push(Callback { uri: uri.to_owned(), body: json!({ "email": email }).to_string() });
            return Ok(json!({}));
        }
        let mut callbacks = known.filter(|known| known.asked_at + ASKED_FOR > self.now).unwrap_or_default().callbacks;
        callbacks.push(uri.to_owned());
        callbacks.drain(..callbacks.len().saturating_sub(CALLBACKS));
        let customer_id = caller.customer.clone();
        self.commit(Record::Verification(Verification { customer_id, callbacks, asked_at: self.now, email: None }));
        Ok(json!({}))
    }

    /// The customer has confirmed an address: everybody who asked is told, and so is the customer's own client.
    pub(crate) fn confirm_email(&mut self, mut customer: Customer, email: Option<String>) -> Result<Value, ApiError> {
        let email = email.or_else(|| customer.text("email").map(str::to_owned));
        let email = email.ok_or_else(|| ApiError::validation("`email` is required: the customer has told none"))?;
        let known = self.world.verifications.get(&customer.id).cloned().unwrap_or_default();
        let told = if known.asked_at + ASKED_FOR > self.now { known.callbacks } else { Vec::new() };
        let body = json!({ "email": email }).to_string();
        self.callbacks.extend(told.iter().map(|uri| Callback { uri: uri.clone(), body: body.clone() }));
        self.commit(Record::Verification(Verification {
            customer_id: customer.id.clone(),
            callbacks: Vec::new(),
            asked_at: known.asked_at,
            email: Some(email.clone()),
        }));
        let mut changed = serde_json::Map::new();
        changed.insert("email".to_owned(), json!(email));
        changed.insert("email_verified".to_owned(), json!(true));
        customer.profile.extend(changed.clone());
        let organization = customer.organization_id.clone();
        self.customer_changed(&organization, customer, changed);
        Ok(json!({ "email": email, "callbacks": told }))
    }

    /// What is to be posted, oldest first. It is said once: there is no second try.
    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        std::mem::take(&mut self.callbacks)
    }
}
