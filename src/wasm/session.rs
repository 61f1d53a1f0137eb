//! The session as JavaScript sees it.

use serde::Serialize;
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    user_info: JsValue,
    via: &'static str,
    issued_at: f64,
    expires_at: Option<f64>,
}

/// A copy: the page may set the fields of the session and of its user without changing the client's.
pub(super) fn snapshot(session: &Session<JsValue>) -> JsValue {
    let snapshot = Snapshot {
        user_info: session.user_info.shallow_copy(),
        via: session.via.name(),
        issued_at: session.issued_at,
        expires_at: session.expires_at,
    };
    snapshot
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}
