//! The boundary to JavaScript: it converts, and holds no logic.

mod client;
mod error;
mod host;
mod session;
mod task;
mod ticket;
mod value;

pub use client::{auth_header, call, create, foreground, free, session};
pub use task::run;
pub use ticket::settle;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

/// The smallest of those that were tried (talc, rlsf, the standard library's): this module holds few values at a time, so a list of what is free does.
// SAFETY: a mini-program's module has one thread; engines of phones have no shared memory to start another on.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
