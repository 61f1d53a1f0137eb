//! A storage that cannot be read, or not be written.

use serde_json::{Value, json};
use weapp_login::LoginMode;

use crate::common::{
    account, checks, code, fail_reads, fail_writes, get, later, reads_recover, request, user,
    with_account,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{Answer, Client, World, http, ok};

/// A client that has not been able to read its storage, where an account is signed in.
fn with_unread_account() -> (World, Client, Value) {
    let world = World::new();
    world
        .run(world.client().login_by_account(account()))
        .unwrap();
    let record = world.record().unwrap();
    fail_reads(&world, true);
    let client = world.client();
    world.forget_calls();
    (world, client, record)
}

/// (behaviour 44)
#[test]
fn nobody_is_signed_in_silently_and_no_record_is_overwritten() {
    let (world, client, record) = with_unread_account();
    assert!(client.session().is_none());
    assert_eq!(get(&world, &client).unwrap_err().code(), "storage_failed");
    assert_eq!(world.sent()[0].token, None);
    for mode in [LoginMode::Silent, LoginMode::Cached] {
        let error = world.run(client.clone().ensure_login(mode)).unwrap_err();
        assert_eq!(error.code(), "storage_failed");
    }
    let fields = Json(json!({ "nickName": "小红" }));
    let error = world
        .run(client.clone().update_profile(fields))
        .unwrap_err();
    assert_eq!(error.code(), "storage_failed");
    assert!(!checks(&world, &client));
    assert_eq!(world.count("login"), 0);
    assert_eq!(world.record(), Some(record));

    fail_reads(&world, false);
    assert_eq!(
        get(&world, &client).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
    assert!(checks(&world, &client));
    assert_eq!(world.count("login"), 0);
}

/// (behaviour 44)
#[test]
fn what_the_server_does_not_refuse_goes_through() {
    let (world, client, _) = with_unread_account();
    world.next_response(http(200, json!({ "errno": 0, "data": "open" })));
    assert_eq!(get(&world, &client).unwrap().0["data"], "open");
}

/// (behaviour 44)
#[test]
fn each_call_tries_to_read_again() {
    let (world, client, _) = with_unread_account();
    for _ in 0..3 {
        world.forget_calls();
        assert!(client.session().is_none());
        assert_eq!(world.calls(), ["get"]);
    }
}

/// (behaviour 45)
#[test]
fn who_signs_in_on_purpose_is_signed_in_for_this_run() {
    for (fail_get, fail_set) in [(true, true), (false, true), (true, false)] {
        let world = World::new();
        world.storage(|storage| (storage.fail_get, storage.fail_set) = (fail_get, fail_set));
        let client = world.client();
        assert!(world.run(client.clone().login_by_weixin(None)).is_ok());
        let session = client.session().unwrap();
        assert!(!session.persisted.get());
        assert!(world.steps().contains(&("store", Some("storage_failed"))));
        assert!(get(&world, &client).is_ok());
        assert!(checks(&world, &client));

        world.storage(|storage| (storage.fail_get, storage.fail_set) = (false, false));
        world.shift_clock(1_000.0);
        assert!(get(&world, &client).is_ok());
        assert!(client.session().unwrap().persisted.get());
        assert!(world.steps().contains(&("store", None)));
        assert_eq!(world.client().session().unwrap().token.secret(), "token-1");
    }
}

/// Nobody is replaced by somebody who signed in while nothing could be read. (behaviour 45)
#[test]
fn a_record_of_another_user_that_is_found_later_is_not_overwritten() {
    let (world, client, record) = with_unread_account();
    assert!(world.run(client.clone().login_by_weixin(None)).is_ok());
    assert_eq!(world.record(), Some(record.clone()));
    fail_reads(&world, false);
    for _ in 0..3 {
        world.shift_clock(5_000.0);
        assert_eq!(get(&world, &client).unwrap().0["data"]["user"], 7);
        assert!(!client.session().unwrap().persisted.get());
        assert_eq!(world.record(), Some(record.clone()));
    }
    assert_eq!(
        get(&world, &world.client()).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
}

/// What a failing write is rolled back to is what was there: nothing. (behaviours 44, 53)
#[test]
fn nor_does_a_write_that_fails_bring_it_back_when_the_page_has_cleared_it() {
    let (world, client, record) = with_unread_account();
    assert!(world.run(client.clone().login_by_weixin(None)).is_ok());
    fail_reads(&world, false);
    assert!(get(&world, &client).is_ok());
    assert_eq!(world.record(), Some(record));
    world.storage(|storage| storage.records.clear());
    world.storage(|storage| storage.fail_sets = 1);
    world.shift_clock(1_000.0);
    assert!(get(&world, &client).is_ok());
    assert_eq!(world.record(), None);
    world.shift_clock(1_000.0);
    assert!(get(&world, &client).is_ok());
    assert_eq!(user(&world.client()), Some(WEIXIN_USER.into()));
}

/// The storage recovers in the middle of the login. (behaviour 45)
#[test]
fn nor_is_one_that_is_found_when_the_login_ends() {
    let (world, client, record) = with_unread_account();
    let login = client.clone().login_by_weixin(None);
    let recover = reads_recover(&world, 50.0);
    let (login, ()) = world.run(async { futures::join!(login, recover) });
    assert!(login.is_ok());
    assert_eq!(get(&world, &client).unwrap().0["data"]["user"], 7);
    assert_eq!(world.record(), Some(record));
}

/// (behaviour 45)
#[test]
fn a_record_of_the_same_user_is_replaced_by_the_newer_session() {
    let world = World::new();
    world.signed_in_client();
    fail_reads(&world, true);
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    assert_eq!(world.record().unwrap()["token"], "token-1");
    fail_reads(&world, false);
    assert!(get(&world, &client).is_ok());
    assert_eq!(world.record().unwrap()["token"], "token-2");
}

/// (behaviour 45)
#[test]
fn a_renewal_that_cannot_be_written_is_kept() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    fail_writes(&world, true);
    assert!(get(&world, &client).is_ok());
    assert_eq!(client.session().unwrap().token.secret(), "token-2");
    assert_eq!(world.record().unwrap()["token"], "token-1");
    fail_writes(&world, false);
    client.foreground();
    assert_eq!(world.record().unwrap()["token"], "token-2");
}

/// (behaviour 43)
#[test]
fn a_logout_that_could_not_be_written_is_written_later() {
    for (fail_get, fail_set) in [(true, true), (false, true)] {
        let world = World::new();
        let client = world.signed_in_client();
        world.storage(|storage| (storage.fail_get, storage.fail_set) = (fail_get, fail_set));
        let error = world.run(client.clone().logout()).unwrap_err();
        assert_eq!(error.code(), "storage_failed");
        assert!(client.session().is_none());
        world.storage(|storage| (storage.fail_get, storage.fail_set) = (false, false));
        world.shift_clock(1_000.0);
        assert!(get(&world, &client).is_err());
        assert!(get(&world, &world.client()).is_err()); // after a restart
        assert_eq!(world.count("login"), 0);
    }
}

/// A logout is an act of the user: it holds for what could not be read, too. (behaviour 43)
#[test]
fn a_logout_while_nothing_can_be_read_ends_the_stored_session() {
    let (world, client, _) = with_unread_account();
    assert!(world.run(client.clone().logout()).is_err());
    fail_reads(&world, false);
    assert!(get(&world, &client).is_err());
    assert_eq!(
        get(&world, &world.client()).unwrap_err().code(),
        "signed_out"
    );
}

/// What this client has written itself during a login is nobody else's record, whatever the clock says. (behaviours 33, 45)
#[test]
fn a_login_replaces_what_its_own_client_has_written_meanwhile() {
    for set_back in [0.0, 3_600_000.0] {
        let world = World::new();
        fail_reads(&world, true);
        let client = world.client();
        world
            .run(client.clone().login_by_account(account()))
            .unwrap();
        assert_eq!(world.record(), None);
        let tap = client.clone().login_by_weixin(None);
        let clock = world.clone();
        let written = later(&world, 50.0, &client, move |client| async move {
            clock.shift_clock(-set_back);
            fail_reads(&clock, false);
            assert!(client.session().unwrap().persisted.get());
        });
        let (tap, ()) = world.run(async { futures::join!(tap, written) });
        tap.unwrap();
        assert!(client.session().unwrap().persisted.get());
        assert_eq!(
            user(&world.client()),
            Some(json!(WEIXIN_USER)),
            "{set_back}"
        );
    }
}

/// A client whose WeChat user, with a token that the server does not know, holds for this run beside the record of an account.
fn beside_an_accounts_record() -> (World, Client, Client) {
    let (world, other) = with_account();
    fail_reads(&world, true);
    let client = world.client();
    let opaque = json!({ "token": "opaque", "userInfo": { "userId": WEIXIN_USER } });
    world.next_response(http(200, success(opaque)));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    client.foreground();
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
    assert!(!client.session().unwrap().persisted.get());
    world.forget_calls();
    (world, client, other)
}

/// Who was there before is not back because another user's session has ended. (behaviours 44, 45)
#[test]
fn an_older_record_of_another_user_does_not_come_back_when_a_weixin_session_ends() {
    let (world, client, _) = beside_an_accounts_record();
    let record = world.record();
    assert!(!checks(&world, &client)); // info refuses `opaque`
    assert_eq!(user(&client), None);
    assert_eq!(world.changes(), ["signed out: refused"]);
    assert_eq!(world.record(), record);
}

/// (behaviours 45, 53)
#[test]
fn the_end_of_a_session_that_finds_a_newer_one_reports_the_newer_one() {
    let (world, client, other) = beside_an_accounts_record();
    world.run(other.login_by_account(account())).unwrap();
    world.forget_calls();
    world.storage(|storage| storage.fail_gets = 1); // it is found only when the end is to be written
    assert!(checks(&world, &client)); // info refuses `opaque`, but somebody is signed in
    assert_eq!(world.changes(), [r#"signed in: "tea""#]);
    assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
}

/// What lies in the future was written by a clock that was wrong. (behaviours 33, 45)
#[test]
fn a_record_of_the_same_user_from_the_future_is_replaced_too() {
    let world = World::new();
    world.shift_clock(86_400_000.0);
    world.signed_in_client();
    world.shift_clock(-86_400_000.0);
    fail_reads(&world, true);
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    assert_eq!(client.session().unwrap().token.secret(), "token-2");
    assert_eq!(world.record().unwrap()["token"], "token-2");
}

/// (behaviour 45)
#[test]
fn the_end_of_a_session_replaces_an_older_record_of_the_same_user() {
    let world = World::new();
    world.signed_in_client();
    fail_reads(&world, true);
    let client = world.client();
    let opaque = json!({ "token": "opaque", "userInfo": { "userId": WEIXIN_USER } });
    world.next_response(http(200, success(opaque)));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    client.foreground();
    assert!(!checks(&world, &client)); // info refuses `opaque`
    fail_reads(&world, false);
    assert!(client.session().is_none());
    assert_eq!(world.record().unwrap()["ended"], "refused");
}

/// Some servers give the same token at each login: the client has to know its own record again. (behaviours 45, 47)
#[test]
fn an_end_that_was_written_and_reported_as_failed_does_not_undo_the_login_after_it() {
    let world = World::new();
    let same_token = || {
        (
            200,
            success(json!({ "token": "t", "userInfo": { "userId": WEIXIN_USER } })),
        )
    };
    world.next_response(ok(same_token()));
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    client.foreground(); // so that the next check asks
    world.next_response(Answer::After(3_000.0, Ok(same_token())));
    world.next_response(http(200, json!({ "errno": 501 })));
    let login = client.clone().login_by_weixin(None);
    let check = {
        let world = world.clone();
        later(&world.clone(), 1_000.0, &client, move |client| {
            // Nor can what was there before be put back.
            world.storage(|storage| (storage.fail_sets_that_are_done, storage.fail_sets) = (1, 1));
            client.check_login()
        })
    };
    let unreadable = {
        let world = world.clone();
        later(&world.clone(), 2_000.0, &client, move |_| async move {
            fail_reads(&world, true);
        })
    };
    let (login, checked, ()) = world.run(async { futures::join!(login, check, unreadable) });
    login.unwrap();
    assert!(!checked);
    assert!(world.record().unwrap()["ended"].is_string());
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
    assert_eq!(world.record().unwrap()["token"], "t");
}

/// A record that was seen once is not the one that is there when the user signs in unread. (behaviours 44, 45)
#[test]
fn a_second_login_that_cannot_read_leaves_the_record_of_another_user_alone() {
    let (world, client, record) = with_unread_account();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    client.foreground(); // the account's record is found beside the WeChat user
    fail_reads(&world, true);
    world.server(|server| server.weixin_user = 9);
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert_eq!(user(&client), Some(json!(9)));
    assert!(!client.session().unwrap().persisted.get());
    assert_eq!(world.record(), Some(record));
}

/// The user who was found as the login ended is not reported twice. (behaviours 33, 45)
#[test]
fn a_newer_record_that_a_login_finds_is_reported_once() {
    let (world, client, _) = with_unread_account();
    world.shift_clock(-7_200_000.0);
    let login = client.clone().login_by_weixin(None);
    let recover = {
        let world = world.clone();
        later(&world.clone(), 50.0, &client, move |_| async move {
            world.shift_clock(7_300_000.0);
            fail_reads(&world, false);
        })
    };
    let (login, ()) = world.run(async { futures::join!(login, recover) });
    assert_eq!(code(login), "user_changed");
    assert_eq!(world.changes()[0], r#"signed in: "tea""#);
    assert!(!world.changes()[1..].contains(&world.changes()[0]));
    assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
}

/// The server has refused nothing: once the storage can be read, the next call signs in. (behaviours 30, 44)
#[test]
fn a_silent_login_that_ends_while_nothing_can_be_read_starts_no_pause() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    world.age();
    let unreadable = {
        let world = world.clone();
        later(&world.clone(), 150.0, &client, move |_| async move {
            fail_reads(&world, true);
        })
    };
    let request = request(&client, "goods");
    let (answer, ()) = world.run(async { futures::join!(request, unreadable) });
    assert_eq!(code(answer), "storage_failed");
    fail_reads(&world, false);
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
}

/// A token that a page brings signs its user in for this run, also if the stored record is another user's. (behaviours 45, 55)
#[test]
fn a_token_that_is_taken_over_beside_another_users_record_holds() {
    let (world, client, _) = beside_an_accounts_record();
    let left = Json(json!({ "userId": 9 }));
    assert!(client.take_over("left".into(), Some(left)).unwrap());
    assert_eq!(world.changes().len(), 1);
    assert_eq!(user(&client), Some(json!(9)));
    world.shift_clock(1_000.0);
    assert_eq!(user(&client), Some(json!(9)));
    assert_eq!(world.record().unwrap()["token"], "left");
}

/// A write that fails may have been overtaken by a newer program's: that is not what was there before.
#[test]
fn a_failed_write_does_not_undo_the_record_of_a_newer_program() {
    let world = World::new();
    let client = world.signed_in_client();
    let mut newer = world.record().unwrap();
    newer["v"] = json!(99);
    world.storage(|storage| {
        storage.fail_sets = 1;
        storage.torn = Some(newer.clone());
    });
    assert_eq!(code(world.run(client.clone().logout())), "storage_failed");
    assert_eq!(world.record(), Some(newer.clone()));
    assert_eq!(code(world.run(client.login_by_account(account()))), "ok");
    assert_eq!(world.record(), Some(newer));
}
