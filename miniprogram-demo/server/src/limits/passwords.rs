//! Limits on wrong passwords, by account and by address.
//!
//! One address has few guesses at one account, so a stranger spends their own guesses and not the owner's. Many addresses
//! together have more, and use the account's up: even then the address of the last login has its own few.

use super::counters::Counter;
use super::network;
use crate::database::Database;
use crate::envelope::ApiError;
use sea_orm::{ConnectionTrait, DbErr};
use std::net::IpAddr;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Of one address at one account.
const MAX_PER_PAIR: i32 = 10;
/// Of all addresses but the last login's at one account.
const MAX_PER_ACCOUNT: i32 = 50;
/// Of one address at all accounts.
const MAX_PER_ADDRESS: i32 = 100;

/// An attempt, which counts as a failure until it succeeds: attempts at the same time do not get past the limits.
pub struct PasswordAttempt {
    pair: Counter,
    others: Vec<Counter>,
}

impl PasswordAttempt {
    /// Begins an attempt at the account `username`, or refuses it. `last_login_ip` is that account's.
    pub async fn begin(
        db: &Database,
        username: &str,
        last_login_ip: Option<&str>,
        address: IpAddr,
    ) -> Result<Self, ApiError> {
        let last_login = last_login_ip.and_then(|address| address.parse().ok());
        let is_known = last_login.map(network) == Some(network(address));
        let from = network(address).to_string();
        let mut others = vec![Counter::new(
            "passwords from",
            &from,
            MAX_PER_ADDRESS,
            WINDOW,
        )];
        if !is_known {
            others.push(of_account(username));
        }
        let attempt = Self {
            pair: of_pair(address, username),
            others,
        };
        // Whoever goes on after the limit does not keep the writers busy.
        db.read(async |db| {
            for counter in attempt.counters() {
                counter.check(&db).await?;
            }
            Ok(())
        })
        .await?;
        db.write(async |tx| {
            for counter in attempt.counters() {
                counter.add(&*tx).await?;
            }
            Ok(())
        })
        .await?;
        Ok(attempt)
    }

    /// The password was right.
    pub async fn succeeded(self, db: &Database) -> Result<(), ApiError> {
        db.write(async |tx| {
            self.pair.clear(&*tx).await?;
            for counter in &self.others {
                counter.take_back(&*tx).await?;
            }
            Ok(())
        })
        .await
    }

    /// Nobody has looked at the password.
    pub async fn did_not_happen(self, db: &Database) -> Result<(), ApiError> {
        db.write(async |tx| {
            for counter in self.counters() {
                counter.take_back(&*tx).await?;
            }
            Ok(())
        })
        .await
    }

    /// Always in the same order, so that attempts at the same time do not block each other for good.
    fn counters(&self) -> impl Iterator<Item = &Counter> {
        std::iter::once(&self.pair).chain(&self.others)
    }
}

/// After a reset of the password: guesses at the one before count no more.
pub async fn forget_guesses(
    db: &impl ConnectionTrait,
    username: &str,
    address: IpAddr,
) -> Result<(), DbErr> {
    of_pair(address, username).clear(db).await?;
    of_account(username).clear(db).await
}

fn of_pair(address: IpAddr, username: &str) -> Counter {
    let pair = format!("{} {username}", network(address));
    Counter::new("passwords from and of", &pair, MAX_PER_PAIR, WINDOW)
}

fn of_account(username: &str) -> Counter {
    Counter::new("passwords of", username, MAX_PER_ACCOUNT, WINDOW)
}
