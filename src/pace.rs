//! How often a login may be tried. Nothing here knows a host.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::{LoginError, Timestamp, duration_of_ms};

const SECOND: Duration = Duration::from_secs(1);

/// When the latest calls of `wx.login` began: WeChat takes 4 a second of one user.
#[derive(Default)]
pub(crate) struct LoginRate {
    begun: Cell<[Timestamp; 4]>,
}

impl LoginRate {
    /// How long a call has to wait at `now`.
    pub(crate) fn wait(&self, now: Timestamp) -> Duration {
        let [first, ..] = self.begun.get();
        // A clock that was set back must not make anyone wait for long.
        (first + SECOND).since(now).min(SECOND)
    }

    /// A call begins at `now`.
    pub(crate) fn begin(&self, now: Timestamp) {
        let [_, second, third, fourth] = self.begun.get();
        self.begun.set([second, third, fourth, now]);
    }
}

/// The pause after the first failed login; it doubles with each further one.
const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 300_000.0;
/// What a server may ask for with `Retry-After`.
const LONGEST_WISH: Duration = Duration::from_secs(300);
/// WeChat counts logins by the minute.
const TOO_FREQUENT_PAUSE: Duration = Duration::from_secs(60);

/// The pause that silent logins keep after a failed one. A login that the user asked for does not care about it.
#[derive(Default)]
pub(crate) struct CoolDown {
    failures: Cell<u32>,
    pause: RefCell<Option<Pause>>,
}

struct Pause {
    from: Timestamp,
    length: Duration,
    error: Rc<LoginError>,
}

impl Pause {
    /// How much of it is left at `now`. A clock that was set back ends it: better one login too many than none for
    /// hours.
    fn left(&self, now: Timestamp) -> Duration {
        if now < self.from {
            Duration::ZERO
        } else {
            self.length.saturating_sub(now.since(self.from))
        }
    }
}

impl CoolDown {
    /// The error of the failed login that silent logins still have to keep a distance from.
    pub(crate) fn error(&self, now: Timestamp) -> Option<Rc<LoginError>> {
        let pause = self.pause.borrow();
        pause
            .as_ref()
            .filter(|pause| !pause.left(now).is_zero())
            .map(|pause| pause.error.clone())
    }

    /// A login has failed at `now`. `chance`, from 0 to 1, spreads the phones that an outage has put in step.
    pub(crate) fn failed(&self, now: Timestamp, chance: f64, error: Rc<LoginError>) {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let doubled_ms = FIRST_PAUSE_MS * f64::from(1 << failures.min(16));
        let growing_ms = doubled_ms.min(LONGEST_PAUSE_MS) * (0.75 + chance / 2.0);
        let growing = duration_of_ms(growing_ms).unwrap_or_default();
        let asked_for = error.retry_after().unwrap_or_default();
        let asked_for =
            LONGEST_WISH.min(duration_of_ms(f64::from(asked_for) * 1_000.0).unwrap_or_default());
        let length = match error.code() {
            "login_blocked" => Duration::MAX,
            "too_frequent" => growing.max(TOO_FREQUENT_PAUSE),
            _ => growing,
        };
        let length = length.max(asked_for);
        let mut pause = self.pause.borrow_mut();
        // A tap of the user's that fails in some other way does not shorten what WeChat has asked for.
        if pause.as_ref().is_none_or(|pause| pause.left(now) < length) {
            *pause = Some(Pause {
                from: now,
                length,
                error,
            });
        }
    }

    pub(crate) fn clear(&self) {
        self.failures.set(0);
        *self.pause.borrow_mut() = None;
    }
}
