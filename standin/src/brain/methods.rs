//! The methods of the API by name, the same for RTM and Web (§2), and the login.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::args::Args;
use super::connection::{Login, Version};
use super::error::ApiError;
use super::record::Record;
use super::requests::Caller;
use super::{Brain, ConnId};

/// Methods that are asked over HTTP alone.
const WEB_ONLY: &[&str] = &["upload_file", "check_goals", "request_email_verification"];

impl Brain {
    /// Carries out a method for a customer who is known by token.
    pub(crate) fn call(&mut self, caller: &Caller, action: &str, payload: &Value) -> Result<Value, ApiError> {
        let args = Args::of(payload)?;
        if let Some(untrue) = self.false_success(caller, action, args) {
            return untrue;
        }
        match action {
            "list_chats" => self.list_chats(caller, args),
            "list_threads" => self.list_threads(caller, args),
            "get_chat" => self.get_chat(caller, args),
            "start_chat" => self.start_chat(caller, args),
            "resume_chat" => self.resume_chat(caller, args),
            "deactivate_chat" => self.deactivate_chat(caller, args),
            "send_event" => self.send_event(caller, args),
            "delete_event" if caller.version >= Version::V36 => self.delete_event(caller, args),
            "mark_events_as_seen" => self.mark_events_as_seen(caller, args),
            "send_sneak_peek" => self.send_sneak_peek(caller, args),
            "send_rich_message_postback" => self.send_rich_message_postback(caller, args),
            "update_chat_properties" | "update_thread_properties" | "update_event_properties" => {
                self.update_properties(caller, action, args)
            }
            "delete_chat_properties" | "delete_thread_properties" | "delete_event_properties" => {
                self.delete_properties(caller, action, args)
            }
            "get_customer" => self.get_customer(caller),
            "update_customer" => self.update_customer(caller, args),
            "update_customer_page" => self.update_customer_page(caller, args),
            "set_customer_session_fields" => self.set_customer_session_fields(caller, args),
            "list_group_statuses" => self.list_group_statuses(args),
            "get_predicted_agent" => self.get_predicted_agent(caller, args),
            "get_form" => self.get_form(args),
            "get_url_info" => Ok(self.url_info(args.str("url")?)),
            "accept_greeting" => self.accept_greeting(caller, args),
            "cancel_greeting" => self.cancel_greeting(caller, args),
            "send_greeting_button_clicked" if caller.version >= Version::V36 => {
                self.send_greeting_button_clicked(caller, args)
            }
            "request_welcome_message" if caller.version >= Version::V36 => self.request_welcome_message(caller, args),
            _ if caller.origin.is_some() && WEB_ONLY.contains(&action) => {
                Err(ApiError::validation(format!("`{action}` is for the Web API only")))
            }
            "check_goals" => self.check_goals(caller, args),
            "request_email_verification" => self.request_email_verification(caller, args),
            _ => Err(ApiError::validation(format!("unknown action `{action}`"))),
        }
    }

    /// §2.1.
    pub(crate) fn login(&mut self, conn: ConnId, payload: &Value) -> Result<Value, ApiError> {
        let args = Args::of(payload)?;
        let Some(state) = self.conns.get(&conn) else {
            return Err(ApiError::of("internal"));
        };
        let organization = state.organization.clone();
        let (scheme, token) = args.str("token")?.split_once(' ').unwrap_or_default();
        let token = self.token_of(scheme, token, &organization)?;
        let version = state.version;
        self.admit(&token.customer_id)?;
        let group_id = args.opt_u64("group_id")?;
        if group_id.is_some_and(|id| !self.world.groups.contains_key(&id)) {
            return Err(ApiError::of("group_not_found"));
        }
        args.opt_bool("is_mobile")?;
        for field in ["referrer", "tab_id"] {
            args.opt_str(field)?;
        }
        for field in ["application", "customer_side_storage"] {
            args.opt_object(field)?;
        }
        let pushes = args.opt_object("pushes")?.map(subscription).transpose()?;
        let told = args.opt_object("customer")?;

        let mut customer = self.customer_of(&token.customer_id, &organization);
        if let Some(told) = told {
            self.tell(version, told, &mut customer)?;
        }
        customer.visits += 1;
        customer.group_id = group_id.unwrap_or(0);
        if let Some(page) = args.opt_object("customer_page")? {
            self.visit(&mut customer, page)?;
        }
        self.commit(Record::Customer(customer.clone()));
        if let Some(state) = self.conns.get_mut(&conn) {
            state.login = Some(Login { customer: customer.id.clone(), token: token.token, pushes });
        }
        self.watch_connections();

        let chats: Vec<Value> = self
            .world
            .chats_of(&organization, &customer.id)
            .map(|chat| {
                json!({
                    "chat_id": chat.row.id, "has_unread_events": chat.has_unread(&customer.id),
                    "has_active_thread": chat.active_thread().is_some()
                })
            })
            .collect();
        let active = self.world.chats_of(&organization, &customer.id).any(|chat| chat.active_thread().is_some());
        let online: Vec<u64> = self.online_groups().collect();
        let mut response = json!({
            "customer": self.customer_json(&customer, &organization),
            "has_active_thread": active,
            "chats": chats,
            "__priv_dynamic_config": {
                "online_groups_ids": online,
                "customer_groups": { "monitoring": {
                    "id": customer.group_id, "static_config_url": "/c.js", "language_config_url": "/l.js"
                } }
            }
        });
        if let Some(greeting) = self.open_greeting(&organization, &customer.id) {
            response["greeting"] = self.greeting_json(greeting);
        }
        Ok(response)
    }
}

/// `login.pushes`: unknown versions and names are tolerated (§2.1).
fn subscription(args: Args<'_>) -> Result<BTreeMap<Version, Vec<String>>, ApiError> {
    let mut pushes = BTreeMap::new();
    for (version, names) in args.map() {
        let Some(names) = names.as_array() else {
            return Err(ApiError::validation("`pushes` must hold arrays of names"));
        };
        if let Some(version) = Version::parse(version) {
            let names = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            pushes.insert(version, names);
        }
    }
    Ok(pushes)
}
