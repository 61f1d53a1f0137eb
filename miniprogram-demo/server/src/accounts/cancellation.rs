//! The end of an account.

use crate::entities::wx_user::CANCELLED;
use crate::envelope::ApiError;
use crate::{pictures, sessions, users};
use sea_orm::ConnectionTrait;

/// Ends all logins of the user of `own` and erases what is kept, in the transaction `db`: afterwards nothing leads to this user any
/// more. Whoever is doing something else for the user at the moment waits for the row, and then finds that the user is gone.
pub async fn cancel(
    db: &impl ConnectionTrait,
    id: i64,
    own: &sessions::Own,
) -> Result<(), ApiError> {
    let user = users::locked(db, id).await?.ok_or(ApiError::SignedOut)?;
    if user.status == CANCELLED {
        return Ok(()); // by this very request, if the answer to its commit got lost
    }
    let user = sessions::locked_user(db, id, own).await?;
    sessions::end_all(db, user.id).await?;
    pictures::forget_all(db, user.id).await?;
    users::erase(db, user.id).await
}
