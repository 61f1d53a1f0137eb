//! The one error type that leaves the client.

use std::rc::Rc;

use thiserror::Error;

use crate::{Api, Payload, text};

/// What the client gives, or why not. An error is handed on as one word, whatever it holds, and to all who share what failed.
pub type Result<T, E = Rc<LoginError>> = std::result::Result<T, E>;

/// An error, to be handed on.
#[cold]
#[inline(never)] // once in the module, not once for each error
pub(crate) fn failed(error: LoginError) -> Rc<LoginError> {
    Rc::new(error)
}

/// What the host said when it failed, in its own words.
///
/// WeChat fails with plain `{errMsg, errno?}` objects; both parts are kept, because pages look at them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the host failed")]
pub struct HostFailure {
    /// WeChat's own text, such as `request:fail timeout`. Platforms word and even translate it differently.
    pub err_msg: String,
    /// WeChat's own number, where the base library gives one (from 2.24.0).
    pub errno: Option<i32>,
}

/// WeChat's `errno` for a request that was not answered in time.
const WX_TIMEOUT: i32 = 5;

impl HostFailure {
    /// Reads what a host failed with: WeChat's `{errMsg, errno?}`, a text, an `Error`, or anything else.
    pub(crate) fn of(failure: &impl Payload) -> Self {
        let err_msg = failure.text_at("errMsg");
        let err_msg = err_msg
            .or_else(|| failure.as_text())
            .or_else(|| failure.text_at("message"));
        HostFailure {
            err_msg: err_msg.unwrap_or_else(|| "unknown failure".to_owned()),
            errno: failure.integer_at("errno"),
        }
    }

    /// Whether the host gave up waiting. The number is reliable where there is one; the texts are those that
    /// Android, DevTools and older iOS (which translates them) are known to send.
    pub(crate) fn is_timeout(&self) -> bool {
        const TEXTS: [&str; 4] = ["timeout", "timed out", "time out", "超时"];
        self.errno == Some(WX_TIMEOUT)
            || TEXTS.iter().any(|part| text::contains(&self.err_msg, part))
    }
}

