//! The users.

use crate::entities::wx_user::Column;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = super::table(manager, "wx_user");
        table
            .col(
                ColumnDef::new(Column::Id)
                    .big_integer()
                    .not_null()
                    .auto_increment()
                    .primary_key(),
            )
            .col(ColumnDef::new(Column::Username).string_len(63).unique_key())
            .col(ColumnDef::new(Column::Password).string_len(255))
            .col(
                ColumnDef::new(Column::WeixinOpenid)
                    .string_len(63)
                    .unique_key(),
            )
            .col(ColumnDef::new(Column::Nickname).string_len(64).not_null())
            .col(ColumnDef::new(Column::Avatar).string_len(1024).not_null())
            .col(ColumnDef::new(Column::Gender).tiny_integer().not_null())
            .col(ColumnDef::new(Column::Mobile).string_len(20).not_null())
            .col(ColumnDef::new(Column::UserLevel).tiny_integer().not_null())
            .col(ColumnDef::new(Column::Status).tiny_integer().not_null())
            .col(ColumnDef::new(Column::LastLoginTime).date_time().not_null())
            .col(
                ColumnDef::new(Column::LastLoginIp)
                    .string_len(63)
                    .not_null(),
            )
            .col(ColumnDef::new(Column::AddTime).date_time().not_null())
            .col(ColumnDef::new(Column::UpdateTime).date_time().not_null());
        manager.create_table(table).await
    }
}
