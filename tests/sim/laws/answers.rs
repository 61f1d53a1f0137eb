//! What answers and failures mean, and the clock.

use std::borrow::Cow;

use weapp_login::{Api, Payload, Primitives, Step};

use crate::ledger::Call;
use crate::network::Answer;
use crate::value::Value;
use crate::world::State;

/// The pause after the first failed login is at least so long.
const FIRST_PAUSE_MS: u64 = 1_500;

impl State {
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
            (Api::Request, _) if path == "auth/refresh" => self.refresh_answered(id, answer),
            (Api::Request | Api::UploadFile | Api::DownloadFile, Ok(answer)) => {
                let verdict = Verdict::of(answer);
                if verdict == Verdict::SignedOut {
                    self.copy(copy).reads_allowed += 3;
                }
                if self.server.dialect.rolls && !envelope(answer)["renewed"].is_null() {
                    self.copy(copy).reads_allowed += 1; // before it is written
                }
                if verdict == Verdict::SignedOut
                    && let Some(token) = token
                {
                    self.token_refused(copy, token, &path, call);
                }
                if let ("auth/info", Some(token)) = (&*path, token)
                    && verdict != Verdict::SignedOut
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
    pub(super) fn login_refused(&mut self, copy: usize) {
        let stored = self.stored_token(); // it may be read only later
        let stored = stored.filter(|token| self.server.tokens[*token].via_weixin);
        let client = self.copy(copy);
        client.login_refused = true;
        if let Some(token) = client.memory.or(stored) {
            self.ledger.mark(token).may_go = true;
        }
        for mark in self.ledger.marks.iter_mut().filter(|mark| mark.refused) {
            mark.may_go = true;
        }
    }

    pub(super) fn token_refused(
        &mut self,
        copy: usize,
        token: usize,
        path: &str,
        call: Option<usize>,
    ) {
        let works = self.server.works(token, self.now);
        if path == "report" && works {
            self.copy(copy).own_refusal = Some(token);
            if self.server.dialect.no_info {
                self.ledger.mark(token).may_go = true; // nobody can tell
            }
            return;
        }
        self.ledger.excuses += 1;
        let is_replay =
            |call: &Call| call.sends.len() > 1 && call.sends.last() == Some(&Some(token));
        let replayed = call.is_some_and(|call| self.ledger.calls[call].sends.len() > 1)
            || path == "auth/info" && self.ledger.under_way(is_replay);
        let client = self.copy(copy);
        client.own_refusal = None;
        let login_refused = client.login_refused;
        let for_good = login_refused || !self.server.tokens[token].via_weixin;
        let asked = matches!(path, "auth/info" | "auth/bind_phone");
        let ends = replayed || (for_good || asked) && !self.is_refreshable(token);
        let mark = self.ledger.mark(token);
        mark.refused = true;
        mark.may_go |= ends;
    }

    pub fn check_step(&mut self, copy: usize, step: &Step) {
        let Step { name, code, .. } = step;
        self.check_shown(format_args!("{name} {}", code.unwrap_or_default()));
        let now = self.now;
        // A newer session of another client is not replaced by the token that a login has brought.
        let adopts = self.server.dialect.sticky.is_some() && self.ledger.last_writer == copy;
        let client = self.copy(copy);
        match (step.name, step.code) {
            ("exchange", None) => {
                client.cool_down = Default::default();
                let is_same = client.since_before_login == client.memory_since;
                let again = client.memory.filter(|_| is_same && adopts);
                client.brought_again = again.map(|token| (token, now));
            }
            ("refresh", None) => client.cool_down = Default::default(),
            ("refresh", Some("timeout" | "network" | "server_error" | "bad_response")) => {
                client.refresh_pause = Some((client.memory, now + FIRST_PAUSE_MS));
            }
            ("exchange", Some(_)) if !client.exchange_with_code => {}
            // The server has not refused it.
            ("exchange", Some("user_changed" | "logged_out" | "signed_out" | "storage_failed")) => {
                client.cool_down.again = false
            }
            ("exchange", Some("timeout" | "network" | "code_expired"))
                if !client.cool_down.again =>
            {
                client.cool_down.again = true;
                client.cool_down.again_at = now;
            }
            // What the server thinks of an account says nothing about the WeChat user.
            ("exchange", Some(code)) if client.exchange_with_account && of_the_account(code) => {
                client.cool_down.again = false;
            }
            // A tap beside an account's session, of which it says nothing.
            ("exchange" | "login", Some(_)) if self.is_by_account(copy) => {}
            ("exchange" | "login", Some(code)) => self.login_failed(copy, code),
            _ => {}
        }
    }

    fn is_by_account(&self, copy: usize) -> bool {
        let memory = self.ledger.copies[copy].memory;
        memory.is_some_and(|token| !self.server.tokens[token].via_weixin)
    }

    /// The shortest pause that the client may make after a failed login.
    pub(super) fn login_failed(&mut self, copy: usize, code: &str) {
        let now = self.now as f64;
        let cool_down = &mut self.copy(copy).cool_down;
        let growing = f64::min(
            2_f64.powi(cool_down.failures) * FIRST_PAUSE_MS as f64,
            225_000.0,
        );
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
            client.refresh_pause = None;
            if ms > 0.0 {
                client.wx_logins.clear();
            }
        }
        self.log(|| format!("the clock jumps by {ms} ms"));
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
    envelope(answer).integer_at("errno")
}

/// The body of an answer, which an upload gives as a text.
fn envelope(answer: &Value) -> Cow<'_, Value> {
    let parsed = answer["data"].as_str().and_then(Value::from_json);
    parsed.map_or(Cow::Borrowed(&answer["data"]), Cow::Owned)
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
    pub(super) fn of(answer: &Value) -> Self {
        let status = answer.integer_at("statusCode").unwrap_or_default();
        match (status, errno_of(answer)) {
            (401, _) | (200, Some(501)) => Verdict::SignedOut,
            (200, Some(714 | 40226)) => Verdict::Final,
            _ => Verdict::Nothing,
        }
    }
}
