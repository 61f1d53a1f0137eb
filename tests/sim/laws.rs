//! The laws, each checked where it could be broken.

mod answers;
mod calls;
mod host;
mod refresh;
mod sessions;
mod storage;

use std::fmt::{self, Write};

use crate::law::Law;
use crate::ledger::Copy;
use crate::world::State;

/// A host's call and the time that the client gives it on top.
const STEP_MS: u64 = 16_000;
/// The longest time of a request: an upload's.
const PLACE_MS: u64 = 61_000;
/// A refresh; `wx.login` and the request, twice, and a wait of at most a second before each `wx.login`.
const LOGIN_MS: u64 = STEP_MS + 2 * (2 * STEP_MS + 1_000);
/// How long what a client has read of the storage holds.
const READ_HOLDS_MS: u64 = 1_000;
/// So much younger than a minute is a token that both clocks call young.
const YOUNG_MS: u64 = 40_000;

impl State {
    fn copy(&mut self, copy: usize) -> &mut Copy {
        &mut self.ledger.copies[copy]
    }

    /// What anybody gets to see.
    fn check_shown(&mut self, shown: fmt::Arguments<'_>) {
        self.shown.clear();
        let _ = self.shown.write_fmt(shown); // a `String` takes everything
        if self.shown.contains("secret-") {
            self.ledger
                .broken(Law::SecretsDoNotShow, || self.shown.clone());
        }
    }
}
