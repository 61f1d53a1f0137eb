//! Faults that were found in other orders of events than those that the tests of each behaviour go through.

use serde_json::{Value, json};
use weapp_login::{Api, LoginMode};

use crate::common::{
    account, checks, code, dialect, fail_reads, fail_writes, get, later, reads_recover, request,
    two, two_with_account, user,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{Answer, World, fails, http};

// ---- a logout is undone ----

/// Was broken: `may_sign_in_silently` does not ask whether the last reading succeeded, so the silent login overwrites the logout.
#[test]
fn a_silent_login_while_the_storage_cannot_be_read_any_more() {
    let (world, first, second) = two();
    world.run(second.logout()).unwrap();
    fail_reads(&world, true);
    world.shift_clock(100_000.0);
    let _ = get(&world, &first);
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    assert!(first.session().is_none());
    assert_eq!(world.stored_session(), None);
    assert_eq!(world.count("login"), 0);
}

/// Was broken: an unwritten `Ended(refused, renewable)` counts as newer than the logout that it has not read.
#[test]
fn the_same_without_a_clock_that_jumps() {
    let world = World::new();
    world.next_response(http(
        200,
        success(json!({ "token": "opaque", "userInfo": { "userId": 7 } })),
    ));
    let first = world.client();
    world.run(first.clone().login_by_weixin(None)).unwrap();
    let second = world.client();
    world.run(second.logout()).unwrap();
    fail_reads(&world, true);
    world.shift_clock(100_000.0);
    first.foreground();
    assert!(!checks(&world, &first)); // info refuses
    fail_reads(&world, false);
    world.shift_clock(2_000.0);
    assert_eq!(code(get(&world, &first)), "signed_out");
    assert_eq!(code(get(&world, &world.client())), "signed_out");
}

/// Was broken: the revision says when a record was written, not when its state began, so the older renewal beats the later logout.
#[test]
fn a_logout_after_a_renewal_that_the_other_could_not_write() {
    let (world, first, second) = two();
    fail_writes(&world, true);
    world.run(first.clone().login_by_weixin(None)).unwrap();
    world.shift_clock(5_000.0);
    assert!(world.run(second.clone().logout()).is_err());
    fail_writes(&world, false);
    world.shift_clock(5_000.0);
    let _ = first.session(); // writes the renewal
    world.shift_clock(5_000.0);
    assert!(second.session().is_none());
    world.shift_clock(5_000.0);
    assert!(first.session().is_none());
    assert_eq!(world.stored_session(), None);
}

/// Was broken: `State::newer` believes a revision of the future.
#[test]
fn a_logout_with_a_clock_that_was_ahead_at_the_login() {
    let world = World::new();
    world.shift_clock(86_400_000.0);
    world
        .run(world.client().login_by_account(account()))
        .unwrap();
    world.shift_clock(-86_400_000.0);
    fail_reads(&world, true);
    let client = world.client();
    assert!(world.run(client.clone().logout()).is_err());
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert!(client.session().is_none());
    assert_eq!(code(get(&world, &world.client())), "signed_out");
}

/// Was broken: the same; who has tapped as 7 is shown the data of 8.
#[test]
fn who_signed_in_on_purpose_with_a_clock_that_was_ahead() {
    let world = World::new();
    world.shift_clock(86_400_000.0);
    world
        .run(world.client().login_by_account(account()))
        .unwrap();
    world.shift_clock(-86_400_000.0);
    fail_reads(&world, true);
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
}

/// Was broken: the login makes the client forget that the logout is not written; after a restart 8 is back.
#[test]
fn a_logout_and_then_another_user_while_nothing_can_be_read() {
    let (world, _, _) = two_with_account();
    fail_reads(&world, true);
    let client = world.client();
    assert!(world.run(client.clone().logout()).is_err());
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
    assert_ne!(user(&world.client()), Some(json!(ACCOUNT_USER))); // has logged out
}

// ---- somebody else's data ----

/// Was broken: `account::key` joins texts without escaping them.
#[test]
fn credentials_that_are_joined_to_the_same_text() {
    let world = World::new();
    let client = world.client();
    let one = Json(json!({ "username": "tea", "password": "oolong\nx" }));
    let other = Json(json!({ "username": "tea\noolong", "password": "x" }));
    let calls = (
        client.clone().login_by_account(one),
        client.clone().login_by_account(other),
    );
    let _ = world.run(async { futures::join!(calls.0, calls.1) });
    assert_eq!(world.sent().len(), 2);
}

/// Was broken: `account::key` leaves out all but the name and the password.
#[test]
fn registrations_with_different_codes_are_two() {
    let world = World::new();
    let client = world.client();
    let with = |code: &str| {
        let data = json!({ "username": "tea", "password": "oolong", "mobile": "13800000000", "code": code });
        client.clone().register(Json(data))
    };
    let (wrong, right) = (with("1111"), with("2222"));
    let _ = world.run(async { futures::join!(wrong, right) });
    let codes: Vec<_> = world
        .sent()
        .iter()
        .map(|sent| sent.data["code"].clone())
        .collect();
    assert_eq!(codes, ["1111", "2222"]);
}

/// Was broken: `TokenCache::set` drops what its `sync` found, so the tap resolves and the event says 7 while the session is of 8.
#[test]
fn an_event_and_a_resolved_tap_that_are_not_true() {
    let world = World::new();
    let other = world.client();
    fail_reads(&world, true);
    let client = world.client();
    let tap = client.clone().login_by_weixin(None);
    let others = other.login_by_account(account());
    let recover = reads_recover(&world, 50.0);
    let (tap, others, ()) = world.run(async { futures::join!(tap, others, recover) });
    others.unwrap();
    // Either holds, but both must say the same.
    assert_eq!(tap.is_ok(), user(&client) == Some(json!(WEIXIN_USER)));
}

/// Was broken: 7 is renewed and stays, although the other copy has signed in 8.
#[test]
fn a_silent_login_beside_a_new_user_of_the_other() {
    let (world, first, second) = two();
    world.run(second.login_by_account(account())).unwrap();
    fail_reads(&world, true);
    world.server(|server| server.live_tokens.remove("token-1"));
    world.shift_clock(100_000.0);
    let _ = get(&world, &first);
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
    assert_eq!(world.count("login"), 0);
}

/// Was broken: `sync` flushes without `roll_back`, so a torn write leaves junk, which is "nobody" after a restart.
#[test]
fn a_torn_write_that_is_made_later_loses_an_account() {
    let (world, client, _) = two_with_account();
    let torn = || {
        world.storage(|storage| (storage.fail_sets, storage.torn) = (1, Some(json!("torn"))));
    };
    torn();
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    assert!(world.stored_session().is_some()); // rolled back
    torn();
    world.shift_clock(2_000.0);
    let _ = client.session(); // tries to write again
    world.server(|server| server.revoke_all());
    let restarted = world.client();
    assert_eq!(code(get(&world, &restarted)), "signed_out");
    assert_eq!(world.count("login"), 0);
}

/// Was broken: the end of a session that was never written overwrites the record of another user, who is replaced by WeChat after a restart.
#[test]
fn the_end_of_the_one_found_beside_an_accounts_record() {
    let world = World::new();
    world
        .run(world.client().login_by_account(account()))
        .unwrap();
    let record = world.record();
    fail_reads(&world, true);
    let client = world.client();
    world.next_response(Answer::After(
        100.0,
        Ok((
            200,
            success(json!({ "token": "opaque", "userInfo": { "userId": 7 } })),
        )),
    ));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    world.shift_clock(100_000.0);
    client.foreground();
    assert_eq!(world.record(), record);
    checks(&world, &client); // info refuses `opaque`
    assert_eq!(world.record(), record);
    assert_eq!(user(&world.client()), Some(json!(ACCOUNT_USER)));
}

// ---- something is lost ----

/// Was broken: the first reading of yesterday's logout gives up the tap that came after it.
#[test]
fn a_tap_while_an_old_logout_could_not_be_read() {
    let world = World::new();
    world.run(world.signed_in_client().logout()).unwrap();
    world.shift_clock(86_400_000.0);
    fail_reads(&world, true);
    let client = world.client();
    let tap = client.clone().login_by_weixin(None);
    let recover = reads_recover(&world, 50.0);
    let (tap, ()) = world.run(async { futures::join!(tap, recover) });
    assert_eq!(code(tap), "ok");
    assert_eq!(user(&client), Some(json!(WEIXIN_USER)));
}

/// Was broken: the same for a request; nobody has logged out while it was under way.
#[test]
fn a_request_while_an_old_logout_could_not_be_read() {
    let world = World::new();
    world.run(world.signed_in_client().logout()).unwrap();
    world.shift_clock(86_400_000.0);
    fail_reads(&world, true);
    let client = world.client();
    let call = request(&client, "badge");
    let recover = reads_recover(&world, 50.0);
    let (call, ()) = world.run(async { futures::join!(call, recover) });
    assert_eq!(code(call), "signed_out");
}

/// Was broken: an end by the server in the other copy counts as a logout.
#[test]
fn two_copies_poll_with_a_revoked_account() {
    let (world, first, second) = two_with_account();
    world.server(|server| server.revoke_all());
    let one = request(&first, "a");
    let other = later(&world, 30.0, &second, |second| request(&second, "b"));
    let (one, other) = world.run(async { futures::join!(one, other) });
    assert_eq!((code(one), code(other)), ("signed_out", "signed_out"));
}

/// Was broken: and takes the tap with it.
#[test]
fn a_tap_while_the_other_copy_finds_the_account_revoked() {
    let (world, first, second) = two_with_account();
    world.server(|server| server.revoke_all());
    let poll = request(&first, "a");
    let tap = later(&world, 150.0, &second, |second| {
        second.login_by_weixin(None)
    });
    let (poll, tap) = world.run(async { futures::join!(poll, tap) });
    assert_eq!((code(poll), code(tap)), ("signed_out", "ok"));
    assert_eq!(user(&second), Some(json!(WEIXIN_USER)));
}

/// Was broken: an unwritten end of token-1 overwrites the session of token-2.
#[test]
fn an_end_that_could_not_be_written_over_a_new_login_of_the_other() {
    let (world, first, second) = two_with_account();
    world.server(|server| server.revoke_all());
    world.shift_clock(1_000.0);
    world
        .run(second.clone().login_by_account(account()))
        .unwrap();
    fail_reads(&world, true);
    world.shift_clock(100_000.0);
    assert!(get(&world, &first).is_err()); // with the revoked token
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    let _ = first.session();
    world.shift_clock(5_000.0);
    assert_eq!(user(&second), Some(json!(ACCOUNT_USER)));
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
}

/// Was broken: `end` knows a session by its token, which the login in between has brought again.
#[test]
fn a_tap_with_a_sticky_token_during_a_check_that_is_refused() {
    let world = World::new();
    world.server(|server| server.sticky = true);
    world
        .run(world.client().login_by_account(account()))
        .unwrap();
    world.server(|server| server.revoke_all());
    world.shift_clock(-3_600_000.0); // so that the server has to be asked
    let client = world.client();
    world.next_response(Answer::After(
        1_000.0,
        Ok((200, json!({ "errno": 501, "errmsg": "请登录" }))),
    ));
    let check = client.clone().check_login();
    let tap = later(&world, 50.0, &client, |client| {
        client.login_by_account(account())
    });
    let (_, tap) = world.run(async { futures::join!(check, tap) });
    assert_eq!(code(tap), "ok");
    assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
}

/// Was broken: once another user's record was found, no later act of the user is written.
#[test]
fn a_second_tap_after_another_users_record_was_found() {
    let (world, _, _) = two_with_account();
    fail_reads(&world, true);
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    fail_reads(&world, false);
    world.shift_clock(5_000.0);
    assert!(!client.session().unwrap().persisted.get());
    world.run(client.clone().login_by_weixin(None)).unwrap(); // an act after the record was read
    assert!(client.session().unwrap().persisted.get());
    assert_eq!(user(&world.client()), Some(json!(WEIXIN_USER)));
}

/// Was broken: `signed_in` does not compare when the two logins began.
#[test]
fn a_late_login_of_one_copy_over_a_newer_token_of_the_other() {
    let (world, first, second) = two();
    world.next_response(Answer::After(
        5_000.0,
        Ok((
            200,
            success(json!({ "token": "token-old", "userInfo": { "userId": 7 } })),
        )),
    ));
    let slow = first.clone().login_by_weixin(None);
    let quick = later(&world, 1_000.0, &second, |second| {
        second.login_by_weixin(None)
    });
    let (slow, quick) = world.run(async { futures::join!(slow, quick) });
    assert!(slow.is_ok() && quick.is_ok());
    assert_ne!(world.record().unwrap()["token"], "token-old");
}

/// Was broken: an end found in the record ends any session, whatever token it was about.
#[test]
fn the_end_of_an_older_token_in_the_other_copy() {
    let (world, first, second) = two_with_account();
    fail_writes(&world, true);
    world
        .run(first.clone().login_by_account(account()))
        .unwrap(); // token-2, not written
    world.server(|server| server.live_tokens.remove("token-1"));
    world.shift_clock(100_000.0);
    fail_writes(&world, false);
    assert!(get(&world, &second).is_err()); // ends token-1
    world.shift_clock(5_000.0);
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
}

/// Was broken: `end` forgets the user of a WeChat session, which the silent login that may follow does not bring.
#[test]
fn a_silent_login_after_a_check_that_met_the_refusal() {
    let world = World::new();
    let user = json!({ "userId": 7, "nickName": "张三", "avatarUrl": "https://img.example/1" });
    let answer = success(json!({ "token": "opaque", "userInfo": user }));
    world.next_response(http(200, answer));
    world.run(world.client().login_by_weixin(None)).unwrap();
    let client = world.client();
    assert!(!checks(&world, &client)); // info refuses `opaque`
    world
        .run(client.clone().ensure_login(LoginMode::Silent))
        .unwrap(); // the server echoes a name that is null
    assert_eq!(client.session().unwrap().user_info.0, user);
}

// ---- verdicts ----

/// Was broken: `deliver_once` throws the refusal's words away.
#[test]
fn a_page_that_signs_in_by_itself_hears_the_servers_own_words() {
    let world = World::new();
    let client = world.signed_in_client();
    for url in ["auth/login", "auth/bind_phone", "auth/register"] {
        world.next_response(http(401, json!({ "errno": 700, "errmsg": "密码不对" })));
        let data = json!({ "url": url, "method": "POST", "data": {} });
        let error = world
            .run(client.clone().request(Api::Request, Json(data)))
            .unwrap_err();
        assert_eq!(error.code(), "wrong_password", "{url}");
    }
}

/// Was broken: `is_young` holds until the clock has caught up.
#[test]
fn a_clock_set_back_leaves_no_token_young_for_ever() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(-86_400_000.0);
    world.server(|server| server.revoke_all());
    world.next_response(http(200, json!({ "errno": 501 })));
    assert_eq!(code(get(&world, &client)), "ok");
}

