//! What handlers share.

use crate::database::Database;
use crate::limits::Codes;
use crate::passwords::Passwords;
use crate::pictures::Pictures;
use crate::wechat::Wechat;
use std::sync::Arc;
use std::time::Duration;

/// Everything that outlives a request.
pub struct App {
    pub db: Database,
    pub wechat: Wechat,
    pub codes: Codes,
    pub passwords: Passwords,
    pub pictures: Pictures,
    pub session_lifetime: Duration,
}

/// Handlers' view of [`App`].
pub type AppState = axum::extract::State<Arc<App>>;
