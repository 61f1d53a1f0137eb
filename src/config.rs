//! The options that an app creates its client with, read and checked one by one.

use std::array;
use std::cell::OnceCell;
use std::time::Duration;

use crate::error::failed;
use crate::{LoginError, Payload, Result, duration_of_ms, text};

/// When `checkLogin` asks `wx.checkSession` about a session that came from WeChat's login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionCheck {
    /// Once each time that the app comes to the foreground.
    Foreground,
    /// Each time.
    Always,
    /// Never: for a server that does not use the `session_key`.
    Never,
}

/// A configuration that can work.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) base_url: String,
    /// Below the base URL, by [`Endpoint`].
    paths: [String; Endpoint::ALL.len()],
    /// By [`Field`].
    fields: [String; Field::ALL.len()],
    pub(crate) token_header: String,
    pub(crate) signed_out_errno: Vec<i32>,
    pub(crate) signed_out_status: Vec<i32>,
    pub(crate) refusals: Refusals,
    pub(crate) expiry_margin: Duration,
    pub(crate) timeout: Duration,
    pub(crate) storage_key: String,
    pub(crate) session_check: SessionCheck,
}

/// Which refusals of a login, by the server's number, are more than temporary.
#[derive(Debug, Clone)]
pub(crate) struct Refusals {
    /// They end the session.
    pub(crate) end_session: Vec<i32>,
    /// Only the user can do something about them.
    pub(crate) need_user: Vec<i32>,
}

/// An enum, with the option and the default of each variant beside it.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $option:literal, $default:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            /// In the order in which they are declared.
            const ALL: &[Self] = &[$(Self::$variant),*];
            const OPTIONS: [&str; Self::ALL.len()] = [$($option),*];
            const DEFAULTS: [&str; Self::ALL.len()] = [$($default),*];
        }
    };
}

table! {
    /// What is asked of the server: the option of its path, and the path if the options do not say.
    Endpoint {
        LoginByWeixin: "loginByWeixin", "auth/login_by_weixin";
        Login: "login", "auth/login";
        Register: "register", "auth/register";
        BindPhone: "bindPhone", "auth/bind_phone";
        Logout: "logout", "auth/logout";
        Info: "info", "auth/info";
        Profile: "profile", "auth/profile";
    }
}

table! {
    /// A field of the server's answers: the option of its name, and the name if the options do not say.
    Field {
        Errno: "errno", "errno";
        Errmsg: "errmsg", "errmsg";
        Token: "token", "token";
        UserInfo: "userInfo", "userInfo";
    }
}

impl Endpoint {
    /// Whether a refusal there leads to no login: it signs in or out itself, or needs the phone's own code.
    fn is_exempt(self) -> bool {
        !matches!(self, Endpoint::Info | Endpoint::Profile)
    }
}

/// `wx.request` itself waits no longer, whatever it is told.
const MAX_TIMEOUT_MS: f64 = 60_000.0;

impl Config {
    pub(crate) fn url(&self, endpoint: Endpoint) -> String {
        text::concat(&[&self.base_url, &self.paths[endpoint as usize]])
    }

    pub(crate) fn field(&self, field: Field) -> &str {
        &self.fields[field as usize]
    }

    /// Whether a path below the base URL is one of those that sign in or out, with or without what is in its query.
    pub(crate) fn logs_in(&self, path: &str) -> bool {
        let plain = text::path(path);
        Endpoint::ALL.iter().any(|&endpoint| {
            let login = &self.paths[endpoint as usize];
            endpoint.is_exempt() && (login == path || login == plain)
        })
    }
}

const OPTIONS: &[&str] = &[
    "baseUrl",
    "endpoints",
    "envelope",
    "tokenHeader",
    "signedOut",
    "refusals",
    "expiryMarginMs",
    "timeoutMs",
    "storageKey",
    "sessionCheck",
    // What the glue reads: it hands on all that it is given.
    "wx",
    "wasmPath",
    "fallback",
    "maxParallel",
];
const SIGNED_OUT: &[&str] = &["errno", "status"];
const REFUSALS: &[&str] = &["endSession", "needUser"];

