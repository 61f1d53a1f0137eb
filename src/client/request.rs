//! Requests that sign in by themselves, once.

use std::rc::Rc;

use super::confirm::Verdict;
use super::login::Renewal;
use super::outgoing::{Auth, Outgoing};
use super::{Held, LoginMode};
use crate::cache::Sync;
use crate::dialect::{Answer, Outcome};
use crate::error::failed;
use crate::session::{Session, Via, is_recent};
use crate::{Api, Asked, Host, LoginClient, LoginError, Result, Timestamp};

/// A request as it is under way.
struct Sent<H: Host> {
    /// With whose token it was sent; `None` without one.
    session: Option<Held<H>>,
    /// Who was signed in when it was called, if not with whose token it was sent.
    meant: Option<Held<H>>,
    /// Its address.
    asked: Rc<Asked>,
    /// How the session may be renewed for it.
    renewal: Renewal,
}

impl<H: Host> LoginClient<H> {
    /// Sends a request, [`Api::Request`], uploads a file, [`Api::UploadFile`], or downloads one, [`Api::DownloadFile`], and gives
    /// the body of the answer, or where the file is. The options are those of `wx`, and the client's to change; `url` may be
    /// relative to the base URL.
    ///
    /// Only requests below the base URL carry the token. A request whose token the server refuses is sent once more, with the
    /// token of one login that all such requests share, and only if the user is still the same. What an address refuses although
    /// the server accepts the token elsewhere is the server's answer, not the end of the session.
    ///
    /// Fails with
    /// - [`LoginError::InvalidArgument`],
    /// - [`LoginError::Network`], [`LoginError::Timeout`] or [`LoginError::ServerError`]; none of them signs anybody out,
    /// - [`LoginError::BadResponse`] if the body is a text where the server's answers are objects,
    /// - [`LoginError::Rejected`] with the server's own words if only this address refuses the token, or if refusals of the business
    ///   reject,
    /// - [`LoginError::SignedOut`] if the session has ended and only the user may sign in,
    /// - [`LoginError::Storage`] if the server wants a user and it cannot be read who is signed in,
    /// - [`LoginError::SinglePage`] if the server wants a user in WeChat's single-page mode,
    /// - [`LoginError::UserChanged`] if somebody else has signed in meanwhile,
    /// - [`LoginError::LoggedOut`] if somebody has signed out before the request could be sent (again),
    /// - whatever the login failed with.
    pub async fn request(self: Rc<Self>, api: Api, options: H::Value) -> Result<H::Value> {
        Ok(self.answer_to(api, options).await?.body())
    }

    /// As [`LoginClient::request`], but gives `{data, status, headers, cookies}`.
    pub async fn request_full(self: Rc<Self>, options: H::Value) -> Result<H::Value> {
        Ok(self.answer_to(Api::Request, options).await?.full())
    }

    async fn answer_to(self: Rc<Self>, api: Api, options: H::Value) -> Result<Answer<H::Value>> {
        let outgoing = Outgoing::new(&self.config, api, options)?;
        self.recall_to_begin(Sync::Due)?;
        let mut meant = self.cache.session();
        match outgoing.auth {
            Auth::Optional => {}
            Auth::Required if meant.is_some() => {}
            Auth::Required => meant = Some(Rc::clone(&self).ensure_login(LoginMode::Silent).await?),
            Auth::None => meant = None,
        }
        let answer = match outgoing.ours && !outgoing.exempt {
            true => self.deliver(&outgoing, meant).await?,
            false => self.deliver_once(&outgoing, meant).await?,
        };
        if outgoing.rejects
            && let Some(refusal) = answer.refusal(&self.config.dialect)
        {
            return Err(refusal);
        }
        Ok(answer)
    }

    /// Sends as the user of `meant`; without one, as the user who signs in first.
    pub(super) async fn deliver(
        self: &Rc<Self>,
        outgoing: &Outgoing<H::Value>,
        meant: Option<Held<H>>,
    ) -> Result<Answer<H::Value>> {
        let logouts = self.logouts.get();
        let mut sent = self.ready(outgoing, meant, logouts).await?;
        let last = sent.renewal == Renewal::Refresh;
        let refusal = match self.attempt(outgoing, &mut sent.session, last).await? {
            Outcome::Answered(answer) => return Ok(answer),
            Outcome::Refused(refusal) => refusal,
        };
        sent.session = Some(self.after_refusal(&sent, refusal, logouts).await?);
        let from = self.host.now();
        let replayed = self.attempt(outgoing, &mut sent.session, true).await;
        let result = match replayed {
            Ok(Outcome::Answered(answer)) => Ok(answer),
            Ok(Outcome::Refused(refusal)) => {
                Err(self.after_second_refusal(&sent, refusal, logouts).await)
            }
            Err(error) => Err(error),
        };
        self.observe("replay", from, result.as_ref().err().map(Rc::as_ref));
        result
    }

