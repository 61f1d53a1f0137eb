//! The laws, each checked where it could be broken.

use std::fmt::{self, Write};

use weapp_login::{Api, Change, LoginError, Payload, Primitives, Session, Step};

use crate::calls::{Kind, Outcome};
use crate::disk::token_of;
use crate::law::Law;
use crate::ledger::Call;
use crate::network::{Answer, Op};
use crate::server::CODE_LIFE_MS;
use crate::value::Value;
use crate::world::State;

/// A host's call and the time that the client gives it on top.
const STEP_MS: u64 = 16_000;
/// `wx.login` and the request, twice, and a wait of at most a second before each `wx.login`.
const LOGIN_MS: u64 = 2 * (2 * STEP_MS + 1_000);

impl State {
    pub fn call_begins(&mut self, kind: Kind, signed_in: bool) -> usize {
        let begun = self.next_place();
        let memory = self.ledger.memory.filter(|_| signed_in);
        let id = self.ledger.calls.len();
        self.log(|| format!("call {id}: {kind:?}"));
        self.ledger.calls.push(Call {
            kind,
            begun,
            at: self.now,
            ended: false,
            memory,
            sends: Vec::new(),
            left_behind: false,
        });
        match kind {
            Kind::Logout => {
                self.ledger.logout_at = begun;
                self.ledger.cool_down.again = false;
                for op in self.ops.iter_mut().filter(|op| op.is_login()) {
                    op.given_up = true;
                }
            }
            _ => {}
        }
        id
    }

    /// The part of a logout that takes no time is done.
    pub fn logged_out(&mut self, id: usize) {
        self.ledger.calls[id].left_behind = self.disk.token().is_some();
        if self.ledger.memory.is_some() && !self.dark {
            self.ledger
                .broken(Law::LogoutWins, || "still signed in after logout".into());
        }
    }

