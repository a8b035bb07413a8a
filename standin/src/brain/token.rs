//! The token service: who somebody is, and the tokens that prove it (§5).

mod transfer;

use serde_json::{Map, Value, json};

pub(crate) use transfer::Transfer;

use super::connection::UNKNOWN_ORGANIZATION;
use super::fault::TokenMode;
use super::http::query;
use super::record::{GroupIdentity, Identity, Record, Token};
use super::time::SECOND;
use super::{Brain, HttpRequest, HttpResponse, Micros};

/// §1.7: two years.
const COOKIE_AGE: u64 = 63_072_000;

/// An application that exists only to be refused.
const UNKNOWN_CLIENT: &str = "unknown-client";

/// A refusal: the exception and a description (§5.5).
type Refusal = (&'static str, String);

fn refusal<T>(exception: &'static str, description: &str) -> Result<T, Refusal> {
    Err((exception, description.to_owned()))
}

impl Brain {
    pub(crate) fn token_service(&mut self, request: &HttpRequest) -> HttpResponse {
        if request.method == "OPTIONS" {
            return cors(request, HttpResponse::empty(204));
        }
        if self.faults.token_mode == TokenMode::Error {
            let (kind, name) = &self.faults.token_exception;
            let body = json!({ *kind: name, "exception_description": "switched off by the control surface" });
            return cors(request, HttpResponse::json(self.faults.token_status, &body));
        }
        let rest = request.path.strip_prefix("/v2/customer/").unwrap_or_default();
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        let result = match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["token"]) => self.grant(request, None),
            ("POST", [organization, group, "token"]) => self.grant(request, Some((*organization, *group))),
            ("DELETE", ["token"]) => self.revoke(request),
            ("GET", ["info"]) => self.token_info(request),
            ("POST", ["identity_transfer"]) => self.transfer_identity(request),
            _ => refusal("resource_not_found", "no such resource"),
        };
        let response = result.unwrap_or_else(|(name, description)| {
            let status = if name == "resource_not_found" { 404 } else { 401 };
            HttpResponse::json(status, &exception(name, &description))
        });
        cors(request, response)
    }

    fn grant(&mut self, request: &HttpRequest, group: Option<(&str, &str)>) -> Result<HttpResponse, Refusal> {
        let body = body(request)?;
        let text = |field: &str| body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let Some(client) = text("client_id") else {
            return refusal("invalid_request", "`client_id` is required");
        };
        if client == UNKNOWN_CLIENT {
            return refusal("invalid_client", "unknown application");
        }
        if text("response_type").is_some_and(|kind| kind != "token") {
            return refusal("invalid_request", "`response_type` must be `token`");
        }
        if text("redirect_uri").is_some_and(|uri| !uri.contains("://")) {
            return refusal("invalid_request", "`redirect_uri` must be an address");
        }
        let ttl = match body.get("expires_in") {
            None | Some(Value::Null) => self.config.token_ttl_secs,
            Some(ttl) => match ttl.as_u64().filter(|ttl| *ttl > 0) {
                Some(ttl) => ttl,
                None => return refusal("invalid_request", "`expires_in` must be a number of seconds"),
            },
        };
        if group.is_some_and(|(_, group)| group.parse::<u64>().is_err()) {
            return refusal("invalid_request", "the group must be a whole number");
        }
        match text("grant_type") {
            Some("cookie") => {
                let organization = group.map(|(organization, _)| organization).or(text("organization_id"));
                let Some(organization) = organization else {
                    return refusal("invalid_request", "`organization_id` is required");
                };
                if organization == UNKNOWN_ORGANIZATION {
                    return refusal("access_denied", "unknown organization");
                }
                let identity = self.identity_of(request);
                let customer = match group {
                    None => identity.cookie_id.clone(),
                    Some((_, group)) => self.customer_in_group(&identity.cookie_id, organization, group),
                };
                let response = self.issue(&customer, organization, client, ttl);
                Ok(cookies(response, &identity))
            }
            Some("agent_token") => {
                if request.bearer().is_none_or(str::is_empty) {
                    return refusal("access_denied", "an agent's token is required");
                }
                let known = text("entity_id").map(|id| self.world.customers.get(id).cloned());
                let known = match known {
                    Some(None) => return refusal("resource_not_found", "unknown customer"),
                    Some(known) => known,
                    None => None,
                };
                let own = known.as_ref().map(|known| known.organization_id.clone());
                let Some(organization) = text("organization_id").map(str::to_owned).or(own) else {
                    return refusal("invalid_request", "`organization_id` is required for a new customer");
                };
                let customer = known.map_or_else(|| self.random.uuid(), |known| known.id);
                Ok(self.issue(&customer, &organization, client, ttl))
            }
            Some("identity_token") => self.redeem(client, text("code"), text("code_verifier"), ttl),
            Some(_) => refusal("unsupported_grant_type", "unknown grant type"),
            None => refusal("invalid_request", "`grant_type` is required"),
        }
    }

    /// The identity in the cookies, or a new one (§5.1).
    fn identity_of(&mut self, request: &HttpRequest) -> Identity {
        let known = request.cookie("__lc_cid").and_then(|id| self.world.identities.get(id));
        let secret = request.cookie("__lc_cst");
        if let Some(identity) = known.filter(|identity| secret == Some(identity.secret.as_str())) {
            return identity.clone();
        }
        let identity = Identity { cookie_id: self.random.uuid(), secret: self.random.secret() };
        self.commit(Record::Identity(identity.clone()));
        identity
    }

    fn customer_in_group(&mut self, cookie_id: &str, organization: &str, group: &str) -> String {
        let key = (cookie_id.to_owned(), organization.to_owned(), group.to_owned());
        if let Some(known) = self.world.group_identities.get(&key) {
            return known.customer_id.clone();
        }
        let customer_id = self.random.uuid();
        self.commit(Record::GroupIdentity(GroupIdentity {
            cookie_id: key.0,
            organization_id: key.1,
            group_id: key.2,
            customer_id: customer_id.clone(),
        }));
        customer_id
    }

    fn issue(&mut self, customer: &str, organization: &str, client: &str, ttl: u64) -> HttpResponse {
        self.forget_expired_tokens();
        if !self.world.customers.contains_key(customer) {
            let row = self.customer_of(customer, organization);
            self.commit(Record::Customer(row));
        }
        let lifetime = Micros::try_from(ttl).unwrap_or(Micros::MAX / SECOND).saturating_mul(SECOND);
        let token = Token {
            token: format!("dal:{}", self.random.secret()),
            customer_id: customer.to_owned(),
            organization_id: organization.to_owned(),
            client_id: client.to_owned(),
            expires_at: self.now.saturating_add(lifetime),
        };
        self.commit(Record::Token(token.clone()));
        HttpResponse::json(200, &self.token_json(&token))
    }

    /// Tokens that ran out and that no socket holds; those on sockets end with them.
    fn forget_expired_tokens(&mut self) {
        let held =
            |token: &str| self.conns.values().any(|conn| conn.login.as_ref().is_some_and(|login| login.token == token));
        let expired = self.world.tokens.values().filter(|token| token.expires_at <= self.now && !held(&token.token));
        let expired: Vec<String> = expired.map(|token| token.token.clone()).collect();
        for token in expired {
            self.commit(Record::TokenGone(token));
        }
    }

    fn token_json(&self, token: &Token) -> Value {
        json!({
            "access_token": token.token, "client_id": token.client_id, "entity_id": token.customer_id,
            "expires_in": (token.expires_at - self.now) / SECOND, "token_type": "Bearer",
            "organization_id": token.organization_id
        })
    }

    fn live_token(&self, token: Option<&str>) -> Result<Token, Refusal> {
        let token = token.and_then(|token| self.world.tokens.get(token)).filter(|token| token.expires_at > self.now);
        token.cloned().map_or_else(|| refusal("access_denied", "unknown or expired token"), Ok)
    }

    fn token_info(&self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let code = query(&request.query, "code");
        let token = self.live_token(request.bearer().or(code.as_deref()))?;
        Ok(HttpResponse::json(200, &self.token_json(&token)))
    }

    fn revoke(&mut self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let token = self.live_token(request.bearer())?;
        self.end_token(&token.token, "access_token_revoked");
        Ok(HttpResponse::empty(200))
    }
}

