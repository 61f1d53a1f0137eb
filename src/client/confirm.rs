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
    /// What the failure of the question says: nothing, unless the address itself refuses to answer.
    fn of(error: &LoginError) -> Self {
        let status = match error {
            LoginError::Rejected { errno, .. } => errno.unwrap_or_default(),
            LoginError::ServerError { status } => *status,
            _ => 0,
        };
        match status {
            408 | 425 | 429 => Verdict::Unknown, // another time, perhaps
            400..=499 | 501 => Verdict::NotOffered,
            _ => Verdict::Unknown,
        }
    }
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
