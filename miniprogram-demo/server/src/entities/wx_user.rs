//! `wx_user`: one row a person.

use sea_orm::entity::prelude::*;

/// `status` of a user who may sign in. A value that is not named here means disabled.
pub const ACTIVE: i8 = 0;
/// Of a user who has cancelled: nothing is left but the id, and the time.
pub const CANCELLED: i8 = -1;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wx_user")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Absent until the person registers an account.
    #[sea_orm(unique)]
    pub username: Option<String>,
    /// An argon2id hash; absent until the person registers an account.
    pub password: Option<String>,
    /// Absent for an account that is not bound to WeChat.
    #[sea_orm(unique)]
    pub weixin_openid: Option<String>,
    /// The same person in other apps of the owner; absent unless WeChat has given it. Not unique: it tells users apart nowhere.
    pub weixin_unionid: Option<String>,
    pub nickname: String,
    pub avatar: String,
    pub gender: i8,
    /// As the user named it; anybody's.
    pub mobile: String,
    /// As WeChat confirmed it; of one user at most.
    #[sea_orm(unique)]
    pub proved_mobile: Option<String>,
    pub user_level: i8,
    pub status: i8,
    pub last_login_time: TimeDateTime,
    pub last_login_ip: String,
    pub add_time: TimeDateTime,
    pub update_time: TimeDateTime,
}

// Hand-written so that the password hash and the openid cannot slip into a log.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WxUser")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
