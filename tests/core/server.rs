//! The server of the fake world: codes work once, tokens work until they are revoked.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::world::Sent;

/// The user behind the phone's WeChat.
pub const WEIXIN_USER: u64 = 7;
/// The user behind the account `tea` with the password `oolong`.
pub const ACCOUNT_USER: u64 = 8;

pub struct Server {
    codes: usize,
    tokens: usize,
    fresh_codes: HashSet<String>,
    /// The tokens that work, and whose they are.
    pub live_tokens: HashMap<String, u64>,
    /// Whom a WeChat login signs in.
    pub weixin_user: u64,
    /// An address that answers 401 for a reason of its own.
    pub own_401: Option<&'static str>,
    /// Whether each login of a user brings the same token.
    pub sticky: bool,
    /// Whether a login brings a token for refreshing, which works once.
    pub refreshes: bool,
    /// Those that work, and whose they are.
    pub refresh_tokens: HashMap<String, u64>,
    /// Whether each answer brings a token in place of the one that it was asked with, which ends.
    pub rolls: bool,
    /// Whether the tokens that it gives do not work.
    pub issues_dead_tokens: bool,
    /// The HTTP status of `info`, if it does not answer.
    pub status_of_info: Option<u16>,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            codes: 0,
            tokens: 0,
            fresh_codes: HashSet::new(),
            live_tokens: HashMap::new(),
            weixin_user: WEIXIN_USER,
            own_401: None,
            sticky: false,
            refreshes: false,
            refresh_tokens: HashMap::new(),
            rolls: false,
            issues_dead_tokens: false,
            status_of_info: None,
        }
    }
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

    /// The status and the body of the answer.
    pub fn answer(&mut self, request: &Sent) -> (u16, Value) {
        if self.own_401 == Some(request.path.as_str()) {
            return (401, json!({ "errno": 1103, "errmsg": "旧密码不对" }));
        }
        if let Some(status) = self.status_of_info
            && request.path == "auth/info"
        {
            return (status, Value::Null);
        }
        (200, self.answer_ok(request))
    }

    fn answer_ok(&mut self, request: &Sent) -> Value {
        match request.path.as_str() {
            "auth/login_by_weixin" => self.login_by_weixin(&request.data),
            "auth/login" | "auth/register" => self.login_by_account(&request.data),
            "auth/refresh" => self.refresh(&request.data),
            "auth/logout_everywhere" => self.log_out_everywhere(request),
            _ => self.answer_user(request),
        }
    }

    fn refresh(&mut self, body: &Value) -> Value {
        let given = body["refresh"].as_str().unwrap_or_default();
        match self.refresh_tokens.remove(given) {
            Some(user) => self.sign_in(user, &Value::Null),
            None => json!({ "errno": 1401, "errmsg": "请重新登录" }),
        }
    }

    /// The token says who asks, or else the one for refreshing.
    fn log_out_everywhere(&mut self, request: &Sent) -> Value {
        let token = request.token.as_deref().unwrap_or_default();
        let refresh = request.data["refreshToken"].as_str().unwrap_or_default();
        let by_token = self.live_tokens.get(token);
        let Some(user) = by_token.or(self.refresh_tokens.get(refresh)).copied() else {
            return json!({ "errno": 501, "errmsg": "请登录" });
        };
        self.live_tokens.retain(|_, other| *other != user);
        self.refresh_tokens.retain(|_, other| *other != user);
        json!({ "errno": 0, "errmsg": "成功" })
    }

    fn answer_user(&mut self, request: &Sent) -> Value {
        let token = request.token.as_deref().unwrap_or_default();
        let Some(user) = self.live_tokens.get(token).copied() else {
            return json!({ "errno": 501, "errmsg": "请登录" });
        };
        match request.path.as_str() {
            "auth/info" => success(json!({ "userInfo": { "nickName": "小明" } })),
            "auth/profile" => {
                success(json!({ "nickName": request.data["nickName"], "userId": user }))
            }
            "auth/bind_phone" => success(json!({ "phone": "13800000000" })),
            "auth/logout" => {
                self.live_tokens.remove(token);
                json!({ "errno": 0, "errmsg": "成功" })
            }
            _ => {
                let mut answer = success(json!({ "user": user, "echo": request.data }));
                if self.rolls {
                    self.live_tokens.remove(token);
                    answer["next"] = self.issue_token(user).into();
                }
                answer
            }
        }
    }

    fn login_by_weixin(&mut self, body: &Value) -> Value {
        if !self
            .fresh_codes
            .remove(body["code"].as_str().unwrap_or_default())
        {
            return json!({ "errno": 712, "errmsg": "code无效" });
        }
        if !body["account"].is_null() && body["account"]["password"] != "oolong" {
            return json!({ "errno": 700, "errmsg": "账号或密码不对" });
        }
        self.sign_in(self.weixin_user, &body["userInfo"]["nickName"])
    }

    fn login_by_account(&mut self, body: &Value) -> Value {
        if body["password"] != "oolong" {
            return json!({ "errno": 700, "errmsg": "账号或密码不对" });
        }
        self.sign_in(ACCOUNT_USER, &body["username"])
    }

    fn issue_token(&mut self, user: u64) -> String {
        self.tokens += 1;
        let token = match self.sticky {
            true => format!("token-of-{user}"),
            false => format!("token-{}", self.tokens),
        };
        if !self.issues_dead_tokens {
            self.live_tokens.insert(token.clone(), user);
        }
        token
    }

    fn sign_in(&mut self, user: u64, nick_name: &Value) -> Value {
        let token = self.issue_token(user);
        let mut data = json!({ "token": token, "expiresIn": 7200, "userInfo": { "userId": user, "nickName": nick_name } });
        if self.refreshes {
            let refresh = format!("refresh-{}", self.tokens);
            data["refresh"] = refresh.clone().into();
            self.refresh_tokens.insert(refresh, user);
        }
        success(data)
    }
}

pub fn success(data: Value) -> Value {
    json!({ "errno": 0, "errmsg": "成功", "data": data })
}
