//! The login API, under `/wx/`.

mod auth;
mod signed_in;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/auth/login_by_weixin", post(auth::login_by_weixin))
        .route("/auth/info", get(auth::info))
        .route("/auth/logout", post(auth::logout))
        .with_state(app)
}