/// JSON whatever the content type says: browsers send it as `text/plain` to spare the preflight (§9.2).
fn body(request: &HttpRequest) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => refusal("bad_request", "the body must be a JSON object"),
    }
}

/// The answer to a body that nobody needs to see.
pub(super) fn too_large(request: &HttpRequest) -> HttpResponse {
    cors(request, HttpResponse::json(413, &exception("bad_request", "the body is too large")))
}

fn exception(name: &str, description: &str) -> Value {
    json!({ "oauth_exception": name, "exception_description": description })
}

/// §5.1: without `Secure` and `Domain`, which plain HTTP on localhost cannot have.
fn cookies(response: HttpResponse, identity: &Identity) -> HttpResponse {
    let cookie = |name: &str, value: &str| {
        format!("{name}={value}; Path=/v2/customer; Max-Age={COOKIE_AGE}; HttpOnly; SameSite=Lax")
    };
    response
        .header("set-cookie", cookie("__lc_cid", &identity.cookie_id))
        .header("set-cookie", cookie("__lc_cst", &identity.secret))
}

/// §1.4: credentialed, so the exact origin is echoed; `*` would fail.
pub(super) fn cors(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    let response = response.header("vary", "Origin").header("cache-control", "no-store");
    let Some(origin) = request.get("origin") else {
        return response;
    };
    response
        .header("access-control-allow-origin", origin)
        .header("access-control-allow-credentials", "true")
        .header("access-control-allow-methods", "GET, POST, DELETE, OPTIONS")
        .header("access-control-allow-headers", "authorization, content-type")
}
