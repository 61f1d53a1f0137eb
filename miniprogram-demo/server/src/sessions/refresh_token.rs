//! What a token for refreshing is made of.

use crate::secret::{Secret, random_hex, sha256_hex};

const FAMILY_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// Two parts: the family, which all refresh tokens of a login share, and a secret of its own. By the family a token that was
/// replaced is recognised.
pub struct RefreshToken {
    family: String,
    secret: String,
}

impl RefreshToken {
    pub fn new() -> Result<Self, getrandom::Error> {
        Ok(Self {
            family: random_hex(FAMILY_BYTES)?,
            secret: random_hex(SECRET_BYTES)?,
        })
    }

    /// `None` for what has never been a token.
    pub fn parse(token: &Secret) -> Option<Self> {
        let (family, secret) = token.expose().split_at_checked(2 * FAMILY_BYTES)?;
        (secret.len() == 2 * SECRET_BYTES).then(|| Self {
            family: family.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// Always the same for one `salt`: a refresh that is repeated because its answer was lost gives the same token.
    pub fn successor(&self, salt: &str) -> Self {
        Self {
            family: self.family.clone(),
            secret: sha256_hex(format!("{salt} {}", self.secret)),
        }
    }

    pub fn family_hash(&self) -> String {
        sha256_hex(&self.family)
    }

    pub fn hash(&self) -> String {
        sha256_hex(self.text())
    }

    pub fn into_secret(self) -> Secret {
        Secret::new(self.text())
    }

    fn text(&self) -> String {
        format!("{}{}", self.family, self.secret)
    }
}

pub fn new_salt() -> Result<String, getrandom::Error> {
    random_hex(SALT_BYTES)
}
