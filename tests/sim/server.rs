//! The server: codes work once and for five minutes, tokens until they expire or are revoked; some are refreshed, or roll.

use smol_str::format_smolstr;
use weapp_login::{Payload, Primitives};

use crate::value::{Value, object};

pub const CODE_LIFE_MS: u64 = 300_000;
/// The users behind the WeChats of the people who share the phone.
pub const WEIXIN_USERS: [u32; 3] = [1, 2, 3];
/// The users behind the accounts, by their names.
const ACCOUNTS: [(&str, u32); 2] = [("tea", 8), ("jade", 9)];
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
    /// The client that got it last.
    pub copy: usize,
    pub user: u32,
    pub via_weixin: bool,
    /// When the login that brought it began, as a place in the order of events.
    pub begun: u64,
    /// When the server gave it out, as a place in the order of events, and in ms.
    pub issued: u64,
    pub at: u64,
    /// Whether the answer told when it ends.
    pub known_end: bool,
    /// The user that the answer brought, if it was a login without a profile.
    pub silent: Option<Value>,
    /// The login that it goes back to: all tokens of one login have this number.
    pub family: usize,
    /// What it can be refreshed with.
    pub refresh: Option<usize>,
    /// The token of the request whose answer brought it in its place.
    pub rolled_from: Option<usize>,
    expires: u64,
    revoked: bool,
}

/// A refresh token.
#[derive(Clone, Copy)]
pub struct Refresh {
    /// The token that was given out with it.
    token: usize,
    /// The one whose place it has taken.
    before: Option<usize>,
    /// It is no longer accepted.
    pub ended: bool,
}

/// What becomes of a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rotation {
    /// It goes on working.
    Keeps,
    /// Another takes its place at once.
    AtOnce,
    /// Another takes its place, and it goes on working until that one is used.
    WhenUsed,
}

/// How this server speaks.
#[derive(Clone, Copy)]
pub struct Dialect {
    pub ids: bool,
    pub tells_expiry: bool,
    pub http_401: bool,
    pub life_s: u64,
    /// Tokens die earlier than their `expiresIn` says.
    pub life_is_shorter: bool,
    /// There is no `auth/info`.
    pub no_info: bool,
    /// A user gets the same token at each login; the flag says whether also after it was revoked.
    pub sticky: Option<bool>,
    /// The user of a login's answer is the one that was sent.
    pub echoes: bool,
    /// How later answers name the user.
    pub later_id: LaterId,
    pub single_page: bool,
    /// Logins bring a refresh token, too.
    pub refresh: Option<Rotation>,
    /// Some answers bring a token in place of the one that the request carried.
    pub rolls: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub enum LaterId {
    Same,
    Text,
    Another,
}

impl Dialect {
    /// A server without peculiarities.
    pub fn plain() -> Self {
        Dialect {
            ids: true,
            tells_expiry: true,
            http_401: false,
            life_s: 7_200,
            life_is_shorter: false,
            no_info: false,
            sticky: None,
            echoes: false,
            later_id: LaterId::Same,
            single_page: false,
            refresh: None,
            rolls: false,
        }
    }
}

/// When something arrives, from whom, and when it was sent.
#[derive(Clone, Copy)]
pub struct Arrival {
    pub copy: usize,
    pub now: u64,
    /// As places in the order of events.
    pub begun: u64,
    pub place: u64,
}

pub struct Server {
    pub dialect: Dialect,
    pub codes: Vec<Code>,
    pub tokens: Vec<Issued>,
    pub refreshes: Vec<Refresh>,
    /// Whose WeChat runs on the phone.
    pub phone_user: u32,
    /// WeChat's `session_key` is over.
    pub key_over: bool,
    /// A token that was given out once more.
    pub reissued: Option<usize>,
    /// The WeChat user that the account is bound to.
    bound: Option<u32>,
    /// Writes ids in the other way at each login.
    logins: u32,
    /// How many requests of users it has answered.
    answered: u32,
}

impl Server {
    pub fn new(dialect: Dialect) -> Self {
        Server {
            dialect,
            codes: Vec::new(),
            tokens: Vec::new(),
            refreshes: Vec::new(),
            phone_user: WEIXIN_USERS[0],
            key_over: false,
            reissued: None,
            bound: None,
            logins: 0,
            answered: 0,
        }
    }

