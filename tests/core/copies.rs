//! Two clients of one storage key, as when an independent subpackage brings the module along.

use futures::future::join_all;
use serde_json::json;
use weapp_login::LoginMode;

use crate::common::{
    account, checks, code, fail_reads, fail_writes, get, later, request, silent, two,
    two_with_account, user, with_account,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{Answer, Client, World, failure, http};

/// (behaviour 53)
#[test]
fn a_logout_in_one_holds_in_the_other() {
    let (world, first, second) = two();
    world.run(first.logout()).unwrap();
    world.shift_clock(1_000.0);
    world.forget_calls();
    assert!(second.session().is_none());
    assert_eq!(get(&world, &second).unwrap_err().code(), "signed_out");
    assert!(!checks(&world, &second));
    assert_eq!(world.count("login"), 0);
    assert_eq!(world.changes(), ["signed out: logout"]);
}

/// (behaviour 53)
#[test]
fn a_new_user_in_one_is_the_user_of_the_other() {
    let (world, first, second) = two();
    world.run(first.login_by_account(account())).unwrap();
    world.shift_clock(1_000.0);
    let answer = get(&world, &second).unwrap();
    assert_eq!(answer.0["data"]["user"], ACCOUNT_USER);
    assert_eq!(world.changes(), [r#"signed in: "tea""#; 2]);
}

/// (behaviour 53)
#[test]
fn a_renewed_token_in_one_is_taken_by_the_other_without_a_login() {
    let (world, first, second) = two();
    world.run(first.login_by_weixin(None)).unwrap();
    world.server(|server| server.live_tokens.remove("token-1"));
    assert!(get(&world, &second).is_ok());
    assert_eq!(world.count("login"), 1);
}

/// (behaviour 53)
#[test]
fn a_login_in_flight_does_not_survive_a_logout_in_the_other() {
    let (world, first, second) = two();
    let login = first.clone().login_by_weixin(None);
    let logout = later(&world, 50.0, &second, |second| second.logout());
    let (login, _) = world.run(async { futures::join!(login, logout) });
    assert_eq!(login.unwrap_err().code(), "logged_out");
    assert!(first.session().is_none());
    assert!(world.record().unwrap()["ended"].is_string());
}

/// (behaviour 53)
#[test]
fn a_login_in_flight_does_not_replace_a_new_user_of_the_other() {
    let (world, first, second) = two();
    let login = first.clone().login_by_weixin(None);
    // The account's login needs no wx.login, so it ends first.
    let other = second.login_by_account(account());
    let (login, other) = world.run(async { futures::join!(login, other) });
    other.unwrap();
    assert_eq!(login.unwrap_err().code(), "user_changed");
    assert_eq!(first.session().unwrap().user_info.0["userId"], ACCOUNT_USER);
}

/// A write of one does not undo what the other has written since. (behaviour 53)
#[test]
fn a_changed_profile_is_not_kept_beside_another_user() {
    let (world, first, second) = two();
    world
        .run(second.clone().login_by_account(account()))
        .unwrap();
    let fields = Json(json!({ "nickName": "小红" }));
    let _ = world.run(first.clone().update_profile(fields));
    let record = world.record().unwrap();
    assert_eq!(
        (&record["via"], &record["userInfo"]["nickName"]),
        (&json!("account"), &json!("tea"))
    );
}

/// (behaviour 53)
#[test]
fn many_requests_in_a_second_make_one_read() {
    let (world, first, _) = two();
    world.shift_clock(10_000.0);
    let calls = (0..90).map(|_| request(&first, "goods")); // the last ones are sent within the second
    assert!(world.run(join_all(calls)).iter().all(Result::is_ok));
    assert_eq!((world.count("get"), world.count("set")), (1, 0));
}

/// (behaviours 36, 53)
#[test]
fn a_warm_check_and_the_session_make_no_call_within_a_second() {
    let (world, first, _) = two();
    world.shift_clock(10_000.0);
    assert!(first.session().is_some());
    world.forget_calls();
    for _ in 0..10 {
        assert!(checks(&world, &first));
        assert!(first.session().is_some());
    }
    assert_eq!(world.calls(), [] as [&str; 0]);
}

/// (behaviour 53)
#[test]
fn the_record_is_read_when_the_app_comes_to_the_foreground() {
    let (world, first, second) = two();
    world.run(first.logout()).unwrap();
    second.foreground();
    world.forget_calls();
    assert!(second.session().is_none());
    assert_eq!(world.count("get"), 0);
}

/// What could not be read may have changed. (behaviours 44, 53)
#[test]
fn a_record_that_cannot_be_read_any_more_is_not_overwritten() {
    let (world, first, second) = two();
    world.run(second.login_by_account(account())).unwrap();
    let record = world.record();
    fail_reads(&world, true);
    world.run(first.clone().login_by_weixin(None)).unwrap();
    assert_eq!(world.record(), record);
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert_eq!(first.session().unwrap().user_info.0["userId"], 7); // for this run
    assert_eq!(world.record(), record);
}

/// The logout came after the login had begun. (behaviours 43, 53)
#[test]
fn a_logout_that_could_not_be_read_wins_over_a_login_in_flight() {
    let (world, first, second) = two();
    let login = first.clone().login_by_weixin(None);
    let logout = {
        let (world, second) = (world.clone(), second.clone());
        async move {
            world.wait(50.0).await;
            let told = second.logout();
            fail_reads(&world, true);
            told.await.unwrap();
        }
    };
    let (login, ()) = world.run(async { futures::join!(login, logout) });
    assert!(login.is_ok()); // it could not know
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert!(first.session().is_none());
    assert_eq!(world.stored_session(), None);
}

/// The user has logged out after whatever the other client has written. (behaviours 43, 53)
#[test]
fn a_logout_that_could_not_be_written_wins_over_an_earlier_renewal() {
    let (world, first, second) = two();
    world.run(second.login_by_weixin(None)).unwrap();
    fail_reads(&world, true);
    world.shift_clock(10.0);
    assert!(world.run(first.clone().logout()).is_err());
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert!(first.session().is_none());
    assert_eq!(world.stored_session(), None);
}

/// A logout of somebody who has just signed in elsewhere says that somebody is signed out, and nothing else.
#[test]
fn a_logout_reports_nobody_as_signed_in() {
    let (world, first, second) = two();
    world.run(first.login_by_account(account())).unwrap();
    world.forget_calls();
    world.run(second.logout()).unwrap();
    assert_eq!(world.changes(), ["signed out: logout"]);
}

/// While a request waits for a renewal, another user signs in elsewhere: it is not sent with the old user's token.
#[test]
fn a_request_that_waits_is_not_sent_for_a_user_who_is_gone() {
    let (world, first, second) = two();
    world.shift_clock(8_000_000.0); // the session has expired
    let answer = request(&second, "goods");
    // wx.login is under way.
    let signs_in = later(&world, 5.0, &first, |first| {
        first.login_by_account(account())
    });
    world.next_login(Answer::After(2_000.0, Err(failure("login:fail", None))));
    let (answer, signed_in) = world.run(async { futures::join!(answer, signs_in) });
    signed_in.unwrap();
    assert_eq!(answer.unwrap_err().code(), "user_changed");
    assert!(!world.paths().contains(&"goods".to_owned()));
}

/// One token is of one user, also where the server names nobody. (behaviours 47, 53)
#[test]
fn the_same_token_in_the_other_client_is_the_same_user() {
    let world = World::new();
    let nameless = success(json!({ "token": "sticky", "userInfo": { "nickName": "tea" } }));
    let (first, second) = (world.client(), world.client());
    for client in [&first, &second] {
        world.next_response(http(200, nameless.clone()));
        world
            .run(client.clone().login_by_account(account()))
            .unwrap();
    }
    world.shift_clock(1_000.0);
    first.session();
    let changes = world.changes();
    assert!(changes[2].starts_with("renewed"), "{changes:?}");
}

/// The other client's login has shown that the refusal is over. (behaviours 30, 51, 53)
#[test]
fn a_remembered_refusal_does_not_end_a_session_that_the_other_has_renewed_since() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    world.next_response(http(200, json!({ "errno": 40226 })));
    assert_eq!(code(silent(&world, &first)), "login_blocked");
    assert!(first.session().is_none());
    world.run(second.login_by_weixin(None)).unwrap();
    world.shift_clock(7_200_000.0); // the other's session is over by the clock, too
    world.forget_calls();
    assert_eq!(code(silent(&world, &first)), "ok");
    assert_eq!(world.count("login"), 1);
    assert_eq!(user(&first), Some(json!(WEIXIN_USER)));
}

/// No login has worked. (behaviours 30, 53)
#[test]
fn a_profile_that_the_other_changes_ends_no_pause() {
    let (world, first, second) = two();
    world.next_response(http(200, json!({ "errno": 40226 })));
    assert!(world.run(first.clone().login_by_weixin(None)).is_err());
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(second.update_profile(fields)).unwrap();
    world.shift_clock(7_200_000.0);
    world.forget_calls();
    assert_eq!(code(silent(&world, &first)), "login_blocked");
    assert_eq!(world.changes()[0], r#"renewed: "小红""#);
    assert_eq!(world.count("login"), 0);
}

/// What a silent login of `first` ends with while `second` signs in an account, of which `first` hears.
fn silent_login_beside_an_account(world: &World, first: &Client, second: &Client) -> &'static str {
    let login = first.clone().ensure_login(LoginMode::Silent);
    let other = later(world, 100.0, second, |second| {
        second.login_by_account(account())
    });
    let seen = later(world, 2_000.0, first, |first| async move {
        assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
    });
    let (login, other, ()) = world.run(async { futures::join!(login, other, seen) });
    other.unwrap();
    code(login)
}

/// (behaviours 42, 53)
#[test]
fn a_silent_login_is_not_sent_once_the_other_has_signed_in_an_account() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    let late_code = Ok(json!({ "code": "code-1" }));
    world.next_login(Answer::After(3_000.0, late_code));
    let login = silent_login_beside_an_account(&world, &first, &second);
    assert_eq!(login, "signed_out");
    assert_eq!(world.paths(), ["auth/login"]);
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
}

/// (behaviours 9, 42, 53)
#[test]
fn a_lost_answer_is_not_asked_for_again_once_the_other_has_signed_in_an_account() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    let lost = Err(failure("request:fail", None));
    world.next_response(Answer::After(3_000.0, lost));
    let login = silent_login_beside_an_account(&world, &first, &second);
    assert_eq!(login, "network");
    assert_eq!(world.count("login"), 1);
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
}

