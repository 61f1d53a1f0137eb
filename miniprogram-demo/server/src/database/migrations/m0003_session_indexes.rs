//! Finding the sessions that have expired, and those of a user, without reading all.

use crate::entities::session::{Column, Entity};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::index(manager, Entity, "ix_session_expires_at", Column::ExpiresAt).await?;
        super::index(manager, Entity, "ix_session_user_id", Column::UserId).await
    }
}
