//! The log: lines on stderr.

use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::prelude::*;

const DEFAULT_LEVELS: &str = "info";

/// Starts the log with the levels of `RUST_LOG`.
pub fn start() -> Result<(), String> {
    let levels = std::env::var("RUST_LOG").unwrap_or_else(|_| DEFAULT_LEVELS.to_owned());
    let levels: Targets = levels
        .parse()
        .map_err(|error: ParseError| format!("RUST_LOG: {error}"))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(levels))
        .init();
    Ok(())
}