/// (behaviour 53)
#[test]
fn what_the_other_has_just_renewed_is_not_renewed_again() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    assert!(first.session().is_some()); // the storage has been read
    silent(&world, &second).unwrap();
    silent(&world, &first).unwrap();
    assert_eq!(world.count("login"), 1);
    assert_eq!(first.session().unwrap().token.secret(), "token-2");
}

/// Two clients that know a user whose server gives the same token at each login.
fn two_with_a_sticky_token() -> (World, Client, Client) {
    let world = World::new();
    world.server(|server| server.sticky = true);
    let (first, second) = (world.client(), world.client());
    world
        .run(first.clone().login_by_account(account()))
        .unwrap();
    world.shift_clock(100_000.0);
    assert!(second.session().is_some());
    world.server(|server| server.revoke_all());
    (world, first, second)
}

/// (behaviours 47, 53)
#[test]
fn the_end_of_a_token_does_not_undo_a_newer_login_that_brought_it_again() {
    let (world, first, second) = two_with_a_sticky_token();
    assert_eq!(code(get(&world, &second)), "signed_out");
    fail_reads(&world, true);
    world.shift_clock(1_000.0);
    world
        .run(first.clone().login_by_account(account()))
        .unwrap();
    fail_reads(&world, false);
    world.shift_clock(1_000.0);
    assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
    for client in [second, world.client()] {
        assert_eq!(user(&client), Some(json!(ACCOUNT_USER)));
    }
}

