//! One connection of a client's.

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// From the end of one request, or the start of the connection, to the end of the next request's header.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client may take to receive something of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Of what is received and not yet read, and so of a header.
const MAX_BUFFER: usize = 32 * 1024;
/// When the server stops: how long a request may take to arrive, or an answer to leave.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// Whether the server stops.
pub type Stopping = watch::Receiver<bool>;

/// Answers the requests of one connection.
pub async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, mut stopping: Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, "cannot set TCP_NODELAY: {error}");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let has_request = Arc::new(AtomicBool::new(false));
    let service = {
        let has_request = has_request.clone();
        hyper::service::service_fn(move |request| {
            handle(request, peer, router.clone(), has_request.clone())
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_BUFFER)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { _ = stopping.wait_for(|stopping| *stopping).await } => {
            connection.as_mut().graceful_shutdown();
            match timeout(STOP_TIMEOUT, connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) if has_request.load(Ordering::Relaxed) => connection.await,
                // Half a request is not waited for.
                Err(_) => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, "a connection ended: {error}");
    }
}

/// `has_request` says whether a request that has come in whole is being answered.
async fn handle(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    has_request: Arc<AtomicBool>,
) -> Result<Response, Infallible> {
    let mut request = request.map(|body| {
        Body::new(Noticed {
            body,
            is_complete: has_request.clone(),
        })
    });
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await;
    has_request.store(false, Ordering::Relaxed);
    response
}

/// A body whose end is noticed.
struct Noticed {
    body: Incoming,
    is_complete: Arc<AtomicBool>,
}

impl HttpBody for Noticed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.is_complete.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }
}
