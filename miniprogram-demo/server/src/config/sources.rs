//! Where settings come from: the command line, the environment, files of secrets, a file of settings. The first that has one wins.

use super::Mistakes;
use super::arguments::Options;
use config::{Config, ConfigError, Map, Source, Value};
use std::env::var_os;
use std::fs::read_to_string;
use std::path::Path;

/// Every setting, the variable that it may come from, and what it must be.
pub const SETTINGS: [(&str, &str, Form); 14] = [
    ("listen", "WEAPP_LOGIN_LISTEN", Form::Address),
    ("database", DATABASE_URL, Form::Text),
    ("public_url", "WEAPP_LOGIN_PUBLIC_URL", Form::Text),
    (
        "session_seconds",
        "WEAPP_LOGIN_SESSION_SECONDS",
        Form::Number,
    ),
    ("drain_seconds", "WEAPP_LOGIN_DRAIN_SECONDS", Form::Number),
    (
        "metrics_listen",
        "WEAPP_LOGIN_METRICS_LISTEN",
        Form::Address,
    ),
    ("log_format", "WEAPP_LOGIN_LOG_FORMAT", Form::Text),
    ("log_levels", "RUST_LOG", Form::Text),
    ("trust_proxy", "WEAPP_LOGIN_TRUST_PROXY", Form::Flag),
    ("sandbox", "WEAPP_LOGIN_SANDBOX", Form::Flag),
    (
        "sandbox_for_network",
        "WEAPP_LOGIN_SANDBOX_FOR_NETWORK",
        Form::Flag,
    ),
    ("wechat_appid", "WECHAT_APPID", Form::Text),
    ("wechat_secret", WECHAT_SECRET, Form::Text),
    ("wechat_api_base", "WECHAT_API_BASE", Form::Text),
];

#[derive(Clone, Copy)]
pub enum Form {
    Text,
    Number,
    Flag,
    Address,
}

impl Form {
    pub fn rule(self) -> &'static str {
        match self {
            Self::Text => "must be a text, in quotation marks where it is in a file",
            Self::Number => "must be a whole number, without quotation marks",
            Self::Flag => "must be true or false, without quotation marks",
            Self::Address => "must be an address with a port, such as \"127.0.0.1:8787\"",
        }
    }

    /// The text of a value in a file, if it is of this form.
    fn text_of(self, value: toml::Value) -> Option<String> {
        match (self, value) {
            (Self::Text | Self::Address, toml::Value::String(text)) => Some(text),
            (Self::Number, toml::Value::Integer(number)) => Some(number.to_string()),
            (Self::Flag, toml::Value::Boolean(flag)) => Some(flag.to_string()),
            _ => None,
        }
    }
}

pub fn form_of(key: &str) -> Option<Form> {
    let setting = SETTINGS.iter().find(|(known, ..)| *known == key);
    setting.map(|(_, _, form)| *form)
}

const DATABASE_URL: &str = "DATABASE_URL";
const WECHAT_SECRET: &str = "WECHAT_SECRET";

/// What may come from a file of its own, which a variable with `_FILE` at its end names.
const SECRETS: [&str; 2] = [DATABASE_URL, WECHAT_SECRET];

const DEFAULTS: [(&str, &str); 4] = [
    ("listen", "127.0.0.1:8787"),
    ("session_seconds", "7200"),
    ("log_format", "text"),
    ("log_levels", "info"),
];

/// For development alone: in the folder where the program was started.
const SANDBOX_DATABASE: &str = "sqlite://data/weapp-login.db";

/// What is said of each setting, as text.
pub type Values = Map<String, Value>;

/// Everything that is said about settings, by setting. What cannot be read is added to `mistakes`.
pub fn read(options: &Options, mistakes: &mut Mistakes) -> Result<Values, ConfigError> {
    let mut layers = vec![defaults()];
    if let Some(file) = &options.config {
        layers.push(from_file(file, mistakes));
    }
    layers.push(from_environment(mistakes));
    layers.push(from_command_line(options)?);
    let mut config = Config::builder();
    for layer in layers {
        config = config.add_source(layer);
    }
    config.build()?.cache.into_table()
}

/// What one source says. Each value knows where it comes from.
#[derive(Clone, Debug, Default)]
struct Layer(Values);

impl Layer {
    fn set(&mut self, key: &str, text: impl Into<String>, origin: String) {
        let value = Value::new(Some(&origin), text.into());
        self.0.insert(key.to_owned(), value);
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Values, ConfigError> {
        Ok(self.0.clone())
    }
}

fn defaults() -> Layer {
    let mut layer = Layer::default();
    for (key, value) in DEFAULTS {
        layer.set(key, value, "default".to_owned());
    }
    layer
}

pub fn set_default_database(values: &mut Values) {
    let origin = "default with --sandbox".to_owned();
    values
        .entry("database".to_owned())
        .or_insert_with(|| Value::new(Some(&origin), SANDBOX_DATABASE));
}

fn from_command_line(options: &Options) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    for (key, value) in Config::try_from(options)?.cache.into_table()? {
        let origin = format!("--{}", key.replace('_', "-"));
        layer.set(&key, value.into_string()?, origin);
    }
    Ok(layer)
}

/// An empty variable is none.
fn from_environment(mistakes: &mut Mistakes) -> Layer {
    let mut layer = Layer::default();
    for (key, variable, _) in SETTINGS {
        let value = text_of(variable, mistakes);
        let file = format!("{variable}_FILE");
        let secret = SECRETS
            .contains(&variable)
            .then(|| text_of(&file, mistakes))
            .flatten();
        match (value, secret) {
            (Some(_), Some(_)) => {
                mistakes.add(format!(
                    "{variable} and {file} are set: unset one of the two"
                ));
            }
            (Some(value), None) => layer.set(key, value, variable.to_owned()),
            (None, Some(path)) => match read_to_string(&path) {
                Ok(value) if value.trim().is_empty() => {
                    mistakes.add(format!("{file}: {path} is empty"));
                }
                Ok(value) => layer.set(key, value.trim(), file),
                Err(error) => mistakes.add(format!("{file}: cannot read {path}: {error}")),
            },
            (None, None) => {}
        }
    }
    layer
}

fn text_of(variable: &str, mistakes: &mut Mistakes) -> Option<String> {
    let value = var_os(variable).filter(|value| !value.is_empty())?;
    let text = value.into_string();
    text.inspect_err(|_| mistakes.add(format!("{variable} is no text in UTF-8")))
        .ok()
}

fn from_file(file: &Path, mistakes: &mut Mistakes) -> Layer {
    let name = file.display();
    let mut layer = Layer::default();
    let text = match read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            mistakes.add(format!("--config: cannot read {name}: {error}"));
            return layer;
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            // The error's whole text quotes the line, which may have a secret in it.
            let start = error.span().map_or(0, |span| span.start);
            let line = text[..start].lines().count().max(1);
            mistakes.add(format!("{name}, line {line}: {}", error.message()));
            return layer;
        }
    };
    for (key, value) in table {
        let Some(form) = form_of(&key) else {
            mistakes.add(format!(
                "{key} in {name} is no setting: remove it, or see --help for how it is called"
            ));
            continue;
        };
        let origin = format!("{key} in {name}");
        match form.text_of(value) {
            Some(text) => layer.set(&key, text, origin),
            None => mistakes.add(format!("{origin}: {}", form.rule())),
        }
    }
    layer
}
