//! Another token without a login, where the server gives one.

use std::rc::Rc;

use super::Held;
use super::confirm::Verdict;
use super::login::Begun;
use crate::dialect::{Answer, Grant, Holes, Purpose, REFRESH, Response};
use crate::error::failed;
use crate::record::State;
use crate::session::{Freshness, Session, Via};
use crate::{Change, Host, LoginClient, LoginError, Primitives, Result, Timestamp};

impl<H: Host> LoginClient<H> {
    /// Whether a session can be given another token without a login: with what it holds for that or, on some servers, with a token
    /// that still works.
    pub(super) fn can_refresh(&self, session: &Session<H::Value>) -> bool {
        let dialect = &self.config.dialect;
        dialect.has(Purpose::Refresh)
            && match dialect.refreshes_by_token() {
                true => self.freshness(session) == Freshness::Ending,
                false => session.refresh.is_some(),
            }
    }

    /// Whether a session is renewed by a refresh: not if WeChat's `session_key` is over, too, which only a login renews.
    pub(super) fn prefers_refresh(&self, session: &Session<H::Value>) -> bool {
        let key_over = session.via == Via::Weixin && self.verdict.get() == Some(Verdict::KeyOver);
        !key_over && self.can_refresh(session)
    }

    /// Whether a session can be given another token although the server refuses its own.
    pub(super) fn outlives_token(&self, session: &Session<H::Value>) -> bool {
        session.refresh.is_some() && self.can_refresh(session)
    }

    /// Whether a session whose token is refused can be renewed without the user.
    pub(super) fn is_renewable(&self, session: &Session<H::Value>) -> bool {
        session.is_renewable() || self.outlives_token(session)
    }

    /// Whether a session can be renewed before its end without the user.
    pub(super) fn renews_by_itself(&self, session: &Session<H::Value>) -> bool {
        session.via == Via::Weixin || self.can_refresh(session)
    }

    /// Refreshes the session and gives the server's answer; `None` if it cannot be, or the server has refused and a login may follow.
    ///
    /// Runs within the one flight of the logins, so that no token for refreshing is under way twice. After an answer it is not sent
    /// again unless the server has kept it; without one nothing is dropped, and the next try sends it once more. Fails with
    /// [`LoginError::SignedOut`] if the server has refused and only the user may sign in, and with [`LoginError::BadResponse`], which
    /// drops nothing, if it means success but gives no token: that says nothing about whoever asks.
    pub(super) async fn refreshed(&self, begun: &Begun) -> Result<Option<H::Value>> {
        let Some(session) = self.cache.session() else {
            return Ok(None);
        };
        if !self.prefers_refresh(&session) {
            return Ok(None);
        }
        let from = self.host.now();
        let granted = self.granted_for(&session, from).await;
        self.nobody_left_since(begun.logouts)?;
        let result = match granted {
            Ok((answer, grant)) => self
                .keep_refreshed(&session, grant, from)
                .map(|()| Some(answer.body())),
            Err(error) if error.is_temporary() => Err(error),
            Err(error) => self.after_refused_refresh(&session, error),
        };
        self.observe("refresh", from, result.as_ref().err().map(Rc::as_ref));
        result
    }

    async fn granted_for(
        &self,
        session: &Held<H>,
        from: Timestamp,
    ) -> Result<(Answer<H::Value>, Grant<H::Value>)> {
        let dialect = &self.config.dialect;
        let by_token = dialect.refreshes_by_token();
        let token = Some(&session.token).filter(|_| by_token);
        let holes = refresh_of(session);
        let response = self
            .send_ours(Purpose::Refresh, &holes, token, self.config.timeout)
            .await?;
        if let Some(refusal) = response.refused_refresh(dialect) {
            return Err(refusal);
        }
        let answer = response.login_answer(dialect)?;
        let grant = answer.refreshed(dialect, from)?;
        let named = grant.user.as_ref().and_then(|user| self.identity_of(user));
        let both = named.as_ref().zip(session.identity.as_ref());
        match both.is_some_and(|(named, own)| named != own) {
            true => Err(failed(LoginError::UserChanged)),
            false => Ok((answer, grant)),
        }
    }

