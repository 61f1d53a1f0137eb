//! The wire contract: requests built, answers read.

use std::rc::Rc;

use crate::config::{Field, Refusals};
use crate::error::{Remedy, failed};
use crate::session::{Session, Token, Via, expiry};
use crate::{Config, LoginError, Payload, Result, Timestamp};

/// The options of a POST to `url`.
pub(crate) fn post<V: Payload>(url: &str, data: Option<V>) -> V {
    let mut options = V::object();
    options.set_text("url", url);
    options.set_text("method", "POST");
    if let Some(data) = data {
        options.set("data", data);
    }
    options
}

/// A copy of the options of a request, with `token` in their header if there is one. A second token under another spelling of
/// the same header would go along, and which one counts would be the server's choice.
pub(crate) fn with_token<V: Payload>(config: &Config, options: &V, token: Option<&Token>) -> V {
    options.with_header(&config.token_header, token.map_or("", Token::secret))
}

/// What our server made of a request with a token.
pub(crate) enum Outcome<V> {
    Answered(Answer<V>),
    /// It does not accept the token, in its own words.
    Refused(Rc<LoginError>),
}

/// An answer of `wx.request`: every HTTP status is one.
pub(crate) struct Response<V> {
    /// 0 if the host gave none.
    status: i32,
    data: Option<V>,
}

impl<V: Payload> Response<V> {
    pub(crate) fn new(answer: &V) -> Self {
        Response {
            status: answer.integer_at("statusCode").unwrap_or_default(),
            data: answer.get("data"),
        }
    }

    /// The same answer with a text read as JSON: `wx.uploadFile` leaves that to us.
    pub(crate) fn parsed(mut self) -> Self {
        let json = self
            .data
            .as_ref()
            .and_then(|data| V::from_json(&data.as_text()?));
        self.data = json.or(self.data);
        self
    }

    /// The answer to a request with a token. What a refusal of the business means is the page's affair.
    pub(crate) fn outcome(self, config: &Config) -> Result<Outcome<V>> {
        let status = self.status;
        let object = self.data.as_ref().filter(|data| data.is_object());
        let errno = object.and_then(|object| object.integer_at(config.field(Field::Errno)));
        let refused = config.signed_out_status.contains(&status)
            || (is_success(status)
                && errno.is_some_and(|errno| config.signed_out_errno.contains(&errno)));
        if refused {
            return Ok(Outcome::Refused(rejected(config, status, object)));
        }
        self.answer().map(Outcome::Answered)
    }

    /// The answer to a login, which may refuse with any HTTP status.
    pub(crate) fn login_answer(self, config: &Config) -> Result<Answer<V>> {
        let envelope = self.data.as_ref().filter(|_| !is_success(self.status));
        match envelope.and_then(|envelope| envelope.integer_at(config.field(Field::Errno))) {
            Some(errno) if errno != 0 => Err(rejected(config, self.status, envelope)),
            _ => self.answer(),
        }
    }

    /// An answer of a successful HTTP status that is an object.
    pub(crate) fn answer(self) -> Result<Answer<V>> {
        let status = self.status;
        if !is_success(status) {
            return Err(failed(LoginError::ServerError { status }));
        }
        match self.data.filter(V::is_object) {
            Some(whole) => Ok(Answer { status, whole }),
            None => Err(bad(status, "is not a JSON object")),
        }
    }
}

fn is_success(status: i32) -> bool {
    (200..300).contains(&status)
}

/// An answer that is an object.
pub(crate) struct Answer<V> {
    status: i32,
    /// The object, as it came.
    pub(crate) whole: V,
}

impl<V: Payload> Answer<V> {
    fn errno(&self, config: &Config) -> Option<i32> {
        self.whole.integer_at(config.field(Field::Errno))
    }

    /// The `data` of an envelope that says `errno 0`.
    fn data(&self, config: &Config) -> Result<V> {
        match self.errno(config) {
            None => Err(self.bad("has no integer `errno`")),
            Some(0) => self
                .whole
                .object_at("data")
                .ok_or_else(|| self.bad("has no `data` object")),
            Some(_) => Err(rejected(config, self.status, Some(&self.whole))),
        }
    }

    /// The session in the answer to a login that was started at `started_at`.
    pub(crate) fn session(
        &self,
        config: &Config,
        via: Via,
        started_at: Timestamp,
    ) -> Result<Session<V>> {
        let data = self.data(config)?;
        let token = data
            .text_at(config.field(Field::Token))
            .and_then(Token::new);
        let token = token.ok_or_else(|| self.bad("has no `data.token`"))?;
        let expires_at = expiry(&data, &token, started_at);
        let user_info = self.user_of(config, &data)?.unwrap_or_else(V::object);
        Ok(Session::new(token, user_info, via, started_at, expires_at))
    }

    /// Whether the server did what it was asked to, with or without data.
    pub(crate) fn done(&self, config: &Config) -> Result<()> {
        if self.errno(config) == Some(0) {
            Ok(())
        } else {
            self.data(config).map(drop)
        }
    }

    /// The user in the answer to a change of the user. A token beside the user's fields is none of them.
    pub(crate) fn user(&self, config: &Config) -> Result<V> {
        let data = self.data(config)?;
        Ok(self
            .user_of(config, &data)?
            .unwrap_or_else(|| data.without_field(config.field(Field::Token))))
    }

    /// A copy, because the page gets the envelope and may change it.
    fn user_of(&self, config: &Config, data: &V) -> Result<Option<V>> {
        match data.get(config.field(Field::UserInfo)) {
            None => Ok(None),
            Some(user) if user.is_object() => Ok(Some(user.copy())),
            Some(_) => Err(self.bad("has a `userInfo` that is no object")),
        }
    }

    fn bad(&self, problem: &'static str) -> Rc<LoginError> {
        bad(self.status, problem)
    }
}

fn bad(status: i32, problem: &'static str) -> Rc<LoginError> {
    failed(LoginError::BadResponse { status, problem })
}

/// A refusal in the server's own words, as far as there are any.
fn rejected<V: Payload>(config: &Config, status: i32, envelope: Option<&V>) -> Rc<LoginError> {
    let errno = envelope.and_then(|envelope| envelope.integer_at(config.field(Field::Errno)));
    let errmsg = envelope.and_then(|envelope| envelope.text_at(config.field(Field::Errmsg)));
    failed(LoginError::Rejected {
        status,
        errno,
        errmsg: errmsg.unwrap_or_default(),
        remedy: errno.map_or(Remedy::Retry, |errno| remedy(&config.refusals, errno)),
    })
}

fn remedy(refusals: &Refusals, errno: i32) -> Remedy {
    if refusals.end_session.contains(&errno) {
        Remedy::NewSession
    } else if refusals.need_user.contains(&errno) {
        Remedy::User
    } else {
        Remedy::Retry
    }
}
