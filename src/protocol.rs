//! The wire contract: requests built, answers read.

use crate::session::{Session, Token, Via, expiry};
use crate::{Config, HttpRequest, HttpResponse, LoginError, Payload};

/// An answer that says `errno 0`.
#[derive(Clone)]
pub(crate) struct Envelope<V> {
    status: u16,
    /// The whole answer, as it came.
    pub(crate) whole: V,
}

/// A request to `url`, with `token` if there is one.
pub(crate) fn request<V: Payload>(
    config: &Config,
    method: &'static str,
    url: &str,
    data: Option<V>,
    token: Option<&Token>,
) -> HttpRequest<V> {
    let mut header = V::object();
    if let Some(token) = token {
        header.set(&config.token_header, V::text(token.secret()));
    }
    HttpRequest {
        method,
        url: url.to_owned(),
        header,
        data,
        timeout_ms: config.timeout_ms,
    }
}

/// The body of a WeChat login. A silent login has no profile: servers of this dialect want an empty one then.
pub(crate) fn weixin_login_body<V: Payload>(code: &str, user_info: Option<V>) -> V {
    let mut body = V::object();
    body.set("code", V::text(code));
    body.set("userInfo", user_info.unwrap_or_else(V::object));
    body
}

/// Reads an answer: an envelope that says `errno 0`, or why not.
pub(crate) fn read<V: Payload>(response: HttpResponse<V>) -> Result<Envelope<V>, LoginError> {
    let HttpResponse {
        status,
        data: whole,
    } = response;
    if !(200..300).contains(&status) {
        return Err(LoginError::ServerError { status });
    }
    let bad = |problem| LoginError::BadResponse { status, problem };
    if !whole.is_object() {
        return Err(bad("is not a JSON object"));
    }
    match whole.get("errno").and_then(|errno| errno.as_integer()) {
        None => Err(bad("has no integer `errno`")),
        Some(0) => Ok(Envelope { status, whole }),
        Some(errno) => {
            let errmsg = whole
                .get("errmsg")
                .and_then(|text| text.as_text())
                .unwrap_or_default();
            Err(LoginError::Rejected { errno, errmsg })
        }
    }
}

/// The same failure, seen by a request that carried a token: it may mean that the token is no longer accepted.
pub(crate) fn with_token_refused(config: &Config, error: LoginError) -> LoginError {
    let signed_out = match &error {
        LoginError::Rejected { errno, .. } => config.signed_out_errno.contains(errno),
        LoginError::ServerError { status } => {
            config.signed_out_status.contains(&i32::from(*status))
        }
        _ => false,
    };
    if signed_out {
        LoginError::SignedOut
    } else {
        error
    }
}

impl<V: Payload> Envelope<V> {
    /// The session in the answer to a login that was started at `started_at`.
    pub(crate) fn session(&self, via: Via, started_at: f64) -> Result<Session<V>, LoginError> {
        let data = self.data()?;
        let token = data
            .get("token")
            .and_then(|token| token.as_text())
            .and_then(Token::new);
        let token = token.ok_or_else(|| self.bad("has no `data.token`"))?;
        Ok(Session {
            expires_at: expiry(&data, &token, started_at),
            user_info: self.user_of(&data)?,
            token,
            via,
            issued_at: started_at,
        })
    }

    /// The user in the answer to a change of the profile.
    pub(crate) fn user(&self) -> Result<V, LoginError> {
        let data = self.data()?;
        if data.get("userInfo").is_some() {
            self.user_of(&data)
        } else {
            Ok(data.shallow_copy())
        }
    }

    fn data(&self) -> Result<V, LoginError> {
        self.whole
            .get("data")
            .filter(V::is_object)
            .ok_or_else(|| self.bad("has no `data` object"))
    }

    /// A copy, because the page gets the envelope and may change it. No `userInfo` is an empty one.
    fn user_of(&self, data: &V) -> Result<V, LoginError> {
        match data.get("userInfo") {
            None => Ok(V::object()),
            Some(user) if user.is_object() => Ok(user.shallow_copy()),
            Some(_) => Err(self.bad("has a `userInfo` that is no object")),
        }
    }

    fn bad(&self, problem: &'static str) -> LoginError {
        LoginError::BadResponse {
            status: self.status,
            problem,
        }
    }
}
