//! Uploaded pictures: decoded and encoded anew, kept in the database under the hash of their bytes.
//!
//! A user has the picture that is their avatar, and the latest few others. A picture that nobody has is deleted.

mod encode;
mod table;

use crate::database::Database;
use crate::entities::wx_user;
use crate::envelope::ApiError;
use crate::secret::sha256_hex;
use encode::Kind;
use sea_orm::{ConnectionTrait, DbErr};
use std::fs::File;
use time::PrimitiveDateTime;
use tokio::sync::Semaphore;

pub use table::hand_over;

/// What a user may have uploaded beside the avatar.
const MAX_UNUSED: usize = 3;
const HASH_LENGTH: usize = 64;

/// A picture that may be kept.
pub struct Picture {
    kind: Kind,
    hash: String,
    bytes: Vec<u8>,
}

pub struct Pictures {
    public_url: String,
    /// Decoding takes memory, so there is one at a time.
    decoder: Semaphore,
}

impl Pictures {
    /// `public_url` is the root under which clients reach this server.
    pub fn new(public_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            decoder: Semaphore::new(1),
        }
    }

    /// The addresses of a user's pictures, and since when there is each.
    pub async fn of_user(
        &self,
        db: &impl ConnectionTrait,
        user_id: i64,
    ) -> Result<Vec<(String, PrimitiveDateTime)>, DbErr> {
        let mut addresses = Vec::new();
        for upload in table::uploads_of(db, user_id).await? {
            let bytes = table::bytes_of(db, &upload.hash).await?;
            let kind = bytes.as_deref().and_then(Kind::of);
            addresses
                .extend(kind.map(|kind| (self.address_of(&upload.hash, kind), upload.add_time)));
        }
        Ok(addresses)
    }

    /// Where a picture that is kept can be seen.
    pub fn address(&self, picture: &Picture) -> String {
        self.address_of(&picture.hash, picture.kind)
    }

    fn address_of(&self, hash: &str, kind: Kind) -> String {
        format!("{}/storage/{hash}.{}", self.public_url, kind.ending())
    }

    /// The picture of that name with its content type; `None` for any name that `keep` did not make.
    pub async fn find(
        &self,
        db: &Database,
        name: &str,
    ) -> Result<Option<(&'static str, Vec<u8>)>, ApiError> {
        let Some((hash, kind)) = parse(name) else {
            return Ok(None);
        };
        let bytes = db
            .read(async |db| Ok(table::bytes_of(&db, hash).await?))
            .await?;
        let bytes = bytes.filter(|bytes| Kind::of(bytes) == Some(kind));
        Ok(bytes.map(|bytes| (kind.content_type(), bytes)))
    }

    /// A picture, decoded and encoded anew. What is none is a bad value.
    pub async fn encode(&self, file: File) -> Result<Picture, ApiError> {
        let permit = self.decoder.acquire().await;
        let _permit = permit.map_err(|error| ApiError::Internal(error.into()))?;
        let (kind, bytes) = tokio::task::spawn_blocking(move || encode::anew(file))
            .await
            .map_err(|error| ApiError::Internal(error.into()))?
            .ok_or(ApiError::BadValue)?;
        let hash = sha256_hex(&bytes);
        Ok(Picture { kind, hash, bytes })
    }
}

/// Keeps a picture of `user`'s, who is locked.
pub async fn keep(
    db: &impl ConnectionTrait,
    user: &wx_user::Model,
    picture: &Picture,
) -> Result<(), ApiError> {
    let Picture { hash, bytes, .. } = picture;
    table::add(db, user.id, hash, bytes).await?;
    let used = [hash, avatar_hash(&user.avatar)];
    table::keep_only(db, user.id, &used, MAX_UNUSED).await
}

/// After a change of the avatar: the user's other pictures have no use any more.
pub async fn forget_unused(
    db: &impl ConnectionTrait,
    user: &wx_user::Model,
) -> Result<(), ApiError> {
    table::keep_only(db, user.id, &[avatar_hash(&user.avatar)], 0).await
}

/// Takes all pictures from the user. What another one has, too, stays that one's.
pub async fn forget_all(db: &impl ConnectionTrait, user_id: i64) -> Result<(), ApiError> {
    table::keep_only(db, user_id, &[], 0).await
}

/// The hash in an avatar's address; empty if that is no picture of this server's.
fn avatar_hash(address: &str) -> &str {
    let name = address.rsplit('/').next().unwrap_or_default();
    parse(name).map_or("", |(hash, _)| hash)
}

fn parse(name: &str) -> Option<(&str, Kind)> {
    let (hash, ending) = name.split_once('.')?;
    let is_hash = hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kind = Kind::with_ending(ending)?;
    is_hash.then_some((hash, kind))
}
