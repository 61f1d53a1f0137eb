//! Errors, on their way out and on their way in.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::{LoginError, Payload};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Why a call failed: a stable name to program against. */
export type LoginErrorCode =
  | "invalid_config" | "invalid_argument" | "wasm_load_failed" | "wx_login_failed" | "timeout" | "network"
  | "server_error" | "bad_response" | "rejected" | "wechat_busy" | "code_expired" | "too_frequent" | "login_blocked"
  | "wrong_password" | "name_taken" | "bad_mobile" | "weixin_bound_elsewhere" | "account_bound_elsewhere"
  | "signed_out" | "user_changed" | "logged_out" | "interrupted" | "storage_failed";

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
  /** The file that could not be loaded. */
  path?: string;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Error)]
    fn new_error(message: &str) -> JsValue;
}

/// What JavaScript gets in place of a value.
pub(super) struct Thrown(pub(super) JsValue);

impl From<Rc<LoginError>> for Thrown {
    fn from(error: Rc<LoginError>) -> Self {
        let mut thrown = new_error(&error.message());
        thrown.set_text("name", "LoginError");
        thrown.set_text("code", error.code());
        match &*error {
            LoginError::InvalidConfig { field, .. } => thrown.set_text("field", field),
            LoginError::InvalidArgument { name, .. } => thrown.set_text("field", name),
            LoginError::WxLogin(failure)
            | LoginError::Timeout(failure)
            | LoginError::Network(failure)
            | LoginError::Storage(failure) => {
                thrown.set_text("errMsg", &failure.err_msg);
                if let Some(errno) = failure.errno {
                    thrown.set_number("errno", errno.into());
                }
            }
            LoginError::ServerError { status } | LoginError::BadResponse { status, .. } => {
                thrown.set_number("status", (*status).into());
            }
            LoginError::Rejected { errno, errmsg } => {
                thrown.set_number("errno", (*errno).into());
                thrown.set_text("errmsg", errmsg);
            }
            _ => {}
        }
        Thrown(thrown)
    }
}