    pub fn issue_code(&mut self, now: u64, begun: u64) -> Value {
        self.key_over = false; // WeChat remembers the latest code only
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

    pub fn refresh_token(&self, refresh: &str) -> Option<usize> {
        let index = refresh
            .strip_prefix("secret-refresh-")?
            .parse::<usize>()
            .ok()?;
        (index < self.refreshes.len()).then_some(index)
    }

    /// The login that a refresh token goes back to.
    pub fn family(&self, refresh: usize) -> usize {
        self.tokens[self.refreshes[refresh].token].family
    }

    /// Revokes the tokens of all logins with WeChat, of all with an account, or of both; and, if `for_good`, what they can be
    /// refreshed with.
    pub fn revoke(&mut self, weixin: bool, account: bool, for_good: bool) {
        for token in &mut self.tokens {
            let affected = if token.via_weixin { weixin } else { account };
            token.revoked |= affected;
            if let Some(refresh) = token.refresh {
                self.refreshes[refresh].ended |= affected && for_good;
            }
        }
    }

    /// The answer to a request.
    pub fn answer(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &Value,
        arrival: Arrival,
    ) -> (u16, Value) {
        match path {
            "auth/login_by_weixin" => (200, self.login_by_weixin(body, arrival)),
            "auth/login" | "auth/register" => (200, self.login_by_account(path, body, arrival)),
            "auth/refresh" => (200, self.refresh(body, arrival)),
            "auth/info" if self.dialect.no_info => (404, "<html>".into()),
            "report" => self.signed_out("旧密码不对"),
            _ => self.answer_user(path, token, body, arrival),
        }
    }

    fn signed_out(&self, errmsg: &'static str) -> (u16, Value) {
        match self.dialect.http_401 {
            true => (401, "<html>".into()),
            false => (
                200,
                object([("errno", 501.into()), ("errmsg", errmsg.into())]),
            ),
        }
    }

    fn answer_user(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &Value,
        arrival: Arrival,
    ) -> (u16, Value) {
        let Some(token) = token
            .and_then(|token| self.token(token))
            .filter(|token| self.works(*token, arrival.now))
        else {
            return self.signed_out("请登录");
        };
        let user = self.tokens[token].user;
        let mut answer = match path {
            "auth/info" => success(object([("userInfo", self.user_info(user))])),
            "auth/profile" => success(self.later_user(user)),
            "auth/bind_phone" => {
                let mut data = self.later_user(user);
                data.set("phone", "13800000000".into());
                success(data)
            }
            "auth/logout" => {
                self.tokens[token].revoked = true;
                success(Value::Null)
            }
            _ => success(object([("echo", body["call"].clone())])),
        };
        self.answered += 1;
        if self.dialect.rolls && self.answered.is_multiple_of(3) && path != "auth/logout" {
            answer.set("renewed", self.roll(token, arrival));
        }
        (200, answer)
    }

    /// Another token in place of one that still works.
    fn roll(&mut self, before: usize, arrival: Arrival) -> Value {
        self.succeed(before, arrival);
        let after = self.tokens.len() - 1;
        self.tokens[after].rolled_from = Some(before);
        secret("secret-token-", after)
    }

    /// Gives out another token of the same login, which is refreshed with what the one before was.
    fn succeed(&mut self, before: usize, arrival: Arrival) {
        let before = &self.tokens[before];
        let (family, refresh) = (before.family, before.refresh);
        self.issue(before.user, before.via_weixin, None, arrival);
        if let Some(token) = self.tokens.last_mut() {
            (token.family, token.refresh) = (family, refresh);
        }
    }

    fn refresh(&mut self, body: &Value, arrival: Arrival) -> Value {
        let used = self.refresh_token(body["refresh"].as_str().unwrap_or_default());
        let Some(used) = used.filter(|used| !self.refreshes[*used].ended) else {
            return refusal(710);
        };
        let Refresh { token, before, .. } = self.refreshes[used];
        if let Some(before) = before {
            self.refreshes[before].ended = true;
        }
        self.succeed(token, arrival);
        if let Some(rotation) = self.dialect.refresh.filter(|way| *way != Rotation::Keeps) {
            self.refreshes[used].ended = rotation == Rotation::AtOnce;
            self.add_refresh(Some(used));
        }
        success(self.granted(self.tokens.len() - 1, arrival.now))
    }

    /// The latest token gets a refresh token, in place of the one before.
    fn add_refresh(&mut self, before: Option<usize>) {
        let token = self.tokens.len() - 1;
        self.tokens[token].refresh = Some(self.refreshes.len());
        self.refreshes.push(Refresh {
            token,
            before,
            ended: false,
        });
    }

    pub fn works(&self, token: usize, now: u64) -> bool {
        let token = &self.tokens[token];
        !token.revoked && now < token.expires
    }

    /// Whether a client can know that these are two users, from what the logins say.
    pub fn known_to_differ(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.tokens[one], &self.tokens[other]);
        if self.dialect.ids {
            one.user != other.user
        } else {
            one.via_weixin != other.via_weixin
        }
    }

    /// Whether a client can know that these are one user.
    pub fn known_to_agree(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.tokens[one], &self.tokens[other]);
        if self.dialect.ids {
            one.user == other.user
        } else {
            one.family == other.family || one.via_weixin && other.via_weixin
        }
    }

