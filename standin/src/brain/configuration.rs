//! What a widget asks before anybody is known (§2.13, §2.24), and small helps for those who are (§2.19, §2.20).

use serde_json::{Value, json};

use super::args::Args;
use super::connection::Version;
use super::error::ApiError;
use super::http::query;
use super::requests::Caller;
use super::{Brain, time};

/// Version of the configuration and of its texts: they never change here.
const EDITION: &str = "1";

impl Brain {
    /// The five methods that are asked without a token.
    pub(crate) fn configuration(
        &self,
        version: Version,
        method: &str,
        organization: &str,
        parameters: &str,
    ) -> Result<Value, ApiError> {
        let need = |name: &str| {
            let value = query(parameters, name).filter(|value| !value.is_empty());
            value.ok_or_else(|| ApiError::validation(format!("`{name}` is required")))
        };
        match method {
            "get_dynamic_configuration" => {
                let group = query(parameters, "group_id").and_then(|id| id.parse().ok()).unwrap_or(0_u64);
                let online: Vec<u64> = self.online_groups().collect();
                let mut inner = json!({
                    "group_id": group, "client_limit_exceeded": false, "domain_allowed": true,
                    "config_version": EDITION, "localization_version": EDITION, "language": "en"
                });
                if !online.is_empty() {
                    inner["online_group_ids"] = json!(online);
                }
                if version == Version::V35 {
                    inner["organization_id"] = json!(organization);
                    inner["livechat_active"] = json!(true);
                    return Ok(inner);
                }
                Ok(json!({
                    "organization_id": organization, "default_widget": "livechat", "livechat_active": true,
                    "livechat": inner
                }))
            }
            "get_configuration" => {
                need("group_id").and(need("version"))?;
                Ok(json!({ "buttons": [], "integrations": {}, "properties": { "group": {}, "license": {} } }))
            }
            "get_localization" => {
                need("group_id").and(need("language")).and(need("version"))?;
                Ok(json!({}))
            }
            "list_group_properties" => need("id").map(|_| json!({})),
            _ => Ok(json!({})),
        }
    }

    /// Groups somebody answers for.
    pub(crate) fn online_groups(&self) -> impl Iterator<Item = u64> {
        self.world.groups.values().filter(|group| group.status != "offline").map(|group| group.id)
    }

    /// §2.20: this server looks nothing up, so nothing but the address is known.
    pub(crate) fn get_url_info(args: Args<'_>) -> Result<Value, ApiError> {
        Ok(json!({ "url": args.str("url")? }))
    }

    /// §2.19: the message follows as a push with the same id.
    pub(crate) fn request_welcome_message(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let id = args.opt_str("id")?.map_or_else(|| self.random.uuid(), str::to_owned);
        let predicted = self.get_predicted_agent(caller, args)?;
        let event = json!({
            "created_at": time::format(self.now), "type": "message", "text": "Hello! How can we help you?",
            "author_id": predicted["agent"]["id"]
        });
        let payload = json!({ "id": id, "event": event });
        self.push(&caller.organization, &caller.customer, "incoming_welcome_message", &payload, None);
        Ok(json!({ "id": id, "predicted_agent": predicted["agent"], "queue": predicted["queue"] }))
    }
}
