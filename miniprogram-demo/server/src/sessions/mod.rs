//! Sessions: random, short-lived, revocable access tokens, and what a login has to get further ones. The database knows only
//! hashes of tokens, so that who reads it cannot sign in.

mod logins;
mod purge;
mod refresh;
mod refresh_token;
mod replaced;
mod usage;

pub use logins::{Own, end_all, end_of_user, end_others, kept_of, of_user};
pub use purge::purge_expired;
pub use refresh::{end_all_by, end_by, refresh};
pub use usage::note as note_use;

use crate::clock;
use crate::database::Database;
use crate::entities::{login, session, wx_user};
use crate::envelope::ApiError;
use crate::secret::{Secret, random_hex, sha256_hex};
use crate::users;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect, Set,
};
use std::cmp::min;
use std::time::Duration;
use time::PrimitiveDateTime;
use tokio::time::sleep;

const TOKEN_BYTES: usize = 32;
/// How long a cluster's node may lag behind.
const REVOKE_PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

/// What was just issued: the only moment at which the tokens can be read.
pub struct Issued {
    pub token: Secret,
    pub expires_at: PrimitiveDateTime,
    pub lifetime: Duration,
    pub refresh_token: Secret,
}

/// Signs `user_id` in on `device`.
pub async fn issue(
    db: &impl ConnectionTrait,
    user_id: i64,
    device: &str,
    lifetime: Duration,
) -> Result<Issued, ApiError> {
    let (login, refresh_token) = logins::begin(db, user_id, device).await?;
    access_token(db, &login, refresh_token.into_secret(), lifetime).await
}

async fn access_token(
    db: &impl ConnectionTrait,
    login: &login::Model,
    refresh_token: Secret,
    lifetime: Duration,
) -> Result<Issued, ApiError> {
    let token = Secret::new(random_hex(TOKEN_BYTES)?);
    let now = clock::now();
    let expires_at = min(now + lifetime, login.expires_at);
    let row = session::ActiveModel {
        token_hash: Set(sha256_hex(token.expose())),
        user_id: Set(login.user_id),
        expires_at: Set(expires_at),
        add_time: Set(now),
        login_id: Set(Some(login.id)),
        generation: Set(login.generation),
        used_time: Set((login.generation == 1).then_some(now)), // a login is its own first use
    };
    session::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(Issued {
        token,
        expires_at,
        lifetime: (expires_at - now).unsigned_abs(),
        refresh_token,
    })
}

/// The session of this token and its user, unless it is foreign, revoked or expired. In a cluster a refresh may leave a
/// session behind whose login another node has ended meanwhile: that session has ended, too.
pub async fn find(
    db: &impl ConnectionTrait,
    token: &Secret,
) -> Result<Option<(session::Model, wx_user::Model)>, DbErr> {
    let found = session::Entity::find_by_id(sha256_hex(token.expose()))
        .find_also_related(wx_user::Entity)
        .filter(login_has_not_ended())
        .one(db)
        .await?;
    Ok(found
        .filter(|(session, _)| session.expires_at > clock::now())
        .and_then(|(session, user)| Some((session, user?))))
}

/// The user of a signed-in request, locked until the transaction `db` ends. A session that has ended since the request came in
/// changes nothing any more. One that has only expired does: its request came in time.
pub async fn locked_user(
    db: &impl ConnectionTrait,
    user_id: i64,
    own: &Own,
) -> Result<wx_user::Model, ApiError> {
    let user = users::locked_active(db, user_id).await?;
    let lasts = match own.login_id {
        Some(id) => {
            let login = login::Entity::find_by_id(id).lock_exclusive();
            login.one(db).await?.is_some()
        }
        None => {
            let session = session::Entity::find_by_id(sha256_hex(own.token.expose()));
            session.lock_exclusive().one(db).await?.is_some()
        }
    };
    if lasts {
        Ok(user)
    } else {
        Err(ApiError::SignedOut)
    }
}

fn login_has_not_ended() -> Condition {
    let its_login = Query::select()
        .expr(Expr::val(1))
        .from(login::Entity)
        .and_where(
            Expr::col((login::Entity, login::Column::Id))
                .equals((session::Entity, session::Column::LoginId)),
        )
        .to_owned();
    Condition::any()
        .add(session::Column::LoginId.is_null())
        .add(Expr::exists(its_login))
}

/// Ends the login of `token`. A deletion that found no row has not ended it: the row may not have reached this node of
/// a cluster yet. So it is tried again, and the token counts as signed out only when nobody finds it any more.
pub async fn revoke(db: &Database, token: &Secret) -> Result<(), ApiError> {
    for pause in REVOKE_PAUSES {
        if db.write(async |tx| Ok(delete(&*tx, token).await?)).await? {
            return Ok(());
        }
        tracing::warn!("a logout found no session to delete");
        sleep(pause).await;
    }
    match db.read(async |db| Ok(find(&db, token).await?)).await? {
        Some(_) => Err(ApiError::Busy),
        None => Err(ApiError::SignedOut),
    }
}

async fn delete(db: &impl ConnectionTrait, token: &Secret) -> Result<bool, DbErr> {
    let token_hash = sha256_hex(token.expose());
    let session = session::Entity::find_by_id(&token_hash).one(db).await?;
    if let Some(login_id) = session.and_then(|session| session.login_id) {
        return logins::end(db, login_id).await;
    }
    let deleted = session::Entity::delete_by_id(token_hash).exec(db).await?;
    Ok(deleted.rows_affected > 0)
}
