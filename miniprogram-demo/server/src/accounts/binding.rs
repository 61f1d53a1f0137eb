//! Binding a WeChat user to an account, and unbinding.

use super::credentials::still_authenticated;
use super::taken;
use crate::entities::wx_user::{ActiveModel, Column, Entity, Model};
use crate::envelope::ApiError;
use crate::profile::PLACEHOLDER_NICKNAME;
use crate::wechat::WechatUser;
use crate::{audit, pictures, sessions, users};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

/// Binds the WeChat user to an account that [`super::authenticate`] has let in, if that has no other WeChat user. What the WeChat user had before is
/// the account's from now on: the row goes away, with its sessions; the account takes over what it lacks.
pub async fn bind(
    db: &impl ConnectionTrait,
    authenticated: &Model,
    wechat: &WechatUser,
) -> Result<(), ApiError> {
    let account = still_authenticated(db, authenticated).await?;
    if account.weixin_openid.as_ref() == Some(&wechat.openid) {
        return Ok(());
    }
    let visitor = visitor(db, &wechat.openid).await?;
    if account.weixin_openid.is_some() {
        return Err(ApiError::AccountBoundElsewhere);
    }
    let mut bound = users::change_of(account.id);
    if let Some(visitor) = visitor {
        pictures::hand_over(db, visitor.id, account.id).await?;
        Entity::delete_by_id(visitor.id)
            .exec(db)
            .await
            .map_err(ApiError::UpdateFailed)?;
        audit::merges(visitor.id);
        inherit(&mut bound, &account, visitor);
    }
    bound.weixin_openid = Set(Some(wechat.openid.clone()));
    bound.update(db).await.map_err(taken)?;
    Ok(())
}

/// Takes the WeChat user from the account of `id`, and ends all of its logins but `own`: the WeChat user has made some of
/// them. Refused where nothing else is left to sign in with.
pub async fn unbind_weixin(
    db: &impl ConnectionTrait,
    id: i64,
    own: &sessions::Own,
) -> Result<Model, ApiError> {
    let user = sessions::locked_user(db, id, own).await?;
    if user.weixin_openid.is_none() {
        return Ok(user);
    }
    if user.username.is_none() {
        return Err(ApiError::WeixinIsOnlyWayIn);
    }
    sessions::end_others(db, id, own).await?;
    let mut unbound = users::change_of(id);
    unbound.weixin_openid = Set(None);
    unbound.weixin_unionid = Set(None);
    unbound.update(db).await.map_err(ApiError::UpdateFailed)
}

/// The row that a WeChat user has from logins without an account, locked. One who has an account is refused.
pub(super) async fn visitor(
    db: &impl ConnectionTrait,
    openid: &str,
) -> Result<Option<Model>, ApiError> {
    match Entity::find()
        .filter(Column::WeixinOpenid.eq(openid))
        .lock_exclusive()
        .one(db)
        .await?
    {
        Some(user) if user.username.is_some() => Err(ApiError::WeixinBoundElsewhere),
        Some(user) => users::active(user).map(Some),
        None => Ok(None),
    }
}

fn inherit(bound: &mut ActiveModel, account: &Model, visitor: Model) {
    bound.weixin_unionid = Set(visitor.weixin_unionid);
    let has_own_name = account.username.as_ref() != Some(&account.nickname);
    if !has_own_name && visitor.nickname != PLACEHOLDER_NICKNAME {
        bound.nickname = Set(visitor.nickname);
    }
    if account.avatar.is_empty() {
        bound.avatar = Set(visitor.avatar);
    }
    if account.gender == 0 {
        bound.gender = Set(visitor.gender);
    }
    if account.mobile.is_empty() {
        bound.mobile = Set(visitor.mobile);
    }
    if account.proved_mobile.is_none() {
        bound.proved_mobile = Set(visitor.proved_mobile);
    }
}
