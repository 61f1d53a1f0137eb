//! Connecting. A connection that comes back to its pool inside a transaction is closed: whoever used it next would write
//! into that transaction, which nobody is going to commit.

use super::checkpoint::LOG_PAGES;
use super::files::beside;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Executor};
use sea_orm::{DatabaseBackend, DatabaseConnection, DbErr, RuntimeErr, SqlxMySqlConnector};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tokio::time::timeout;

const SQLITE: &str = "sqlite:";

/// SQLite has one writer at a time: a pool makes the others queue in order, which its own lock would not.
const SQLITE_WRITERS: u32 = 1;
const SQLITE_READERS: u32 = 4;
const MYSQL_CONNECTIONS: u32 = 8;
/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(1200);
/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a connection may take to prove that it is usable.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// A connection that was idle for less is taken without a new proof.
pub const TRUSTED: Duration = Duration::from_secs(1);

/// For each MySQL session. Transactions lock the rows that they have read for update and not the gaps between them, in
/// which two newcomers would block each other for good; and no lock is waited for longer than a client would wait.
const MYSQL_SESSION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1";
/// What a Galera cluster's node has received but not yet applied is waited for, by all kinds of statements.
const GALERA_SESSION: &str = "SET SESSION wsrep_sync_wait = 7";
/// Refused inside a transaction (the first part) and by a node that has lost its cluster (the second).
const MYSQL_PROBE: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SELECT 1 FROM seaql_migrations LIMIT 1";

/// The connections that write.
pub async fn writers(url: &str) -> Result<DatabaseConnection, DbErr> {
    if is_mysql(url) {
        return mysql(url).await;
    }
    let pool = sqlite_pool(SQLITE_WRITERS).after_release(|connection, _| {
        // After some errors, a full disk's for one, SQLite has ended the transaction by itself, and only the pool still
        // counts it.
        let is_usable = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_usable) })
    });
    sqlite(pool, sqlite_options(url)?).await
}

/// The connections that read only. A writer must have connected before.
pub async fn readers(url: &str) -> Result<DatabaseConnection, DbErr> {
    if is_mysql(url) {
        return mysql(url).await;
    }
    // Each statement stands alone, so these connections are never inside a transaction.
    let options = sqlite_options(url)?.pragma("query_only", "ON");
    sqlite(sqlite_pool(SQLITE_READERS), options).await
}

fn is_mysql(url: &str) -> bool {
    url.starts_with("mysql://")
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, DbErr> {
    Ok(SqliteConnectOptions::from_str(url)
        .map_err(cannot_connect)?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        // Commits do not wait for the disk: see `Disk`.
        .synchronous(SqliteSynchronous::Normal)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        .pragma("secure_delete", "ON") // what is erased is not in the file any more
        .disable_statement_logging())
}

fn sqlite_pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}

async fn sqlite(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<DatabaseConnection, DbErr> {
    let pool = pool.connect_with(options).await.map_err(cannot_connect)?;
    Ok(pool.into())
}

async fn mysql(url: &str) -> Result<DatabaseConnection, DbErr> {
    let options = MySqlConnectOptions::from_str(url)
        .map_err(cannot_connect)?
        .disable_statement_logging();
    let pool = MySqlPoolOptions::new()
        .max_connections(MYSQL_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(set_up_mysql(connection)))
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                Ok(meta.idle_for < TRUSTED || is_mysql_connection_usable(connection).await)
            })
        })
        .after_release(|connection, _| {
            Box::pin(async { Ok(is_mysql_connection_usable(connection).await) })
        })
        .connect_with(options)
        .await
        .map_err(cannot_connect)?;
    Ok(SqlxMySqlConnector::from_sqlx_mysql_pool(pool))
}

async fn set_up_mysql(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    connection.execute(MYSQL_SESSION).await?;
    let is_galera = connection
        .fetch_optional("SHOW VARIABLES WHERE Variable_name = 'wsrep_on' AND Value = 'ON'")
        .await?
        .is_some();
    if is_galera {
        connection.execute(GALERA_SESSION).await?;
    }
    Ok(())
}

async fn is_mysql_connection_usable(connection: &mut MySqlConnection) -> bool {
    timeout(PROBE_TIMEOUT, connection.execute(MYSQL_PROBE))
        .await
        .is_ok_and(|answer| answer.is_ok())
        && !connection.is_in_transaction()
}

/// How many connections a pool has, and how many of these nobody uses.
pub fn size_of(pool: &DatabaseConnection) -> (u32, usize) {
    if pool.get_database_backend() == DatabaseBackend::Sqlite {
        let pool = pool.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle())
    } else {
        let pool = pool.get_mysql_connection_pool();
        (pool.size(), pool.num_idle())
    }
}

/// Whether `url` is an address at all. The error does not quote it.
pub fn check_address(url: &str) -> Result<(), String> {
    if !is_mysql(url) && !url.starts_with(SQLITE) {
        return Err(
            "the address must be sqlite://FILE or mysql://USER:PASSWORD@HOST/NAME".to_owned(),
        );
    }
    let checked = if is_mysql(url) {
        let options = MySqlConnectOptions::from_str(url);
        options.map(drop).map_err(cannot_connect)
    } else {
        sqlite_options(url).map(drop)
    };
    checked.map_err(|error| error.to_string().replace(url, "URL"))
}

/// The file that a `sqlite:` address names, or to which a symbolic link there leads: beside that one SQLite has its others.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    if !url.starts_with(SQLITE) || url.contains(":memory:") || url.contains("mode=memory") {
        return None;
    }
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename();
    match file.is_symlink() {
        true => file.canonicalize().ok().or_else(|| Some(file.to_owned())),
        false => Some(file.to_owned()),
    }
}

/// The file to which SQLite writes before it writes to the one of the address.
pub fn sqlite_log(url: &str) -> Option<PathBuf> {
    Some(beside(&sqlite_file(url)?, "-wal"))
}

fn cannot_connect(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