/// Was broken: nothing remembers that a token of a new login was refused by one address where there is no `info`.
#[test]
fn a_poll_without_info_makes_no_login_each_time() {
    let world = World::new();
    world.server(|server| server.own_401 = Some("report"));
    let client = world.client_with(dialect(json!({ "check": null })));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.forget_calls();
    for _ in 0..5 {
        world.shift_clock(600_000.0);
        let report = request(&client, "report");
        let (world, ask) = (world.clone(), report);
        // report, login, report, info
        world.next_response(http(401, json!({ "errno": 1103 })));
        if world.count("login") == 0 {
            let (status, body) = (
                200,
                success(json!({ "token": "t2", "expiresIn": 720000, "userInfo": { "userId": 7 } })),
            );
            world.next_response(http(status, body));
            world.next_response(http(401, json!({ "errno": 1103 })));
        }
        world.next_response(http(404, Value::Null));
        assert!(world.run(ask).is_err());
    }
    assert_eq!(world.count("login"), 1);
}

/// Was broken: `confirmed` is never given up, so nothing renews the session in this run.
#[test]
fn a_sticky_token_that_really_ended_where_there_is_no_info() {
    let world = World::new();
    world.server(|server| (server.sticky, server.own_401) = (true, Some("report")));
    let client = world.signed_in_client();
    world.age();
    assert!(world.run(request(&client, "report")).is_err()); // one login, the same token
    world.server(|server| server.revoke_all());
    for _ in 0..3 {
        world.shift_clock(600_000.0);
        client.foreground();
        world.next_response(http(200, json!({ "errno": 501 })));
        world.next_response(http(404, Value::Null)); // no info
        let _ = world.run(request(&client, "goods"));
    }
    assert!(world.count("login") > 1);
}

