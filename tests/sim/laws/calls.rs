//! What calls end with, and in what time.

use weapp_login::LoginError;

use super::{LOGIN_MS, PLACE_MS, STEP_MS};
use crate::calls::{Kind, Outcome};
use crate::disk::Stored;
use crate::law::Law;
use crate::ledger::{COPIES, Call, Healed, Instant, Need};
use crate::world::State;

impl State {
    pub fn call_begins(&mut self, copy: usize, kind: Kind, signed_in: bool) -> usize {
        let begun = self.next_place();
        let id = self.ledger.calls.len();
        self.log(|| format!("call {id} of client {copy}: {kind:?}"));
        let profile_sent = match kind {
            Kind::Weixin(name) => self.ops.iter().any(|op| {
                op.copy == copy && op.is_login() && op.live() && op.profile() == Some(name)
            }),
            _ => false,
        };
        if kind.is_act() || matches!(kind, Kind::Logout | Kind::Profile | Kind::BindPhone) {
            self.copy(copy).reads_allowed += 3;
        }
        let memory = self.copy(copy).memory.filter(|_| signed_in);
        let shared = self.ledger.life().iter();
        let shared = shared.filter(|call| !call.ended && call.copy == copy);
        let shares_since = shared.map(|call| call.begun).fold(begun, u64::min);
        self.ledger.calls.push(Call {
            kind,
            copy,
            begun,
            at: self.now,
            ended: false,
            memory,
            sends: Vec::new(),
            left_behind: false,
            profile_sent,
            healed: None,
            shares_since,
        });
        if kind == Kind::Logout {
            self.ledger.excuses += 1;
            let client = self.copy(copy);
            client.logout_at = begun;
            client.cool_down.again = false;
            self.needs_the_user(copy, begun, true);
            for op in self.ops.iter_mut() {
                op.given_up |= op.copy == copy && (op.is_login() || op.is_refresh());
            }
        }
        id
    }

    /// From now on, only an act of the user signs anybody in.
    pub(super) fn needs_the_user(&mut self, copy: usize, since: u64, logout: bool) {
        let stored = *self.disk.stored() == Stored::Ended { renewable: false };
        let mut known = [false; COPIES];
        known[copy] = true;
        self.ledger.need = Some(Need {
            since,
            known,
            stored: stored.then_some(Instant {
                place: since,
                at: self.now,
            }),
            logout,
        });
    }

    /// The part of a logout that takes no time is done.
    pub fn logged_out(&mut self, id: usize) {
        let copy = self.ledger.calls[id].copy;
        self.ledger.calls[id].left_behind = self.disk.token().is_some();
        if self.copy(copy).memory.is_some() && !self.dark {
            self.ledger
                .broken(Law::LogoutWins, || "still signed in after logout".into());
        }
    }

    /// The next step of a call begins, as a call of its own would.
    pub fn goes_on(&mut self, id: usize) {
        self.ledger.calls[id].begun = self.next_place();
    }

    /// A call's `ensure_login` has given a session.
    pub fn healed(&mut self, id: usize) {
        let copy = self.ledger.calls[id].copy;
        self.ledger.calls[id].healed = Some(Healed {
            memory: self.ledger.copies[copy].memory,
            excuses: self.ledger.excuses,
        });
    }

    pub fn call_ends(&mut self, id: usize, outcome: &Outcome) {
        self.ledger.calls[id].ended = true;
        self.log(|| match outcome {
            Outcome::SignedIn(answer) | Outcome::Healed(answer) => {
                format!("call {id} ends: {answer}")
            }
            Outcome::Done(Ok(())) => format!("call {id} ends: ok"),
            Outcome::Done(Err(error)) => format!("call {id} ends: {error:?} {error}"),
        });
        if let Outcome::Done(Err(error)) = outcome {
            self.check_shown(format_args!("{error:?} {error}"));
        }
        if self.dark {
            return;
        }
        self.check_time(id);
        self.check_denial(id, outcome);
        self.check_healed(id, outcome);
        if let Outcome::Done(result) = outcome {
            match result {
                Ok(()) => self.check_success(id),
                Err(error) => self.check_failure(id, error),
            }
            let call = &self.ledger.calls[id];
            if call.left_behind
                && !matches!(result, Err(error) if matches!(**error, LoginError::Storage(_)))
            {
                self.ledger.broken(Law::StorageIsWhole, || {
                    "logout left a session behind and did not say so".into()
                });
            }
        }
    }

