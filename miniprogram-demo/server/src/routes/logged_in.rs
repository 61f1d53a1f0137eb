//! The answer to every kind of login.

use crate::entities::wx_user;
use crate::envelope::{ApiError, Success};
use crate::profile::Region;
use crate::state::App;
use crate::users::UserInfo;
use crate::{clock, sessions};
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    token: String,
    token_expire: String,
    expires_in: u64,
    user_info: UserInfo,
}

/// Opens a session of `user` as the last act of the transaction that found or made that user.
pub async fn log_in(
    app: &App,
    tx: DatabaseTransaction,
    user: wx_user::Model,
    region: Region,
) -> Result<Success<LoggedIn>, ApiError> {
    let session = sessions::issue(&tx, user.id, app.session_lifetime).await?;
    tx.commit().await?;
    let expires_at = clock::in_china(session.expires_at).format(&Rfc3339);
    Ok(Success(LoggedIn {
        token: session.token.expose().to_owned(),
        token_expire: expires_at.map_err(|error| ApiError::Internal(error.into()))?,
        expires_in: app.session_lifetime.as_secs(),
        user_info: UserInfo::new(user, region),
    }))
}
