//! The session as JavaScript sees it.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
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

struct Snapshot<'a>(&'a Session<JsValue>);

/// As a map and not as a struct: for the names of a struct's fields, serde-wasm-bindgen keeps a hash table, 4 KB of wasm.
impl Serialize for Snapshot<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Snapshot(session) = self;
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("userInfo", &UserInfo(session.user_info.shallow_copy()))?;
        fields.serialize_entry("via", session.via.name())?;
        fields.serialize_entry("issuedAt", &session.issued_at)?;
        fields.serialize_entry("expiresAt", &session.expires_at)?;
        fields.end()
    }
}

/// A value that passes through as it is.
#[derive(Serialize)]
#[serde(transparent)]
struct UserInfo(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// A copy: the page may set the fields of the session and of its user without changing the client's.
pub(super) fn snapshot(session: &Session<JsValue>) -> JsValue {
    Snapshot(session)
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}
