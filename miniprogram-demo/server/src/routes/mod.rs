//! The login API, under `/wx/`, and the uploaded pictures.

mod auth;
mod logged_in;
mod peer;
mod signed_in;
mod storage;

use crate::app::App;
use crate::body;
use crate::envelope::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// Of a picture, with the form around it.
const MAX_UPLOAD: usize = 2 * 1024 * 1024 + 4 * 1024;

/// What takes small JSON bodies.
pub fn api(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/auth/login_by_weixin", post(auth::login_by_weixin))
        .route("/auth/login", post(auth::login))
        .route("/auth/register", post(auth::register))
        .route("/auth/info", get(auth::info))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/bind_phone", post(auth::bind_phone))
        .route("/auth/profile", post(auth::profile));
    Router::new()
        .nest("/wx", api)
        .route("/storage/{name}", get(storage::show))
        .with_state(app)
}

/// What takes files.
pub fn uploads(app: Arc<App>) -> Router {
    Router::new()
        .route("/wx/storage/upload", post(storage::upload))
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(MAX_UPLOAD, body::receive))
        .with_state(app)
}
