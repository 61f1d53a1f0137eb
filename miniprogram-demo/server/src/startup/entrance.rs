//! Letting connections in: a limited number at once, and of these a part from one address.

use crate::limits::network;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// Connections at once, where there are descriptors enough.
const MAX_CONNECTIONS: usize = 2048;
/// One address has this part of them: many phones may share it, and still others must get in beside it.
const ADDRESSES_TO_FILL_ALL: usize = 4;
/// Connections to the metrics at once: a few programs read them.
const MAX_METRICS_CONNECTIONS: usize = 16;
/// Descriptors that are no connections of clients': the database's, files, the log, those to the metrics.
const OTHER_DESCRIPTORS: usize = 64 + MAX_METRICS_CONNECTIONS;
const LOG_INTERVAL: Duration = Duration::from_secs(10);
/// After a connection that could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Lets connections in. Those beyond the limit wait in the listener's queue; those of an address that has its part already
/// are closed.
pub struct Entrance {
    listener: TcpListener,
    /// How its connections are called in the log.
    kind: &'static str,
    size: usize,
    places: Arc<Semaphore>,
    per_address: Option<usize>,
    inside: Inside,
    last_log: Option<Instant>,
}

impl Entrance {
    pub fn new(listener: TcpListener, limits_addresses: bool) -> Self {
        let size = max_connections();
        Self {
            per_address: limits_addresses.then_some(size.div_ceil(ADDRESSES_TO_FILL_ALL)),
            ..Self::of_size(listener, "connections", size)
        }
    }

    /// For those who read the metrics.
    pub fn to_metrics(listener: TcpListener) -> Self {
        Self::of_size(
            listener,
            "connections to the metrics",
            MAX_METRICS_CONNECTIONS,
        )
    }

    fn of_size(listener: TcpListener, kind: &'static str, size: usize) -> Self {
        Self {
            listener,
            kind,
            size,
            places: Arc::new(Semaphore::new(size)),
            per_address: None,
            inside: Inside::default(),
            last_log: None,
        }
    }

    /// The next connection. Dropping the future loses none.
    pub async fn next(&mut self) -> (TcpStream, SocketAddr, Place) {
        loop {
            let permit = self.permit().await;
            match (self.listener.accept().await, permit) {
                (Ok((stream, peer)), Some(permit)) => {
                    if let Some(place) = self.place(peer.ip(), permit) {
                        return (stream, peer, place);
                    }
                }
                (Ok(_), None) => {}
                (Err(error), _) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn permit(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = self.places.clone().try_acquire_owned() {
            return Some(permit);
        }
        let (size, kind) = (self.size, self.kind);
        self.log(|| format!("{size} {kind} are open: new ones have to wait"));
        self.places.clone().acquire_owned().await.ok()
    }

    fn place(&mut self, address: IpAddr, permit: OwnedSemaphorePermit) -> Option<Place> {
        let network = network(address.to_canonical());
        let place = self.inside.enter(network, permit);
        let limit = self.per_address.unwrap_or(usize::MAX);
        if place.neighbours <= limit {
            return Some(place);
        }
        self.log(|| format!("{network} has {limit} connections open: new ones are closed"));
        None
    }

    fn log(&mut self, text: impl FnOnce() -> String) {
        if self
            .last_log
            .is_none_or(|last| last.elapsed() >= LOG_INTERVAL)
        {
            tracing::warn!("{}", text());
            self.last_log = Some(Instant::now());
        }
    }
}

/// How many connections each network has.
#[derive(Clone, Default)]
struct Inside(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Inside {
    fn enter(&self, network: IpAddr, permit: OwnedSemaphorePermit) -> Place {
        let neighbours = self.change(network, 1);
        Place {
            _permit: permit,
            network,
            neighbours,
            inside: self.clone(),
        }
    }

    fn change(&self, network: IpAddr, by: isize) -> usize {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(network).or_default();
        *count = count.saturating_add_signed(by);
        let count = *count;
        if count == 0 {
            inside.remove(&network);
        }
        count
    }
}

/// A connection's place, free again when dropped.
pub struct Place {
    _permit: OwnedSemaphorePermit,
    network: IpAddr,
    /// This one included.
    neighbours: usize,
    inside: Inside,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inside.change(self.network, -1);
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
