//! Noting that a session is used: its login lasts longer, and the refresh token before the session's has served its turn.

use super::logins::slid;
use crate::clock;
use crate::database::Database;
use crate::entities::{login, session};
use crate::envelope::ApiError;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Set,
};
use std::time::Duration;

/// Uses within are one.
const INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Notes a use of `session`, unless one was noted a short time ago.
pub async fn note(db: &Database, session: session::Model) -> Result<(), ApiError> {
    let Some(login_id) = session.login_id else {
        return Ok(());
    };
    if is_noted(&session) {
        return Ok(());
    }
    let is_first_after_refresh = session.used_time.is_none() && session.generation > 1;
    let db = db.clone();
    let noting = async move {
        db.write(async |tx| write(&*tx, &session, login_id).await)
            .await
    };
    if is_first_after_refresh {
        // From the answer on, the refresh token before must be refused.
        return noting.await;
    }
    tokio::spawn(async {
        if let Err(error) = noting.await {
            tracing::warn!("cannot note that a session is used: {error}");
        }
    });
    Ok(())
}

fn is_noted(session: &session::Model) -> bool {
    session
        .used_time
        .is_some_and(|used| used + INTERVAL > clock::now())
}

async fn write(
    db: &impl ConnectionTrait,
    session: &session::Model,
    login_id: i64,
) -> Result<(), ApiError> {
    let now = clock::now();
    let login = login::Entity::find_by_id(login_id).lock_exclusive();
    let Some(login) = login.one(db).await? else {
        return Ok(());
    };
    let latest = session::Entity::find_by_id(&session.token_hash);
    if latest.one(db).await?.is_none_or(|latest| is_noted(&latest)) {
        return Ok(()); // by another request at the same time
    }
    let is_of_last_refresh = login.generation == session.generation;
    let ends_at = login.ends_at;
    let mut login = login.into_active_model();
    login.used_time = Set(now);
    login.expires_at = Set(slid(now, ends_at));
    if is_of_last_refresh {
        login.previous_hash = Set(None);
    }
    login.update(db).await?;
    session::Entity::update_many()
        .col_expr(session::Column::UsedTime, Expr::value(now))
        .filter(session::Column::TokenHash.eq(&session.token_hash))
        .exec(db)
        .await?;
    Ok(())
}
