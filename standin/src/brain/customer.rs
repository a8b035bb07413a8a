//! The customer about themselves, and the groups they could talk to (§2.14–§2.18).

use serde_json::{Map, Value, json};

use super::Brain;
use super::args::Args;
use super::connection::Version;
use super::error::ApiError;
use super::record::{Customer, Record, Verification};
use super::requests::Caller;
use super::routing::Route;

/// §1.7.
const SESSION_FIELDS_LIMIT: usize = 100;

impl Brain {
    /// The customer, or a fresh one under that id.
    pub(crate) fn customer_of(&self, id: &str, organization: &str) -> Customer {
        self.world.customers.get(id).cloned().unwrap_or_else(|| Customer {
            id: id.to_owned(),
            organization_id: organization.to_owned(),
            created_at: self.now,
            group_id: 0,
            profile: Map::new(),
            visits: 0,
            page_views: 0,
        })
    }

    /// §2.14. Statistics are always there: the vendor's client reads them.
    pub(crate) fn get_customer(&mut self, caller: &Caller) -> Result<Value, ApiError> {
        let customer = self.customer_of(&caller.customer, &caller.organization);
        Ok(self.customer_json(&customer, &caller.organization))
    }

    /// §2.14.
    pub(crate) fn update_customer(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let mut customer = self.customer_of(&caller.customer, &caller.organization);
        let changed = self.tell(caller.version, args, &mut customer)?;
        if changed.is_empty() {
            let fields = "`name`, `email`, `avatar`, `session_fields`, `omnichannel`, `address`";
            return Err(ApiError::validation(format!("one of {fields} is required")));
        }
        self.customer_changed(&caller.organization, customer, changed);
        Ok(json!({}))
    }

    /// §2.14: the whole list is replaced.
    pub(crate) fn set_customer_session_fields(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        args.array("session_fields")?;
        let mut customer = self.customer_of(&caller.customer, &caller.organization);
        let mut changed = Map::new();
        changed.insert("session_fields".to_owned(), session_fields(caller.version, args)?);
        customer.profile.extend(changed.clone());
        self.customer_changed(&caller.organization, customer, changed);
        Ok(json!({}))
    }

    /// §2.14: `groups` are answered if the page changes whose customer this is (3.6).
    pub(crate) fn update_customer_page(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let mut customer = self.customer_of(&caller.customer, &caller.organization);
        let moved = self.visit(&mut customer, args)?;
        self.commit(Record::Customer(customer));
        self.watch_visitors();
        let answer = moved.filter(|_| caller.version >= Version::V36).and_then(|id| self.world.groups.get(&id));
        Ok(answer.map_or_else(|| json!({}), |group| json!({ "groups": [group] })))
    }

    /// Notes the page that a customer looks at; tells the group it brought them to, if that is another one.
    pub(crate) fn visit(&mut self, customer: &mut Customer, page: Args<'_>) -> Result<Option<u64>, ApiError> {
        let (url, title) = (page.str("url")?, page.opt_str("title")?);
        customer.page_views += 1;
        self.pages.insert(customer.id.clone(), json!({ "url": url, "title": title }));
        let group = self.group_of_page(url).filter(|group| *group != customer.group_id);
        customer.group_id = group.unwrap_or(customer.group_id);
        Ok(group)
    }

    pub(crate) fn customer_changed(&mut self, organization: &str, customer: Customer, changed: Map<String, Value>) {
        let mut payload = json!({ "id": customer.id, "type": "customer" });
        if let Some(payload) = payload.as_object_mut() {
            payload.extend(changed);
        }
        let id = customer.id.clone();
        self.commit(Record::Customer(customer));
        self.push(organization, &id, "customer_updated", &payload, None);
        let chats: Vec<String> = self.world.chats_of(organization, &id).map(|chat| chat.row.id.clone()).collect();
        for chat in chats {
            self.watch_chat(&chat);
        }
        self.watch_visitors();
    }

    /// Takes over what a customer tells about themselves; answers what that is.
    pub(crate) fn tell(
        &mut self,
        version: Version,
        args: Args<'_>,
        customer: &mut Customer,
    ) -> Result<Map<String, Value>, ApiError> {
        let told = profile(version, args)?;
        if told.get("email").is_some_and(|email| customer.profile.get("email") != Some(email)) {
            // Another address is not confirmed.
            customer.profile.shift_remove("email_verified");
            if let Some(known) = self.world.verifications.get(&customer.id).filter(|known| known.email.is_some()) {
                let known = Verification { email: None, ..known.clone() };
                self.commit(Record::Verification(known));
            }
        }
        customer.profile.extend(told.clone());
        Ok(told)
    }

