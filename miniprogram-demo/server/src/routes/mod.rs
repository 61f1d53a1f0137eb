//! All that is served: the login API under `/wx/`, the uploaded pictures and, where there is one, the sandbox WeChat.

mod account;
mod auth;
mod device;
mod devices;
mod export;
mod finish;
mod health;
mod logged_in;
mod logout;
mod openapi;
mod peer;
mod refusals;
mod request_log;
mod running;
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
use request_log::log_request;
use running::Running;
use std::sync::Arc;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Of a JSON body: ten times the largest honest one.
const MAX_BODY: usize = 64 * 1024;
/// Of a picture, with the form around it.
const MAX_UPLOAD: usize = 2 * 1024 * 1024 + 4 * 1024;

/// Requests are answered in `tasks`, each in one of its own.
pub fn router(app: App, with_sandbox: bool, trust_proxy: bool, tasks: TaskTracker) -> Router {
    let app = Arc::new(app);
    let running = running::nothing_running();
    let (mut small, contract) = api(app.clone()).split_for_parts();
    let (uploads, of_uploads) = uploads(app.clone(), running.clone());
    let (health, of_health) = health(app).split_for_parts();
    let document = openapi::document([contract, of_uploads, of_health]);
    small = small.merge(openapi::router(document));
    if with_sandbox {
        small = small.nest("/sandbox", sandbox::router());
    }
    small
        .fallback(async || ApiError::NoSuchRoute)
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(from_fn_with_state(running, running::limit))
        .layer(from_fn_with_state(MAX_BODY, body::receive))
        .merge(uploads)
        .merge(health)
        .layer(map_response(not_stored))
        .layer(CatchPanicLayer::custom(finish::panicked))
        .layer(from_fn(log_request))
        .layer(from_fn_with_state(tasks, finish::finish))
        .layer(from_fn_with_state(trust_proxy, peer::identify))
}

/// What takes small JSON bodies.
fn api(app: Arc<App>) -> OpenApiRouter {
    let api = OpenApiRouter::new()
        .routes(routes!(auth::login_by_weixin))
        .routes(routes!(auth::login))
        .routes(routes!(auth::register))
        .routes(routes!(auth::refresh))
        .routes(routes!(devices::list))
        .routes(routes!(devices::log_out_one))
        .routes(routes!(logout::everywhere))
        .routes(routes!(auth::info))
        .routes(routes!(logout::here))
        .routes(routes!(auth::bind_phone))
        .routes(routes!(auth::profile))
        .routes(routes!(account::change_password))
        .routes(routes!(account::reset_password))
        .routes(routes!(account::unbind_weixin))
        .routes(routes!(account::unbind_phone))
        .routes(routes!(account::cancel))
        .routes(routes!(export::export));
    OpenApiRouter::new()
        .nest("/wx", api)
        .routes(routes!(storage::show))
        .with_state(app)
}

/// What is answered also when all that may run is running.
fn health(app: Arc<App>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(health::is_alive))
        .routes(routes!(health::is_ready))
        .with_state(app)
}

/// What takes files.
fn uploads(app: Arc<App>, running: Running) -> (Router, OpenApi) {
    let (router, contract) = OpenApiRouter::new()
        .routes(routes!(storage::upload))
        .split_for_parts();
    let router = router
        .method_not_allowed_fallback(async || ApiError::WrongMethod)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(running, running::limit))
        .layer(from_fn_with_state(MAX_UPLOAD, body::stream))
        .with_state(app);
    (router, contract)
}

/// Answers have tokens and users in them: no cache may keep one, unless it says otherwise.
async fn not_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::router;
    use crate::audit::EVENTS;
    use crate::config::WechatSettings;
    use crate::database::Database;
    use crate::limits::Codes;
    use crate::monitoring::LOGIN_ROUTES;
    use crate::passwords::Passwords;
    use crate::pictures::Pictures;
    use crate::state::{App, Draining};
    use crate::wechat::Wechat;
    use serde_json::Value;
    use std::collections::BTreeSet;
    use std::time::Duration;
    use tokio_util::task::TaskTracker;

    const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");
    /// The document itself, and what axum has for the fallback.
    const NOT_DOCUMENTED: [&str; 3] = ["/openapi.json", "/", "/{*__private__axum_fallback}"];

    async fn app() -> App {
        let _ = rustls::crypto::ring::default_provider().install_default(); // or another test has
        let wechat = WechatSettings::Sandbox.for_server(([127, 0, 0, 1], 1).into());
        App {
            db: Database::open("sqlite::memory:").await.unwrap(),
            wechat: Wechat::new(wechat).unwrap(),
            codes: Codes::default(),
            passwords: Passwords::new(),
            pictures: Pictures::new("http://127.0.0.1"),
            session_lifetime: Duration::from_secs(1),
            draining: Draining::default(),
        }
    }

    /// The paths in what axum prints of a router, which it shows in no other way.
    fn paths_of(printed: &str) -> BTreeSet<&str> {
        let routes = printed.split("RouteId(").skip(1);
        let paths = routes.filter_map(|route| route.split_once("): \"")?.1.split_once('"'));
        paths.map(|(path, _)| path).collect()
    }

    #[tokio::test]
    async fn the_document_has_all_routes_and_no_other() {
        let routes = format!(
            "{:?}",
            router(app().await, false, false, TaskTracker::new())
        );
        let mut routes = paths_of(&routes);
        for path in NOT_DOCUMENTED {
            assert!(routes.remove(path), "{path} is not in {routes:?}");
        }
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let documented = document["paths"].as_object().unwrap();
        for (path, item) in documented
            .iter()
            .filter(|(path, _)| path.starts_with("/wx/"))
        {
            let operation = item.get("get").or(item.get("post")).unwrap();
            assert!(operation["x-errno"].is_array(), "{path} refuses nothing");
        }
        let documented = documented.keys().map(String::as_str).collect();
        assert_eq!(routes, documented);
    }

    #[test]
    fn what_is_audited_and_counted_is_in_the_document() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        for (route, _) in EVENTS {
            assert!(document["paths"][route].is_object(), "{route} is no route");
        }
        for (route, _) in LOGIN_ROUTES {
            let operation = &document["paths"][route]["post"];
            assert!(operation.is_object(), "{route} is no route");
        }
    }
}
