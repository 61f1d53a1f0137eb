//! All that is kept of a user, for the user. Hashes of passwords and tokens are nobody's business, and nothing else is left out.

use super::signed_in::Session;
use crate::clock::Shown;
use crate::entities::{login, session, wx_user};
use crate::envelope::{ApiError, Envelope, Success};
use crate::sessions;
use crate::state::AppState;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    user: User,
    logins: Vec<Login>,
    access_tokens: Vec<AccessToken>,
    pictures: Vec<Picture>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct User {
    user_id: i64,
    username: Option<String>,
    has_password: bool,
    weixin_openid: Option<String>,
    weixin_unionid: Option<String>,
    nick_name: String,
    avatar_url: String,
    gender: i8,
    named_phone: String,
    proved_phone: Option<String>,
    user_level: i8,
    status: i8,
    last_login_time: Shown,
    last_login_address: String,
    register_time: Shown,
    change_time: Shown,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Login {
    id: i64,
    device: String,
    since: Shown,
    last_used: Shown,
    expires: Shown,
    ends_at_the_latest: Shown,
    refreshes: i32,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    login_id: Option<i64>,
    since: Shown,
    last_used: Option<Shown>,
    expires: Shown,
}

#[derive(Serialize, ToSchema)]
struct Picture {
    url: String,
    since: Shown,
}

/// Disabled users, too, may see what is kept of them.
#[utoipa::path(
    get,
    path = "/auth/export",
    summary = "All that is kept of the user",
    responses((status = 200, description = "Done, or a refusal", body = Envelope<Export>)),
    security(("token" = []))
)]
pub async fn export(app: AppState, session: Session) -> Result<Success<Export>, ApiError> {
    let id = session.user.id;
    let kept = app.db.read(async |db| {
        let (logins, tokens) = sessions::kept_of(&db, id).await?;
        Ok((logins, tokens, app.pictures.of_user(&db, id).await?))
    });
    let (logins, tokens, pictures) = kept.await?;
    let pictures = pictures.into_iter().map(|(url, since)| Picture {
        url,
        since: Shown(since),
    });
    Ok(Success(Export {
        user: session.user.into(),
        logins: logins.into_iter().map(Login::from).collect(),
        access_tokens: tokens.into_iter().map(AccessToken::from).collect(),
        pictures: pictures.collect(),
    }))
}

/// Each column is named, so that a new one is not forgotten.
impl From<wx_user::Model> for User {
    fn from(user: wx_user::Model) -> Self {
        let wx_user::Model {
            id,
            username,
            password,
            weixin_openid,
            weixin_unionid,
            nickname,
            avatar,
            gender,
            mobile,
            proved_mobile,
            user_level,
            status,
            last_login_time,
            last_login_ip,
            add_time,
            update_time,
        } = user;
        Self {
            user_id: id,
            username,
            has_password: password.is_some(),
            weixin_openid,
            weixin_unionid,
            nick_name: nickname,
            avatar_url: avatar,
            gender,
            named_phone: mobile,
            proved_phone: proved_mobile,
            user_level,
            status,
            last_login_time: Shown(last_login_time),
            last_login_address: last_login_ip,
            register_time: Shown(add_time),
            change_time: Shown(update_time),
        }
    }
}

impl From<login::Model> for Login {
    fn from(login: login::Model) -> Self {
        Self {
            id: login.id,
            device: login.device,
            since: Shown(login.add_time),
            last_used: Shown(login.used_time),
            expires: Shown(login.expires_at),
            ends_at_the_latest: Shown(login.ends_at),
            refreshes: login.generation - 1,
        }
    }
}

impl From<session::Model> for AccessToken {
    fn from(session: session::Model) -> Self {
        Self {
            login_id: session.login_id,
            since: Shown(session.add_time),
            last_used: session.used_time.map(Shown),
            expires: Shown(session.expires_at),
        }
    }
}
