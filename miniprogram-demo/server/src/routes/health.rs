//! What a supervisor or a load balancer asks.

use crate::envelope::{ApiError, Done};
use crate::state::AppState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Whether the process answers at all.
pub async fn is_alive() -> Done {
    Done
}

/// Whether requests can be served. If not, the status says so, too: a load balancer looks at nothing else.
pub async fn is_ready(app: AppState) -> Response {
    match app.db.answers().await {
        Ok(()) => Done.into_response(),
        Err(error) => {
            tracing::debug!("not ready: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, ApiError::Busy).into_response()
        }
    }
}
