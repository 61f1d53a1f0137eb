//! What the database's failures mean.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use std::io::ErrorKind;

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
