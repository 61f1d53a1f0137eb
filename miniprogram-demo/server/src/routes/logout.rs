//! Logging out, here or everywhere.

use super::auth::Refresh;
use super::signed_in::Session;
use crate::envelope::{ApiError, Bare, Done, JsonBody};
use crate::secret::Secret;
use crate::sessions;
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/auth/logout",
    summary = "End this login",
    request_body = Option<Refresh>,
    responses((status = 200, description = "Done, or a refusal", body = Bare)),
    security((), ("token" = []))
)]
pub async fn here(
    app: AppState,
    session: Result<Session, ApiError>,
    body: Result<JsonBody<Refresh>, ApiError>,
) -> Result<Done, ApiError> {
    match credential(session, body)? {
        Credential::Session { token, .. } => sessions::revoke(&app.db, &token).await?,
        Credential::RefreshToken(token) => sessions::end_by(&app.db, &token).await?,
    }
    Ok(Done)
}

#[utoipa::path(
    post,
    path = "/auth/logout_everywhere",
    summary = "End all logins",
    request_body = Option<Refresh>,
    responses((status = 200, description = "Done, or a refusal", body = Bare)),
    security((), ("token" = []))
)]
pub async fn everywhere(
    app: AppState,
    session: Result<Session, ApiError>,
    body: Result<JsonBody<Refresh>, ApiError>,
) -> Result<Done, ApiError> {
    match credential(session, body)? {
        Credential::Session { user_id, .. } => {
            app.db
                .write(async |tx| Ok(sessions::end_all(&*tx, user_id).await?))
                .await?;
        }
        Credential::RefreshToken(token) => sessions::end_all_by(&app.db, &token).await?,
    }
    Ok(Done)
}

/// What names the login to end: its access token or, once that has ended, its refresh token.
enum Credential {
    Session { user_id: i64, token: Secret },
    RefreshToken(Secret),
}

/// The body may be empty.
fn credential(
    session: Result<Session, ApiError>,
    body: Result<JsonBody<Refresh>, ApiError>,
) -> Result<Credential, ApiError> {
    let refresh_token = body.ok().and_then(|JsonBody(body)| body.refresh_token);
    match (session, refresh_token) {
        (Ok(Session { user, own }), _) => Ok(Credential::Session {
            user_id: user.id,
            token: own.token,
        }),
        (Err(ApiError::SignedOut), Some(token)) => Ok(Credential::RefreshToken(token)),
        (Err(error), _) => Err(error),
    }
}
