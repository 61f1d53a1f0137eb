//! A user's logins: where they are, and ending them.

use super::signed_in::Session;
use crate::entities::login;
use crate::envelope::{ApiError, Done, JsonBody, Success};
use crate::state::AppState;
use crate::{clock, sessions};
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    id: i64,
    device: String,
    last_used: String,
    is_current: bool,
}

impl Device {
    fn new(login: login::Model, current: Option<i64>) -> Result<Self, ApiError> {
        let last_used = clock::in_china(login.used_time).format(&Rfc3339);
        Ok(Self {
            id: login.id,
            device: login.device,
            last_used: last_used.map_err(|error| ApiError::Internal(error.into()))?,
            is_current: current == Some(login.id),
        })
    }
}

pub async fn list(app: AppState, session: Session) -> Result<Success<Vec<Device>>, ApiError> {
    let logins = app
        .db
        .read(async |db| Ok(sessions::of_user(&db, session.user.id).await?))
        .await?;
    let devices = logins
        .into_iter()
        .map(|login| Device::new(login, session.own.login_id));
    devices.collect::<Result<_, _>>().map(Success)
}

#[derive(Deserialize)]
pub struct Which {
    id: Option<i64>,
}

/// A login that has ended already, or is somebody else's, is not the user's: nothing happens.
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

pub async fn log_out_all(app: AppState, session: Session) -> Result<Done, ApiError> {
    app.db
        .write(async |tx| Ok(sessions::end_all(&*tx, session.user.id).await?))
        .await?;
    Ok(Done)
}
