//! Trying again what may be tried again, for as long as it is likely to help.

use super::connect::TRUSTED;
use super::outage::Outage;
use crate::envelope::ApiError;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use std::cell::Cell;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};

/// How long to go on while the database gives no sign of life, or is locked.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long to go on while it answers that others went first.
const PATIENCE_IN_CONFLICTS: Duration = Duration::from_secs(8);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Why an attempt failed that is worth another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Somebody else's transaction went first; the database is well.
    Conflict,
    /// The database says that it stops, or has left its cluster: another one is about to take over.
    Changeover,
    /// A connection broke. In a changeover the new ones break, too, for something still accepts them.
    Broken,
    /// There is no connection or no answer in time, or others hold a lock.
    Unavailable,
}

impl Trouble {
    /// `None` for a failure that would come again.
    pub fn of(error: &DbErr) -> Option<Self> {
        // Business code names the violations that it expects. Any other is a race for the same key.
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Some(Self::Conflict);
        }
        if let Some(number) = mysql_number(error) {
            return Self::of_mysql(number);
        }
        if let Some(code) = refusal(error).and_then(DatabaseError::code) {
            return Self::of_sqlite(&code);
        }
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return Some(Self::Unavailable);
        }
        match driver_error(error)? {
            SqlxError::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                Some(Self::Unavailable)
            }
            SqlxError::Io(_) | SqlxError::Protocol(_) | SqlxError::BeginFailed => {
                Some(Self::Broken)
            }
            SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed => {
                Some(Self::Unavailable)
            }
            _ => None,
        }
    }

    fn of_mysql(number: u16) -> Option<Self> {
        match number {
            // Deadlock or a conflict in the cluster; failed to commit; the row has changed since it was read.
            1213 | 1180 | 1020 => Some(Self::Conflict),
            // Not (any more) in the cluster; shutting down; killed; interrupted; read only, as a server is that is being
            // replaced.
            1047 | 1053 | 1927 | 1317 | 1290 => Some(Self::Changeover),
            // Lock wait timeout; too many connections.
            1205 | 1040 => Some(Self::Unavailable),
            _ => None,
        }
    }

    fn of_sqlite(extended_code: &str) -> Option<Self> {
        const BUSY: u32 = 5;
        const LOCKED: u32 = 6;
        let primary_code = extended_code.parse::<u32>().ok()? & 0xff;
        [BUSY, LOCKED]
            .contains(&primary_code)
            .then_some(Self::Unavailable)
    }
}

/// Whether a start failed because another instance changes the schema at the same time.
pub fn is_start_race(error: &DbErr) -> bool {
    // The table or the column exists already; the table was altered meanwhile.
    let raced = mysql_number(error).is_some_and(|number| [1050, 1060, 1412].contains(&number))
        || refusal(error).is_some_and(|refusal| {
            let text = refusal.message(); // SQLite has one number for all of these
            text.contains("duplicate column name") || text.contains("already exists")
        });
    raced || (refusal(error).is_some() && Trouble::of(error).is_some())
}

/// The number of a MySQL server's refusal.
pub fn mysql_number(error: &DbErr) -> Option<u16> {
    refusal(error)?
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(MySqlDatabaseError::number)
}

/// What a database answered that refused a statement.
fn refusal(error: &DbErr) -> Option<&dyn DatabaseError> {
    match driver_error(error)? {
        SqlxError::Database(refusal) => Some(&**refusal),
        _ => None,
    }
}

fn driver_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(driver))
        | DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver)) => Some(driver),
        _ => None,
    }
}

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
