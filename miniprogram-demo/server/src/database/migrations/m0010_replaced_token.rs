//! The refresh tokens that were replaced last.

use crate::entities::{login, replaced_token::Column};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = super::table(manager, "replaced_token");
        table
            .col(ColumnDef::new(Column::LoginId).big_integer().not_null())
            .col(ColumnDef::new(Column::Generation).integer().not_null())
            .col(ColumnDef::new(Column::TokenHash).char_len(64).not_null())
            .col(ColumnDef::new(Column::Salt).char_len(32).not_null())
            .col(ColumnDef::new(Column::ReplacedTime).date_time().not_null())
            .primary_key(Index::create().col(Column::LoginId).col(Column::Generation))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_replaced_token_login")
                    .from("replaced_token", Column::LoginId)
                    .to("login", login::Column::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            );
        manager.create_table(table).await
    }
}
