//! Failures that are counted before they happen: an attempt takes a place below the limit before it begins, and gives it
//! back if it succeeds. So attempts at the same time, of several processes too, never get past the limit.

use super::counters::Counter;
use crate::clock;
use crate::database::Database;
use crate::entities::failure_count::{ActiveModel, Column, Entity};
use crate::envelope::ApiError;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, Set, SqlErr, UpdateMany};
use time::PrimitiveDateTime;

/// A place below the limit, in the window of time in which the attempt has begun.
pub struct Reserved {
    window_end: PrimitiveDateTime,
}

/// Frees the places of attempts that a process was killed in. Those of a process that runs beside this one lose theirs, too, and
/// are counted again when they have failed.
pub async fn free_all(db: &Database) -> Result<(), ApiError> {
    let change = Entity::update_many()
        .col_expr(Column::Pending, Expr::val(0))
        .filter(Column::Pending.gt(0));
    has_changed(db, change).await.map(drop)
}

impl Counter {
    /// Takes a place. `None` if those who have one may use up the rest, or if somebody else was faster: worth another try.
    /// Refuses where there were too many failures already.
    pub async fn reserve(&self, db: &Database) -> Result<Option<Reserved>, ApiError> {
        let row = db.read(async |db| Ok(self.row(&db).await?)).await?;
        self.failures_below_limit(row.as_ref())?;
        let is_full = row
            .as_ref()
            .is_some_and(|row| row.failures + row.pending >= self.limit);
        let now = clock::now();
        let new_end = now + self.window;
        let (window_end, has_place) = match row.map(|row| row.ends_at) {
            None => (new_end, self.open_window(db, new_end).await?),
            Some(end) if end <= now => (new_end, self.renew_window(db, end, new_end).await?),
            Some(_) if is_full => return Ok(None),
            Some(end) => (end, self.take_place(db, end).await?),
        };
        Ok(has_place.then_some(Reserved { window_end }))
    }

    /// The attempt has ended. A place of a window that is over is gone with it.
    pub async fn settle(
        &self,
        db: &Database,
        place: &Reserved,
        has_failed: bool,
    ) -> Result<(), ApiError> {
        let has_others = Expr::col(Column::Pending).gt(0);
        let others = Expr::case(has_others, Expr::col(Column::Pending).sub(1)).finally(0);
        let failures = Expr::col(Column::Failures).add(i32::from(has_failed));
        let change = self
            .window_until(place.window_end)
            .col_expr(Column::Pending, others.into())
            .col_expr(Column::Failures, failures);
        has_changed(db, change).await.map(drop)
    }

    async fn take_place(&self, db: &Database, end: PrimitiveDateTime) -> Result<bool, ApiError> {
        let taken = Expr::col(Column::Failures).add(Expr::col(Column::Pending));
        let change = self
            .window_until(end)
            .col_expr(Column::Pending, Expr::col(Column::Pending).add(1))
            .filter(taken.lt(self.limit));
        has_changed(db, change).await
    }

    async fn renew_window(
        &self,
        db: &Database,
        old_end: PrimitiveDateTime,
        new_end: PrimitiveDateTime,
    ) -> Result<bool, ApiError> {
        let change = self.window_until(old_end).set(self.first_place(new_end));
        has_changed(db, change).await
    }

    async fn open_window(&self, db: &Database, end: PrimitiveDateTime) -> Result<bool, ApiError> {
        db.write_alone(async |db| {
            let row = Entity::insert(self.first_place(end));
            match row.exec_without_returning(&db).await {
                Ok(_) => Ok(true),
                Err(error) if is_taken(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    fn first_place(&self, end: PrimitiveDateTime) -> ActiveModel {
        ActiveModel {
            key_hash: Set(self.key.clone()),
            failures: Set(0),
            pending: Set(1),
            ends_at: Set(end),
        }
    }

    fn window_until(&self, end: PrimitiveDateTime) -> UpdateMany<Entity> {
        Entity::update_many()
            .filter(Column::KeyHash.eq(&self.key))
            .filter(Column::EndsAt.eq(end))
    }
}

async fn has_changed(db: &Database, change: UpdateMany<Entity>) -> Result<bool, ApiError> {
    db.write_alone(async |db| Ok(change.clone().exec(&db).await?.rows_affected > 0))
        .await
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
