//! What handlers share.

use crate::database::Database;
use crate::limits::Codes;
use crate::passwords::Passwords;
use crate::pictures::Pictures;
use crate::wechat::Wechat;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Everything that outlives a request.
pub struct App {
    pub db: Database,
    pub wechat: Wechat,
    pub codes: Codes,
    pub passwords: Passwords,
    pub pictures: Pictures,
    pub session_lifetime: Duration,
    pub draining: Draining,
}

/// Whether the server was told to stop.
#[derive(Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Handlers' view of [`App`].
pub type AppState = axum::extract::State<Arc<App>>;
