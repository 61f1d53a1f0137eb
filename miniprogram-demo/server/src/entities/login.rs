//! `login`: one row a login that has not ended, and so a family of tokens. The tokens themselves are nowhere in the database.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub user_id: i64,
    /// Of the part that all refresh tokens of the family have in common.
    pub family_hash: String,
    /// Of the refresh token that was given last.
    pub refresh_hash: String,
    /// Of the one before, until the last one or its access token is used.
    pub previous_hash: Option<String>,
    /// What makes the last refresh token of the one before.
    pub salt: String,
    /// How many refresh tokens there were.
    pub generation: i32,
    /// What the client calls itself.
    pub device: String,
    /// Kept up to date within some minutes.
    pub used_time: TimeDateTime,
    /// Moves on with each use, up to `ends_at`.
    pub expires_at: TimeDateTime,
    pub ends_at: TimeDateTime,
    pub add_time: TimeDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
