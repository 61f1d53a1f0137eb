//! The calls that pages make, at any time and in any order.

use weapp_login::{Api, LoginMode, Result};

use crate::chance::Chance;
use crate::server::PASSWORD;
use crate::value::{Value, object};
use crate::world::World;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Check,
    /// With the profile of this name.
    Weixin(&'static str),
    /// Without a profile.
    Bare,
    Cached,
    Silent,
    Force,
    Request,
    Upload,
    /// A request to an address that refuses whoever asks.
    Report,
    /// A request to somewhere else, or to what only looks like our server.
    Foreign,
    Profile,
    BindPhone,
    /// The account of this name, with the right password or a wrong one.
    Account(&'static str, bool),
    Register,
    Bind(bool),
    Logout,
    /// A check, `ensure_login` if it says no, and a check again.
    Heal,
}

use Kind::*;

const OFTEN: [Kind; 25] = [
    Check,
    Check,
    Weixin("tea"),
    Weixin("mint"),
    Bare,
    Cached,
    Silent,
    Silent,
    Force,
    Request,
    Request,
    Request,
    Request,
    Request,
    Upload,
    Report,
    Foreign,
    Profile,
    BindPhone,
    Account("tea", true),
    Account("jade", false),
    Register,
    Bind(true),
    Logout,
    Heal,
];

impl Kind {
    pub fn any(chance: &mut Chance) -> Self {
        match chance.one_of(&OFTEN) {
            Bind(_) => Bind(chance.odds(70)),
            Account("jade", _) => Account("jade", chance.odds(50)),
            kind => kind,
        }
    }

    /// Whether it may lead to a login, by itself or because the user wants one.
    pub fn may_sign_in(self) -> bool {
        !matches!(self, Check | Cached | Foreign | BindPhone | Logout)
    }

    /// Whether the user has asked for this login, with a code of WeChat's.
    pub fn is_tap(self) -> bool {
        matches!(self, Weixin(_) | Bare | Force | Bind(_))
    }

    /// Whether the user has asked for this login.
    pub fn is_act(self) -> bool {
        self.is_tap() || matches!(self, Account(..) | Register)
    }

    /// Whether its requests wait for a place.
    pub fn takes_a_place(self) -> bool {
        self.is_request() || self == Foreign
    }

    /// Whether it sends a request of the app's.
    pub fn is_request(self) -> bool {
        matches!(self, Request | Upload | Report | Profile | BindPhone)
    }
}

/// What a call ended with.
pub enum Outcome {
    SignedIn(bool),
    Done(Result<()>),
    /// Of the last of several steps.
    Healed(bool),
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
    let session = world.peek(&client).is_some();
    let copy = world.copy();
    let id = world.with(|state| state.call_begins(copy, kind, session));
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
    let account = |name: &'static str, right| {
        let password = if right { PASSWORD } else { "secret-wrong" };
        object([("username", name.into()), ("password", password.into())])
    };
    let ended = world.clone();
    let end = move |outcome: Outcome| {
        ended.inspect();
        ended.with(|state| state.call_ends(id, &outcome));
    };
    macro_rules! spawn {
        ($work:expr) => {{
            let work = client.begin(Box::pin($work), None);
            world.spawn_task(async move { end(Outcome::Done(work.await.map(drop))) })
        }};
    }
    let send = |api, url| client.clone().request(api, request(api, url));
    match kind {
        Check => {
            world.spawn_task(async move { end(Outcome::SignedIn(client.check_login().await)) })
        }
        Weixin(name) => spawn!(
            client
                .clone()
                .login_by_weixin(Some(object([("nickName", name.into())])))
        ),
        Bare => spawn!(client.clone().login_by_weixin(None)),
        Cached => spawn!(client.clone().ensure_login(LoginMode::Cached)),
        Silent => spawn!(client.clone().ensure_login(LoginMode::Silent)),
        Force => spawn!(client.clone().ensure_login(LoginMode::Force)),
        Request => {
            let url = world.with(|state| CART[state.chance.between(0, 2) as usize]);
            spawn!(send(Api::Request, url))
        }
        Upload => spawn!(send(Api::UploadFile, "storage/upload")),
        Report => spawn!(send(Api::Request, "report")),
        Foreign => {
            let url = world.with(|state| state.chance.one_of(&FOREIGN));
            spawn!(send(Api::Request, url))
        }
        Profile => spawn!(client.clone().update_profile(object([
            ("call", (id as f64).into()),
            ("nickName", "tea".into())
        ]))),
        BindPhone => spawn!(client.clone().bind_phone(Some("secret-phone-code".into()))),
        Account(name, right) => spawn!(client.clone().login_by_account(account(name, right))),
        Register => spawn!(client.clone().register(account("new", true))),
        Bind(right) => spawn!(client.clone().bind_account(account("tea", right))),
        Logout => {
            world.with(|state| state.ledger.logging_out = true);
            let told = client.clone().logout();
            world.with(|state| state.ledger.logging_out = false);
            world.inspect();
            world.with(|state| state.logged_out(id));
            world.spawn_task(async move { end(Outcome::Done(told.await)) })
        }
        Heal => {
            let healing = world.clone();
            world.spawn_task(async move {
                if client.clone().check_login().await {
                    return end(Outcome::Healed(true));
                }
                healing.with(|state| state.goes_on(id));
                let ensured = client.clone().ensure_login(LoginMode::Silent).await;
                healing.inspect();
                if ensured.is_err() {
                    return end(Outcome::Healed(true));
                }
                healing.with(|state| state.healed(id));
                end(Outcome::Healed(client.check_login().await));
            })
        }
    }
}

/// Whether a value that is sent holds a token anywhere.
pub fn holds_a_token(options: &Value) -> bool {
    options.any_text(|text| text.contains("secret-token-"))
}
