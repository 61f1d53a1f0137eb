//! What a supervisor or a load balancer asks.

use crate::envelope::{ApiError, Done};
use crate::state::AppState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::fmt::Display;

/// Whether the process answers at all.
pub async fn is_alive() -> Done {
    Done
}

/// Whether requests can be served. If not, the status says so, too: a load balancer looks at nothing else.
pub async fn is_ready(app: AppState) -> Response {
    if app.draining.has_begun() {
        return not_ready(&"the server stops");
    }
    match app.db.answers().await {
        Ok(()) => Done.into_response(),
        Err(error) => not_ready(&error),
    }
}

fn not_ready(why: &dyn Display) -> Response {
    tracing::debug!("not ready: {why}");
    (StatusCode::SERVICE_UNAVAILABLE, ApiError::Busy).into_response()
}
