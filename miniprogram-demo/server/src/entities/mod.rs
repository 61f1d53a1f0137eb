//! The tables, as Rust types. Times are UTC.

pub mod failure_count;
pub mod login;
pub mod picture;
pub mod replaced_token;
pub mod session;
pub mod upload;
pub mod wx_user;
