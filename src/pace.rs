//! How often a login may be tried. Nothing here knows a host.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::LoginError;

const SECOND_MS: f64 = 1_000.0;

/// When the latest calls of `wx.login` began: WeChat takes 4 a second of one user.
#[derive(Default)]
pub(crate) struct LoginRate {
    begun: Cell<[f64; 4]>,
}

impl LoginRate {
    /// Takes a place for a call at `now`, and gives how long it has to wait for it, in ms.
    pub(crate) fn take(&self, now: f64) -> f64 {
        let [first, second, third, fourth] = self.begun.get();
        // A clock that was set back must not make anyone wait for long.
        let wait = (first + SECOND_MS - now).clamp(0.0, SECOND_MS);
        self.begun.set([second, third, fourth, now + wait]);
        wait
    }
}

/// The pause after the first failed login; it doubles with each further one.
const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 300_000.0;
/// WeChat counts logins by the minute.
const TOO_FREQUENT_PAUSE_MS: f64 = 60_000.0;

/// The pause that silent logins keep after a failed one. A login that the user asked for does not care about it.
#[derive(Default)]
pub(crate) struct CoolDown {
    failures: Cell<i32>,
    pause: RefCell<Option<Pause>>,
}

struct Pause {
    from: f64,
    ms: f64,
    error: Rc<LoginError>,
}

impl Pause {
    /// How much of it is left at `now`, in ms. A clock that was set back ends it: better one login too many than none for
    /// hours.
    fn left(&self, now: f64) -> f64 {
        if now < self.from {
            0.0
        } else {
            self.from + self.ms - now
        }
    }
}

impl CoolDown {
    /// The error of the failed login that silent logins still have to keep a distance from.
    pub(crate) fn error(&self, now: f64) -> Option<Rc<LoginError>> {
        let pause = self.pause.borrow();
        pause
            .as_ref()
            .filter(|pause| pause.left(now) > 0.0)
            .map(|pause| pause.error.clone())
    }

    /// A login has failed at `now`. `chance`, from 0 to 1, spreads the phones that an outage has put in step.
    pub(crate) fn failed(&self, now: f64, chance: f64, error: Rc<LoginError>) {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let growing = (FIRST_PAUSE_MS * f64::from(1 << failures.min(16))).min(LONGEST_PAUSE_MS)
            * (0.75 + chance / 2.0);
        let ms = match &*error {
            LoginError::Rejected { errno: 714, .. } => f64::INFINITY, // WeChat has blocked this user
            LoginError::Rejected { errno: 713, .. } => growing.max(TOO_FREQUENT_PAUSE_MS),
            _ => growing,
        };
        let mut pause = self.pause.borrow_mut();
        // A tap of the user's that fails in some other way does not shorten what WeChat has asked for.
        if pause.as_ref().is_none_or(|pause| pause.left(now) < ms) {
            *pause = Some(Pause {
                from: now,
                ms,
                error,
            });
        }
    }

    pub(crate) fn clear(&self) {
        self.failures.set(0);
        *self.pause.borrow_mut() = None;
    }
}
