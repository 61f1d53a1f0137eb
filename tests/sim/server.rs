//! The server: codes work once and for five minutes, tokens until they expire or are revoked.

use smol_str::format_smolstr;
use weapp_login::Payload;

use crate::value::{Value, object};

pub const CODE_LIFE_MS: u64 = 300_000;
/// The users behind the WeChats of the people who share the phone.
pub const WEIXIN_USERS: [u32; 3] = [1, 2, 3];
/// The user behind the account `tea`.
pub const ACCOUNT_USER: u32 = 8;
pub const PASSWORD: &str = "secret-password";

/// A code that WeChat has issued.
pub struct Code {
    user: u32,
    pub issued: u64,
    /// When the `wx.login` that brought it was called, as a place in the order of events.
    pub begun: u64,
    pub sent: bool,
    used: bool,
}

/// A token that the server has given out.
pub struct Issued {
    pub user: u32,
    pub via_weixin: bool,
    /// When the login that brought it began, as a place in the order of events.
    pub begun: u64,
    /// Whether the answer told when it ends.
    pub known_end: bool,
    expires: u64,
    revoked: bool,
}

/// How this server speaks.
pub struct Dialect {
    pub ids: bool,
    pub tells_expiry: bool,
    pub http_401: bool,
    pub life_s: u64,
    /// Tokens die earlier than their `expiresIn` says.
    pub life_is_shorter: bool,
}

pub struct Server {
    pub dialect: Dialect,
    pub codes: Vec<Code>,
    pub tokens: Vec<Issued>,
    /// Whose WeChat runs on the phone.
    pub phone_user: u32,
    /// The WeChat user that the account is bound to.
    bound: Option<u32>,
}

impl Server {
    pub fn new(dialect: Dialect) -> Self {
        Server {
            dialect,
            codes: Vec::new(),
            tokens: Vec::new(),
            phone_user: WEIXIN_USERS[0],
            bound: None,
        }
    }

    pub fn issue_code(&mut self, now: u64, begun: u64) -> Value {
        self.codes.push(Code {
            user: self.phone_user,
            issued: now,
            begun,
            sent: false,
            used: false,
        });
        secret("secret-code-", self.codes.len() - 1)
    }

    pub fn code(&mut self, code: &str) -> Option<&mut Code> {
        self.codes
            .get_mut(code.strip_prefix("secret-code-")?.parse::<usize>().ok()?)
    }

    pub fn token(&self, token: &str) -> Option<usize> {
        let index = token.strip_prefix("secret-token-")?.parse::<usize>().ok()?;
        (index < self.tokens.len()).then_some(index)
    }

    pub fn revoke_all(&mut self) {
        for token in &mut self.tokens {
            token.revoked = true;
        }
    }

    /// The answer to a request that was sent at `begun` in the order of events.
    pub fn answer(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &Value,
        now: u64,
        begun: u64,
    ) -> (u16, Value) {
        match path {
            "auth/login_by_weixin" => (200, self.login_by_weixin(body, now)),
            "auth/login" | "auth/register" => (200, self.login_by_account(body, now, begun)),
            _ => self.answer_user(path, token, body, now),
        }
    }

    fn answer_user(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &Value,
        now: u64,
    ) -> (u16, Value) {
        let Some(token) = token
            .and_then(|token| self.token(token))
            .filter(|token| self.works(*token, now))
        else {
            return match self.dialect.http_401 {
                true => (401, "<html>".into()),
                false => (200, refusal(501)),
            };
        };
        let user = self.tokens[token].user;
        let answer = match path {
            "auth/info" => success(object([("userInfo", self.user_info(user))])),
            "auth/profile" => success(self.user_info(user)),
            "auth/bind_phone" => success(object([("phone", "13800000000".into())])),
            "auth/logout" => {
                self.tokens[token].revoked = true;
                success(Value::Null)
            }
            _ => success(object([("echo", body["call"].clone())])),
        };
        (200, answer)
    }

    fn works(&self, token: usize, now: u64) -> bool {
        let token = &self.tokens[token];
        !token.revoked && now < token.expires
    }

    fn login_by_weixin(&mut self, body: &Value, now: u64) -> Value {
        let code = self.code(body["code"].as_str().unwrap_or_default());
        let Some(code) = code.filter(|code| !code.used && now < code.issued + CODE_LIFE_MS) else {
            return refusal(712);
        };
        code.used = true;
        let (user, begun) = (code.user, code.begun);
        let account = &body["account"];
        if !account.is_null() {
            if account["password"].as_str() != Some(PASSWORD) {
                return refusal(700);
            }
            if *self.bound.get_or_insert(user) != user {
                return refusal(709);
            }
        }
        self.sign_in(user, true, now, begun)
    }

    fn login_by_account(&mut self, body: &Value, now: u64, begun: u64) -> Value {
        if body["password"].as_str() != Some(PASSWORD) {
            return refusal(700);
        }
        self.sign_in(ACCOUNT_USER, false, now, begun)
    }

    fn sign_in(&mut self, user: u32, via_weixin: bool, now: u64, begun: u64) -> Value {
        let Dialect {
            life_s,
            tells_expiry,
            life_is_shorter,
            ..
        } = self.dialect;
        let life_ms = if life_is_shorter {
            life_s * 300
        } else {
            life_s * 1_000
        };
        self.tokens.push(Issued {
            user,
            via_weixin,
            begun,
            known_end: tells_expiry,
            expires: now + life_ms,
            revoked: false,
        });
        let mut data = object([
            ("token", secret("secret-token-", self.tokens.len() - 1)),
            ("userInfo", self.user_info(user)),
        ]);
        if tells_expiry {
            data.set_number("expiresIn", life_s as f64);
        }
        success(data)
    }

    fn user_info(&self, user: u32) -> Value {
        if self.dialect.ids {
            object([("userId", user.into()), ("nickName", "tea".into())])
        } else {
            object([("nickName", "tea".into())])
        }
    }
}

fn secret(kind: &str, number: usize) -> Value {
    Value::Text(format_smolstr!("{kind}{number}"))
}

fn success(data: Value) -> Value {
    object([
        ("errno", 0.into()),
        ("errmsg", "成功".into()),
        ("data", data),
    ])
}

pub fn refusal(errno: i32) -> Value {
    object([("errno", errno.into()), ("errmsg", "不行".into())])
}
