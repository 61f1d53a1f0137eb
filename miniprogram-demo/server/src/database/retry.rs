//! Trying again what may be tried again, for as long as it is likely to help.

use super::connect::TRUSTED;
use super::outage::Outage;
use super::trouble::Trouble;
use crate::envelope::ApiError;
use std::cell::Cell;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};

/// How long to go on while the database gives no sign of life, or is locked.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long to go on while it answers that others went first.
pub const PATIENCE_IN_CONFLICTS: Duration = Duration::from_secs(8);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

tokio::task_local! {
    /// What the request has waited for the database so far: what it does one after the other shares one patience.
    static WAITED: Cell<Waited>;
}

#[derive(Clone, Copy, Default)]
struct Waited {
    altogether: Duration,
    /// While there was no sign of life.
    in_vain: Duration,
}

/// Runs the work of a request.
pub async fn with_one_patience<F: Future>(work: F) -> F::Output {
    WAITED.scope(Cell::default(), work).await
}

/// Waits for a turn behind others that may be waiting for the database: the time counts as waited for it, too, so that in an
/// outage nobody waits twice.
pub async fn behind_others<F: Future>(turn: F) -> F::Output {
    let start = Instant::now();
    let output = turn.await;
    let _ = WAITED.try_with(|waited| {
        let before = waited.get();
        waited.set(Waited {
            altogether: before.altogether + start.elapsed(),
            in_vain: before.in_vain + start.elapsed(),
        });
    }); // none outside a request
    output
}

/// Runs `attempt` until it succeeds or fails for good, or patience is at its end: then the database is busy. An attempt
/// that hangs counts as one that met no database.
pub async fn with_retries<T, F: Future<Output = Result<T, ApiError>>>(
    outage: &Outage,
    attempt: impl Fn() -> F,
) -> Result<T, ApiError> {
    let mut patience = Patience::new(WAITED.try_with(Cell::get).unwrap_or_default());
    let result = retried(&mut patience, outage, attempt).await;
    let _ = WAITED.try_with(|waited| waited.set(patience.waited())); // none outside a request
    result
}

async fn retried<T, F: Future<Output = Result<T, ApiError>>>(
    patience: &mut Patience,
    outage: &Outage,
    attempt: impl Fn() -> F,
) -> Result<T, ApiError> {
    let mut pauses = Pauses::default();
    loop {
        let (trouble, cause) = match timeout_at(patience.end(), attempt()).await {
            Ok(Ok(done)) => {
                outage.is_over();
                return Ok(done);
            }
            Ok(Err(error)) => match error.database_cause().and_then(Trouble::of) {
                Some(trouble) => (trouble, error),
                None => return Err(error),
            },
            Err(elapsed) => (Trouble::Unavailable, ApiError::Internal(elapsed.into())),
        };
        patience.has_met(trouble, outage);
        let next = Instant::now() + pauses.next();
        if next >= patience.end() {
            tracing::warn!(?trouble, "the database is busy: {}", shown(&cause));
            return Err(ApiError::Busy);
        }
        tracing::debug!(?trouble, "tries again: {}", shown(&cause));
        sleep_until(next).await;
    }
}

/// When to give up.
struct Patience {
    before: Waited,
    start: Instant,
    /// When the database last gave a sign of life that promises a success.
    last_sign: Instant,
}

impl Patience {
    fn new(before: Waited) -> Self {
        let start = Instant::now();
        Self {
            before,
            start,
            last_sign: start,
        }
    }

    fn end(&self) -> Instant {
        let in_conflicts = PATIENCE_IN_CONFLICTS.saturating_sub(self.before.altogether);
        let without_sign = PATIENCE.saturating_sub(self.before.in_vain);
        (self.start + in_conflicts).min(self.last_sign + without_sign)
    }

    fn has_met(&mut self, trouble: Trouble, outage: &Outage) {
        let is_sign = match trouble {
            Trouble::Conflict => true,
            Trouble::Changeover => outage.may_be_a_changeover(),
            // Those that have broken earlier may still be in the pool, and be taken on trust.
            Trouble::Broken => outage.may_be_a_changeover() && self.start.elapsed() > TRUSTED,
            Trouble::Unavailable => false,
        };
        if is_sign {
            self.last_sign = Instant::now();
            self.before.in_vain = Duration::ZERO;
        }
    }

    fn waited(&self) -> Waited {
        Waited {
            altogether: self.before.altogether + self.start.elapsed(),
            in_vain: self.before.in_vain + self.last_sign.elapsed(),
        }
    }
}

/// A violated key's message quotes what was to be written.
fn shown(cause: &ApiError) -> String {
    match cause.database_cause() {
        Some(error) if error.sql_err().is_some() => "a key was taken".to_owned(),
        Some(error) => error.to_string(),
        None => "no answer in time".to_owned(),
    }
}

/// Ever longer pauses with jitter, so that those who met in a conflict do not meet again.
pub struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Pauses {
    pub fn next(&mut self) -> Duration {
        let longest = self.0;
        self.0 = (2 * longest).min(LONGEST_PAUSE);
        let mut byte = [0];
        // Without randomness there is no jitter, which is no reason to fail.
        let _ = getrandom::fill(&mut byte);
        longest.mul_f32(0.5 + f32::from(byte[0]) / 512.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use sea_orm::sqlx::Error as SqlxError;
    use sea_orm::{DbErr, RuntimeErr};
    use std::future::pending;
    use std::io::{self, ErrorKind};

    /// In virtual time, how long requests are kept waiting that always meet this.
    async fn waited_for(outage: &Outage, error: impl Fn() -> Option<SqlxError>) -> Duration {
        let start = Instant::now();
        let refused = with_one_patience(with_retries(outage, async || match error() {
            Some(error) => Err::<(), _>(DbErr::Conn(RuntimeErr::SqlxError(error.into())).into()),
            None => pending().await,
        }));
        assert!(matches!(refused.await, Err(ApiError::Busy)));
        start.elapsed()
    }

    fn broken() -> Option<SqlxError> {
        Some(io::Error::from(ErrorKind::ConnectionReset).into())
    }

    #[tokio::test(start_paused = true)]
    async fn who_meets_no_answer_or_no_connection_is_refused_within_two_seconds() {
        let limit = Duration::from_secs(2);
        assert!(waited_for(&Outage::default(), || None).await < limit);
        let refused = || Some(io::Error::from(ErrorKind::ConnectionRefused).into());
        assert!(waited_for(&Outage::default(), refused).await < limit);
        assert!(waited_for(&Outage::default(), || Some(SqlxError::PoolTimedOut)).await < limit);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_request_asks_one_after_the_other_shares_one_patience() {
        let outage = Outage::default();
        let start = Instant::now();
        with_one_patience(async {
            for _ in 0..3 {
                let asked = with_retries(&outage, pending::<Result<(), ApiError>>);
                assert!(matches!(asked.await, Err(ApiError::Busy)));
            }
        })
        .await;
        assert!(start.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_break_are_a_changeover_for_eight_seconds_and_an_outage_afterwards() {
        let outage = Outage::default();
        let first = waited_for(&outage, broken).await;
        assert!(
            first > Duration::from_secs(7) && first < Duration::from_secs(9),
            "{first:?}"
        );
        assert!(waited_for(&outage, broken).await < Duration::from_secs(2));
        outage.is_over();
        assert!(waited_for(&outage, broken).await > Duration::from_secs(7));
    }
}
