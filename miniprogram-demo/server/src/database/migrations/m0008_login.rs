//! Logins, each with its family of tokens. Sessions that were opened before have none.

use crate::entities::{login, session, wx_user};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(logins(manager)).await?;
        let login = login::Entity;
        super::unique_index(
            manager,
            login,
            "ux_login_family_hash",
            login::Column::FamilyHash,
        )
        .await?;
        super::index(manager, login, "ix_login_user_id", login::Column::UserId).await?;
        super::index(
            manager,
            login,
            "ix_login_expires_at",
            login::Column::ExpiresAt,
        )
        .await?;

        let mut login_id = ColumnDef::new(session::Column::LoginId);
        super::column(manager, "session", "login_id", login_id.big_integer()).await?;
        let mut generation = ColumnDef::new(session::Column::Generation);
        let generation = generation.integer().not_null().default(0);
        super::column(manager, "session", "generation", generation).await?;
        let mut used_time = ColumnDef::new(session::Column::UsedTime);
        super::column(manager, "session", "used_time", used_time.date_time()).await?;
        super::index(
            manager,
            session::Entity,
            "ix_session_login_id",
            session::Column::LoginId,
        )
        .await
    }
}

fn logins(manager: &SchemaManager<'_>) -> TableCreateStatement {
    use login::Column;
    let hash = |column| ColumnDef::new(column).char_len(64).to_owned();
    let time = |column| ColumnDef::new(column).date_time().not_null().to_owned();
    super::table(manager, "login")
        .col(
            ColumnDef::new(Column::Id)
                .big_integer()
                .not_null()
                .primary_key(),
        )
        .col(ColumnDef::new(Column::UserId).big_integer().not_null())
        .col(hash(Column::FamilyHash).not_null())
        .col(hash(Column::RefreshHash).not_null())
        .col(hash(Column::PreviousHash))
        .col(ColumnDef::new(Column::Salt).char_len(32).not_null())
        .col(ColumnDef::new(Column::Generation).integer().not_null())
        .col(ColumnDef::new(Column::Device).string_len(128).not_null())
        .col(time(Column::UsedTime))
        .col(time(Column::ExpiresAt))
        .col(time(Column::EndsAt))
        .col(time(Column::AddTime))
        .foreign_key(
            ForeignKey::create()
                .name("fk_login_user")
                .from("login", Column::UserId)
                .to("wx_user", wx_user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
