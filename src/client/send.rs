//! One request, once: signed, sent, and its answer read.

use std::time::Duration;

use super::Held;
use super::by_app::{SIGN, hook_failed, late};
use super::outgoing::Outgoing;
use super::request::same_user;
use crate::dialect::{Holes, Outcome, Purpose, Response};
use crate::session::Token;
use crate::{Host, LocalBoxFuture, LoginClient, Payload, Primitives, Result};

impl<H: Host> LoginClient<H> {
    /// Sends once, in its turn, with the token of `session` if there is one and it goes to our server. Where others have renewed the
    /// session meanwhile, `session` becomes the new one: what is refused is judged by the token that was sent. `last` says that no login
    /// follows a refusal.
    pub(super) async fn attempt(
        &self,
        outgoing: &Outgoing<H::Value>,
        session: &mut Option<Held<H>>,
        last: bool,
    ) -> Result<Outcome<H::Value>> {
        let logouts = self.logouts.get();
        let as_user = outgoing.is_as_user();
        let place = outgoing.waits.then(|| self.places.enter(as_user));
        if let Some(place) = &place {
            place.turn().await;
            if as_user {
                self.catch_up(session, last, logouts)?;
            }
        }
        let options = &outgoing.options;
        let options = match outgoing.ours {
            true => {
                let token = session.as_ref().map(|session| &session.token);
                let signed = self.signed(options, token, outgoing.timeout).await?;
                if as_user {
                    self.nobody_left_since(logouts)?;
                }
                signed
            }
            false => options.with_header(options.header()),
        };
        let sent = outgoing.send(&self.host, &self.config, options).await?;
        let response = outgoing.response(&sent);
        if let Some(session) = session.as_ref().filter(|_| outgoing.ours) {
            self.roll(session, &response);
        }
        outgoing.outcome(&self.config, response)
    }

    /// Makes `session` the one of this moment, after a wait. Fails if its user is no longer signed in, and no login may follow.
    fn catch_up(&self, session: &mut Option<Held<H>>, last: bool, logouts: u32) -> Result<()> {
        self.recall();
        self.nobody_left_since(logouts)?;
        let current = self.cache.session();
        same_user(session.as_ref(), current.as_ref())?;
        if session.is_some() {
            if current.is_none() && (last || self.needs_the_user()) {
                return Err(self.no_session());
            }
            *session = current;
        }
        Ok(())
    }

    /// Sends a request of the dialect's that the client makes by itself, at once.
    pub(super) fn send_ours<'a>(
        &'a self,
        purpose: Purpose,
        holes: &'a Holes<H::Value>,
        token: Option<&'a Token>,
        timeout: Duration,
    ) -> LocalBoxFuture<'a, Result<Response<H::Value>>> {
        Box::pin(async move {
            let mut outgoing = Outgoing::ours(&self.config, purpose, holes)?;
            outgoing.timeout = timeout;
            let options = self.signed(&outgoing.options, token, timeout).await?;
            let answer = outgoing.send(&self.host, &self.config, options).await?;
            Ok(outgoing.response(&answer))
        })
    }

    /// The options of a request to our server, with the constants, the token if there is one, and what the app's own function adds.
    pub(super) fn signed<'a>(
        &'a self,
        options: &H::Value,
        token: Option<&'a Token>,
        timeout: Duration,
    ) -> LocalBoxFuture<'a, Result<H::Value>> {
        let dialect = &self.config.dialect;
        let options = dialect.dressed(options, token);
        Box::pin(async move {
            if !dialect.signs {
                return Ok(options);
            }
            let mut given = options.merged(&H::Value::object());
            if let Some(token) = token {
                given.set_text("token", token.secret());
            }
            self.signing.set(true); // a function that goes on later is held to its time alone
            let reply = self.host.ask_app("sign", given, timeout);
            self.signing.set(false);
            match reply.await.map_err(late)?.get("done") {
                Some(signature) => dialect.with_signature(options, &signature),
                None => Err(hook_failed(SIGN, "has thrown, or gives nothing")),
            }
        })
    }
}
