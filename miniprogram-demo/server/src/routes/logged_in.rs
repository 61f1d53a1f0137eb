//! The answer to every kind of login.

use super::device::Device;
use crate::database::Transaction;
use crate::entities::wx_user;
use crate::envelope::{ApiError, Success};
use crate::profile::Region;
use crate::sessions::{self, Issued};
use crate::state::App;
use crate::users::UserInfo;
use crate::{audit, clock};
use serde::Serialize;
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    token: String,
    token_expire: String,
    expires_in: u64,
    refresh_token: String,
    user_info: UserInfo,
}

/// Signs in the user that `user` finds or makes, whose session is opened in the same transaction.
pub async fn log_in<F: Future<Output = Result<wx_user::Model, ApiError>>>(
    app: &App,
    region: Region,
    device: &Device,
    user: impl Fn(Transaction) -> F,
) -> Result<Success<LoggedIn>, ApiError> {
    let (user, session) = app
        .db
        .write(async |tx| {
            let user = user(tx.clone()).await?;
            let session = sessions::issue(&*tx, user.id, &device.0, app.session_lifetime).await?;
            Ok((user, session))
        })
        .await?;
    LoggedIn::new(user, session, region).map(Success)
}

impl LoggedIn {
    pub fn new(user: wx_user::Model, session: Issued, region: Region) -> Result<Self, ApiError> {
        audit::is_of_user(user.id);
        let expires_at = clock::in_china(session.expires_at).format(&Rfc3339);
        Ok(Self {
            token: session.token.expose().to_owned(),
            token_expire: expires_at.map_err(|error| ApiError::Internal(error.into()))?,
            expires_in: session.lifetime.as_secs(),
            refresh_token: session.refresh_token.expose().to_owned(),
            user_info: UserInfo::new(user, region),
        })
    }
}
