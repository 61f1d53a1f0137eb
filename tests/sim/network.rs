//! The calls of the host that answer later: what is sent, and how it can end.

use futures::channel::oneshot;
use smol_str::SmolStr;
use weapp_login::{Api, HostFailure, Primitives};

use crate::calls::holds_a_token;
use crate::chance::Chance;
use crate::law::Law;
use crate::server::{Arrival, refusal};
use crate::value::{Value, object};
use crate::world::{BASE, Event, State};

pub type Answer = Result<Value, HostFailure>;

/// One call of the host.
pub struct Op {
    pub api: Api,
    /// The client that makes it.
    pub copy: usize,
    /// Below the base URL, without it; empty for what is no request.
    pub path: SmolStr,
    pub token: Option<usize>,
    raw_token: Value,
    pub data: Value,
    /// The call of the client's that it serves, if it is an app's request.
    pub call: Option<usize>,
    /// When it was sent, as a place in the order of events.
    pub begun: u64,
    pub answer_to: Option<oneshot::Sender<Answer>>,
    answer: Option<Answer>,
    /// A logout has given up the login that it is part of.
    pub given_up: bool,
}

impl Op {
    pub fn is_login(&self) -> bool {
        self.api == Api::Login
            || matches!(
                self.path.as_str(),
                "auth/login_by_weixin" | "auth/login" | "auth/register"
            )
    }

    pub fn is_refresh(&self) -> bool {
        self.path == "auth/refresh"
    }

    /// Whether it brings a profile.
    pub fn profile(&self) -> Option<&str> {
        self.data["userInfo"]["nickName"].as_str()
    }

    pub fn with_code(&self) -> bool {
        self.api == Api::Login || self.path == "auth/login_by_weixin"
    }

    /// Whether the client still waits for it.
    pub fn live(&self) -> bool {
        self.answer_to
            .as_ref()
            .is_some_and(|waiting| !waiting.is_canceled())
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    Well,
    /// It does not arrive, and that is noticed.
    Fails,
    FailsByTimeout,
    /// It does not arrive, and nothing is heard of it.
    Never,
    /// The server does its work, and the answer is lost.
    Lost,
    LostInSilence,
    Status(u16),
    Refused(i32),
    /// An answer of another shape, by its place in [`JUNK`].
    Junk(usize),
}

/// What a server refuses a login with: most of it is over in a moment.
const REFUSALS: [i32; 13] = [
    711, 712, 713, 714, 502, -1, 401, 45011, 40163, 429, 500, 503, 40226,
];

const JUNK: [&str; 10] = [
    "null",
    "\"<html>\"",
    "[]",
    "{}",
    "{\"errno\":\"0\"}",
    "{\"errno\":0}",
    "{\"errno\":0,\"data\":{}}",
    "{\"errno\":0,\"data\":{\"token\":5}}",
    "{\"errno\":0,\"data\":{\"token\":\"\",\"userInfo\":{}}}",
    TOKEN_WITHOUT_USER,
];

/// Junk for a login alone: a refresh needs no user.
const TOKEN_WITHOUT_USER: &str =
    "{\"errno\":0,\"data\":{\"token\":\"secret-junk\",\"userInfo\":\"x\"}}";

impl Fate {
    fn by_chance(api: Api, chance: &mut Chance) -> Self {
        use Fate::*;
        match api {
            Api::Login | Api::CheckSession => {
                chance.one_of(&[Fails, Fails, FailsByTimeout, Never, Junk(0), Junk(4)])
            }
            Api::Request | Api::UploadFile | Api::DownloadFile => {
                let junk = Junk(chance.pick(JUNK.len()));
                let refused = Refused(chance.one_of(&REFUSALS));
                let status = Status(chance.one_of(&[500, 502, 503, 429, 404, 302]));
                chance.one_of(&[
                    Fails,
                    FailsByTimeout,
                    Never,
                    Lost,
                    Lost,
                    LostInSilence,
                    status,
                    status,
                    refused,
                    refused,
                    junk,
                ])
            }
        }
    }
}

/// Whether a path has two dots in a row, in any spelling.
fn climbs(path: &str) -> bool {
    path.contains(['.', '%']) && path.to_ascii_lowercase().replace("%2e", ".").contains("..")
}

fn failure(api: Api, text: &str, errno: Option<i32>) -> Answer {
    Err(HostFailure {
        err_msg: format!("{}:fail{text}", api.name()),
        errno,
    })
}

impl State {
    /// Sends a call on its way.
    pub fn send(&mut self, copy: usize, api: Api, options: Value) -> oneshot::Receiver<Answer> {
        let (answer_to, answer) = oneshot::channel();
        let op = self.op(copy, api, options, answer_to);
        self.log(|| {
            format!(
                "client {copy} sends {} {} token {:?} call {:?}",
                op.api.name(),
                op.path,
                op.token,
                op.call
            )
        });
        self.check_op(&op);
        self.ops.push(op);
        let id = self.ops.len() - 1;
        if let Chance::Every(_) = self.chance {
            self.arrive(id, Fate::Well); // the order of the answers is for the choices to decide
            return answer;
        }
        let fate = if self.chance.odds(self.faults) {
            Fate::by_chance(api, &mut self.chance)
        } else {
            Fate::Well
        };
        let slow = self.chance.odds(4);
        let arrives = if slow {
            self.chance.between(7_000, 17_000)
        } else {
            self.latency()
        };
        self.after(arrives, Event::Arrive(id, fate));
        answer
    }

