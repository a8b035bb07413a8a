//! What a widget asks before anybody is known (§2.13, §2.24).

use serde_json::{Map, Value, json};

use super::Brain;
use super::connection::Version;
use super::error::ApiError;
use super::http::query;
use super::settings::asked;

impl Brain {
    /// The five methods that are asked without a token.
    pub(crate) fn configuration(
        &self,
        version: Version,
        method: &str,
        organization: &str,
        parameters: &str,
    ) -> Result<Value, ApiError> {
        let given = |name: &str| query(parameters, name).filter(|value| !value.is_empty());
        let need = |name: &str| given(name).ok_or_else(|| ApiError::validation(format!("`{name}` is required")));
        let group = |name: &str| given(name).map(|id| self.known_group(name, &id)).transpose();
        match method {
            "get_dynamic_configuration" => {
                if given("test").is_some_and(|test| !matches!(test.as_str(), "true" | "false" | "1" | "0")) {
                    return Err(ApiError::validation("`test` must be a boolean"));
                }
                let of_page = given("url").and_then(|url| self.group_of_page(&url));
                let group = group("group_id")?.or(of_page).unwrap_or(0);
                Ok(self.dynamic_configuration(version, organization, group))
            }
            "get_configuration" => {
                let group = self.known_group("group_id", &need("group_id")?)?;
                need("version")?;
                let mut answer = Map::new();
                let button = json!({ "id": "1", "type": "text", "online_value": "Chat now", "offline_value": "Leave a message" });
                answer.insert("buttons".to_owned(), json!([button]));
                super::forms::shown(self, group, &mut answer);
                answer.insert("integrations".to_owned(), json!({}));
                let properties = json!({
                    "group": self.office_properties(Some(group)), "license": self.office_properties(None)
                });
                answer.insert("properties".to_owned(), properties);
                Ok(Value::Object(answer))
            }
            "get_localization" => {
                self.known_group("group_id", &need("group_id")?)?;
                let language = need("language")?;
                need("version").map(|_| Value::Object(self.phrases(&language)))
            }
            "list_group_properties" => {
                let group = self.known_group("id", &need("id")?)?;
                Ok(asked(self.office_properties(Some(group)), parameters))
            }
            _ => Ok(asked(self.office_properties(None), parameters)),
        }
    }

    fn known_group(&self, name: &str, id: &str) -> Result<u64, ApiError> {
        let id: u64 = id.parse().map_err(|_| ApiError::validation(format!("`{name}` must be a whole number")))?;
        self.world.groups.get(&id).map(|group| group.id).ok_or_else(|| ApiError::of("group_not_found"))
    }

    /// The inner object is the whole one up to 3.5.
    fn dynamic_configuration(&self, version: Version, organization: &str, group: u64) -> Value {
        let online: Vec<u64> = self.online_groups().collect();
        let mut inner = json!({
            "group_id": group, "client_limit_exceeded": false, "domain_allowed": true,
            "config_version": self.edition(&["form/", "properties/"]), "localization_version": self.edition(&["phrases/"]),
            "language": "en"
        });
        if !online.is_empty() {
            inner["online_group_ids"] = json!(online);
        }
        if version == Version::V35 {
            inner["organization_id"] = json!(organization);
            inner["livechat_active"] = json!(true);
            return inner;
        }
        json!({
            "organization_id": organization, "default_widget": "livechat", "livechat_active": true, "livechat": inner
        })
    }

    /// Groups somebody answers for.
    pub(crate) fn online_groups(&self) -> impl Iterator<Item = u64> {
        self.world.groups.values().filter(|group| group.status != "offline").map(|group| group.id)
    }
}
