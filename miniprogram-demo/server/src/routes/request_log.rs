//! The request log. Every line that is logged while a request is worked on has its id, address and user. The answer has the
//! id, too, so that a user's report leads to the lines.

use super::peer::Peer;
use crate::envelope::Errno;
use crate::secret::random_hex;
use crate::{audit, monitoring};
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;

const ID_HEADER: &str = "x-request-id";
const ID_BYTES: usize = 8;

/// Middleware: one line a request. The route's pattern stands for the address: a query may hold a code or a secret.
pub async fn log_request(Peer(peer): Peer, request: Request, next: Next) -> Response {
    // Without randomness there is no id, which is no reason to fail.
    let id = random_hex(ID_BYTES).unwrap_or_default();
    // Of the highest level, so that lines of any level have it.
    let span = tracing::error_span!("request", id, %peer, user = Empty, merged = Empty);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID_HEADER, id);
    }
    let _in_span = span.enter();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    let errno = response.extensions().get::<Errno>();
    let errno = errno.map_or(0, |errno| errno.0);
    monitoring::answered(&method, route, status, errno);
    audit::answered(route, errno);
    tracing::info!(
        %method,
        route,
        status,
        errno,
        ms = start.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
