//! What a supervisor or a load balancer asks.

use crate::envelope::{ApiError, Bare, Done};
use crate::state::AppState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::fmt::Display;

/// Whether the process answers at all.
#[utoipa::path(
    get,
    path = "/healthz",
    summary = "Whether the process answers at all",
    responses((status = 200, description = "Yes", body = Bare))
)]
pub async fn is_alive() -> Done {
    Done
}

/// Whether requests can be served. If not, the status says so, too: a load balancer looks at nothing else.
#[utoipa::path(
    get,
    path = "/readyz",
    summary = "Whether requests can be served",
    responses(
        (status = 200, description = "Yes", body = Bare),
        (status = 503, description = "Not now", body = Bare)
    )
)]
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
