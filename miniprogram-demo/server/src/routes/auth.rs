//! Login with WeChat, who am I, logout.

use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::envelope::{ApiError, Done, JsonBody, Success};
use crate::profile::{Profile, Region};
use crate::sessions::Issued;
use crate::users::UserInfo;
use crate::{clock, database, sessions, users};
use axum::extract::ConnectInfo;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use time::format_description::well_known::Rfc3339;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeixinLogin {
    code: Option<String>,
    /// Absent in a silent login.
    user_info: Option<Profile>,
}

/// The answer to every kind of login.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    token: String,
    token_expire: String,
    expires_in: u64,
    user_info: UserInfo,
}

impl LoggedIn {
    pub fn new(session: Issued, user_info: UserInfo, app: &App) -> Result<Self, ApiError> {
        let expires_at = clock::in_china(session.expires_at).format(&Rfc3339);
        Ok(Self {
            token: session.token.expose().to_owned(),
            token_expire: expires_at.map_err(|error| ApiError::Internal(error.into()))?,
            expires_in: app.session_lifetime.as_secs(),
            user_info,
        })
    }
}

pub async fn login_by_weixin(
    app: AppState,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    JsonBody(login): JsonBody<WeixinLogin>,
) -> Result<Success<LoggedIn>, ApiError> {
    let code = login
        .code
        .filter(|code| !code.is_empty())
        .ok_or(ApiError::MissingArgument)?;
    let profile = login.user_info.unwrap_or_default();
    profile.validate()?;
    let openid = app.wechat.openid_of(&code).await?;

    let tx = database::begin(&app.db).await?;
    let user = users::sign_in_with_openid(&tx, &openid, &profile, &ip(peer)).await?;
    let session = sessions::issue(&tx, user.id, app.session_lifetime).await?;
    tx.commit().await?;

    Ok(Success(LoggedIn::new(
        session,
        UserInfo::new(user, profile.region),
        &app,
    )?))
}

pub async fn info(SignedIn { user, .. }: SignedIn) -> Result<Success<UserInfo>, ApiError> {
    Ok(Success(UserInfo::new(user, Region::default())))
}

pub async fn logout(app: AppState, SignedIn { token, .. }: SignedIn) -> Result<Done, ApiError> {
    sessions::revoke(&app.db, &token).await?;
    Ok(Done)
}

fn ip(peer: SocketAddr) -> String {
    peer.ip().to_canonical().to_string()
}