    fn op(
        &mut self,
        copy: usize,
        api: Api,
        options: Value,
        answer_to: oneshot::Sender<Answer>,
    ) -> Op {
        let url = options["url"].as_str().unwrap_or_default();
        let below = url.strip_prefix(BASE);
        if below.is_none_or(climbs) && holds_a_token(&options) {
            self.ledger.broken(Law::TokenStaysBelowBase, || {
                format!("a token is sent to {url}")
            });
        }
        let path = below.unwrap_or(url).into();
        let raw_token = options["header"]["X-Litemall-Token"].clone();
        let data = if api == Api::UploadFile {
            options["formData"].clone()
        } else {
            options["data"].clone()
        };
        Op {
            api,
            copy,
            path,
            token: raw_token
                .as_str()
                .and_then(|token| self.server.token(token)),
            raw_token,
            call: data["call"].as_number().map(|call| call as usize),
            data,
            begun: self.next_place(),
            answer_to: Some(answer_to),
            answer: None,
            given_up: false,
        }
    }

    /// A call reaches whom it is for, or does not.
    pub fn arrive(&mut self, id: usize, fate: Fate) {
        let answer = match fate {
            Fate::Never => None,
            Fate::Fails => Some(failure(self.ops[id].api, "", None)),
            Fate::FailsByTimeout => Some(failure(self.ops[id].api, " timeout", Some(5))),
            Fate::LostInSilence => {
                let _ = self.work(id);
                None
            }
            Fate::Lost => {
                let _ = self.work(id);
                Some(failure(self.ops[id].api, " interrupted", None))
            }
            Fate::Well => Some(self.work(id)),
            Fate::Status(status) => Some(self.response(id, status, "<html>".into())),
            Fate::Refused(errno) => Some(self.response(id, 200, refusal(errno))),
            Fate::Junk(index) => {
                let is_answer = self.ops[id].is_refresh() && JUNK[index] == TOKEN_WITHOUT_USER;
                let junk = JUNK[if is_answer { 0 } else { index }];
                Some(self.response(id, 200, Value::from_json(junk).unwrap()))
            }
        };
        self.log(|| format!("op {id} arrives: {fate:?}"));
        if answer.is_some() {
            self.ops[id].answer = answer;
            if let Chance::Seed(_) = self.chance {
                let ms = self.latency();
                self.after(ms, Event::Answer(id));
            }
        }
    }

    pub fn take_answer(&mut self, id: usize) -> Option<Answer> {
        self.ops[id].answer.take()
    }

    fn latency(&mut self) -> u64 {
        let longest = if self.storm { 20 } else { 200 };
        self.chance.between(1, longest)
    }

    /// What a call ends with if the choices want it to end badly.
    pub fn bad_answer(&self, id: usize, status: Option<u16>) -> Answer {
        let api = self.ops[id].api;
        match status.filter(|_| matches!(api, Api::Request | Api::UploadFile | Api::DownloadFile)) {
            Some(status) => self.response(id, status, "<html>".into()),
            None => failure(api, "", None),
        }
    }

    /// WeChat or the server does what it is asked to.
    fn work(&mut self, id: usize) -> Answer {
        let place = self.next_place();
        let (now, op) = (self.now, &self.ops[id]);
        match op.api {
            Api::Login => Ok(object([("code", self.server.issue_code(now, op.begun))])),
            Api::CheckSession if self.server.key_over => {
                failure(op.api, " session time out, need relogin", None)
            }
            Api::CheckSession => Ok(object([])),
            Api::Request | Api::UploadFile | Api::DownloadFile => {
                let arrival = Arrival {
                    copy: op.copy,
                    now,
                    begun: op.begun,
                    place,
                };
                let token = op.raw_token.as_str();
                let (status, data) = self.server.answer(&op.path, token, &op.data, arrival);
                if let Some(token) = self.server.reissued.take() {
                    *self.ledger.mark(token) = Default::default();
                }
                self.response(id, status, data)
            }
        }
    }

    fn response(&self, id: usize, status: u16, data: Value) -> Answer {
        let data = if self.ops[id].api == Api::UploadFile {
            data.to_string().as_str().into()
        } else {
            data
        };
        Ok(object([
            ("statusCode", i32::from(status).into()),
            ("data", data),
        ]))
    }
}