    /// A request that leads to no login: to another server, or one that signs in or out by itself.
    pub(super) async fn deliver_once(
        &self,
        outgoing: &Outgoing<H::Value>,
        mut session: Option<Held<H>>,
    ) -> Result<Answer<H::Value>> {
        match self.attempt(outgoing, &mut session, true).await? {
            Outcome::Answered(answer) => Ok(answer),
            Outcome::Refused(refusal) => Err(refusal),
        }
    }

    /// The session to send a request with: after the first login, and renewed if it is over by the clock. That saves a round
    /// trip; where there is no new session, the server decides on the old one.
    async fn ready(
        self: &Rc<Self>,
        outgoing: &Outgoing<H::Value>,
        meant: Option<Held<H>>,
        logouts: u32,
    ) -> Result<Sent<H>> {
        self.first_login_ended().await;
        self.recall();
        let mut session = self.cache.session();
        if outgoing.renewal == Renewal::Any
            && session
                .as_ref()
                .is_some_and(|session| self.is_over(session))
        {
            let _ = self.renew(Renewal::Any).await;
            self.recall(); // another client may have signed in somebody else meanwhile
            session = self.cache.session();
        }
        self.nobody_left_since(logouts)?;
        same_user(meant.as_ref(), session.as_ref())?;
        Ok(Sent {
            meant: session.clone().or(meant),
            session,
            asked: Rc::clone(&outgoing.asked),
            renewal: outgoing.renewal,
        })
    }

    /// Whether a session is over by the clock, and can be renewed.
    fn is_over(self: &Rc<Self>, session: &Session<H::Value>) -> bool {
        !self.works(session) && self.renews_by_itself(session)
    }

    /// The session to send a request with once more, after its token was refused. Fails with what the request fails with if
    /// there is none.
    async fn after_refusal(
        self: &Rc<Self>,
        sent: &Sent<H>,
        refusal: Rc<LoginError>,
        logouts: u32,
    ) -> Result<Held<H>> {
        self.recall_now();
        if let Some(newer) = self.newer(sent, &refusal, logouts)? {
            return Ok(newer);
        }
        if let Some(session) = &sent.session {
            if self.is_doubtful(session, sent) {
                let confirmed = match self.is_confirmed(session) {
                    true => Verdict::Accepted,
                    false => self.confirm(session).await,
                };
                if let Some(newer) = self.newer(sent, &refusal, logouts)? {
                    return Ok(newer);
                }
                self.heed(session, confirmed, &refusal)?;
                if sent.renewal == Renewal::Refresh && self.outlives_token(session) {
                    self.verdict.set(Some(Verdict::Refused)); // whatever WeChat has said
                }
            }
            if !self.is_renewable(session) {
                self.end(session); // a login with WeChat could be somebody else's
            } else if session.is_brought_again() && session.is_young(self.host.now()) {
                return Err(refusal); // another login would bring it again
            }
        }
        let renewed = self.renew(sent.renewal).await;
        self.nobody_left_since(logouts)?;
        if let (Some(session), Err(error)) = (&sent.session, &renewed) {
            let is_over = match sent.renewal {
                Renewal::Any => error.forbids_silent_login() && self.needs_the_user(),
                Renewal::Refresh => {
                    let is_final =
                        matches!(**error, LoginError::SignedOut | LoginError::SinglePage);
                    is_final && !self.outlives_token(session)
                }
            };
            if is_over {
                self.end(session);
            }
        }
        let renewed = renewed?;
        same_user(sent.meant.as_ref(), Some(&renewed))?;
        self.is_renewal(sent, &renewed, &refusal)?;
        Ok(renewed)
    }

    /// The session that has taken the place of the one that a request was sent with.
    fn newer(
        &self,
        sent: &Sent<H>,
        refusal: &Rc<LoginError>,
        logouts: u32,
    ) -> Result<Option<Held<H>>> {
        self.recall();
        self.nobody_left_since(logouts)?;
        let Some(current) = self.cache.session() else {
            return Ok(None);
        };
        let is_same = sent
            .session
            .as_ref()
            .is_some_and(|session| session.is(&current));
        if is_same {
            return Ok(None);
        }
        same_user(sent.meant.as_ref(), Some(&current))?;
        self.is_renewal(sent, &current, refusal)?;
        Ok(Some(current))
    }

