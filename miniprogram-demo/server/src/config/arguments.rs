//! The command line. What it says of settings is looked at together with what the other sources say.

use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use std::path::PathBuf;

/// Reference backend of weapp-login: WeChat login for mini-programs.
#[derive(Parser)]
#[command(version, after_help = SOURCES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    pub options: Options,
}

impl Arguments {
    pub fn command(&self) -> Command {
        self.command.clone().unwrap_or(Command::Serve)
    }
}

#[derive(Clone, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or SIGINT; what is done without a command
    Serve,
    /// Print the settings, secrets masked, with where each comes from; fail if there are mistakes, and name all of them
    CheckConfig,
    #[command(flatten)]
    OnDatabase(DatabaseCommand),
}

/// What is done to the database alone.
#[derive(Clone, Subcommand)]
pub enum DatabaseCommand {
    /// Bring the database's schema up to date
    Migrate,
    /// Copy a SQLite database into FILE, also while servers use it
    Backup { file: PathBuf },
    /// Put FILE, made by `backup`, in the place of the SQLite database, which no server may use meanwhile
    Restore { file: PathBuf },
}

/// Settings, and the file of others.
#[derive(Args, Serialize)]
pub struct Options {
    /// Settings in TOML
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address to serve on; port 0 takes any free port [default: 127.0.0.1:8787]
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,

    /// Database: sqlite://FILE or mysql://USER:PASSWORD@HOST/NAME [default with --sandbox: sqlite://data/weapp-login.db]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<String>,

    /// Root under which clients reach this server, for links to uploaded pictures [default: the address served on]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,

    /// How long a token lives [default: 7200]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    session_seconds: Option<String>,

    /// After a signal to stop: how long to go on while /readyz says 503, so that a load balancer turns away [default: 0]
    #[arg(long, global = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    drain_seconds: Option<String>,

    /// Address to serve Prometheus' metrics on, at /metrics; for the operator's eyes, not for strangers'
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics_listen: Option<String>,

    /// Form of the log's lines: text or json [default: text]
    #[arg(long, global = true, value_name = "FORM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<String>,

    /// Take clients' addresses from the last one in X-Forwarded-For: there is a proxy in front, and no way around it
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "is_absent")]
    trust_proxy: bool,

    /// Play WeChat under /sandbox/, for development: anybody can sign in as anybody
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "is_absent")]
    sandbox: bool,

    /// Let other machines use the sandbox, too
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "is_absent")]
    sandbox_for_network: bool,
}

/// A flag that is not given leaves the word to the other sources.
fn is_absent(flag: &bool) -> bool {
    !flag
}

const SOURCES: &str = "\
An option wins over the environment, and that over the file of --config, whose keys are called like the options, with _ for -.
Environment:
  WECHAT_APPID, WECHAT_SECRET  the mini-program's AppID and AppSecret, unless there is --sandbox
  WECHAT_API_BASE              another address of WeChat's interface, such as a proxy's
  DATABASE_URL                 like --database; the place for an address with a password in it
  WECHAT_SECRET_FILE, DATABASE_URL_FILE
                               files that hold the value
  RUST_LOG                     log levels, such as `info` (the default) or `weapp_login_server=debug`
  WEAPP_LOGIN_LISTEN, …        the other options, each with this prefix and _ for -";
