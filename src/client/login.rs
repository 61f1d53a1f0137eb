//! Signing in: credentials go to the server, and a session comes back.

use std::rc::Rc;

use super::confirm::Verdict;
use super::outgoing::argument;
use crate::cache::Sync;
use crate::dialect::{Answer, Grant, Holes, Purpose};
use crate::error::failed;
use crate::flight::Key;
use crate::record::{Ended, State};
use crate::session::{Identity, Session, Token, Via};
use crate::{
    Api, Host, HostFailure, LoginClient, LoginError, Payload, Primitives, Result, Timestamp,
};

/// Which logins are one: whoever wants the same shares the one that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoginKey {
    /// With a code of `wx.login`, and a profile's JSON text.
    Weixin { profile: Option<String> },
    /// Another token for the session that is there.
    Renewal(Renewal),
    /// With an account, whose JSON text this is.
    Account {
        purpose: &'static str,
        account: Option<String>,
    },
}

impl LoginKey {
    fn is_of_weixin(&self) -> bool {
        matches!(self, LoginKey::Weixin { .. })
    }

    /// Whether a renewal, by a refresh or else with WeChat, fails with it.
    pub(super) fn fails_renewal(&self, by_refresh: bool) -> bool {
        match self {
            LoginKey::Renewal(renewal) => by_refresh || *renewal == Renewal::Any,
            _ => !by_refresh && self.is_of_weixin(),
        }
    }
}

/// How a session may be renewed without the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// By a refresh, or with WeChat if there is no other way.
    Any,
    /// By a refresh alone.
    Refresh,
}

impl Key for LoginKey {
    /// A login without a profile shares any of the WeChat user; one with a profile only shares its equal, so that the profile
    /// reaches the server.
    fn shares(&self, running: &Self) -> bool {
        match self {
            LoginKey::Weixin { profile: None } => running.is_of_weixin(),
            _ => self == running,
        }
    }
}

/// What a login shows the server.
#[derive(Clone)]
pub(super) struct Credentials<V> {
    purpose: Purpose,
    /// What the request is filled with. A login with WeChat puts a code of `wx.login` there.
    holes: Holes<V>,
    via: Via,
    /// Whether there is a profile: then the server's answer is the whole user.
    with_profile: bool,
    /// How, if the user has not asked for it.
    silent: Option<Renewal>,
}

impl<V: Payload> Credentials<V> {
    /// A code of `wx.login`, with or without a profile.
    pub(super) fn weixin(profile: Option<V>) -> Self {
        Credentials {
            purpose: Purpose::Login,
            with_profile: profile.is_some(),
            holes: Holes::new().with("userInfo", profile.unwrap_or_else(V::object)),
            via: Via::Weixin,
            silent: None,
        }
    }

    /// A code of `wx.login` without a profile, for a login that the user has not asked for.
    fn silent(renewal: Renewal) -> Self {
        Credentials {
            silent: Some(renewal),
            ..Self::weixin(None)
        }
    }

    /// What the phone's button gave. The login puts a code of `wx.login` there, if the server wants one, and what an unfinished
    /// login has answered.
    pub(super) fn phone(given: &V) -> Self {
        let mut holes = Holes::new()
            .with("phone", given.clone())
            .with("userInfo", V::object());
        for name in ["phoneCode", "encryptedData", "iv", "code"] {
            holes = holes.with(name, given.get(name).unwrap_or_else(V::null));
        }
        Credentials {
            purpose: Purpose::PhoneLogin,
            holes,
            via: Via::Phone,
            with_profile: true,
            silent: None,
        }
    }

    /// A code of `wx.login`, and an account to be bound to the WeChat user.
    pub(super) fn bound_account(account: V) -> Self {
        let weixin = Self::weixin(None);
        Credentials {
            purpose: Purpose::BindAccount,
            holes: with_account(weixin.holes, account),
            ..weixin
        }
    }

    /// An account and its password.
    pub(super) fn account(purpose: Purpose, account: V) -> Self {
        Credentials {
            purpose,
            holes: with_account(Holes::new(), account),
            via: Via::Account,
            with_profile: true,
            silent: None,
        }
    }

    /// Whether the user has not asked for it.
    fn is_silent(&self) -> bool {
        self.silent.is_some()
    }

