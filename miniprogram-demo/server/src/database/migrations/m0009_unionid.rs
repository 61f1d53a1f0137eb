//! WeChat's id of a person in all apps of one owner.

use crate::entities::wx_user::Column;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut unionid = ColumnDef::new(Column::WeixinUnionid);
        super::column(manager, "wx_user", "weixin_unionid", unionid.string_len(63)).await
    }
}
