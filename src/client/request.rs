//! Requests that sign in by themselves, once.

use std::future::Future;
use std::rc::Rc;

use super::outgoing::Outgoing;
use crate::error::failed;
use crate::host::{Api, Lane};
use crate::protocol::{self, Answer};
use crate::session::{Session, Via};
use crate::{Host, LoginClient, LoginError, Payload, Result};

type Held<H> = Rc<Session<<H as Host>::Value>>;
type Answered<H> = Result<Answer<<H as Host>::Value>>;

impl<H: Host> LoginClient<H> {
    /// Sends a request, [`Api::Request`], or uploads a file, [`Api::UploadFile`], and gives the body of the answer. The
    /// options are those of `wx`, and the client's to change; `url` may be relative to the base URL.
    ///
    /// Only requests below the base URL carry the token. If the server says that the token is no longer accepted, one login
    /// is made for all requests that hear so, and each is sent once more, if the user is still the same.
    ///
    /// Fails with
    /// - [`LoginError::InvalidArgument`],
    /// - [`LoginError::Network`], [`LoginError::Timeout`] or [`LoginError::ServerError`]; none of them signs anybody out,
    /// - [`LoginError::BadResponse`] if the body is no object,
    /// - [`LoginError::SignedOut`] if the server says so a second time, or no login is possible,
    /// - [`LoginError::UserChanged`] if somebody else has signed in meanwhile,
    /// - [`LoginError::LoggedOut`] if `logout()` was called before the request could be sent (again),
    /// - whatever the login failed with.
    pub async fn request(self: Rc<Self>, api: Api, options: H::Value) -> Result<H::Value> {
        let outgoing = Outgoing::new(&self.config, api, options)?;
        Ok(self.deliver(&outgoing).await?.whole)
    }

    pub(super) async fn deliver(self: &Rc<Self>, outgoing: &Outgoing<H::Value>) -> Answered<H> {
        self.cache.load(&self.host);
        let logouts = self.logouts.get();
        let free = outgoing.exempt || !outgoing.ours;
        let before = self.cache.get();
        let mut session = before.clone();
        if !free {
            self.first_login_ended().await;
            session = self.cache.get();
            // A new one saves a round trip. If there is none to be had, the server shall say what it thinks of the old one.
            if session
                .as_ref()
                .is_some_and(|session| self.is_over(session))
                && let Ok(renewed) = self.renew().await
            {
                session = Some(renewed);
            }
        }
        self.nobody_left_since(logouts)?;
        same_user(before.as_ref(), session.as_ref())?;
        let answer = self.attempt(outgoing, session.as_ref()).await;
        match answer.and_then(|answer| outgoing.read(&self.config, &answer)) {
            Err(error) if error.is_signed_out() && !free => {}
            result => return result,
        }
        self.nobody_left_since(logouts)?;
        let refused = session.as_ref();
        let renewed = match self.successor(refused) {
            Some(known) => known?,
            None => self.renewed(refused, self.renew().await)?,
        };
        self.nobody_left_since(logouts)?;
        same_user(refused, Some(&renewed))?;
        let from = self.host.now();
        let answer = self.attempt(outgoing, Some(&renewed)).await;
        let result = answer.and_then(|answer| outgoing.read(&self.config, &answer));
        self.tell("replay", from, result.as_ref().err());
        if let Err(error) = &result
            && error.is_signed_out()
        {
            // A brand-new token refused: more logins would not help, and must not follow one another. All requests that were
            // refused with it are one failed login.
            if self.cache.holds(&renewed) {
                self.cool_down
                    .failed(self.host.now(), self.host.chance(), Rc::clone(error));
            }
            self.refused(&renewed);
        }
        result
    }

    /// Whether a session is over by the clock, and a login may take its place.
    fn is_over(self: &Rc<Self>, session: &Session<H::Value>) -> bool {
        !self.works(session) && session.via == Via::Weixin
    }

    /// The session to send a request with once more, after the token of `refused` was refused: the one that has taken its
    /// place. Fails if there is none and no login can bring one silently; gives `None` if one can.
    fn successor(&self, refused: Option<&Held<H>>) -> Option<Result<Held<H>>> {
        let newer = |current: &Held<H>| refused.is_none_or(|refused| !current.same_token(refused));
        if let Some(current) = self.cache.get().filter(newer) {
            return Some(Ok(current));
        }
        if self.left.get() || refused.is_some_and(|refused| refused.via == Via::Account) {
            if let Some(refused) = refused {
                self.refused(refused);
            }
            return Some(Err(failed(LoginError::SignedOut)));
        }
        None
    }

    /// The same for what a login has brought: if it has failed for good, `refused` is over.
    fn renewed(&self, refused: Option<&Held<H>>, login: Result<Held<H>>) -> Result<Held<H>> {
        if let (Err(error), Some(refused)) = (&login, refused)
            && error.is_final()
        {
            self.refused(refused);
        }
        login
    }

    /// Sends once, with the token of `session` if there is one and it goes to our server.
    fn attempt(
        &self,
        outgoing: &Outgoing<H::Value>,
        session: Option<&Held<H>>,
    ) -> impl Future<Output = Result<H::Value>> + use<H> {
        let token = session
            .filter(|_| outgoing.ours)
            .map(|session| &session.token);
        let options = protocol::with_token(&self.config, &outgoing.options, token);
        let answer = match outgoing.api {
            Api::UploadFile => self.host.upload(options, outgoing.timeout),
            _ => self.host.request(options, outgoing.timeout, Lane::App),
        };
        Self::answer_of(outgoing.api, answer)
    }
}

/// Fails if a request that was meant for one user would go out as another.
fn same_user<V: Payload>(
    meant: Option<&Rc<Session<V>>>,
    now: Option<&Rc<Session<V>>>,
) -> Result<()> {
    match (meant, now) {
        (Some(meant), Some(now)) if !Rc::ptr_eq(meant, now) && !meant.same_user(now) => {
            Err(failed(LoginError::UserChanged))
        }
        _ => Ok(()),
    }
}
