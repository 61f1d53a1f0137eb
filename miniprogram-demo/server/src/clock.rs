//! The time: UTC inside, China's (where the mini-programs are) in answers.

use serde::ser::{Error, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::offset};
use utoipa::ToSchema;

const CHINA: UtcOffset = offset!(+8);

/// Now, in UTC, in whole seconds: what every database column can hold.
pub fn now() -> PrimitiveDateTime {
    let now = OffsetDateTime::now_utc();
    PrimitiveDateTime::new(now.date(), now.time().truncate_to_second())
}

pub fn in_china(utc: PrimitiveDateTime) -> OffsetDateTime {
    utc.assume_utc().to_offset(CHINA)
}

/// A time in UTC, as answers have it.
#[derive(ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Shown(pub PrimitiveDateTime);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = in_china(self.0)
            .format(&Rfc3339)
            .map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}