    /// Fails with the server's own words if a login has brought the very token that was refused: that is no renewal.
    fn is_renewal(
        &self,
        sent: &Sent<H>,
        renewed: &Held<H>,
        refusal: &Rc<LoginError>,
    ) -> Result<()> {
        match &sent.session {
            Some(session) if session.same_token(renewed) => {
                self.suspect(renewed, &sent.asked.path);
                Err(Rc::clone(refusal))
            }
            _ => Ok(()),
        }
    }

    /// Remembers that an address has refused a token that a login had just brought.
    fn suspect(&self, session: &Session<H::Value>, path: &str) {
        let suspicion = (session.token.clone(), path.to_owned());
        self.suspicion.replace(Some(suspicion));
    }

    /// Whether a refusal may be about the address alone: so soon after a login, after the server has confirmed the token once, if
    /// the address has refused a new token before, and for whom no login can follow: an account, and what must not sign in.
    /// Of a session that has ended since, nothing more is asked.
    fn is_doubtful(&self, session: &Session<H::Value>, sent: &Sent<H>) -> bool {
        if !self.cache.holds(session) {
            return false;
        }
        let suspicion = self.suspicion.borrow();
        session.is_young(self.host.now())
            || sent.renewal == Renewal::Refresh
            || session.via != Via::Weixin
            || self.confirmed_at(session).is_some()
            || suspicion.as_ref().is_some_and(|(token, refused)| {
                token.is(&session.token) && *refused == sent.asked.path
            })
    }

    /// When the server has said last that it accepts the token of `session`.
    fn confirmed_at(&self, session: &Session<H::Value>) -> Option<Timestamp> {
        let confirmed = self.confirmed.borrow();
        let (token, at) = confirmed.as_ref()?;
        token.is(&session.token).then_some(*at)
    }

    /// Whether that was so lately that it is not asked again.
    fn is_confirmed(&self, session: &Session<H::Value>) -> bool {
        let now = self.host.now();
        self.confirmed_at(session)
            .is_some_and(|at| is_recent(at, now))
    }

    /// Fails with the server's own words unless the server refuses the token itself.
    fn heed(
        &self,
        session: &Session<H::Value>,
        confirmed: Verdict,
        refusal: &Rc<LoginError>,
    ) -> Result<()> {
        match confirmed {
            Verdict::Refused => Ok(()),
            // Nothing else could tell: an older token of an account is believed to have ended.
            Verdict::NotOffered
                if session.via != Via::Weixin && !session.is_young(self.host.now()) =>
            {
                Ok(())
            }
            Verdict::Accepted => {
                if !self.is_confirmed(session) {
                    let confirmed = (session.token.clone(), self.host.now());
                    self.confirmed.replace(Some(confirmed));
                }
                Err(Rc::clone(refusal))
            }
            Verdict::NotOffered | Verdict::KeyOver | Verdict::Unknown => Err(Rc::clone(refusal)),
        }
    }

    /// Why a request fails that was refused with a renewed token, too. More logins would not help, and must not follow one
    /// another: all requests that were refused with that token are one failed login.
    async fn after_second_refusal(
        self: &Rc<Self>,
        sent: &Sent<H>,
        refusal: Rc<LoginError>,
        logouts: u32,
    ) -> Rc<LoginError> {
        let renewed = match &sent.session {
            Some(renewed) if sent.renewal == Renewal::Any => renewed,
            _ => return refusal,
        };
        let confirmed = self.confirm(renewed).await;
        if let Err(error) = self.nobody_left_since(logouts) {
            return error;
        }
        if let Err(error) = self.heed(renewed, confirmed, &refusal) {
            self.suspect(renewed, &sent.asked.path); // so that its next refusal makes no login
            return error;
        }
        let signed_out = failed(LoginError::SignedOut);
        if self.cache.holds(renewed) {
            let (now, chance) = (self.host.now(), self.host.chance());
            self.cool_down.failed(now, chance, Rc::clone(&signed_out));
            self.end(renewed);
        }
        match self.cache.session() {
            Some(_) => refusal, // somebody has signed in again meanwhile
            None => signed_out,
        }
    }
}

/// Fails if a request that was meant for one user would go out as another.
pub(super) fn same_user<V: crate::Payload>(
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
