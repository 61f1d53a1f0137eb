//! All that is served: the login API under `/wx/`, the uploaded pictures and, where there is one, the sandbox WeChat.

mod account;
mod auth;
mod device;
mod devices;
mod export;
mod finish;
mod health;
mod logged_in;
mod peer;
mod request_log;
mod signed_in;
mod storage;

use crate::envelope::ApiError;
use crate::state::App;
use crate::{body, sandbox};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use finish::Running;
use request_log::log_request;
use std::sync::Arc;

/// Of a JSON body: ten times the largest honest one.
const MAX_BODY: usize = 64 * 1024;
/// Of a picture, with the form around it.
const MAX_UPLOAD: usize = 2 * 1024 * 1024 + 4 * 1024;

pub fn router(app: App, with_sandbox: bool, trust_proxy: bool) -> Router {
    let app = Arc::new(app);
    let running = finish::nothing_running();
    let mut small = api(app.clone());
    if with_sandbox {
        small = small.nest("/sandbox", sandbox::router());
    }
    small
        .fallback(async || ApiError::NoSuchRoute)
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(from_fn_with_state(running.clone(), finish::finish))
        .layer(from_fn_with_state(MAX_BODY, body::receive))
        .merge(uploads(app.clone(), running))
        .merge(health(app))
        .layer(map_response(not_stored))
        .layer(from_fn(log_request))
        .layer(from_fn_with_state(trust_proxy, peer::identify))
}

/// What takes small JSON bodies.
fn api(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/auth/login_by_weixin", post(auth::login_by_weixin))
        .route("/auth/login", post(auth::login))
        .route("/auth/register", post(auth::register))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/devices", get(devices::list))
        .route("/auth/logout_device", post(devices::log_out_one))
        .route("/auth/logout_everywhere", post(devices::log_out_all))
        .route("/auth/info", get(auth::info))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/bind_phone", post(auth::bind_phone))
        .route("/auth/profile", post(auth::profile))
        .route("/auth/password", post(account::change_password))
        .route("/auth/reset_password", post(account::reset_password))
        .route("/auth/unbind_weixin", post(account::unbind_weixin))
        .route("/auth/unbind_phone", post(account::unbind_phone))
        .route("/auth/cancel", post(account::cancel))
        .route("/auth/export", get(export::export));
    Router::new()
        .nest("/wx", api)
        .route("/storage/{name}", get(storage::show))
        .with_state(app)
}

/// What is answered also when all that may run is running.
fn health(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health::is_alive))
        .route("/readyz", get(health::is_ready))
        .with_state(app)
}

/// What takes files.
fn uploads(app: Arc<App>, running: Running) -> Router {
    Router::new()
        .route("/wx/storage/upload", post(storage::upload))
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(running, finish::finish))
        .layer(from_fn_with_state(MAX_UPLOAD, body::stream))
        .with_state(app)
}

/// Answers have tokens and users in them: no cache may keep one, unless it says otherwise.
async fn not_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
