//! Failures that are counted.

use crate::entities::failure_count::{Column, Entity};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = super::table(manager, "failure_count");
        table
            .col(
                ColumnDef::new(Column::KeyHash)
                    .char_len(64)
                    .not_null()
                    .primary_key(),
            )
            .col(ColumnDef::new(Column::Failures).integer().not_null())
            .col(ColumnDef::new(Column::EndsAt).date_time().not_null());
        manager.create_table(table).await?;
        super::index(manager, Entity, "ix_failure_count_ends_at", Column::EndsAt).await
    }
}
