//! What becomes of an account: another password, other ways in.

use super::auth::required;
use super::peer::Peer;
use super::signed_in::ActiveSession;
use crate::accounts::{self, PasswordChange};
use crate::envelope::{ApiError, Done, JsonBody, Success};
use crate::secret::Secret;
use crate::state::AppState;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    old_password: Option<Secret>,
    new_password: Option<Secret>,
}

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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reset {
    phone_code: Option<String>,
    new_password: Option<Secret>,
}

#[derive(Serialize)]
pub struct ResetDone {
    username: String,
}

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

fn given(password: Option<Secret>) -> Result<Secret, ApiError> {
    let password = password.filter(|password| !password.expose().is_empty());
    password.ok_or(ApiError::MissingArgument)
}
