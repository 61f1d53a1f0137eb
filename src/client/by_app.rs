//! A login by the app's own function, `login` of its dialect.

use std::rc::Rc;
use std::time::Duration;

use super::outgoing::Outgoing;
use crate::dialect::{Answer, Holes, Response};
use crate::error::failed;
use crate::{Host, HostFailure, LoginClient, LoginError, Primitives, Result};

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
}

/// The app's own function that signs requests, as an error names it.
pub(super) const SIGN: &str = "dialect.sign";

#[cold]
pub(super) fn late(failure: HostFailure) -> Rc<LoginError> {
    failed(LoginError::Timeout(failure, None))
}

#[cold]
pub(super) fn hook_failed(function: &'static str, problem: &'static str) -> Rc<LoginError> {
    failed(LoginError::Hook { function, problem })
}
