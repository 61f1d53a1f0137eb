//! The tables, as Rust types. Times are UTC.

pub mod failure_count;
pub mod session;
pub mod wx_user;
