//! Signing in with an account and a password.

use std::rc::Rc;

use super::login::{Credentials, LoginKey};
use super::outgoing::required;
use crate::dialect::Purpose;
use crate::{Host, LoginClient, Payload, Primitives, Result};

impl<H: Host> LoginClient<H> {
    /// Signs in with `{username, password}` and gives the server's whole answer. A second call with the same account while
    /// the first runs shares it; any other login waits for its turn.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument), with
    /// [`LoginError::Rejected`](crate::LoginError::Rejected) (code `wrong_password`), or as any login does.
    pub async fn login_by_account(self: Rc<Self>, account: H::Value) -> Result<H::Value> {
        let key = key("login", &account)?;
        let credentials = Credentials::account(Purpose::AccountLogin, account);
        self.sign_in(key, credentials).await
    }

    /// Creates an account with `{username, password, mobile?, code?}`, signs in with it, and gives the server's whole answer.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument), with
    /// [`LoginError::Rejected`](crate::LoginError::Rejected) (codes `name_taken`, `bad_mobile`), or as any login does.
    pub async fn register(self: Rc<Self>, account: H::Value) -> Result<H::Value> {
        let key = key("register", &account)?;
        let credentials = Credentials::account(Purpose::Register, account);
        self.sign_in(key, credentials).await
    }

    /// Signs in with what a `getPhoneNumber` button gave: `{phoneCode}`, or `{encryptedData, iv}`. Gives the server's whole answer.
    ///
    /// A new code of `wx.login` may end the key that the encrypted data belongs to: with a `code` that the app has taken before the tap,
    /// none is taken here.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument), or as any login does.
    pub async fn login_by_phone(self: Rc<Self>, given: H::Value) -> Result<H::Value> {
        if given.full_text_at("phoneCode").is_none() {
            required(&given, "encryptedData")?;
            required(&given, "iv")?;
        }
        if given.get("code").is_some() {
            required(&given, "code")?;
        }
        let key = LoginKey::Account {
            purpose: "phone",
            account: given.to_json(),
        };
        self.sign_in(key, Credentials::phone(&given)).await
    }

    /// Signs in with WeChat and binds the account `{username, password}` to the WeChat user, in one request.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument), with
    /// [`LoginError::Rejected`](crate::LoginError::Rejected) (codes `wrong_password`, `weixin_bound_elsewhere`,
    /// `account_bound_elsewhere`), or as any login does.
    pub async fn bind_account(self: Rc<Self>, account: H::Value) -> Result<H::Value> {
        let key = key("bind", &account)?;
        let credentials = Credentials::bound_account(account);
        self.sign_in(key, credentials).await
    }
}

/// What tells one account's login from another's; checks the account.
fn key<V: Payload>(purpose: &'static str, account: &V) -> Result<LoginKey> {
    required(account, "username")?;
    required(account, "password")?;
    Ok(LoginKey::Account {
        purpose,
        account: account.to_json(),
    })
}
