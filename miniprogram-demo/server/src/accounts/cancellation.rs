//! The end of an account.

use crate::entities::wx_user::CANCELLED;
use crate::envelope::ApiError;
use crate::{pictures, sessions, users};
use sea_orm::ConnectionTrait;

/// Ends all logins of the user and erases what is kept, in the transaction `db`: afterwards nothing leads to this user any
/// more. Whoever is doing something else for the user at the moment waits for the row, and then finds that the user is gone.
pub async fn cancel(db: &impl ConnectionTrait, id: i64) -> Result<(), ApiError> {
    let user = users::locked(db, id).await?.ok_or(ApiError::SignedOut)?;
    if user.status == CANCELLED {
        return Ok(());
    }
    let user = users::active(user)?;
    sessions::end_all(db, user.id).await?;
    pictures::forget_all(db, user.id).await?;
    users::erase(db, user.id).await
}
