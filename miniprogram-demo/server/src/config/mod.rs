//! What the server is told.

mod arguments;
mod sources;
mod wechat;

use crate::secret::Secret;
pub use arguments::{Arguments, Command, DatabaseCommand, Options};
use config::{ConfigError, Value};
use reqwest::Url;
use sources::Values;
use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;
use tracing_subscriber::filter::Targets;
pub use wechat::{WechatConfig, WechatSettings};

const MASK: &str = "[redacted]";

/// Settings that fit together, but for WeChat's.
pub struct Settings {
    pub listen: SocketAddr,
    pub database: Secret,
    pub public_url: Option<String>,
    pub session_lifetime: Duration,
    /// How long a server that was told to stop goes on.
    pub drain: Duration,
    pub metrics_listen: Option<SocketAddr>,
    pub log_format: LogFormat,
    pub log_levels: Targets,
    pub trust_proxy: bool,
}

#[derive(Clone, Copy)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be text or json"),
        }
    }
}

/// All that is wrong with the settings, each with the name of the one that it is about.
#[derive(Debug, Default)]
pub struct Mistakes(Vec<String>);

impl Mistakes {
    /// A mistake is named once, however often the setting is read.
    fn add(&mut self, mistake: String) {
        if !self.0.contains(&mistake) {
            self.0.push(mistake);
        }
    }
}

impl Display for Mistakes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\nerror: "))
    }
}

impl std::error::Error for Mistakes {}

/// What all sources say, and what is wrong with it so far.
pub struct Said {
    values: Values,
    mistakes: Mistakes,
}

impl Said {
    pub fn read(options: &Options) -> Result<Self, ConfigError> {
        let mut mistakes = Mistakes::default();
        let values = sources::read(options, &mut mistakes)?;
        let mut said = Self { values, mistakes };
        if said.has_sandbox() {
            sources::set_default_database(&mut said.values);
        }
        Ok(said)
    }

    /// Each setting that is set, where it comes from, and no secret.
    pub fn shown(&self) -> String {
        let mut lines = String::new();
        for (key, ..) in sources::SETTINGS {
            if let Some(value) = self.value(key) {
                let origin = value.origin().unwrap_or_default().to_owned();
                lines += &format!("{key} = {} # {origin}\n", shown(key, value));
            }
        }
        lines
    }

    /// What every command needs, or all mistakes. WeChat is the server's alone.
    pub fn settings(mut self) -> Result<Settings, Mistakes> {
        let settings = self.but_wechat();
        self.unless_wrong(settings)
    }

    /// What the server needs, or all mistakes.
    pub fn for_server(mut self) -> Result<(Settings, WechatSettings), Mistakes> {
        let settings = self.but_wechat();
        let wechat = self.wechat();
        self.unless_wrong(settings.zip(wechat))
    }

    fn unless_wrong<T>(self, settings: Option<T>) -> Result<T, Mistakes> {
        match settings {
            Some(settings) if self.mistakes.0.is_empty() => Ok(settings),
            _ => Err(self.mistakes),
        }
    }

    /// Looks at every setting, whether or not another one is right. A value is missing only where there is a mistake.
    fn but_wechat(&mut self) -> Option<Settings> {
        let listen = self.get("listen");
        let database = self.database();
        let public_url = self.get("public_url");
        let public_url = public_url.and_then(|url| self.checked_url("public_url", url));
        let lifetime = self.get("session_seconds");
        let lifetime = lifetime.and_then(|seconds: u32| self.positive("session_seconds", seconds));
        let drain = self.get::<u32>("drain_seconds").unwrap_or(0);
        let metrics_listen = self.get("metrics_listen");
        if listen
            .zip(metrics_listen)
            .is_some_and(|(one, other)| collide(one, other))
        {
            let why = "is the address of `listen`, too: choose another port";
            self.is_wrong("metrics_listen", &why);
        }
        let log_format = self.get::<String>("log_format");
        let log_format = log_format.and_then(|format| self.parsed("log_format", &format));
        let log_levels = self.get::<String>("log_levels");
        let log_levels = log_levels.and_then(|levels| self.parsed("log_levels", &levels));
        let trust_proxy = self.get("trust_proxy").unwrap_or(false);
        Some(Settings {
            listen: listen?,
            database: Secret::new(database?),
            public_url,
            session_lifetime: Duration::from_secs(lifetime?.into()),
            drain: Duration::from_secs(drain.into()),
            metrics_listen,
            log_format: log_format?,
            log_levels: log_levels?,
            trust_proxy,
        })
    }

    fn database(&mut self) -> Option<String> {
        if self.value("database").is_none() {
            let mistake = "database is missing: set DATABASE_URL or --database to sqlite://FILE \
                           or mysql://USER:PASSWORD@HOST/NAME";
            self.mistakes.add(mistake.to_owned());
        }
        self.get("database")
    }

    fn value(&self, key: &str) -> Option<Value> {
        self.values.get(key).cloned()
    }

    /// The value of a setting, or `None` if it is not set or is a mistake.
    fn get<T: FromStr>(&mut self, key: &str) -> Option<T> {
        let text = self.value(key)?.into_string().ok()?;
        let read = text.parse().ok();
        if let (None, Some(form)) = (&read, sources::form_of(key)) {
            self.is_wrong(key, &form.rule());
        }
        read
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self, key: &str, text: &str) -> Option<T> {
        text.parse()
            .inspect_err(|error| self.is_wrong(key, error))
            .ok()
    }

    fn positive(&mut self, key: &str, number: u32) -> Option<u32> {
        if number == 0 {
            self.is_wrong(key, &"must be 1 or more");
        }
        (number > 0).then_some(number)
    }

    fn checked_url(&mut self, key: &str, text: String) -> Option<String> {
        let url: Url = self.parsed(key, &text)?;
        if !["http", "https"].contains(&url.scheme()) {
            self.is_wrong(key, &"must begin with http:// or https://");
        }
        Some(text)
    }

    fn is_wrong(&mut self, key: &str, why: &dyn Display) {
        let value = self.value(key);
        let origin = value.as_ref().and_then(Value::origin).unwrap_or_default();
        let mistake = match origin.starts_with(key) {
            true => format!("{origin}: {why}"),
            false => format!("{key} ({origin}): {why}"),
        };
        self.mistakes.add(mistake);
    }
}

/// Whether two listeners cannot have these addresses. Port 0 is a free one.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let is_any = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && (is_any || one.ip() == other.ip())
}

fn shown(key: &str, value: Value) -> String {
    let text = value.into_string().unwrap_or_else(|_| MASK.to_owned());
    let text = match key {
        "wechat_secret" => MASK.to_owned(),
        "database" | "public_url" | "wechat_api_base" => shown_url(&text),
        _ => text,
    };
    format!("{text:?}")
}

/// Scheme, host, port and path of an address: credentials stand before the host or in the query. Where there is no host, or an
/// `@` behind it, credentials may stand anywhere.
pub fn shown_url(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if url.has_authority() && !after_host(&url).contains('@') => {
            let host = url.host_str().unwrap_or_default();
            let port = url.port().map(|port| format!(":{port}"));
            let port = port.unwrap_or_default();
            format!("{}://{host}{port}{}", url.scheme(), url.path())
        }
        _ => MASK.to_owned(),
    }
}

fn after_host(url: &Url) -> String {
    format!("{}{}", url.path(), url.fragment().unwrap_or_default())
}
