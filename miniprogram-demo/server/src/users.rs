//! The user table: who comes in, what changes, and what clients are told about a user.

use crate::entities::wx_user::{ACTIVE, ActiveModel, CANCELLED, Column, Entity, Model};
use crate::envelope::ApiError;
use crate::profile::{PLACEHOLDER_NICKNAME, Profile, Region};
use crate::secret::random_id;
use crate::wechat::WechatUser;
use crate::{clock, pictures};
use sea_orm::ActiveValue::{NotSet, Unchanged};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Set,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Finds or creates the user of a WeChat user's openid and notes the login. Of two first logins of one person at the same time, the
/// second violates the unique openid and is tried again, when it finds the user.
pub async fn sign_in_with_wechat(
    db: &impl ConnectionTrait,
    wechat: &WechatUser,
    profile: &Profile,
    ip: &str,
) -> Result<Model, ApiError> {
    let known = Entity::find()
        .filter(Column::WeixinOpenid.eq(&wechat.openid))
        .lock_exclusive()
        .one(db)
        .await?;
    let saved = match known {
        Some(user) => {
            let user = ActiveModel {
                weixin_unionid: set_if(wechat.unionid.clone().map(Some)),
                ..returning(active(user)?.id, profile, ip)
            };
            user.update(db).await
        }
        None => {
            let user = ActiveModel {
                weixin_openid: Set(Some(wechat.openid.clone())),
                weixin_unionid: Set(wechat.unionid.clone()),
                ..newcomer(profile, ip)?
            };
            user.insert(db).await
        }
    };
    saved.map_err(ApiError::UpdateFailed)
}

/// Notes the login of a user who is known by other means than WeChat.
pub async fn note_login(db: &impl ConnectionTrait, id: i64, ip: &str) -> Result<Model, ApiError> {
    login_of(id, ip)
        .update(db)
        .await
        .map_err(ApiError::UpdateFailed)
}

/// Takes over what `profile` has. The user is locked.
pub async fn change_profile(
    db: &impl ConnectionTrait,
    id: i64,
    profile: &Profile,
) -> Result<Model, ApiError> {
    let mut changed = change_of(id);
    changed.nickname = set_if(profile.real_nickname().map(str::to_owned));
    changed.avatar = set_if(profile.real_avatar().map(str::to_owned));
    changed.gender = set_if(profile.gender);
    let has_new_avatar = changed.avatar.is_set();
    let user = changed.update(db).await.map_err(ApiError::UpdateFailed)?;
    if has_new_avatar {
        pictures::forget_unused(db, &user).await?;
    }
    Ok(user)
}

/// Notes that the user has proved to have this number. A number belongs to one user, and whoever proves it last has it:
/// the one before keeps the account and has no proved number any more, for numbers are given to other people in time. The user is
/// locked.
pub async fn prove_mobile(
    db: &impl ConnectionTrait,
    id: i64,
    mobile: &str,
) -> Result<Model, ApiError> {
    Entity::update_many()
        .set(ActiveModel {
            proved_mobile: Set(None),
            update_time: Set(clock::now()),
            ..ActiveModelTrait::default()
        })
        .filter(Column::ProvedMobile.eq(mobile))
        .filter(Column::Id.ne(id))
        .exec(db)
        .await
        .map_err(ApiError::UpdateFailed)?;
    let mut changed = change_of(id);
    changed.proved_mobile = Set(Some(mobile.to_owned()));
    changed.update(db).await.map_err(ApiError::UpdateFailed)
}

/// Forgets the user's phone number, the proved and the named one. The user is locked.
pub async fn forget_mobile(db: &impl ConnectionTrait, id: i64) -> Result<Model, ApiError> {
    let mut changed = change_of(id);
    changed.proved_mobile = Set(None);
    changed.mobile = Set(String::new());
    changed.update(db).await.map_err(ApiError::UpdateFailed)
}

/// The row of a user, locked until the transaction ends: what was seen of it is still true when it is changed.
pub async fn locked(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(db).await
}

/// The row of a signed-in user, locked. Since the request has come in the user may have gone.
pub async fn locked_active(db: &impl ConnectionTrait, id: i64) -> Result<Model, ApiError> {
    active(locked(db, id).await?.ok_or(ApiError::SignedOut)?)
}

