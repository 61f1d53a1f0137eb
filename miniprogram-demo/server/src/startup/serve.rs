//! Serving until a signal to stop.

use super::connection::{self, Stopping};
use super::entrance::{Entrance, Place};
use crate::state::Draining;
use axum::Router;
use futures_util::FutureExt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// How long requests may take to finish after a signal to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How to stop.
pub struct Stop {
    pub draining: Draining,
    /// Where requests are answered, also those whose clients have hung up.
    pub tasks: TaskTracker,
    /// How long to go on after a signal. Another signal ends it.
    pub drain: Duration,
}

/// Answers requests until SIGTERM or SIGINT, then lets running ones finish. Behind a proxy all clients have its address.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    is_behind_proxy: bool,
    how: Stop,
) -> io::Result<()> {
    let mut signals = Signals::new()?;
    let mut entrance = Entrance::new(listener, !is_behind_proxy);
    let (stop, stopping) = watch::channel(false);
    let serve = |(stream, peer, place)| {
        tokio::spawn(answer(
            stream,
            peer,
            router.clone(),
            stopping.clone(),
            place,
        ));
    };
    serve_until(signals.next(), &mut entrance, serve).await;
    how.draining.begin();
    if !how.drain.is_zero() {
        let drained = timeout(how.drain, signals.next()).map(drop);
        serve_until(drained, &mut entrance, serve).await;
    }
    drop(entrance);
    drop(stopping);
    stop.send_replace(true);
    how.tasks.close();
    let finished = async {
        stop.closed().await;
        how.tasks.wait().await;
    };
    if timeout(STOP_TIMEOUT, finished).await.is_err() {
        tracing::warn!("requests were still running when the server stopped");
    }
    Ok(())
}

async fn serve_until(
    end: impl Future<Output = ()>,
    entrance: &mut Entrance,
    serve: impl Fn((TcpStream, SocketAddr, Place)),
) {
    let mut end = pin!(end);
    loop {
        tokio::select! {
            connection = entrance.next() => serve(connection),
            () = end.as_mut() => break,
        }
    }
}

/// The signals to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Answers the requests of one connection, which has its place until it ends.
pub async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stopping: Stopping,
    place: Place,
) {
    connection::answer(stream, peer, router, stopping).await;
    drop(place);
}