/// Whether the end could be written or not. (behaviours 47, 53)
#[test]
fn a_newer_login_that_brought_an_ended_token_again_is_taken_from_the_other() {
    for fail in [false, true] {
        let (world, first, second) = two_with_a_sticky_token();
        fail_writes(&world, fail);
        assert_eq!(code(get(&world, &first)), "signed_out");
        fail_writes(&world, false);
        world.shift_clock(1_000.0);
        world.run(second.login_by_account(account())).unwrap();
        world.shift_clock(1_000.0);
        for client in [first, world.client()] {
            assert_eq!(user(&client), Some(json!(ACCOUNT_USER)), "{fail}");
        }
    }
}

/// What a login has replaced is known by its token, which is the same here. (behaviours 47, 53)
#[test]
fn a_newer_session_with_the_same_token_is_taken_from_the_other() {
    let (world, first, second) = two_with_a_sticky_token();
    for client in [&first, &second] {
        world.shift_clock(1_000.0);
        world
            .run(client.clone().login_by_account(account()))
            .unwrap();
    }
    world.shift_clock(1_000.0);
    let newer = second.session().unwrap().issued_at;
    assert_eq!(first.session().unwrap().issued_at, newer);
    assert_eq!(world.client().session().unwrap().issued_at, newer);
}

