//! Signing in with an account and a password.

use std::future::Future;
use std::rc::Rc;

use super::login::Proof;
use super::outgoing::required;
use crate::config::Endpoint;
use crate::{Host, LoginClient, Payload, Result, text};

impl<H: Host> LoginClient<H> {
    /// Signs in with `{username, password}` and gives the server's whole answer. A second call with the same account while
    /// the first runs shares it; any other login waits for its turn.
    ///
    /// Fails with [`InvalidArgument`](crate::LoginError::InvalidArgument), with [`Rejected`](crate::LoginError::Rejected) (code `wrong_password`), or as any login does.
    pub fn login_by_account(
        self: Rc<Self>,
        account: H::Value,
    ) -> impl Future<Output = Result<H::Value>> {
        let key = key("login", &account);
        self.sign_in(key, Proof::account(Endpoint::Login, account))
    }

    /// Creates an account with `{username, password, mobile?, code?}`, signs in with it, and gives the server's whole answer.
    ///
    /// Fails with [`InvalidArgument`](crate::LoginError::InvalidArgument), with [`Rejected`](crate::LoginError::Rejected) (codes `name_taken`, `bad_mobile`), or as any
    /// login does.
    pub fn register(self: Rc<Self>, account: H::Value) -> impl Future<Output = Result<H::Value>> {
        let key = key("register", &account);
        self.sign_in(key, Proof::account(Endpoint::Register, account))
    }

    /// Signs in with WeChat and binds the account `{username, password}` to the WeChat user, in one request.
    ///
    /// Fails with [`InvalidArgument`](crate::LoginError::InvalidArgument), with [`Rejected`](crate::LoginError::Rejected) (codes `wrong_password`,
    /// `weixin_bound_elsewhere`, `account_bound_elsewhere`), or as any login does.
    pub fn bind_account(
        self: Rc<Self>,
        account: H::Value,
    ) -> impl Future<Output = Result<H::Value>> {
        let key = key("bind", &account);
        self.sign_in(key, Proof::code(None, Some(account)))
    }
}

/// What tells one account's login from another's; checks the account.
fn key<V: Payload>(purpose: &str, account: &V) -> Result<String> {
    let username = required(account, "username")?;
    let password = required(account, "password")?;
    Ok(text::concat(&[purpose, "\n", &username, "\n", &password]))
}
