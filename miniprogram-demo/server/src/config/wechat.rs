//! Which WeChat to talk to.

use super::Said;
use crate::secret::Secret;
use std::net::SocketAddr;

const REAL_WECHAT: &str = "https://api.weixin.qq.com";
/// The settings of the real WeChat, and how their variables are called, by which they are known.
const REAL: [(&str, &str); 3] = [
    ("wechat_appid", "WECHAT_APPID"),
    ("wechat_secret", "WECHAT_SECRET"),
    ("wechat_api_base", "WECHAT_API_BASE"),
];

/// The WeChat that is asked for.
pub enum WechatSettings {
    /// This server plays it.
    Sandbox,
    Real {
        app_id: String,
        secret: Secret,
        base: String,
    },
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

impl WechatSettings {
    /// `server` is where this server is reachable for itself.
    pub fn for_server(self, server: SocketAddr) -> WechatConfig {
        match self {
            Self::Sandbox => WechatConfig {
                app_id: "touristappid".to_owned(),
                secret: Secret::new("sandbox"),
                base: format!("http://{server}/sandbox"),
                sandbox: true,
            },
            Self::Real {
                app_id,
                secret,
                base,
            } => WechatConfig {
                app_id,
                secret,
                base,
                sandbox: false,
            },
        }
    }
}

impl Said {
    pub(super) fn has_sandbox(&mut self) -> bool {
        self.get("sandbox").unwrap_or(false)
    }

    pub(super) fn wechat(&mut self) -> Option<WechatSettings> {
        let for_network = self.get("sandbox_for_network").unwrap_or(false);
        if self.has_sandbox() {
            return self.sandbox(for_network);
        }
        if for_network {
            let mistake =
                "sandbox_for_network (--sandbox-for-network) does nothing without --sandbox";
            self.mistakes.add(mistake.to_owned());
        }
        self.real()
    }

    /// A sandbox beside the settings of the real WeChat is refused: one of the two is a mistake.
    fn sandbox(&mut self, for_network: bool) -> Option<WechatSettings> {
        let set = REAL.into_iter().filter(|(key, _)| self.text(key).is_some());
        let set: Vec<_> = set.map(|(_, variable)| variable).collect();
        if !set.is_empty() {
            self.mistakes.add(format!(
                "--sandbox plays WeChat itself, but {} is set: unset it, or leave --sandbox out",
                set.join(", ")
            ));
        }
        let is_local = |listen: SocketAddr| listen.ip().to_canonical().is_loopback();
        let listen = self.get("listen");
        if let Some(listen) = listen.filter(|listen| !is_local(*listen) && !for_network) {
            self.mistakes.add(format!(
                "with --sandbox anybody who reaches {listen} signs in as anybody: listen on 127.0.0.1, \
                 or add --sandbox-for-network where that is wanted"
            ));
        }
        Some(WechatSettings::Sandbox)
    }

    fn real(&mut self) -> Option<WechatSettings> {
        let [app_id, secret, base] = REAL.map(|(key, _)| self.text(key));
        let missing = match (&app_id, &secret) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => {
                Some("WECHAT_APPID is set, but WECHAT_SECRET is missing or empty: set both")
            }
            (None, Some(_)) => {
                Some("WECHAT_SECRET is set, but WECHAT_APPID is missing or empty: set both")
            }
            (None, None) => Some(
                "WECHAT_APPID and WECHAT_SECRET are missing or empty: set both to ask the real WeChat, \
                 or start with --sandbox for development",
            ),
        };
        if let Some(mistake) = missing {
            self.mistakes.add(mistake.to_owned());
        }
        let base = base.and_then(|base| self.checked_url("wechat_api_base", base));
        Some(WechatSettings::Real {
            app_id: app_id?,
            secret: Secret::new(secret?),
            base: base.map_or_else(
                || REAL_WECHAT.to_owned(),
                |base| base.trim_end_matches('/').to_owned(),
            ),
        })
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.get(key).filter(|text: &String| !text.is_empty())
    }
}
