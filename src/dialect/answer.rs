//! What an answer of the server says, in its dialect.

use std::rc::Rc;

use super::find::at;
use super::{Dialect, Instant, Paths, Purpose, Scheme, Success, Unfinished};
use crate::error::failed;
use crate::given::problem_of_header_text;
use crate::session::{Token, jwt_claims, zoned_instant};
use crate::{
    Asked, LoginError, Payload, Result, ServerCode, Timestamp, duration_of_ms, ms_of, text,
};

/// What our server made of a request with a token.
pub(crate) enum Outcome<V> {
    Answered(Answer<V>),
    /// It does not accept the token, in its own words.
    Refused(Rc<LoginError>),
}

/// An answer of `wx.request`: every HTTP status is one.
#[derive(Clone)]
pub(crate) struct Response<V> {
    /// 0 if the host gave none.
    status: i32,
    body: Option<V>,
    /// With the headers.
    whole: V,
    /// Whether the page wants the body whatever it is.
    raw: bool,
    asked: Option<Rc<Asked>>,
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

    /// The answer of another server, which has a dialect of its own.
    pub(crate) fn foreign(self) -> Result<Answer<V>> {
        match is_success(self.status) {
            true => Ok(Answer(self)),
            false => Err(self.server_error()),
        }
    }

    /// The answer to a request with a token. What a refusal of the business means is the page's affair.
    pub(crate) fn outcome(self, dialect: &Dialect<V>) -> Result<Outcome<V>> {
        if self.raw {
            let read = self.clone().parsed();
            if !is_success(self.status) || dialect.signed_out.hold(self.status, read.body.as_ref())
            {
                return Response { raw: false, ..read }.outcome(dialect);
            }
        }
        let body = self.body.as_ref();
        if dialect.signed_out.hold_unless_failed(self.status, body) {
            return Ok(Outcome::Refused(self.refusal(dialect)));
        }
        self.answer(dialect).map(Outcome::Answered)
    }

    /// The answer of a successful HTTP status. Where answers have an envelope, a text is none.
    pub(crate) fn answer(self, dialect: &Dialect<V>) -> Result<Answer<V>> {
        if !is_success(self.status) {
            return Err(match self.speaks(dialect) {
                true => self.refusal(dialect),
                false => self.server_error(),
            });
        }
        match &dialect.success {
            Success::Says(_) if !self.raw && !self.has_json() => {
                let found = self.body.as_ref().map_or("nothing", kind_of);
                Err(self.bad(&["is not JSON but ", found]))
            }
            _ => Ok(Answer(self)),
        }
    }

    /// The answer to a login, which may refuse with any HTTP status.
    pub(crate) fn login_answer(self, dialect: &Dialect<V>) -> Result<Answer<V>> {
        let refuses = !is_success(self.status) && self.code(dialect).is_some();
        if refuses && !dialect.success.is_said(&self) {
            return Err(self.refusal(dialect));
        }
        self.answer(dialect)
    }

    /// Whether there is a body that is no text, or none by the meaning of the status.
    fn has_json(&self) -> bool {
        match &self.body {
            Some(body) => match body.as_text() {
                Some(text) => text.is_empty() && may_be_empty(self.status),
                None => true,
            },
            None => may_be_empty(self.status),
        }
    }

    /// Whether a failure is in the server's own words, below the statuses that say that it has failed.
    fn speaks(&self, dialect: &Dialect<V>) -> bool {
        let fields = self.body.as_ref().map(|body| body.keys().len());
        self.status < 500 && fields > Some(0) && !dialect.success.is_said(self)
    }

    /// Whether an answer that does not mean success says so: in words, or by another value where success would stand.
    fn refuses(&self, dialect: &Dialect<V>, success: &Success) -> bool {
        let (Success::Says(matches), Some(body)) = (success, &self.body) else {
            return false;
        };
        let has_value = matches
            .paths()
            .any(|path| at(body, path).as_ref().is_some_and(is_plain));
        has_value || self.code(dialect).is_some()
    }

    fn code(&self, dialect: &Dialect<V>) -> Option<ServerCode> {
        let code = dialect.code.find(self.body.as_ref()?)?;
        ServerCode::of(&code)
    }

