//! The one error type that leaves the client.

use std::rc::Rc;

use serde::Serialize;
use thiserror::Error;

use crate::host::integer;
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
/// WeChat's `errno` for a `session_key` that has expired.
const WX_SESSION_EXPIRED: i32 = -13001;

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

    /// The same, without what follows one of these roots of addresses: WeChat's text may repeat an address with a secret in it.
    fn cut_behind(mut self, roots: &[String]) -> Self {
        for root in roots {
            if let Some(end) = text::end_of(&self.err_msg, root) {
                self.err_msg.truncate(end);
            }
        }
        self
    }

    /// Whether `wx.checkSession` says that the `session_key` has expired. Only what is known to mean that does; any other failure
    /// says nothing. WeChat's own number may be in the text.
    pub(crate) fn is_session_expired(&self) -> bool {
        const TEXTS: [&str; 6] = [
            "session time out",
            "session timeout",
            "session expired",
            "session is expired",
            "need relogin",
            "-13001",
        ];
        let number = self.errno == Some(WX_SESSION_EXPIRED);
        number
            || TEXTS
                .iter()
                .any(|words| text::has_words(&self.err_msg, words))
    }

    /// Whether the host gave up waiting. The number is reliable where there is one; the texts are those that
    /// Android, DevTools and older iOS (which translates them) are known to send.
    pub(crate) fn is_timeout(&self) -> bool {
        const TEXTS: [&str; 4] = ["timeout", "timed out", "time out", "超时"];
        self.errno == Some(WX_TIMEOUT)
            || TEXTS.iter().any(|part| text::contains(&self.err_msg, part))
    }
}

/// The request that an error is about.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    /// In capitals.
    pub method: &'static str,
    /// Below the server's root, else the whole address; without the query, and with `$name` where the dialect has one.
    pub path: String,
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
        /// The option, such as `baseUrl` or `dialect.login.url`.
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
    Timeout(#[source] HostFailure, Option<Rc<Asked>>),
    /// The request did not reach the server, or its answer did not come back.
    #[error("the request failed: {0}")]
    Network(#[source] HostFailure, Option<Rc<Asked>>),
    /// The server answered with an HTTP status outside 200 to 299.
    #[error("the server answered with an HTTP error")]
    ServerError {
        /// The HTTP status.
        status: i32,
        /// After how many seconds the server wants to be asked again, if it says so.
        retry_after: Option<u32>,
        /// The request.
        asked: Option<Rc<Asked>>,
    },
    /// The server's answer is not of the agreed shape.
    #[error(
        "the server's answer is not of the agreed shape: it {problem} (see explainDialect in weapp-login/testing)"
    )]
    BadResponse {
        /// The HTTP status.
        status: i32,
        /// What is wrong with the body.
        problem: String,
        /// The request.
        asked: Option<Rc<Asked>>,
    },
    /// The server understood the request and said no.
    #[error("the server refused: {errmsg}")]
    Rejected {
        /// The HTTP status.
        status: i32,
        /// The stable name: the refusal's own, or `rejected`.
        code: &'static str,
        /// The server's own name of it, if there is one.
        errno: Option<ServerCode>,
        /// The server's own text.
        errmsg: String,
        /// The whole body as a JSON text, unless there is a token in it.
        body: Option<String>,
        /// What can be done about it.
        remedy: Remedy,
        /// After how many seconds the server wants to be asked again, if it says so.
        retry_after: Option<u32>,
        /// The request.
        asked: Option<Rc<Asked>>,
    },
    /// The login was answered, but needs something more of the user, such as a phone number.
    #[error("the login needs something more of the user")]
    Unfinished {
        /// The body of the answer as a JSON text: what is still needed, and by what it goes on.
        body: Option<String>,
        /// The request.
        asked: Option<Rc<Asked>>,
    },
    /// A function of the app's dialect has thrown, or given something that cannot be used.
    #[error("the app's own function failed: {function} {problem}")]
    Hook {
        /// The function, such as `dialect.login`.
        function: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A request was not sent once more, because somebody else has signed in since.
    #[error("another user has signed in")]
    UserChanged,
    /// There is no session, or the server no longer accepts it.
    #[error("nobody is signed in")]
    SignedOut,
    /// WeChat's single-page mode (a page opened from Moments): nobody can sign in there.
    #[error(
        "nobody can sign in in WeChat's single-page mode; ask the user to open the mini-program"
    )]
    SinglePage,
    /// `logout()` was called while this was under way.
    #[error("logged out while this was under way")]
    LoggedOut,
    /// The app has aborted the call.
    #[error("aborted")]
    Aborted,
    /// It cannot be read from the storage who is signed in, or a logout could not be written.
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
            LoginError::Timeout(..) => "timeout",
            LoginError::Network(..) => "network",
            LoginError::ServerError { .. } => "server_error",
            LoginError::BadResponse { .. } => "bad_response",
            LoginError::Rejected { code, .. } => code,
            LoginError::Unfinished { .. } => "unfinished",
            LoginError::Hook { .. } => "hook_failed",
            LoginError::UserChanged => "user_changed",
            LoginError::SignedOut => "signed_out",
            LoginError::SinglePage => "single_page",
            LoginError::LoggedOut => "logged_out",
            LoginError::Aborted => "aborted",
            LoginError::Storage(_) => "storage_failed",
        }
    }

    /// What can be done about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            LoginError::Rejected { remedy, .. } => *remedy,
            LoginError::SignedOut | LoginError::Unfinished { .. } => Remedy::User,
            _ => Remedy::Retry,
        }
    }

    /// Whether the refusal of a renewal ends the session.
    pub(crate) fn ends_session(&self) -> bool {
        self.remedy() == Remedy::NewSession
    }

    /// Whether a login was refused for a reason that is about the account, and not about the WeChat user.
    pub(crate) fn is_of_account(&self) -> bool {
        matches!(self, LoginError::Rejected { .. })
            && !matches!(
                self.code(),
                "wechat_busy" | "code_expired" | "too_frequent" | "login_blocked"
            )
    }

    /// Whether it says nothing for good about what was asked: no answer, or one that may be another one in a moment.
    pub(crate) fn is_temporary(&self) -> bool {
        let passes = |number: i32| matches!(number, 0..=399 | 408 | 425 | 429 | 500..=599 | 45011);
        match self {
            // Words of nobody's: a gateway's page says nothing about the token.
            LoginError::ServerError { .. } => true,
            LoginError::Rejected { code, .. }
                if matches!(*code, "wechat_busy" | "too_frequent") =>
            {
                true
            }
            LoginError::Rejected {
                code: "refresh_refused",
                status,
                ..
            } => *status >= 500,
            LoginError::Rejected { status, errno, .. } => {
                let is_answered = (200..=299).contains(status);
                let number = errno.as_ref().and_then(ServerCode::number);
                (!is_answered && passes(*status)) || matches!(number, Some(429 | 500..=599 | 45011))
            }
            LoginError::UserChanged => false,
            _ => true,
        }
    }

    /// Whether a login was not made because the user had not asked for it.
    pub(crate) fn forbids_silent_login(&self) -> bool {
        matches!(self, LoginError::SignedOut | LoginError::Storage(_))
    }

    /// Whether the answer to a login may have been lost on its way, or its code was used up: a new code may do.
    pub(crate) fn wants_new_code(&self) -> bool {
        matches!(self, LoginError::Timeout(..) | LoginError::Network(..))
            || self.code() == "code_expired"
    }

    pub(crate) fn is_logged_out(&self) -> bool {
        matches!(self, LoginError::LoggedOut)
    }

    /// The request that it is about, if it is about one.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            LoginError::Timeout(_, asked)
            | LoginError::Network(_, asked)
            | LoginError::ServerError { asked, .. }
            | LoginError::BadResponse { asked, .. }
            | LoginError::Rejected { asked, .. }
            | LoginError::Unfinished { asked, .. } => asked.as_deref(),
            _ => None,
        }
    }

    /// After how many seconds the server wants to be asked again, if it says so.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            LoginError::ServerError { retry_after, .. }
            | LoginError::Rejected { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// A call of `api` that failed. What is below these roots may hold a secret.
    pub(crate) fn of_call(
        api: Api,
        failure: HostFailure,
        roots: &[String],
        asked: Option<&Rc<Asked>>,
    ) -> Rc<Self> {
        let is_timeout = failure.is_timeout();
        let failure = failure.cut_behind(roots);
        failed(match api {
            _ if is_timeout => LoginError::Timeout(failure, asked.cloned()),
            Api::Login => LoginError::WxLogin(failure),
            Api::CheckSession | Api::Request | Api::UploadFile | Api::DownloadFile => {
                LoginError::Network(failure, asked.cloned())
            }
        })
    }
}

