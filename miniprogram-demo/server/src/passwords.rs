//! argon2id, off the async threads, and never more at once than there are cores: each run takes 19 MB.

use crate::envelope::ApiError;
use crate::secret::Secret;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;
use std::thread::available_parallelism;
use tokio::sync::Semaphore;

/// Verified where there is no such account, so that the time to answer does not tell.
static NOBODYS_HASH: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

pub struct Passwords {
    cores: Semaphore,
}

impl Passwords {
    pub fn new() -> Self {
        Self {
            cores: Semaphore::new(available_parallelism().map_or(1, usize::from)),
        }
    }

    pub async fn hash(&self, password: Secret) -> Result<String, ApiError> {
        let hash = self.compute(move || hash_now(password.expose())).await?;
        hash.map_err(|error| ApiError::Internal(error.into()))
    }

    /// Whether `password` is the one of `hash`. Without a hash it is not.
    pub async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, ApiError> {
        self.compute(move || {
            let is_right = verify_now(password.expose(), hash.as_ref().unwrap_or(&NOBODYS_HASH));
            is_right && hash.is_some()
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let _permit = self
            .cores
            .acquire()
            .await
            .map_err(|error| ApiError::Internal(error.into()))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| ApiError::Internal(error.into()))
    }
}

fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default()
        .hash_password(password.as_bytes())?
        .to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}
