//! MariaDB for tests. Where it cannot be had the reason is printed; on the machine where it must be there, which sets
//! `CI=true`, that is a failure.

pub mod cluster;
mod server;

use crate::support::Backend;
pub use server::MariaDb;
use std::sync::OnceLock;

/// A backend on an empty database of the server that all tests share.
pub async fn backend() -> Option<Backend> {
    Some(Backend::start_on(&empty_database().await?))
}

/// The address of an empty database of the server that all tests share.
pub async fn empty_database() -> Option<String> {
    static SHARED: OnceLock<Option<MariaDb>> = OnceLock::new();
    let shared = tokio::task::spawn_blocking(|| SHARED.get_or_init(start).as_ref());
    Some(shared.await.unwrap()?.empty_database().await)
}

/// A server of the test's own, to be stopped and killed.
pub async fn private_server() -> Option<MariaDb> {
    tokio::task::spawn_blocking(start).await.unwrap()
}

fn start() -> Option<MariaDb> {
    MariaDb::start()
        .inspect_err(|reason| skip(&format!("no MariaDB: {reason}")))
        .ok()
}

/// Says why a test does nothing.
pub fn skip(reason: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    eprintln!("skipped: {reason}");
}
