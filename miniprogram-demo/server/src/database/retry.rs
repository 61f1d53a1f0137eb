//! Trying again what may be tried again: losing a conflict, and a database that is not there for a moment.

use crate::envelope::ApiError;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use std::cell::Cell;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};

/// How long to go on trying while the database does not answer.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long to go on trying while it answers that others went first.
const PATIENCE_IN_CONFLICTS: Duration = Duration::from_secs(8);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Why an attempt failed that is worth another one.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// Somebody else's transaction went first; the database is well.
    Conflict,
    /// The database is down, locked or out of its cluster.
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
        match (error, driver_error(error)) {
            (DbErr::ConnectionAcquire(_), _)
            | (
                _,
                Some(
                    SqlxError::Io(_)
                    | SqlxError::Protocol(_)
                    | SqlxError::PoolTimedOut
                    | SqlxError::PoolClosed
                    | SqlxError::WorkerCrashed
                    | SqlxError::BeginFailed,
                ),
            ) => Some(Self::Unavailable),
            _ => None,
        }
    }

    fn of_mysql(number: u16) -> Option<Self> {
        match number {
            // Deadlock or a conflict in the cluster; failed to commit; the row has changed since it was read.
            1213 | 1180 | 1020 => Some(Self::Conflict),
            // Lock wait timeout; not (any more) in the cluster; too many connections; shutting down; killed;
            // interrupted; read only, as a server is that is being replaced.
            1205 | 1047 | 1040 | 1053 | 1927 | 1317 | 1290 => Some(Self::Unavailable),
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
    /// How long the request has waited for the database so far: what it does one after the other shares one patience.
    static WAITED: Cell<Duration>;
}

/// Runs the work of a request.
pub async fn with_one_patience<F: Future>(work: F) -> F::Output {
    WAITED.scope(Cell::new(Duration::ZERO), work).await
}

/// Runs `attempt` until it succeeds or fails for good, or patience is at its end: then the database is busy. An attempt
/// that hangs counts as one that met no database.
pub async fn with_retries<T, F: Future<Output = Result<T, ApiError>>>(
    attempt: impl Fn() -> F,
) -> Result<T, ApiError> {
    let start = Instant::now();
    let waited = WAITED.try_with(Cell::get).unwrap_or_default();
    let result = retried(attempt, start, PATIENCE.saturating_sub(waited)).await;
    let _ = WAITED.try_with(|total| total.set(waited + start.elapsed())); // none outside a request
    result
}

async fn retried<T, F: Future<Output = Result<T, ApiError>>>(
    attempt: impl Fn() -> F,
    start: Instant,
    patience: Duration,
) -> Result<T, ApiError> {
    let mut pauses = Pauses::default();
    let mut available = start;
    loop {
        let (trouble, cause) = match timeout_at(available + patience, attempt()).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => match error.database_cause().and_then(Trouble::of) {
                Some(trouble) => (trouble, error),
                None => return Err(error),
            },
            Err(elapsed) => (Trouble::Unavailable, ApiError::Internal(elapsed.into())),
        };
        let end = match trouble {
            Trouble::Conflict => start + PATIENCE_IN_CONFLICTS,
            Trouble::Unavailable => available + patience,
        };
        let next = Instant::now() + pauses.next();
        if next >= end {
            log(trouble, &cause);
            return Err(ApiError::Busy);
        }
        sleep_until(next).await;
        if matches!(trouble, Trouble::Conflict) {
            available = next;
        }
    }
}

/// A violated key's message quotes what was to be written, so it is not logged.
fn log(trouble: Trouble, cause: &ApiError) {
    let cause = match cause.database_cause() {
        Some(error) if error.sql_err().is_some() => "a key was taken".to_owned(),
        Some(error) => error.to_string(),
        None => "no answer in time".to_owned(),
    };
    tracing::warn!(?trouble, "the database is busy: {cause}");
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
