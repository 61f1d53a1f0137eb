//! Pictures: uploaded by those who are signed in, shown to everybody who knows the address.

use super::signed_in::ActiveSession;
use crate::envelope::{ApiError, Bare, Envelope, Success};
use crate::pictures;
use crate::state::AppState;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::PathRejection;
use axum::extract::{Multipart, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::io;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Uploaded {
    url: String,
}

/// What is uploaded: the name of the field does not matter.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "is described and not made: the form is read as it comes"
)]
struct Upload {
    #[schema(format = Binary)]
    file: String,
}

#[utoipa::path(
    post,
    path = "/wx/storage/upload",
    summary = "Keep a picture",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "Done, or a refusal", body = Envelope<Uploaded>)),
    security(("token" = []))
)]
pub async fn upload(
    app: AppState,
    ActiveSession(session): ActiveSession,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Success<Uploaded>, ApiError> {
    let file = first_file(form.map_err(|_| ApiError::BadValue)?).await?;
    let picture = app.pictures.encode(file).await?;
    app.db
        .write(async |tx| {
            let user = session.locked_user(&*tx).await?;
            pictures::keep(&*tx, &user, &picture).await
        })
        .await?;
    let url = app.pictures.address(&picture);
    Ok(Success(Uploaded { url }))
}

/// `wx.uploadFile` lets the page choose the field's name: what counts is that it holds a file. It is received into a file
/// that has no name, and so is gone with this process at the latest.
async fn first_file(mut form: Multipart) -> Result<std::fs::File, ApiError> {
    while let Some(mut field) = form.next_field().await.map_err(|_| ApiError::BadValue)? {
        if field.file_name().is_none() {
            continue;
        }
        let mut file = File::from_std(tempfile::tempfile().map_err(cannot_keep)?);
        while let Some(piece) = field.chunk().await.map_err(|_| ApiError::BadValue)? {
            file.write_all(&piece).await.map_err(cannot_keep)?;
        }
        file.rewind().await.map_err(cannot_keep)?;
        return Ok(file.into_std().await);
    }
    Err(ApiError::MissingArgument)
}

fn cannot_keep(error: io::Error) -> ApiError {
    ApiError::Internal(error.into())
}

#[utoipa::path(
    get,
    path = "/storage/{name}",
    summary = "A picture",
    params(("name" = String, Path)),
    responses(
        (status = 200, description = "The picture", content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))),
        (status = 404, description = "There is none of this name", body = Bare)
    )
)]
pub async fn show(
    app: AppState,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(name) = name.map_err(|_| ApiError::NoSuchRoute)?;
    let found = app.pictures.find(&app.db, &name).await?;
    let (content_type, picture) = found.ok_or(ApiError::NoSuchRoute)?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, picture).into_response())
}