/// The row of a user who exists, with nothing changed but the last login.
pub fn login_of(id: i64, ip: &str) -> ActiveModel {
    let mut login = change_of(id);
    login.last_login_time = Set(clock::now());
    login.last_login_ip = Set(ip.to_owned());
    login
}

/// The row of a user who exists, with nothing changed yet but the time of the change.
pub fn change_of(id: i64) -> ActiveModel {
    let mut change = <ActiveModel as ActiveModelTrait>::default();
    change.id = Unchanged(id);
    change.update_time = Set(clock::now());
    change
}

/// Lets only users through who are neither disabled nor gone.
pub fn active(user: Model) -> Result<Model, ApiError> {
    match user.status {
        ACTIVE => Ok(user),
        CANCELLED => Err(ApiError::SignedOut),
        _ => Err(ApiError::Forbidden),
    }
}

/// Erases what is kept of a user. The id stays, so that nobody else is ever given it and other tables may go on naming it. Each
/// column is named, so that a new one is not forgotten.
pub async fn erase(db: &impl ConnectionTrait, id: i64) -> Result<(), ApiError> {
    let now = clock::now();
    let erased = ActiveModel {
        id: Unchanged(id),
        username: Set(None),
        password: Set(None),
        weixin_openid: Set(None),
        weixin_unionid: Set(None),
        nickname: Set(String::new()),
        avatar: Set(String::new()),
        gender: Set(0),
        mobile: Set(String::new()),
        proved_mobile: Set(None),
        user_level: Set(0),
        status: Set(CANCELLED),
        last_login_time: Set(now),
        last_login_ip: Set(String::new()),
        add_time: Set(now),
        update_time: Set(now),
    };
    let erased = erased.update(db).await;
    erased.map(drop).map_err(ApiError::UpdateFailed)
}

/// A user who was never here, not yet known by anything.
pub fn newcomer(profile: &Profile, ip: &str) -> Result<ActiveModel, ApiError> {
    let now = clock::now();
    Ok(ActiveModel {
        id: Set(random_id()?),
        username: Set(None),
        password: Set(None),
        weixin_openid: Set(None),
        weixin_unionid: Set(None),
        nickname: Set(profile
            .nick_name
            .clone()
            .unwrap_or_else(|| PLACEHOLDER_NICKNAME.to_owned())),
        avatar: Set(profile.avatar_url.clone().unwrap_or_default()),
        gender: Set(profile.gender.unwrap_or_default()),
        mobile: Set(String::new()),
        proved_mobile: Set(None),
        user_level: Set(0),
        status: Set(ACTIVE),
        last_login_time: Set(now),
        last_login_ip: Set(ip.to_owned()),
        add_time: Set(now),
        update_time: Set(now),
    })
}

/// The row of a user who exists, with what a login changes about one.
fn returning(id: i64, profile: &Profile, ip: &str) -> ActiveModel {
    ActiveModel {
        nickname: set_if(profile.nick_name.clone()),
        avatar: set_if(profile.avatar_url.clone()),
        gender: set_if(profile.gender),
        ..login_of(id, ip)
    }
}

fn set_if<T: Into<sea_orm::Value>>(value: Option<T>) -> ActiveValue<T> {
    value.map_or(NotSet, Set)
}

/// A user as clients see one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserInfo {
    user_id: i64,
    /// Of those who have an account beside WeChat.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    nick_name: String,
    avatar_url: String,
    gender: i8,
    #[serde(flatten)]
    region: Region,
    /// The proved number, or else the one that the user named.
    phone: String,
    phone_verified: bool,
    /// Whether logging in with WeChat leads to this user.
    weixin_bound: bool,
    register_date: String,
    status: i8,
    user_level: i8,
    user_level_desc: &'static str,
}

impl UserInfo {
    pub fn new(user: Model, region: Region) -> Self {
        Self {
            user_id: user.id,
            username: user.username,
            nick_name: user.nickname,
            avatar_url: user.avatar,
            gender: user.gender,
            region,
            phone_verified: user.proved_mobile.is_some(),
            weixin_bound: user.weixin_openid.is_some(),
            phone: user.proved_mobile.unwrap_or(user.mobile),
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
