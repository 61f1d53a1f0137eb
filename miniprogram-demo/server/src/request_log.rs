//! The request log.

use crate::envelope::Errno;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Middleware: one line a request. The route's pattern stands for the address: a query may hold a code or a secret.
pub async fn log_request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        errno = response.extensions().get::<Errno>().map_or(0, |errno| errno.0),
        ms = start.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
