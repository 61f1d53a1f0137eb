//! Who sent a request.

use crate::entities::wx_user;
use crate::envelope::ApiError;
use crate::secret::Secret;
use crate::sessions::{self, Own};
use crate::state::App;
use crate::{audit, users};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sea_orm::ConnectionTrait;
use std::sync::Arc;

/// In any case, as all headers.
pub const TOKEN_HEADER: &str = "X-Litemall-Token";

/// A session that has not ended, whether or not its user is disabled.
pub struct Session {
    pub user: wx_user::Model,
    pub own: Own,
}

impl Session {
    /// The user, locked until the transaction `db` ends, if the session has not ended meanwhile. Whatever changes the user begins
    /// with it: a code of WeChat's or a password may have taken its time.
    pub async fn locked_user(&self, db: &impl ConnectionTrait) -> Result<wx_user::Model, ApiError> {
        sessions::locked_user(db, self.user.id, &self.own).await
    }
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
            own: Own { token, login_id },
        })
    }
}

/// A session of a user who is not disabled. A handler that takes one is not reached without.
pub struct ActiveSession(pub Session);

impl FromRequestParts<Arc<App>> for ActiveSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Session { user, own } = Session::from_request_parts(parts, app).await?;
        let user = users::active(user)?;
        Ok(Self(Session { user, own }))
    }
}

/// A signed-in user who is not disabled.
pub struct SignedIn(pub wx_user::Model);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let ActiveSession(session) = ActiveSession::from_request_parts(parts, app).await?;
        Ok(Self(session.user))
    }
}
