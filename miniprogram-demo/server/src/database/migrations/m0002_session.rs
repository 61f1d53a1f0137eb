//! The sessions.

use crate::entities::session::Column;
use crate::entities::wx_user;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = super::table(manager, "session");
        table
            .col(
                ColumnDef::new(Column::TokenHash)
                    .char_len(64)
                    .not_null()
                    .primary_key(),
            )
            .col(ColumnDef::new(Column::UserId).big_integer().not_null())
            .col(ColumnDef::new(Column::ExpiresAt).date_time().not_null())
            .col(ColumnDef::new(Column::AddTime).date_time().not_null())
            .foreign_key(
                ForeignKey::create()
                    .name("fk_session_user")
                    .from("session", Column::UserId)
                    .to("wx_user", wx_user::Column::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            );
        manager.create_table(table).await
    }
}
