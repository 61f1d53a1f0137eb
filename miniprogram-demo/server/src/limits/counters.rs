//! Counters of failures, each for a window of time that starts with the first one.

use crate::clock;
use crate::database::{Database, purge};
use crate::entities::failure_count::{ActiveModel, Column, Entity, Model};
use crate::envelope::ApiError;
use crate::secret::sha256_hex;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, NotSet, QueryFilter, QuerySelect,
    Set,
};
use std::time::Duration;
use tokio::time::interval;

const PURGE_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// What is counted, and how many failures are too many.
pub struct Counter {
    pub(super) key: String,
    pub(super) limit: i32,
    pub(super) window: Duration,
}

impl Counter {
    /// `what` is counted for `whom`.
    pub fn new(what: &str, whom: &str, limit: i32, window: Duration) -> Self {
        Self {
            key: sha256_hex(format!("{what} {whom}")),
            limit,
            window,
        }
    }

    /// Refuses where there were too many failures already.
    pub async fn check(&self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let row = self.row(db).await?;
        self.failures_below_limit(row.as_ref()).map(drop)
    }

    pub(super) async fn row(&self, db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(&self.key).one(db).await
    }

    /// Counts one failure more, and refuses where there were too many already.
    pub async fn add(&self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let row = Entity::find_by_id(&self.key)
            .lock_exclusive()
            .one(db)
            .await?;
        let failures = self.failures_below_limit(row.as_ref())?;
        let now = clock::now();
        let current_end = row.as_ref().map(|row| row.ends_at).filter(|end| *end > now);
        let counted = ActiveModel {
            key_hash: Set(self.key.clone()),
            failures: Set(failures + 1),
            pending: NotSet,
            ends_at: Set(current_end.unwrap_or(now + self.window)),
        };
        if row.is_some() {
            Entity::update(counted).exec(db).await?;
        } else {
            Entity::insert(counted).exec_without_returning(db).await?;
        }
        Ok(())
    }

    /// Takes one failure back.
    pub async fn take_back(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
            .filter(Column::KeyHash.eq(&self.key))
            .filter(Column::Failures.gt(0))
            .exec(db)
            .await?;
        Ok(())
    }

    /// Forgets all failures.
    pub async fn clear(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        Entity::delete_by_id(&self.key).exec(db).await?;
        Ok(())
    }

    pub(super) fn failures_below_limit(&self, row: Option<&Model>) -> Result<i32, ApiError> {
        let failures = row
            .filter(|row| row.ends_at > clock::now())
            .map_or(0, |row| row.failures);
        if failures < self.limit {
            Ok(failures)
        } else {
            Err(ApiError::TooManyAttempts)
        }
    }
}

/// Deletes counters whose window has ended, now and every few minutes, for ever.
pub async fn purge_ended(db: Database) {
    let mut timer = interval(PURGE_INTERVAL);
    loop {
        timer.tick().await;
        let purged = purge::<Entity, String>(&db, Column::KeyHash, Column::EndsAt);
        if let Err(error) = purged.await {
            tracing::warn!("cannot delete counters: {error}");
        }
    }
}
