//! The customer about themselves, and the groups they could talk to (§2.14–§2.18).

use serde_json::{Map, Value, json};

use super::Brain;
use super::args::Args;
use super::error::ApiError;
use super::record::{Customer, Record};
use super::requests::Caller;

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
        let changed = Self::read_profile(args, &mut customer.profile)?;
        if changed.is_empty() {
            return Err(ApiError::validation("one of `name`, `email`, `avatar`, `session_fields` is required"));
        }
        self.customer_changed(caller, customer, changed);
        Ok(json!({}))
    }

    /// §2.14: the whole list is replaced.
    pub(crate) fn set_customer_session_fields(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        if args.opt_array("session_fields")?.is_none() {
            return Err(ApiError::validation("`session_fields` is required"));
        }
        let mut customer = self.customer_of(&caller.customer, &caller.organization);
        let mut changed = Map::new();
        changed.insert("session_fields".to_owned(), session_fields(args)?);
        customer.profile.extend(changed.clone());
        self.customer_changed(caller, customer, changed);
        Ok(json!({}))
    }

    /// §2.14: the group is never changed by a page here, so no groups are answered.
    pub(crate) fn update_customer_page(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        args.str("url")?;
        args.opt_str("title")?;
        let mut customer = self.customer_of(&caller.customer, &caller.organization);
        customer.page_views += 1;
        self.commit(Record::Customer(customer));
        Ok(json!({}))
    }

    fn customer_changed(&mut self, caller: &Caller, customer: Customer, changed: Map<String, Value>) {
        let mut payload = json!({ "id": customer.id, "type": "customer" });
        if let Some(payload) = payload.as_object_mut() {
            payload.extend(changed);
        }
        self.commit(Record::Customer(customer));
        self.push(&caller.organization, &caller.customer, "customer_updated", &payload, None);
        let chats: Vec<String> =
            self.world.chats_of(&caller.organization, &caller.customer).map(|chat| chat.row.id.clone()).collect();
        for chat in chats {
            self.watch_chat(&chat);
        }
    }

    /// Takes over what a customer tells about themselves; answers what that is.
    pub(crate) fn read_profile(
        args: Args<'_>,
        profile: &mut Map<String, Value>,
    ) -> Result<Map<String, Value>, ApiError> {
        let mut told = Map::new();
        for field in ["name", "email", "avatar", "phone_number"] {
            if let Some(value) = args.opt_str(field)? {
                told.insert(field.to_owned(), json!(value));
            }
        }
        for field in ["address", "omnichannel"] {
            if let Some(value) = args.opt_object(field)? {
                told.insert(field.to_owned(), json!(value.map()));
            }
        }
        if args.has("session_fields") {
            told.insert("session_fields".to_owned(), session_fields(args)?);
        }
        profile.extend(told.clone());
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
        if group.status == "offline" {
            return Err(ApiError::of("group_offline"));
        }
        let Some(agent) = self.config.agents.first() else {
            return Err(ApiError::of("group_offline"));
        };
        let mut object = self.agent_json(agent);
        object["is_bot"] = json!(self.config.bot);
        Ok(json!({ "agent": object, "queue": group.status == "online_for_queue" }))
    }

    /// §2.17: there are no forms here.
    pub(crate) fn get_form(args: Args<'_>) -> Result<Value, ApiError> {
        if args.opt_u64("group_id")?.is_none() {
            return Err(ApiError::validation("`group_id` is required"));
        }
        match args.str("type")? {
            "prechat" | "postchat" | "ticket" => Ok(json!({ "enabled": false })),
            _ => Err(ApiError::validation("`type` must be `prechat` or `postchat`")),
        }
    }
}

fn session_fields(args: Args<'_>) -> Result<Value, ApiError> {
    let fields = args.opt_array("session_fields")?.cloned().unwrap_or_default();
    if !fields.iter().all(Value::is_object) {
        return Err(ApiError::validation("`session_fields` must hold objects"));
    }
    if fields.iter().filter_map(Value::as_object).map(Map::len).sum::<usize>() > SESSION_FIELDS_LIMIT {
        return Err(ApiError::of("limit_reached"));
    }
    Ok(Value::Array(fields))
}
