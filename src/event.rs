//! What the client tells of itself.

use std::rc::Rc;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::Session;
use crate::time::ms_of;

/// A change of who is signed in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Change<V> {
    /// Somebody has signed in.
    SignedIn(Rc<Session<V>>),
    /// The same user has a newer token, or another profile.
    Renewed(Rc<Session<V>>),
    /// Nobody is signed in any more.
    SignedOut(SignedOutBecause),
}

/// Why nobody is signed in any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SignedOutBecause {
    /// `logout()` was called.
    Logout,
    /// The server no longer accepts the token, and there was no way to a new one.
    Refused,
}

impl SignedOutBecause {
    /// The name in the storage.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SignedOutBecause::Logout => "logout",
            SignedOutBecause::Refused => "refused",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [SignedOutBecause::Logout, SignedOutBecause::Refused]
            .into_iter()
            .find(|because| because.name() == name)
    }
}

/// One step of the client's work that has ended: for measuring, never with a secret in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// `login` (`wx.login`), `exchange` (a code or a password for a token), `replay` (a request, once more), `store` (what could
    /// not be written, or was at last).
    pub name: &'static str,
    /// How long it took, by the device's clock.
    #[serde(rename = "ms", serialize_with = "as_ms")]
    pub took: Duration,
    /// `None` if it succeeded, else the error's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

fn as_ms<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(ms_of(*duration))
}
