//! How many requests are worked on at once.

use crate::database::with_one_patience;
use crate::envelope::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Those of clients that have hung up included.
const MAX_RUNNING: usize = 1024;

/// What is left of [`MAX_RUNNING`].
pub type Running = Arc<Semaphore>;

pub fn nothing_running() -> Running {
    Arc::new(Semaphore::new(MAX_RUNNING))
}

/// Middleware: runs the handler, unless too many run.
pub async fn limit(State(running): State<Running>, request: Request, next: Next) -> Response {
    match running.try_acquire() {
        Ok(_permit) => with_one_patience(next.run(request)).await,
        Err(_) => ApiError::Busy.into_response(),
    }
}
