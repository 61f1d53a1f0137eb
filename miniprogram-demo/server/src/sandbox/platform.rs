//! WeChat's own interfaces, as the backend calls them. HTTP 200 always; failures are an `errcode`.

use super::state::{Refusal, Sandbox};
use crate::secret::sha256_hex;
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
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
    Json(exchange(&sandbox, &query).unwrap_or_else(refused))
}

fn exchange(sandbox: &Sandbox, query: &Exchange) -> Result<Value, Refusal> {
    present(&query.appid, Refusal(41002, "appid missing"))?;
    present(&query.secret, Refusal(41004, "appsecret missing"))?;
    present(&query.js_code, Refusal(41008, "missing code"))?;
    if query.grant_type != "authorization_code" {
        return Err(Refusal(40002, "invalid grant_type"));
    }
    let user = sandbox.redeem(&query.js_code)?;
    Ok(json!({ "openid": openid(&user), "session_key": session_key(&user) }))
}

fn present(value: &str, missing: Refusal) -> Result<(), Refusal> {
    if value.is_empty() {
        Err(missing)
    } else {
        Ok(())
    }
}

fn refused(Refusal(errcode, errmsg): Refusal) -> Value {
    json!({ "errcode": errcode, "errmsg": errmsg })
}

/// Always the same for one user, across restarts, and shaped like a real one.
fn openid(user: &str) -> String {
    format!("o{}", &sha256_hex(&format!("openid of {user}"))[..27])
}

fn session_key(user: &str) -> String {
    format!("{}==", &sha256_hex(&format!("session_key of {user}"))[..22])
}
