//! The record in the storage: the session, or how the last one ended.

use std::rc::Rc;

use crate::event::SignedOutBecause;
use crate::session::{Identity, Replaced, Session, Token, TokenHash, Via};
use crate::{Payload, Timestamp};

/// The layout of the record. One of a later version cannot be read, and is not overwritten.
const VERSION: f64 = 2.0;
/// The first layout: a session without a revision and without an identity of its own.
const FIRST_VERSION: f64 = 1.0;

/// Whether somebody is signed in.
#[derive(Debug, Clone)]
pub(crate) enum State<V> {
    /// The storage could not be read yet.
    Unknown,
    /// Nothing is stored: the first start, or a storage that was cleared.
    Absent,
    /// Somebody is.
    Active(Rc<Session<V>>),
    /// Somebody was.
    Ended(Ended<V>),
}

/// How a session ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended<V> {
    pub(crate) at: Timestamp,
    /// The session itself, as long as this run knows it.
    pub(crate) session: Option<Rc<Session<V>>>,
    pub(crate) because: SignedOutBecause,
    /// Whether a silent login may follow. After a logout, and after the end of an account's session, only the user signs in.
    pub(crate) renewable: bool,
    /// By which a copy of the token that was left elsewhere is known.
    pub(crate) token_hash: Option<TokenHash>,
    /// The same of the token before.
    pub(crate) replaced: Option<TokenHash>,
    /// Who was signed in, if a silent login may follow: it knows nobody's name.
    pub(crate) user: Option<User<V>>,
}

/// What is known of a user whose session has ended.
#[derive(Debug, Clone)]
pub(crate) struct User<V> {
    pub(crate) identity: Option<Identity>,
    pub(crate) user_info: V,
}

/// Which of two states is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newer {
    Memory,
    Found,
    /// Both hold, each for a user of its own.
    Neither,
}

impl<V: Payload> State<V> {
    pub(crate) fn session(&self) -> Option<&Rc<Session<V>>> {
        match self {
            State::Active(session) => Some(session),
            _ => None,
        }
    }

    /// Whether this, which could not be written, is newer than what is found in the storage later.
    pub(crate) fn newer(&self, found: &State<V>, now: Timestamp) -> Newer {
        let found_is_newer = match (self, found) {
            (State::Active(held), State::Active(stored)) if held.same_user(stored) => {
                found.began_after(held.issued_at, now)
            }
            (State::Active(held), State::Active(_)) => match found.began_after(held.issued_at, now)
            {
                true => true,
                false => return Newer::Neither,
            },
            (State::Active(held), State::Ended(stored)) => match stored.because {
                SignedOutBecause::Logout => found.began_after(held.issued_at, now),
                // Some servers give the same token at each login.
                SignedOutBecause::Refused => stored.is_of(held) && stored.at >= held.issued_at,
            },
            (State::Ended(held), _) => match held.because {
                SignedOutBecause::Logout => found.began_after(held.at, now),
                // The server has said it of one session, and of no other.
                SignedOutBecause::Refused if found.began_after(held.signed_in_at(), now) => true,
                SignedOutBecause::Refused if held.was_of_user_of(found) => false,
                // Who was there before is not back because another user's session has ended.
                SignedOutBecause::Refused => return Newer::Neither,
            },
            (State::Unknown | State::Absent, _) => true,
            (_, State::Unknown | State::Absent) => false,
        };
        if found_is_newer {
            Newer::Found
        } else {
            Newer::Memory
        }
    }

