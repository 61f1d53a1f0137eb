//! The request log. Every line that is logged while a request is worked on has its number, address and user.

use super::peer::Peer;
use crate::envelope::Errno;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// Since the start, from 1.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Middleware: one line a request. The route's pattern stands for the address: a query may hold a code or a secret.
pub async fn log_request(Peer(peer): Peer, request: Request, next: Next) -> Response {
    let number = 1 + REQUESTS.fetch_add(1, Ordering::Relaxed);
    // Of the highest level, so that lines of any level have it.
    let span = tracing::error_span!("request", number, %peer, user = Empty);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let _in_span = span.enter();
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

/// Notes whose request the current one is.
pub fn is_of_user(id: i64) {
    Span::current().record("user", id);
}
