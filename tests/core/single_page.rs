//! WeChat's single-page mode: a page opened from Moments has no `wx.login`, no navigation, and a storage of its own.

use serde_json::json;
use weapp_login::{LoginError, LoginMode, Result};

use crate::common::{account, request};
use crate::world::{Client, World, http};

fn in_single_page() -> (World, Client) {
    let world = World::new();
    world.set_single_page(true);
    (world.clone(), world.client())
}

/// (behaviour 54)
#[test]
fn calls_that_need_a_user_have_an_error_of_their_own() {
    let (world, client) = in_single_page();
    let call = || client.clone();
    let results: [Result<()>; 6] = [
        world.run(call().login_by_weixin(None)).map(drop),
        world.run(call().login_by_account(account())).map(drop),
        world.run(call().register(account())).map(drop),
        world.run(call().bind_account(account())).map(drop),
        world.run(call().ensure_login(LoginMode::Silent)).map(drop),
        world.run(call().ensure_login(LoginMode::Force)).map(drop),
    ];
    for result in results {
        assert_eq!(*result.unwrap_err(), LoginError::SinglePage);
    }
    assert!(!world.run(call().check_login()));
    assert_eq!((world.count("login"), world.count("request")), (0, 0));
}

/// (behaviour 54)
#[test]
fn what_needs_no_user_goes_through() {
    let (world, client) = in_single_page();
    let request = || request(&client, "goods");
    world.next_response(http(200, json!({ "errno": 0, "data": "open" })));
    assert_eq!(world.run(request()).unwrap().0["data"], "open");
    assert_eq!(world.run(request()).unwrap_err().code(), "single_page");
    assert_eq!(world.count("login"), 0);

    world.set_single_page(false);
    assert!(world.run(request()).is_ok()); // no backoff has begun
}
