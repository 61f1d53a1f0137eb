//! Serving until a signal to stop.

use super::connection::{self, Stopping};
use super::entrance::{Entrance, Place};
use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long requests may take to finish after a signal to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Answers requests until SIGTERM or SIGINT, then lets running ones finish. Behind a proxy all clients have its address.
pub async fn serve(listener: TcpListener, router: Router, is_behind_proxy: bool) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut entrance = Entrance::new(listener, !is_behind_proxy);
    let (stop, stopping) = watch::channel(false);
    loop {
        tokio::select! {
            (stream, peer, place) = entrance.next() => {
                tokio::spawn(answer(stream, peer, router.clone(), stopping.clone(), place));
            }
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    drop((entrance, stopping));
    stop.send_replace(true);
    if timeout(STOP_TIMEOUT, stop.closed()).await.is_err() {
        tracing::warn!("requests were still running when the server stopped");
    }
    Ok(())
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stopping: Stopping,
    place: Place,
) {
    connection::answer(stream, peer, router, stopping).await;
    drop(place);
}
