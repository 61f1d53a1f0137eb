//! What the app's own functions do, `login` and `sign` of its dialect.

use std::rc::Rc;
use std::time::Duration;

use super::outgoing::Outgoing;
use crate::dialect::{Answer, Holes, Purpose, Response};
use crate::error::failed;
use crate::session::Token;
use crate::{
    Api, Host, HostFailure, LocalBoxFuture, LoginClient, LoginError, Payload, Primitives, Result,
};

/// A login may take several steps: it has the time of two, but no more than this.
const LONGEST: Duration = Duration::from_secs(60);

impl<H: Host> LoginClient<H> {
    /// The answer to a login by the app's own function, which takes steps until it has one.
    pub(super) async fn answer_by_app(&self, holes: &Holes<H::Value>) -> Result<Answer<H::Value>> {
        self.failed_step.replace(None);
        let timeout = (self.config.timeout + self.config.timeout).min(LONGEST);
        let reply = self
            .host
            .ask_app("login", holes.all().clone(), timeout)
            .await;
        let reply = reply.map_err(late)?;
        match (reply.get("done"), self.failed_step.take()) {
            (Some(full), _) => Response::of_app(&full).login_answer(&self.config.dialect),
            (None, Some(error)) if reply.get("failed").is_some() => Err(error),
            _ => Err(hook_failed(
                "dialect.login",
                "has thrown, or gives no answer",
            )),
        }
    }

    /// Sends a request for the app's own login function, without a token, before all others that wait, and gives the answer as
    /// [`LoginClient::request_full`] does.
    ///
    /// Fails with [`LoginError::InvalidArgument`], also if it does not go to our server, or as any request without a token does.
    pub async fn send_for_app(self: Rc<Self>, options: H::Value) -> Result<H::Value> {
        let answer = match Outgoing::step(&self.config, options) {
            Ok(outgoing) => self.deliver_once(&outgoing, None).await,
            Err(error) => Err(error),
        };
        Ok(self.step(answer)?.full())
    }

    /// Another code of `wx.login` for the app's own login function.
    pub async fn code_for_app(self: Rc<Self>) -> Result<H::Value> {
        let code = self.code().await;
        Ok(H::Value::text(&self.step(code)?))
    }

    /// Remembers what a step has failed with: the login may end with that.
    fn step<T>(&self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.failed_step.replace(Some(Rc::clone(error)));
        }
        result
    }

    /// Sends a request of the dialect's that the client makes by itself.
    pub(super) fn send_ours<'a>(
        &'a self,
        purpose: Purpose,
        holes: &'a Holes<H::Value>,
        token: Option<&'a Token>,
        timeout: Duration,
    ) -> LocalBoxFuture<'a, Result<Response<H::Value>>> {
        let dialect = &self.config.dialect;
        Box::pin(async move {
            let options = dialect.options(purpose, holes)?;
            let options = self.signed(&options, token, timeout).await?;
            let answer = self.host.request(options, timeout).await;
            let asked = dialect.asked(purpose);
            match answer {
                Ok(answer) => Ok(Response::new(&answer, asked.as_ref())),
                Err(failure) => {
                    let roots = &dialect.roots;
                    Err(LoginError::of_call(
                        Api::Request,
                        failure,
                        roots,
                        asked.as_ref(),
                    ))
                }
            }
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
            let reply = self.host.ask_app("sign", given, timeout).await;
            match reply.map_err(late)?.get("done") {
                Some(signature) => dialect.with_signature(options, &signature),
                None => Err(hook_failed("dialect.sign", "has thrown, or gives nothing")),
            }
        })
    }
}

#[cold]
fn late(failure: HostFailure) -> Rc<LoginError> {
    failed(LoginError::Timeout(failure, None))
}

#[cold]
fn hook_failed(function: &'static str, problem: &'static str) -> Rc<LoginError> {
    failed(LoginError::Hook { function, problem })
}