/// Why a call of the client failed.
///
/// [`LoginError::code`] is the stable name to program against; the texts are for people and may change. No variant
/// holds a token, a login code or a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum LoginError {
    /// An option given at creation cannot work.
    InvalidConfig {
        /// The option, such as `baseUrl` or `endpoints.info`.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A method was called with something that it cannot use.
    InvalidArgument {
        /// The argument's name.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// `wx.login` failed, or succeeded without a code.
    WxLogin(HostFailure),
    /// The host or the server did not answer in time.
    Timeout(HostFailure),
    /// The request did not reach the server, or its answer did not come back.
    Network(HostFailure),
    /// The server answered with an HTTP status outside 200 to 299.
    ServerError {
        /// The HTTP status.
        status: i32,
    },
    /// The server's answer is not of the agreed shape.
    BadResponse {
        /// The HTTP status.
        status: i32,
        /// What is wrong with the body.
        problem: &'static str,
    },
    /// The server understood the request and said no.
    Rejected {
        /// The server's own number.
        errno: i32,
        /// The server's own text.
        errmsg: String,
    },
    /// A request was not sent once more, because somebody else has signed in since.
    UserChanged,
    /// There is no session, or the server no longer accepts it.
    SignedOut,
    /// `logout()` was called while this was under way.
    LoggedOut,
    /// The engine threw something of its own in the middle of this: it was out of stack or memory.
    Interrupted,
    /// The session could not be written to the storage, which is as it was, or not be removed from it.
    Storage(HostFailure),
}

impl LoginError {
    /// The kind of the failure, for people.
    fn kind(&self) -> &'static str {
        match self {
            LoginError::InvalidConfig { .. } => "an option cannot work",
            LoginError::InvalidArgument { .. } => "an argument cannot be used",
            LoginError::WxLogin(_) => "wx.login failed",
            LoginError::Timeout(_) => "no answer in time",
            LoginError::Network(_) => "the request failed",
            LoginError::ServerError { .. } => "the server answered with an HTTP error",
            LoginError::BadResponse { .. } => "the server's answer is not of the agreed shape",
            LoginError::Rejected { .. } => "the server refused",
            LoginError::UserChanged => "another user has signed in",
            LoginError::SignedOut => "nobody is signed in",
            LoginError::LoggedOut => "logged out while this was under way",
            LoginError::Interrupted => "the engine broke off in the middle of this",
            LoginError::Storage(_) => "the storage failed",
        }
    }

    /// What happened, for people: the kind of the failure and what is known of this one.
    ///
    /// Put together here and not by `Display`, whose formatting machinery would be 2 KB of wasm.
    pub fn message(&self) -> String {
        let kind = self.kind();
        let (what, problem) = match self {
            LoginError::InvalidConfig { field, problem } => (field.as_str(), *problem),
            LoginError::InvalidArgument { name, problem } => (*name, *problem),
            LoginError::BadResponse { problem, .. } => ("it", *problem),
            LoginError::Rejected { errmsg, .. } => ("", errmsg.as_str()),
            LoginError::WxLogin(failure)
            | LoginError::Timeout(failure)
            | LoginError::Network(failure)
            | LoginError::Storage(failure) => ("", failure.err_msg.as_str()),
            _ => return kind.to_owned(),
        };
        let space = if what.is_empty() { "" } else { " " };
        text::concat(&[kind, ": ", what, space, problem])
    }

    /// The stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            LoginError::InvalidConfig { .. } => "invalid_config",
            LoginError::InvalidArgument { .. } => "invalid_argument",
            LoginError::WxLogin(_) => "wx_login_failed",
            LoginError::Timeout(_) => "timeout",
            LoginError::Network(_) => "network",
            LoginError::ServerError { .. } => "server_error",
            LoginError::BadResponse { .. } => "bad_response",
            LoginError::Rejected { errno, .. } => rejection_code(*errno),
            LoginError::UserChanged => "user_changed",
            LoginError::SignedOut => "signed_out",
            LoginError::LoggedOut => "logged_out",
            LoginError::Interrupted => "interrupted",
            LoginError::Storage(_) => "storage_failed",
        }
    }

    /// Whether the server has decided against this user's login, so that trying again without the user is no use. Anything
    /// else may be over in a moment and says nothing about the user.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, LoginError::Rejected { errno, .. } if !matches!(errno, -1 | 502 | 505 | 711..=713))
    }

    /// Whether the answer to a login may have been lost on its way, or its code was used up: a new code may do.
    pub(crate) fn wants_new_code(&self) -> bool {
        matches!(
            self,
            LoginError::Timeout(_)
                | LoginError::Network(_)
                | LoginError::Rejected { errno: 712, .. }
        )
    }

    pub(crate) fn is_signed_out(&self) -> bool {
        matches!(self, LoginError::SignedOut)
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        matches!(self, LoginError::Interrupted)
    }

    pub(crate) fn is_logged_out(&self) -> bool {
        matches!(self, LoginError::LoggedOut)
    }

    /// A call of `api` that failed.
    pub(crate) fn of_call(api: Api, failure: HostFailure) -> Rc<Self> {
        let late = match api {
            // WeChat's own "session time out" is an answer.
            Api::CheckSession => failure.errno == Some(WX_TIMEOUT),
            _ => failure.is_timeout(),
        };
        failed(match api {
            _ if late => LoginError::Timeout(failure),
            Api::Login => LoginError::WxLogin(failure),
            Api::CheckSession => LoginError::SignedOut,
            Api::Request | Api::UploadFile => LoginError::Network(failure),
        })
    }
}

/// Names the refusals of the wire contract that a program can do something about.
fn rejection_code(errno: i32) -> &'static str {
    match errno {
        700 => "wrong_password",
        704 => "name_taken",
        707 => "bad_mobile",
        708 => "weixin_bound_elsewhere",
        709 => "account_bound_elsewhere",
        711 => "wechat_busy",
        712 => "code_expired",
        713 => "too_frequent",
        714 => "login_blocked",
        _ => "rejected",
    }
}