impl Config {
    /// Reads the options and fills in the defaults, which fit the reference backend:
    ///
    /// | option | meaning | default |
    /// |---|---|---|
    /// | `baseUrl` | root of the server's API: https, or http on this very machine | none |
    /// | `endpoints.loginByWeixin`, `.login`, `.register`, `.bindPhone`, `.info`, `.logout`, `.profile` | paths below it | `auth/login_by_weixin`, `auth/login`, `auth/register`, `auth/bind_phone`, `auth/info`, `auth/logout`, `auth/profile` |
    /// | `envelope.errno`, `.errmsg`, `.token`, `.userInfo` | what the fields of an answer are called | their own names |
    /// | `tokenHeader` | the header that carries the token | `X-Litemall-Token` |
    /// | `signedOut.errno`, `.status` | answers to a request with a token that mean "signed out" | `[501]`, `[401]` |
    /// | `refusals.endSession`, `.needUser` | refusals of a login that end the session; that only the user can do something about | `[714, 40226, 506]`, `[401, 403, 506, 708, 709, 714, 40226]` |
    /// | `expiryMarginMs` | how long before its end a session counts as over, in ms | 60,000 |
    /// | `timeoutMs` | how long one step may take, in ms, at most 60,000 | 15,000 |
    /// | `storageKey` | the storage key of the session | one for each `baseUrl` |
    /// | `sessionCheck` | when `wx.checkSession` is asked: `foreground` (once per foreground period), `always`, `never` | `foreground` |
    ///
    /// Fails with [`LoginError::InvalidConfig`], which names the first option that is unknown or cannot work.
    pub fn new<V: Payload>(options: &V) -> Result<Box<Self>> {
        let problem = OnceCell::new();
        let section =
            |name, prefix, fields, known| Section::new(name, prefix, fields, known, &problem);
        let options = section("options", "", Some(options.clone()), OPTIONS);
        let section = |name, prefix, known| section(name, prefix, options.value(name), known);
        let endpoints = section("endpoints", "endpoints.", &Endpoint::OPTIONS);
        let envelope = section("envelope", "envelope.", &Field::OPTIONS);
        let signed_out = section("signedOut", "signedOut.", SIGNED_OUT);
        let refusals = section("refusals", "refusals.", REFUSALS);
        let mut base_url = options.text("baseUrl", "", problem_of_base_url);
        if !base_url.ends_with('/') {
            base_url += "/"; // so that paths can be put behind it
        }
        // One key for each server, so that a test system and the real one do not share a session.
        let storage_key = text::concat(&["weapp-login:", &base_url]);
        let config = Box::new(Config {
            paths: array::from_fn(|i| {
                endpoints.text(Endpoint::OPTIONS[i], Endpoint::DEFAULTS[i], problem_of_path)
            }),
            fields: array::from_fn(|i| {
                envelope.text(Field::OPTIONS[i], Field::DEFAULTS[i], problem_of_name)
            }),
            token_header: options.text("tokenHeader", "X-Litemall-Token", problem_of_header),
            signed_out_errno: signed_out.integers("errno", &[501]),
            signed_out_status: signed_out.integers("status", &[401]),
            refusals: Refusals {
                end_session: refusals.integers("endSession", &[714, 40226, 506]),
                need_user: refusals.integers("needUser", &[401, 403, 506, 708, 709, 714, 40226]),
            },
            expiry_margin: options.duration("expiryMarginMs", 60_000.0, 0.0, f64::MAX),
            timeout: options.duration("timeoutMs", 15_000.0, 1.0, MAX_TIMEOUT_MS),
            storage_key: options.text("storageKey", &storage_key, problem_of_name),
            session_check: match options
                .text("sessionCheck", "foreground", problem_of_check)
                .as_str()
            {
                "always" => SessionCheck::Always,
                "never" => SessionCheck::Never,
                _ => SessionCheck::Foreground,
            },
            base_url,
        });
        problem
            .into_inner()
            .map_or(Ok(config), |error| Err(failed(error)))
    }
}

