//! Errors, on their way out and on their way in.

use std::rc::Rc;

use gloo_utils::errors::JsError;
use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::value::write;
use crate::error::CODE_TYPE;
use crate::{HostFailure, LoginError, Primitives, Remedy, ServerCode};

#[wasm_bindgen(typescript_custom_section)]
const CODES: &str = CODE_TYPE;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What every rejected call rejects with, except `checkLogin()`, which rejects with `false`. Its `code` says which fields it has. */
export type LoginError =
  | Failure<"invalid_config" | "invalid_argument" | "hook_failed", "field">
  | Failure<"wasm_load_failed", "path">
  | (Failure<"wx_login_failed" | "timeout" | "network" | "storage_failed", "errMsg"> & { errno?: number })
  | Failure<"server_error" | "bad_response", "status">
  | Failure<"rejected" | Refusal, "status" | "errmsg">
  | Failure<"unfinished" | "signed_out", "needsUser">
  | Failure<"single_page" | "user_changed" | "logged_out" | "aborted" | "interrupted">;

/** An error with one of these codes, and with these fields in any case. */
export type Failure<Code extends LoginErrorCode, Present extends keyof LoginErrorFields = never> = LoginErrorFields & {
  code: Code;
} & Required<Pick<LoginErrorFields, Present>>;

/** Whatever an error may have besides its code. */
export interface LoginErrorFields extends Error {
  name: "LoginError";
  /** Present if only the user can do something about it: open the login page. */
  needsUser?: true;
  /** WeChat's own text, such as `request:fail timeout`. */
  errMsg?: string;
  /** WeChat's own number, or the server's own name of its refusal. */
  errno?: number | string;
  /** The server's own text. */
  errmsg?: string;
  /** The HTTP status of the answer. */
  status?: number;
  /** The whole body of a refusal, or of the answer to an unfinished login; not if there is a token in it. */
  body?: any;
  /** The option or the argument that cannot be used, or the app's function that has failed. */
  field?: string;
  /** After how many seconds the server wants to be asked again. */
  retryAfter?: number;
  /** The method of the request. */
  method?: string;
  /** The path of the request, without its query; or the file that could not be loaded. */
  path?: string;
}
"#;

/// The fields of an error, besides its message.
#[derive(Default, Serialize)]
struct Details<'a> {
    name: &'static str,
    code: &'static str,
    #[serde(rename = "needsUser", skip_serializing_if = "Option::is_none")]
    needs_user: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(rename = "errMsg", skip_serializing_if = "Option::is_none")]
    err_msg: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<ServerCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errmsg: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
    #[serde(rename = "retryAfter", skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

impl<'a> From<&'a LoginError> for Details<'a> {
    fn from(error: &'a LoginError) -> Self {
        let asked = error.asked();
        let mut details = Details {
            name: "LoginError",
            code: error.code(),
            needs_user: (error.remedy() != Remedy::Retry).then_some(true),
            retry_after: error.retry_after(),
            method: asked.map(|asked| asked.method),
            path: asked.map(|asked| asked.path.as_str()),
            ..Details::default()
        };
        match error {
            LoginError::InvalidConfig { field, .. } => details.field = Some(field),
            LoginError::InvalidArgument { name, .. } => details.field = Some(name),
            LoginError::Hook { function, .. } => details.field = Some(function),
            LoginError::WxLogin(failure)
            | LoginError::Timeout(failure, _)
            | LoginError::Network(failure, _)
            | LoginError::Storage(failure) => {
                details.err_msg = Some(&failure.err_msg);
                details.errno = failure.errno.map(ServerCode::Number);
            }
            LoginError::ServerError { status, .. } | LoginError::BadResponse { status, .. } => {
                details.status = Some(*status);
            }
            LoginError::Rejected {
                status,
                errno,
                errmsg,
                ..
            } => {
                details.status = Some(*status);
                details.errno = errno.clone();
                details.errmsg = Some(errmsg);
            }
            LoginError::UserChanged
            | LoginError::SignedOut
            | LoginError::Unfinished { .. }
            | LoginError::SinglePage
            | LoginError::LoggedOut
            | LoginError::Aborted => {}
        }
        details
    }
}

/// A real `Error`, as the interface `LoginError` above.
pub(super) fn thrown(error: Rc<LoginError>) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    let details = write(&Details::from(&*error));
    let _ = Object::try_assign(&thrown, details.unchecked_ref());
    let mut thrown = JsValue::from(thrown);
    if let LoginError::Unfinished { body, .. } | LoginError::Rejected { body, .. } = &*error
        && let Some(body) = body.as_deref().and_then(JsValue::from_json)
    {
        thrown.set("body", body);
    }
    thrown
}

/// What a host has failed with: WeChat's `{errMsg, errno?}`, a text, an `Error`, or anything else.
pub(super) fn failure_of(thrown: JsValue) -> HostFailure {
    HostFailure::of(&thrown)
        .or_else(|| {
            let error = JsError::try_from(thrown).ok()?;
            Some(HostFailure {
                err_msg: error.message,
                errno: None,
            })
        })
        .unwrap_or_else(HostFailure::unknown)
}
