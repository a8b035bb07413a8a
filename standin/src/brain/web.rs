//! HTTP: the Web API (§1.4), and the way to the token service and the control surface.

use serde_json::Value;

use super::captive_portal::Place;
use super::connection::{EXPIRED_ORGANIZATION, MISDIRECTED_ORGANIZATION, UNKNOWN_ORGANIZATION, Version};
use super::error::ApiError;
use super::fault::{Kind, TokenMode};
use super::http::query;
use super::requests::{Caller, Queued};
use super::{Brain, HttpRequest, HttpResponse, Output};

impl Brain {
    pub(crate) fn http(&mut self, id: u64, request: &HttpRequest) {
        let path = request.path.as_str();
        let portal = self.portal_answer(Place::TokenService, request).filter(|_| path.starts_with("/v2/customer/"));
        let portal =
            portal.or_else(|| self.portal_answer(Place::WebApi, request).filter(|_| web_method(request).is_some()));
        let response = if let Some(page) = portal {
            page
        } else if path.starts_with("/v2/customer/") {
            if self.faults.token_mode == TokenMode::Hang && request.method != "OPTIONS" {
                self.hanging.push(id);
                return;
            }
            self.token_service(request)
        } else if let Some((version, method)) = web_method(request) {
            if request.method != "OPTIONS"
                && let Some(execute_after) = self.muted(method)
            {
                self.unanswered.push(id);
                if let Some(after) = execute_after {
                    self.enqueue(after, Queued::Web { request: Box::new(request.clone()) });
                }
                return;
            }
            let response = self.web(version, method, request);
            if response.is_some() && self.faults.close_after.as_deref() == Some(method) && request.method == "POST" {
                self.faults.close_after = None;
                self.out.push_back(Output::HttpAbort { id });
                return;
            }
            response.unwrap_or_else(|| cors(HttpResponse::empty(204)))
        } else if self.config.control && (path == "/control" || path.starts_with("/control/")) {
            self.control(request)
        } else {
            let error = ApiError::with("not_found", "nothing is served here");
            HttpResponse::json(404, &error.to_json())
        };
        self.out.push_back(Output::Http { id, response });
    }

    /// `None` for a preflight.
    fn web(&mut self, version: &str, method: &str, request: &HttpRequest) -> Option<HttpResponse> {
        if request.method == "OPTIONS" {
            return None;
        }
        let mut result = self.web_organization(version, method, request).and_then(|(version, organization)| {
            if let Some(refusal) = self.failure(method) {
                if let Some(after) = refusal.execute_after {
                    self.enqueue(after, Queued::Web { request: Box::new(request.clone()) });
                }
                return Err(refusal.error);
            }
            self.web_call(version, method, organization, request)
        });
        if let Ok(body) = &mut result {
            self.rewrite_payload(Kind::Response, method, body);
        }
        Some(cors(match result {
            Ok(body) => HttpResponse::json(200, &body),
            Err(error) => HttpResponse::json(error.status(), &error.to_json()),
        }))
    }

    /// Carries out a request whose client is not told.
    pub(crate) fn web_execute(&mut self, request: &HttpRequest) -> Result<Value, ApiError> {
        let (version, method) = web_method(request).ok_or_else(|| ApiError::of("not_found"))?;
        let (version, organization) = self.web_organization(version, method, request)?;
        self.web_call(version, method, organization, request)
    }

    /// The version and the organization that a request names.
    pub(super) fn web_organization(
        &self,
        version: &str,
        method: &str,
        request: &HttpRequest,
    ) -> Result<(Version, String), ApiError> {
        let version = Version::parse(version).ok_or_else(|| ApiError::of("unsupported_version"))?;
        let organization = query(&request.query, "organization_id").unwrap_or_default();
        let organization = match query(&request.query, "license_id") {
            // §2.24: the one method that still takes the license's number.
            Some(license) if organization.is_empty() && method == "get_dynamic_configuration" => {
                let license: u64 =
                    license.parse().map_err(|_| ApiError::validation("`license_id` must be a number"))?;
                format!("00000000-0000-0000-0000-{license:012}")
            }
            _ => organization,
        };
        match organization.as_str() {
            "" => Err(ApiError::validation("`organization_id` is required")),
            UNKNOWN_ORGANIZATION => Err(ApiError::of("license_not_found")),
            EXPIRED_ORGANIZATION => Err(ApiError::of("license_expired")),
            MISDIRECTED_ORGANIZATION => {
                let data = Some(serde_json::json!({ "region": "fra" }));
                Err(ApiError { data, ..ApiError::of("misdirected_request") })
            }
            _ => Ok((version, organization)),
        }
    }

    fn web_call(
        &mut self,
        version: Version,
        method: &str,
        organization: String,
        request: &HttpRequest,
    ) -> Result<Value, ApiError> {
        let get = matches!(
            method,
            "list_license_properties"
                | "list_group_properties"
                | "get_dynamic_configuration"
                | "get_configuration"
                | "get_localization"
        );
        if (request.method == "GET") != get {
            return Err(ApiError::validation(format!("`{method}` is a {}", if get { "GET" } else { "POST" })));
        }
        if get {
            return self.configuration(version, method, &organization, &request.query);
        }
        let customer = self.token_of("Bearer", request.bearer().unwrap_or_default(), &organization)?.customer_id;
        if matches!(method, "login" | "ping" | "update_customer_page") {
            return Err(ApiError::validation(format!("`{method}` is for sockets only")));
        }
        self.admit(&customer)?;
        let caller = Caller { organization, customer, version, origin: None };
        if method == "upload_file" {
            return self.upload_file(&caller, request);
        }
        let payload = if request.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&request.body).map_err(|_| ApiError::validation("the body must be JSON"))?
        };
        self.call(&caller, method, &payload)
    }
}

/// `/v3.6/customer/action/list_chats` → (`3.6`, `list_chats`). The version may stand in a header (§1.2).
pub(super) fn web_method(request: &HttpRequest) -> Option<(&str, &str)> {
    if let Some(method) = request.path.strip_prefix("/customer/action/") {
        return Some((request.get("x-api-version").unwrap_or_default(), method));
    }
    request.path.strip_prefix("/v")?.split_once("/customer/action/")
}

/// §1.4: no cookies here; `Authorization` and JSON force a preflight.
pub(super) fn cors(response: HttpResponse) -> HttpResponse {
    response
        .header("access-control-allow-origin", "*")
        .header("access-control-allow-methods", "GET, POST, OPTIONS")
        .header("access-control-allow-headers", "authorization, content-type, x-api-version, x-region")
        .header("access-control-max-age", "600")
}
