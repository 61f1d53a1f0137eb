use futures::future::{join, join_all};
use serde_json::{Value, json};
use weapp_login::{LoginError, LoginMode, Remedy};

use crate::common::{account, asked, code, fail_reads, silent};
use crate::world::{Client, World, fails, http};

/// A signed-out client whose first silent login has failed with `answer`.
fn after_failure(answer: Value) -> (World, Client) {
    let world = World::new();
    world.fix_chance(0.5); // each pause is as long as it is meant to be
    let client = world.client();
    world.next_response(http(200, answer));
    assert!(silent(&world, &client).is_err());
    world.forget_calls();
    (world, client)
}

/// (behaviour 30)
#[test]
fn after_a_failed_silent_login_there_is_a_pause() {
    let (world, client) = after_failure(json!({ "errno": 502, "errmsg": "系统内部错误" }));
    for _ in 0..50 {
        let error = silent(&world, &client).unwrap_err();
        assert_eq!(
            *error,
            LoginError::Rejected {
                status: 200,
                code: "rejected",
                errno: Some(502.into()),
                errmsg: "系统内部错误".into(),
                body: Some(r#"{"errmsg":"系统内部错误","errno":502}"#.into()),
                remedy: Remedy::Retry,
                retry_after: None,
                asked: asked("POST", "auth/login_by_weixin"),
            }
        );
    }
    assert_eq!(world.count("login"), 0);
    world.shift_clock(2_000.0);
    silent(&world, &client).unwrap();
    assert_eq!(world.count("login"), 1);
}

/// A tap of the user's does not end what WeChat has asked for, unless it succeeds.
#[test]
fn a_forced_login_that_fails_ends_no_pause() {
    let (world, client) = after_failure(json!({ "errno": 714 }));
    let force = |world: &World| world.run(client.clone().ensure_login(LoginMode::Force));
    world.next_login(fails("login:fail", None));
    assert!(force(&world).is_err());
    world.shift_clock(400_000.0);
    assert!(silent(&world, &client).is_err());
    assert_eq!(world.count("login"), 1);
    assert!(force(&world).is_ok());
}

#[test]
fn the_pause_grows_up_to_five_minutes() {
    let (world, client) = after_failure(json!({ "errno": 502 }));
    let mut pause = 2_000.0;
    for _ in 0..12 {
        world.shift_clock(pause - 1.0);
        assert!(silent(&world, &client).is_err());
        assert_eq!(world.count("login"), 0);
        world.shift_clock(1.0);
        world.next_response(http(200, json!({ "errno": 502 })));
        assert!(silent(&world, &client).is_err());
        assert_eq!(world.count("login"), 1);
        world.forget_calls();
        pause = f64::min(pause * 2.0, 300_000.0);
    }
}

#[test]
fn a_tap_of_the_users_heeds_no_pause_and_ends_it() {
    let (world, client) = after_failure(json!({ "errno": 502 }));
    world
        .run(client.clone().ensure_login(LoginMode::Force))
        .unwrap();
    world.shift_clock(7_200_000.0);
    silent(&world, &client).unwrap();
    let (world, client) = after_failure(json!({ "errno": 502 }));
    assert!(world.run(client.login_by_weixin(None)).is_ok());
}

/// (behaviour 10)
#[test]
fn too_frequent_pauses_for_a_minute_and_a_blocked_user_for_good() {
    let (world, client) = after_failure(json!({ "errno": 713 }));
    world.shift_clock(59_000.0);
    assert!(silent(&world, &client).is_err());
    world.shift_clock(1_000.0);
    assert!(silent(&world, &client).is_ok());

    let (world, client) = after_failure(json!({ "errno": 714 }));
    world.shift_clock(1e9);
    assert_eq!(silent(&world, &client).unwrap_err().code(), "login_blocked");
    assert!(world.run(client.login_by_weixin(None)).is_ok());
}

/// A clock that was set back must not make the pause longer. (behaviour 33)
#[test]
fn a_clock_that_was_set_back_ends_the_pause() {
    let (world, client) = after_failure(json!({ "errno": 502 }));
    world.shift_clock(-3_600_000.0);
    silent(&world, &client).unwrap();
}

/// (behaviour 4)
#[test]
fn wx_login_is_called_at_most_four_times_a_second() {
    let world = World::new();
    let client = world.client();
    let mut begun = Vec::new();
    for _ in 0..12 {
        world.next_login(fails("login:fail", None));
        assert!(world.run(client.clone().login_by_weixin(None)).is_err());
        begun.push(world.clock() - 10.0); // each call takes 10 ms
    }
    for five in begun.windows(5) {
        assert!(five[4] - five[0] >= 1_000.0, "{begun:?}");
    }
    assert!(begun[3] - begun[0] < 100.0); // the first four do not wait
}

#[test]
fn callers_at_once_are_no_faster() {
    let world = World::new();
    let client = world.client();
    let calls = (0..50).map(|_| client.clone().ensure_login(LoginMode::Force));
    assert!(world.run(join_all(calls)).iter().all(Result::is_ok));
    assert_eq!(world.count("login"), 1);
}

#[test]
fn a_tap_that_fails_otherwise_does_not_shorten_a_pause_that_weixin_asked_for() {
    let (world, client) = after_failure(json!({ "errno": 713 }));
    world.next_login(fails("login:fail", None));
    assert!(world.run(client.clone().login_by_weixin(None)).is_err());
    world.forget_calls();
    world.shift_clock(50_000.0);
    assert!(silent(&world, &client).is_err());
    assert_eq!(world.count("login"), 0);
}

/// Fails twice: a login whose answer may have been lost is tried once more, with a new code.
fn lose_both_answers(world: &World) {
    for _ in 0..2 {
        world.next_response(fails("request:fail", None));
    }
}

/// Who wants a login while one runs shares it, its failures included: the pause counts one failed login, and the next login
/// has its second code again.
#[test]
fn a_forced_call_that_shares_a_login_neither_ends_its_pause_nor_takes_a_code_of_the_next() {
    let world = World::new();
    let client = world.client();
    lose_both_answers(&world);
    let first = client.clone().ensure_login(LoginMode::Silent);
    let (other, clock) = (client.clone(), world.clone());
    let later = async move {
        clock.wait(35.0).await; // the second code is on its way
        assert_eq!(clock.count("login"), 2);
        other.ensure_login(LoginMode::Force).await
    };
    let (first, shared) = world.run(join(first, later));
    assert_eq!(first.unwrap_err(), shared.unwrap_err());
    assert_eq!(world.count("login"), 2);
    assert!(silent(&world, &client).is_err());
    assert_eq!(world.count("login"), 2, "the pause holds");
    world.shift_clock(2_500.0); // the longest that the first pause can be
    world.forget_calls();
    lose_both_answers(&world);
    assert!(silent(&world, &client).is_err());
    assert_eq!(world.count("login"), 2);
}

/// A login that waits for its turn has a second code of its own, whatever became of the login before it.
#[test]
fn an_accounts_login_after_a_lost_one_may_lose_an_answer_too() {
    let world = World::new();
    let client = world.client();
    lose_both_answers(&world);
    world.next_response(fails("request:fail", None));
    let first = client.clone().ensure_login(LoginMode::Silent);
    let bind = client.clone().bind_account(account());
    let (first, bound) = world.run(join(first, bind));
    assert!(first.is_err());
    assert!(bound.is_ok());
    assert_eq!(world.count("login"), 4);
}

/// What counts is when a call began, not when it was meant to. (behaviours 4, 33)
#[test]
fn a_clock_that_jumps_while_a_call_waits_lets_no_fifth_call_through() {
    let world = World::new();
    let client = world.client();
    let mut begun = Vec::new();
    for n in 0..9 {
        world.next_login(fails("login:fail", None));
        let login = client.clone().login_by_weixin(None);
        let clock = world.clone();
        let jump = async move {
            clock.wait(500.0).await; // the fifth waits for its place
            clock.shift_clock(3_600_000.0);
        };
        if n == 4 {
            assert!(world.run(join(login, jump)).0.is_err());
        } else {
            assert!(world.run(login).is_err());
        }
        begun.push(world.clock() - 10.0); // each call takes 10 ms
    }
    for five in begun.windows(5) {
        assert!(five[4] - five[0] >= 1_000.0, "{begun:?}");
    }
}

/// A session from before says nothing about the logins of now. (behaviours 30, 44)
#[test]
fn a_session_that_is_read_late_ends_no_pause() {
    let world = World::new();
    world.signed_in_client();
    world.shift_clock(7_200_000.0);
    fail_reads(&world, true);
    let client = world.client();
    world.next_response(http(200, json!({ "errno": 714 })));
    assert!(world.run(client.clone().login_by_weixin(None)).is_err());
    fail_reads(&world, false);
    assert!(client.session().is_some());
    assert_eq!(code(silent(&world, &client)), "login_blocked");
    assert_eq!(world.count("login"), 1);
}
