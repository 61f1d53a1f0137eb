//! The ways to sign in, and who am I.

use super::device::Device;
use super::logged_in::{LoggedIn, log_in};
use super::peer::Peer;
use super::signed_in::{ActiveSession, SignedIn};
use crate::accounts::{self, Account, Registration};
use crate::envelope::{ApiError, Envelope, JsonBody, Success, object};
use crate::profile::{ProfileFields, Region};
use crate::secret::Secret;
use crate::state::{App, AppState};
use crate::users::UserInfo;
use crate::wechat::WechatUser;
use crate::{sessions, users};
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::ToSchema;

/// Of a code of WeChat's: more than any has, and less than makes an address too long for a web server.
const MAX_CODE: usize = 512;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WeixinLogin {
    code: Option<String>,
    /// Absent in a silent login.
    #[serde(default, deserialize_with = "object")]
    user_info: Option<ProfileFields>,
    /// Asks to bind the WeChat user to this account.
    #[serde(default, deserialize_with = "object")]
    account: Option<Account>,
}

#[utoipa::path(
    post,
    path = "/auth/login_by_weixin",
    summary = "Log in with a code of wx.login",
    request_body = WeixinLogin,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<LoggedIn>))
)]
pub async fn login_by_weixin(
    app: AppState,
    Peer(ip): Peer,
    device: Device,
    JsonBody(login): JsonBody<WeixinLogin>,
) -> Result<Success<LoggedIn>, ApiError> {
    let code = required(login.code)?;
    let profile = login.user_info.unwrap_or_default();
    let profile = profile.without_odd_ones()?.without_placeholders();
    let credentials = login.account.map(Account::credentials).transpose()?;

    let wechat = wechat_user(&app, ip, &code).await?;
    let account = match credentials {
        Some(credentials) => {
            Some(accounts::authenticate(&app.db, &app.passwords, credentials, ip).await?)
        }
        None => None,
    };
    log_in(&app, profile.region.clone(), &device, async |tx| {
        if let Some(account) = &account {
            accounts::bind(&*tx, account, &wechat).await?;
        }
        users::sign_in_with_wechat(&*tx, &wechat, &profile, &ip.to_string()).await
    })
    .await
}

#[utoipa::path(
    post,
    path = "/auth/login",
    summary = "Log in with a password",
    request_body = Account,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<LoggedIn>))
)]
pub async fn login(
    app: AppState,
    Peer(ip): Peer,
    device: Device,
    JsonBody(account): JsonBody<Account>,
) -> Result<Success<LoggedIn>, ApiError> {
    let user = accounts::authenticate(&app.db, &app.passwords, account.credentials()?, ip).await?;
    log_in(&app, Region::default(), &device, async |tx| {
        accounts::note_login(&*tx, &user, &ip.to_string()).await
    })
    .await
}

#[derive(Deserialize, ToSchema)]
pub struct Register {
    #[serde(flatten)]
    account: Account,
    mobile: Option<String>,
    /// Of `wx.login`: binds the new account to the WeChat user at once.
    code: Option<String>,
}

#[utoipa::path(
    post,
    path = "/auth/register",
    summary = "Make an account, and log in",
    request_body = Register,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<LoggedIn>))
)]
pub async fn register(
    app: AppState,
    Peer(ip): Peer,
    device: Device,
    JsonBody(register): JsonBody<Register>,
) -> Result<Success<LoggedIn>, ApiError> {
    let credentials = register.account.credentials()?;
    let code = optional(register.code)?;
    let registration = Registration::new(&app.passwords, credentials, register.mobile).await?;
    let wechat = match code {
        Some(code) => Some(wechat_user(&app, ip, &code).await?),
        None => None,
    };
    log_in(&app, Region::default(), &device, async |tx| {
        registration
            .save(&*tx, wechat.as_ref(), &ip.to_string())
            .await
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    #[schema(value_type = Option<String>)]
    pub(super) refresh_token: Option<Secret>,
}

#[utoipa::path(
    post,
    path = "/auth/refresh",
    summary = "Go on with a refresh token",
    request_body = Refresh,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<LoggedIn>))
)]
pub async fn refresh(
    app: AppState,
    JsonBody(refresh): JsonBody<Refresh>,
) -> Result<Success<LoggedIn>, ApiError> {
    let token = refresh.refresh_token.ok_or(ApiError::MissingArgument)?;
    let (user, session) = sessions::refresh(&app.db, &token, app.session_lifetime).await?;
    Ok(Success(LoggedIn::new(user, session, Region::default())))
}

#[utoipa::path(
    get,
    path = "/auth/info",
    summary = "Who the token belongs to",
    responses((status = 200, description = "Done, or a refusal", body = Envelope<UserInfo>)),
    security(("token" = []))
)]
pub async fn info(SignedIn(user): SignedIn) -> Success<UserInfo> {
    Success(UserInfo::new(user, Region::default()))
}

#[derive(Deserialize, ToSchema)]
pub struct PhoneCode {
    code: Option<String>,
}

#[utoipa::path(
    post,
    path = "/auth/bind_phone",
    summary = "Prove a phone with a code of getPhoneNumber",
    request_body = PhoneCode,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<UserInfo>)),
    security(("token" = []))
)]
pub async fn bind_phone(
    app: AppState,
    Peer(ip): Peer,
    ActiveSession(session): ActiveSession,
    JsonBody(phone): JsonBody<PhoneCode>,
) -> Result<Success<UserInfo>, ApiError> {
    let code = required(phone.code)?;
    let mobile = app.wechat.phone_number_of(&code);
    let mobile = app.codes.exchange(&app.db, ip, mobile).await?;
    let user = app
        .db
        .write(async |tx| {
            let user = session.locked_user(&*tx).await?;
            users::prove_mobile(&*tx, user.id, &mobile).await
        })
        .await?;
    Ok(Success(UserInfo::new(user, Region::default())))
}

#[utoipa::path(
    post,
    path = "/auth/profile",
    summary = "Change the profile",
    request_body = ProfileFields,
    responses((status = 200, description = "Done, or a refusal", body = Envelope<UserInfo>)),
    security(("token" = []))
)]
pub async fn profile(
    app: AppState,
    ActiveSession(session): ActiveSession,
    JsonBody(profile): JsonBody<ProfileFields>,
) -> Result<Success<UserInfo>, ApiError> {
    let profile = profile.all()?;
    let user = app
        .db
        .write(async |tx| {
            let user = session.locked_user(&*tx).await?;
            users::change_profile(&*tx, user.id, &profile).await
        })
        .await?;
    Ok(Success(UserInfo::new(user, Region::default())))
}

async fn wechat_user(app: &App, ip: IpAddr, code: &str) -> Result<WechatUser, ApiError> {
    let user = app.wechat.user_of(code);
    app.codes.exchange(&app.db, ip, user).await
}

pub(super) fn required(code: Option<String>) -> Result<String, ApiError> {
    optional(code)?.ok_or(ApiError::MissingArgument)
}

/// A code, if it is one that may be asked about.
fn optional(code: Option<String>) -> Result<Option<String>, ApiError> {
    match code.filter(|code| !code.is_empty()) {
        Some(code) if code.len() > MAX_CODE => Err(ApiError::BadValue),
        code => Ok(code),
    }
}
