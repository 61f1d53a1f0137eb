//! One connection of a client's.

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// How long an answer that is on its way may take when the server stops.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

/// Whether the server stops.
pub type Stopping = watch::Receiver<bool>;

/// Answers the requests of one connection.
pub async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, mut stopping: Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, "cannot set TCP_NODELAY: {error}");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let is_busy = Arc::new(AtomicBool::new(false));
    let service = {
        let is_busy = is_busy.clone();
        hyper::service::service_fn(move |request| {
            handle(request, peer, router.clone(), is_busy.clone())
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
            if is_busy.load(Ordering::Relaxed) {
                connection.await
            } else {
                // A header that is half sent is not waited for.
                timeout(FLUSH_TIMEOUT, connection).await.unwrap_or(Ok(()))
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, "a connection ended: {error}");
    }
}

async fn handle(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    is_busy: Arc<AtomicBool>,
) -> Result<Response, Infallible> {
    is_busy.store(true, Ordering::Relaxed);
    let mut request = request.map(axum::body::Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await;
    is_busy.store(false, Ordering::Relaxed);
    response
}
