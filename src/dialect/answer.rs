//! What an answer means in the dialect of its server, and what it brings.

use std::rc::Rc;

use super::find::at;
use super::response::{Response, end_of, is_success, kind_of, number_of};
use super::{Dialect, Instant, Paths, Purpose, Scheme, Success, Unfinished};
use crate::error::failed;
use crate::given::problem_of_header_text;
use crate::session::{Token, zoned_instant};
use crate::{LoginError, Payload, Result, Timestamp, text};

/// What our server made of a request with a token.
pub(crate) enum Outcome<V> {
    Answered(Answer<V>),
    /// It does not accept the token, in its own words.
    Refused(Rc<LoginError>),
}

impl<V: Payload> Response<V> {
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
    fn answer(self, dialect: &Dialect<V>) -> Result<Answer<V>> {
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
    /// The answer as any other, whatever it means.
    pub(crate) fn response(&self) -> &Response<V> {
        &self.0
    }

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
            success if success.is_in(response) || response.is_rightly_empty() => Ok(()),
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

    /// What the answer to a refresh brings that was started at `started_at`. Its user may be missing or of another shape: the tokens
    /// must not be lost for that, as those before may be spent.
    pub(crate) fn refreshed(
        &self,
        dialect: &Dialect<V>,
        started_at: Timestamp,
    ) -> Result<Grant<V>> {
        self.done(dialect)?;
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
        match life_s.or_else(|| self.0.jwt_life_s(token)) {
            Some(life_s) => end_of(started_at, life_s),
            None => self.said_end(dialect, started_at),
        }
    }

    /// What the first of the dialect's places says, of those that say it in `which` ways.
    fn said(&self, dialect: &Dialect<V>, which: fn(Instant) -> bool) -> Option<(V, Instant)> {
        let mut rules = dialect.expires.iter().filter(|rule| which(rule.1));
        rules.find_map(|(place, instant)| Some((self.find(place)?, *instant)))
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
