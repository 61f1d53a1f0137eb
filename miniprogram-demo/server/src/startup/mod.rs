//! From the settings to a server that answers, in the order in which each step needs the one before.

mod connection;
mod entrance;
mod files;
mod metrics;
mod serve;

use crate::config::{Settings, WechatSettings};
use crate::database::Database;
use crate::limits::Codes;
use crate::passwords::Passwords;
use crate::pictures::Pictures;
use crate::state::{App, Draining};
use crate::wechat::Wechat;
use crate::{limits, routes, sessions};
use serve::Stop;
use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

pub use files::keep_private as keep_files_private;
pub use serve::Signals;

/// Serves until a signal to stop.
pub async fn run(settings: Settings, wechat: WechatSettings) -> Result<(), Box<dyn Error>> {
    // reqwest is built without a TLS provider of its own choice.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let listener = listen(settings.listen).await?;
    let address = listener.local_addr()?;
    let wechat = wechat.for_server(reachable(address));
    if wechat.sandbox {
        tracing::warn!(
            "--sandbox: anybody who reaches this server can sign in as anybody through /sandbox/"
        );
    }
    let db = Database::open(settings.database.expose())
        .await
        .map_err(|error| format!("cannot open the database: {error}"))?;
    limits::free_all(&db).await?;
    tokio::spawn(sessions::purge_expired(db.clone()));
    tokio::spawn(limits::purge_ended(db.clone()));

    let with_sandbox = wechat.sandbox;
    let public_url = settings
        .public_url
        .unwrap_or_else(|| format!("http://{}", reachable(address)));
    let passwords = Passwords::new();
    if let Some(address) = settings.metrics_listen {
        metrics::serve(address, db.clone(), passwords.clone()).await?;
    }
    let draining = Draining::default();
    let app = App {
        db: db.clone(),
        wechat: Wechat::new(wechat)?,
        codes: Codes::default(),
        passwords,
        pictures: Pictures::new(&public_url),
        session_lifetime: settings.session_lifetime,
        draining: draining.clone(),
    };
    let tasks = TaskTracker::new();
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    serve::serve(
        listener,
        routes::router(app, with_sandbox, settings.trust_proxy, tasks.clone()),
        settings.trust_proxy,
        Stop {
            draining,
            tasks,
            drain: settings.drain,
        },
    )
    .await?;
    db.close().await?;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}. Choose another address with --listen")
    })
}

/// The address under which this machine reaches a listener: "all interfaces" is none that one can connect to.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => {
            address.set_ip(Ipv4Addr::LOCALHOST.into())
        }
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            address.set_ip(Ipv6Addr::LOCALHOST.into())
        }
        _ => {}
    }
    address
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::{database, limits, wechat};
    use std::time::Duration;

    const NGINX: &str = include_str!("../../deploy/nginx.conf");

    #[test]
    fn the_proxy_of_the_example_waits_longer_than_the_server_takes() {
        let (_, limit) = NGINX.split_once("proxy_read_timeout ").unwrap();
        let (limit, _) = limit.split_once("s;").unwrap();
        let limit = Duration::from_secs(limit.parse().unwrap());
        let longest = wechat::longest() + limits::PLACE_PATIENCE + database::PATIENCE_IN_CONFLICTS;
        assert!(longest < limit, "{longest:?}");
    }
}
