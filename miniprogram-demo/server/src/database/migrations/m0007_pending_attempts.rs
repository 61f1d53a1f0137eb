//! Attempts that have begun and may become failures.

use crate::entities::failure_count::Column;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut pending = ColumnDef::new(Column::Pending);
        let pending = pending.integer().not_null().default(0);
        super::column(manager, "failure_count", "pending", pending).await
    }
}
