//! Receiving a request's body, with a limit of size and of time.
//!
//! The whole body is received before the request goes on, also where the answer is a refusal: a client that is still
//! sending would meet a closed connection and never see the answer.

use crate::envelope::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);
/// Up to here the rest of a body that is too large is received and thrown away; beyond, the connection breaks.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;

/// Middleware: hands the request on with its body in memory, if that is at most `limit` bytes.
pub async fn receive(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let received = tokio::time::timeout(TIMEOUT, read(body, limit)).await;
    match received.unwrap_or(Err(ApiError::TooSlow)) {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(error) => error.into_response(),
    }
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut kept = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| ApiError::BadValue)?.into_data() else {
            continue;
        };
        total += data.len();
        if total <= limit {
            kept.extend_from_slice(&data);
        } else if total > MAX_DISCARDED {
            break;
        }
    }
    if total <= limit {
        Ok(kept.into())
    } else {
        Err(ApiError::TooLarge)
    }
}
