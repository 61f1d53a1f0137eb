//! What has begun is finished, whoever hangs up.

use crate::envelope::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use tokio_util::task::TaskTracker;

/// Middleware: answers in a task of its own. The server drops a request's future when its client hangs up; a handler's own would
/// be dropped in the middle of a transaction, and nobody would note what was done.
pub async fn finish(State(tasks): State<TaskTracker>, request: Request, next: Next) -> Response {
    let answer = tasks.spawn(next.run(request));
    answer
        .await
        .unwrap_or_else(|error| ApiError::Internal(error.into()).into_response())
}

/// The answer of a handler that panicked: it is an internal error like others, and is logged and counted like others.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Internal("a handler panicked".into()).into_response()
}