/// Was broken: `ends_session` is asked by requests only.
#[test]
fn a_renewal_that_ends_the_session_ends_it_for_ensure_login_too() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_300_000.0);
    world.next_response(http(200, json!({ "errno": 714, "errmsg": "blocked" })));
    assert!(
        world
            .run(client.clone().ensure_login(LoginMode::Silent))
            .is_err()
    );
    assert!(client.session().is_none());
}

/// Was broken: `no_session` does not know the single-page mode.
#[test]
fn single_page_has_its_error_for_each_call_that_needs_a_user() {
    let world = World::new();
    world.set_single_page(true);
    let client = world.client();
    let fields = Json(json!({ "nickName": "小红" }));
    let codes = [
        code(world.run(client.clone().update_profile(fields))),
        code(world.run(client.clone().bind_phone(Some("code".into())))),
        world
            .run(client.clone().ensure_login(LoginMode::Cached))
            .unwrap_err()
            .code(),
    ];
    assert_eq!(codes, ["single_page"; 3]);
}

/// Was broken: `verify` takes the renewed session for the one that it asked about.
#[test]
fn the_session_key_is_over_and_the_login_brings_the_same_token_meanwhile() {
    let world = World::new();
    world.server(|server| server.sticky = true);
    world.signed_in_client();
    let client = world.client();
    world.next_check(Answer::After(
        1_000.0,
        match fails::<()>("checkSession:fail session time out, need relogin", None) {
            Answer::After(_, result) => result,
            Answer::Never => unreachable!(),
        },
    ));
    let check = client.clone().check_login();
    let tap = client.clone().login_by_weixin(None);
    let (_, tap) = world.run(async { futures::join!(check, tap) });
    assert!(tap.is_ok());
    assert!(checks(&world, &client)); // right after a login
}

