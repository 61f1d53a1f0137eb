//! Asking the server whether it still accepts a token.

use std::rc::Rc;

use crate::config::Endpoint;
use crate::flight::Key;
use crate::protocol::{self, Outcome, Response};
use crate::session::{Session, Token};
use crate::{Host, Lane, LoginClient, Payload, Result};

/// What was found out about a session: by the server about its token, or by WeChat about its `session_key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused,
    /// The server has nothing that could be asked: HTTP 404 or 405.
    NotOffered,
    /// No answer, or one that says nothing. It signs nobody out.
    Unknown,
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
            Ok(Outcome::Answered(answer)) if answer.done(&self.config).is_ok() => Verdict::Accepted,
            Err(error) if error.is_not_offered() => Verdict::NotOffered,
            _ => Verdict::Unknown,
        })
    }
}
