//! `checkLogin` and `ensureLogin` agree.

use serde_json::{Value, json};
use weapp_login::LoginMode;

use crate::common::{checks, later, silent, two, with_account};
use crate::server::{WEIXIN_USER, success};
use crate::world::{Answer, Client, World, fails, http};

const OVER: &str = "checkSession:fail session time out, need relogin";

fn restarted() -> (World, Client) {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    world.forget_calls();
    (world, client)
}

/// (behaviour 52)
#[test]
fn ensure_login_heals_what_check_login_denies() {
    let (world, client) = restarted();
    world.next_check(fails(OVER, None));
    assert!(!checks(&world, &client));
    assert!(silent(&world, &client).is_ok());
    assert!(checks(&world, &client));
    assert!(silent(&world, &client).is_ok());
    assert_eq!((world.count("login"), world.count("checkSession")), (1, 1));
}

/// (behaviour 52)
#[test]
fn a_login_that_fails_leaves_both_with_no() {
    let (world, client) = restarted();
    world.next_check(fails(OVER, None));
    world.next_login(fails("login:fail", None));
    assert!(!checks(&world, &client));
    assert!(silent(&world, &client).is_err());
    assert!(!checks(&world, &client));
    assert!(silent(&world, &client).is_err()); // during the backoff
    assert_eq!(world.count("login"), 1);
}

/// (behaviour 52)
#[test]
fn both_agree_about_a_session_that_is_about_to_end() {
    let (world, client) = restarted();
    world.shift_clock(7_200_000.0 - 30_000.0);
    assert!(!checks(&world, &client));
    assert!(silent(&world, &client).is_ok());
    assert!(checks(&world, &client));
    assert_eq!(world.count("login"), 1);
}

/// Nothing can renew it silently, so it counts to its end. (behaviour 52)
#[test]
fn both_agree_about_an_accounts_session_that_is_about_to_end() {
    let (world, client) = with_account();
    for (shift, signed_in) in [(7_200_000.0 - 30_000.0, true), (30_000.0, false)] {
        world.shift_clock(shift);
        assert_eq!(checks(&world, &client), signed_in);
        assert_eq!(silent(&world, &client).is_ok(), signed_in);
    }
}

/// (behaviour 52)
#[test]
fn only_what_is_known_to_mean_expired_is_a_verdict() {
    for (text, errno, signed_in) in [
        (OVER, None, false),
        (
            "checkSession:fail 系统错误，错误码：-13001,session time out, need relogin",
            None,
            false,
        ),
        ("checkSession:fail timeout", Some(5), true),
        ("checkSession:fail", None, true),
        ("checkSession:fail system error", Some(1), true),
        ("checkSession:fail request time out", None, true),
        ("请求超时", None, true),
    ] {
        let (world, client) = restarted();
        world.next_check(fails(text, errno));
        assert_eq!(checks(&world, &client), signed_in, "{text}");
    }
}

/// (behaviour 52)
#[test]
fn no_verdict_is_remembered_for_the_foreground_period() {
    let world = World::new();
    let answer = success(json!({ "token": "opaque", "userInfo": { "userId": 7 } }));
    world.next_response(http(200, answer));
    world.run(world.client().login_by_weixin(None)).unwrap();
    let client = world.client();
    world.forget_calls();
    world.next_response(http(404, Value::Null));
    for _ in 0..5 {
        assert!(checks(&world, &client));
    }
    assert_eq!(world.sent().len(), 1);

    let (world, client) = restarted();
    world.next_check(Answer::Never);
    for _ in 0..5 {
        assert!(checks(&world, &client));
    }
    assert_eq!(world.count("checkSession"), 1);
    client.foreground();
    assert!(checks(&world, &client));
    assert_eq!(world.count("checkSession"), 2);
}

/// A client of a new run of the app, with a session whose end only the server knows.
fn restarted_with_unknown_end(options: Value) -> (World, Client) {
    let world = World::new();
    let answer = success(json!({ "token": "opaque", "userInfo": { "userId": 7 } }));
    world.next_response(http(200, answer));
    world.run(world.client().login_by_weixin(None)).unwrap();
    let client = world.client_with(options);
    world.forget_calls();
    (world, client)
}

