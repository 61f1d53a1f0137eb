//! Codes that stand for something, once and for five minutes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Why WeChat refuses: its errcode and errmsg.
#[derive(Clone, Copy)]
pub struct Refusal(pub i64, pub &'static str);

pub const CODE_INVALID: Refusal = Refusal(40029, "invalid code");
pub const CODE_USED: Refusal = Refusal(40163, "code been used");

#[derive(Default)]
pub struct Codes(HashMap<String, Code>);

struct Code {
    meaning: String,
    issued: Instant,
    used: bool,
}

impl Codes {
    pub fn issue(&mut self, code: String, meaning: String, now: Instant) {
        // Twice the lifetime, so that a used code is still told from one that never was.
        self.0
            .retain(|_, code| now.duration_since(code.issued) < 2 * LIFETIME);
        self.0.insert(
            code,
            Code {
                meaning,
                issued: now,
                used: false,
            },
        );
    }

    /// What `code` stands for.
    pub fn redeem(&mut self, code: &str, now: Instant) -> Result<String, Refusal> {
        let code = self.0.get_mut(code).ok_or(CODE_INVALID)?;
        if code.used {
            return Err(CODE_USED);
        }
        if now.duration_since(code.issued) >= LIFETIME {
            return Err(CODE_INVALID);
        }
        code.used = true;
        Ok(code.meaning.clone())
    }
}
