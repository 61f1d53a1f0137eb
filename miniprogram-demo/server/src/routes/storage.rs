//! Pictures: uploaded by those who are signed in, shown to everybody who knows the address.

use super::signed_in::SignedIn;
use crate::envelope::{ApiError, Success};
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{Multipart, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Serialize)]
pub struct Uploaded {
    url: String,
}

pub async fn upload(
    app: AppState,
    _: SignedIn,
    form: Option<Multipart>,
) -> Result<Success<Uploaded>, ApiError> {
    let picture = first_file(form.ok_or(ApiError::BadValue)?).await?;
    let url = app
        .uploads
        .keep(&picture)
        .await
        .map_err(|error| ApiError::Internal(error.into()))?;
    Ok(Success(Uploaded {
        url: url.ok_or(ApiError::BadValue)?,
    }))
}

/// `wx.uploadFile` lets the page choose the field's name: what counts is that it holds a file.
async fn first_file(mut form: Multipart) -> Result<Bytes, ApiError> {
    while let Some(field) = form.next_field().await.map_err(|_| ApiError::BadValue)? {
        if field.file_name().is_some() {
            return field.bytes().await.map_err(|_| ApiError::BadValue);
        }
    }
    Err(ApiError::MissingArgument)
}

pub async fn show(app: AppState, Path(name): Path<String>) -> Result<Response, ApiError> {
    let found = app
        .uploads
        .read(&name)
        .await
        .map_err(|error| ApiError::Internal(error.into()))?;
    let (content_type, picture) = found.ok_or(ApiError::NoSuchRoute)?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, picture).into_response())
}
