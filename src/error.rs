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
#[error("{err_msg}")]
pub struct HostFailure {
    /// WeChat's own text, such as `request:fail timeout`. Platforms word and even translate it differently.
    pub err_msg: String,
    /// WeChat's own number, where the base library gives one (from 2.24.0).
    pub errno: Option<i32>,
}

/// WeChat's `errno` for a request that was not answered in time.
const WX_TIMEOUT: i32 = 5;

impl HostFailure {
    /// Reads WeChat's `{errMsg, errno?}`, or a text; `None` of anything else.
    pub fn of(failure: &impl Payload) -> Option<Self> {
        let err_msg = failure.text_at("errMsg").or_else(|| failure.as_text())?;
        Some(HostFailure {
            err_msg,
            errno: failure.integer_at("errno"),
        })
    }

    /// Something that says nothing about itself.
    pub fn unknown() -> Self {
        HostFailure {
            err_msg: "unknown failure".to_owned(),
            errno: None,
        }
    }

    /// `wx` has not answered in time.
    pub fn timeout(api: Api) -> Self {
        HostFailure {
            err_msg: format!("{}:fail timeout", api.name()),
            errno: Some(WX_TIMEOUT),
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
#[non_exhaustive]
pub enum LoginError {
    /// An option given at creation cannot work.
    #[error("an option cannot work: {field} {problem}")]
    InvalidConfig {
        /// The option, such as `baseUrl` or `endpoints.info`.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A method was called with something that it cannot use.
    #[error("an argument cannot be used: {name} {problem}")]
    InvalidArgument {
        /// The argument's name.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// `wx.login` failed, or succeeded without a code.
    #[error("wx.login failed: {0}")]
    WxLogin(#[source] HostFailure),
    /// The host or the server did not answer in time.
    #[error("no answer in time: {0}")]
    Timeout(#[source] HostFailure),
    /// The request did not reach the server, or its answer did not come back.
    #[error("the request failed: {0}")]
    Network(#[source] HostFailure),
    /// The server answered with an HTTP status outside 200 to 299.
    #[error("the server answered with an HTTP error")]
    ServerError {
        /// The HTTP status.
        status: i32,
    },
    /// The server's answer is not of the agreed shape.
    #[error("the server's answer is not of the agreed shape: it {problem}")]
    BadResponse {
        /// The HTTP status.
        status: i32,
        /// What is wrong with the body.
        problem: &'static str,
    },
    /// The server understood the request and said no.
    #[error("the server refused: {errmsg}")]
    Rejected {
        /// The server's own number.
        errno: i32,
        /// The server's own text.
        errmsg: String,
    },
    /// A request was not sent once more, because somebody else has signed in since.
    #[error("another user has signed in")]
    UserChanged,
    /// There is no session, or the server no longer accepts it.
    #[error("nobody is signed in")]
    SignedOut,
    /// `logout()` was called while this was under way.
    #[error("logged out while this was under way")]
    LoggedOut,
    /// The session could not be written to the storage, which is as it was, or not be removed from it.
    #[error("the storage failed: {0}")]
    Storage(#[source] HostFailure),
}

impl LoginError {
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

/// Every code that an error can have, those of the glue included, in the order of the documentation.
///
/// This is the one list of them: the types of the package are made from it, and a test compares the README and the demo.
macro_rules! codes {
    ($($code:literal)*) => {
        /// Every code that an error can have.
        pub const CODES: &[&str] = &[$($code),*];

        /// The codes as a TypeScript type.
        #[cfg(target_arch = "wasm32")]
        pub(crate) const CODE_TYPE: &str = concat!(
            "/** Why a call failed: a stable name to program against. */\nexport type LoginErrorCode =",
            $("\n  | \"", $code, "\""),*,
            ";\n",
        );
    };
}

codes! {
    "invalid_config"
    "invalid_argument"
    "wasm_load_failed" // the glue: the module cannot be loaded
    "wx_login_failed"
    "timeout"
    "network"
    "server_error"
    "bad_response"
    "rejected"
    "wechat_busy"
    "code_expired"
    "too_frequent"
    "login_blocked"
    "wrong_password"
    "name_taken"
    "bad_mobile"
    "weixin_bound_elsewhere"
    "account_bound_elsewhere"
    "signed_out"
    "user_changed"
    "logged_out"
    "interrupted" // the glue: the engine threw something of its own inside the module, or the client was freed
    "storage_failed"
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
