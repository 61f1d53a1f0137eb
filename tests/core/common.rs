//! What many tests do and look at: one way for each.

use std::rc::Rc;

use serde_json::{Value, json};
use weapp_login::{Api, Asked, LoginMode, Result};

use crate::json::Json;
use crate::world::{Client, World};

/// The options for a server that speaks as the reference backend, but for these slots of its dialect.
pub fn dialect(changes: Value) -> Value {
    let reference = include_str!("../../src/dialect/reference.json");
    let mut dialect: Value = serde_json::from_str(reference).unwrap();
    for (slot, change) in changes.as_object().unwrap() {
        dialect[slot] = change.clone();
    }
    json!({ "dialect": dialect })
}

/// The same for a server with refresh tokens.
pub fn refreshing(changes: Value) -> Value {
    let mut slots = json!({
        "token": { "at": "data.token", "header": "X-Litemall-Token", "refresh": "data.refresh" },
        "refresh": { "url": "auth/refresh", "send": { "refresh": "$refresh" } },
    });
    for (slot, change) in changes.as_object().unwrap() {
        slots[slot] = change.clone();
    }
    dialect(slots)
}

/// A server with refresh tokens, and a client of it whose account has signed in so long ago that a refusal is about the token.
pub fn account_with(options: Value) -> (World, Client) {
    long_signed_in(options, |client| client.login_by_account(account()))
}

/// The same with the WeChat user.
pub fn weixin_with(options: Value) -> (World, Client) {
    long_signed_in(options, |client| client.login_by_weixin(None))
}

fn long_signed_in<F: Future<Output = Result<Json>> + 'static>(
    options: Value,
    sign_in: impl FnOnce(Client) -> F,
) -> (World, Client) {
    let world = World::new();
    world.server(|server| server.refreshes = true);
    let client = world.client_with(options);
    world.run(sign_in(client.clone())).unwrap();
    world.age();
    world.forget_calls();
    (world, client)
}

/// The account that the server knows.
pub fn account() -> Json {
    account_of("oolong")
}

pub fn account_of(password: &str) -> Json {
    Json(json!({ "username": "tea", "password": password }))
}

pub fn request(client: &Client, url: &str) -> impl Future<Output = Result<Json>> + use<> {
    let options = Json(json!({ "url": url }));
    client.clone().request(Api::Request, options)
}

pub fn get(world: &World, client: &Client) -> Result<Json> {
    world.run(request(client, "goods"))
}

pub fn ensure(world: &World, client: &Client, mode: LoginMode) -> Result<()> {
    world.run(client.clone().ensure_login(mode)).map(drop)
}

pub fn silent(world: &World, client: &Client) -> Result<()> {
    ensure(world, client, LoginMode::Silent)
}

pub fn checks(world: &World, client: &Client) -> bool {
    world.run(client.clone().check_login())
}

/// The request that an error is about.
pub fn asked(method: &'static str, path: &str) -> Option<Rc<Asked>> {
    let path = path.to_owned();
    Some(Rc::new(Asked { method, path }))
}

pub fn code<T>(result: Result<T>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "ok")
}

/// The id of the user who is signed in.
pub fn user(client: &Client) -> Option<Value> {
    client
        .session()
        .map(|session| session.user_info.0["userId"].clone())
}

pub fn fail_reads(world: &World, fail: bool) {
    world.storage(|storage| storage.fail_get = fail);
}

pub fn fail_writes(world: &World, fail: bool) {
    world.storage(|storage| storage.fail_set = fail);
}

/// Does `act` with the client `ms` from now.
pub fn later<F: Future>(
    world: &World,
    ms: f64,
    client: &Client,
    act: impl FnOnce(Client) -> F + 'static,
) -> impl Future<Output = F::Output> + 'static {
    let (world, client) = (world.clone(), client.clone());
    async move {
        world.wait(ms).await;
        act(client).await
    }
}

/// The storage can be read again `ms` from now.
pub fn reads_recover(world: &World, ms: f64) -> impl Future<Output = ()> + 'static {
    let world = world.clone();
    async move {
        world.wait(ms).await;
        fail_reads(&world, false);
    }
}

/// A client that is signed in with the account.
pub fn with_account() -> (World, Client) {
    let world = World::new();
    let client = world.client();
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    world.forget_calls();
    (world, client)
}

/// Two clients of one storage key that both know the WeChat user.
pub fn two() -> (World, Client, Client) {
    let world = World::new();
    let first = world.signed_in_client();
    let second = world.client();
    world.forget_calls();
    (world, first, second)
}

/// Two clients of one storage key that both know the account's user.
pub fn two_with_account() -> (World, Client, Client) {
    let (world, first) = with_account();
    let second = world.client();
    world.forget_calls();
    (world, first, second)
}
