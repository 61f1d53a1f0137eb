//! Hashing passwords: off the async threads, a few at once, each in memory of its own that is kept for the next one.
//!
//! A hash takes 19 MB. The most that hashing ever takes is [`MAX_WORKERS`] times that.

mod hasher;
mod strength;

use crate::envelope::ApiError;
use crate::monitoring;
use crate::secret::Secret;
use argon2::password_hash::Error;
use hasher::Hasher;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::available_parallelism;
use tokio::sync::Semaphore;

const MAX_WORKERS: usize = 4;
/// More than these wait for a worker, and the next one is refused as busy.
const MAX_WAITING: usize = 128;

/// Verified where there is no such account, so that the time to answer does not tell.
static NOBODYS_HASH: LazyLock<String> =
    LazyLock::new(|| Hasher::new().hash("nobody").unwrap_or_default());

#[derive(Clone)]
pub struct Passwords {
    size: usize,
    /// Of those who work and those who wait.
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    idle: Arc<Idle>,
}

impl Passwords {
    pub fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let workers = cores.min(MAX_WORKERS);
        Self {
            size: workers,
            places: Arc::new(Semaphore::new(workers + MAX_WAITING)),
            workers: Arc::new(Semaphore::new(workers)),
            idle: Arc::default(),
        }
    }

    /// Tells the operator how much there is to do.
    pub fn measure(&self) {
        let running = self.size - self.workers.available_permits();
        let inside = self.size + MAX_WAITING - self.places.available_permits();
        monitoring::hashing(running, inside.saturating_sub(running));
    }

    /// The hash of a password that `username` has chosen, unless it is too weak.
    pub async fn hash_new(&self, password: Secret, username: String) -> Result<String, ApiError> {
        let hash = self.compute(move |hasher| {
            let password = password.expose();
            strength::is_strong(password, &username)
                .then(|| hasher.hash(password))
                .transpose()
        });
        hash.await?.ok_or(ApiError::WeakPassword)
    }

    /// Refuses a password that is too weak for anybody, before anything is spent on it.
    pub async fn check_strength(&self, password: Secret) -> Result<(), ApiError> {
        let is_strong = self.compute(move |_| Ok(strength::is_strong(password.expose(), "")));
        is_strong.await?.then_some(()).ok_or(ApiError::WeakPassword)
    }

    /// Whether `password` is the one of `hash`. Without a hash it is not.
    pub async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, ApiError> {
        self.compute(move |hasher| {
            let is_right =
                hasher.verify(password.expose(), hash.as_ref().unwrap_or(&NOBODYS_HASH))?;
            Ok(is_right && hash.is_some())
        })
        .await
    }

    /// The permits belong to the work, which goes on when the request is gone.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Hasher) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|_| ApiError::Busy)?;
        let worker = self.workers.clone().acquire_owned().await;
        let worker = worker.map_err(|error| ApiError::Internal(error.into()))?;
        let idle = self.idle.clone();
        let task = tokio::task::spawn_blocking(move || {
            let mut hasher = idle.take();
            let result = work(&mut hasher);
            idle.give_back(hasher);
            drop((worker, place));
            result
        });
        let result = task
            .await
            .map_err(|error| ApiError::Internal(error.into()))?;
        result.map_err(|error| ApiError::Internal(error.into()))
    }
}

/// The hashers that do not work at the moment.
#[derive(Default)]
struct Idle(Mutex<Vec<Hasher>>);

impl Idle {
    fn take(&self) -> Hasher {
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(Hasher::new)
    }

    fn give_back(&self, hasher: Hasher) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(hasher);
    }
}
