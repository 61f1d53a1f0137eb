//! The printed table.

use crate::client::Seen;
use std::time::Duration;

pub fn headline() {
    println!(
        "{:<28}{:>10}{:>10}{:>10}{:>10}{:>8}",
        "", "per s", "p50 ms", "p99 ms", "max ms", "failed"
    );
}

/// Prints a line and returns the number of failures.
pub fn line(what: &str, seen: &Seen) -> usize {
    println!(
        "{what:<28}{:>10.0}{:>10.1}{:>10.1}{:>10.1}{:>8}",
        per_second(seen),
        milliseconds(seen, 0.5),
        milliseconds(seen, 0.99),
        milliseconds(seen, 1.0),
        seen.failures
    );
    seen.failures
}

pub fn memory(what: &str, before: u64, after: u64) {
    println!("{what}: memory {before} MB before, {after} MB after");
}

/// Prints what a request costs in large tables, as a multiple of what it costs in small ones: the median turn's.
pub fn comparison(what: &str, small: &[Seen], large: &[Seen]) -> usize {
    let mut ratios: Vec<_> = small
        .iter()
        .zip(large)
        .map(|(small, large)| per_second(small) / per_second(large))
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{what}: in large tables {:.2} times the cost of small ones",
        ratios[ratios.len() / 2]
    );
    small.iter().chain(large).map(|seen| seen.failures).sum()
}

/// Prints logins without and beside a purge, and how much longer they take beside it. Returns the number of failures.
pub fn purge(name: &str, without: &Seen, beside: &Seen) -> usize {
    let failures = line(&format!("{name}: 1 client, no purge"), without)
        + line(&format!("{name}: 1 client, purge"), beside);
    let longer = |quantile| milliseconds(beside, quantile) - milliseconds(without, quantile);
    println!(
        "{name}: beside a purge a login takes longer by {:.1} ms (p50), {:.1} ms (p99), {:.1} ms (the longest)",
        longer(0.5),
        longer(0.99),
        longer(1.0)
    );
    failures
}

fn per_second(seen: &Seen) -> f64 {
    seen.latencies.len() as f64 / seen.time.as_secs_f64()
}

fn milliseconds(seen: &Seen, quantile: f64) -> f64 {
    let last = seen.latencies.len().saturating_sub(1);
    let index = (last as f64 * quantile).round() as usize;
    seen.latencies
        .get(index)
        .map_or(0.0, |latency: &Duration| latency.as_secs_f64() * 1000.0)
}
