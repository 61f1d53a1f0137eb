//! Opening the database, and the one kind of transaction this server uses.

use crate::migrations::Migrator;
use sea_orm::sqlx::sqlite::SqliteJournalMode;
use sea_orm::{
    ConnectOptions, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::path::Path;
use std::time::Duration;

const MAX_CONNECTIONS: u32 = 8;
/// How long a writer waits for another one before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects to `url` (`sqlite:` or `mysql:`) and brings the schema up to date. The error does not quote the address,
/// which may have a password in it.
pub async fn open(url: &str) -> Result<DatabaseConnection, String> {
    connect(url)
        .await
        .map_err(|error| error.to_string().replace(url, "URL"))
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    create_parent_folder(url)?;
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .max_connections(MAX_CONNECTIONS)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(BUSY_TIMEOUT)
                .journal_mode(SqliteJournalMode::Wal)
        });
    let db = Database::connect(options).await?;
    Migrator::up(&db, None).await?;
    Ok(db)
}

/// Starts a transaction that is going to write. SQLite takes the write lock at once: a transaction that only reads at
/// first could not wait for its turn later, it would fail with "database is locked". MySQL locks only the rows that were
/// read for update, not the gaps between them, in which two newcomers would block each other for good.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let on_mysql = db.get_database_backend() == DatabaseBackend::MySql;
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        isolation_level: on_mysql.then_some(IsolationLevel::ReadCommitted),
        access_mode: None,
    })
    .await
}

/// The file that a `sqlite:` address names.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (path != ":memory:").then_some(Path::new(path))
}

fn create_parent_folder(url: &str) -> Result<(), DbErr> {
    let Some(folder) = sqlite_file(url).and_then(Path::parent) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        DbErr::Custom(format!(
            "cannot create the folder {}: {error}",
            folder.display()
        ))
    })
}
