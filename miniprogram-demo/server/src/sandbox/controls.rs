//! What a phone's WeChat does (hand out codes), and what only a test can ask for (fail, let time pass).

use super::state::{Mode, Sandbox};
use crate::envelope::{ApiError, JsonBody};
use crate::secret::random_hex;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const CODE_BYTES: usize = 16;

#[derive(Deserialize)]
pub struct CodeRequest {
    user: Option<String>,
    unionid: Option<String>,
}

/// `wx.login` on the phone of `user`, who may have a unionid.
pub async fn code(
    State(sandbox): State<Arc<Sandbox>>,
    JsonBody(request): JsonBody<CodeRequest>,
) -> Result<Json<Value>, ApiError> {
    let user = request
        .user
        .filter(|user| !user.is_empty())
        .ok_or(ApiError::MissingArgument)?;
    let code = random_hex(CODE_BYTES)?;
    sandbox.issue_login_code(code.clone(), user, request.unionid);
    Ok(Json(json!({ "code": code })))
}

#[derive(Deserialize)]
pub struct PhoneCodeRequest {
    phone: Option<String>,
}

/// `getPhoneNumber` on a phone with the number `phone`. WeChat does not tell the backend whose phone it is.
pub async fn phone_code(
    State(sandbox): State<Arc<Sandbox>>,
    JsonBody(request): JsonBody<PhoneCodeRequest>,
) -> Result<Json<Value>, ApiError> {
    let phone = request
        .phone
        .filter(|phone| !phone.is_empty())
        .ok_or(ApiError::MissingArgument)?;
    let code = random_hex(CODE_BYTES)?;
    sandbox.issue_phone_code(code.clone(), phone);
    Ok(Json(json!({ "code": code })))
}

#[derive(Deserialize)]
pub struct ModeRequest {
    mode: Mode,
    times: Option<u32>,
}

pub async fn mode(
    State(sandbox): State<Arc<Sandbox>>,
    JsonBody(request): JsonBody<ModeRequest>,
) -> Json<Value> {
    sandbox.set_mode(request.mode, request.times);
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockRequest {
    advance_seconds: u32,
}

pub async fn clock(
    State(sandbox): State<Arc<Sandbox>>,
    JsonBody(request): JsonBody<ClockRequest>,
) -> Json<Value> {
    sandbox.advance_clock(Duration::from_secs(request.advance_seconds.into()));
    Json(json!({}))
}