    pub(super) fn check_time(&mut self, id: usize) {
        let call = &self.ledger.calls[id];
        let (kind, took) = (call.kind, self.now - call.at);
        let others = |counts: fn(Kind) -> bool| {
            let is_rival = |other: &&Call| {
                counts(other.kind) && other.copy == call.copy && other.begun != call.begun
            };
            self.ledger.life().iter().filter(is_rival).count() as u64
        };
        let rivals = others(Kind::may_sign_in);
        // Behind all others, in as many rows as there are places.
        let turn = PLACE_MS * (others(Kind::takes_a_place) / u64::from(self.places));
        let limit = match kind {
            Kind::Check => 4 * STEP_MS, // a question behind two others, and one to WeChat
            Kind::Foreign => STEP_MS + turn,
            // Itself twice, a question behind two others, and a refresh behind a login.
            Kind::BindPhone => 2 * LOGIN_MS + 5 * STEP_MS + 2 * turn,
            Kind::Logout => 6_000,
            Kind::Cached => LOGIN_MS,
            Kind::Silent => 3 * LOGIN_MS,
            Kind::Request | Kind::Upload | Kind::Report | Kind::Profile => {
                5 * LOGIN_MS + 4 * STEP_MS + 2 * turn
            }
            Kind::Heal => 3 * LOGIN_MS + 8 * STEP_MS,
            _ => LOGIN_MS * (1 + rivals),
        };
        if took > limit {
            self.ledger
                .broken(Law::EveryCallSettles, || format!("{kind:?} took {took} ms"));
        }
    }

    /// Nobody denies a session whose end is unknown, unless somebody has said so.
    pub(super) fn check_denial(&mut self, id: usize, outcome: &Outcome) {
        let call = &self.ledger.calls[id];
        let (kind, copy) = (call.kind, call.copy);
        let no = match outcome {
            Outcome::SignedIn(answer) => !answer,
            Outcome::Healed(_) => false,
            Outcome::Done(result) => {
                let signed_out = |error: &LoginError| *error == LoginError::SignedOut;
                kind == Kind::Cached && result.as_ref().is_err_and(|error| signed_out(error))
            }
        };
        let client = &self.ledger.copies[copy];
        let Some(token) = call
            .memory
            .filter(|token| no && client.memory == Some(*token))
        else {
            return;
        };
        if !self.server.tokens[token].known_end
            && !client.weixin_said_no
            && !self.ledger.mark(token).refused
        {
            self.ledger.broken(Law::UnknownExpiryIsAsked, || {
                format!("{kind:?} says no, and nobody was asked")
            });
        }
    }

    pub(super) fn check_healed(&mut self, id: usize, outcome: &Outcome) {
        let call = &self.ledger.calls[id];
        let (Some(healed), Outcome::Healed(false)) = (call.healed, outcome) else {
            return;
        };
        let memory = self.ledger.copies[call.copy].memory;
        let excused = healed.excuses != self.ledger.excuses
            || self.ledger.jumps > 0
            || healed.memory != memory
            || memory.is_some_and(|token| self.is_ending(token));
        if !excused {
            self.ledger.broken(Law::CheckAndEnsureAgree, || {
                "ensureLogin gives a session, and checkLogin denies it".into()
            });
        }
    }

    /// Whether a client may think that a token is about to end.
    pub(super) fn is_ending(&self, token: usize) -> bool {
        let issued = &self.server.tokens[token];
        let life = self.server.dialect.life_s * 1_000;
        issued.known_end
            && (self.server.dialect.sticky.is_some()
                || self.now + u64::min(60_000, life / 2) + STEP_MS >= issued.at + life)
    }

    pub(super) fn check_success(&mut self, id: usize) {
        let call = &self.ledger.calls[id];
        if matches!(call.kind, Kind::Weixin(_)) && !call.profile_sent {
            self.ledger.broken(Law::ProfileReachesTheServer, || {
                "a login ends well, and its profile was not sent".into()
            });
        }
        let call = &self.ledger.calls[id];
        if !call.kind.is_request() {
            return;
        }
        let user = |token: usize| self.server.tokens[token].user;
        let Some(sent) = call.sends.last().copied().flatten().map(user) else {
            return;
        };
        if call.memory.map(user).is_some_and(|meant| meant != sent) {
            self.ledger.broken(Law::NobodyElsesAnswer, || {
                "a call that began for one user gets another's answer".into()
            });
        }
    }

    pub(super) fn check_failure(&mut self, id: usize, error: &LoginError) {
        let call = &self.ledger.calls[id];
        let (kind, since) = (call.kind, call.shares_since);
        match error {
            LoginError::Storage(_) if kind.is_act() => {
                self.ledger.broken(Law::AnActNeedsNoStorage, || {
                    format!("{kind:?} fails because of the storage")
                });
            }
            LoginError::UserChanged if self.ledger.copies[call.copy].switched_at < since => {
                self.ledger.broken(Law::IdentityIsTheLogins, || {
                    format!(
                        "{kind:?} says that the user has changed, and no login has brought another"
                    )
                });
            }
            _ => {}
        }
    }
}
