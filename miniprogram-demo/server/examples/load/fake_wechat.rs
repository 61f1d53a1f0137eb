//! What the measured server asks, and what it is compared with.

use axum::extract::Query;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::net::TcpListener;

/// A WeChat whose codes name users. Returns its address.
pub async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/sns/jscode2session", get(exchange));
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

async fn exchange(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    Json(json!({ "openid": openid(&query["js_code"]), "session_key": "none" }))
}

/// The openid of a code, which the large tables have too.
pub fn openid(code: &str) -> String {
    format!("openid-{code}")
}

/// A handler that does nothing, on any port, which it prints as the server does.
pub async fn serve_bare() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/", get(async || Json(json!({ "errno": 0 }))));
    axum::serve(listener, router).await.unwrap();
}
