//! The session as JavaScript sees it.

use wasm_bindgen::prelude::*;

use crate::{Payload, Session};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A signed-in user, as of now. The token is not in it: see `authHeader()`. */
export interface Session {
  /** The server's user, as it came. */
  userInfo: Record<string, any>;
  /** How the user signed in. */
  via: "weixin" | "account";
  /** When the request that brought the token was started, by this device's clock, in ms since 1970. */
  issuedAt: number;
  /** When the token ends, by this device's clock, in ms since 1970; `null` if only the server knows. */
  expiresAt: number | null;
}
"#;

/// A copy: the page may set the fields of the session and of its user without changing the client's.
///
/// Field by field: as a type that serde writes it would be 0.5 KB more.
pub(super) fn snapshot(session: &Session<JsValue>) -> JsValue {
    let mut fields = JsValue::object();
    fields.set("userInfo", session.user_info.shallow_copy());
    fields.set_text("via", session.via.name());
    fields.set_number("issuedAt", session.issued_at);
    match session.expires_at {
        Some(expires_at) => fields.set_number("expiresAt", expires_at),
        None => fields.set("expiresAt", JsValue::NULL),
    }
    fields
}
