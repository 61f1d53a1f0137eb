//! The session, and what happens to it, as JavaScript sees them.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::value::write;
use crate::{Change, Primitives, Session, SignedOutBecause, Via};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A signed-in user, as of now. The token is not in it: see `authHeader()`. */
export interface Session<User = Record<string, any>> {
  /** The server's user, as it came. */
  userInfo: User;
  /** How the user signed in; `unknown` if another program has left the session. */
  via: "weixin" | "account" | "phone" | "unknown";
  /** When the request that brought the token was started, by this device's clock, in ms since 1970. */
  issuedAt: number;
  /** When the token ends, by this device's clock, in ms since 1970; `null` if only the server knows. */
  expiresAt: number | null;
  /** Whether the storage holds it; if not, it ends with this run unless it can be written later. */
  persisted: boolean;
}

/** A change of who is signed in. */
export type Change<User = Record<string, any>> =
  | { type: "signedIn" | "renewed"; session: Session<User> }
  | { type: "signedOut"; reason: "logout" | "refused" };

/** A step of the client's work that has ended; never with a secret in it. */
export interface Step {
  /** wx.login; a code or a password for a token; a token for another; a request, once more; a write that failed, or succeeded at last */
  name: "login" | "exchange" | "refresh" | "replay" | "store";
  /** how long it took */
  ms: number;
  /** absent if the step succeeded */
  code?: LoginErrorCode;
}
"#;

/// A copy: the app may change the session and its user without changing the client's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    user_info: JsValue,
    via: Via,
    issued_at: f64,
    expires_at: Option<f64>,
    persisted: bool,
}

impl From<&Session<JsValue>> for Snapshot {
    fn from(session: &Session<JsValue>) -> Self {
        Snapshot {
            user_info: session.user_info.copy(),
            via: session.via,
            issued_at: session.issued_at.as_ms(),
            expires_at: session.expires_at.map(|instant| instant.as_ms()),
            persisted: session.persisted.get(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum ChangeEvent {
    SignedIn { session: Snapshot },
    Renewed { session: Snapshot },
    SignedOut { reason: SignedOutBecause },
}

/// The interface `Session` above.
pub(super) fn snapshot(session: &Session<JsValue>) -> JsValue {
    write(&Snapshot::from(session))
}

/// The type `Change` above.
pub(super) fn event(change: &Change<JsValue>) -> JsValue {
    write(&match change {
        Change::SignedIn(session) => ChangeEvent::SignedIn {
            session: (&**session).into(),
        },
        Change::Renewed(session) => ChangeEvent::Renewed {
            session: (&**session).into(),
        },
        Change::SignedOut(reason) => ChangeEvent::SignedOut { reason: *reason },
    })
}
