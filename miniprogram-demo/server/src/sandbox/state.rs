//! What the sandbox remembers: codes, whether it is asked to fail, and how far its clock was moved.

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const CODE_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The code of a WeChat DevTools that is not logged in; it always means one and the same user, and never wears out.
const TOURIST_CODE: &str = "the code is a mock one";
const TOURIST: &str = "tourist";

/// Why WeChat refuses: its errcode and errmsg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub i64, pub &'static str);

pub const CODE_INVALID: Refusal = Refusal(40029, "invalid code");
pub const CODE_USED: Refusal = Refusal(40163, "code been used");

/// How the next exchanges of codes end.
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
    codes: HashMap<String, Code>,
    mode: Mode,
    /// How many more exchanges `mode` is for; without end if absent.
    remaining: Option<u32>,
    clock_advance: Duration,
}

struct Code {
    user: String,
    issued: Instant,
    used: bool,
}

impl Sandbox {
    /// Remembers `code` as one that was given to `user` now.
    pub fn issue(&self, code: String, user: String) {
        let mut memory = self.memory();
        let now = memory.now();
        // Twice the lifetime, so that a used or expired code is still told from one that never was.
        memory
            .codes
            .retain(|_, code| now.duration_since(code.issued) < 2 * CODE_LIFETIME);
        memory.codes.insert(
            code,
            Code {
                user,
                issued: now,
                used: false,
            },
        );
    }

    /// The user of `code`, once and for five minutes.
    pub fn redeem(&self, code: &str) -> Result<String, Refusal> {
        let mut memory = self.memory();
        if let Some(refusal) = memory.planned_refusal() {
            return Err(refusal);
        }
        if code == TOURIST_CODE {
            return Ok(TOURIST.to_owned());
        }
        memory.redeem(code)
    }

    /// Makes exchanges end as `mode` says, `times` times or until told otherwise.
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

    fn redeem(&mut self, code: &str) -> Result<String, Refusal> {
        let now = self.now();
        let code = self.codes.get_mut(code).ok_or(CODE_INVALID)?;
        if code.used {
            return Err(CODE_USED);
        }
        if now.duration_since(code.issued) >= CODE_LIFETIME {
            return Err(CODE_INVALID);
        }
        code.used = true;
        Ok(code.user.clone())
    }
}
