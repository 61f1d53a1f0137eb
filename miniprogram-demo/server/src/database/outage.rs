//! What all requests together know about a database that does not work.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What lasts longer is no changeover from one server to another.
const LONGEST_CHANGEOVER: Duration = Duration::from_secs(8);

/// Since when nothing has succeeded.
#[derive(Default)]
pub struct Outage(Mutex<Option<Instant>>);

impl Outage {
    /// Something failed: whether it is worth waiting for another server to take over.
    pub fn may_be_a_changeover(&self) -> bool {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.get_or_insert_with(Instant::now).elapsed() < LONGEST_CHANGEOVER
    }

    /// Something succeeded.
    pub fn is_over(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
