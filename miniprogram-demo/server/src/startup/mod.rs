//! From the options to a server that answers, in the order in which each step needs the one before.

mod connection;
mod entrance;
mod files;
mod logging;
mod serve;

use crate::config::{Options, WechatConfig};
use crate::database::Database;
use crate::limits::Codes;
use crate::passwords::Passwords;
use crate::pictures::Pictures;
use crate::state::App;
use crate::wechat::Wechat;
use crate::{limits, routes, sessions};
use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// Serves until a signal to stop.
pub async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    logging::start()?;
    files::keep_private(&options.database)?;
    // reqwest is built without a TLS provider of its own choice.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let listener = listen(options.listen).await?;
    let address = listener.local_addr()?;
    let wechat = WechatConfig::new(&options, reachable(address))?;
    if wechat.sandbox {
        tracing::warn!(
            "--sandbox: anybody who reaches this server can sign in as anybody through /sandbox/"
        );
    }
    let db = Database::open(&options.database)
        .await
        .map_err(|error| format!("cannot open the database: {error}"))?;
    limits::free_all(&db).await?;
    tokio::spawn(sessions::purge_expired(db.clone()));
    tokio::spawn(limits::purge_ended(db.clone()));

    let with_sandbox = wechat.sandbox;
    let public_url = options.public_url.clone();
    let public_url = public_url.unwrap_or_else(|| format!("http://{}", reachable(address)));
    let app = App {
        db: db.clone(),
        wechat: Wechat::new(wechat)?,
        codes: Codes::default(),
        passwords: Passwords::new(),
        pictures: Pictures::new(&public_url),
        session_lifetime: options.session_lifetime(),
    };
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    serve::serve(
        listener,
        routes::router(app, with_sandbox, options.trust_proxy),
        options.trust_proxy,
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
