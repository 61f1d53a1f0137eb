//! The server of the fake world: codes work once, tokens work until they are revoked.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::world::Sent;

#[derive(Default)]
pub struct Server {
    codes: usize,
    tokens: usize,
    fresh_codes: HashSet<String>,
    pub live_tokens: HashSet<String>,
}

impl Server {
    pub fn issue_code(&mut self) -> String {
        self.codes += 1;
        let code = format!("code-{}", self.codes);
        self.fresh_codes.insert(code.clone());
        code
    }

    pub fn revoke_all(&mut self) {
        self.live_tokens.clear();
    }

    pub fn answer(&mut self, request: &Sent) -> Value {
        match request.path.as_str() {
            "auth/login_by_weixin" => self.login(&request.data),
            _ if !self.knows(&request.token) => json!({ "errno": 501, "errmsg": "请登录" }),
            "auth/info" => success(json!({ "userInfo": { "nickName": "小明" } })),
            "auth/profile" => success(json!({ "nickName": request.data["nickName"], "userId": 7 })),
            "auth/logout" => {
                self.live_tokens
                    .remove(request.token.as_deref().unwrap_or_default());
                json!({ "errno": 0, "errmsg": "成功" })
            }
            _ => json!({ "errno": 404, "errmsg": "没有这个接口" }),
        }
    }

    fn knows(&self, token: &Option<String>) -> bool {
        token
            .as_ref()
            .is_some_and(|token| self.live_tokens.contains(token))
    }

    fn login(&mut self, body: &Value) -> Value {
        if !self
            .fresh_codes
            .remove(body["code"].as_str().unwrap_or_default())
        {
            return json!({ "errno": 712, "errmsg": "code无效" });
        }
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        self.live_tokens.insert(token.clone());
        success(
            json!({ "token": token, "expiresIn": 7200, "userInfo": { "nickName": body["userInfo"]["nickName"] } }),
        )
    }
}

pub fn success(data: Value) -> Value {
    json!({ "errno": 0, "errmsg": "成功", "data": data })
}
