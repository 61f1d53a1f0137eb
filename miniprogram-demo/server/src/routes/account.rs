//! What becomes of an account: another password, other ways in.

use super::auth::required;
use super::peer::Peer;
use super::signed_in::ActiveSession;
use crate::accounts::{self, PasswordChange};
use crate::envelope::{ApiError, Bare, Done, Envelope, JsonBody, Success};
use crate::profile::Region;
use crate::secret::Secret;
use crate::state::AppState;
use crate::users::{self, UserInfo};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    #[schema(value_type = Option<String>)]
    old_password: Option<Secret>,
    #[schema(value_type = Option<String>)]
    new_password: Option<Secret>,
}

#[utoipa::path(
    post,
    path = "/auth/password",
    summary = "Change the password by the old one",
    request_body = Change,
    responses((status = 200, description = "Done, or a refusal", body = Bare)),
    security(("token" = []))
)]
pub async fn change_password(
    app: AppState,
    Peer(ip): Peer,
    ActiveSession(session): ActiveSession,
    JsonBody(change): JsonBody<Change>,
) -> Result<Done, ApiError> {
    let change = PasswordChange {
        old: given(change.old_password)?,
        new: given(change.new_password)?,
    };
    let (user, own) = (&session.user, &session.own);
    accounts::change_password(&app.db, &app.passwords, user, change, own, ip).await?;
    Ok(Done)
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reset {
    phone_code: Option<String>,
    #[schema(value_type = Option<String>)]
    new_password: Option<Secret>,
}

#[derive(Serialize, ToSchema)]
pub struct ResetDone {
    username: String,
}

#[utoipa::path(
    post,
    path = "/auth/reset_password",
    summary = "Set another password by the proved phone",
    request_body = Reset,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<ResetDone>))
)]
pub async fn reset_password(
    app: AppState,
    Peer(ip): Peer,
    JsonBody(reset): JsonBody<Reset>,
) -> Result<Success<ResetDone>, ApiError> {
    let code = required(reset.phone_code)?;
    let password = given(reset.new_password)?;
    // A refusal after the exchange would have used the code up.
    app.passwords.check_strength(password.clone()).await?;
    let mobile = app.wechat.phone_number_of(&code);
    let mobile = app.codes.exchange(&app.db, ip, mobile).await?;
    let username = accounts::reset_password(&app.db, &app.passwords, &mobile, password, ip).await?;
    Ok(Success(ResetDone { username }))
}

#[utoipa::path(
    post,
    path = "/auth/unbind_weixin",
    summary = "Part the account from the WeChat user",
    responses((status = 200, description = "Done, or a refusal", body = Envelope<UserInfo>)),
    security(("token" = []))
)]
pub async fn unbind_weixin(
    app: AppState,
    ActiveSession(session): ActiveSession,
) -> Result<Success<UserInfo>, ApiError> {
    let (id, own) = (session.user.id, &session.own);
    let user = app
        .db
        .write(async |tx| accounts::unbind_weixin(&*tx, id, own).await)
        .await?;
    Ok(Success(UserInfo::new(user, Region::default())))
}

#[utoipa::path(
    post,
    path = "/auth/unbind_phone",
    summary = "Forget the phone",
    responses((status = 200, description = "Done, or a refusal", body = Envelope<UserInfo>)),
    security(("token" = []))
)]
pub async fn unbind_phone(
    app: AppState,
    ActiveSession(session): ActiveSession,
) -> Result<Success<UserInfo>, ApiError> {
    let user = app
        .db
        .write(async |tx| {
            let user = session.locked_user(&*tx).await?;
            users::forget_mobile(&*tx, user.id).await
        })
        .await?;
    Ok(Success(UserInfo::new(user, Region::default())))
}

#[utoipa::path(
    post,
    path = "/auth/cancel",
    summary = "Cancel the account",
    responses((status = 200, description = "Done, or a refusal", body = Bare)),
    security(("token" = []))
)]
pub async fn cancel(
    app: AppState,
    ActiveSession(session): ActiveSession,
) -> Result<Done, ApiError> {
    let (id, own) = (session.user.id, &session.own);
    app.db
        .write(async |tx| accounts::cancel(&*tx, id, own).await)
        .await?;
    Ok(Done)
}

fn given(password: Option<Secret>) -> Result<Secret, ApiError> {
    let password = password.filter(|password| !password.expose().is_empty());
    password.ok_or(ApiError::MissingArgument)
}
