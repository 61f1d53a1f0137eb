//! Which passwords are too easily guessed.

use zxcvbn::zxcvbn;

const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;
/// A password that is guessed sooner, in powers of ten, is refused.
const MIN_GUESSES_LOG10: f64 = 6.0;
/// So much of a password is judged, for the time that it takes grows with the length faster than in proportion. The rest
/// makes nothing easier to guess.
const JUDGED: usize = 24;
/// What Chinese passwords are often made of, and zxcvbn's own lists do not know.
const COMMON_PARTS: [&str; 20] = [
    "woaini",
    "aini",
    "520",
    "521",
    "1314",
    "5201314",
    "5845201314",
    "woaiwojia",
    "woshishui",
    "xiaoming",
    "tianya",
    "111222",
    "7758521",
    "7758258",
    "woaiwo",
    "weixin",
    "wechat",
    "taobao",
    "zhang",
    "wang",
];

/// Whether `password` is long enough, and neither common nor easily guessed from the name. Takes long: not for the async
/// threads.
pub fn is_strong(password: &str, username: &str) -> bool {
    let beginning: String = password.chars().take(JUDGED).collect();
    let known: Vec<&str> = COMMON_PARTS.into_iter().chain([username]).collect();
    LENGTH.contains(&password.chars().count())
        && zxcvbn(&beginning, &known).guesses_log10() >= MIN_GUESSES_LOG10
}
