//! The token cache: the state in memory, and its record in the storage.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::record::{Newer, Record, State};
use crate::session::Session;
use crate::{Host, HostFailure, Timestamp};

/// How long what was read holds. Another client of the same storage key may have written meanwhile.
const READ_INTERVAL: Duration = Duration::from_secs(1);

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
    /// The record that was read or written last, to be restored should a write tear it.
    stored: RefCell<Option<H::Value>>,
    /// The revision of the record that was read or written last; zero if there was none, `None` before the first reading.
    revision: Cell<Option<f64>>,
    /// Whether the memory is newer than the storage.
    unwritten: Cell<bool>,
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
            stored: RefCell::new(None),
            revision: Cell::new(None),
            unwritten: Cell::new(false),
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
        self.state
            .borrow()
            .session()
            .is_some_and(|held| held.same_token(session))
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

    /// Reads the storage, and writes what could not be written before. Gives the state that was in memory if another client has
    /// replaced it.
    pub(crate) fn sync(&self, host: &H, sync: Sync) -> Option<State<H::Value>> {
        if sync == Sync::Due && !self.is_due(host.now()) {
            return None;
        }
        self.read_at.set(Some(host.now()));
        let read = host.storage_get(&self.key);
        self.readable.set(read.is_ok());
        match read {
            Ok(value) => {
                let record = value.as_ref().and_then(Record::read);
                if record.is_some() {
                    self.stored.replace(value);
                }
                let replaced = self.reconcile(record);
                let _ = self.flush(host);
                replaced
            }
            Err(failure) => {
                self.failure.replace(failure);
                None
            }
        }
    }

    /// A storage that was never read is read at each call; a clock that was set back makes it due, too.
    fn is_due(&self, now: Timestamp) -> bool {
        self.revision.get().is_none()
            || self
                .read_at
                .get()
                .is_none_or(|at| now < at || now.since(at) >= READ_INTERVAL)
    }

    /// Takes over what was found in the storage, unless the memory is newer.
    fn reconcile(&self, found: Option<Record<H::Value>>) -> Option<State<H::Value>> {
        let Some(found) = found else {
            // Cleared by the page, or the first start: what is in memory holds.
            self.revision
                .set(Some(self.revision.get().unwrap_or_default()));
            if matches!(*self.state.borrow(), State::Unknown) {
                self.state.replace(State::Absent);
            }
            return None;
        };
        if self.revision.get() == Some(found.revision) {
            return None;
        }
        let newer = match self.unwritten.get() {
            true => self.state.borrow().newer(&found),
            false => Newer::Found,
        };
        match newer {
            Newer::Memory => {
                self.revision.set(Some(found.revision));
                None
            }
            Newer::Neither => {
                self.revision.set(None);
                self.failure.replace(HostFailure {
                    err_msg: "the stored session is another user's".to_owned(),
                    errno: None,
                });
                None
            }
            Newer::Found => {
                self.revision.set(Some(found.revision));
                self.unwritten.set(false);
                Some(self.state.replace(found.state))
            }
        }
    }

    /// Takes what was read for not known to whom the next state belongs: a record of another user will not be overwritten.
    pub(crate) fn forget_reading(&self) {
        self.revision.set(None);
    }

    /// Changes the state in memory, and the record, which the caller has just tried to read. If the storage fails, the record is
    /// as it was, the memory is newer, and the next [`TokenCache::sync`] tries again.
    pub(crate) fn set(&self, host: &H, state: State<H::Value>) -> Result<(), HostFailure> {
        self.state.replace(state);
        self.unwritten.set(true);
        if self.revision.get().is_none() {
            self.sync(host, Sync::Now);
        } else {
            let _ = self.flush(host);
        }
        match self.unwritten.get() {
            true => Err(self.failure()),
            false => Ok(()),
        }
    }

    /// Writes the state in memory if it is newer than the record, and the record is known.
    fn flush(&self, host: &H) -> Result<(), HostFailure> {
        let due = self.unwritten.get() && self.readable.get();
        let (true, Some(known)) = (due, self.revision.get()) else {
            return Ok(());
        };
        let revision = f64::max(known + 1.0, host.now().as_ms());
        let Some(record) = Record::write(&self.state.borrow(), revision) else {
            return Ok(());
        };
        if let Err(failure) = host.storage_set(&self.key, &record) {
            self.failure.replace(failure.clone());
            if !self.is_stored(host, revision) {
                return Err(failure);
            }
        }
        self.stored.replace(Some(record));
        self.revision.set(Some(revision));
        self.unwritten.set(false);
        if let Some(session) = self.state.borrow().session() {
            session.persisted.set(true);
        }
        Ok(())
    }

    /// Whether the record of `revision`, whose write has failed, is stored all the same. The write may have left anything behind:
    /// restores the record that was there before, unless a whole one is there.
    fn is_stored(&self, host: &H, revision: f64) -> bool {
        let left = host.storage_get(&self.key);
        if let Ok(Some(left)) = &left
            && let Some(record) = Record::read(left)
        {
            return record.revision == revision;
        }
        if let Some(stored) = &*self.stored.borrow() {
            let _ = host.storage_set(&self.key, stored); // what is left of a record counts as none
        }
        false
    }
}
