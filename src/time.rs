//! Instants and durations.

use std::ops::{Add, Sub};
use std::time::Duration;

/// An instant by the device's clock, which may be wrong and may jump.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Timestamp(f64);

impl Timestamp {
    /// The instant that is this many ms after the beginning of 1970.
    pub const fn from_ms(ms: f64) -> Self {
        Timestamp(ms)
    }

    /// In ms since the beginning of 1970.
    pub const fn as_ms(self) -> f64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        duration_of_ms(self.0 - earlier.0).unwrap_or_default()
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, duration: Duration) -> Timestamp {
        Timestamp(self.0 + ms_of(duration))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, duration: Duration) -> Timestamp {
        Timestamp(self.0 - ms_of(duration))
    }
}

/// `None` if the number is negative, not a number, or too large.
pub fn duration_of_ms(ms: f64) -> Option<Duration> {
    const MOST_MS: f64 = 1e15; // so that micros fit
    let fits = (0.0..=MOST_MS).contains(&ms);
    fits.then(|| Duration::from_micros((ms * 1000.0) as u64))
}

/// The duration in ms.
pub fn ms_of(duration: Duration) -> f64 {
    duration.as_secs() as f64 * 1000.0 + f64::from(duration.subsec_nanos()) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_milliseconds_survive_both_ways() {
        for ms in [0.0, 1.0, 999.0, 4_350.0, 15_001.0, 1_800_000_000_123.0] {
            assert_eq!(duration_of_ms(ms).map(ms_of), Some(ms));
        }
        for ms in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(duration_of_ms(ms), None);
        }
    }

    #[test]
    fn nothing_is_before_itself() {
        let (early, late) = (Timestamp::from_ms(1_000.0), Timestamp::from_ms(3_000.0));
        assert_eq!(late.since(early), Duration::from_secs(2));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(early + Duration::from_secs(2), late);
        assert_eq!(late - Duration::from_secs(2), early);
    }
}
