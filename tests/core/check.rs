use futures::future::{join, join_all};
use serde_json::{Value, json};

use crate::common::{checks, later};
use crate::server::success;
use crate::world::{Answer, Client, World, fails, http};

/// A world whose client has a session of which nobody knows the end, in a new run of the app.
fn restarted_with_unknown_end() -> (World, Client) {
    let world = World::new();
    world.next_response(http(
        200,
        success(json!({ "token": "opaque", "tokenExpire": "2019-04-25T12:34:56.789" })),
    ));
    world.run(world.client().login_by_weixin(None)).unwrap();
    world.server(|server| server.live_tokens.insert("opaque".into(), 7));
    world.forget_calls();
    (world.clone(), world.client())
}

#[test]
fn nobody_is_signed_in_at_first() {
    let world = World::new();
    let client = world.client();
    assert!(!checks(&world, &client));
    assert_eq!(world.calls(), ["get"]);
}

/// (behaviour 36)
#[test]
fn after_a_login_the_answer_needs_no_call_at_all() {
    let world = World::new();
    let client = world.signed_in_client();
    assert!(checks(&world, &client));
    assert!(client.session().is_some());
    assert_eq!(world.calls(), [] as [&str; 0]);
}

/// The next start is signed in without a login; `wx.checkSession` is asked once. (behaviours 1, 4)
#[test]
fn a_restart_asks_check_session_once_per_foreground_period() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.forget_calls();
    for _ in 0..3 {
        assert!(checks(&world, &client));
    }
    assert_eq!(world.calls(), ["checkSession"]);
    client.foreground();
    assert!(checks(&world, &client));
    assert_eq!(world.count("checkSession"), 2);
}

/// What it finds out is about the time before.
#[test]
fn a_check_from_before_the_app_came_to_the_foreground_counts_no_longer() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.forget_calls();
    world.next_check(fails(
        "checkSession:fail session time out, need relogin",
        None,
    ));
    let check = client.clone().check_login();
    let shown = later(&world, 5.0, &client, |client| {
        client.foreground();
        client.check_login()
    });
    assert_eq!(world.run(join(check, shown)), (false, true));
    assert!(checks(&world, &client));
    assert_eq!(world.count("checkSession"), 2);
}

#[test]
fn concurrent_checks_share_one_question() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    let answers = world.run(join_all((0..10).map(|_| client.clone().check_login())));
    assert_eq!(answers, [true; 10]);
    assert_eq!(world.count("checkSession"), 1);
}

/// A failed `checkSession` means that WeChat's key is gone, not that the token is. (behaviours 1, 2; B12)
#[test]
fn a_failed_check_session_keeps_the_session() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.next_check(fails("checkSession:fail session time out", None));
    assert!(!checks(&world, &client));
    assert!(!checks(&world, &client));
    assert_eq!(world.count("checkSession"), 1);
    assert!(client.session().is_some());
    assert!(world.record().is_some());
    assert!(world.run(client.clone().login_by_weixin(None)).is_ok());
    assert!(checks(&world, &client));
}

/// `wx.checkSession` knows nothing of a password. (behaviour 3)
#[test]
fn an_account_session_is_not_asked_about() {
    let world = World::new();
    world.signed_in_client();
    let mut record = world.record().unwrap();
    record["via"] = json!("account");
    world.set_record(record);
    world.forget_calls();
    assert!(checks(&world, &world.client()));
    assert_eq!(world.calls(), ["get"]);
}

#[test]
fn a_check_session_that_never_answers_signs_nobody_out() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.next_check(Answer::Never);
    assert!(checks(&world, &client));
    assert!(client.session().is_some());
}

#[test]
fn check_session_can_be_asked_always_or_never() {
    for (mode, calls) in [("always", 3), ("never", 0)] {
        let world = World::new();
        world.signed_in_client();
        let client = world.client_with(json!({ "sessionCheck": mode }));
        for _ in 0..3 {
            assert!(checks(&world, &client));
        }
        assert_eq!(world.count("checkSession"), calls, "{mode}");
    }
}

/// (B6)
#[test]
fn an_expired_session_is_not_signed_in_and_nobody_is_asked() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0);
    assert!(!checks(&world, &client));
    assert_eq!(world.calls(), ["get"]);
}

/// A clock that jumps ahead and comes back leaves the session as it was. (behaviour 33)
#[test]
fn a_clock_that_jumps_ahead_and_back_signs_nobody_out() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(1e12);
    assert!(!checks(&world, &client));
    world.shift_clock(-1e12);
    assert!(checks(&world, &client));
}

/// Set back behind the login, the clock can no longer tell how old the token is. (behaviour 33)
#[test]
fn a_clock_that_was_set_back_makes_the_server_decide() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.shift_clock(-3_600_000.0);
    world.forget_calls();
    assert!(checks(&world, &client));
    assert_eq!(world.sent()[0].path, "auth/info");
    world.server(|server| server.revoke_all());
    client.foreground();
    assert!(!checks(&world, &client));
    assert!(client.session().is_none());
}

/// (behaviours 1, 34)
#[test]
fn an_unknown_end_makes_the_server_decide_once_per_foreground_period() {
    let (world, client) = restarted_with_unknown_end();
    assert!(checks(&world, &client));
    assert!(checks(&world, &client));
    let sent = world.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (sent[0].method.as_str(), sent[0].path.as_str()),
        ("GET", "auth/info")
    );
    assert_eq!(sent[0].token.as_deref(), Some("opaque"));
}

/// A server that says "signed out" is believed, whatever `wx.checkSession` would say. (behaviours 1, 27)
#[test]
fn a_session_that_the_server_refuses_is_forgotten() {
    for answer in [
        http(200, json!({ "errno": 501, "errmsg": "请登录" })),
        http(401, Value::Null),
    ] {
        let (world, client) = restarted_with_unknown_end();
        world.next_response(answer);
        assert!(!checks(&world, &client));
        assert!(client.session().is_none());
        assert_eq!(world.stored_session(), None);
        assert_eq!(world.count("checkSession"), 0);
    }
}

/// (behaviours 28, 29)
#[test]
fn a_server_that_cannot_tell_signs_nobody_out() {
    for answer in [
        fails("request:fail -105", None),
        Answer::Never,
        http(500, Value::Null),
        http(429, Value::Null),
        http(200, json!({ "errno": 401, "errmsg": "参数不对" })),
        http(200, json!("<html>")),
    ] {
        let (world, client) = restarted_with_unknown_end();
        world.next_response(answer);
        assert!(checks(&world, &client));
        assert!(client.session().is_some());
        assert!(world.record().is_some());
    }
}

/// "Signed out" about an old token says nothing about the one that took its place. (behaviour 24; B14)
#[test]
fn a_late_refusal_of_an_old_token_does_not_touch_the_new_one() {
    let (world, client) = restarted_with_unknown_end();
    world.next_response(Answer::After(5_000.0, Ok((200, json!({ "errno": 501 })))));
    let check = client.clone().check_login();
    let login = client.clone().login_by_weixin(None);
    let (signed_in, login) = world.run(async { futures::join!(check, login) });
    assert!(login.is_ok());
    assert!(signed_in);
    assert_eq!(world.record().unwrap()["token"], "token-1");
}