// ---- what should hold ----

#[test]
fn an_account_that_ends_during_an_upload() {
    let (world, client, _) = two_with_account();
    world.server(|server| server.revoke_all());
    let options = Json(json!({ "url": "upload", "filePath": "wxfile://1", "name": "file" }));
    let upload = client.clone().request(Api::UploadFile, options);
    let poll = request(&client, "badge");
    let foreground = later(&world, 50.0, &client, |client| async move {
        client.foreground()
    });
    let (upload, poll, ()) = world.run(async { futures::join!(upload, poll, foreground) });
    assert_eq!((code(upload), code(poll)), ("signed_out", "signed_out"));
    assert_eq!(world.count("login"), 0);
    assert_eq!(code(get(&world, &world.client())), "signed_out");
}

#[test]
fn an_account_that_ends_in_bind_phone_and_update_profile() {
    for bind in [false, true] {
        let (world, client, _) = two_with_account();
        world.server(|server| server.revoke_all());
        let result = match bind {
            true => world.run(client.clone().bind_phone(Some("code".into()))),
            false => world.run(client.clone().update_profile(Json(json!({})))),
        };
        assert_eq!(code(result), "signed_out");
        for client in [client, world.client()] {
            assert_eq!(code(get(&world, &client)), "signed_out");
            assert!(client.session().is_none());
        }
        assert_eq!(world.count("login"), 0);
    }
}