    /// Whether what is found is what this has taken the place of: a client that did not know has written it again, into a storage
    /// that was cleared. What is not written yet takes no other user's place.
    pub(crate) fn follows(&self, found: &State<V>, is_written: bool) -> bool {
        match (self, found) {
            (State::Active(held), State::Active(stored)) => {
                // Some servers give the same token at each login.
                let is_replaced = |replaced: Replaced| {
                    replaced.token == stored.token.hash() && stored.issued_at <= replaced.issued_at
                };
                held.replaced.is_some_and(is_replaced) && (is_written || held.same_user(stored))
            }
            // Some servers give the same token at each login.
            (State::Ended(held), State::Active(stored)) => {
                let is_before = |instant: Timestamp| stored.issued_at <= instant;
                held.knew(stored.token.hash())
                    && (is_before(held.signed_in_at()) || is_before(held.at))
            }
            // The user has logged out, whatever the server said afterwards.
            (State::Ended(held), State::Ended(stored)) => {
                held.because == SignedOutBecause::Logout
                    && stored.because == SignedOutBecause::Refused
                    && stored.token_hash.is_some_and(|hash| held.knew(hash))
            }
            _ => false,
        }
    }

    /// Whether it began after `instant`: a session with its login. What lies in the future was written by a clock that was wrong.
    pub(crate) fn began_after(&self, instant: Timestamp, now: Timestamp) -> bool {
        let began = match self {
            State::Active(session) => session.issued_at,
            State::Ended(ended) => ended.at,
            State::Unknown | State::Absent => return false,
        };
        began > instant && began <= now
    }
}

impl<V: Payload> Ended<V> {
    /// When the login began that had brought the session, as far as that is known.
    fn signed_in_at(&self) -> Timestamp {
        self.session
            .as_ref()
            .map_or(self.at, |session| session.issued_at)
    }

    /// Whether a session of the same user was found.
    fn was_of_user_of(&self, found: &State<V>) -> bool {
        let both = self.session.as_ref().zip(found.session());
        both.is_some_and(|(ended, found)| ended.same_user(found))
    }

    /// What a session knows that takes its place.
    pub(crate) fn to_be_replaced(&self) -> Option<Replaced> {
        Some(Replaced {
            token: self.token_hash?,
            issued_at: self.signed_in_at(),
        })
    }

    /// Whether this is the token that has ended, or the one before.
    pub(crate) fn knew(&self, token: TokenHash) -> bool {
        self.token_hash == Some(token) || self.replaced == Some(token)
    }

    /// Whether it is the end of `session`.
    fn is_of(&self, session: &Session<V>) -> bool {
        self.token_hash == Some(session.token.hash())
    }
}

/// What is stored in one call. Each write has a greater revision than the one before, so that a client sees that another
/// client of the same storage key has written.
#[derive(Debug, Clone)]
pub(crate) struct Record<V> {
    pub(crate) revision: f64,
    pub(crate) state: State<V>,
}

impl<V: Payload> Record<V> {
    /// The stored value of a state; `None` of one that is not stored.
    pub(crate) fn write(state: &State<V>, revision: f64) -> Option<V> {
        let mut record = V::object();
        record.set_number("v", VERSION);
        record.set_number("revision", revision);
        match state {
            State::Active(session) => write_session(&mut record, session),
            State::Ended(ended) => write_end(&mut record, ended),
            State::Unknown | State::Absent => return None,
        }
        Some(record)
    }

    /// Whether a later version of this program has written it.
    pub(crate) fn is_of_newer_program(value: &V) -> bool {
        value
            .number_at("v")
            .is_some_and(|version| version > VERSION)
    }

    /// Reads a stored value; `None` unless every part of it is as it was written.
    pub(crate) fn read(value: &V) -> Option<Self> {
        match value.number_at("v")? {
            VERSION => Some(Record {
                revision: value.number_at("revision")?,
                state: match value.get("ended") {
                    Some(_) => State::Ended(read_end(value)?),
                    None => State::Active(Rc::new(read_session(value)?)),
                },
            }),
            FIRST_VERSION => {
                let mut session = read_session(value)?;
                let names = ["userId", "id"].into_iter();
                let mut ids = names.filter_map(|name| session.user_info.get(name));
                session.identity = ids.find_map(|id| Identity::of(&id));
                Some(Record {
                    revision: session.issued_at.as_ms(), // another one after each login
                    state: State::Active(Rc::new(session)),
                })
            }
            _ => None,
        }
    }
}

