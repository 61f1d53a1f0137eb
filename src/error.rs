//! The one error type that leaves the client.

use thiserror::Error;

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
    /// The failure that stands for a host that never answered `api` (`login`, `request`, …).
    pub(crate) fn timeout(api: &str) -> Self {
        HostFailure {
            err_msg: [api, ":fail timeout"].concat(),
            errno: Some(WX_TIMEOUT),
        }
    }

    /// Whether the host gave up waiting. The number is reliable where there is one; the texts are those that
    /// Android, DevTools and older iOS (which translates them) are known to send.
    pub(crate) fn is_timeout(&self) -> bool {
        const TEXTS: [&str; 4] = ["timeout", "timed out", "time out", "超时"];
        self.errno == Some(WX_TIMEOUT) || TEXTS.iter().any(|text| contains(&self.err_msg, text))
    }
}

/// `str::contains` for short texts, without the 1.5 KB of wasm that its search for long ones takes.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}

/// Why a call of the client failed.
///
/// [`LoginError::code`] is the stable name to program against; the texts are for people and may change. No variant
/// holds a token, a login code or a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoginError {
    /// An option given at creation cannot work.
    #[error("option `{field}` {problem}")]
    InvalidConfig {
        /// The option, such as `baseUrl` or `endpoints.info`.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A method was called with something that it cannot use.
    #[error("argument `{name}` {problem}")]
    InvalidArgument {
        /// The argument's name.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// `wx.login` failed, or succeeded without a code.
    #[error("wx.login failed: {0}")]
    WxLogin(HostFailure),
    /// The host or the server did not answer in time.
    #[error("no answer in time: {0}")]
    Timeout(HostFailure),
    /// The request did not reach the server, or its answer did not come back.
    #[error("the request failed: {0}")]
    Network(HostFailure),
    /// The server answered with an HTTP status outside 200 to 299.
    #[error("the server answered with HTTP status {status}")]
    ServerError {
        /// The HTTP status.
        status: u16,
    },
    /// The server's answer is not of the agreed shape.
    #[error("the server's answer {problem}")]
    BadResponse {
        /// The HTTP status.
        status: u16,
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
    /// There is no session, or the server no longer accepts it.
    #[error("nobody is signed in")]
    SignedOut,
    /// `logout()` was called while this was under way.
    #[error("logged out while this was under way")]
    LoggedOut,
    /// The session could not be written to or removed from the storage; nothing was changed.
    #[error("the storage failed: {0}")]
    Storage(HostFailure),
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
            LoginError::SignedOut => "signed_out",
            LoginError::LoggedOut => "logged_out",
            LoginError::Storage(_) => "storage_failed",
        }
    }

    /// A failed `wx.login`.
    pub(crate) fn from_wx_login(failure: HostFailure) -> Self {
        if failure.is_timeout() {
            LoginError::Timeout(failure)
        } else {
            LoginError::WxLogin(failure)
        }
    }

    /// A failed `wx.request`.
    pub(crate) fn from_request(failure: HostFailure) -> Self {
        if failure.is_timeout() {
            LoginError::Timeout(failure)
        } else {
            LoginError::Network(failure)
        }
    }
}

/// Names the refusals of the wire contract that a program can do something about.
fn rejection_code(errno: i32) -> &'static str {
    match errno {
        711 => "wechat_busy",
        712 => "code_expired",
        713 => "too_frequent",
        714 => "login_blocked",
        _ => "rejected",
    }
}
