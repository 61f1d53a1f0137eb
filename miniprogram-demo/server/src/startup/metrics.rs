//! Prometheus' metrics, on an address of their own: what they tell is not for clients.

use super::entrance::Entrance;
use super::serve::answer;
use crate::database::Database;
use crate::monitoring;
use crate::passwords::Passwords;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;

/// How often what was measured is put together, also when nobody asks for it.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Counts from now on, and serves what is counted.
pub async fn serve(
    address: SocketAddr,
    db: Database,
    passwords: Passwords,
) -> Result<(), Box<dyn Error>> {
    let recorder = monitoring::recorder()?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    monitoring::describe();

    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}. Choose another address with --metrics-listen")
    })?;
    tracing::info!("metrics on http://{}/metrics", listener.local_addr()?);
    tokio::spawn(keep_short(handle.clone()));
    let show = async move || {
        db.measure();
        passwords.measure();
        ([(CONTENT_TYPE, PROMETHEUS_TEXT)], handle.render())
    };
    let router = Router::new().route("/metrics", get(show));
    tokio::spawn(answer_all(Entrance::to_metrics(listener), router));
    Ok(())
}

/// Until the process ends: what happens while it stops is counted, too.
async fn answer_all(mut entrance: Entrance, router: Router) {
    let (_stop, stopping) = watch::channel(false);
    loop {
        let (stream, peer, place) = entrance.next().await;
        let router = router.clone();
        tokio::spawn(answer(stream, peer, router, stopping.clone(), place));
    }
}

async fn keep_short(handle: PrometheusHandle) {
    loop {
        sleep(UPKEEP_INTERVAL).await;
        handle.run_upkeep();
    }
}
