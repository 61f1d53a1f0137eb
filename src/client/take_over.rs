//! A session that another program has left, such as a tutorial's code in its two storage keys.

use std::rc::Rc;

use super::outgoing::argument;
use crate::record::State;
use crate::session::{Session, Token};
use crate::{Change, Host, LoginClient, Primitives, Result};

impl<H: Host> LoginClient<H> {
    /// Takes over a token that the client has not brought itself, with the user's fields beside it; gives whether it did.
    ///
    /// Only the server knows when such a token ends. It is not taken over if it is the current one, the one that the current one
    /// has replaced, or the one of the session that has ended, nor while the storage cannot be read. Once the server refuses it, a
    /// silent login takes its place only if the server names the same user.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument) without a token.
    pub fn take_over(&self, token: String, user_info: Option<H::Value>) -> Result<bool> {
        let Some(token) = Token::new(token) else {
            return argument("token", "must be a text that is not empty");
        };
        self.recall_now();
        if self.is_known(&token) {
            return Ok(false);
        }
        let user_info = user_info.filter(|user_info| user_info.is_object());
        let user_info = user_info.unwrap_or_else(H::Value::object);
        let session = Session::taken_over(token, self.identity_of(&user_info), user_info);
        let session = Rc::new(session);
        self.switches.set(self.switches.get().wrapping_add(1));
        self.verdict.set(None);
        self.check.let_go();
        self.cache.accept_seen(); // the page has signed somebody in: that is no less than a tap
        let _ = self.store(State::Active(Rc::clone(&session)));
        self.host.changed(Change::SignedIn(session));
        Ok(true)
    }

    fn is_known(&self, token: &Token) -> bool {
        let hash = token.hash();
        match self.cache.state() {
            State::Unknown => true,
            State::Absent => false,
            State::Active(session) => session.token.is(token) || session.replaces(hash),
            State::Ended(ended) => ended.knew(hash),
        }
    }
}
