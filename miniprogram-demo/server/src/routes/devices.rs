//! A user's logins: where they are, and ending one of them.

use super::signed_in::Session;
use crate::clock::Shown;
use crate::entities::login;
use crate::envelope::{ApiError, Bare, Done, Envelope, JsonBody, Success};
use crate::sessions;
use crate::state::AppState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    id: i64,
    device: String,
    last_used: Shown,
    is_current: bool,
}

impl Device {
    fn new(login: login::Model, current: Option<i64>) -> Self {
        Self {
            id: login.id,
            device: login.device,
            last_used: Shown(login.used_time),
            is_current: current == Some(login.id),
        }
    }
}

#[utoipa::path(
    get,
    path = "/auth/devices",
    summary = "The logins of the user, the last used one first",
    responses((status = 200, description = "Done, or a refusal", body = Envelope<Vec<Device>>)),
    security(("token" = []))
)]
pub async fn list(app: AppState, session: Session) -> Result<Success<Vec<Device>>, ApiError> {
    let logins = app
        .db
        .read(async |db| Ok(sessions::of_user(&db, session.user.id).await?))
        .await?;
    let devices = logins
        .into_iter()
        .map(|login| Device::new(login, session.own.login_id));
    Ok(Success(devices.collect()))
}

#[derive(Deserialize, ToSchema)]
pub struct Which {
    id: Option<i64>,
}

/// A login that has ended already, or is somebody else's, is not the user's: nothing happens.
#[utoipa::path(
    post,
    path = "/auth/logout_device",
    summary = "End one login",
    request_body = Which,
    responses((status = 200, description = "Done, or a refusal", body = Bare)),
    security(("token" = []))
)]
pub async fn log_out_one(
    app: AppState,
    session: Session,
    JsonBody(which): JsonBody<Which>,
) -> Result<Done, ApiError> {
    let id = which.id.ok_or(ApiError::MissingArgument)?;
    app.db
        .write(async |tx| Ok(sessions::end_of_user(&*tx, session.user.id, id).await?))
        .await?;
    Ok(Done)
}
