//! Pictures, and who has them.

use crate::entities::{picture, upload, wx_user};
use sea_orm::DatabaseBackend;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(pictures(manager)).await?;
        manager.create_table(uploads(manager)).await
    }
}

fn pictures(manager: &SchemaManager<'_>) -> TableCreateStatement {
    let mut bytes = ColumnDef::new(picture::Column::Bytes);
    if manager.get_database_backend() == DatabaseBackend::MySql {
        // A plain blob ends at 64 KB.
        bytes.custom("mediumblob");
    } else {
        bytes.blob();
    }
    let mut table = super::table(manager, "picture");
    table
        .col(hash_of(picture::Column::Hash).primary_key())
        .col(bytes.not_null())
        .col(
            ColumnDef::new(picture::Column::AddTime)
                .date_time()
                .not_null(),
        )
        .to_owned()
}

fn uploads(manager: &SchemaManager<'_>) -> TableCreateStatement {
    let mut table = super::table(manager, "upload");
    table
        .col(
            ColumnDef::new(upload::Column::UserId)
                .big_integer()
                .not_null(),
        )
        .col(hash_of(upload::Column::Hash))
        .col(
            ColumnDef::new(upload::Column::AddTime)
                .date_time()
                .not_null(),
        )
        .primary_key(
            Index::create()
                .col(upload::Column::UserId)
                .col(upload::Column::Hash),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_upload_user")
                .from("upload", upload::Column::UserId)
                .to("wx_user", wx_user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_upload_picture")
                .from("upload", upload::Column::Hash)
                .to("picture", picture::Column::Hash),
        )
        .to_owned()
}

fn hash_of(column: impl IntoIden) -> ColumnDef {
    let mut hash = ColumnDef::new(column);
    hash.char_len(64).not_null();
    hash
}
