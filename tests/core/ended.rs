//! Who may be signed in silently, and who only by an act of the user.

use serde_json::json;
use weapp_login::{LoginError, LoginMode};

use crate::common::{account, checks, get, with_account};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER};
use crate::world::{Client, World};

/// A client whose account's session the server has revoked.
fn with_revoked_account() -> (World, Client) {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    (world, client)
}

/// Nothing but an act of the user may follow.
fn assert_nobody_is_signed_in_silently(world: &World, client: &Client) {
    for _ in 0..3 {
        assert_eq!(get(world, client).unwrap_err().code(), "signed_out");
        for mode in [LoginMode::Silent, LoginMode::Cached] {
            let error = world.run(client.clone().ensure_login(mode)).unwrap_err();
            assert_eq!(*error, LoginError::SignedOut);
        }
        assert!(!checks(world, client));
        assert!(client.session().is_none());
        world.shift_clock(100_000.0);
        client.foreground();
    }
    assert_eq!(world.count("login"), 0);
}

/// (behaviour 42)
#[test]
fn an_accounts_session_that_has_ended_is_followed_by_no_silent_login() {
    let (world, client) = with_revoked_account();
    assert_nobody_is_signed_in_silently(&world, &client);
    assert_nobody_is_signed_in_silently(&world, &world.client()); // after a restart
}

/// (behaviour 42)
#[test]
fn not_after_a_check_that_met_the_refusal_either() {
    let (world, client) = with_revoked_account();
    world.shift_clock(-3_600_000.0); // so that the server has to be asked
    client.foreground();
    assert!(!checks(&world, &client));
    assert_nobody_is_signed_in_silently(&world, &client);
    assert_nobody_is_signed_in_silently(&world, &world.client());
}

/// (behaviour 42)
#[test]
fn an_account_that_is_over_by_the_clock_is_not_replaced() {
    let (world, client) = with_account();
    world.shift_clock(7_200_000.0);
    world.server(|server| server.revoke_all());
    assert_nobody_is_signed_in_silently(&world, &client);
}

/// (behaviour 42)
#[test]
fn each_act_of_the_user_signs_in_again() {
    type Act = fn(&World, Client) -> bool;
    let acts: [(Act, u64); 5] = [
        (
            |world, client| world.run(client.login_by_weixin(None)).is_ok(),
            WEIXIN_USER,
        ),
        (
            |world, client| world.run(client.ensure_login(LoginMode::Force)).is_ok(),
            WEIXIN_USER,
        ),
        (
            |world, client| world.run(client.login_by_account(account())).is_ok(),
            ACCOUNT_USER,
        ),
        (
            |world, client| world.run(client.register(account())).is_ok(),
            ACCOUNT_USER,
        ),
        (
            |world, client| world.run(client.bind_account(account())).is_ok(),
            WEIXIN_USER,
        ),
    ];
    for restart in [false, true] {
        for (act, user) in acts {
            let (world, mut client) = with_revoked_account();
            assert!(get(&world, &client).is_err());
            if restart {
                client = world.client();
            }
            assert!(act(&world, client.clone()));
            assert_eq!(get(&world, &client).unwrap().0["data"]["user"], user);
        }
    }
}

/// (behaviour 43)
#[test]
fn a_logout_holds_after_a_restart() {
    let world = World::new();
    let client = world.signed_in_client();
    world.run(client.clone().logout()).unwrap();
    world.forget_calls();
    assert_nobody_is_signed_in_silently(&world, &client);
    assert_nobody_is_signed_in_silently(&world, &world.client());
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    assert!(get(&world, &client).is_ok());
}

/// Also of somebody who was not signed in. (behaviour 43)
#[test]
fn a_logout_without_a_session_holds_after_a_restart() {
    let world = World::new();
    world.run(world.client().logout()).unwrap();
    world.forget_calls();
    assert_nobody_is_signed_in_silently(&world, &world.client());
}

/// The server has ended it, not the user. (behaviour 42)
#[test]
fn a_weixin_session_that_has_ended_may_be_renewed_silently() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    world.shift_clock(-3_600_000.0);
    client.foreground();
    assert!(!checks(&world, &client));
    assert!(client.session().is_none());
    assert!(get(&world, &world.client()).is_ok()); // after a restart
    assert!(get(&world, &client).is_ok());
}

/// (behaviour 43)
#[test]
fn a_first_start_signs_in_silently() {
    let world = World::new();
    assert!(get(&world, &world.client()).is_ok());
}

/// A page that clears the storage signs nobody out, and nobody in. (behaviour 43)
#[test]
fn a_cleared_storage_changes_nothing_while_the_app_runs() {
    let world = World::new();
    let client = world.signed_in_client();
    world.storage(|storage| storage.records.clear());
    world.shift_clock(5_000.0);
    assert!(client.session().is_some());
    assert!(get(&world, &client).is_ok());
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    assert_eq!(world.record().unwrap()["token"], "token-1"); // back after the next write

    world.run(client.clone().logout()).unwrap();
    world.storage(|storage| storage.records.clear());
    world.forget_calls();
    assert_nobody_is_signed_in_silently(&world, &client);
}
