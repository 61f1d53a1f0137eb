//! Errors, on their way out and on their way in.

use gloo_utils::errors::JsError;
use js_sys::{Error, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{HostFailure, LoginError, Payload};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Why a call failed: a stable name to program against. */
export type LoginErrorCode =
  | "invalid_config" | "invalid_argument" | "wasm_load_failed" | "wx_login_failed" | "timeout" | "network"
  | "server_error" | "bad_response" | "rejected" | "wechat_busy" | "code_expired" | "too_frequent" | "login_blocked"
  | "wrong_password" | "name_taken" | "bad_mobile" | "weixin_bound_elsewhere" | "account_bound_elsewhere"
  | "signed_out" | "user_changed" | "logged_out" | "storage_failed";

/** What every rejected call rejects with, except `checkLogin()`, which rejects with `false`. */
export interface LoginError extends Error {
  name: "LoginError";
  code: LoginErrorCode;
  /** WeChat's own text, such as `request:fail timeout`. */
  errMsg?: string;
  /** WeChat's or the server's own number. */
  errno?: number;
  /** The server's own text. */
  errmsg?: string;
  /** The HTTP status of the answer. */
  status?: number;
  /** The option or the argument that cannot be used. */
  field?: string;
}
"#;

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    name: &'static str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    err_msg: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "errmsg")]
    server_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl<'a> Details<'a> {
    fn of(error: &'a LoginError) -> Self {
        let details = Details {
            name: "LoginError",
            code: error.code(),
            ..Details::default()
        };
        match error {
            LoginError::InvalidConfig { field, .. } => Details {
                field: Some(field),
                ..details
            },
            LoginError::InvalidArgument { name, .. } => Details {
                field: Some(name),
                ..details
            },
            LoginError::WxLogin(failure)
            | LoginError::Timeout(failure)
            | LoginError::Network(failure)
            | LoginError::Storage(failure) => Details {
                err_msg: Some(&failure.err_msg),
                errno: failure.errno,
                ..details
            },
            LoginError::ServerError { status } | LoginError::BadResponse { status, .. } => {
                Details {
                    status: Some(*status),
                    ..details
                }
            }
            LoginError::Rejected { errno, errmsg } => Details {
                errno: Some(*errno),
                server_text: Some(errmsg),
                ..details
            },
            LoginError::SignedOut | LoginError::UserChanged | LoginError::LoggedOut => details,
        }
    }
}

impl From<LoginError> for JsValue {
    fn from(error: LoginError) -> Self {
        let js_error = Error::new(&error.message());
        if let Ok(details) = serde_wasm_bindgen::to_value(&Details::of(&error)) {
            Object::assign(&js_error, details.unchecked_ref());
        }
        js_error.into()
    }
}

/// Reads what a host method threw or rejected with: WeChat's `{errMsg, errno?}`, an `Error`, or anything else.
pub(super) fn host_failure(thrown: JsValue) -> HostFailure {
    let errno = thrown.integer_at("errno");
    let err_msg = thrown.text_at("errMsg");
    let err_msg = err_msg
        .or_else(|| thrown.as_string())
        .or_else(|| JsError::try_from(thrown).ok().map(|error| error.message));
    HostFailure {
        err_msg: err_msg.unwrap_or_else(|| "unknown failure".to_owned()),
        errno,
    }
}