#[test]
fn a_tap_on_the_account_during_the_refusal_of_its_old_token() {
    let (world, client, _) = two_with_account();
    world.server(|server| server.revoke_all());
    let poll = request(&client, "badge");
    // The confirmation is under way.
    let tap = later(&world, 150.0, &client, |client| {
        client.login_by_account(account())
    });
    let (poll, tap) = world.run(async { futures::join!(poll, tap) });
    assert_eq!((code(poll), code(tap)), ("ok", "ok"));
    assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
}

#[test]
fn a_logout_during_the_confirmation() {
    let (world, client, _) = two_with_account();
    world.server(|server| server.revoke_all());
    let poll = request(&client, "badge");
    let logout = later(&world, 150.0, &client, |client| client.logout());
    let (poll, logout) = world.run(async { futures::join!(poll, logout) });
    assert_eq!((code(poll), logout.is_ok()), ("logged_out", true));
    assert_eq!(code(get(&world, &world.client())), "signed_out");
    assert_eq!(world.count("login"), 0);
}

#[test]
fn a_tap_with_a_profile_that_a_logout_overtakes_in_the_queue() {
    let world = World::new();
    let client = world.client();
    let silent = client.clone().ensure_login(LoginMode::Silent);
    let profile = Some(Json(json!({ "nickName": "张三" })));
    let tap = client.clone().login_by_weixin(profile);
    let logout = later(&world, 50.0, &client, |client| client.logout());
    let (silent, tap, _) = world.run(async { futures::join!(silent, tap, logout) });
    assert!(silent.is_err());
    assert_eq!(code(tap), "logged_out");
    assert!(client.session().is_none());
}

