//! Many runs, on all cores.

use std::env;
use std::io::{IsTerminal, Write, stderr};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::calls::Kind;
use crate::law::Law;
use crate::ledger::Breach;
use crate::scenario::{Report, play};
use crate::scope::{Scope, play_all};

/// How many seeds the tests play. In more than these a few laws are still broken: `docs/simulation.md` lists them.
const SEEDS: u64 = 10_000;

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Plays `count` seeds from `start` on and gives how many calls that were, or the first seed that breaks a law: `wanted`, or
/// any.
fn play_seeds(start: u64, count: u64, wanted: Option<Law>) -> Result<u64, u64> {
    let next = AtomicU64::new(start);
    let failed = AtomicU64::new(u64::MAX);
    let calls = AtomicU64::new(0);
    let told = Mutex::new(Instant::now());
    thread::scope(|threads| {
        for _ in 0..cores() {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= start + count || failed.load(Ordering::Relaxed) < seed {
                        return;
                    }
                    let report = play(seed, false);
                    calls.fetch_add(report.calls as u64, Ordering::Relaxed);
                    let fits = |breach: &Breach| wanted.is_none_or(|law| law == breach.law);
                    if report.breach.as_ref().is_some_and(fits) {
                        failed.fetch_min(seed, Ordering::Relaxed);
                    }
                    tell(&told, seed - start, count);
                }
            });
        }
    });
    match failed.into_inner() {
        u64::MAX => Ok(calls.into_inner()),
        seed => Err(seed),
    }
}

/// Progress, for whoever waits for it.
fn tell(told: &Mutex<Instant>, done: u64, count: u64) {
    if let Ok(mut told) = told.try_lock()
        && told.elapsed() > Duration::from_secs(5)
    {
        *told = Instant::now();
        let line_end = if stderr().is_terminal() { '\r' } else { '\n' };
        let _ = write!(stderr(), "{done} of {count} seeds{line_end}");
    }
}

/// Plays a seed that breaks a law again, and shows how it does so.
fn fail(seed: u64) -> ! {
    show(&play(seed, true));
    panic!("seed {seed} breaks a law; to see it again: cargo xtask sim --seeds 1 --start {seed}");
}

fn show(report: &Report) {
    for line in &report.trace {
        println!("{line}");
    }
    if let Some(breach) = &report.breach {
        println!("{:?}: {}", breach.law, breach.how);
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().unwrap())
}

#[test]
fn the_laws_hold_in_every_seeds_run() {
    if let Some(seed) = number("SIM_SEED") {
        let report = play(seed, true);
        show(&report);
        assert!(report.breach.is_none(), "seed {seed} breaks a law");
        return;
    }
    let (start, seeds) = (
        number("SIM_START").unwrap_or(0),
        number("SIM_SEEDS").unwrap_or(SEEDS),
    );
    if let Ok(law) = env::var("SIM_FIND") {
        let law = Law::from_name(&law).expect("a law");
        let seed = play_seeds(start, seeds, Some(law)).expect_err("the law is never broken");
        println!("found after {}", seed - start + 1);
        return;
    }
    let began = Instant::now();
    let calls = play_seeds(start, seeds, None).unwrap_or_else(|seed| fail(seed));
    println!(
        "{seeds} seeds from {start} on, {calls} calls, {:.1} s",
        began.elapsed().as_secs_f64()
    );
}

/// The pairs of calls whose every schedule is played.
const PAIRS: [[Kind; 2]; 6] = [
    [Kind::Request, Kind::Request],
    [Kind::Request, Kind::Bare],
    [Kind::Request, Kind::Silent],
    [Kind::Request, Kind::Check],
    [Kind::Profile, Kind::Force],
    [Kind::BindPhone, Kind::Account("tea", true)],
];

pub fn scopes() -> Vec<Scope> {
    let mut scopes = Vec::new();
    for calls in PAIRS {
        for by_the_clock in [false, true] {
            for bad_status in [None, Some(500)] {
                // The storage can fail in so many places that it does so beside one kind of failure only.
                let storage = if bad_status.is_none() && !by_the_clock {
                    &[false, true][..]
                } else {
                    &[false]
                };
                for &storage_fails in storage {
                    scopes.push(Scope {
                        calls,
                        by_the_clock,
                        bad_status,
                        storage_fails,
                    });
                }
            }
        }
    }
    scopes
}

#[test]
fn the_laws_hold_in_every_order_of_the_small_scopes() {
    let scopes = scopes();
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let total = AtomicUsize::new(0);
    thread::scope(|threads| {
        for _ in 0..cores() {
            threads.spawn(|| {
                while let Some(scope) = scopes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (count, broken) = play_all(*scope);
                    println!("{count:>8} schedules of {scope:?}");
                    total.fetch_add(count, Ordering::Relaxed);
                    if let Some(report) = broken {
                        show(&report);
                        panic!("a schedule of {scope:?} breaks a law");
                    }
                }
            });
        }
    });
    println!(
        "{} schedules, {:.1} s",
        total.into_inner(),
        began.elapsed().as_secs_f64()
    );
}
