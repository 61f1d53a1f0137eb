//! Who is signed in, and what is told of it.

use weapp_login::{Change, Primitives, Session};

use crate::disk::Stored;
use crate::law::Law;
use crate::ledger::CoolDown;
use crate::value::Value;
use crate::world::State;

impl State {
    pub fn check_change(&mut self, copy: usize, change: &Change<Value>, signed_in: bool) {
        self.check_shown(format_args!("{change:?}"));
        // A record of a time that the clock has not reached again is taken for newer.
        let settled = self.ledger.jumps == 0 || !self.copy(copy).read_failed;
        if settled && !self.dark && signed_in == matches!(change, Change::SignedOut(_)) {
            self.ledger
                .broken(Law::LogoutWins, || "a change is told that is not so".into());
        }
        let (Change::SignedIn(session) | Change::Renewed(session)) = change else {
            return;
        };
        let after = self.server.token(session.token.secret());
        self.check_begun_after_logout(copy, after);
        if self.server.dialect.sticky.is_some() {
            let cool_down = &mut self.copy(copy).cool_down; // perhaps another client's login has brought the same token
            *cool_down = CoolDown {
                again: cool_down.again,
                again_at: cool_down.again_at,
                ..Default::default()
            };
        }
        if let (Some(before), Some(after)) = (self.copy(copy).memory, after) {
            let renewed = matches!(change, Change::Renewed(_));
            let wrong = if renewed {
                self.server.known_to_differ(before, after)
            } else {
                self.server.known_to_agree(before, after)
            };
            if wrong {
                self.ledger.broken(Law::IdentityIsTheLogins, || {
                    format!("renewed: {renewed}, although the logins say otherwise")
                });
            }
        }
    }

    pub(super) fn check_begun_after_logout(&mut self, copy: usize, token: Option<usize>) {
        let logout_at = self.copy(copy).logout_at;
        let before = |token: usize| {
            let issued = &self.server.tokens[token];
            // Another client may have signed somebody in before it could know of the logout.
            let since = if issued.copy == copy {
                issued.begun
            } else {
                issued.issued
            };
            since < logout_at
        };
        // After the clock was set or the storage cleared, nobody can tell when a record that is found was written.
        let untold = self.ledger.jumps > 0 || self.ledger.cleared;
        let is_old = |token: usize| self.server.tokens[token].issued < logout_at;
        let found = untold && token.is_some_and(is_old);
        if !token.is_some_and(before) || self.server.dialect.sticky.is_some() {
            return;
        }
        if found {
            self.copy(copy).logout_at = 0; // it holds from now on
        } else {
            self.ledger.broken(Law::LogoutWins, || {
                "a login from before the logout has signed somebody in".into()
            });
        }
    }

