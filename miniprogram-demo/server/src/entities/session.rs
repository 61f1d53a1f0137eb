//! `session`: one row a token that was handed out and is not revoked. The token itself is nowhere in the database.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: i64,
    pub expires_at: TimeDateTime,
    pub add_time: TimeDateTime,
    /// Absent in a session that is older than logins are.
    pub login_id: Option<i64>,
    /// Of the refresh token that came with it.
    pub generation: i32,
    /// Absent until it is used; then up to date within some minutes.
    pub used_time: Option<TimeDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::wx_user::Entity",
        from = "Column::UserId",
        to = "super::wx_user::Column::Id"
    )]
    User,
}

impl Related<super::wx_user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
