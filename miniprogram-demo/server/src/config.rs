//! What the server is told: command line for what is harmless, environment for what is secret.

use crate::secret::Secret;
use clap::Parser;
use std::net::SocketAddr;
use std::time::Duration;

const REAL_WECHAT: &str = "https://api.weixin.qq.com";

/// Reference backend of weapp-login: WeChat login for mini-programs.
#[derive(Parser)]
#[command(version, after_help = ENVIRONMENT)]
pub struct Options {
    /// Address to serve on; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

    /// Database: sqlite://FILE or mysql://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true, default_value = DEFAULT_DATABASE)]
    pub database: String,

    /// Root under which clients reach this server, for links to uploaded pictures [default: the address served on]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,

    /// How long a token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 2 * 60 * 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub session_seconds: u32,

    /// Take clients' addresses from the last one in X-Forwarded-For: there is a proxy in front, and no way around it
    #[arg(long)]
    pub trust_proxy: bool,

    /// Play WeChat under /sandbox/, for development: anybody can sign in as anybody
    #[arg(long)]
    pub sandbox: bool,

    /// Let other machines use the sandbox, too
    #[arg(long, requires = "sandbox")]
    pub sandbox_for_network: bool,
}

const DEFAULT_DATABASE: &str = concat!(
    "sqlite://",
    env!("CARGO_MANIFEST_DIR"),
    "/data/weapp-login.db"
);

const ENVIRONMENT: &str = "\
Environment:
  WECHAT_APPID, WECHAT_SECRET  the mini-program's AppID and AppSecret, unless there is --sandbox
  WECHAT_API_BASE              another address of WeChat's interface, such as a proxy's
  RUST_LOG                     log levels, such as `info` (the default) or `weapp_login_server=debug`";

impl Options {
    pub fn session_lifetime(&self) -> Duration {
        Duration::from_secs(self.session_seconds.into())
    }
}

/// How to talk to WeChat.
#[derive(Clone, Debug)]
pub struct WechatConfig {
    pub app_id: String,
    pub secret: Secret,
    pub base: String,
    /// Whether WeChat is played by this server.
    pub sandbox: bool,
}

const APP_ID: &str = "WECHAT_APPID";
const SECRET: &str = "WECHAT_SECRET";
const API_BASE: &str = "WECHAT_API_BASE";

impl WechatConfig {
    /// The sandbox if it is asked for, else what the environment says. `server` is where this server is reachable for
    /// itself.
    pub fn new(options: &Options, server: SocketAddr) -> Result<Self, String> {
        if options.sandbox {
            Self::sandbox(options, server)
        } else {
            Self::from_env()
        }
    }

    /// A sandbox beside the variables of the real WeChat is refused: one of the two is a mistake.
    fn sandbox(options: &Options, server: SocketAddr) -> Result<Self, String> {
        let set = [APP_ID, SECRET, API_BASE].into_iter();
        let set: Vec<_> = set.filter(|name| variable(name).is_some()).collect();
        if !set.is_empty() {
            return Err(format!(
                "--sandbox plays WeChat itself, but {} is set: unset it, or leave --sandbox out",
                set.join(", ")
            ));
        }
        if !options.listen.ip().to_canonical().is_loopback() && !options.sandbox_for_network {
            return Err(format!(
                "with --sandbox anybody who reaches {} signs in as anybody: listen on 127.0.0.1, \
                 or add --sandbox-for-network where that is wanted",
                options.listen
            ));
        }
        Ok(Self {
            app_id: "touristappid".to_owned(),
            secret: Secret::new("sandbox"),
            base: format!("http://{server}/sandbox"),
            sandbox: true,
        })
    }

    fn from_env() -> Result<Self, String> {
        match (variable(APP_ID), variable(SECRET)) {
            (Some(app_id), Some(secret)) => Ok(Self {
                app_id,
                secret: Secret::new(secret),
                base: variable(API_BASE)
                    .map(|base| base.trim_end_matches('/').to_owned())
                    .unwrap_or_else(|| REAL_WECHAT.to_owned()),
                sandbox: false,
            }),
            (Some(_), None) => Err(format!(
                "{APP_ID} is set, but {SECRET} is missing or empty: set both"
            )),
            (None, Some(_)) => Err(format!(
                "{SECRET} is set, but {APP_ID} is missing or empty: set both"
            )),
            (None, None) => Err(format!(
                "{APP_ID} and {SECRET} are missing or empty: set both to ask the real WeChat, \
                 or start with --sandbox for development"
            )),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
