//! Asking the server whether it still accepts a token.

use std::rc::Rc;

use crate::config::Endpoint;
use crate::flight::Key;
use crate::protocol::{self, Outcome, Response};
use crate::session::{Session, Token};
use crate::{Host, Lane, LoginClient, LoginError, Payload, Result};

/// What was found out about a session: by the server about its token, or by WeChat about its `session_key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused,
    /// The server has nothing that could be asked, or refuses to answer for a reason of its own.
    NotOffered,
    /// No answer, or one that says nothing. It signs nobody out.
    Unknown,
}

impl Verdict {
    /// What the failure of the question says. One that may be over the next time says nothing.
    fn of(error: &LoginError) -> Self {
        match error {
            LoginError::Rejected { errno, .. } if !is_temporary(errno.unwrap_or_default()) => {
                Verdict::NotOffered
            }
            LoginError::ServerError { status } if !is_temporary(*status) => Verdict::NotOffered,
            _ => Verdict::Unknown,
        }
    }
}

/// Whether a status, or a number of the server's that is taken from one, is about the moment: too many requests, or a server
/// that fails.
fn is_temporary(status: i32) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502..=599)
}

impl Key for Token {
    fn shares(&self, running: &Self) -> bool {
        self.is(running)
    }
}

impl<H: Host> LoginClient<H> {
    /// Asks `info` with the token of `session`; callers of the same token share one request.
    pub(super) async fn confirm(self: &Rc<Self>, session: &Session<H::Value>) -> Verdict {
        let work = Rc::clone(self).ask_info(session.token.clone());
        let answered = self
            .confirmation
            .run(&self.host, session.token.clone(), Box::pin(work));
        answered.await.unwrap_or(Verdict::Unknown)
    }

    async fn ask_info(self: Rc<Self>, token: Token) -> Result<Verdict> {
        let mut options: H::Value = protocol::post(&self.config.url(Endpoint::Info), None);
        options.set_text("method", "GET");
        let options = protocol::with_token(&self.config, &options, Some(&token));
        let answer = self
            .host
            .request(options, self.config.timeout, Lane::Session)
            .await;
        let Ok(answer) = answer else {
            return Ok(Verdict::Unknown);
        };
        Ok(match Response::new(&answer).outcome(&self.config) {
            Ok(Outcome::Refused(_)) => Verdict::Refused,
            Ok(Outcome::Answered(answer)) => match answer.done(&self.config) {
                Ok(()) => Verdict::Accepted,
                Err(error) => Verdict::of(&error),
            },
            Err(error) => Verdict::of(&error),
        })
    }
}