    pub fn call_ends(&mut self, id: usize, outcome: &Outcome) {
        let call = &mut self.ledger.calls[id];
        call.ended = true;
        let (kind, at, begun, memory, left_behind) = (
            call.kind,
            call.at,
            call.begun,
            call.memory,
            call.left_behind,
        );
        self.log(|| match outcome {
            Outcome::SignedIn(answer) => format!("call {id} ends: {answer}"),
            Outcome::Done(Ok(())) => format!("call {id} ends: ok"),
            Outcome::Done(Err(error)) => {
                format!("call {id} ends: {error:?} {error}")
            }
        });
        if let Outcome::Done(Err(error)) = outcome {
            self.check_shown(format_args!("{error:?} {error}"));
        }
        if self.dark {
            return;
        }
        let rivals = self
            .ledger
            .life()
            .iter()
            .filter(|other| other.kind.may_sign_in() && other.begun != begun)
            .count() as u64;
        let limit = match kind {
            Kind::Check => 2 * STEP_MS,
            Kind::BindPhone | Kind::Foreign => STEP_MS,
            Kind::Logout => 6_000,
            Kind::Cached => LOGIN_MS,
            Kind::Silent => 3 * LOGIN_MS,
            Kind::Request | Kind::Upload | Kind::Profile => 5 * LOGIN_MS + 2 * STEP_MS,
            Kind::Weixin | Kind::Force | Kind::Account(_) | Kind::Register | Kind::Bind(_) => {
                LOGIN_MS * (1 + rivals)
            }
        };
        if self.now - at > limit {
            self.ledger.broken(Law::EveryCallSettles, || {
                format!("{kind:?} took {} ms", self.now - at)
            });
        }
        let no = match outcome {
            Outcome::SignedIn(answer) => !answer,
            Outcome::Done(result) => {
                kind == Kind::Cached
                    && result
                        .as_ref()
                        .is_err_and(|error| **error == LoginError::SignedOut)
            }
        };
        if let Some(token) = memory.filter(|token| no && self.ledger.memory == Some(*token))
            && !self.server.tokens[token].known_end
            && !self.ledger.mark(token).refused
            && !self.ledger.weixin_said_no
        {
            self.ledger.broken(Law::UnknownExpiryIsAsked, || {
                format!("{kind:?} says no, and nobody was asked")
            });
        }
        if kind == Kind::Logout
            && left_behind
            && !matches!(outcome, Outcome::Done(Err(error)) if matches!(**error, LoginError::Storage(_)))
        {
            self.ledger.broken(Law::StorageIsWhole, || {
                "logout left a session behind and did not say so".into()
            });
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
        let logout_at = self.ledger.logout_at;
        if op.is_login() {
            if self
                .ops
                .iter()
                .rev()
                .take(64)
                .any(|other| other.is_login() && !other.given_up && other.live())
            {
                self.ledger.broken(Law::OneLoginAtATime, || {
                    "a second login is under way".into()
                });
            }
            if logout_at > 0
                && !self
                    .ledger
                    .life()
                    .iter()
                    .any(|call| call.begun > logout_at && call.kind.may_sign_in())
            {
                self.ledger.broken(Law::LogoutWins, || {
                    "a login after logout that nobody asked for since".into()
                });
            }
        }
        if op.api == Api::Login {
            self.check_wx_login();
        } else if op.is_login() {
            self.ledger.exchange_with_code = op.with_code();
            self.ledger.exchange_with_account = !op.data["account"].is_null();
        }
        if op.path == "auth/login_by_weixin" {
            self.check_code(&op.data);
        }
        if let Some(call) = op.call {
            self.check_send(call, op.token);
        }
    }

    fn check_wx_login(&mut self) {
        let now = self.now;
        let calls = &mut self.ledger.wx_logins;
        calls.push(now);
        if calls.len() > 4 && now - calls[calls.len() - 5] < 1_000 {
            self.ledger
                .broken(Law::LoginRate, || "five wx.login in a second".into());
        }
        if (now as f64) < self.ledger.cool_down.until
            && !self.ledger.under_way(|call| call.kind.is_tap())
        {
            let until = self.ledger.cool_down.until;
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

    fn check_send(&mut self, call: usize, token: Option<usize>) {
        let logout_at = self.ledger.logout_at;
        let call = &mut self.ledger.calls[call];
        let begun = call.begun;
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
        if begun < logout_at {
            self.ledger.broken(Law::LogoutWins, || {
                "a request from before the logout is sent".into()
            });
        }
    }

    /// An answer comes back, perhaps to nobody.
    pub fn check_answer(&mut self, id: usize, answer: &Answer) {
        let op = &self.ops[id];
        if !op.live() {
            return;
        }
        let (api, path, token, call, with_code) = (
            op.api,
            op.path.clone(),
            op.token,
            op.call,
            op.with_code() && op.data["account"].is_null(),
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
            (Api::Login, _) | (Api::Request | Api::UploadFile, Err(_)) => {}
            (Api::CheckSession, answer) => self.ledger.weixin_said_no |= answer.is_err(),
            (Api::Request | Api::UploadFile, Ok(answer)) => {
                let verdict = Verdict::of(answer);
                if verdict == Verdict::SignedOut
                    && let Some(token) = token
                {
                    self.token_refused(token, &path, call);
                }
                if path == "auth/login_by_weixin" && with_code && verdict == Verdict::Final {
                    self.ledger.login_refused = true;
                    for mark in self.ledger.marks.iter_mut().filter(|mark| mark.refused) {
                        mark.may_go = true;
                    }
                }
            }
        }
    }

    fn token_refused(&mut self, token: usize, path: &str, call: Option<usize>) {
        let replayed = call.is_some_and(|call| self.ledger.calls[call].sends.len() > 1);
        let for_good =
            replayed || self.ledger.login_refused || !self.server.tokens[token].via_weixin;
        let mark = self.ledger.mark(token);
        mark.refused = true;
        mark.may_go |= for_good || matches!(path, "auth/info" | "auth/bind_phone");
    }

    pub fn check_record(&mut self, record: Option<&Value>) {
        if let Some(record) = record
            && token_of(record).is_none()
            && (!record.is_object() || !record.fields().is_empty())
        {
            self.ledger.broken(Law::StorageIsWhole, || {
                format!("half a record is written: {record}")
            });
        }
    }

    pub fn check_change(&mut self, change: &Change<Value>, signed_in: bool) {
        self.check_shown(format_args!("{change:?}"));
        if !self.dark && signed_in == matches!(change, Change::SignedOut(_)) {
            self.ledger
                .broken(Law::LogoutWins, || "a change is told that is not so".into());
        }
        if let Change::SignedIn(session) | Change::Renewed(session) = change {
            self.check_begun_after_logout(self.server.token(session.token.secret()));
        }
    }

    fn check_begun_after_logout(&mut self, token: Option<usize>) {
        if token.is_some_and(|token| self.server.tokens[token].begun < self.ledger.logout_at) {
            self.ledger.broken(Law::LogoutWins, || {
                "a login from before the logout has signed somebody in".into()
            });
        }
    }

    pub fn check_step(&mut self, step: &Step) {
        let Step { name, code, .. } = step;
        self.check_shown(format_args!("{name} {}", code.unwrap_or_default()));
        match (step.name, step.code) {
            ("exchange", None) => {
                self.ledger.cool_down = Default::default();
            }
            ("exchange", Some(_)) if !self.ledger.exchange_with_code => {}
            ("exchange", Some("timeout" | "network" | "code_expired"))
                if !self.ledger.cool_down.again =>
            {
                self.ledger.cool_down.again = true;
            }
            // What the server thinks of an account says nothing about the WeChat user.
            ("exchange", Some(code))
                if self.ledger.exchange_with_account && of_the_account(code) =>
            {
                self.ledger.cool_down.again = false;
            }
            ("exchange" | "login", Some(code)) => self.login_failed(code),
            _ => {}
        }
    }

    /// The shortest pause that the client may make after a failed login.
    fn login_failed(&mut self, code: &str) {
        let cool_down = &mut self.ledger.cool_down;
        let growing = f64::min(2_000.0 * 2_f64.powi(cool_down.failures), 300_000.0) * 0.75;
        let pause = match code {
            "login_blocked" => f64::INFINITY,
            "too_frequent" => growing.max(60_000.0),
            _ => growing,
        };
        cool_down.failures += 1;
        cool_down.until = f64::max(cool_down.until, self.now as f64 + pause);
        cool_down.again = false;
    }

    /// The device's clock is set ahead, or back. The client knows no other clock: a pause may end at once, and a second may
    /// seem to be over.
    pub fn jump(&mut self, ms: f64) {
        self.skew += ms;
        self.ledger.cool_down.until = 0.0;
        if ms > 0.0 {
            self.ledger.wx_logins.clear();
        }
        self.log(|| format!("the clock jumps by {ms} ms"));
    }

    /// What is signed in, and what the storage holds.
    pub fn check_session(&mut self, session: Option<&Session<Value>>) {
        if self.dark {
            return;
        }
        let before = self.ledger.memory;
        let token = session.and_then(|session| self.server.token(session.token.secret()));
        self.ledger.memory = token;
        if session.is_some() && token.is_none() {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a session that no server gave".into()
            });
        }
        if token != before {
            let place = self.next_place();
            self.check_transition(before, token);
            self.ledger.memory_since = place;
        }
        if let (Some(session), Some(token)) = (session, token)
            && let Some(user) = session.user_info["userId"].as_number()
            && user != f64::from(self.server.tokens[token].user)
        {
            self.ledger.broken(Law::UsersAreNotMixed, || {
                "a user's profile stands beside another user's token".into()
            });
        }
        self.check_disk(token);
    }

    fn check_transition(&mut self, before: Option<usize>, after: Option<usize>) {
        self.check_begun_after_logout(after);
        if let Some(token) = after
            && !self.ledger.mark(token).written
        {
            self.ledger.broken(Law::StorageIsWhole, || {
                "a session that was never stored".into()
            });
        }
        let Some(before) = before else { return };
        let begun = |token: usize| self.server.tokens[token].begun;
        match after {
            Some(after) if begun(after) < begun(before) => {
                self.ledger.broken(Law::SessionsEndForAReason, || {
                    "an older session has taken the place of a newer one".into()
                });
            }
            Some(_) => {}
            None => {
                let logged_out = self.ledger.logout_at > self.ledger.memory_since;
                if !logged_out && !self.ledger.mark(before).may_go {
                    self.ledger.broken(Law::SessionsEndForAReason, || {
                        "a session is gone without a reason".into()
                    });
                }
            }
        }
    }

    fn check_disk(&mut self, memory: Option<usize>) {
        if !self.ledger.known || self.disk.hopeless {
            return;
        }
        let stored = self.disk.token().map(|token| self.server.token(token));
        match (stored, memory) {
            (Some(stored), memory) if stored != memory => {
                self.ledger.broken(Law::StorageIsWhole, || {
                    "the storage holds another session than the memory".into()
                });
            }
            (None, Some(_)) if !self.disk.failed => {
                self.ledger.broken(Law::StorageIsWhole, || {
                    "the session is not in the storage".into()
                });
            }
            _ => {}
        }
    }
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

/// What an answer of the server's says about the user, by the wire contract.
#[derive(PartialEq)]
enum Verdict {
    SignedOut,
    /// A refusal that trying again does not change.
    Final,
    Nothing,
}

impl Verdict {
    fn of(answer: &Value) -> Self {
        let status = answer.integer_at("statusCode").unwrap_or_default();
        let parsed = answer["data"].as_str().and_then(Value::from_json);
        let errno = parsed
            .as_ref()
            .unwrap_or(&answer["data"])
            .integer_at("errno");
        match (status, errno) {
            (401, _) | (200, Some(501)) => Verdict::SignedOut,
            (200, Some(errno)) if !matches!(errno, 0 | -1 | 502 | 505 | 711..=713) => {
                Verdict::Final
            }
            _ => Verdict::Nothing,
        }
    }
}