#[test]
fn a_storage_that_fails_for_ever_signs_in_and_out() {
    let world = World::new();
    world.storage(|storage| (storage.fail_get, storage.fail_set) = (true, true));
    let client = world.client();
    for _ in 0..2 {
        world
            .run(client.clone().login_by_account(account()))
            .unwrap();
        assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
        assert!(world.run(client.clone().logout()).is_err());
        assert_eq!(code(get(&world, &client)), "signed_out");
        assert_eq!(world.count("login"), 0);
    }
}

#[test]
fn an_unread_storage_that_recovers_while_a_request_is_on_its_way() {
    let (world, _, _) = two_with_account();
    fail_reads(&world, true);
    let client = world.client();
    let call = request(&client, "badge");
    let recover = reads_recover(&world, 50.0);
    let (call, ()) = world.run(async { futures::join!(call, recover) });
    assert_eq!(call.unwrap().0["data"]["user"], ACCOUNT_USER);
    assert_eq!(world.count("login"), 0);
}

#[test]
fn temporary_refusals_by_background_renewal_ensure_and_request() {
    for errno in [45011, 40163, 429, 500, 503, -1, 99_999] {
        let world = World::new();
        let client = world.signed_in_client();
        world.shift_clock(7_300_000.0);
        world.server(|server| server.revoke_all());
        for _ in 0..2 {
            world.next_response(http(200, json!({ "errno": errno, "errmsg": "busy" })));
        }
        let ensured = world.run(client.clone().ensure_login(LoginMode::Silent));
        assert!(ensured.is_err());
        assert!(client.session().is_some(), "{errno}");
        assert!(!world.changes().iter().any(|change| change.contains("out")));
    }
}

#[test]
fn a_foreground_in_the_middle_of_a_check() {
    let (world, first, _) = two();
    first.foreground();
    world.next_check(Answer::Never);
    let check = first.clone().check_login();
    let foreground = later(
        &world,
        20.0,
        &first,
        |first| async move { first.foreground() },
    );
    let again = later(&world, 30.0, &first, |first| first.check_login());
    let (check, (), again) = world.run(async { futures::join!(check, foreground, again) });
    assert!(check && again);
    assert_eq!(world.count("checkSession"), 2);
}

/// What a check waited for is of a session that has ended; it says what is true at its end.
#[test]
fn a_check_that_waits_while_the_user_logs_out_and_in_again_says_yes() {
    let world = World::new();
    let client = world.client_with(json!({ "sessionCheck": "always" }));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.next_check(Answer::Never);
    let first = client.clone().check_login();
    let other = later(&world, 10.0, &client, |client| async move {
        client.clone().login_by_account(account()).await?;
        let check = client.clone().check_login();
        let acts = async {
            client.foreground(); // the check that it waits for goes on by itself
            client.clone().logout().await?;
            client.clone().login_by_account(account()).await
        };
        let (check, acts) = futures::join!(check, acts);
        acts.map(|_| check)
    });
    let (_, other) = world.run(async { futures::join!(first, other) });
    assert!(other.unwrap());
}
