//! The calls that pages make, at any time and in any order.

use weapp_login::{Api, LoginMode, Result};

use crate::chance::Chance;
use crate::server::PASSWORD;
use crate::value::{Value, object};
use crate::world::World;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Check,
    Weixin,
    Cached,
    Silent,
    Force,
    Request,
    Upload,
    /// A request to somewhere else, or to what only looks like our server.
    Foreign,
    Profile,
    BindPhone,
    /// With the right password, or a wrong one.
    Account(bool),
    Register,
    Bind(bool),
    Logout,
}

use Kind::*;

const OFTEN: [Kind; 21] = [
    Check,
    Check,
    Weixin,
    Weixin,
    Cached,
    Silent,
    Silent,
    Force,
    Request,
    Request,
    Request,
    Request,
    Upload,
    Foreign,
    Profile,
    BindPhone,
    Account(true),
    Account(false),
    Register,
    Bind(true),
    Logout,
];

impl Kind {
    pub fn any(chance: &mut Chance) -> Self {
        match chance.one_of(&OFTEN) {
            Bind(_) => Bind(chance.odds(70)),
            kind => kind,
        }
    }

    /// Whether it may lead to a login, by itself or because the user wants one.
    pub fn may_sign_in(self) -> bool {
        !matches!(self, Check | Cached | Foreign | BindPhone | Logout)
    }

    /// Whether the user has asked for this login, with a code of WeChat's.
    pub fn is_tap(self) -> bool {
        matches!(self, Weixin | Force | Bind(_))
    }
}

/// What a call ended with.
pub enum Outcome {
    SignedIn(bool),
    Done(Result<()>),
}

/// One address, in the ways that a page may write it.
const CART: [&str; 3] = ["cart", "/cart", "https://shop.example/wx/cart"];
const FOREIGN: [&str; 6] = [
    "https://elsewhere.example/cart",
    "https://shop.example.evil/wx/cart",
    "https://shop.example/other",
    "https://shop.example/wx/../other",
    "https://shop.example/wx/%2e%2E/other",
    "..\\other",
];

/// Begins a call; its end is told to the ledger.
pub fn begin(world: &World, kind: Kind) {
    let Some(client) = world.client() else { return };
    let session = client.session().is_some();
    let id = world.with(|state| state.call_begins(kind, session));
    let request = |api, url: &str| {
        let data = object([("call", (id as f64).into())]);
        match api {
            Api::UploadFile => object([
                ("url", url.into()),
                ("filePath", "wxfile://a".into()),
                ("name", "file".into()),
                ("formData", data),
            ]),
            _ => object([
                ("url", url.into()),
                ("method", "POST".into()),
                ("data", data),
            ]),
        }
    };
    let account = |right| {
        let password = if right { PASSWORD } else { "secret-wrong" };
        object([("username", "tea".into()), ("password", password.into())])
    };
    let ended = world.clone();
    let end = move |outcome: Outcome| {
        ended.inspect();
        ended.with(|state| state.call_ends(id, &outcome));
    };
    macro_rules! spawn {
        ($work:expr) => {{
            let work = client.begin(Box::pin($work));
            world.spawn_task(async move { end(Outcome::Done(work.await.map(drop))) })
        }};
    }
    match kind {
        Check => {
            world.spawn_task(async move { end(Outcome::SignedIn(client.check_login().await)) })
        }
        Weixin => spawn!(
            client
                .clone()
                .login_by_weixin(Some(object([("nickName", "tea".into())])))
        ),
        Cached => spawn!(client.clone().ensure_login(LoginMode::Cached)),
        Silent => spawn!(client.clone().ensure_login(LoginMode::Silent)),
        Force => spawn!(client.clone().ensure_login(LoginMode::Force)),
        Request => {
            let url = world.with(|state| CART[state.chance.between(0, 2) as usize]);
            spawn!(
                client
                    .clone()
                    .request(Api::Request, request(Api::Request, url))
            )
        }
        Upload => {
            spawn!(
                client
                    .clone()
                    .request(Api::UploadFile, request(Api::UploadFile, "storage/upload"))
            )
        }
        Foreign => {
            let url = world.with(|state| state.chance.one_of(&FOREIGN));
            spawn!(
                client
                    .clone()
                    .request(Api::Request, request(Api::Request, url))
            )
        }
        Profile => spawn!(client.clone().update_profile(object([
            ("call", (id as f64).into()),
            ("nickName", "tea".into())
        ]))),
        BindPhone => spawn!(client.clone().bind_phone(Some("secret-phone-code".into()))),
        Account(right) => spawn!(client.clone().login_by_account(account(right))),
        Register => spawn!(client.clone().register(account(true))),
        Bind(right) => spawn!(client.clone().bind_account(account(right))),
        Logout => {
            let told = client.clone().logout();
            world.inspect();
            world.with(|state| state.logged_out(id));
            world.spawn_task(async move { end(Outcome::Done(told.await)) })
        }
    }
}

/// Whether a value that is sent holds a token anywhere.
pub fn holds_a_token(options: &Value) -> bool {
    options.any_text(|text| text.contains("secret-token-"))
}
