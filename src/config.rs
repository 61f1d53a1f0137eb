//! The options that an app creates its client with, read and checked one by one.

use crate::{LoginError, Payload, text};

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
    /// By [`Endpoint`].
    urls: Vec<String>,
    /// By [`Field`].
    fields: Vec<String>,
    pub(crate) token_header: String,
    pub(crate) signed_out_errno: Vec<i32>,
    pub(crate) signed_out_status: Vec<i32>,
    pub(crate) expiry_margin_ms: f64,
    pub(crate) timeout_ms: f64,
    pub(crate) storage_key: String,
    pub(crate) session_check: SessionCheck,
}

/// What is asked of the server, in the order of [`ENDPOINTS`].
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    LoginByWeixin,
    Login,
    Register,
    BindPhone,
    Logout,
    Info,
    Profile,
}

/// The option of an endpoint, and its default.
const ENDPOINTS: &[(&str, &str)] = &[
    ("loginByWeixin", "auth/login_by_weixin"),
    ("login", "auth/login"),
    ("register", "auth/register"),
    ("bindPhone", "auth/bind_phone"),
    ("logout", "auth/logout"),
    ("info", "auth/info"),
    ("profile", "auth/profile"),
];

/// A field of the server's answers, in the order of [`FIELDS`].
#[derive(Clone, Copy)]
pub(crate) enum Field {
    Errno,
    Errmsg,
    Token,
    UserInfo,
}

/// The option of a field, which is also its default name.
const FIELDS: &[&str] = &["errno", "errmsg", "token", "userInfo"];

/// `wx.request` itself waits no longer, whatever it is told.
const MAX_TIMEOUT_MS: f64 = 60_000.0;

impl Config {
    pub(crate) fn url(&self, endpoint: Endpoint) -> &str {
        &self.urls[endpoint as usize]
    }

    pub(crate) fn field(&self, field: Field) -> &str {
        &self.fields[field as usize]
    }

    /// Whether a URL is one of those that sign in or out.
    pub(crate) fn logs_in(&self, url: &str) -> bool {
        let path = text::path(url);
        self.urls[..=Endpoint::Logout as usize]
            .iter()
            .any(|login| login == path)
    }
}

const OPTIONS: &[&str] = &[
    "baseUrl",
    "endpoints",
    "envelope",
    "tokenHeader",
    "signedOut",
    "expiryMarginMs",
    "timeoutMs",
    "storageKey",
    "sessionCheck",
];
const SIGNED_OUT: &[&str] = &["errno", "status"];

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
    /// | `expiryMarginMs` | how long before its end a session counts as over, in ms | 60,000 |
    /// | `timeoutMs` | how long one step may take, in ms, at most 60,000 | 15,000 |
    /// | `storageKey` | the storage key of the session | one for each `baseUrl` |
    /// | `sessionCheck` | when `wx.checkSession` is asked: `foreground` (once per foreground period), `always`, `never` | `foreground` |
    ///
    /// Fails with [`LoginError::InvalidConfig`], which names the first option that is unknown or cannot work.
    pub fn new<V: Payload>(options: &V) -> Result<Self, LoginError> {
        let options = Section::new("options", "", Some(options.clone()), OPTIONS)?;
        let names: Vec<_> = ENDPOINTS.iter().map(|(name, _)| *name).collect();
        let endpoints = Section::new(
            "endpoints",
            "endpoints.",
            options.value("endpoints"),
            &names,
        )?;
        let envelope = Section::new("envelope", "envelope.", options.value("envelope"), FIELDS)?;
        let signed_out = Section::new(
            "signedOut",
            "signedOut.",
            options.value("signedOut"),
            SIGNED_OUT,
        )?;
        let base = base_url(options.text("baseUrl")?.unwrap_or_default())?;
        let mut urls = Vec::new();
        for (name, default) in ENDPOINTS {
            urls.push(endpoint(&endpoints, &base, name, default)?);
        }
        let mut fields = Vec::new();
        for name in FIELDS {
            fields.push(envelope.text(name)?.unwrap_or_else(|| (*name).to_owned()));
        }
        Ok(Config {
            urls,
            fields,
            token_header: header_name(options.text("tokenHeader")?)?,
            signed_out_errno: signed_out.integers("errno", 501)?,
            signed_out_status: signed_out.integers("status", 401)?,
            expiry_margin_ms: options.duration_ms("expiryMarginMs", 60_000.0, 0.0, f64::MAX)?,
            timeout_ms: options.duration_ms("timeoutMs", 15_000.0, 1.0, MAX_TIMEOUT_MS)?,
            storage_key: storage_key(options.text("storageKey")?, &base)?,
            session_check: session_check(options.text("sessionCheck")?)?,
            base_url: base,
        })
    }
}

/// An object of options, whose fields are known by name.
struct Section<V> {
    /// What stands before the fields' names in an error, such as `endpoints.`.
    prefix: &'static str,
    fields: Option<V>,
}

