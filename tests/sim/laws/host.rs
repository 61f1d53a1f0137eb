//! What is asked of the host: logins, questions and requests.

use weapp_login::Api;

use super::{LOGIN_MS, READ_HOLDS_MS, YOUNG_MS};
use crate::calls::Kind;
use crate::law::Law;
use crate::ledger::{Call, LastWrite};
use crate::network::Op;
use crate::server::CODE_LIFE_MS;
use crate::value::Value;
use crate::world::State;

impl State {
    /// A call of the host.
    pub fn check_op(&mut self, op: &Op) {
        let copy = op.copy;
        if op.is_login() {
            self.check_login(op);
        }
        if op.is_refresh() {
            self.check_refresh(op);
        }
        if op.api == Api::Login {
            self.check_wx_login(copy);
        } else if op.is_login() {
            let client = self.copy(copy);
            client.since_before_login = client.memory_since;
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

    pub(super) fn check_login(&mut self, op: &Op) {
        let copy = op.copy;
        self.copy(copy).reads_allowed += 3;
        self.check_one_flight(copy);
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
        self.check_silent_login(op);
    }

    pub(super) fn check_one_flight(&mut self, copy: usize) {
        let signs_in = |op: &Op| op.is_login() || op.is_refresh();
        if self
            .ops
            .iter()
            .rev()
            .take(64)
            .any(|other| other.copy == copy && signs_in(other) && !other.given_up && other.live())
        {
            self.ledger.broken(Law::OneLoginAtATime, || {
                "a second login is under way".into()
            });
        }
    }

    /// A login that no act of the user is behind.
    pub(super) fn check_silent_login(&mut self, op: &Op) {
        let copy = op.copy;
        // Else it goes on with a login that began before.
        let begins = op.api == Api::Login || op.is_refresh();
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
            // Another client's session has ended, and not the one that this client has got since.
            let others = !need.logout
                && client
                    .memory
                    .is_some_and(|token| self.server.tokens[token].issued > need.since);
            if (need.known[copy] || unasked) && !others && !acts_since(since) {
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
        if let Some((token, at)) = client.brought_again
            && client.memory == Some(token)
            && !client.weixin_said_no
            && self.ledger.jumps == 0
            && self.server.tokens[token].copy == copy
            && self.now < at + YOUNG_MS
            && !self.server.tokens[token].known_end
        {
            self.ledger.broken(Law::OneLoginForAToken, || {
                "a login although the one before has brought the same token".into()
            });
            return;
        }
        if let Some(token) = client
            .memory
            .filter(|token| begins && client.own_refusal == Some(*token))
            && !client.weixin_said_no
            && !client.cool_down.again // the second code of a login that began before
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

    pub(super) fn check_wx_login(&mut self, copy: usize) {
        let now = self.now;
        let client = &mut self.ledger.copies[copy];
        // A second code follows at once, but for the rate; if none has, it was not allowed, and this is another login.
        client.cool_down.again &= now <= client.cool_down.again_at + 1_000;
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

    pub(super) fn check_code(&mut self, body: &Value) {
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
    pub(super) fn check_question(&mut self, op: &Op) {
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

    pub(super) fn check_send(&mut self, call: usize, token: Option<usize>) {
        let call = &mut self.ledger.calls[call];
        let (begun, at, kind) = (call.begun, call.at, call.kind);
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
        // What goes to another server is nobody's, too.
        let is_nobodys = token.is_none() && (at == self.now || kind == Kind::Foreign);
        if begun < logout_at && !is_nobodys {
            self.ledger.broken(Law::LogoutWins, || {
                "a request from before the logout is sent".into()
            });
        }
    }

    /// What another client has written more than a second ago holds for what is sent.
    pub(super) fn check_copies(&mut self, op: &Op) {
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
}

fn static_name(name: &str) -> &'static str {
    ["tea", "mint"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("")
}
