//! Serving until a signal to stop.

use super::connection::{self, Stopping};
use axum::Router;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

/// How long requests may take to finish after a signal to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections at once, where there are descriptors enough.
const MAX_CONNECTIONS: usize = 2048;
/// Descriptors that are no connections of clients': the database's, files, the log.
const OTHER_DESCRIPTORS: usize = 64;
const LOG_INTERVAL: Duration = Duration::from_secs(10);
/// After a connection that could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until SIGTERM or SIGINT, then lets running ones finish.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut entrance = Entrance::new(listener);
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
    place: OwnedSemaphorePermit,
) {
    connection::answer(stream, peer, router, stopping).await;
    drop(place);
}

/// Lets connections in, a limited number at once. Those beyond wait in the listener's queue.
struct Entrance {
    listener: TcpListener,
    size: usize,
    places: Arc<Semaphore>,
    last_log: Option<Instant>,
}

impl Entrance {
    fn new(listener: TcpListener) -> Self {
        let size = max_connections();
        Self {
            listener,
            size,
            places: Arc::new(Semaphore::new(size)),
            last_log: None,
        }
    }

    /// The next connection. Dropping the future loses none.
    async fn next(&mut self) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            let place = self.place().await;
            match (self.listener.accept().await, place) {
                (Ok((stream, peer)), Some(place)) => return (stream, peer, place),
                (Ok(_), None) => {}
                (Err(error), _) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        if self
            .last_log
            .is_none_or(|last| last.elapsed() >= LOG_INTERVAL)
        {
            tracing::warn!("{} connections are open: new ones have to wait", self.size);
            self.last_log = Some(Instant::now());
        }
        self.places.clone().acquire_owned().await.ok()
    }
}

/// As many as the limit of descriptors allows, which is raised as far as this process may. A login has a connection to
/// WeChat beside the client's own.
fn max_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::debug!("cannot raise the limit of descriptors: {error}");
    }
    let descriptors = getrlimit(Resource::Nofile).current;
    let descriptors = descriptors.map_or(usize::MAX, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    (descriptors.saturating_sub(OTHER_DESCRIPTORS) / 2).clamp(1, MAX_CONNECTIONS)
}
