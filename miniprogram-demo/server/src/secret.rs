//! Values that must not be printed, and where they come from.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The largest integer up to which every one is exact in JavaScript.
const MAX_ID: i64 = (1 << 53) - 1;
/// What `random_id` never gives.
pub const NO_ID: i64 = 0;

/// The AppSecret, a token or a password. `Debug` does not show it and there is no `Display`: it is read only through `expose`.
#[derive(Clone, Deserialize, ToSchema)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// `N` random bytes of the operating system's.
fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut buffer = [0; N];
    getrandom::fill(&mut buffer)?;
    Ok(buffer)
}

/// `bytes` random bytes of the operating system's, in hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String, getrandom::Error> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer)?;
    Ok(hex(&buffer))
}

/// A random number that is exact in JavaScript, too, and tells nothing about how many there are.
pub fn random_id() -> Result<i64, getrandom::Error> {
    let random = i64::from_le_bytes(random_bytes()?);
    Ok((random & MAX_ID).max(NO_ID + 1))
}

pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
