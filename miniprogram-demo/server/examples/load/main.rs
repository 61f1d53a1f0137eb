//! `cargo xtask load`: how many checks, logins and refreshes a second the server takes, beside a bare handler of the same framework,
//! on both databases; what they cost when the tables are large; and how long a purge of these blocks somebody. Everything runs on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod fake_wechat;
#[allow(dead_code, reason = "the tests do more with it")]
#[path = "../../tests/api/mariadb/server.rs"]
mod mariadb;
mod report;
mod server;
mod tables;

use clap::Parser;
use client::{Load, Seen, Work};
use mariadb::MariaDb;
use server::Server;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;

/// Turns of each server in a comparison, so that what else the machine does hits both.
const TURNS: u32 = 3;

/// The first logins after a start open connections.
const WARM_UP: Load = Load {
    clients: 1,
    time: Duration::from_secs(1),
};

/// Holds the large tables, as a server's own does that is set up for them; the default would read from the disk.
const BUFFER_POOL: &str = "--innodb-buffer-pool-size=1G";

#[derive(Parser)]
struct Options {
    /// How long each kind of request is sent
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many clients send at once
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Serve the bare handler and nothing else
    #[arg(long, hide = true)]
    bare: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if options.bare {
        fake_wechat::serve_bare().await;
        return ExitCode::SUCCESS;
    }
    let files = TempDir::new_in("target").unwrap();
    let load = Load {
        clients: options.clients,
        time: Duration::from_secs(options.seconds),
    };
    let wechat = fake_wechat::start().await;
    let mut failures = 0;

    println!("{} clients, {} s each", options.clients, options.seconds);
    report::headline();
    let bare = Server::start_bare();
    failures += report::line("bare axum handler", &load.run(&bare, Work::Bare).await);
    drop(bare);

    let sqlite = |name: &str| format!("sqlite://{}/{name}.db", files.path().display());
    let mariadb = MariaDb::start_with(vec![BUFFER_POOL.to_owned()])
        .inspect_err(|reason| println!("MariaDB is left out: {reason}"))
        .ok();
    let mut databases = vec![("SQLite", sqlite("small"), sqlite("large"))];
    if let Some(mariadb) = &mariadb {
        let small = mariadb.empty_database().await;
        databases.push(("MariaDB", small, mariadb.empty_database().await));
    }
    for (name, small, large) in databases {
        let small = Server::start(&small, &wechat);
        let before = small.memory();
        let checks = load.run(&small, Work::Checks).await;
        failures += report::line(&format!("{name}: checks"), &checks);
        let logins = load.run(&small, Work::Logins).await;
        failures += report::line(&format!("{name}: logins"), &logins);
        let refreshes = load.run(&small, Work::Refreshes).await;
        failures += report::line(&format!("{name}: refreshes"), &refreshes);
        report::memory(name, before, small.memory());
        failures += compare(&load, name, &small, &large, &wechat).await;
        failures += purge(&load, name, &small, &large, &wechat).await;
    }
    if failures > 0 {
        println!("{failures} requests failed");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The same requests with large tables and with small ones, by turns.
async fn compare(load: &Load, name: &str, small: &Server, large: &str, wechat: &str) -> usize {
    drop(Server::start(large, wechat));
    tables::fill(large).await;
    let large = Server::start(large, wechat);
    let turn = Load {
        time: load.time / (2 * TURNS),
        ..*load
    };
    let mut failures = 0;
    let kinds = [
        ("checks", Work::Checks),
        ("logins", Work::Logins),
        ("refreshes", Work::Refreshes),
    ];
    for (what, work) in kinds {
        let (mut in_small, mut in_large) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            in_small.push(turn.run(small, work).await);
            in_large.push(turn.run(&large, work).await);
        }
        failures += report::comparison(&format!("{name}: {what}"), &in_small, &in_large);
    }
    failures
}

/// Logins of one client beside a purge of the large table, and where there is nothing to purge, by turns: what the longest
/// ones differ by is how long the purge blocks somebody.
async fn purge(load: &Load, name: &str, small: &Server, large: &str, wechat: &str) -> usize {
    tables::expire(large).await;
    let before = tables::count_expired(large).await;
    let turn = Load {
        clients: 1,
        time: load.time / TURNS,
    };
    let (mut without, mut beside) = (Seen::default(), Seen::default());
    for _ in 0..TURNS {
        without.add(turn.run(small, Work::Logins).await);
        // Each start begins with a purge, which lasts longer than the turn.
        let large = Server::start(large, wechat);
        WARM_UP.run(&large, Work::Logins).await;
        beside.add(turn.run(&large, Work::Logins).await);
    }
    let rest = tables::count_expired(large).await;
    println!(
        "{name}: {} of {before} ended sessions and logins were purged beside the logins",
        before - rest
    );
    report::purge(name, &without, &beside)
}
