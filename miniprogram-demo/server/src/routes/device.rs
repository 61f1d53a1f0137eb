//! What a client calls itself, for the list of a user's logins.

use crate::names;
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use std::convert::Infallible;

const MAX_LENGTH: usize = 128;

/// The beginning of the User-Agent; empty if there is none that can be shown.
pub struct Device(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let agent = parts.headers.get(USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or("");
        let agent: String = agent.trim().chars().take(MAX_LENGTH).collect();
        Ok(Self(names::normalised(&agent).unwrap_or_default()))
    }
}
