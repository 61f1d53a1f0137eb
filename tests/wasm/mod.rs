//! The boundary, seen from JavaScript.

mod crossing;
mod errors;
mod faults;
mod host;
mod options;
#[path = "../conformance/payload.rs"]
mod payload;
mod values;
