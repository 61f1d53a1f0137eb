//! What the client tells of itself.

use std::rc::Rc;

use crate::Session;

/// A change of who is signed in.
#[derive(Debug, Clone)]
pub enum Change<V> {
    /// Somebody has signed in.
    SignedIn(Rc<Session<V>>),
    /// The same user has a newer token, or another profile.
    Renewed(Rc<Session<V>>),
    /// Nobody is signed in any more.
    SignedOut(SignedOutBecause),
}

/// Why nobody is signed in any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedOutBecause {
    /// `logout()` was called.
    Logout,
    /// The server no longer accepts the token, and there was no way to a new one.
    Refused,
}

impl SignedOutBecause {
    /// The name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            SignedOutBecause::Logout => "logout",
            SignedOutBecause::Refused => "refused",
        }
    }
}

/// One step of the client's work that has ended: for measuring, never with a secret in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// `login` (`wx.login`), `exchange` (a code or a password for a token), `replay` (a request, once more).
    pub name: &'static str,
    /// How long it took, in ms, by the device's clock.
    pub ms: f64,
    /// `None` if it succeeded, else the error's code.
    pub code: Option<&'static str>,
}
