//! Many runs, on all cores.

use std::collections::BTreeMap;
use std::env;
use std::io::{IsTerminal, Write, stderr};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::calls::Kind;
use crate::law::Law;
use crate::scenario::{Report, play};
use crate::scope::{Scope, play_all};

/// How many seeds the tests play.
const SEEDS: u64 = 200_000;

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// The seeds that break laws: how many each, and the first.
type Broken = Mutex<BTreeMap<Law, (u64, u64)>>;

/// Plays `count` seeds from `start` on, or until one breaks `wanted`. Prints how many calls that were, and gives which laws were
/// broken.
fn play_seeds(start: u64, count: u64, wanted: Option<Law>) -> BTreeMap<Law, (u64, u64)> {
    let next = AtomicU64::new(start);
    let calls = AtomicU64::new(0);
    let broken = Broken::default();
    let told = Mutex::new(Instant::now());
    let began = Instant::now();
    thread::scope(|threads| {
        for _ in 0..cores() {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= start + count {
                        return;
                    }
                    let report = play(seed, false);
                    calls.fetch_add(report.calls as u64, Ordering::Relaxed);
                    if let Some(breach) = report.breach
                        && note(&broken, breach.law, seed)
                        && wanted == Some(breach.law)
                    {
                        next.store(start + count, Ordering::Relaxed);
                    }
                    tell(&told, seed - start, count);
                }
            });
        }
    });
    if wanted.is_none() {
        println!("{count} seeds from {start} on");
    }
    println!(
        "{} calls, {:.1} s",
        calls.into_inner(),
        began.elapsed().as_secs_f64()
    );
    broken.into_inner().unwrap()
}

/// Counts a seed that breaks a law; gives whether it is the first of that law.
fn note(broken: &Broken, law: Law, seed: u64) -> bool {
    let mut broken = broken.lock().unwrap();
    let (count, first) = broken.entry(law).or_insert((0, seed));
    *count += 1;
    *first = seed.min(*first);
    *count == 1
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
    let wanted = env::var("SIM_FIND").ok();
    let wanted = wanted.map(|law| Law::from_name(&law).expect("a law"));
    let broken = play_seeds(start, seeds, wanted);
    if let Some(law) = wanted {
        let (_, seed) = broken.get(&law).expect("the law is never broken");
        println!("found after {}", seed - start + 1);
        return;
    }
    for (law, (count, first)) in &broken {
        println!("{law:?} is broken by {count} seeds, the first is {first}");
    }
    if let Some((_, seed)) = broken.values().min_by_key(|(_, first)| first) {
        fail(*seed);
    }
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
