//! A session that another program has left.

use serde_json::json;
use weapp_login::Via;

use crate::common::{account, checks, code, fail_reads, get, later, request, silent, user};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER};
use crate::world::{Client, World};

/// A client that has taken over a token of `user`, of whom the fields are known.
fn taken_over(user: u64, user_info: serde_json::Value) -> (World, Client) {
    let world = World::new();
    world.server(|server| server.live_tokens.insert("old".into(), user));
    let client = world.client();
    assert!(
        client
            .take_over("old".into(), Some(Json(user_info)))
            .unwrap()
    );
    (world, client)
}

/// (behaviour 55)
#[test]
fn it_is_used_as_long_as_the_server_accepts_it() {
    let (world, client) = taken_over(ACCOUNT_USER, json!({ "nickName": "tea" }));
    assert_eq!(client.session().unwrap().via, Via::Unknown);
    assert_eq!(
        get(&world, &client).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
    assert!(checks(&world, &client));
    assert_eq!(world.paths(), ["goods", "auth/info"]); // only the server knows its end
    let client = world.client(); // after a restart
    assert_eq!(
        get(&world, &client).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
    assert_eq!(world.count("login"), 0);
}

/// (behaviour 55)
#[test]
fn a_silent_login_takes_its_place_for_the_same_user_only() {
    for (known, user) in [
        (json!({ "userId": WEIXIN_USER }), Ok(WEIXIN_USER)),
        (json!({ "userId": ACCOUNT_USER }), Err("signed_out")),
        (json!({ "nickName": "tea" }), Err("signed_out")),
    ] {
        let (world, client) = taken_over(WEIXIN_USER, known);
        world.server(|server| server.revoke_all());
        let got = get(&world, &client);
        let got = got
            .as_ref()
            .map(|answer| answer.0["data"]["user"].as_u64().unwrap());
        assert_eq!(got.map_err(|error| error.code()), user);
        let (world, client) = (world.clone(), world.client());
        assert_eq!(get(&world, &client).is_ok(), user.is_ok()); // after a restart
    }
}

/// (behaviour 55)
#[test]
fn what_is_known_already_is_not_taken_over() {
    let world = World::new();
    let client = world.signed_in_client();
    assert!(!client.take_over("token-1".into(), None).unwrap()); // the current one
    world.run(client.clone().login_by_weixin(None)).unwrap();
    assert!(!client.take_over("token-1".into(), None).unwrap()); // the one that it has replaced
    world.run(client.clone().logout()).unwrap();
    for client in [client, world.client()] {
        assert!(!client.take_over("token-2".into(), None).unwrap()); // the one that was signed out
        assert!(client.session().is_none());
    }
    let error = world.client().take_over(String::new(), None).unwrap_err();
    assert_eq!(error.code(), "invalid_argument");
}

/// (behaviours 44, 55)
#[test]
fn nothing_is_taken_over_while_the_storage_cannot_be_read() {
    let world = World::new();
    world.signed_in_client();
    let record = world.record();
    fail_reads(&world, true);
    assert!(!world.client().take_over("old".into(), None).unwrap());
    assert_eq!(world.record(), record);
}

/// Who signs in through another program is not replaced by a login that began before. (behaviour 55)
#[test]
fn a_login_in_flight_does_not_replace_it() {
    let world = World::new();
    world.server(|server| server.live_tokens.insert("old".into(), ACCOUNT_USER));
    let client = world.client();
    let login = client.clone().login_by_weixin(None);
    let page = later(&world, 50.0, &client, |client| async move {
        client.take_over("old".into(), None)
    });
    let (login, taken) = world.run(async { futures::join!(login, page) });
    assert_eq!(
        (login.unwrap_err().code(), taken),
        ("user_changed", Ok(true))
    );
    assert_eq!(
        get(&world, &client).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
}

/// (behaviour 55)
#[test]
fn a_tap_that_shares_a_silent_login_signs_in_all_the_same() {
    let (world, client) = taken_over(ACCOUNT_USER, json!({ "userId": ACCOUNT_USER }));
    world.server(|server| server.revoke_all());
    let request = request(&client, "goods");
    let tap = {
        let (world, client) = (world.clone(), client.clone());
        async move {
            while world.count("login") == 0 {
                world.wait(1.0).await;
            }
            client.login_by_weixin(None).await
        }
    };
    let (request, tap) = world.run(async { futures::join!(request, tap) });
    assert!(request.is_err() && tap.is_ok());
    assert_eq!(get(&world, &client).unwrap().0["data"]["user"], WEIXIN_USER);
}

/// The second logout finds no session, and keeps the hash of the first one's token. (behaviours 43, 55)
#[test]
fn a_token_that_was_logged_out_twice_is_not_taken_over() {
    let world = World::new();
    let client = world.signed_in_client();
    for _ in 0..2 {
        world.run(client.clone().logout()).unwrap();
    }
    for client in [client, world.client()] {
        assert!(!client.take_over("token-1".into(), None).unwrap());
        assert!(client.session().is_none());
    }
}

/// A check that meets the refusal first ends nothing that a silent login may renew. (behaviours 52, 55)
#[test]
fn a_check_that_meets_the_refusal_leaves_it_to_be_healed() {
    type Heal = fn(&World, &Client) -> bool;
    let heals: [Heal; 2] = [
        |world, client| silent(world, client).is_ok(),
        |world, client| get(world, client).is_ok(),
    ];
    for heal in heals {
        let (world, client) = taken_over(WEIXIN_USER, json!({ "userId": WEIXIN_USER }));
        world.server(|server| server.revoke_all());
        assert!(!checks(&world, &client));
        assert!(heal(&world, &client));
        assert!(checks(&world, &client));
        assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
        assert_eq!(world.count("login"), 1);
    }
}

/// Without an identity nobody knows who it was. (behaviour 55)
#[test]
fn a_check_that_meets_the_refusal_ends_what_nobody_may_renew() {
    let (world, client) = taken_over(WEIXIN_USER, json!({ "nickName": "tea" }));
    world.server(|server| server.revoke_all());
    assert!(!checks(&world, &client));
    assert!(client.session().is_none());
    assert_eq!(code(silent(&world, &client)), "signed_out");
    assert_eq!(world.count("login"), 0);
}

/// A page may have kept it. (behaviours 43, 55)
#[test]
fn the_token_before_the_last_is_not_taken_over_after_a_logout() {
    let world = World::new();
    let client = world.signed_in_client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    for _ in 0..2 {
        world.run(client.clone().logout()).unwrap();
    }
    for client in [client, world.client()] {
        for token in ["token-1", "token-2"] {
            assert!(!client.take_over(token.into(), None).unwrap(), "{token}");
        }
        assert!(client.session().is_none());
    }
    assert!(world.client().take_over("token-3".into(), None).unwrap());
}

/// Nor after somebody else has signed in since: the user has logged out of it. (behaviours 43, 55)
#[test]
fn a_token_that_was_logged_out_is_not_taken_over_after_another_login() {
    let world = World::new();
    let client = world.signed_in_client();
    world.run(client.clone().logout()).unwrap();
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    assert!(!client.take_over("token-1".into(), None).unwrap());
    assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
}
