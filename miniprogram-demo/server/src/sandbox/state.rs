//! What the sandbox remembers: codes and access tokens, whether it is asked to fail, and how far its clock was moved.

use super::codes::{CODE_INVALID, Codes, Refusal};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// The code of a WeChat DevTools that is not logged in; it always means one and the same user, and never wears out.
const TOURIST_CODE: &str = "the code is a mock one";
const TOURIST: &str = "tourist";

/// How the next exchanges of login codes end.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    Busy,
    CodeInvalid,
    TooFrequent,
    Blocked,
    BadSecret,
}

impl Mode {
    fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Ok => None,
            Self::Busy => Some(Refusal(-1, "system error")),
            Self::CodeInvalid => Some(CODE_INVALID),
            Self::TooFrequent => Some(Refusal(45011, "api minute-quota reach limit")),
            Self::Blocked => Some(Refusal(40226, "code blocked")),
            Self::BadSecret => Some(Refusal(40125, "invalid appsecret")),
        }
    }
}

#[derive(Default)]
pub struct Sandbox(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    /// Each stands for a user.
    login_codes: Codes,
    /// Each stands for a phone number.
    phone_codes: Codes,
    /// By user.
    unionids: HashMap<String, String>,
    /// With the time at which each ends.
    access_tokens: HashMap<String, Instant>,
    mode: Mode,
    /// How many more exchanges `mode` is for; without end if absent.
    remaining: Option<u32>,
    clock_advance: Duration,
}

impl Sandbox {
    /// A `unionid` is the user's from then on.
    pub fn issue_login_code(&self, code: String, user: String, unionid: Option<String>) {
        let mut memory = self.memory();
        if let Some(unionid) = unionid {
            memory.unionids.insert(user.clone(), unionid);
        }
        let now = memory.now();
        memory.login_codes.issue(code, user, now);
    }

    pub fn issue_phone_code(&self, code: String, phone: String) {
        let mut memory = self.memory();
        let now = memory.now();
        memory.phone_codes.issue(code, phone, now);
    }

    pub fn issue_access_token(&self, token: String) {
        let mut memory = self.memory();
        let now = memory.now();
        memory.access_tokens.retain(|_, until| now < *until);
        memory
            .access_tokens
            .insert(token, now + ACCESS_TOKEN_LIFETIME);
    }

    /// The user of a login code.
    pub fn user_of(&self, code: &str) -> Result<String, Refusal> {
        let mut memory = self.memory();
        if let Some(refusal) = memory.planned_refusal() {
            return Err(refusal);
        }
        if code == TOURIST_CODE {
            return Ok(TOURIST.to_owned());
        }
        let now = memory.now();
        memory.login_codes.redeem(code, now)
    }

    /// The unionid of a user who was given one.
    pub fn unionid_of(&self, user: &str) -> Option<String> {
        self.memory().unionids.get(user).cloned()
    }

    /// The phone number of a phone code, for who holds an access token.
    pub fn phone_of(&self, code: &str, access_token: &str) -> Result<String, Refusal> {
        let mut memory = self.memory();
        let now = memory.now();
        match memory.access_tokens.get(access_token) {
            None => Err(Refusal(
                40001,
                "invalid credential, access_token is invalid or not latest",
            )),
            Some(until) if *until <= now => Err(Refusal(42001, "access_token expired")),
            Some(_) => memory.phone_codes.redeem(code, now),
        }
    }

    /// Makes exchanges of login codes end as `mode` says, `times` times or until told otherwise.
    pub fn set_mode(&self, mode: Mode, times: Option<u32>) {
        let mut memory = self.memory();
        memory.mode = mode;
        memory.remaining = times;
    }

    /// Makes the sandbox believe that so much more time has passed.
    pub fn advance_clock(&self, by: Duration) {
        let mut memory = self.memory();
        memory.clock_advance = memory.clock_advance.saturating_add(by);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn now(&self) -> Instant {
        Instant::now() + self.clock_advance
    }

    fn planned_refusal(&mut self) -> Option<Refusal> {
        let refusal = self.mode.refusal()?;
        match &mut self.remaining {
            None => Some(refusal),
            Some(0) => None,
            Some(remaining) => {
                *remaining -= 1;
                Some(refusal)
            }
        }
    }
}
