//! WeChat's single-page mode: a page opened from Moments has no `wx.login`, no navigation, and a storage of its own.

use serde_json::json;
use weapp_login::{LoginError, LoginMode, Result};

use crate::common::{account, code, request};
use crate::json::Json;
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

/// Also what gives the session that is there, and what would only use it. (behaviour 54)
#[test]
fn calls_that_find_no_session_have_the_same_error_whoever_was_there_before() {
    type Before = fn(&World);
    let before: [Before; 4] = [
        |_| {},
        |world| drop(world.signed_in_client()),
        |world| drop(world.run(world.client().login_by_account(account()))),
        |world| drop(world.run(world.client().logout())),
    ];
    for before in before {
        let world = World::new();
        before(&world);
        world.shift_clock(8_000_000.0); // a session is over by the clock
        world.server(|server| server.revoke_all());
        world.set_single_page(true);
        let client = world.client();
        world.forget_calls();
        let call = || client.clone();
        let codes = [
            code(world.run(call().ensure_login(LoginMode::Cached))),
            code(world.run(request(&client, "goods"))),
            code(world.run(request(&client, "goods"))),
            code(world.run(call().update_profile(Json(json!({}))))),
            code(world.run(call().bind_phone(Some("code".into())))),
            code(world.run(call().ensure_login(LoginMode::Cached))),
        ];
        assert_eq!(codes, ["single_page"; 6]);
        assert_eq!(world.count("login"), 0);
    }
}

/// The phone's code is refused together with the token. (behaviour 54)
#[test]
fn a_phone_that_is_bound_with_a_session_that_has_ended_has_the_same_error() {
    let world = World::new();
    world.signed_in_client();
    world.server(|server| server.revoke_all());
    world.set_single_page(true);
    let client = world.client();
    let bound = world.run(client.clone().bind_phone(Some("code".into())));
    assert_eq!(code(bound), "single_page");
    assert!(client.session().is_none());
}