    /// Whether its failure says something about the WeChat user's next login. A refused account does not, nor does what
    /// other clients have done meanwhile, nor a login that only the user can finish.
    fn is_of_weixin_user(&self, error: &LoginError) -> bool {
        let about_account = self.purpose == Purpose::BindAccount && error.is_of_account();
        let about_meanwhile = matches!(
            error,
            LoginError::LoggedOut
                | LoginError::UserChanged
                | LoginError::SignedOut
                | LoginError::Storage(_)
                | LoginError::Unfinished { .. }
        );
        self.via == Via::Weixin && !about_meanwhile && !about_account
    }
}

fn with_account<V: Payload>(holes: Holes<V>, account: V) -> Holes<V> {
    let field = |name| account.get(name).unwrap_or_else(V::null);
    let (username, password) = (field("username"), field("password"));
    let holes = holes.with("username", username).with("password", password);
    holes.with("account", account)
}

/// What has to be as it was when a login began, for its session to be adopted.
pub(super) struct Begun {
    at: Timestamp,
    pub(super) logouts: u32,
    switches: u32,
    replacements: u32,
    /// Whether the storage could not be read.
    unread: bool,
}

impl<H: Host> LoginClient<H> {
    /// Signs in: a code of `wx.login` and the profile, if there is one, go to the server; its session is stored.
    /// Gives the server's whole answer.
    ///
    /// Callers without a profile share the login with WeChat that is under way. A login with a profile is shared by callers with
    /// an equal one, and runs after any other.
    ///
    /// Fails with
    /// - [`LoginError::InvalidArgument`] if `user_info` is no object,
    /// - [`LoginError::WxLogin`] or [`LoginError::Timeout`] if WeChat gives no code,
    /// - [`LoginError::Network`], [`LoginError::Timeout`], [`LoginError::ServerError`], [`LoginError::BadResponse`] or
    ///   [`LoginError::Rejected`] if the server gives no session; where an answer may only have been lost, after a second
    ///   try with a new code,
    /// - [`LoginError::UserChanged`] if another client of the same storage key has signed in another user meanwhile,
    /// - [`LoginError::SinglePage`] in WeChat's single-page mode,
    /// - [`LoginError::LoggedOut`] if `logout()` was called in between.
    ///
    /// What was there before stays as it was then. A session that cannot be stored holds for this run: `persisted` is false.
    pub async fn login_by_weixin(self: Rc<Self>, user_info: Option<H::Value>) -> Result<H::Value> {
        let profile = match &user_info {
            Some(user_info) if !user_info.is_object() => {
                return argument("userInfo", "must be an object");
            }
            Some(user_info) => user_info.to_json(),
            None => None,
        };
        let key = LoginKey::Weixin { profile };
        self.sign_in(key, Credentials::weixin(user_info)).await
    }

    /// The login with WeChat that is under way, or a new one that the user has not asked for.
    pub(super) async fn sign_in_silently(self: &Rc<Self>, renewal: Renewal) -> Result<H::Value> {
        let key = match self.refreshes(renewal) {
            true => LoginKey::Renewal(renewal),
            false => LoginKey::Weixin { profile: None },
        };
        let work = Rc::clone(self).exchange(Credentials::silent(renewal));
        self.login.run(&self.host, key, Box::pin(work)).await
    }

    /// Whether a renewal begins with a refresh.
    pub(super) fn refreshes(&self, renewal: Renewal) -> bool {
        let session = self.cache.session();
        renewal == Renewal::Refresh || session.is_some_and(|session| self.prefers_refresh(&session))
    }

    /// The login under way that `key` shares, or a new one after it, as the user has asked for it.
    pub(super) async fn sign_in(
        self: Rc<Self>,
        key: LoginKey,
        credentials: Credentials<H::Value>,
    ) -> Result<H::Value> {
        if self.host.is_single_page() {
            return Err(failed(LoginError::SinglePage));
        }
        if self.login.running().is_none() {
            self.recall_to_begin(Sync::Now)?; // a logout elsewhere, before this call, does not end it
        }
        let logouts = self.logouts.get();
        loop {
            let work = Rc::clone(&self).exchange(credentials.clone());
            let answer = self.login.run(&self.host, key.clone(), Box::pin(work));
            match answer.await {
                // What the user asks for may share a silent login, but not that it was not allowed.
                Err(error) if error.forbids_silent_login() => self.nobody_left_since(logouts)?,
                answer => return Ok(answer?.copy()), // each caller has its own
            }
        }
    }