/// A server's own name of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ServerCode {
    /// Such as 501.
    Number(i32),
    /// Such as `A0230`, or anything else.
    Text(String),
}

impl From<i32> for ServerCode {
    fn from(number: i32) -> Self {
        ServerCode::Number(number)
    }
}

impl ServerCode {
    /// The number, also of a text that is one.
    pub(crate) fn number(&self) -> Option<i32> {
        match self {
            ServerCode::Number(number) => Some(*number),
            ServerCode::Text(text) => text.parse().ok(),
        }
    }

    /// The number or text of an answer; `None` of anything else.
    pub(crate) fn of(code: &impl Payload) -> Option<Self> {
        match code.as_number().and_then(integer) {
            Some(number) => Some(ServerCode::Number(number)),
            None => Some(ServerCode::Text(code.as_text()?)),
        }
    }
}

/// What can be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It may be over in a moment, or is not about the user.
    Retry,
    /// Only the user can do something about it.
    User,
    /// The same, and the session has ended.
    NewSession,
}

/// Every code that an error can have, those of the glue included, in the order of the documentation.
///
/// This is the one list of them: the types of the package are made from it, and tests compare `docs/errors.md` and the demo.
macro_rules! codes {
    ($($code:literal)*) => {
        /// Every code that an error can have.
        pub const CODES: &[&str] = &[$($code),*];

        /// The codes as a TypeScript type.
        #[cfg(target_arch = "wasm32")]
        #[allow(dead_code)] // rustc does not count the use in a section of types
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
    "refresh_refused"
    "wrong_password"
    "name_taken"
    "bad_mobile"
    "weixin_bound_elsewhere"
    "account_bound_elsewhere"
    "unfinished"
    "hook_failed"
    "signed_out"
    "single_page"
    "user_changed"
    "logged_out"
    "aborted"
    "interrupted" // the glue: the engine threw something of its own inside the module, or the client was freed
    "storage_failed"
}
