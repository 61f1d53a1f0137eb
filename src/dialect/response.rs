//! An answer of the server, and what it says of itself.

use std::rc::Rc;

use super::find::at;
use super::{Dialect, Scheme, Success};
use crate::error::failed;
use crate::given::problem_of_header_text;
use crate::session::{Token, jwt_claims};
use crate::{Asked, LoginError, Payload, ServerCode, Timestamp, duration_of_ms, ms_of, text};

/// An answer of `wx.request`: every HTTP status is one.
#[derive(Clone)]
pub(crate) struct Response<V> {
    /// 0 if the host gave none.
    pub(super) status: i32,
    pub(super) body: Option<V>,
    /// With the headers.
    pub(super) whole: V,
    /// Whether the page wants the body whatever it is.
    pub(super) raw: bool,
    pub(super) asked: Option<Rc<Asked>>,
}

impl<V: Payload> Response<V> {
    /// The answer to a request, if it is one to a single request.
    pub(crate) fn new(answer: &V, asked: Option<&Rc<Asked>>) -> Self {
        Response {
            status: status_of(answer),
            body: answer.get("data"),
            whole: answer.clone(),
            raw: false,
            asked: asked.cloned(),
        }
    }

    /// An answer as [`Response::full`] gives it, or as the app has made it.
    pub(crate) fn of_app(full: &V) -> Self {
        let mut whole = V::object();
        for (name, given) in [
            ("statusCode", "status"),
            ("header", "headers"),
            ("data", "data"),
        ] {
            whole.set(name, full.get(given).unwrap_or_else(V::null));
        }
        Self::new(&whole, None)
    }

    /// The same answer with a text, or what the host has read in binary data, taken for JSON if it is: `wx.uploadFile` leaves that to us.
    pub(crate) fn parsed(mut self) -> Self {
        let text = self.whole.text_at("text");
        let text = text.or_else(|| self.body.as_ref()?.as_text());
        let json = text.and_then(|text| V::from_json(&text));
        self.body = json.or(self.body);
        self
    }

    /// The same answer to a page that has asked for something other than JSON.
    pub(crate) fn raw(self) -> Self {
        Response { raw: true, ..self }
    }

    /// Whether there is a body that is no text, or none by the meaning of the status.
    pub(super) fn has_json(&self) -> bool {
        let has_fields = |body: &V| body.as_text().is_none();
        self.body.as_ref().is_some_and(has_fields) || self.is_rightly_empty()
    }

    /// Whether the status says that there is nothing in the body, and there is nothing.
    pub(super) fn is_rightly_empty(&self) -> bool {
        let is_empty = |body: &V| body.as_text().is_some_and(|text| text.is_empty());
        may_be_empty(self.status) && self.body.as_ref().is_none_or(is_empty)
    }

    /// Whether a failure is in the server's own words, below the statuses that say that it has failed.
    pub(super) fn speaks(&self, dialect: &Dialect<V>) -> bool {
        let fields = self.body.as_ref().map(|body| body.keys().len());
        self.status < 500 && fields > Some(0) && !dialect.success.is_said(self)
    }

    /// Whether an answer that does not mean success says so: in words, or by another value where success would stand.
    pub(super) fn refuses(&self, dialect: &Dialect<V>, success: &Success) -> bool {
        let (Success::Says(matches), Some(body)) = (success, &self.body) else {
            return false;
        };
        let has_value = matches
            .paths()
            .any(|path| at(body, path).as_ref().is_some_and(is_plain));
        has_value || self.code(dialect).is_some()
    }

    pub(super) fn code(&self, dialect: &Dialect<V>) -> Option<ServerCode> {
        let code = dialect.code.find(self.body.as_ref()?)?;
        ServerCode::of(&code)
    }

    fn message(&self, dialect: &Dialect<V>) -> Option<String> {
        dialect.message.find(self.body.as_ref()?)?.as_text()
    }

    /// A refusal in the server's own words, as far as there are any.
    pub(super) fn refusal(&self, dialect: &Dialect<V>) -> Rc<LoginError> {
        self.refusal_as(
            dialect.name_of_refusal(self.status, self.body.as_ref()),
            dialect,
        )
    }

    /// The refusal if the answer to a refresh says that whoever asks is signed out: that is final.
    pub(crate) fn refused_refresh(&self, dialect: &Dialect<V>) -> Option<Rc<LoginError>> {
        let body = self.body.as_ref();
        let refuses = dialect.signed_out.hold_unless_failed(self.status, body);
        refuses.then(|| self.refusal_as("refresh_refused", dialect))
    }

    /// The token that takes the place of the one that the request was sent with, and when it ends, if it says so itself: what else the
    /// answer says is about something else. Any answer may bring one, a refusal too, but none that says that whoever asks is signed
    /// out.
    pub(crate) fn renewed(
        &self,
        dialect: &Dialect<V>,
        now: Timestamp,
    ) -> Option<(Token, Option<Timestamp>)> {
        let body = self.body.as_ref();
        if dialect.signed_out.hold_unless_failed(self.status, body) {
            return None;
        }
        let text = match &dialect.renewed_header {
            Some(name) => self.header(name)?,
            None => dialect.renewed.find(body?)?.as_text()?,
        };
        let text = match &dialect.scheme {
            Scheme::Fixed(scheme) => text.strip_prefix(scheme.as_str()).unwrap_or(&text),
            Scheme::Answered(_) => &text,
        };
        if problem_of_header_text(text).is_some() {
            return None;
        }
        let token = Token::new(text.to_owned())?;
        let life_s = self.jwt_life_s(&token);
        let expires_at = life_s.and_then(|life_s| end_of(now, life_s));
        Some((token, expires_at))
    }

