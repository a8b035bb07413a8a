//! Identities on their way to another device (§5.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::time::SECOND;
use super::super::{Brain, HttpRequest, HttpResponse, Micros};
use super::{Refusal, body, refusal};

/// §1.7.
const TRANSFER_AGE: Micros = 3600 * SECOND;

/// An identity on its way to another device (§5.3).
#[derive(Debug)]
pub(crate) struct Transfer {
    customer: String,
    organization: String,
    client: String,
    /// SHA-256 of the verifier, in base64 for URLs (PKCE).
    challenge: Option<String>,
    expires_at: Micros,
}

impl Brain {
    pub(super) fn transfer_identity(&mut self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let body = body(request)?;
        let text = |field: &str| body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let Some(client) = text("client_id").map(str::to_owned) else {
            return refusal("invalid_request", "`client_id` is required");
        };
        if body.get("code_challenge").is_some_and(|challenge| !challenge.is_string()) {
            return refusal("invalid_request", "`code_challenge` must be a string");
        }
        let challenge = text("code_challenge").map(str::to_owned);
        let (customer, organization) = match text("bearer_type") {
            Some("customer") => {
                let token = self.live_token(request.bearer())?;
                (token.customer_id, token.organization_id)
            }
            Some("agent") => {
                if request.bearer().is_none_or(str::is_empty) {
                    return refusal("access_denied", "an agent's token is required");
                }
                let Some(id) = text("customer_id") else {
                    return refusal("invalid_request", "`customer_id` is required");
                };
                let Some(customer) = self.world.customers.get(id) else {
                    return refusal("resource_not_found", "unknown customer");
                };
                (customer.id.clone(), customer.organization_id.clone())
            }
            _ => {
                return refusal("invalid_request", "`bearer_type` must be `agent` or `customer`");
            }
        };
        let code = self.random.secret();
        let expires_at = self.now + TRANSFER_AGE;
        let now = self.now;
        self.transfers.retain(|_, transfer| transfer.expires_at > now);
        self.transfers.insert(code.clone(), Transfer { customer, organization, client, challenge, expires_at });
        let answer = json!({ "identity_transfer_token": code, "expires_in": TRANSFER_AGE / SECOND });
        Ok(HttpResponse::json(200, &answer))
    }

    pub(super) fn redeem(
        &mut self,
        client: &str,
        code: Option<&str>,
        verifier: Option<&str>,
        ttl: u64,
    ) -> Result<HttpResponse, Refusal> {
        let Some(code) = code else {
            return refusal("invalid_request", "`code` is required");
        };
        // A code works once, whatever comes of it.
        let transfer = self.transfers.remove(code).filter(|transfer| transfer.expires_at > self.now);
        let Some(transfer) = transfer.filter(|transfer| transfer.client == client) else {
            return refusal("invalid_grant", "unknown or expired code");
        };
        let proof = verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
        if transfer.challenge.is_some() && transfer.challenge != proof {
            return refusal("invalid_grant", "`code_verifier` does not fit");
        }
        let mut response = self.issue(&transfer.customer, &transfer.organization, client, ttl);
        // §5.3: this answer alone does not name the organization.
        if let Value::Object(mut token) = response.to_json() {
            token.shift_remove("organization_id");
            response.body = Value::Object(token).to_string().into_bytes();
        }
        Ok(response)
    }
}
