//! WeChat's own interfaces, as the backend calls them. HTTP 200 always; failures are an `errcode`.

use super::codes::Refusal;
use super::state::{ACCESS_TOKEN_LIFETIME, Sandbox};
use crate::secret::{random_hex, sha256_hex};
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const APPID_MISSING: Refusal = Refusal(41002, "appid missing");
const SECRET_MISSING: Refusal = Refusal(41004, "appsecret missing");
const CODE_MISSING: Refusal = Refusal(41008, "missing code");
const BAD_GRANT_TYPE: Refusal = Refusal(40002, "invalid grant_type");
const BUSY: Refusal = Refusal(-1, "system error");

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Exchange {
    appid: String,
    secret: String,
    js_code: String,
    grant_type: String,
}

pub async fn jscode2session(
    State(sandbox): State<Arc<Sandbox>>,
    Query(query): Query<Exchange>,
) -> Json<Value> {
    answer(exchange(&sandbox, &query))
}

fn exchange(sandbox: &Sandbox, query: &Exchange) -> Result<Value, Refusal> {
    present(&query.appid, APPID_MISSING)?;
    present(&query.secret, SECRET_MISSING)?;
    present(&query.js_code, CODE_MISSING)?;
    if query.grant_type != "authorization_code" {
        return Err(BAD_GRANT_TYPE);
    }
    let user = sandbox.user_of(&query.js_code)?;
    let mut answer = json!({ "openid": openid(&user), "session_key": session_key(&user) });
    if let Some(unionid) = sandbox.unionid_of(&user) {
        answer["unionid"] = unionid.into();
    }
    Ok(answer)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TokenRequest {
    appid: String,
    secret: String,
    grant_type: String,
}

pub async fn stable_token(
    State(sandbox): State<Arc<Sandbox>>,
    Json(request): Json<TokenRequest>,
) -> Json<Value> {
    answer(token(&sandbox, &request))
}

fn token(sandbox: &Sandbox, request: &TokenRequest) -> Result<Value, Refusal> {
    present(&request.appid, APPID_MISSING)?;
    present(&request.secret, SECRET_MISSING)?;
    if request.grant_type != "client_credential" {
        return Err(BAD_GRANT_TYPE);
    }
    let token = random_hex(32).map_err(|_| BUSY)?;
    sandbox.issue_access_token(token.clone());
    Ok(json!({ "access_token": token, "expires_in": ACCESS_TOKEN_LIFETIME.as_secs() }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AccessToken {
    access_token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PhoneRequest {
    code: String,
}

pub async fn getuserphonenumber(
    State(sandbox): State<Arc<Sandbox>>,
    Query(query): Query<AccessToken>,
    Json(request): Json<PhoneRequest>,
) -> Json<Value> {
    let phone_info =
        |phone| json!({ "phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86" });
    let phone = sandbox.phone_of(&request.code, &query.access_token);
    answer(
        phone.map(|phone| json!({ "errcode": 0, "errmsg": "ok", "phone_info": phone_info(phone) })),
    )
}

fn present(value: &str, missing: Refusal) -> Result<(), Refusal> {
    if value.is_empty() {
        Err(missing)
    } else {
        Ok(())
    }
}

fn answer(result: Result<Value, Refusal>) -> Json<Value> {
    Json(
        result.unwrap_or_else(
            |Refusal(errcode, errmsg)| json!({ "errcode": errcode, "errmsg": errmsg }),
        ),
    )
}

/// Always the same for one user, across restarts, and shaped like a real one.
fn openid(user: &str) -> String {
    format!("o{}", &sha256_hex(format!("openid of {user}"))[..27])
}

fn session_key(user: &str) -> String {
    format!("{}==", &sha256_hex(format!("session_key of {user}"))[..22])
}