    fn refusal_as(&self, code: &'static str, dialect: &Dialect<V>) -> Rc<LoginError> {
        let body = self.body.as_ref();
        failed(LoginError::Rejected {
            status: self.status,
            code,
            errno: self.code(dialect),
            errmsg: self.message(dialect).unwrap_or_default(),
            body: self.shown(dialect),
            remedy: dialect.remedy(self.status, body),
            retry_after: self.retry_after_s(),
            asked: self.asked.clone(),
        })
    }

    pub(super) fn server_error(&self) -> Rc<LoginError> {
        failed(LoginError::ServerError {
            status: self.status,
            retry_after: self.retry_after_s(),
            asked: self.asked.clone(),
        })
    }

    pub(super) fn bad(&self, problem: &[&str]) -> Rc<LoginError> {
        failed(LoginError::BadResponse {
            status: self.status,
            problem: text::concat(problem),
            asked: self.asked.clone(),
        })
    }

    /// Seconds, or an instant of the server's clock.
    fn retry_after_s(&self) -> Option<u32> {
        let text = self.header("retry-after")?;
        let seconds = match V::from_json(&text) {
            Some(number) => number.as_number()?,
            None => ms_of(V::instant(&text)?.since(self.date()?)) / 1_000.0,
        };
        (seconds >= 0.0).then_some(seconds as u32)
    }

    /// The body as a JSON text, for an error, with null for each token; `None` if a token is anywhere else in it.
    pub(super) fn shown(&self, dialect: &Dialect<V>) -> Option<String> {
        let body = self.body.as_ref()?;
        let mut shown = body.copy();
        let secrets = dialect.secrets();
        for place in secrets {
            place.cut(&mut shown);
        }
        let shown = shown.to_json()?;
        let mut tokens = secrets
            .iter()
            .filter_map(|place| place.find(body)?.as_text());
        let is_safe = tokens.all(|token| token.is_empty() || !text::contains(&shown, &token));
        is_safe.then_some(shown)
    }

    /// How long a JWT lives, by what it says itself.
    pub(super) fn jwt_life_s(&self, token: &Token) -> Option<f64> {
        let claims = jwt_claims::<V>(token)?;
        let end_s = claims.number_at("exp")?;
        let date_s = || Some(self.date()?.as_ms() / 1_000.0);
        Some(end_s - claims.number_at("iat").or_else(date_s)?)
    }

    /// What the server's clock says.
    pub(super) fn date(&self) -> Option<Timestamp> {
        V::instant(&self.header("date")?)
    }

    fn header(&self, name: &str) -> Option<String> {
        let header = self.whole.get("header")?;
        let mut names = header.keys().into_iter();
        header.text_at(&names.find(|given| given.eq_ignore_ascii_case(name))?)
    }
}

impl Success {
    /// Whether an answer of a successful HTTP status means success.
    pub(super) fn is_in<V: Payload>(&self, response: &Response<V>) -> bool {
        matches!(self, Success::Status) || self.is_said(response)
    }

    /// Whether the body says so.
    pub(super) fn is_said<V: Payload>(&self, response: &Response<V>) -> bool {
        match self {
            Success::Status => false,
            Success::Says(matches) => matches.hold(response.status, response.body.as_ref()),
        }
    }
}

fn may_be_empty(status: i32) -> bool {
    matches!(status, 204 | 205 | 304)
}

pub(super) fn is_success(status: i32) -> bool {
    (200..300).contains(&status) || status == 304
}

/// The end of what lives so long from `start` on; `None` of what does not live.
pub(super) fn end_of(start: Timestamp, life_s: f64) -> Option<Timestamp> {
    let life = duration_of_ms(life_s * 1_000.0)?;
    (!life.is_zero()).then(|| start + life)
}

/// A number, or a text that is one.
pub(super) fn number_of<V: Payload>(value: &V) -> Option<f64> {
    value
        .as_number()
        .or_else(|| V::from_json(&value.as_text()?)?.as_number())
}

/// Some hosts give a text, or nothing: then the body has to say it.
fn status_of<V: Payload>(answer: &V) -> i32 {
    let status = answer.get("statusCode").as_ref().and_then(number_of);
    let is_answered = answer.get("data").is_some();
    status.map_or(if is_answered { 200 } else { 0 }, |status| status as i32)
}

/// Whether it is a whole number, true or false: what a server says success or failure with.
fn is_plain<V: Payload>(value: &V) -> bool {
    match value.as_number() {
        Some(number) => number.fract() == 0.0,
        None => matches!(value.to_json().as_deref(), Some("true" | "false")),
    }
}

pub(super) fn kind_of<V: Payload>(value: &V) -> &'static str {
    match value {
        value if value.as_text().is_some() => "a text",
        value if value.as_number().is_some() => "a number",
        value if value.items().is_some() => "a list",
        value if value.is_object() => "an object",
        value if is_plain(value) => "true or false",
        _ => "something else",
    }
}
