//! Serving until a signal to stop.

use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long requests may take to finish after a signal to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Answers requests until SIGTERM or SIGINT, then lets running ones finish.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let stop = async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        let _ = stopping.send(());
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service)
        .with_graceful_shutdown(stop)
        .into_future();
    tokio::select! {
        result = server => result?,
        () = async { let _ = stopped.await; tokio::time::sleep(STOP_TIMEOUT).await } => {
            tracing::warn!("requests were still running when the server stopped");
        }
    }
    Ok(())
}
