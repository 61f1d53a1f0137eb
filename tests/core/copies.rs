//! Two clients of one storage key, as when an independent subpackage brings the module along.

use futures::future::join_all;
use serde_json::json;

use crate::common::{account, checks, fail_reads, get, later, request, two};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, success};
use crate::world::{Answer, World, failure, http};

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
    let calls = (0..100).map(|_| request(&first, "goods"));
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
