//! `replaced_token`: the refresh tokens of a login that were replaced last, each with what made its successor.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replaced_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub login_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i32,
    pub token_hash: String,
    pub salt: String,
    pub replaced_time: TimeDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
