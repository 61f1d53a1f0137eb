//! A stand-in for WeChat's interface that holds back its answers until the test releases them.

use crate::wechat::serve;
use axum::extract::Query;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};

pub const PHONE: &str = "13800138000";
/// The code of who has to wait.
pub const HELD_CODE: &str = "held";

pub struct HeldWechat {
    pub base: String,
    asked: Arc<Notify>,
    go: Arc<Semaphore>,
}

impl HeldWechat {
    pub async fn start() -> Self {
        let (asked, go) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
        let hold = {
            let (asked, go) = (asked.clone(), go.clone());
            async move || {
                asked.notify_one();
                go.acquire().await.unwrap().forget();
            }
        };
        let hold_login = hold.clone();
        let login = async move |Query(query): Query<HashMap<String, String>>| -> Json<Value> {
            if query["js_code"] == HELD_CODE {
                hold_login().await;
            }
            Json(json!({ "openid": query["js_code"], "session_key": "none" }))
        };
        let phone = async move || -> Json<Value> {
            hold().await;
            Json(json!({ "errcode": 0, "phone_info": { "phoneNumber": PHONE } }))
        };
        let token = json!({ "access_token": "of-the-app", "expires_in": 7200 });
        let router = Router::new()
            .route("/sns/jscode2session", get(login))
            .route("/wxa/business/getuserphonenumber", post(phone))
            .route("/cgi-bin/stable_token", post(async move || Json(token)));
        let base = serve(router).await;
        Self { base, asked, go }
    }

    pub async fn is_asked(&self) {
        self.asked.notified().await;
    }

    pub fn answer(&self) {
        self.go.add_permits(1);
    }
}
