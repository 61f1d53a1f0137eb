//! Mobile numbers that are proved, apart from those that a user only named. What was kept before may be either, so it
//! counts as named.

use crate::entities::wx_user::{Column, Entity};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut proved = ColumnDef::new(Column::ProvedMobile);
        super::column(manager, "wx_user", "proved_mobile", proved.string_len(20)).await?;
        super::unique_index(
            manager,
            Entity,
            "ux_wx_user_proved_mobile",
            Column::ProvedMobile,
        )
        .await
    }
}
