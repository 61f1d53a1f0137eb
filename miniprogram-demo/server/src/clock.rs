//! The time: UTC inside, China's (where the mini-programs are) in answers.

use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::offset};

const CHINA: UtcOffset = offset!(+8);

/// Now, in UTC, in whole seconds: what every database column can hold.
pub fn now() -> PrimitiveDateTime {
    let now = OffsetDateTime::now_utc();
    PrimitiveDateTime::new(now.date(), now.time().truncate_to_second())
}

pub fn in_china(utc: PrimitiveDateTime) -> OffsetDateTime {
    utc.assume_utc().to_offset(CHINA)
}