    fn message(&self, dialect: &Dialect<V>) -> Option<String> {
        dialect.message.find(self.body.as_ref()?)?.as_text()
    }

    /// A refusal in the server's own words, as far as there are any.
    fn refusal(&self, dialect: &Dialect<V>) -> Rc<LoginError> {
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

    /// The token that takes the place of the one that the request was sent with: any answer may bring one, a refusal too, but none
    /// that says that whoever asks is signed out.
    pub(crate) fn renewed(
        &self,
        dialect: &Dialect<V>,
        now: Timestamp,
    ) -> Option<(Token, Option<Timestamp>)> {
        let body = self.body.as_ref();
        if dialect.signed_out.hold_unless_failed(self.status, body) {
            return None;
        }
        Answer(self.clone()).renewed(dialect, now)
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

    fn server_error(&self) -> Rc<LoginError> {
        failed(LoginError::ServerError {
            status: self.status,
            retry_after: self.retry_after_s(),
            asked: self.asked.clone(),
        })
    }

    fn bad(&self, problem: &[&str]) -> Rc<LoginError> {
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
    fn shown(&self, dialect: &Dialect<V>) -> Option<String> {
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

    /// What the server's clock says.
    fn date(&self) -> Option<Timestamp> {
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
    fn is_in<V: Payload>(&self, response: &Response<V>) -> bool {
        matches!(self, Success::Status) || self.is_said(response)
    }

    /// Whether the body says so.
    fn is_said<V: Payload>(&self, response: &Response<V>) -> bool {
        match self {
            Success::Status => false,
            Success::Says(matches) => matches.hold(response.status, response.body.as_ref()),
        }
    }
}

fn may_be_empty(status: i32) -> bool {
    matches!(status, 204 | 205 | 304)
}

fn is_success(status: i32) -> bool {
    (200..300).contains(&status) || status == 304
}

/// The end of what lives so long from `start` on; `None` of what does not live.
fn end_of(start: Timestamp, life_s: f64) -> Option<Timestamp> {
    let life = duration_of_ms(life_s * 1_000.0)?;
    (!life.is_zero()).then(|| start + life)
}

/// A number, or a text that is one.
fn number_of<V: Payload>(value: &V) -> Option<f64> {
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

/// An answer of a successful HTTP status.
pub(crate) struct Answer<V>(Response<V>);

/// What a login brings.
pub(crate) struct Grant<V> {
    pub(crate) token: Token,
    /// With which another token can be asked for.
    pub(crate) refresh: Option<Token>,
    /// `None` if the answer does not bring the user, or the user is asked for apart.
    pub(crate) user: Option<V>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl<V: Payload> Answer<V> {
    /// The body, as it came.
    pub(crate) fn body(self) -> V {
        self.0.body.unwrap_or_else(V::null)
    }

    /// The body, the status, and the headers and cookies as `wx` gives them.
    pub(crate) fn full(self) -> V {
        let mut full = V::object();
        for (name, given, empty) in [("headers", "header", "{}"), ("cookies", "cookies", "[]")] {
            let value = self.0.whole.get(given).or_else(|| V::from_json(empty));
            full.set(name, value.unwrap_or_else(V::null));
        }
        full.set_number("status", f64::from(self.0.status));
        full.set("data", self.body());
        full
    }

    /// The server's refusal, if the answer is one.
    pub(crate) fn refusal(&self, dialect: &Dialect<V>) -> Option<Rc<LoginError>> {
        let success = &dialect.success;
        let read = self.0.raw.then(|| self.0.clone().parsed());
        let response = read.as_ref().unwrap_or(&self.0);
        let refuses = !success.is_in(response) && response.refuses(dialect, success);
        refuses.then(|| response.refusal(dialect))
    }

    /// Fails unless the server did what it was asked to.
    pub(crate) fn done(&self, dialect: &Dialect<V>) -> Result<()> {
        let response = &self.0;
        if let Some(refusal) = self.refusal(dialect) {
            return Err(refusal);
        }
        match &dialect.success {
            success if success.is_in(response) => Ok(()),
            Success::Status => Ok(()),
            Success::Says(matches) => {
                let place = matches.paths().next().unwrap_or_default();
                Err(self.lacks("value", place))
            }
        }
    }

    /// What the answer to a login brings that was started at `started_at`.
    pub(crate) fn grant(&self, dialect: &Dialect<V>, started_at: Timestamp) -> Result<Grant<V>> {
        let is_unfinished = match &dialect.unfinished {
            Unfinished::Says(matches) => matches.hold(self.0.status, self.0.body.as_ref()),
            Unfinished::NoToken => {
                let is_object = self.0.body.as_ref().is_some_and(V::is_object);
                is_object && dialect.success.is_in(&self.0) && self.find(&dialect.token).is_none()
            }
        };
        if is_unfinished {
            return Err(failed(LoginError::Unfinished {
                body: self.0.shown(dialect),
                asked: self.0.asked.clone(),
            }));
        }
        self.done(dialect)?;
        Ok(Grant {
            user: match dialect.has(Purpose::User) {
                true => None,
                false => self.user_at(dialect, &dialect.user)?,
            },
            ..self.tokens(dialect, started_at)?
        })
    }

    /// What an answer that means success to a refresh brings that was started at `started_at`. Its user may be missing or of another shape: the tokens
    /// must not be lost for that, as those before may be spent.
    pub(crate) fn refreshed(
        &self,
        dialect: &Dialect<V>,
        started_at: Timestamp,
    ) -> Result<Grant<V>> {
        Ok(Grant {
            user: self.user_at(dialect, &dialect.user).unwrap_or_default(),
            ..self.tokens(dialect, started_at)?
        })
    }

    fn tokens(&self, dialect: &Dialect<V>, started_at: Timestamp) -> Result<Grant<V>> {
        let token = self.token(dialect)?;
        Ok(Grant {
            expires_at: self.expiry(dialect, &token, started_at),
            refresh: self
                .find(&dialect.refresh_token)
                .and_then(|refresh| Token::new(refresh.as_text()?)),
            user: None,
            token,
        })
    }

    fn token(&self, dialect: &Dialect<V>) -> Result<Token> {
        let text = self.find(&dialect.token).and_then(|token| token.as_text());
        let text = match &dialect.scheme {
            Scheme::Fixed(_) => text,
            Scheme::Answered(place) => {
                let scheme = self.find(place).and_then(|scheme| scheme.as_text());
                text.map(|text| text::concat(&[&scheme.unwrap_or_default(), &text]))
            }
        };
        text.filter(|text| problem_of_header_text(text).is_none())
            .and_then(Token::new)
            .ok_or_else(|| self.lacks("text", dialect.token.name()))
    }

    /// When the token ends, by the device's clock: from the first of these that can be relied on.
    ///
    /// 1. A life in seconds, counted from `started_at`;
    /// 2. the JWT's own life, `exp - iat`, or without `iat`, `exp` less the answer's `Date`: the server's clock and the device's may
    ///    disagree, so `exp` alone says nothing;
    /// 3. an instant of the server's clock: its distance from the answer's `Date`, counted from `started_at`. One with a zone is
    ///    believed without a `Date` if the device's clock has not passed it already.
    ///
    /// `None` means that only the server knows. `started_at` is from before the request, so that a phone that slept while it
    /// waited does not think the token younger than it is.
    fn expiry(
        &self,
        dialect: &Dialect<V>,
        token: &Token,
        started_at: Timestamp,
    ) -> Option<Timestamp> {
        let life = self.said(dialect, |instant| instant == Instant::Seconds);
        let life_s = life.and_then(|(life, _)| number_of(&life));
        match life_s.or_else(|| self.jwt_life_s(token)) {
            Some(life_s) => end_of(started_at, life_s),
            None => self.said_end(dialect, started_at),
        }
    }

    /// What the first of the dialect's places says, of those that say it in `which` ways.
    fn said(&self, dialect: &Dialect<V>, which: fn(Instant) -> bool) -> Option<(V, Instant)> {
        let mut rules = dialect.expires.iter().filter(|rule| which(rule.1));
        rules.find_map(|(place, instant)| Some((self.find(place)?, *instant)))
    }

    fn jwt_life_s(&self, token: &Token) -> Option<f64> {
        let claims = jwt_claims::<V>(token)?;
        let end_s = claims.number_at("exp")?;
        let date_s = || Some(self.0.date()?.as_ms() / 1_000.0);
        Some(end_s - claims.number_at("iat").or_else(date_s)?)
    }

    fn said_end(&self, dialect: &Dialect<V>, started_at: Timestamp) -> Option<Timestamp> {
        let (end, instant) = self.said(dialect, |instant| instant != Instant::Seconds)?;
        let end = match instant {
            Instant::Rfc3339 => zoned_instant(&end)?,
            Instant::EpochSeconds => Timestamp::from_ms(number_of(&end)? * 1_000.0),
            _ => Timestamp::from_ms(number_of(&end)?),
        };
        let end = match self.0.date() {
            Some(date) => started_at + end.since(date),
            None if instant == Instant::Rfc3339 => end,
            None => return None,
        };
        (end > started_at).then_some(end)
    }

    /// The token that takes the place of the one that the request was sent with, and when it ends, if it says so itself: what else
    /// the answer says is about something else.
    pub(crate) fn renewed(
        &self,
        dialect: &Dialect<V>,
        now: Timestamp,
    ) -> Option<(Token, Option<Timestamp>)> {
        let text = match &dialect.renewed_header {
            Some(name) => self.0.header(name)?,
            None => self.find(&dialect.renewed)?.as_text()?,
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

    /// The user, in the answer to a request for it.
    pub(crate) fn user(&self, dialect: &Dialect<V>) -> Result<V> {
        self.done(dialect)?;
        let user = self.user_at(dialect, &dialect.user)?;
        user.ok_or_else(|| self.lacks("object", dialect.user.name()))
    }

    /// The user's fields in the answer to a change of the user: the user, or what stands where the user would.
    pub(crate) fn changed_user(&self, dialect: &Dialect<V>) -> Result<V> {
        self.done(dialect)?;
        let user = match self.user_at(dialect, &dialect.user)? {
            Some(user) => Some(user),
            None => self.user_at(dialect, &dialect.user.above())?,
        };
        user.ok_or_else(|| self.lacks("object", dialect.user.name()))
    }

    /// A copy, because the page gets the answer and may change it. A token beside the user's fields is none of them.
    fn user_at(&self, dialect: &Dialect<V>, place: &Paths) -> Result<Option<V>> {
        let Some(user) = self.find(place) else {
            return Ok(None);
        };
        let is_empty_list = user.items().is_some_and(|items| items.is_empty()); // PHP's empty object
        let user = match user.as_text() {
            _ if is_empty_list => V::object(),
            Some(json) => V::from_json(&json).unwrap_or(user),
            None => user,
        };
        if !user.is_object() {
            return Err(self.lacks("object", place.name()));
        }
        let user = dialect.secrets().into_iter().fold(user, |user, place| {
            let token = self.find(place).and_then(|token| token.as_text());
            token.map_or(user.clone(), |token| user.without_text(&token))
        });
        Ok(Some(user.copy()))
    }

    fn find(&self, place: &Paths) -> Option<V> {
        place.find(self.0.body.as_ref()?)
    }

    /// Says what was looked for and where; of what is there, only its kind.
    fn lacks(&self, kind: &str, place: &str) -> Rc<LoginError> {
        let found = self.0.body.as_ref().and_then(|body| at(body, place));
        let found = found.as_ref().map_or("nothing", kind_of);
        let place = if place.is_empty() { "its root" } else { place };
        self.0
            .bad(&["has no ", kind, " at `", place, "` but ", found])
    }
}

/// Whether it is a whole number, true or false: what a server says success or failure with.
fn is_plain<V: Payload>(value: &V) -> bool {
    match value.as_number() {
        Some(number) => number.fract() == 0.0,
        None => matches!(value.to_json().as_deref(), Some("true" | "false")),
    }
}

fn kind_of<V: Payload>(value: &V) -> &'static str {
    match value {
        value if value.as_text().is_some() => "a text",
        value if value.as_number().is_some() => "a number",
        value if value.items().is_some() => "a list",
        value if value.is_object() => "an object",
        value if is_plain(value) => "true or false",
        _ => "something else",
    }
}
