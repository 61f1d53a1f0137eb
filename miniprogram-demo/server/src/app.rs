//! The HTTP service: state, routes, limits and the request log.

use crate::envelope::{ApiError, Errno};
use crate::passwords::Passwords;
use crate::uploads::Uploads;
use crate::wechat::Wechat;
use crate::{body, routes, sandbox};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use sea_orm::DatabaseConnection;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Of a JSON body: ten times the largest honest one.
const MAX_BODY: usize = 64 * 1024;

/// What handlers share.
pub struct App {
    pub db: DatabaseConnection,
    pub wechat: Wechat,
    pub passwords: Passwords,
    pub uploads: Uploads,
    pub session_lifetime: Duration,
}

/// Handlers' view of [`App`].
pub type AppState = axum::extract::State<Arc<App>>;

pub fn router(app: App, with_sandbox: bool) -> Router {
    let app = Arc::new(app);
    let mut router = routes::api(app.clone());
    if with_sandbox {
        router = router.nest("/sandbox", sandbox::router());
    }
    router
        .fallback(async || ApiError::NoSuchRoute)
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(from_fn_with_state(MAX_BODY, body::receive))
        .merge(routes::uploads(app))
        .layer(from_fn(log_request))
}

/// One line a request. The route's pattern stands for the address: a query may hold a code or a secret.
async fn log_request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        errno = response.extensions().get::<Errno>().map_or(0, |errno| errno.0),
        ms = start.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