/// (behaviour 53)
#[test]
fn what_the_other_has_renewed_is_renewed_again_if_it_is_over() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    assert!(first.session().is_some()); // the storage has been read
    let user = json!({ "userId": WEIXIN_USER });
    let over = json!({ "token": "over", "expiresIn": 0.001, "userInfo": user });
    world.next_response(http(200, success(over)));
    world.run(second.login_by_weixin(None)).unwrap();
    silent(&world, &first).unwrap();
    assert_eq!(world.count("login"), 2);
    assert_ne!(first.session().unwrap().token.secret(), "over");
}

/// (behaviours 24, 53)
#[test]
fn a_request_is_sent_again_if_the_other_signs_in_during_the_confirmation() {
    let (world, first, second) = two_with_account();
    let refused = json!({ "errno": 501 });
    world.next_response(http(200, refused.clone()));
    world.next_response(Answer::After(2_000.0, Ok((200, refused)))); // the confirmation
    let request = request(&first, "goods");
    let other = later(&world, 500.0, &second, |second| {
        second.login_by_account(account())
    });
    let (answer, other) = world.run(async { futures::join!(request, other) });
    other.unwrap();
    assert_eq!(answer.unwrap().0["data"]["user"], ACCOUNT_USER);
}

/// The tap shares a silent login that comes to be forbidden, and a logout elsewhere is found before the tap goes on. (behaviours 7, 53)
#[test]
fn a_tap_from_before_a_logout_in_the_other_begins_no_login_of_its_own() {
    let world = World::new();
    let (first, second) = (world.client(), world.client());
    let late_code = Ok(json!({ "code": "code-1" }));
    world.next_login(Answer::After(14_000.0, late_code));
    let page = {
        let first = first.clone();
        async move {
            let ensured = first.clone().ensure_login(LoginMode::Silent).await;
            assert!(!first.check_login().await);
            ensured
        }
    };
    let account = later(&world, 100.0, &second, |second| {
        second.login_by_account(account())
    });
    let hears = later(&world, 2_000.0, &first, |first| async move {
        assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
    });
    let tap = later(&world, 3_000.0, &first, |first| first.login_by_weixin(None));
    let logout = later(&world, 4_000.0, &second, |second| second.logout());
    let (ensured, account, (), tap, logout) =
        world.run(async { futures::join!(page, account, hears, tap, logout) });
    account.unwrap();
    logout.unwrap();
    assert_eq!(code(ensured), "signed_out");
    assert_eq!(code(tap), "logged_out");
    assert_eq!(world.count("login"), 1);
    assert!(first.session().is_none());
}

/// It is found only when the changed user is to be stored. (behaviours 43, 44, 53)
#[test]
fn a_changed_user_is_not_reported_once_the_other_has_logged_out() {
    let (world, second) = with_account();
    fail_reads(&world, true);
    let first = world.client();
    let login = first.clone().login_by_account(account());
    world.run(login).unwrap();
    world.forget_calls();
    let fields = Json(json!({ "nickName": "小红" }));
    let change = first.clone().update_profile(fields);
    let logout = {
        let world = world.clone();
        later(&world.clone(), 50.0, &second, move |second| async move {
            fail_reads(&world, false);
            drop(second.logout());
            world.storage(|storage| storage.fail_gets = 1);
        })
    };
    let (changed, ()) = world.run(async { futures::join!(change, logout) });
    changed.unwrap();
    assert!(first.session().is_none());
    assert_eq!(world.changes(), ["signed out: logout"; 2]);
}