/// `wx.checkSession` is asked each time, `info` is not. (behaviour 52)
#[test]
fn a_check_that_always_asks_weixin_asks_info_once_per_foreground_period() {
    for (mode, asked) in [("always", 5), ("foreground", 1), ("never", 0)] {
        let (world, client) = restarted_with_unknown_end(json!({ "sessionCheck": mode }));
        world.server(|server| server.live_tokens.insert("opaque".into(), 7));
        for _ in 0..5 {
            assert!(checks(&world, &client));
        }
        let asked = (asked, 1);
        let counts = (world.count("checkSession"), world.count("request"));
        assert_eq!(counts, asked, "{mode}");
        client.foreground();
        assert!(checks(&world, &client));
        assert_eq!(world.count("request"), 2, "{mode}");
    }
}

/// (behaviour 52)
#[test]
fn a_check_that_always_asks_weixin_asks_a_missing_info_once() {
    let (world, client) = restarted_with_unknown_end(json!({ "sessionCheck": "always" }));
    world.next_response(http(404, Value::Null));
    for _ in 0..5 {
        assert!(checks(&world, &client));
    }
    assert_eq!(world.count("request"), 1);
}

/// The name of the function ends with "Session", so that its timeout looks like "session timeout". (behaviour 52)
#[test]
fn a_timeout_of_check_session_is_no_verdict() {
    for (text, errno) in [
        ("checkSession timeout", Some(5)),
        ("checkSession time out", None),
        ("checkSession:fail timeout", Some(5)),
        ("checkSession:fail time out", None),
        ("checkSession:fail checkSession timeout", Some(5)),
        ("wx.checkSession timeout", None),
        ("checkSession:fail interrupted", Some(600_003)),
    ] {
        let (world, client) = restarted();
        world.next_check(fails(text, errno));
        assert!(checks(&world, &client), "{text}");
    }
}

/// WeChat's own number, in the text or beside it. (behaviour 52)
#[test]
fn the_number_of_an_expired_session_key_is_a_verdict() {
    for (text, errno) in [
        ("checkSession:fail", Some(-13001)),
        ("checkSession:fail:-13001", None),
    ] {
        let (world, client) = restarted();
        world.next_check(fails(text, errno));
        assert!(!checks(&world, &client), "{text}");
        assert!(silent(&world, &client).is_ok());
        assert!(checks(&world, &client), "{text}");
        assert_eq!(world.count("login"), 1);
    }
}

/// The app comes to the foreground while the check runs, as at each start. (behaviour 52)
#[test]
fn a_denial_survives_the_foreground_until_it_is_healed() {
    let (world, client) = restarted();
    world.next_check(fails(OVER, None));
    let shown = later(&world, 5.0, &client, |client| async move {
        client.foreground();
    });
    let check = client.clone().check_login();
    let (signed_in, ()) = world.run(async { futures::join!(check, shown) });
    assert!(!signed_in);
    assert!(silent(&world, &client).is_ok());
    assert_eq!(world.count("login"), 1);
    assert!(checks(&world, &client));
}

/// What was denied is another client's newer session, which the login under way does not replace. (behaviours 52, 53)
#[test]
fn a_login_that_leaves_a_newer_session_in_place_heals_its_denial() {
    let (world, first, second) = two();
    let late = success(json!({ "token": "late", "userInfo": { "userId": WEIXIN_USER } }));
    world.next_response(Answer::After(5_000.0, Ok((200, late))));
    world.next_check(fails(OVER, None));
    let login = second.clone().login_by_weixin(None);
    let newer = later(&world, 200.0, &first, |first| first.login_by_weixin(None));
    let healed = later(&world, 2_000.0, &second, |second| async move {
        assert!(!second.clone().check_login().await);
        second.ensure_login(LoginMode::Silent).await
    });
    let (login, newer, healed) = world.run(async { futures::join!(login, newer, healed) });
    login.unwrap();
    newer.unwrap();
    assert_ne!(healed.unwrap().token.secret(), "late");
    assert!(checks(&world, &second));
}

/// What the server cannot say, WeChat can. (behaviours 1, 52)
#[test]
fn weixin_is_asked_also_where_info_says_nothing() {
    for status in [404, 500] {
        let (world, client) = restarted_with_unknown_end(json!({}));
        world.next_response(http(status, Value::Null));
        world.next_check(fails(OVER, None));
        assert!(!checks(&world, &client), "{status}");
        silent(&world, &client).unwrap();
        assert!(checks(&world, &client), "{status}");
        assert_eq!((world.count("login"), world.count("checkSession")), (1, 1));
    }
}
