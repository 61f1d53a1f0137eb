//! Accounts with a password, and binding one to a WeChat user.
//!
//! A person who only ever came with WeChat has a row without username and password. Registering or binding turns it
//! into, or merges it with, the row of an account; afterwards either way of signing in leads to one user.

mod binding;
mod cancellation;
mod credentials;
mod new_password;
mod registration;

pub use binding::{bind, unbind_weixin};
pub use cancellation::cancel;
pub use credentials::{Account, authenticate, note_login};
pub use new_password::{PasswordChange, change_password, reset_password};
pub use registration::Registration;

use crate::envelope::ApiError;
use sea_orm::{DbErr, SqlErr};

/// Which of the two unique columns an account could not have.
fn taken(error: DbErr) -> ApiError {
    let column = match error.sql_err() {
        // The message ends with the name of the column (SQLite) or of its index (MySQL), which is the same.
        Some(SqlErr::UniqueConstraintViolation(message)) => message,
        _ => return ApiError::UpdateFailed(error),
    };
    let column = column.trim_end_matches('\'');
    if column.ends_with("weixin_openid") {
        ApiError::WeixinBoundElsewhere
    } else if column.ends_with("username") {
        ApiError::NameTaken
    } else {
        ApiError::UpdateFailed(error)
    }
}
