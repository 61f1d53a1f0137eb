//! Deleting what has ended, a few rows a statement, so that no login waits for long. What a power cut brings back is deleted by
//! the next start.

use super::Database;
use crate::clock;
use crate::envelope::ApiError;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, TryGetable, Value};
use std::time::Duration;
use tokio::time::sleep;

const BATCH: u64 = 20;
const PAUSE: Duration = Duration::from_millis(20);

/// Deletes the rows that have ended, which `key` names.
pub async fn purge<E, K>(db: &Database, key: E::Column, ends_at: E::Column) -> Result<(), ApiError>
where
    E: EntityTrait,
    K: TryGetable + Into<Value> + Clone + Send,
{
    loop {
        let ended = db.read(async |db| {
            Ok(E::find()
                .select_only()
                .column(key)
                .filter(ends_at.lte(clock::now()))
                .limit(BATCH)
                .into_tuple::<K>()
                .all(&db)
                .await?)
        });
        let ended = ended.await?;
        if ended.is_empty() {
            return Ok(());
        }
        db.write_alone(async |db| {
            let deleted = E::delete_many()
                .filter(key.is_in(ended.iter().cloned()))
                .filter(ends_at.lte(clock::now())) // it may have been used meanwhile
                .exec(&db);
            Ok(deleted.await?)
        })
        .await?;
        sleep(PAUSE).await;
    }
}
