//! The token cache: the state in memory, and its record in the storage.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::event::SignedOutBecause;
use crate::record::{Ended, Newer, Record, State};
use crate::session::Session;
use crate::{Host, HostFailure, Timestamp};

/// How long what was read holds. Another client of the same storage key may have written meanwhile.
const READ_INTERVAL: Duration = Duration::from_secs(1);

/// So far apart are revisions, at random: two clients that know the same record never give the same one to two others.
const SPREAD: f64 = 1_000.0;

/// Whether the storage has to be read now, or only if the last reading is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sync {
    Now,
    Due,
}

/// Holds the state of one client.
///
/// The storage holds one record, written in one call, so that it is always whole or absent. No record is overwritten that was
/// not read: until the first reading succeeds, the state is unknown. What cannot be written holds in memory, and is written as
/// soon as that is possible.
pub(crate) struct TokenCache<H: Host> {
    key: String,
    state: RefCell<State<H::Value>>,
    /// The revision of the record that the memory is equal to, or newer than; zero if there was none. `None` while that is not
    /// known: before the first reading, and beside a record of another user.
    base: Cell<Option<f64>>,
    /// The revision of the record that was read or written last; zero if there was none.
    seen: Cell<f64>,
    /// The revisions of writes that were reported as failed and may be stored all the same: nobody could look since.
    attempted: RefCell<Vec<f64>>,
    /// The record that was read or written last, to be restored after a write that fails; `None` if nothing was there.
    stored: RefCell<Option<H::Value>>,
    /// Whether the memory is newer than the storage.
    unwritten: Cell<bool>,
    /// When the user has logged out, as long as that is not written.
    logged_out_at: Cell<Option<Timestamp>>,
    read_at: Cell<Option<Timestamp>>,
    /// Whether the last reading succeeded: else the record may have changed, and is not overwritten.
    readable: Cell<bool>,
    /// Why the storage could not be read or written last.
    failure: RefCell<HostFailure>,
}

impl<H: Host> TokenCache<H> {
    pub(crate) fn new(key: String) -> Self {
        TokenCache {
            key,
            state: RefCell::new(State::Unknown),
            base: Cell::new(None),
            seen: Cell::new(0.0),
            attempted: RefCell::default(),
            stored: RefCell::new(None),
            unwritten: Cell::new(false),
            logged_out_at: Cell::new(None),
            read_at: Cell::new(None),
            readable: Cell::new(false),
            failure: RefCell::new(HostFailure::unknown()),
        }
    }

    /// The state in memory.
    pub(crate) fn state(&self) -> State<H::Value> {
        self.state.borrow().clone()
    }

    /// The session in memory.
    pub(crate) fn session(&self) -> Option<Rc<Session<H::Value>>> {
        self.state.borrow().session().cloned()
    }

    /// Whether `session` is the one in memory, not an older or a newer one.
    pub(crate) fn holds(&self, session: &Session<H::Value>) -> bool {
        let state = self.state.borrow();
        state.session().is_some_and(|held| held.is(session))
    }

    /// Why the storage could not be read or written last.
    pub(crate) fn failure(&self) -> HostFailure {
        self.failure.borrow().clone()
    }

    /// Whether the last reading succeeded.
    pub(crate) fn is_readable(&self) -> bool {
        self.readable.get()
    }

    /// Whether the state in memory still has to be written.
    pub(crate) fn is_unwritten(&self) -> bool {
        self.unwritten.get()
    }

    /// Reads the storage, and writes what could not be written before. Gives the state that was in memory if the record has
    /// replaced it.
    pub(crate) fn sync(&self, host: &H, sync: Sync) -> Option<State<H::Value>> {
        if sync == Sync::Due && !self.is_due(host.now()) {
            return None;
        }
        self.read_at.set(Some(host.now()));
        match self.read(host) {
            Ok(found) => {
                self.readable.set(true);
                let replaced = self.reconcile(found, host.now());
                self.flush(host);
                replaced
            }
            Err(failure) => {
                self.readable.set(false);
                self.failure.replace(failure);
                None
            }
        }
    }

    /// A storage that could not be read is read at each call; a clock that was set back makes it due, too.
    fn is_due(&self, now: Timestamp) -> bool {
        let is_fresh = |at: Timestamp| now >= at && now.since(at) < READ_INTERVAL;
        !self.readable.get() || !self.read_at.get().is_some_and(is_fresh)
    }

    /// The record in the storage. Junk counts as none; the record of a newer program cannot be read.
    fn read(&self, host: &H) -> Result<Option<Record<H::Value>>, HostFailure> {
        let value = host.storage_get(&self.key)?;
        if value.as_ref().is_some_and(Record::is_of_newer_program) {
            return Err(HostFailure {
                err_msg: "the stored session is of a newer version".to_owned(),
                errno: None,
            });
        }
        let found = value.as_ref().and_then(Record::read);
        let revision = found.as_ref().map_or(0.0, |found| found.revision);
        self.seen.set(revision);
        self.forget_attempts_but(revision);
        // Junk may be what a write that has failed has left of it; what is cleared must not come back.
        if found.is_some() || value.is_none() {
            self.stored.replace(value);
        }
        Ok(found)
    }

