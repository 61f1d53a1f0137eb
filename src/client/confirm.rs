//! Asking the server whether it still accepts a token.

use std::rc::Rc;

use crate::dialect::{Holes, Outcome, Purpose};
use crate::flight::Key;
use crate::session::{Session, Token};
use crate::{Host, LoginClient, LoginError, Result};

/// What was found out about a session: by the server about its token, or by WeChat about its `session_key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused,
    /// WeChat's `session_key` is over, whatever the server thinks of the token: only a login brings another.
    KeyOver,
    /// The server has nothing that could be asked, or refuses to answer for a reason of its own.
    NotOffered,
    /// No answer, or one that says nothing. It signs nobody out.
    Unknown,
}

impl Verdict {
    /// Whether `check_login` says no, and `ensure_login` has to renew the session.
    pub(super) fn is_denial(self) -> bool {
        matches!(self, Verdict::Refused | Verdict::KeyOver)
    }

    /// What the failure of the question says: nothing, unless the address itself refuses to answer.
    fn of(error: &LoginError) -> Self {
        let status = match error {
            LoginError::Rejected {
                status: 200..=299,
                errno: Some(errno),
                ..
            } => errno.number().unwrap_or_default(),
            LoginError::Rejected { status, .. } | LoginError::ServerError { status, .. } => *status,
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
    /// Asks the server with the token of `session`; callers of the same token share one request.
    pub(super) async fn confirm(self: &Rc<Self>, session: &Rc<Session<H::Value>>) -> Verdict {
        let work = Rc::clone(self).ask(Rc::clone(session));
        let answered = self
            .confirmation
            .run(&self.host, session.token.clone(), Box::pin(work));
        answered.await.unwrap_or(Verdict::Unknown)
    }

    async fn ask(self: Rc<Self>, session: Rc<Session<H::Value>>) -> Result<Verdict> {
        let dialect = &self.config.dialect;
        let purposes = [Purpose::Check, Purpose::User].into_iter();
        let Some(purpose) = purposes.into_iter().find(|purpose| dialect.has(*purpose)) else {
            return Ok(Verdict::NotOffered);
        };
        let (holes, token) = (Holes::new(), Some(&session.token));
        let asked = self.send_ours(purpose, &holes, token, self.config.timeout);
        let Ok(response) = asked.await else {
            return Ok(Verdict::Unknown);
        };
        self.roll(&session, &response);
        Ok(match response.outcome(dialect) {
            Ok(Outcome::Refused(_)) => Verdict::Refused,
            Ok(Outcome::Answered(answer)) => match answer.done(dialect) {
                Ok(()) => Verdict::Accepted,
                Err(error) => Verdict::of(&error),
            },
            Err(error) => Verdict::of(&error),
        })
    }
}
