//! What a request's head says already: how much of a body is wanted, and whether any is.

use super::error::ApiError;
use super::web::{cors, web_method};
use super::{Brain, HttpRequest, HttpResponse, token};

/// A file of 10 MB (§1.7), and what multipart or base64 put around it.
const FILE_LIMIT: usize = 15 * 1024 * 1024;
/// Everything else is JSON of a few kilobytes.
const JSON_LIMIT: usize = 1024 * 1024;
/// A body that is read without asking first who sends it.
const SMALL: usize = 64 * 1024;

/// What to do with the body of a request.
#[derive(Debug, PartialEq)]
pub enum Admission {
    /// Read so much of it at most.
    Read {
        /// In bytes.
        limit: usize,
    },
    /// Answer without it.
    Refuse(HttpResponse),
}

impl Brain {
    /// Looks at a request whose body has not been read. A `content-length` header says how long the body is; without
    /// one (chunks) it may be of any length.
    #[must_use]
    pub fn admission(&self, head: &HttpRequest) -> Admission {
        let length = match head.get("content-length") {
            Some(length) => length.trim().parse().ok(),
            None if head.get("transfer-encoding").is_some() => None,
            None => Some(0),
        };
        let is_at_most = |limit: usize| length.is_some_and(|length| length <= limit);
        if head.path.starts_with("/v2/customer/") {
            return match length {
                Some(length) if length > SMALL => Admission::Refuse(token::too_large(head)),
                _ => Admission::Read { limit: SMALL },
            };
        }
        let Some((version, method)) = web_method(head) else {
            let limit = if self.config.control { FILE_LIMIT } else { SMALL };
            return if length.is_none() || is_at_most(limit) {
                Admission::Read { limit }
            } else {
                Admission::Refuse(refused(&too_large(limit)))
            };
        };
        if is_at_most(SMALL) {
            return Admission::Read { limit: SMALL };
        }
        let limit = if method == "upload_file" { FILE_LIMIT } else { JSON_LIMIT };
        let refusal = match self.web_caller(version, method, head) {
            Err(error) => error,
            Ok(_) if length.is_none() || is_at_most(limit) => return Admission::Read { limit },
            Ok(_) if method == "upload_file" => ApiError::of("entity_too_large"),
            Ok(_) => too_large(limit),
        };
        Admission::Refuse(cors(refused(&refusal)))
    }

    /// Who sends this, by the token in its head.
    fn web_caller(&self, version: &str, method: &str, head: &HttpRequest) -> Result<String, ApiError> {
        let (_, organization) = self.web_organization(version, method, head)?;
        Ok(self.token_of("Bearer", head.bearer().unwrap_or_default(), &organization)?.customer_id)
    }
}

fn too_large(limit: usize) -> ApiError {
    ApiError::with("entity_too_large", format!("the body must not be longer than {limit} bytes"))
}

fn refused(error: &ApiError) -> HttpResponse {
    HttpResponse::json(error.status(), &error.to_json())
}
