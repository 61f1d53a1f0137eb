//! The laws, each checked where it could be broken.

use std::fmt::{self, Write};

use weapp_login::{Api, Change, LoginError, Payload, Primitives, Session, Step};

use crate::calls::{Kind, Outcome};
use crate::disk::{End, Stored, stored_in, token_of};
use crate::law::Law;
use crate::ledger::{COPIES, Call, CoolDown, Copy, Healed, Instant, LastWrite, Need};
use crate::network::{Answer, Op};
use crate::server::CODE_LIFE_MS;
use crate::value::Value;
use crate::world::State;

/// A host's call and the time that the client gives it on top.
const STEP_MS: u64 = 16_000;
/// `wx.login` and the request, twice, and a wait of at most a second before each `wx.login`.
const LOGIN_MS: u64 = 2 * (2 * STEP_MS + 1_000);
/// How long what a client has read of the storage holds.
const READ_HOLDS_MS: u64 = 1_000;
/// So much younger than a minute is a token that both clocks call young.
const YOUNG_MS: u64 = 40_000;

impl State {
    fn copy(&mut self, copy: usize) -> &mut Copy {
        &mut self.ledger.copies[copy]
    }

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
                op.given_up |= op.copy == copy && op.is_login();
            }
        }
        id
    }

    /// From now on, only an act of the user signs anybody in.
    fn needs_the_user(&mut self, copy: usize, since: u64, logout: bool) {
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

    fn check_time(&mut self, id: usize) {
        let call = &self.ledger.calls[id];
        let (kind, took) = (call.kind, self.now - call.at);
        let rivals = self
            .ledger
            .life()
            .iter()
            .filter(|other| {
                other.kind.may_sign_in() && other.copy == call.copy && other.begun != call.begun
            })
            .count() as u64;
        let limit = match kind {
            Kind::Check => 2 * STEP_MS,
            Kind::Foreign => STEP_MS,
            Kind::BindPhone => 4 * STEP_MS, // itself, and a question behind two others
            Kind::Logout => 6_000,
            Kind::Cached => LOGIN_MS,
            Kind::Silent => 3 * LOGIN_MS,
            Kind::Request | Kind::Upload | Kind::Report | Kind::Profile => {
                5 * LOGIN_MS + 4 * STEP_MS
            }
            Kind::Heal => 3 * LOGIN_MS + 4 * STEP_MS,
            _ => LOGIN_MS * (1 + rivals),
        };
        if took > limit {
            self.ledger
                .broken(Law::EveryCallSettles, || format!("{kind:?} took {took} ms"));
        }
    }

    /// Nobody denies a session whose end is unknown, unless somebody has said so.
    fn check_denial(&mut self, id: usize, outcome: &Outcome) {
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

    fn check_healed(&mut self, id: usize, outcome: &Outcome) {
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
    fn is_ending(&self, token: usize) -> bool {
        let issued = &self.server.tokens[token];
        let life = self.server.dialect.life_s * 1_000;
        issued.known_end
            && (self.server.dialect.sticky.is_some()
                || self.now + u64::min(60_000, life / 2) + STEP_MS >= issued.at + life)
    }

    fn check_success(&mut self, id: usize) {
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

    fn check_failure(&mut self, id: usize, error: &LoginError) {
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

    /// What anybody gets to see.
    fn check_shown(&mut self, shown: fmt::Arguments<'_>) {
        self.shown.clear();
        let _ = self.shown.write_fmt(shown); // a `String` takes everything
        if self.shown.contains("secret-") {
            self.ledger
                .broken(Law::SecretsDoNotShow, || self.shown.clone());
        }
    }

    /// A call of the host.
    pub fn check_op(&mut self, op: &Op) {
        let copy = op.copy;
        if op.is_login() {
            self.check_login(op);
        }
        if op.api == Api::Login {
            self.check_wx_login(copy);
        } else if op.is_login() {
            let client = self.copy(copy);
            client.exchange_with_code = op.with_code();
            client.exchange_with_account = !op.data["account"].is_null();
        }
        if op.path == "auth/login_by_weixin" {
            self.check_code(&op.data);
        }
        if let (true, Some(name)) = (op.is_login(), op.profile()) {
            let calls = &mut self.ledger.calls[self.ledger.first..];
            for call in calls.iter_mut().filter(|call| call.copy == copy) {
                call.profile_sent |= call.kind == Kind::Weixin(static_name(name));
            }
        }
        if op.path == "auth/info" {
            self.check_question(op);
        }
        if let Some(call) = op.call {
            self.check_send(call, op.token);
            self.check_copies(op);
        }
    }

    fn check_login(&mut self, op: &Op) {
        let copy = op.copy;
        self.copy(copy).reads_allowed += 3;
        if self
            .ops
            .iter()
            .rev()
            .take(64)
            .any(|other| other.copy == copy && other.is_login() && !other.given_up && other.live())
        {
            self.ledger.broken(Law::OneLoginAtATime, || {
                "a second login is under way".into()
            });
        }
        let logout_at = self.ledger.copies[copy].logout_at;
        let asked =
            |call: &Call| call.copy == copy && call.begun > logout_at && call.kind.may_sign_in();
        if logout_at > 0 && !self.ledger.life().iter().any(asked) {
            self.ledger.broken(Law::LogoutWins, || {
                "a login after logout that nobody asked for since".into()
            });
        }
        if self.server.dialect.single_page {
            self.ledger.broken(Law::SinglePageSignsNobodyIn, || {
                "a login in the single-page mode".into()
            });
        }
        self.check_silent_login(copy);
    }

    /// A login that no act of the user is behind.
    fn check_silent_login(&mut self, copy: usize) {
        let acts_since = |since: u64| {
            self.ledger
                .under_way(|call| call.copy == copy && call.kind.is_act() && call.begun > since)
        };
        let client = &self.ledger.copies[copy];
        if let Some(need) = self.ledger.need {
            let since = if need.logout && need.known[copy] {
                need.since
            } else {
                0
            };
            let unasked = need.stored.is_some_and(|stored| {
                client.read_at < stored.place && self.now > stored.at + LOGIN_MS
            });
            if (need.known[copy] || unasked) && !acts_since(since) {
                self.ledger.broken(Law::OnlyAnActSignsIn, || {
                    "a login that the user has not asked for, and has to".into()
                });
                return;
            }
        }
        if acts_since(0) {
            return;
        }
        if !client.known && client.last.is_none() {
            self.ledger.broken(Law::UnreadIsNotNobody, || {
                "a silent login, and the storage was never read".into()
            });
            return;
        }
        if let Some(token) = client
            .memory
            .filter(|token| client.own_refusal == Some(*token))
            && !client.weixin_said_no
            && self.ledger.jumps == 0
            && self.server.dialect.sticky.is_none()
            && self.server.works(token, self.now)
            && self.server.tokens[token].copy == copy
            && self.now < self.server.tokens[token].at + YOUNG_MS
            && (!self.server.tokens[token].known_end || self.server.dialect.life_s == 7_200)
        {
            self.ledger.broken(Law::OneAddressStartsNoLogin, || {
                "a login although only one address refuses the token".into()
            });
        }
    }

    fn check_wx_login(&mut self, copy: usize) {
        let now = self.now;
        let client = &mut self.ledger.copies[copy];
        let calls = &mut client.wx_logins;
        calls.push(now);
        let too_fast = calls.len() > 4 && now - calls[calls.len() - 5] < 1_000;
        let until = client.cool_down.until;
        let silent = !self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_tap());
        if too_fast {
            self.ledger
                .broken(Law::LoginRate, || "five wx.login in a second".into());
        }
        if (now as f64) < until && silent {
            self.ledger.broken(Law::CoolDown, || {
                format!("a silent login although there is a pause until {until}")
            });
        }
    }

    fn check_code(&mut self, body: &Value) {
        let now = self.now;
        let Some(code) = self.server.code(body["code"].as_str().unwrap_or_default()) else {
            return;
        };
        let again = std::mem::replace(&mut code.sent, true);
        let old = now >= code.issued + CODE_LIFE_MS;
        if again || old {
            self.ledger.broken(Law::ACodeIsSentOnce, || {
                if again {
                    "a code is sent twice"
                } else {
                    "a code is too old"
                }
                .into()
            });
        }
    }

    /// The server is asked about a token; a request that was refused is a reason of its own.
    fn check_question(&mut self, op: &Op) {
        let copy = op.copy;
        let Some(token) = op.token.filter(|_| !self.always_checks) else {
            return;
        };
        if self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_request())
        {
            return;
        }
        let client = &self.ledger.copies[copy];
        let question = Some((token, client.period, client.memory_since));
        // Where each login brings the same token, a new session may have it.
        let sticky = self.server.dialect.sticky.is_some();
        let client = self.copy(copy);
        if client.asked == question && !sticky {
            self.ledger.broken(Law::OneQuestionAPeriod, || {
                "the server is asked about a token again".into()
            });
        }
        self.copy(copy).asked = question;
    }

    fn check_send(&mut self, call: usize, token: Option<usize>) {
        let call = &mut self.ledger.calls[call];
        let (begun, at) = (call.begun, call.at);
        let logout_at = self.ledger.copies[call.copy].logout_at;
        call.sends.push(token);
        let how = match call.sends[..] {
            [_] => None,
            [first, Some(second)] if first != Some(second) => {
                let user = |token: usize| self.server.tokens[token].user;
                first
                    .filter(|first| user(*first) != user(second))
                    .map(|_| "for another user")
            }
            [_, _] => Some("with the same token"),
            _ => Some("a third time"),
        };
        if let Some(how) = how {
            self.ledger
                .broken(Law::ReplayOnce, || format!("a request is sent again {how}"));
        }
        // A listener may log out while a call is beginning; without a token, that call is nobody's.
        if begun < logout_at && (token.is_some() || at < self.now) {
            self.ledger.broken(Law::LogoutWins, || {
                "a request from before the logout is sent".into()
            });
        }
    }

    /// What another client has written more than a second ago holds for what is sent.
    fn check_copies(&mut self, op: &Op) {
        let client = &self.ledger.copies[op.copy];
        let Some(LastWrite { copy, at, token }) = self.ledger.last_write else {
            return;
        };
        if copy == op.copy
            || self.now <= at + READ_HOLDS_MS
            || client.read_failed
            || client.write_failed
            || self.ledger.jumps > 0
        {
            return;
        }
        if op.token.is_some_and(|sent| !self.written(sent)) {
            return; // it holds for this run, beside another user's record
        }
        let other = match (op.token, token) {
            (Some(_), None) => true,
            (Some(sent), Some(stored)) => self.server.known_to_differ(sent, stored),
            (None, _) => false,
        };
        if other {
            self.ledger.broken(Law::CopiesAgree, || {
                "a request with the token of a session that another client has ended".into()
            });
        }
    }

    /// A client has tried to read the storage.
    pub fn storage_read(&mut self, copy: usize, well: bool) {
        let place = self.next_place();
        let (clock, now, jumps) = (self.device_clock(), self.now, self.ledger.jumps);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        let stored = self.stored_token();
        let client = &mut self.ledger.copies[copy];
        client.read_at = place;
        client.read_clock = clock;
        client.read_failed = !well;
        if !well {
            client.reads_allowed += 1; // the next call reads again
            return;
        }
        if acts {
            client.accepted = stored.or(client.accepted);
        }
        client.known = true;
        client.read_ms = now;
        client.seen = self.disk.version;
        client.reads += 1;
        let allowed = 3 + client.reads_allowed + 2 * ((now - self.ledger.life_began) / 1_000);
        let too_many = client.reads > allowed && jumps == 0;
        if let Some(token) = self.stored_token() {
            self.ledger.mark(token).written = true;
        }
        if let Some(need) = &mut self.ledger.need
            && need.stored.is_some()
        {
            need.known[copy] = true;
        }
        if too_many {
            self.ledger
                .broken(Law::ReadsAreRare, || format!("more than {allowed} reads"));
        }
    }

    fn stored_token(&self) -> Option<usize> {
        self.server.token(self.disk.token()?)
    }

    /// A client is about to change the record.
    pub fn check_write(&mut self, copy: usize, to: Option<&Value>) {
        if let Some(record) = to
            && stored_in(record) == Stored::Junk
        {
            self.ledger.broken(Law::StorageIsWhole, || {
                format!("half a record is written: {record}")
            });
        }
        let client = &self.ledger.copies[copy];
        let held = self.disk.is_whole();
        if held && client.seen != self.disk.version && !self.ledger.logging_out {
            self.ledger.broken(Law::UnreadIsKept, || {
                "a record is overwritten that was not read".into()
            });
        }
        let token = to.and_then(token_of);
        let token = token.and_then(|token| self.server.token(&token));
        if let (Some(token), Some(stored)) = (token, self.stored_token()) {
            self.check_replacement(copy, stored, token);
        }
    }

    /// The token `new` takes the place of `old` in the storage.
    fn check_replacement(&mut self, copy: usize, old: usize, new: usize) {
        if self.disk.failed_at == Some(self.now) {
            return; // what a failed write may have torn is restored
        }
        let tokens = &self.server.tokens;
        let differ = self.server.known_to_differ(old, new);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        let client = &self.ledger.copies[copy];
        let logged_out = tokens[old].issued < client.logout_at;
        let untold = self.ledger.jumps > 0 && self.server.dialect.sticky.is_some();
        if differ
            && !untold
            && client.memory == Some(new)
            && !acts
            && !logged_out
            && !client.had.contains(&old)
            && client.accepted != Some(old)
        {
            self.ledger.broken(Law::UnreadIsKept, || {
                "a session that was not written in time takes another user's place".into()
            });
        } else if differ
            && client
                .memory
                .is_none_or(|memory| !self.server.known_to_agree(memory, new))
            && !tokens[old].via_weixin
            && tokens[new].via_weixin
            && !acts
        {
            self.ledger.broken(Law::OnlyAnActSignsIn, || {
                "the WeChat user takes the place of an account".into()
            });
        } else if acts && self.is_older(new, old) {
            self.ledger.mark(new).late = true; // of two logins that the user asked for, the last to end counts
        } else if self.is_older(new, old) && !client.write_failed {
            self.ledger.broken(Law::SessionsEndForAReason, || {
                "an older token is stored over a newer one".into()
            });
        }
    }

    /// Whether the server had given out `one` before the login of `other` began, as a client can know.
    fn is_older(&self, one: usize, other: usize) -> bool {
        let tokens = &self.server.tokens;
        self.ledger.jumps == 0
            && !self.ledger.cleared
            && self.server.dialect.sticky.is_none()
            && tokens[one].issued < tokens[other].begun
            && !self.ledger.marks.get(one).is_some_and(|mark| mark.late)
    }

    /// A client has tried to change the record.
    pub fn storage_written(&mut self, copy: usize, wanted: Option<usize>, end: End) {
        let place = self.next_place();
        let now = self.now;
        self.ledger.last_writer = copy;
        let client = &mut self.ledger.copies[copy];
        client.reads_allowed += 3;
        client.seen = self.disk.version;
        client.write_failed = end != End::Done;
        client.write_tried_at = place;
        client.write_tried_ms = now;
        if end != End::Done {
            client.unwritten.push(wanted);
        }
        if end == End::Done {
            let token = self.stored_token();
            if let Some(token) = token {
                self.ledger.mark(token).written = true;
            }
            self.ledger.last_write = Some(LastWrite {
                copy,
                at: now,
                token,
            });
        } else {
            self.ledger.last_write = None;
        }
        let stored = *self.disk.stored() == Stored::Ended { renewable: false };
        if let Some(need) = &mut self.ledger.need {
            need.stored = stored.then(|| need.stored.unwrap_or(Instant { place, at: now }));
        }
    }

    /// The page clears the storage.
    pub fn clear_storage(&mut self) {
        self.log(|| "the storage is cleared".into());
        self.disk.clear();
        self.ledger.cleared = true;
        self.ledger.last_write = None;
        if let Some(need) = &mut self.ledger.need {
            need.stored = None;
        }
    }

    pub fn comes_to_foreground(&mut self, copy: usize) {
        let client = self.copy(copy);
        client.period += 1;
        client.reads_allowed += 2;
    }

    /// An answer comes back, perhaps to nobody.
    pub fn check_answer(&mut self, id: usize, answer: &Answer) {
        let op = &self.ops[id];
        if !op.live() {
            return;
        }
        let (copy, api, path, token, call, with_code) = (
            op.copy,
            op.api,
            op.path.clone(),
            op.token,
            op.call,
            op.with_code(),
        );
        self.log(|| {
            format!(
                "op {id} is answered: {}",
                answer.as_ref().map_or_else(
                    |failure| failure.err_msg.clone(),
                    |answer| answer.to_string()
                )
            )
        });
        match (api, answer) {
            (Api::CheckSession, Err(failure)) if failure.err_msg.contains("need relogin") => {
                self.copy(copy).weixin_said_no = true;
                self.ledger.excuses += 1;
            }
            (Api::Request | Api::UploadFile, Ok(answer)) => {
                let verdict = Verdict::of(answer);
                if verdict == Verdict::SignedOut {
                    self.copy(copy).reads_allowed += 3;
                }
                if verdict == Verdict::SignedOut
                    && let Some(token) = token
                {
                    self.token_refused(copy, token, &path, call);
                }
                if let ("auth/info", Some(token)) = (&*path, token)
                    && says_nothing(answer)
                {
                    self.ledger.mark(token).may_go = true;
                }
                if path == "auth/login_by_weixin" && with_code && verdict == Verdict::Final {
                    self.login_refused(copy);
                }
            }
            _ => {}
        }
    }

    /// The server refuses the user's login for good.
    fn login_refused(&mut self, copy: usize) {
        let client = self.copy(copy);
        client.login_refused = true;
        if let Some(token) = client.memory {
            self.ledger.mark(token).may_go = true;
        }
        for mark in self.ledger.marks.iter_mut().filter(|mark| mark.refused) {
            mark.may_go = true;
        }
    }

    fn token_refused(&mut self, copy: usize, token: usize, path: &str, call: Option<usize>) {
        let works = self.server.works(token, self.now);
        if path == "report" && works {
            self.copy(copy).own_refusal = Some(token);
            if self.server.dialect.no_info {
                self.ledger.mark(token).may_go = true; // nobody can tell
            }
            return;
        }
        self.ledger.excuses += 1;
        let replayed = call.is_some_and(|call| self.ledger.calls[call].sends.len() > 1);
        let client = self.copy(copy);
        client.own_refusal = None;
        let for_good = replayed || client.login_refused || !self.server.tokens[token].via_weixin;
        let mark = self.ledger.mark(token);
        mark.refused = true;
        mark.may_go |= for_good || matches!(path, "auth/info" | "auth/bind_phone");
    }

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

    fn check_begun_after_logout(&mut self, copy: usize, token: Option<usize>) {
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

    pub fn check_step(&mut self, copy: usize, step: &Step) {
        let Step { name, code, .. } = step;
        self.check_shown(format_args!("{name} {}", code.unwrap_or_default()));
        let client = self.copy(copy);
        match (step.name, step.code) {
            ("exchange", None) => {
                client.cool_down = Default::default();
            }
            ("exchange", Some(_)) if !client.exchange_with_code => {}
            // The server has not refused it.
            ("exchange", Some("user_changed" | "logged_out" | "signed_out")) => {
                client.cool_down.again = false
            }
            ("exchange", Some("timeout" | "network" | "code_expired"))
                if !client.cool_down.again =>
            {
                client.cool_down.again = true;
            }
            // What the server thinks of an account says nothing about the WeChat user.
            ("exchange", Some(code)) if client.exchange_with_account && of_the_account(code) => {
                client.cool_down.again = false;
            }
            ("exchange" | "login", Some(code)) => self.login_failed(copy, code),
            _ => {}
        }
    }

    /// The shortest pause that the client may make after a failed login.
    fn login_failed(&mut self, copy: usize, code: &str) {
        let now = self.now as f64;
        let cool_down = &mut self.copy(copy).cool_down;
        let growing = f64::min(2_000.0 * 2_f64.powi(cool_down.failures), 300_000.0) * 0.75;
        let pause = match code {
            "login_blocked" => f64::INFINITY,
            "too_frequent" => growing.max(60_000.0),
            _ => growing,
        };
        cool_down.failures += 1;
        cool_down.until = f64::max(cool_down.until, now + pause);
        cool_down.again = false;
    }

    /// The device's clock is set ahead, or back. The client knows no other clock: a pause may end at once, and a second may
    /// seem to be over.
    pub fn jump(&mut self, ms: f64) {
        self.skew += ms;
        self.ledger.jumps += 1;
        self.ledger.excuses += 1;
        for client in &mut self.ledger.copies {
            client.cool_down.until = 0.0;
            if ms > 0.0 {
                client.wx_logins.clear();
            }
        }
        self.log(|| format!("the clock jumps by {ms} ms"));
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

    fn check_transition(&mut self, copy: usize, before: Option<usize>, after: Option<usize>) {
        self.check_begun_after_logout(copy, after);
        let acts = self
            .ledger
            .under_way(|call| call.copy == copy && call.kind.is_act());
        if let Some(after) = after {
            self.check_sign_in(copy, after);
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
        let client = &mut self.ledger.copies[copy];
        if let Some(after) = after
            && (self.server.tokens[after].copy != copy
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
            Some(after) if self.is_older(after, before) && !acts => {
                self.ledger.broken(Law::SessionsEndForAReason, || {
                    "an older session has taken the place of a newer one".into()
                });
            }
            Some(_) => {}
            None => self.check_end(copy, before),
        }
    }

    /// Somebody is signed in who was not.
    fn check_sign_in(&mut self, copy: usize, token: usize) {
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

    fn check_end(&mut self, copy: usize, before: usize) {
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
            self.needs_the_user(copy, self.order, false);
        }
    }

    /// A silent login takes no field from the same user.
    fn check_fields(
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

    /// What the storage holds, beside the memory of the only client.
    pub fn check_disk(&mut self, clients: usize) {
        if self.dark {
            return;
        }
        if self.disk.torn {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a torn record is not restored".into()
            });
        }
        let client = &self.ledger.copies[0];
        if clients > 1 || !client.known || self.disk.cleared {
            return;
        }
        let memory = client.memory;
        let stored = self.stored_token();
        if stored == memory {
            self.ledger.copies[0].unwritten.clear();
            return;
        }
        let unwritten = client.unwritten.contains(&memory);
        let other_user = memory.zip(stored).is_some_and(|(memory, stored)| {
            let sticky = self.server.dialect.sticky.is_some();
            !self.server.known_to_agree(memory, stored) && (sticky || !self.written(memory))
        });
        // The end of an account's session leaves the record of another user alone.
        let other_user = other_user
            || (memory.is_none()
                && stored
                    .zip(client.last)
                    .is_some_and(|(stored, last)| !self.server.known_to_agree(last, stored)));
        let late = client.read_at > client.write_tried_at && client.read_ms > client.write_tried_ms;
        let unread = client.read_failed && client.read_at > client.write_tried_at;
        if !other_user && !unread && (!unwritten || late) {
            self.ledger.broken(Law::StorageIsWhole, || {
                format!("the storage holds session {stored:?}, the memory {memory:?}")
            });
        }
    }

    fn written(&self, token: usize) -> bool {
        let mark = self.ledger.marks.get(token);
        mark.is_some_and(|mark| mark.written)
    }
}

fn static_name(name: &str) -> &'static str {
    ["tea", "mint"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("")
}

fn of_the_account(code: &str) -> bool {
    matches!(
        code,
        "wrong_password"
            | "weixin_bound_elsewhere"
            | "account_bound_elsewhere"
            | "login_blocked"
            | "rejected"
    )
}

/// Whether the server, asked about a token, refuses to answer: then nobody can tell.
fn says_nothing(answer: &Value) -> bool {
    let status = answer.integer_at("statusCode").unwrap_or_default();
    let number = match status {
        200 => errno_of(answer).unwrap_or_default(),
        _ => status,
    };
    matches!(number, 400..=499 | 501) && ![408, 425, 429].contains(&number)
}

fn errno_of(answer: &Value) -> Option<i32> {
    let parsed = answer["data"].as_str().and_then(Value::from_json);
    let envelope = parsed.as_ref().unwrap_or(&answer["data"]);
    envelope.integer_at("errno")
}

/// What an answer of the server's says about the user, by the wire contract.
#[derive(PartialEq)]
enum Verdict {
    SignedOut,
    /// A refusal that is documented to end a session.
    Final,
    Nothing,
}

impl Verdict {
    fn of(answer: &Value) -> Self {
        let status = answer.integer_at("statusCode").unwrap_or_default();
        match (status, errno_of(answer)) {
            (401, _) | (200, Some(501)) => Verdict::SignedOut,
            (200, Some(714 | 40226)) => Verdict::Final,
            _ => Verdict::Nothing,
        }
    }
}