    /// The session to be changed by the answer to a refresh of `before`; `None` if another client has a newer one already.
    fn still(&self, before: &Held<H>) -> Result<Option<Held<H>>> {
        self.recall_now();
        match self.cache.session() {
            None => Err(failed(LoginError::SignedOut)),
            Some(current) if current.is(before) || same_refresh(&current, before) => {
                Ok(Some(current))
            }
            Some(current) if current.same_user(before) => Ok(None),
            Some(_) => Err(failed(LoginError::UserChanged)),
        }
    }

    /// Keeps what the server has given for `before`, unless somebody else is signed in by now.
    fn keep_refreshed(
        &self,
        before: &Held<H>,
        grant: Grant<H::Value>,
        from: Timestamp,
    ) -> Result<()> {
        let Some(current) = self.still(before)? else {
            return Ok(());
        };
        let refresh = grant.refresh.or_else(|| current.refresh.clone());
        // A request, or another client, may have brought a newer token meanwhile.
        let mut session = match current.issued_at > from {
            true => (*current).clone(),
            false => {
                let token = self.config.dialect.succeeding(&current.token, grant.token);
                current.with_token(token, from, grant.expires_at)
            }
        };
        session.refresh = refresh;
        self.adopt(session, false, false)
    }

    /// The server has answered that it does not know it, nor will: it is dropped, and only WeChat's user may sign in by a login.
    fn after_refused_refresh(
        &self,
        session: &Held<H>,
        error: Rc<LoginError>,
    ) -> Result<Option<H::Value>> {
        match self.still(session) {
            Ok(None) => return Ok(Some(H::Value::null())), // another client was faster
            // Its token is refused, too, and nobody but the user can bring another.
            Ok(Some(current))
                if current.via != Via::Weixin && self.verdict.get() == Some(Verdict::Refused) =>
            {
                self.end(&current);
            }
            Ok(Some(current)) if current.refresh.is_some() => {
                let without = Rc::new(current.without_refresh());
                self.keep(&State::Active(current), &without);
            }
            _ => {}
        }
        self.may_sign_in_silently()?;
        match session.via {
            Via::Weixin => Ok(None),
            _ => Err(error),
        }
    }

    /// Takes the token that an answer brings in place of the one that its request was sent with, if that is still the current one.
    pub(super) fn roll(&self, session: &Held<H>, response: &Response<H::Value>) {
        if !self.config.dialect.rolls() {
            return;
        }
        let now = self.host.now();
        let Some((token, expires_at)) = response.renewed(&self.config.dialect, now) else {
            return;
        };
        let token = self.config.dialect.succeeding(&session.token, token);
        self.recall_now();
        let current = self.cache.session();
        let is_current = |current: &Held<H>| current.is(session) && !current.token.is(&token);
        if let Some(current) = current.filter(is_current) {
            if self.verdict.get() == Some(Verdict::Refused) {
                self.verdict.set(None); // it was about the token before
            }
            let session = Rc::new(current.with_token(token, now, expires_at));
            if self.keep(&State::Active(current), &session) {
                self.host.changed(Change::Renewed(session));
            }
        }
    }
}

/// What a request about a session is filled with.
pub(super) fn refresh_of<V: crate::Payload>(session: &Session<V>) -> Holes<V> {
    let refresh = session.refresh.as_ref();
    let refresh = refresh.map_or_else(V::null, |refresh| V::text(refresh.secret()));
    Holes::new().with(REFRESH, refresh)
}

fn same_refresh<V: crate::Payload>(a: &Session<V>, b: &Session<V>) -> bool {
    let both = a.refresh.as_ref().zip(b.refresh.as_ref());
    both.is_some_and(|(a, b)| a.is(b))
}