fn write_session<V: Payload>(record: &mut V, session: &Session<V>) {
    record.set_text("token", session.token.secret());
    if let Some(refresh) = &session.refresh {
        record.set_text("refresh", refresh.secret());
    }
    write_user(record, session.identity.as_ref(), &session.user_info);
    record.set_text("via", session.via.name());
    record.set_number("issuedAt", session.issued_at.as_ms());
    if let Some(replaced) = session.replaced {
        record.set_number("replaced", replaced.token.as_number());
        record.set_number("replacedAt", replaced.issued_at.as_ms());
    }
    if let Some(hash) = session.continues {
        record.set_number("continues", hash.as_number());
    }
    if let Some(expires_at) = session.expires_at {
        record.set_number("expiresAt", expires_at.as_ms());
    }
}

fn write_user<V: Payload>(record: &mut V, identity: Option<&Identity>, user_info: &V) {
    record.set("userInfo", user_info.clone());
    if let Some(identity) = identity {
        record.set_text("identity", identity.as_str());
    }
}

/// The identity in a record; `None` if it is not as it was written.
fn read_identity<V: Payload>(value: &V) -> Option<Option<Identity>> {
    match value.get("identity") {
        Some(identity) => Some(Some(Identity::from_text(identity.as_text()?)?)),
        None => Some(None),
    }
}

fn read_session<V: Payload>(value: &V) -> Option<Session<V>> {
    let optional_number = |key| match value.get(key) {
        Some(number) => number.as_number().map(Some),
        None => Some(None),
    };
    Some(Session {
        token: Token::new(value.text_at("token")?)?,
        refresh: match value.get("refresh") {
            Some(refresh) => Some(Token::new(refresh.as_text()?)?),
            None => None,
        },
        user_info: value.object_at("userInfo")?,
        identity: read_identity(value)?,
        via: Via::from_name(&value.text_at("via")?)?,
        issued_at: Timestamp::from_ms(value.number_at("issuedAt")?),
        expires_at: optional_number("expiresAt")?.map(Timestamp::from_ms),
        replaced: read_replaced(value),
        continues: value.number_at("continues").map(TokenHash::from_number),
        persisted: true.into(),
    })
}

fn read_replaced<V: Payload>(value: &V) -> Option<Replaced> {
    Some(Replaced {
        token: TokenHash::from_number(value.number_at("replaced")?),
        issued_at: Timestamp::from_ms(value.number_at("replacedAt")?),
    })
}

fn write_end<V: Payload>(record: &mut V, ended: &Ended<V>) {
    record.set_text("ended", ended.because.name());
    record.set_number("at", ended.at.as_ms());
    record.set_number("renewable", f64::from(u8::from(ended.renewable)));
    if let Some(hash) = ended.token_hash {
        record.set_number("tokenHash", hash.as_number());
    }
    if let Some(hash) = ended.replaced {
        record.set_number("replaced", hash.as_number());
    }
    if let Some(user) = &ended.user {
        write_user(record, user.identity.as_ref(), &user.user_info);
    }
}

fn read_end<V: Payload>(value: &V) -> Option<Ended<V>> {
    let at = Timestamp::from_ms(value.number_at("at")?);
    Some(Ended {
        at,
        session: None,
        because: SignedOutBecause::from_name(&value.text_at("ended")?)?,
        renewable: value.number_at("renewable")? != 0.0,
        token_hash: value.number_at("tokenHash").map(TokenHash::from_number),
        replaced: value.number_at("replaced").map(TokenHash::from_number),
        user: match value.object_at("userInfo") {
            Some(user_info) => Some(User {
                identity: read_identity(value)?,
                user_info,
            }),
            None => None,
        },
    })
}
