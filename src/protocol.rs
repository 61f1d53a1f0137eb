//! The wire contract: requests built, answers read.

use std::rc::Rc;

use crate::config::Field;
use crate::error::failed;
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
/// the same header would go along, and which one counts is anybody's guess.
pub(crate) fn with_token<V: Payload>(config: &Config, options: &V, token: Option<&Token>) -> V {
    options.with_header(&config.token_header, token.map_or("", Token::secret))
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

    /// The body of any business of our server's: an object that does not say "signed out".
    ///
    /// What a refusal means is the page's business; only "signed out" is the client's.
    pub(crate) fn body(self, config: &Config) -> Result<Answer<V>> {
        if is_one_of(self.status, &config.signed_out_status) {
            return Err(failed(LoginError::SignedOut));
        }
        let answer = self.object()?;
        match answer.errno(config) {
            Some(errno) if is_one_of(errno, &config.signed_out_errno) => {
                Err(failed(LoginError::SignedOut))
            }
            _ => Ok(answer),
        }
    }

    /// An answer of a successful HTTP status that is an object.
    pub(crate) fn object(self) -> Result<Answer<V>> {
        let status = self.status;
        if !(200..300).contains(&status) {
            return Err(failed(LoginError::ServerError { status }));
        }
        let whole = self.data.filter(V::is_object);
        match whole {
            Some(whole) => Ok(Answer { status, whole }),
            None => Err(bad(status, "is not a JSON object")),
        }
    }
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
            Some(errno) => {
                let errmsg = self
                    .whole
                    .text_at(config.field(Field::Errmsg))
                    .unwrap_or_default();
                Err(failed(LoginError::Rejected { errno, errmsg }))
            }
        }
    }

    /// The session in the answer to a login that was started at `started_at`.
    pub(crate) fn session(
        &self,
        config: &Config,
        via: Via,
        started_at: Timestamp,
    ) -> Result<Rc<Session<V>>> {
        let data = self.data(config)?;
        let token = data
            .text_at(config.field(Field::Token))
            .and_then(Token::new);
        let token = token.ok_or_else(|| self.bad("has no `data.token`"))?;
        Ok(Rc::new(Session {
            expires_at: expiry(&data, &token, started_at),
            user_info: self.user_of(config, &data)?.unwrap_or_else(V::object),
            token,
            via,
            issued_at: started_at,
        }))
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
            .unwrap_or_else(|| data.without(config.field(Field::Token))))
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

#[allow(clippy::manual_contains)] // that is made for long lists, and three times as large
fn is_one_of(number: i32, list: &[i32]) -> bool {
    list.iter().any(|item| *item == number)
}