    /// Who is signed in.
    pub fn check_session(&mut self, copy: usize, session: Option<&Session<Value>>) {
        if self.dark {
            return;
        }
        let before = self.copy(copy).memory;
        let token = session.and_then(|session| self.server.token(session.token.secret()));
        self.copy(copy).memory = token;
        if session.is_some() && token.is_none() {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a session that no server gave".into()
            });
        }
        if token != before {
            let place = self.next_place();
            self.check_transition(copy, before, token);
            self.check_fields(copy, before, session);
            self.copy(copy).memory_since = place;
        }
        if let (Some(session), Some(token)) = (session, token)
            && let Some(owner) = session.user_info["owner"].as_number()
            && owner != f64::from(self.server.tokens[token].user)
        {
            self.ledger.broken(Law::UsersAreNotMixed, || {
                "a user's profile stands beside another user's token".into()
            });
        }
        self.copy(copy).user = session.map(|session| session.user_info.clone());
    }

    pub(super) fn check_transition(
        &mut self,
        copy: usize,
        before: Option<usize>,
        after: Option<usize>,
    ) {
        self.check_begun_after_logout(copy, after);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        if let Some(after) = after {
            self.check_sign_in(copy, after);
            self.check_roll(copy, before, after);
        }
        let (place, now) = (self.order, self.now);
        // A call that begins in the same moment may know of it, or not.
        for call in self
            .ledger
            .calls
            .iter_mut()
            .rev()
            .take_while(|call| call.at == now)
        {
            if call.copy == copy && call.sends.is_empty() {
                call.memory = None;
            }
        }
        let back = self.ledger.cleared && self.goes_back(copy, before, after);
        let client = &mut self.ledger.copies[copy];
        if let Some(after) = after
            && (before.is_none()
                || self.server.tokens[after].copy != copy
                || client
                    .last
                    .is_none_or(|last| !self.server.known_to_agree(last, after)))
        {
            client.switched_at = place;
        }
        client.last = after.or(client.last);
        if after.is_some_and(|token| self.server.tokens[token].via_weixin) {
            client.cool_down = Default::default(); // a login has worked, perhaps another client's
        }
        client.had.extend(after);
        let Some(before) = before else { return };
        match after {
            Some(after) if (back || self.is_older(after, before)) && !acts => {
                self.ledger.broken(Law::SessionsEndForAReason, || {
                    "an older session has taken the place of a newer one".into()
                });
            }
            Some(_) => {}
            None => self.check_end(copy, before),
        }
    }

    /// Whether the session is back whose place `before` has taken: a client knows that one whatever the page has cleared.
    fn goes_back(&self, copy: usize, before: Option<usize>, after: Option<usize>) -> bool {
        let tokens = &self.server.tokens;
        let replaced = self.ledger.copies[copy].had.iter().rev().nth(1).copied();
        let is_back = after.is_some() && after == replaced;
        is_back
            && self.ledger.jumps == 0
            && self.server.dialect.sticky.is_none()
            && before.is_some_and(|before| tokens[before].copy == copy)
    }

    /// Somebody is signed in who was not.
    pub(super) fn check_sign_in(&mut self, copy: usize, token: usize) {
        let Some(need) = self.ledger.need else { return };
        let asked = !need.logout
            && self
                .ledger
                .under_way(|call| call.copy == copy && call.kind.is_act());
        let untold = self.ledger.jumps > 0 || self.ledger.cleared;
        if !asked && !untold && need.known[copy] && self.server.tokens[token].issued < need.since {
            self.ledger.broken(Law::OnlyAnActSignsIn, || {
                "a session is back, and the user has not signed in".into()
            });
        }
        self.ledger.need = None;
    }

    pub(super) fn check_end(&mut self, copy: usize, before: usize) {
        let since = self.ledger.copies[copy].memory_since;
        let logged_out = self
            .ledger
            .copies
            .iter()
            .any(|client| client.logout_at > since);
        let late = self.ledger.jumps > 0 && !self.written(before);
        let read_so = late
            || copy != self.ledger.last_writer
                && matches!(self.disk.stored(), Stored::Ended { .. });
        let client = &self.ledger.copies[copy];
        let refused = client.login_refused && self.server.dialect.sticky.is_some();
        if !logged_out && !read_so && !refused && !self.ledger.mark(before).may_go {
            self.ledger.broken(Law::SessionsEndForAReason, || {
                "a session is gone without a reason".into()
            });
        }
        let renewable = *self.disk.stored() == Stored::Ended { renewable: true };
        if !self.server.tokens[before].via_weixin && !logged_out && !renewable {
            // Another client may have signed somebody in since, of which this one hears only later.
            let since = self.server.tokens[before].issued;
            self.needs_the_user(copy, since, false);
        }
    }

    /// A silent login takes no field from the same user.
    pub(super) fn check_fields(
        &mut self,
        copy: usize,
        before: Option<usize>,
        session: Option<&Session<Value>>,
    ) {
        let client = &self.ledger.copies[copy];
        let (Some(before), Some(token), Some(user), Some(session)) =
            (before, client.memory, &client.user, session)
        else {
            return;
        };
        let issued = &self.server.tokens[token];
        let brought = issued.copy == copy && issued.issued > client.memory_since;
        let Some(answer) = issued.silent.as_ref().filter(|_| brought) else {
            return;
        };
        if !self.server.known_to_agree(before, token) || self.server.dialect.sticky.is_some() {
            return;
        }
        let lost = user.fields().iter().find(|(name, value)| {
            let expected = if answer[name].is_null() {
                value
            } else {
                &answer[name]
            };
            session.user_info[name] != *expected
        });
        if let Some((name, _)) = lost {
            let name = name.clone();
            self.ledger.broken(Law::RenewalKeepsFields, || {
                format!("a silent login has changed the user's {name}")
            });
        }
    }
}
