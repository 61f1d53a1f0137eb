//! What has begun is finished, whoever hangs up.

use crate::envelope::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::Instrument;

/// Requests that are being worked on at once, those of clients that have hung up included.
const MAX_RUNNING: usize = 1024;

/// What is left of [`MAX_RUNNING`].
pub type Running = Arc<Semaphore>;

pub fn nothing_running() -> Running {
    Arc::new(Semaphore::new(MAX_RUNNING))
}

/// Middleware: runs the handler in a task of its own. The server drops a request's future when its client hangs up; the
/// handler's own would be dropped in the middle of a transaction.
pub async fn finish(State(running): State<Running>, request: Request, next: Next) -> Response {
    let Ok(permit) = running.try_acquire_owned() else {
        return ApiError::Busy.into_response();
    };
    let work = async move {
        let response = next.run(request).await;
        drop(permit);
        response
    };
    let work = tokio::spawn(work.in_current_span());
    work.await
        .unwrap_or_else(|error| ApiError::Internal(error.into()).into_response())
}