/// An object of options, whose fields are known by name.
///
/// Reading goes on after a problem, with something in place of what has it: so each field is read in one way only.
struct Section<'a, V> {
    /// What stands before the fields' names in an error, such as `endpoints.`.
    prefix: &'static str,
    fields: Option<V>,
    /// The first one.
    problem: &'a OnceCell<LoginError>,
}

impl<'a, V: Payload> Section<'a, V> {
    fn new(
        name: &str,
        prefix: &'static str,
        fields: Option<V>,
        known: &[&str],
        problem: &'a OnceCell<LoginError>,
    ) -> Self {
        let section = Section {
            prefix,
            fields,
            problem,
        };
        if let Some(fields) = &section.fields {
            if !fields.is_object() {
                section.report(name.to_owned(), "must be an object");
                return section;
            }
            for key in fields.keys() {
                if !known.contains(&key.as_str()) {
                    section.refuse(&key, "is unknown");
                }
            }
        }
        section
    }

    fn value(&self, name: &str) -> Option<V> {
        self.fields.as_ref()?.get(name)
    }

    fn text(
        &self,
        name: &str,
        default: &str,
        problem_of: fn(&str) -> Option<&'static str>,
    ) -> String {
        let value = self.value(name);
        let text = value.map_or_else(|| Some(default.to_owned()), |value| value.as_text());
        let problem = text.as_deref().map_or(Some("must be a text"), problem_of);
        if let Some(problem) = problem {
            self.refuse(name, problem);
        }
        text.unwrap_or_default()
    }

    fn duration(&self, name: &str, default: f64, min: f64, max: f64) -> Duration {
        let value = self.value(name);
        let ms = value.map_or(Some(default), |value| value.as_number());
        let ms = ms.filter(|ms| *ms >= min && *ms <= max);
        ms.and_then(duration_of_ms).unwrap_or_else(|| {
            self.refuse(name, "must be a number of ms within its limits");
            Duration::ZERO
        })
    }

    fn integers(&self, name: &str, default: &[i32]) -> Vec<i32> {
        let value = self.value(name);
        let integers = value.map_or_else(|| Some(default.to_vec()), |value| value.as_integers());
        integers.unwrap_or_else(|| {
            self.refuse(name, "must be a list of integers");
            Vec::new()
        })
    }

    /// Says what is wrong with a field.
    fn refuse(&self, name: &str, problem: &'static str) {
        self.report(text::concat(&[self.prefix, name]), problem);
    }

    fn report(&self, field: String, problem: &'static str) {
        let _ = self
            .problem
            .set(LoginError::InvalidConfig { field, problem });
    }
}

fn problem_of_base_url(url: &str) -> Option<&'static str> {
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
    if text::has_any(url, b"?#@\\") || url.bytes().any(blank) {
        return Some("must be a plain address: no query, fragment, user name or space");
    }
    let ends = |rest: &str| rest.is_empty() || rest.starts_with('/') || rest.starts_with(':');
    let safe = match url.strip_prefix("https://") {
        Some(rest) if ends(rest) => return Some("has no host"),
        Some(_) => true,
        None => ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
            let rest = url
                .strip_prefix("http://")
                .and_then(|rest| rest.strip_prefix(host));
            rest.is_some_and(ends)
        }),
    };
    (!safe).then_some("must start with https:// (or http://localhost while developing)")
}

fn problem_of_path(path: &str) -> Option<&'static str> {
    if path.starts_with('/') || text::has_any(path, b":\\") || text::climbs(path) {
        return Some("must be a path below baseUrl, without a slash in front");
    }
    problem_of_name(path)
}

fn problem_of_header(name: &str) -> Option<&'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let plain = !name.is_empty() && name.bytes().all(fits);
    (!plain).then_some("must be a header's name: letters, digits and dashes")
}

fn problem_of_name(name: &str) -> Option<&'static str> {
    name.is_empty()
        .then_some("must be a text that is not empty")
}

fn problem_of_check(check: &str) -> Option<&'static str> {
    let known = ["foreground", "always", "never"].contains(&check);
    (!known).then_some("must be foreground, always or never")
}
