//! The simulation can fail: it finds every bug that is planted, and as the law that the bug breaks.

use std::sync::Mutex;
use std::thread;

use weapp_login::{Bug, plant};

use crate::ledger::Law;
use crate::scenario::play;

const BUGS: [(Bug, Law); 17] = [
    (Bug::NobodyWoken, Law::EveryCallSettles),
    (Bug::NoSharing, Law::OneLoginAtATime),
    (Bug::OldCodeAgain, Law::ACodeIsSentOnce),
    (Bug::LoginSurvivesLogout, Law::LogoutWins),
    (Bug::RequestSurvivesLogout, Law::LogoutWins),
    (Bug::RefusalHitsAnyToken, Law::SessionsEndForAReason),
    (Bug::NetworkSignsOut, Law::SessionsEndForAReason),
    (Bug::ClockSignsOut, Law::SessionsEndForAReason),
    (Bug::ReplayWithOldToken, Law::ReplayOnce),
    (Bug::ReplayForAnyone, Law::ReplayOnce),
    (Bug::NoCoolDown, Law::CoolDown),
    (Bug::NoRate, Law::LoginRate),
    (Bug::NoRollBack, Law::StorageIsWhole),
    (Bug::TokenEverywhere, Law::TokenStaysBelowBase),
    (Bug::TokenShows, Law::SecretsDoNotShow),
    (Bug::UnknownIsExpired, Law::UnknownExpiryIsAsked),
    (Bug::ProfileOfAnyone, Law::UsersAreNotMixed),
];

/// A bug that more seeds than these do not find is not found by the tests either.
const SEEDS: u64 = 200_000;

/// How many seeds it takes until `law` is seen to be broken; a bug may break others before.
fn seeds_to_find(bug: Bug, law: Law) -> Option<(u64, Law)> {
    plant(Some(bug));
    let mut first = None;
    for seed in 0..SEEDS {
        if let Some(breach) = play(seed, false).breach {
            first = first.or(Some((seed + 1, breach.law)));
            if breach.law == law {
                return Some((seed + 1, law));
            }
        }
    }
    first
}

#[test]
fn every_planted_bug_is_found() {
    let bugs = Mutex::new(BUGS.iter());
    let missed = Mutex::new(Vec::new());
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                loop {
                    let Some((bug, law)) = bugs.lock().unwrap().next() else {
                        return;
                    };
                    let found = seeds_to_find(*bug, *law);
                    match found {
                        Some((seeds, as_law)) => println!("| {bug:?} | {as_law:?} | {seeds} |"),
                        None => println!("| {bug:?} | not found | |"),
                    }
                    if found.is_none_or(|(_, as_law)| as_law != *law) {
                        missed.lock().unwrap().push(*bug);
                    }
                }
            });
        }
    });
    assert_eq!(missed.into_inner().unwrap(), []);
}
