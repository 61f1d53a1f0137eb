//! Receiving a request's body, with a limit of size and of time.
//!
//! The whole body is received before the answer is sent, also where that is a refusal: a client that is still sending would
//! meet a closed connection and never see the answer.

use crate::envelope::ApiError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Frame;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

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

/// Middleware: hands the request on with its body as it comes, up to `limit` bytes. What the handler leaves is thrown
/// away.
pub async fn stream(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let incoming = Incoming::new(body, limit);
    let body = Body::new(incoming.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    match incoming.discard_rest().await {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}

/// A body that the handler reads, and the middleware after it.
#[derive(Clone)]
struct Incoming(Arc<Mutex<Receiving>>);

struct Receiving {
    body: Body,
    total: usize,
    limit: usize,
    deadline: Pin<Box<Sleep>>,
}

impl Incoming {
    fn new(body: Body, limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Receiving {
            body,
            total: 0,
            limit,
            deadline: Box::pin(sleep(TIMEOUT)),
        })))
    }

    async fn discard_rest(&self) -> Result<(), ApiError> {
        while poll_fn(|cx| self.receiving().poll_data(cx))
            .await?
            .is_some()
        {
            if self.receiving().total > MAX_DISCARDED {
                break;
            }
        }
        let receiving = self.receiving();
        if receiving.total > receiving.limit {
            return Err(ApiError::TooLarge);
        }
        Ok(())
    }

    fn receiving(&self) -> MutexGuard<'_, Receiving> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiving {
    /// The next piece; `None` after the last one.
    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, ApiError>> {
        if self.deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(ApiError::TooSlow));
        }
        loop {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                None => return Poll::Ready(Ok(None)),
                Some(Err(_)) => return Poll::Ready(Err(ApiError::BadValue)),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.total += data.len();
                        return Poll::Ready(Ok(Some(data)));
                    }
                }
            }
        }
    }
}

/// The handler's view, in which a body that is too large breaks off.
impl HttpBody for Incoming {
    type Data = Bytes;
    type Error = ApiError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ApiError>>> {
        let mut receiving = self.receiving();
        let data = ready!(receiving.poll_data(cx));
        if receiving.total > receiving.limit {
            return Poll::Ready(Some(Err(ApiError::TooLarge)));
        }
        Poll::Ready(data.transpose().map(|data| data.map(Frame::data)))
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
