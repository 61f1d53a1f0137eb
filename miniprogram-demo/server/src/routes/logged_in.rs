//! The answer to every kind of login.

use super::device::Device;
use crate::audit;
use crate::clock::Shown;
use crate::database::Transaction;
use crate::entities::wx_user;
use crate::envelope::{ApiError, Success};
use crate::profile::Region;
use crate::sessions::{self, Issued};
use crate::state::App;
use crate::users::UserInfo;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    token: String,
    token_expire: Shown,
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
    Ok(Success(LoggedIn::new(user, session, region)))
}

impl LoggedIn {
    pub fn new(user: wx_user::Model, session: Issued, region: Region) -> Self {
        audit::is_of_user(user.id);
        Self {
            token: session.token.expose().to_owned(),
            token_expire: Shown(session.expires_at),
            expires_in: session.lifetime.as_secs(),
            refresh_token: session.refresh_token.expose().to_owned(),
            user_info: UserInfo::new(user, region),
        }
    }
}
