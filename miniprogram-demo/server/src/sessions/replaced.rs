//! Refresh tokens that were replaced, and what they give.
//!
//! A short time after its replacement a token gives the one that is current, whatever was used meanwhile: two requests at once,
//! of which one is late, are no theft. A replaced token whose successor was not used gives it for longer: the answer was lost.

use super::refresh_token::RefreshToken;
use crate::clock;
use crate::entities::login;
use crate::entities::replaced_token::{ActiveModel, Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set,
};
use std::time::Duration;

const GRACE: Duration = Duration::from_secs(30);
/// Of one login, however often it is refreshed within.
const MAX_REMEMBERED: i32 = 20;

/// What `token` gives, which is not the current one of `login`; `None` if it was replaced too long ago.
pub async fn replacement_of(
    db: &impl ConnectionTrait,
    login: &login::Model,
    token: &RefreshToken,
) -> Result<Option<RefreshToken>, DbErr> {
    let hash = token.hash();
    if login.previous_hash.as_ref() == Some(&hash) {
        return Ok(Some(token.successor(&login.salt)));
    }
    let replaced = Entity::find()
        .filter(Column::LoginId.eq(login.id))
        .order_by_asc(Column::Generation)
        .all(db)
        .await?;
    let mut from_token = replaced.iter().skip_while(|row| row.token_hash != hash);
    let Some(first) = from_token.next() else {
        return Ok(None);
    };
    let current = from_token.fold(token.successor(&first.salt), |token, row| {
        token.successor(&row.salt)
    });
    let is_in_grace = first.replaced_time + GRACE >= clock::now();
    Ok(Some(current).filter(|current| is_in_grace && current.hash() == login.refresh_hash))
}

/// Remembers that `salt` makes the successor of the current token of `login`.
pub async fn remember(
    db: &impl ConnectionTrait,
    login: &login::Model,
    salt: &str,
) -> Result<(), DbErr> {
    let now = clock::now();
    let is_of_no_use = Condition::any()
        .add(Column::ReplacedTime.lt(now - GRACE))
        .add(Column::Generation.lte(login.generation - MAX_REMEMBERED));
    Entity::delete_many()
        .filter(Column::LoginId.eq(login.id))
        .filter(is_of_no_use)
        .exec(db)
        .await?;
    let row = ActiveModel {
        login_id: Set(login.id),
        generation: Set(login.generation),
        token_hash: Set(login.refresh_hash.clone()),
        salt: Set(salt.to_owned()),
        replaced_time: Set(now),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
