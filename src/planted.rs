//! Bugs to be put in on purpose, so that the simulation can prove that it finds them. Without the feature `planted-bugs`
//! there are none, and nothing of this is in the module.

/// A bug, named by what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Those who share some work do not hear of its end.
    NobodyWoken,
    /// Every caller gets a login of its own.
    NoSharing,
    /// A code is sent again after a lost answer.
    OldCodeAgain,
    /// Logout lets the login under way go on.
    LoginSurvivesLogout,
    /// A request does not look whether somebody has left.
    RequestSurvivesLogout,
    /// A refusal is not judged against the token that was refused.
    RefusalHitsAnyToken,
    /// A failed login of any kind signs out.
    NetworkSignsOut,
    /// The token that was refused is sent again.
    ReplayWithOldToken,
    /// A request is sent again, whoever is signed in by now.
    ReplayForAnyone,
    /// A failed login is tried again at once.
    NoCoolDown,
    /// `wx.login` is called as often as anybody likes.
    NoRate,
    /// A failed write is not rolled back.
    NoRollBack,
    /// The token goes wherever the request goes.
    TokenEverywhere,
    /// A token shows itself in `Debug`.
    TokenShows,
    /// A session whose end nobody knows counts as over.
    UnknownIsExpired,
    /// A session that is over by the clock is removed.
    ClockSignsOut,
    /// A profile is kept beside whatever token is there.
    ProfileOfAnyone,
}

#[cfg(feature = "planted-bugs")]
mod active {
    use super::Bug;
    use std::cell::Cell;

    thread_local! {
        static ACTIVE: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Plants a bug, in this thread; `None` takes it out.
    pub fn plant(bug: Option<Bug>) {
        ACTIVE.set(bug);
    }

    pub(crate) fn is(bug: Bug) -> bool {
        ACTIVE.get() == Some(bug)
    }
}

#[cfg(feature = "planted-bugs")]
pub(crate) use active::is;
#[cfg(feature = "planted-bugs")]
pub use active::plant;

#[cfg(not(feature = "planted-bugs"))]
pub(crate) const fn is(_: Bug) -> bool {
    false
}