    /// Takes over what was found in the storage, unless the memory is newer.
    fn reconcile(
        &self,
        found: Option<Record<H::Value>>,
        now: Timestamp,
    ) -> Option<State<H::Value>> {
        let Some(found) = found else {
            self.base.set(Some(self.base.get().unwrap_or_default()));
            self.restore();
            return None;
        };
        if self.is_known(found.revision) {
            self.base.set(Some(found.revision));
            return None;
        }
        match self.newer(&found.state, now) {
            Newer::Memory => {
                self.base.set(Some(found.revision));
                self.unwritten.set(true);
                None
            }
            Newer::Neither => {
                self.base.set(None);
                self.failure.replace(HostFailure {
                    err_msg: "the stored session is another user's".to_owned(),
                    errno: None,
                });
                None
            }
            Newer::Found => {
                self.base.set(Some(found.revision));
                self.unwritten.set(false);
                self.logged_out_at.set(None);
                Some(self.state.replace(found.state))
            }
        }
    }

    /// Whether the memory is equal to the record of `revision`, or newer: also to one whose write was reported as failed.
    fn is_known(&self, revision: f64) -> bool {
        self.base.get() == Some(revision) || self.attempted.borrow().contains(&revision)
    }

    /// The record of `revision` is stored, so that of no other attempt is.
    fn forget_attempts_but(&self, revision: f64) {
        self.attempted
            .borrow_mut()
            .retain(|attempted| *attempted == revision);
    }

    /// Nothing is stored: the page has cleared the storage, or it is the first start. What is in memory holds, and has to be
    /// written again.
    fn restore(&self) {
        let state = self.state();
        match &state {
            State::Unknown => drop(self.state.replace(State::Absent)),
            State::Absent => {}
            State::Active(_) | State::Ended(_) => self.unwritten.set(true),
        }
        if let Some(session) = state.session() {
            session.persisted.set(false);
        }
    }

    fn newer(&self, found: &State<H::Value>, now: Timestamp) -> Newer {
        let is_written = !self.unwritten.get();
        if self.state.borrow().follows(found, is_written) {
            return Newer::Memory;
        }
        if is_written {
            return Newer::Found;
        }
        let newer = self.state.borrow().newer(found, now);
        match self.logged_out_at.get() {
            // The other user has logged out since.
            Some(logout) if newer == Newer::Neither && !found.began_after(logout, now) => {
                Newer::Memory
            }
            _ => newer,
        }
    }

    /// Makes the record that was read last the one that the next state replaces, whoever's it is: the user has seen it.
    pub(crate) fn accept_seen(&self) {
        self.base.set(Some(self.seen.get()));
    }

    /// Keeps a record of another user that will be found from being replaced by the next state.
    pub(crate) fn forget_base(&self) {
        self.base.set(None);
    }

    /// Changes the state in memory, and the record. If the storage fails, the record is as it was, the memory is newer, and the
    /// next [`TokenCache::sync`] tries again. A record that is found only now, and is newer, replaces the state.
    pub(crate) fn set(&self, host: &H, state: State<H::Value>) -> Result<(), HostFailure> {
        if let State::Ended(Ended { at, because, .. }) = &state
            && *because == SignedOutBecause::Logout
        {
            self.logged_out_at.set(Some(*at));
        }
        self.state.replace(state);
        self.unwritten.set(true);
        if self.base.get().is_none() {
            self.sync(host, Sync::Now);
        } else {
            self.flush(host);
        }
        match self.unwritten.get() {
            true => Err(self.failure()),
            false => Ok(()),
        }
    }

    /// Writes the state in memory if it is newer than the record, and the record is known.
    fn flush(&self, host: &H) {
        let due = self.unwritten.get() && self.readable.get();
        let (true, Some(base)) = (due, self.base.get()) else {
            return;
        };
        let attempted = self.attempted.borrow().last().copied();
        let least = f64::max(base, attempted.unwrap_or_default()).max(host.now().as_ms());
        let revision = least + 1.0 + host.chance() * SPREAD;
        self.attempted.borrow_mut().push(revision);
        let Some(record) = Record::write(&self.state.borrow(), revision) else {
            return;
        };
        if let Err(failure) = host.storage_set(&self.key, &record) {
            self.failure.replace(failure);
            if !self.is_stored(host, revision) {
                return;
            }
        }
        self.forget_attempts_but(revision);
        self.stored.replace(Some(record));
        self.base.set(Some(revision));
        self.seen.set(revision);
        self.unwritten.set(false);
        self.logged_out_at.set(None);
        if let Some(session) = self.state.borrow().session() {
            session.persisted.set(true);
        }
    }

    /// Whether the record of `revision`, whose write has failed, is stored all the same. The write may have left anything behind:
    /// restores the record that was there before, unless a whole one is there.
    fn is_stored(&self, host: &H, revision: f64) -> bool {
        let left = host.storage_get(&self.key).ok().flatten();
        if let Some(record) = left.as_ref().and_then(Record::read) {
            self.forget_attempts_but(record.revision);
            return record.revision == revision;
        }
        if left.as_ref().is_some_and(Record::is_of_newer_program) {
            self.readable.set(false); // it is not ours to overwrite
        } else if let Some(stored) = &*self.stored.borrow() {
            let _ = host.storage_set(&self.key, stored); // what is left of a record counts as none
        }
        false
    }
}
