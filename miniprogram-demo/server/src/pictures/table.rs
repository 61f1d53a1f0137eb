//! The pictures in the database, and who has them.

use crate::clock;
use crate::entities::{picture, upload};
use crate::envelope::ApiError;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

/// Adds a picture, unless it is there, and notes that the user has it.
pub async fn add(
    db: &impl ConnectionTrait,
    user_id: i64,
    hash: &str,
    bytes: &[u8],
) -> Result<(), ApiError> {
    let now = clock::now();
    // Locked, so that nobody who had it deletes it meanwhile.
    let known = picture::Entity::find_by_id(hash)
        .select_only()
        .column(picture::Column::Hash)
        .lock_exclusive()
        .into_tuple::<String>()
        .one(db)
        .await?;
    if known.is_none() {
        let row = picture::ActiveModel {
            hash: Set(hash.to_owned()),
            bytes: Set(bytes.to_owned()),
            add_time: Set(now),
        };
        picture::Entity::insert(row)
            .exec_without_returning(db)
            .await?;
    }
    upload::Entity::delete_by_id((user_id, hash.to_owned()))
        .exec(db)
        .await?;
    let row = upload::ActiveModel {
        user_id: Set(user_id),
        hash: Set(hash.to_owned()),
        add_time: Set(now),
    };
    upload::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes all but those in `used` and the latest `unused` others from the user, and deletes what nobody has any more.
pub async fn keep_only(
    db: &impl ConnectionTrait,
    user_id: i64,
    used: &[&str],
    unused: usize,
) -> Result<(), ApiError> {
    let others: Vec<String> = upload::Entity::find()
        .select_only()
        .column(upload::Column::Hash)
        .filter(upload::Column::UserId.eq(user_id))
        .filter(upload::Column::Hash.is_not_in(used.iter().copied()))
        .order_by_desc(upload::Column::AddTime)
        .order_by_asc(upload::Column::Hash)
        .into_tuple()
        .all(db)
        .await?;
    let Some(surplus) = others.get(unused..).filter(|surplus| !surplus.is_empty()) else {
        return Ok(());
    };
    upload::Entity::delete_many()
        .filter(upload::Column::UserId.eq(user_id))
        .filter(upload::Column::Hash.is_in(surplus))
        .exec(db)
        .await?;
    let owned = Query::select()
        .expr(Expr::val(1))
        .from(upload::Entity)
        .and_where(
            Expr::col((upload::Entity, upload::Column::Hash))
                .equals((picture::Entity, picture::Column::Hash)),
        )
        .to_owned();
    picture::Entity::delete_many()
        .filter(picture::Column::Hash.is_in(surplus))
        .filter(Expr::exists(owned).not())
        .exec(db)
        .await?;
    Ok(())
}

/// Gives the pictures of the user `from` to the user `to`.
pub async fn hand_over(db: &impl ConnectionTrait, from: i64, to: i64) -> Result<(), DbErr> {
    let own: Vec<String> = upload::Entity::find()
        .select_only()
        .column(upload::Column::Hash)
        .filter(upload::Column::UserId.eq(to))
        .into_tuple()
        .all(db)
        .await?;
    upload::Entity::update_many()
        .col_expr(upload::Column::UserId, Expr::val(to))
        .filter(upload::Column::UserId.eq(from))
        .filter(upload::Column::Hash.is_not_in(own))
        .exec(db)
        .await?;
    Ok(())
}

/// The pictures that the user has.
pub async fn uploads_of(
    db: &impl ConnectionTrait,
    user_id: i64,
) -> Result<Vec<upload::Model>, DbErr> {
    upload::Entity::find()
        .filter(upload::Column::UserId.eq(user_id))
        .order_by_asc(upload::Column::AddTime)
        .all(db)
        .await
}

pub async fn bytes_of(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Vec<u8>>, DbErr> {
    picture::Entity::find_by_id(hash)
        .select_only()
        .column(picture::Column::Bytes)
        .into_tuple()
        .one(db)
        .await
}