    fn login_by_weixin(&mut self, body: &Value, arrival: Arrival) -> Value {
        let code = self.code(body["code"].as_str().unwrap_or_default());
        let Some(code) = code.filter(|code| !code.used && arrival.now < code.issued + CODE_LIFE_MS)
        else {
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
        let arrival = Arrival { begun, ..arrival };
        self.sign_in(user, true, &body["userInfo"], arrival)
    }

    fn login_by_account(&mut self, path: &str, body: &Value, arrival: Arrival) -> Value {
        if body["password"].as_str() != Some(PASSWORD) {
            return refusal(700);
        }
        let name = body["username"].as_str().unwrap_or_default();
        let account = ACCOUNTS.iter().find(|(other, _)| *other == name);
        match account {
            Some((_, user)) if path == "auth/login" => {
                self.sign_in(*user, false, &Value::Null, arrival)
            }
            Some(_) => refusal(704),
            None => self.sign_in(10, false, &Value::Null, arrival),
        }
    }

    fn sign_in(&mut self, user: u32, via_weixin: bool, profile: &Value, arrival: Arrival) -> Value {
        let user_info = self.user_of_login(user, profile);
        let silent = (via_weixin && profile.fields().is_empty()).then(|| user_info.clone());
        let token = match self.again(user, via_weixin, arrival.now) {
            Some(token) => {
                self.tokens[token].copy = arrival.copy;
                self.tokens[token].begun = arrival.begun.max(self.tokens[token].begun);
                self.tokens[token].issued = arrival.place;
                self.tokens[token].at = arrival.now;
                self.tokens[token].silent = silent;
                self.reissued = Some(token);
                token
            }
            None => {
                self.issue(user, via_weixin, silent, arrival);
                if self.dialect.refresh.is_some() {
                    self.add_refresh(None);
                }
                self.tokens.len() - 1
            }
        };
        let mut data = self.granted(token, arrival.now);
        data.set("userInfo", user_info);
        success(data)
    }

    /// What an answer says of a token.
    fn granted(&self, token: usize, now: u64) -> Value {
        let mut data = object([("token", secret("secret-token-", token))]);
        if let Some(refresh) = self.tokens[token].refresh {
            data.set("refresh", secret("secret-refresh-", refresh));
        }
        if self.dialect.tells_expiry {
            let left_ms = if self.dialect.sticky.is_some() {
                self.tokens[token].expires.saturating_sub(now)
            } else {
                self.dialect.life_s * 1_000
            };
            data.set_number("expiresIn", (left_ms / 1_000) as f64);
        }
        data
    }

    /// The token that the user gets once more.
    fn again(&self, user: u32, via_weixin: bool, now: u64) -> Option<usize> {
        let revoked_too = self.dialect.sticky?;
        let of_user = |token: &Issued| token.user == user && token.via_weixin == via_weixin;
        let token = self.tokens.iter().rposition(of_user)?;
        (self.works(token, now) || revoked_too && now < self.tokens[token].expires).then_some(token)
    }

    fn issue(&mut self, user: u32, via_weixin: bool, silent: Option<Value>, arrival: Arrival) {
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
            copy: arrival.copy,
            user,
            via_weixin,
            begun: arrival.begun,
            issued: arrival.place,
            at: arrival.now,
            known_end: tells_expiry,
            silent,
            family: self.tokens.len(),
            refresh: None,
            rolled_from: None,
            expires: arrival.now + life_ms,
            revoked: false,
        });
    }

    /// The user in the answer to a login: the server's own, or what was sent, with nulls for what was not.
    fn user_of_login(&mut self, user: u32, profile: &Value) -> Value {
        self.logins += 1;
        let mut info = self.user_info(user);
        if self.dialect.echoes {
            let name = profile["nickName"].clone();
            let mut echo = object([("nickName", name)]);
            if self.logins.is_multiple_of(2) && profile.fields().is_empty() {
                echo = object([]);
            }
            if self.dialect.ids {
                echo.set("userId", info["userId"].clone());
            }
            info = echo;
        }
        if self.dialect.ids && self.logins.is_multiple_of(3) {
            info.set("userId", Value::Text(format_smolstr!("{user}")));
        }
        info
    }

    fn user_info(&self, user: u32) -> Value {
        let mut info = object([("nickName", "tea".into()), ("owner", user.into())]);
        if self.dialect.ids {
            info.set("userId", user.into());
        }
        info
    }

    fn later_user(&self, user: u32) -> Value {
        let mut info = self.user_info(user);
        match self.dialect.later_id {
            LaterId::Same => {}
            LaterId::Text => info.set("userId", Value::Text(format_smolstr!("{user}"))),
            LaterId::Another => info.set("id", 777.into()),
        }
        if self.dialect.later_id == LaterId::Another && self.dialect.ids {
            info.set("userId", 777.into());
        }
        info
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
