//! A WeChat for development: the interfaces that the backend calls, and controls that play the phone's part.

mod codes;
mod controls;
mod platform;
mod state;

use axum::Router;
use axum::routing::{get, post};
use state::Sandbox;
use std::sync::Arc;

pub fn router() -> Router {
    Router::new()
        .route("/sns/jscode2session", get(platform::jscode2session))
        .route("/cgi-bin/stable_token", post(platform::stable_token))
        .route(
            "/wxa/business/getuserphonenumber",
            post(platform::getuserphonenumber),
        )
        .route("/control/code", post(controls::code))
        .route("/control/phone_code", post(controls::phone_code))
        .route("/control/mode", post(controls::mode))
        .route("/control/clock", post(controls::clock))
        .with_state(Arc::new(Sandbox::default()))
}