    /// §2.15: exactly one of `all` and `group_ids`; unknown groups are left out.
    pub(crate) fn list_group_statuses(&mut self, args: Args<'_>) -> Result<Value, ApiError> {
        let all = args.opt_bool("all")?.unwrap_or(false);
        let ids = args.opt_array("group_ids")?;
        if all == ids.is_some() {
            return Err(ApiError::validation("exactly one of `all` and `group_ids` is required"));
        }
        let asked = |id: u64| all || ids.is_some_and(|ids| ids.iter().any(|own| own.as_u64() == Some(id)));
        let statuses: Map<String, Value> = self
            .world
            .groups
            .values()
            .filter(|group| asked(group.id))
            .map(|group| (group.id.to_string(), json!(group.status)))
            .collect();
        Ok(json!({ "groups_status": statuses }))
    }

    /// §2.18.
    pub(crate) fn get_predicted_agent(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let own = self.customer_of(&caller.customer, &caller.organization).group_id;
        let group = args.opt_u64("group_id")?.unwrap_or(own);
        let group = self.world.groups.get(&group).ok_or_else(|| ApiError::of("group_not_found"))?;
        match self.route(&[group.id], None) {
            _ if group.status == "offline" => Err(ApiError::of("group_offline")),
            Route::Agent(agent) => Ok(json!({ "agent": self.predicted_json(&agent), "queue": false })),
            // Somebody will come: the first who takes chats.
            Route::Queue if group.status == "online_for_queue" => self
                .free_agent(None)
                .map(|agent| json!({ "agent": self.predicted_json(&agent), "queue": true }))
                .ok_or_else(|| ApiError::of("group_unavailable")),
            Route::Queue | Route::Nobody => Err(ApiError::of("group_unavailable")),
        }
    }
}

/// What a customer tells about themselves, checked.
fn profile(version: Version, args: Args<'_>) -> Result<Map<String, Value>, ApiError> {
    let mut told = Map::new();
    for field in ["name", "email", "avatar", "phone_number"] {
        if let Some(value) = args.opt_str(field)? {
            told.insert(field.to_owned(), json!(value));
        }
    }
    if let Some(address) = args.opt_object("address")? {
        for field in ["address", "city", "country", "state", "postal_code"] {
            address.opt_str(field)?;
        }
        told.insert("address".to_owned(), json!(address.map()));
    }
    if let Some(channels) = args.opt_object("omnichannel")? {
        told.insert("omnichannel".to_owned(), omnichannel(channels)?);
    }
    if args.has("session_fields") {
        told.insert("session_fields".to_owned(), session_fields(version, args)?);
    }
    Ok(told)
}

/// The form of writing becomes the form of reading, which differs (§4.3).
fn omnichannel(channels: Args<'_>) -> Result<Value, ApiError> {
    const NAMES: &[(&str, &str)] = &[
        ("id", "ID"),
        ("name", "Name"),
        ("first_name", "FirstName"),
        ("last_name", "LastName"),
        ("profile_pic", "ProfilePicURL"),
        ("gender", "Gender"),
        ("locale", "Locale"),
    ];
    let mut read = Map::new();
    if let Some(told) = channels.opt_object("fbmessenger")? {
        told.str("id")?;
        let mut own = Map::new();
        for (field, name) in NAMES {
            if let Some(text) = told.opt_str(field)? {
                own.insert((*name).to_owned(), json!(text));
            }
        }
        if let Some(is_verified) = told.opt_bool("is_verified_user")? {
            own.insert("IsVerifiedUser".to_owned(), json!(is_verified));
        }
        read.insert("fb_messenger".to_owned(), json!([own]));
    }
    if let Some(told) = channels.opt_object("twilio")? {
        let number = told.str("phone_number")?;
        read.insert("twilio".to_owned(), json!([{ number: { "phone_number": number } }]));
    }
    Ok(Value::Object(read))
}

fn session_fields(version: Version, args: Args<'_>) -> Result<Value, ApiError> {
    let fields = args.opt_array("session_fields")?.cloned().unwrap_or_default();
    if !fields.iter().all(Value::is_object) {
        return Err(ApiError::validation("`session_fields` must hold objects"));
    }
    if fields.iter().filter_map(Value::as_object).map(Map::len).sum::<usize>() > SESSION_FIELDS_LIMIT {
        // The two generations of the SDK know two names for it.
        let v35 = version == Version::V35;
        return Err(ApiError::of(if v35 { "customer_session_fields_limit_reached" } else { "limit_reached" }));
    }
    Ok(Value::Array(fields))
}
