//! The token cache: a copy in memory and one record in the storage.

use std::cell::Cell;
use std::rc::Rc;

use crate::error::failed;
use crate::session::{Session, Token, Via};
use crate::{Host, HostFailure, LoginError, Payload, Primitives, Result, Timestamp};

/// The layout of the record; another number is another program's record and counts as none.
const VERSION: f64 = 1.0;

type Held<V> = Rc<Session<V>>;

/// Holds the session of one client.
///
/// The storage holds one record, written in one call, so that it is always a whole session or none. The copy in memory
/// changes only when the storage did.
pub(crate) struct TokenCache<H: Host> {
    key: String,
    session: Cell<Option<Held<H::Value>>>,
    /// Whether the storage was read; a read that fails is tried again later.
    loaded: Cell<bool>,
}

impl<H: Host> TokenCache<H> {
    pub(crate) fn new(key: String) -> Self {
        TokenCache {
            key,
            session: Cell::new(None),
            loaded: Cell::new(false),
        }
    }

    /// Reads the storage, once.
    pub(crate) fn load(&self, host: &H) {
        if self.loaded.get() {
            return;
        }
        if let Ok(record) = host.storage_get(&self.key) {
            self.loaded.set(true);
            self.session
                .set(record.and_then(|record| session_of(&record)));
        }
    }

    /// The session in memory.
    pub(crate) fn get(&self) -> Option<Held<H::Value>> {
        let session = self.session.take();
        self.session.set(session.clone());
        session
    }

    /// Whether `session` is the one in memory, not an older or a newer one.
    pub(crate) fn holds(&self, session: &Held<H::Value>) -> bool {
        self.get().is_some_and(|held| held.same_token(session))
    }

    /// Stores a session. If the storage fails, the storage and the memory are as they were before.
    pub(crate) fn put(&self, host: &H, session: Held<H::Value>) -> Result<()> {
        self.load(host); // what is there has to be known, should the write fail
        if let Err(failure) = host.storage_set(&self.key, &record_of(&session)) {
            if self.loaded.get() {
                self.roll_back(host);
            }
            return Err(failed(LoginError::Storage(failure)));
        }
        self.loaded.set(true);
        self.session.set(Some(session));
        Ok(())
    }

    /// Forgets the session. The memory is empty afterwards in any case; if the storage fails, that is reported, because
    /// the session may be back after a restart.
    pub(crate) fn clear(&self, host: &H) -> Result<()> {
        self.loaded.set(true);
        self.session.set(None);
        let removed = self.remove(host);
        removed.map_err(|failure| failed(LoginError::Storage(failure)))
    }

    /// A write that failed may have left anything behind: make sure that it is what was there before.
    fn roll_back(&self, host: &H) {
        let before = self.get();
        let intact = match (&before, host.storage_get(&self.key)) {
            (Some(before), Ok(Some(left))) => {
                session_of(&left).is_some_and(|left| before.same_token(&left))
            }
            (None, Ok(None)) => true,
            _ => false,
        };
        if intact {
            return;
        }
        let restored =
            before.is_some_and(|session| host.storage_set(&self.key, &record_of(&session)).is_ok());
        if !restored {
            let _ = self.remove(host); // should this fail too: half a record counts as none
        }
    }

    /// Removes the record, or at least makes it one that counts as none.
    fn remove(&self, host: &H) -> Result<(), HostFailure> {
        host.storage_remove(&self.key).or_else(|failure| {
            host.storage_set(&self.key, &H::Value::object())
                .map_err(|_| failure)
        })
    }
}

fn record_of<V: Payload>(session: &Session<V>) -> V {
    let mut record = V::object();
    record.set_number("v", VERSION);
    record.set_text("token", session.token.secret());
    record.set("userInfo", session.user_info.clone());
    record.set_text("via", session.via.name());
    record.set_number("issuedAt", session.issued_at.as_ms());
    if let Some(expires_at) = session.expires_at {
        record.set_number("expiresAt", expires_at.as_ms());
    }
    record
}

/// The session of a record, if every part of it is as it was written.
fn session_of<V: Payload>(record: &V) -> Option<Rc<Session<V>>> {
    if record.number_at("v")? != VERSION {
        return None;
    }
    let expires_at = match record.get("expiresAt") {
        Some(value) => Some(Timestamp::from_ms(value.as_number()?)),
        None => None,
    };
    Some(Rc::new(Session {
        token: Token::new(record.text_at("token")?)?,
        user_info: record.object_at("userInfo")?,
        via: Via::from_name(&record.text_at("via")?)?,
        issued_at: Timestamp::from_ms(record.number_at("issuedAt")?),
        expires_at,
    }))
}
