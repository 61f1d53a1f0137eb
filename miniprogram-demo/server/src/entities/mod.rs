//! The tables, as Rust types. Times are UTC.

pub mod session;
pub mod wx_user;
