//! The options that an app creates its client with, and the validated configuration made of them.

use serde::Deserialize;

use crate::LoginError;

/// The options as the app wrote them. Only `base_url` has no default; the defaults fit the reference backend.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// The root of the server's API: `https`, or `http` on this very machine.
    pub base_url: String,
    /// Paths below `base_url`.
    pub endpoints: EndpointOptions,
    /// The header that carries the token. Default `X-Litemall-Token`.
    pub token_header: Option<String>,
    /// Which answers mean "signed out".
    pub signed_out: SignedOutOptions,
    /// How long before its end a session counts as over, in ms. Default 60,000.
    pub expiry_margin_ms: Option<f64>,
    /// How long one step (`wx.login`, a request) may take, in ms, at most 60,000. Default 15,000.
    pub timeout_ms: Option<f64>,
    /// The storage key of the session. Default: one for each `base_url`.
    pub storage_key: Option<String>,
    /// When `wx.checkSession` is asked. Default: once per foreground period.
    pub session_check: SessionCheck,
}

/// Paths below the base URL; a missing one has the reference backend's.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointOptions {
    /// Default `auth/login_by_weixin`.
    pub login_by_weixin: Option<String>,
    /// Default `auth/info`.
    pub info: Option<String>,
    /// Default `auth/logout`.
    pub logout: Option<String>,
    /// Default `auth/profile`.
    pub profile: Option<String>,
}

/// The answers that mean "signed out", for requests that carried a token.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignedOutOptions {
    /// Values of `errno`. Default 501.
    pub errno: Option<Vec<i32>>,
    /// HTTP statuses. Default 401.
    pub status: Option<Vec<u16>>,
}

/// When `checkLogin` asks `wx.checkSession` about a session that came from WeChat's login.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionCheck {
    /// Once each time that the app comes to the foreground.
    #[default]
    Foreground,
    /// Each time.
    Always,
    /// Never: for a server that does not use the `session_key`.
    Never,
}

/// A configuration that can work.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) login_by_weixin_url: String,
    pub(crate) info_url: String,
    pub(crate) logout_url: String,
    pub(crate) profile_url: String,
    pub(crate) token_header: String,
    pub(crate) signed_out_errno: Vec<i32>,
    pub(crate) signed_out_status: Vec<u16>,
    pub(crate) expiry_margin_ms: f64,
    pub(crate) timeout_ms: f64,
    pub(crate) storage_key: String,
    pub(crate) session_check: SessionCheck,
}

/// `wx.request` itself waits no longer, whatever it is told.
const MAX_TIMEOUT_MS: f64 = 60_000.0;

impl Config {
    /// Checks the options and fills in the defaults.
    ///
    /// Fails with [`LoginError::InvalidConfig`], which names the first option that cannot work.
    pub fn new(options: Options) -> Result<Self, LoginError> {
        let base = base_url(options.base_url)?;
        let endpoints = options.endpoints;
        let url =
            |field, path: Option<String>, default: &str| endpoint(&base, field, path, default);
        Ok(Config {
            login_by_weixin_url: url(
                "endpoints.loginByWeixin",
                endpoints.login_by_weixin,
                "auth/login_by_weixin",
            )?,
            info_url: url("endpoints.info", endpoints.info, "auth/info")?,
            logout_url: url("endpoints.logout", endpoints.logout, "auth/logout")?,
            profile_url: url("endpoints.profile", endpoints.profile, "auth/profile")?,
            token_header: header_name(options.token_header)?,
            signed_out_errno: options.signed_out.errno.unwrap_or_else(|| vec![501]),
            signed_out_status: options.signed_out.status.unwrap_or_else(|| vec![401]),
            expiry_margin_ms: duration(
                "expiryMarginMs",
                options.expiry_margin_ms,
                60_000.0,
                0.0,
                f64::MAX,
            )?,
            timeout_ms: duration(
                "timeoutMs",
                options.timeout_ms,
                15_000.0,
                1.0,
                MAX_TIMEOUT_MS,
            )?,
            storage_key: storage_key(options.storage_key, &base)?,
            session_check: options.session_check,
        })
    }
}

fn invalid<T>(field: &str, problem: &'static str) -> Result<T, LoginError> {
    Err(LoginError::InvalidConfig {
        field: field.to_owned(),
        problem,
    })
}

/// The base URL, with a slash at its end so that paths can be put behind it.
fn base_url(mut url: String) -> Result<String, LoginError> {
    if url.contains(['?', '#', '@', '\\'])
        || url.contains(|c: char| c.is_ascii_whitespace() || c.is_ascii_control())
    {
        return invalid(
            "baseUrl",
            "must be a plain address: no query, fragment, user name or space",
        );
    }
    let (host, local_only) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (host_of(rest), false),
        (_, Some(rest)) => (host_of(rest), true),
        _ => {
            return invalid(
                "baseUrl",
                "must start with https:// (or http://localhost while developing)",
            );
        }
    };
    if host.is_empty() {
        return invalid("baseUrl", "has no host");
    }
    if local_only && !matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
        return invalid(
            "baseUrl",
            "must be https: WeChat sends http to this machine (localhost) only",
        );
    }
    if !url.ends_with('/') {
        url.push('/');
    }
    Ok(url)
}

/// The host of what follows the scheme, without its port.
fn host_of(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn endpoint(
    base: &str,
    field: &str,
    path: Option<String>,
    default: &str,
) -> Result<String, LoginError> {
    let path = path.as_deref().unwrap_or(default);
    if path.is_empty() {
        return invalid(field, "is empty: leave it out for the default");
    }
    if path.starts_with('/') || path.contains("://") || path.split('/').any(|part| part == "..") {
        return invalid(
            field,
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

fn duration(
    field: &str,
    ms: Option<f64>,
    default: f64,
    min: f64,
    max: f64,
) -> Result<f64, LoginError> {
    let ms = ms.unwrap_or(default);
    if ms >= min && ms <= max {
        Ok(ms)
    } else {
        invalid(field, "must be a number of ms within its limits")
    }
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