    /// Exchanges the credentials for a session. A silent login looks once more whether it may, now that it is its turn.
    async fn exchange(self: Rc<Self>, mut credentials: Credentials<H::Value>) -> Result<H::Value> {
        let logouts = self.logouts.get();
        self.recall();
        self.nobody_left_since(logouts)?;
        if credentials.is_silent() {
            self.may_sign_in_silently()?;
        }
        let begun = Begun {
            at: self.host.now(),
            logouts,
            switches: self.switches.get(),
            replacements: self.replacements.get(),
            unread: !self.cache.is_readable(),
        };
        if let Some(unfinished) = self.unfinished.borrow().clone() {
            credentials.holes = credentials.holes.and("unfinished", unfinished);
        }
        let refreshed = match credentials.silent {
            Some(_) => self.refreshed(&begun).await,
            None => Ok(None),
        };
        let (result, cool_down) = match refreshed {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) if credentials.silent == Some(Renewal::Refresh) => {
                return Err(failed(LoginError::SignedOut));
            }
            Ok(None) => {
                let held_off = self.cool_down.error(self.host.now());
                if let Some(error) = held_off.filter(|_| credentials.is_silent()) {
                    return Err(error);
                }
                let result = self.exchange_with_retry(&mut credentials, &begun).await;
                (result, &self.cool_down)
            }
            Err(error) => (Err(error), &self.refresh_cool_down),
        };
        if let Err(error) = &result
            && credentials.is_of_weixin_user(error)
            && (credentials.is_silent() || !self.is_by_the_user())
        {
            cool_down.failed(self.host.now(), self.host.chance(), Rc::clone(error));
        }
        result
    }

    /// Whether a user is signed in who is no affair of WeChat's logins.
    fn is_by_the_user(&self) -> bool {
        let session = self.cache.session();
        session.is_some_and(|session| matches!(session.via, Via::Account | Via::Phone))
    }

    /// A code works once: where the answer may have been lost, a second one is sent.
    async fn exchange_with_retry(
        &self,
        credentials: &mut Credentials<H::Value>,
        begun: &Begun,
    ) -> Result<H::Value> {
        let has_code = credentials.holes.all().get("code").is_some(); // the app has taken it before the tap
        if has_code || !self.config.dialect.needs_code(credentials.purpose) {
            return self.exchange_once(credentials, begun).await;
        }
        self.take_code(credentials).await?;
        let wants_new_code = |error: &LoginError| {
            credentials.via == Via::Weixin
                && !self.config.dialect.is_by_app(credentials.purpose) // which can ask for one itself
                && error.wants_new_code()
                && !self.is_forbidden(credentials)
        };
        match self.exchange_once(credentials, begun).await {
            Err(error) if wants_new_code(&error) => {
                self.take_code(credentials).await?;
                self.exchange_once(credentials, begun).await
            }
            result => result,
        }
    }

    async fn take_code(&self, credentials: &mut Credentials<H::Value>) -> Result<()> {
        let code = H::Value::text(&self.code().await?);
        credentials.holes = credentials.holes.and("code", code);
        if self.is_forbidden(credentials) {
            return Err(failed(LoginError::SignedOut));
        }
        Ok(())
    }

    /// Whether only the user may sign in, and has not asked for this.
    fn is_forbidden(&self, credentials: &Credentials<H::Value>) -> bool {
        credentials.is_silent() && self.needs_the_user()
    }

    async fn exchange_once(
        &self,
        credentials: &Credentials<H::Value>,
        begun: &Begun,
    ) -> Result<H::Value> {
        let from = self.host.now();
        let granted = self.granted(credentials, from).await;
        if let Err(error) = &granted
            && let LoginError::Unfinished { body, .. } = &**error
        {
            let body = body.as_deref().and_then(H::Value::from_json);
            self.unfinished.replace(body);
        }
        let result = granted
            .and_then(|(answer, grant)| self.signed_in(answer, grant, credentials, from, begun));
        self.observe("exchange", from, result.as_ref().err().map(Rc::as_ref));
        result
    }

    /// What the server gives for the credentials, with the user, if that is asked for apart.
    async fn granted(
        &self,
        credentials: &Credentials<H::Value>,
        from: Timestamp,
    ) -> Result<(Answer<H::Value>, Grant<H::Value>)> {
        let dialect = &self.config.dialect;
        let purpose = credentials.purpose;
        let answer = match dialect.is_by_app(purpose) {
            true => self.answer_by_app(&credentials.holes).await?,
            false => {
                self.ask_to_sign_in(purpose, &credentials.holes, None)
                    .await?
            }
        };
        let mut grant = answer.grant(dialect, from)?;
        if dialect.has(Purpose::User) {
            let answer = self
                .ask_to_sign_in(Purpose::User, &Holes::new(), Some(&grant.token))
                .await?;
            grant.user = Some(answer.user(dialect)?);
            if let Some((token, expires_at)) = answer.response().renewed(dialect, from) {
                (grant.token, grant.expires_at) = (token, expires_at);
            }
        }
        Ok((answer, grant))
    }

    pub(super) async fn ask_to_sign_in(
        &self,
        purpose: Purpose,
        holes: &Holes<H::Value>,
        token: Option<&Token>,
    ) -> Result<Answer<H::Value>> {
        let response = self
            .send_ours(purpose, holes, token, self.config.timeout)
            .await?;
        response.login_answer(&self.config.dialect)
    }

    /// A code of `wx.login`. It works once and for 5 minutes, so it is never kept. WeChat limits how often it is asked for.
    pub(super) async fn code(&self) -> Result<String> {
        let wait = self.login_rate.wait(self.host.now());
        if !wait.is_zero() {
            self.host.sleep(wait).await;
        }
        let from = self.host.now();
        self.login_rate.begin(from);
        let answer = self.host.login(self.config.timeout).await;
        let code = match answer {
            Ok(answer) => answer.full_text_at("code").ok_or_else(|| {
                failed(LoginError::WxLogin(HostFailure {
                    err_msg: "login:ok, but without a code".to_owned(),
                    errno: None,
                }))
            }),
            Err(failure) => Err(LoginError::of_call(Api::Login, failure, &[], None)),
        };
        self.observe("login", from, code.as_ref().err().map(Rc::as_ref));
        code
    }

    /// Keeps the session that the server, asked at `from`, has answered with.
    fn signed_in(
        &self,
        answer: Answer<H::Value>,
        grant: Grant<H::Value>,
        credentials: &Credentials<H::Value>,
        from: Timestamp,
        begun: &Begun,
    ) -> Result<H::Value> {
        let user_info = grant.user.unwrap_or_else(H::Value::object);
        let mut session = Session::new(
            grant.token,
            self.identity_of(&user_info),
            user_info,
            credentials.via,
            from,
            grant.expires_at,
        );
        session.refresh = grant.refresh;
        self.recall_now();
        // A logout gives this work up; but a listener, or a getter of the answer, may sign out in the middle of a step,
        // which goes on to its end.
        self.nobody_left_since(begun.logouts)?;
        if credentials.is_silent() {
            self.may_sign_in_silently()?;
        }
        match self.cache.state() {
            State::Active(current) if current.same_user(&session) => {
                let replaced = self.replacements.get() != begun.replacements;
                if replaced && current.issued_at > from {
                    self.verdict.set(Some(Verdict::Accepted)); // as of any login that ends well
                    return Ok(answer.body()); // another client has a newer token already
                }
                if !credentials.with_profile {
                    session = session.of_known_user(&current.user_info);
                }
                session.identity = session.identity.or_else(|| current.identity.clone());
            }
            State::Ended(Ended {
                user: Some(user), ..
            }) if !credentials.with_profile && session.may_be(user.identity.as_ref()) => {
                session = session.of_known_user(&user.user_info);
                session.identity = session.identity.or(user.identity);
            }
            state => self.may_replace(state.session(), credentials, begun)?,
        }
        let unseen = begun.unread && self.replacements.get() != begun.replacements;
        self.adopt(session, !credentials.is_silent() && !begun.unread, unseen)?;
        Ok(answer.body())
    }

    /// Who has these fields.
    pub(super) fn identity_of(&self, user_info: &H::Value) -> Option<Identity> {
        let id = self.config.dialect.user_id.find(user_info)?;
        Identity::of(&id)
    }

    /// Fails if another user's session may not take the place of `current`.
    fn may_replace(
        &self,
        current: Option<&Rc<Session<H::Value>>>,
        credentials: &Credentials<H::Value>,
        begun: &Begun,
    ) -> Result<()> {
        let switched = self.switches.get() != begun.switches;
        // Who signs in on purpose replaces the user of any login that began before.
        let is_later = |current: &Rc<Session<H::Value>>| {
            current.via == Via::Unknown || current.issued_at >= begun.at
        };
        if switched && (credentials.is_silent() || current.is_some_and(is_later)) {
            return Err(failed(LoginError::UserChanged));
        }
        match current {
            // Whose session it is, is known by its identity alone.
            Some(current) if credentials.is_silent() && current.via == Via::Unknown => {
                self.end(current);
                Err(failed(LoginError::SignedOut))
            }
            _ => Ok(()),
        }
    }
}