impl<V: Payload> Section<V> {
    fn new(
        name: &str,
        prefix: &'static str,
        fields: Option<V>,
        known: &[&str],
    ) -> Result<Self, LoginError> {
        let section = Section { prefix, fields };
        if let Some(fields) = &section.fields {
            if !fields.is_object() {
                return invalid(name, "must be an object");
            }
            if let Some(unknown) = fields
                .keys()
                .iter()
                .find(|key| !known.contains(&key.as_str()))
            {
                return section.invalid(unknown, "is unknown");
            }
        }
        Ok(section)
    }

    fn value(&self, name: &str) -> Option<V> {
        self.fields.as_ref()?.get(name)
    }

    fn text(&self, name: &str) -> Result<Option<String>, LoginError> {
        match self.value(name).map(|value| value.as_text()) {
            Some(None) => self.invalid(name, "must be a text"),
            text => Ok(text.flatten()),
        }
    }

    fn duration_ms(&self, name: &str, default: f64, min: f64, max: f64) -> Result<f64, LoginError> {
        match self.value(name).map(|value| value.as_number()) {
            None => Ok(default),
            Some(Some(ms)) if ms >= min && ms <= max => Ok(ms),
            Some(_) => self.invalid(name, "must be a number of ms within its limits"),
        }
    }

    fn integers(&self, name: &str, default: i32) -> Result<Vec<i32>, LoginError> {
        let Some(list) = self.value(name) else {
            return Ok(vec![default]);
        };
        let Some(items) = list.items() else {
            return self.invalid(name, "must be a list of integers");
        };
        let mut integers = Vec::new();
        for item in &items {
            match item.as_integer() {
                Some(integer) => integers.push(integer),
                None => return self.invalid(name, "must be a list of integers"),
            }
        }
        Ok(integers)
    }

    fn invalid<T>(&self, name: &str, problem: &'static str) -> Result<T, LoginError> {
        invalid(&[self.prefix, name].concat(), problem)
    }
}

fn invalid<T>(field: &str, problem: &'static str) -> Result<T, LoginError> {
    Err(LoginError::InvalidConfig {
        field: field.to_owned(),
        problem,
    })
}

/// The base URL, with a slash at its end so that paths can be put behind it.
fn base_url(url: String) -> Result<String, LoginError> {
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
    if text::has_any(&url, b"?#@\\") || url.bytes().any(blank) {
        return invalid(
            "baseUrl",
            "must be a plain address: no query, fragment, user name or space",
        );
    }
    let https = url.strip_prefix("https://");
    let Some(rest) = https.or_else(|| url.strip_prefix("http://")) else {
        return invalid(
            "baseUrl",
            "must start with https:// (or http://localhost while developing)",
        );
    };
    let ends = |rest: &str| rest.is_empty() || rest.starts_with('/') || rest.starts_with(':');
    if ends(rest) {
        return invalid("baseUrl", "has no host");
    }
    let local = |host| rest.strip_prefix(host).is_some_and(ends);
    if https.is_none() && !["localhost", "127.0.0.1", "[::1]"].into_iter().any(local) {
        return invalid("baseUrl", "must be https: plain http is for localhost only");
    }
    if url.ends_with('/') {
        Ok(url)
    } else {
        Ok([&url, "/"].concat())
    }
}

fn endpoint<V: Payload>(
    endpoints: &Section<V>,
    base: &str,
    name: &str,
    default: &str,
) -> Result<String, LoginError> {
    let path = endpoints.text(name)?;
    let path = path.as_deref().unwrap_or(default);
    if path.is_empty() {
        return endpoints.invalid(name, "is empty: leave it out for the default");
    }
    if path.starts_with('/') || text::has_any(path, b":\\") || text::climbs(path) {
        return endpoints.invalid(
            name,
            "must be a path below baseUrl, without a slash in front",
        );
    }
    Ok([base, path].concat())
}

fn header_name(name: Option<String>) -> Result<String, LoginError> {
    let name = name.unwrap_or_else(|| "X-Litemall-Token".to_owned());
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || !name.bytes().all(fits) {
        return invalid(
            "tokenHeader",
            "must be a header's name: letters, digits and dashes",
        );
    }
    Ok(name)
}

/// One key for each server, so that a test system and the real one do not share a session.
fn storage_key(key: Option<String>, base: &str) -> Result<String, LoginError> {
    match key {
        Some(key) if key.is_empty() => {
            invalid("storageKey", "is empty: leave it out for the default")
        }
        Some(key) => Ok(key),
        None => Ok(["weapp-login:", base].concat()),
    }
}

fn session_check(name: Option<String>) -> Result<SessionCheck, LoginError> {
    match name.as_deref() {
        None | Some("foreground") => Ok(SessionCheck::Foreground),
        Some("always") => Ok(SessionCheck::Always),
        Some("never") => Ok(SessionCheck::Never),
        Some(_) => invalid("sessionCheck", "must be foreground, always or never"),
    }
}
