//! The user table: who comes in with WeChat, and what clients are told about a user.

use crate::clock;
use crate::entities::wx_user::{ACTIVE, ActiveModel, Column, Entity, Model};
use crate::envelope::ApiError;
use crate::profile::{PLACEHOLDER_NICKNAME, Profile, Region};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;

/// Finds or creates the user of `openid` and notes the login. One upsert on the unique openid, so that logins of one
/// new person at the same time make one user.
pub async fn sign_in_with_openid(
    db: &impl ConnectionTrait,
    openid: &str,
    profile: &Profile,
    ip: &str,
) -> Result<Model, ApiError> {
    Entity::insert(newcomer(openid, profile, ip))
        .on_conflict(returning_visitor(profile))
        .exec_without_returning(db)
        .await
        .map_err(ApiError::UpdateFailed)?;
    let user = Entity::find()
        .filter(Column::WeixinOpenid.eq(openid))
        .one(db)
        .await?;
    active(
        user.ok_or_else(|| {
            ApiError::Internal("the user is missing right after the upsert".into())
        })?,
    )
}

/// Lets only users through who are not disabled.
pub fn active(user: Model) -> Result<Model, ApiError> {
    if user.status == ACTIVE {
        Ok(user)
    } else {
        Err(ApiError::Forbidden)
    }
}

fn newcomer(openid: &str, profile: &Profile, ip: &str) -> ActiveModel {
    let now = clock::now();
    ActiveModel {
        id: NotSet,
        username: Set(None),
        password: Set(None),
        weixin_openid: Set(Some(openid.to_owned())),
        nickname: Set(profile
            .real_nickname()
            .unwrap_or(PLACEHOLDER_NICKNAME)
            .to_owned()),
        avatar: Set(profile.real_avatar().unwrap_or_default().to_owned()),
        gender: Set(profile.real_gender().unwrap_or_default()),
        mobile: Set(String::new()),
        user_level: Set(0),
        status: Set(ACTIVE),
        last_login_time: Set(now),
        last_login_ip: Set(ip.to_owned()),
        add_time: Set(now),
        update_time: Set(now),
    }
}

/// What a login changes about a user who exists: a profile of which WeChat tells nothing changes nothing.
fn returning_visitor(profile: &Profile) -> OnConflict {
    let mut update = OnConflict::column(Column::WeixinOpenid);
    update.update_columns([
        Column::LastLoginTime,
        Column::LastLoginIp,
        Column::UpdateTime,
    ]);
    if profile.real_nickname().is_some() {
        update.update_column(Column::Nickname);
    }
    if profile.real_avatar().is_some() {
        update.update_column(Column::Avatar);
    }
    if profile.real_gender().is_some() {
        update.update_column(Column::Gender);
    }
    update
}

/// A user as clients see one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInfo {
    user_id: i64,
    nick_name: String,
    avatar_url: String,
    gender: i8,
    #[serde(flatten)]
    region: Region,
    phone: String,
    register_date: String,
    status: i8,
    user_level: i8,
    user_level_desc: &'static str,
}

impl UserInfo {
    pub fn new(user: Model, region: Region) -> Self {
        Self {
            user_id: user.id,
            nick_name: user.nickname,
            avatar_url: user.avatar,
            gender: user.gender,
            region,
            phone: user.mobile,
            register_date: clock::in_china(user.add_time).date().to_string(),
            status: user.status,
            user_level: user.user_level,
            user_level_desc: level_name(user.user_level),
        }
    }
}

fn level_name(level: i8) -> &'static str {
    match level {
        0 => "普通用户",
        1 => "VIP用户",
        2 => "高级VIP用户",
        _ => "未知",
    }
}
