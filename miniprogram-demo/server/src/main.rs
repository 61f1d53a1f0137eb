//! Reference backend of weapp-login: the login API of the wire contract over a database, with WeChat's code2Session
//! behind it, or a sandbox WeChat where there is no AppSecret.

mod accounts;
mod app;
mod body;
mod clock;
mod config;
mod database;
mod entities;
mod envelope;
mod migrations;
mod passwords;
mod profile;
mod routes;
mod sandbox;
mod secret;
mod sessions;
mod uploads;
mod users;
mod wechat;

use app::App;
use clap::Parser;
use config::{Options, WechatConfig};
use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// How long requests may take to finish after a signal to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    start_logging()?;
    // reqwest is built without a TLS provider of its own choice.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        format!(
            "cannot listen on {}: {error}. Choose another address with --listen",
            options.listen
        )
    })?;
    let address = listener.local_addr()?;
    let wechat = WechatConfig::new(&options, reachable(address))?;
    if wechat.sandbox {
        tracing::warn!(
            "--sandbox: anybody who reaches this server can sign in as anybody through /sandbox/"
        );
    }
    let db = database::open(&options.database)
        .await
        .map_err(|error| format!("cannot open the database: {error}"))?;
    tokio::spawn(sessions::purge_expired(db.clone()));

    let with_sandbox = wechat.sandbox;
    let app = App {
        db: db.clone(),
        wechat: wechat::Wechat::new(wechat)?,
        passwords: passwords::Passwords::new(),
        uploads: open_uploads(&options, address)?,
        session_lifetime: options.session_lifetime(),
    };
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    serve(listener, app::router(app, with_sandbox)).await?;
    db.close().await?;
    Ok(())
}

fn open_uploads(options: &Options, address: SocketAddr) -> Result<uploads::Uploads, String> {
    let folder = options.uploads_folder();
    let public_url = options
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", reachable(address)));
    uploads::Uploads::new(folder.clone(), &public_url).map_err(|error| {
        format!(
            "cannot create the folder {} for uploads: {error}",
            folder.display()
        )
    })
}

async fn serve(listener: TcpListener, router: axum::Router) -> Result<(), Box<dyn Error>> {
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

fn start_logging() -> Result<(), Box<dyn Error>> {
    let levels = std::env::var("RUST_LOG").unwrap_or_else(|_| "info".to_owned());
    let levels: Targets = levels
        .parse()
        .map_err(|error| format!("RUST_LOG: {error}"))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(levels))
        .init();
    Ok(())
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
