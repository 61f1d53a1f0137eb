//! The contract, in OpenAPI, made of what the handlers say of themselves.

use super::signed_in::TOKEN_HEADER;
use crate::envelope::Bare;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, ResponseBuilder};
use utoipa::{OpenApi as _, ToSchema};

/// What all endpoints share.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "weapp-login",
        description = "The reference backend of weapp-login"
    ),
    components(schemas(Bare))
)]
struct Common;

/// All of `parts` as one document.
pub fn document(parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let mut document = Common::openapi();
    for part in parts {
        document.merge(part);
    }
    let token = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(TOKEN_HEADER)));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", token);
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            may_be_refused(operation);
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [item.get.as_mut(), item.post.as_mut()]
        .into_iter()
        .flatten()
}

/// A request that reaches no handler has an HTTP status of its own.
fn may_be_refused(operation: &mut Operation) {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(Bare::name()))));
    let refused = ResponseBuilder::new()
        .description("Refused before any handler")
        .content("application/json", content)
        .build();
    let refused = RefOr::T(refused);
    operation
        .responses
        .responses
        .insert("default".to_owned(), refused);
}

pub fn router(document: OpenApi) -> Router {
    let text = document.to_pretty_json().map(|text| text + "\n");
    let text = text.unwrap_or_default();
    let show = async move || ([(CONTENT_TYPE, "application/json")], text);
    Router::new().route("/openapi.json", get(show))
}
