//! The database: a pool of readers, a pool of writers, and the ways of using them.
//!
//! All try again on what passes by itself, so `work` may run more than once and must start from nothing each time.

mod backup;
mod checkpoint;
mod connect;
mod disk;
mod files;
mod in_use;
mod migrations;
mod outage;
mod part;
mod purge;
mod retry;
mod trouble;

use crate::envelope::ApiError;
use crate::monitoring;
use disk::Disk;
use in_use::InUse;
use outage::Outage;
use retry::{Pauses, with_retries};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use trouble::is_start_race;

pub use backup::{back_up, restore};
pub use connect::{check_address, sqlite_file};
pub use purge::purge;
#[cfg(test)]
pub use retry::PATIENCE_IN_CONFLICTS;
pub use retry::{behind_others, with_one_patience};

const START_PATIENCE: Duration = Duration::from_secs(30);

/// A transaction in the hands of the work that is done in it. It must not outlive that work.
pub type Transaction = Arc<DatabaseTransaction>;

#[derive(Clone)]
pub struct Database {
    readers: DatabaseConnection,
    writers: DatabaseConnection,
    outage: Arc<Outage>,
    /// Of a SQLite file; servers see to theirs themselves.
    disk: Option<Arc<Disk>>,
    _in_use: Option<Arc<InUse>>,
}

impl Database {
    /// Connects to `url` (`sqlite:` or `mysql:`) and brings the schema up to date. Instances that start together on one
    /// empty database get into each other's way; no lock keeps them apart (MySQL's is granted twice in a cluster), so
    /// each tries again until there is nothing left to do. The error does not quote the address, which may have a
    /// password in it.
    pub async fn open(url: &str) -> Result<Self, String> {
        let start = Instant::now();
        let mut pauses = Pauses::default();
        check_address(url)?;
        let in_use = InUse::beside_others(url)?.map(Arc::new);
        if let Some(file) = sqlite_file(url) {
            files::make(&file)
                .map_err(|error| format!("cannot make {}: {error}", file.display()))?;
        }
        loop {
            match Self::connect(url, in_use.clone()).await {
                Ok(db) => return Ok(db),
                Err(error) if is_start_race(&error) && start.elapsed() < START_PATIENCE => {
                    tokio::time::sleep(pauses.next()).await;
                }
                Err(error) => return Err(error.to_string().replace(url, "URL")),
            }
        }
    }

    async fn connect(url: &str, in_use: Option<Arc<InUse>>) -> Result<Self, DbErr> {
        let writers = connect::writers(url).await?;
        migrations::apply(&writers).await?;
        let readers = connect::readers(url).await?;
        let disk = connect::sqlite_log(url).map(|log| Arc::new(Disk::new(log)));
        if disk.is_some() {
            let moving = checkpoint::keep_log_short(readers.clone(), writers.clone());
            tokio::spawn(moving);
        }
        Ok(Self {
            readers,
            writers,
            outage: Arc::default(),
            disk,
            _in_use: in_use,
        })
    }

    /// Runs `work`, which only reads.
    pub async fn read<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        work: impl Fn(DatabaseConnection) -> F,
    ) -> Result<T, ApiError> {
        with_retries(&self.outage, || work(self.readers.clone())).await
    }

    /// Runs `work` in a transaction of its own and commits it, unless `work` fails. Whether an interrupted commit was
    /// carried out is not known: `work` must recognise what an earlier run of it has done.
    pub async fn write<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        work: impl Fn(Transaction) -> F,
    ) -> Result<T, ApiError> {
        let done = with_retries(&self.outage, async || {
            let tx = Arc::new(self.begin().await?);
            let done = work(tx.clone()).await?;
            let tx = Arc::into_inner(tx)
                .ok_or_else(|| ApiError::Internal("a transaction is used after its end".into()))?;
            tx.commit().await?;
            Ok(done)
        })
        .await?;
        if let Some(disk) = &self.disk {
            let saved = disk.save().await;
            saved.map_err(|error| ApiError::Internal(error.into()))?;
        }
        Ok(done)
    }

    /// Runs `work`, one statement, which is a transaction by itself. A power cut may lose it.
    pub async fn write_alone<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        work: impl Fn(DatabaseConnection) -> F,
    ) -> Result<T, ApiError> {
        with_retries(&self.outage, || work(self.writers.clone())).await
    }

    /// SQLite takes the write lock at once: a transaction that only reads at first could not wait for its turn later.
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let on_sqlite = self.writers.get_database_backend() == DatabaseBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: on_sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writers.begin_with_options(options).await
    }

    /// Succeeds if the database answers, with a schema in it.
    pub async fn answers(&self) -> Result<(), ApiError> {
        let sql = "SELECT 1 FROM seaql_migrations LIMIT 1";
        self.read(async |db| Ok(db.execute_unprepared(sql).await.map(drop)?))
            .await
    }

    /// Tells the operator how many connections there are.
    pub fn measure(&self) {
        for (name, pool) in [("readers", &self.readers), ("writers", &self.writers)] {
            let (size, idle) = connect::size_of(pool);
            monitoring::connections(name, size, idle);
        }
    }

    /// Waits for what is running. On SQLite the last one to close, a writer, leaves one file.
    pub async fn close(self) -> Result<(), DbErr> {
        self.readers.close().await?;
        self.writers.close().await
    }
}
