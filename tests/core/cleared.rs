//! A storage that the page clears while two clients of one storage key run.

use serde_json::json;

use crate::common::{
    account, checks, code, fail_writes, get, two, two_with_account, user, with_account,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{World, http};

fn clear(world: &World) {
    world.storage(|storage| storage.records.clear());
}

/// A client that does not know of the renewal writes the old session again. (behaviour 53)
#[test]
fn an_older_session_that_the_other_writes_again_does_not_replace_the_newer_one() {
    let (world, first, second) = two();
    world.run(first.clone().login_by_weixin(None)).unwrap();
    clear(&world);
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(second.clone().update_profile(fields)).unwrap();
    assert_eq!(world.record().unwrap()["token"], "token-1");
    world.shift_clock(1_000.0);
    assert_eq!(first.session().unwrap().token.secret(), "token-2");
    assert_eq!(world.record().unwrap()["token"], "token-2"); // written again
    world.shift_clock(1_000.0);
    assert_eq!(second.session().unwrap().token.secret(), "token-2");
}

/// (behaviours 43, 53)
#[test]
fn a_logout_is_not_undone_by_the_end_of_the_session_that_it_ended() {
    let world = World::new();
    let opaque = json!({ "token": "opaque", "userInfo": { "userId": 7 } });
    world.next_response(http(200, success(opaque)));
    let first = world.client();
    world.run(first.clone().login_by_weixin(None)).unwrap();
    let second = world.client();
    world.run(first.clone().logout()).unwrap();
    clear(&world);
    world.forget_calls();
    assert!(!checks(&world, &second)); // info refuses `opaque`
    assert_eq!(world.record().unwrap()["ended"], "refused");
    world.shift_clock(1_000.0);
    assert_eq!(code(get(&world, &first)), "signed_out");
    assert_eq!(world.record().unwrap()["ended"], "logout"); // written again
    world.shift_clock(1_000.0);
    for client in [second, world.client()] {
        assert_eq!(code(get(&world, &client)), "signed_out");
    }
    assert_eq!(world.count("login"), 0);
}

/// Both know the same record, and the clock gives no greater revision. (behaviours 33, 53)
#[test]
fn what_one_writes_is_seen_by_the_other_although_the_clock_was_set_back() {
    let (world, first, second) = two();
    world.shift_clock(-3_600_000.0);
    clear(&world);
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(first.clone().update_profile(fields)).unwrap();
    clear(&world);
    world.run(second.logout()).unwrap();
    world.shift_clock(1_000.0);
    assert!(first.session().is_none());
    assert_eq!(code(get(&world, &first)), "signed_out");
}

/// Also if the clock was set back between the login and the logout. (behaviours 33, 43, 53)
#[test]
fn a_logout_is_not_undone_by_the_session_that_it_ended() {
    for (set_back, logouts) in [(0.0, 1), (3_600_000.0, 1), (3_600_000.0, 2)] {
        let (world, first, second) = two();
        world.shift_clock(-set_back);
        for _ in 0..logouts {
            world.run(first.clone().logout()).unwrap();
        }
        clear(&world);
        world.next_response(http(200, success(json!({}))));
        let fields = Json(json!({ "nickName": "小红" }));
        world.run(second.update_profile(fields)).unwrap();
        assert_eq!(world.record().unwrap()["token"], "token-1");
        world.shift_clock(1_000.0);
        assert!(first.session().is_none(), "{set_back}");
        assert_eq!(world.record().unwrap()["ended"], "logout"); // written again
    }
}

/// It ends with this run, until it is written again. (behaviours 43, 45)
#[test]
fn a_session_whose_record_was_cleared_is_not_persisted_until_it_is_written_again() {
    let world = World::new();
    let client = world.signed_in_client();
    let persisted = || client.session().unwrap().persisted.get();
    assert!(persisted());
    clear(&world);
    fail_writes(&world, true);
    world.shift_clock(1_000.0);
    assert!(!persisted());
    assert_eq!(world.record(), None);
    fail_writes(&world, false);
    assert!(!persisted()); // nothing is read within a second
    world.shift_clock(1_000.0);
    assert!(persisted());
    assert_eq!(world.record().unwrap()["token"], "token-1");
    assert_eq!(user(&world.client()), Some(json!(WEIXIN_USER))); // after a restart
}

/// At the next reading, without a change. (behaviour 43)
#[test]
fn a_record_that_was_cleared_is_written_at_the_next_reading() {
    let world = World::new();
    let client = world.signed_in_client();
    clear(&world);
    client.foreground();
    assert_eq!(world.record().unwrap()["token"], "token-1");
    world.run(client.clone().logout()).unwrap();
    clear(&world);
    client.foreground();
    assert_eq!(world.record().unwrap()["ended"], "logout");
    assert_eq!(code(get(&world, &world.client())), "signed_out");
}

/// (behaviours 42, 43)
#[test]
fn an_account_that_ends_after_its_record_was_cleared_stays_ended_after_a_restart() {
    let (world, client) = with_account();
    clear(&world);
    world.server(|server| server.revoke_all());
    world.age();
    for client in [client, world.client()] {
        assert_eq!(code(get(&world, &client)), "signed_out");
    }
    assert_eq!(world.count("login"), 0);
}

/// Somebody has signed in on purpose, and a client that does not know writes the user before them. (behaviours 48, 53)
#[test]
fn a_new_user_is_not_undone_by_the_session_whose_place_they_have_taken() {
    for writes in [true, false] {
        for (world, first, second) in [two(), two_with_account()] {
            let is_account = user(&first) == Some(json!(ACCOUNT_USER));
            world.shift_clock(5_000.0);
            if is_account {
                world.run(first.clone().login_by_weixin(None)).unwrap();
            } else {
                let login = first.clone().login_by_account(account());
                world.run(login).unwrap();
            }
            let now = user(&first);
            clear(&world);
            if writes {
                let fields = Json(json!({ "nickName": "小红" }));
                world.run(second.clone().update_profile(fields)).unwrap();
            }
            for client in [&second, &first, &second] {
                world.shift_clock(1_000.0);
                client.session();
            }
            assert_eq!((user(&first), user(&second)), (now.clone(), now));
        }
    }
}

/// The session before had ended when somebody else signed in. (behaviours 42, 53)
#[test]
fn a_new_user_is_not_undone_by_a_session_that_had_ended_before() {
    let (world, first, second) = two_with_account();
    world.age();
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &first)), "signed_out");
    world.run(first.clone().login_by_weixin(None)).unwrap();
    clear(&world);
    second.foreground(); // writes the account again
    world.shift_clock(1_000.0);
    assert_eq!(user(&first), Some(json!(WEIXIN_USER)));
    world.shift_clock(1_000.0);
    assert_eq!(user(&second), Some(json!(WEIXIN_USER)));
}
