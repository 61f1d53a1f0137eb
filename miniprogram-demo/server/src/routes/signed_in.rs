//! Who sent a request.

use crate::entities::wx_user;
use crate::envelope::ApiError;
use crate::secret::Secret;
use crate::state::App;
use crate::{audit, sessions, users};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

const TOKEN_HEADER: &str = "x-litemall-token";

/// A session that has not ended, whether or not its user is disabled.
pub struct Session {
    pub user: wx_user::Model,
    pub token: Secret,
    pub login_id: Option<i64>,
}

impl FromRequestParts<Arc<App>> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get(TOKEN_HEADER)
            .and_then(|value| value.to_str().ok());
        let token = header
            .filter(|token| !token.is_empty())
            .map(Secret::new)
            .ok_or(ApiError::SignedOut)?;
        let (session, user) = app
            .db
            .read(async |db| Ok(sessions::find(&db, &token).await?))
            .await?
            .ok_or(ApiError::SignedOut)?;
        audit::is_of_user(user.id);
        let login_id = session.login_id;
        sessions::note_use(&app.db, session).await?;
        Ok(Self {
            user,
            token,
            login_id,
        })
    }
}

/// A signed-in user who is not disabled. A handler that takes one is not reached without.
pub struct SignedIn(pub wx_user::Model);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let session = Session::from_request_parts(parts, app).await?;
        users::active(session.user).map(Self)
    }
}
