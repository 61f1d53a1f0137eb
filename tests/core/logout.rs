use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use serde_json::json;
use weapp_login::{LoginError, LoginMode};

use crate::common::{account, account_with, checks, code, dialect, fail_writes, later, refreshing};
use crate::world::{Answer, START, World, fails, http};

#[test]
fn forgets_at_once_and_tells_the_server() {
    let world = World::new();
    let client = world.signed_in_client();
    let told = client.clone().logout();
    assert!(client.session().is_none()); // before anything was awaited
    assert_eq!(world.stored_session(), None);
    world.run(told).unwrap();
    let sent = world.sent();
    assert_eq!(
        (
            sent[0].method.as_str(),
            sent[0].path.as_str(),
            sent[0].token.as_deref()
        ),
        ("POST", "auth/logout", Some("token-1"))
    );
    assert!(world.server(|server| server.live_tokens.is_empty()));
    assert!(!checks(&world, &client));
    assert!(world.client().session().is_none());
}

#[test]
fn a_server_that_cannot_be_told_does_not_matter_for_long() {
    for answer in [
        fails("request:fail", None),
        http(500, json!(null)),
        Answer::Never,
    ] {
        let world = World::new();
        let client = world.signed_in_client();
        let before = world.clock();
        world.next_response(answer);
        world.run(client.logout()).unwrap();
        assert!(world.clock() - before <= 6_000.0);
    }
}

#[test]
fn without_a_session_nobody_is_told() {
    let world = World::new();
    world.run(world.client().logout()).unwrap();
    assert_eq!(world.count("request"), 0);
}

/// (behaviour 26; B15)
#[test]
fn nothing_in_flight_brings_a_session_back() {
    // At any moment of a login: while wx.login runs, while the request runs.
    for logout_after in [5.0, 50.0] {
        let world = World::new();
        let client = world.client();
        let login = client.clone().login_by_weixin(None);
        let logout = later(&world, logout_after, &client, |client| client.logout());
        let (login, logout) = world.run(async { futures::join!(login, logout) });
        assert_eq!(*login.unwrap_err(), LoginError::LoggedOut);
        logout.unwrap();
        assert_eq!(world.clock() - START, logout_after); // settled at once, not when the server answers
        assert!(client.session().is_none());
        assert_eq!(world.stored_session(), None);
        assert_eq!(Rc::strong_count(&client), 1);
    }
}

/// Called, but not yet started: a page that calls both at once means the second.
#[test]
fn nothing_called_before_starts_afterwards() {
    let world = World::new();
    let client = world.client();
    let login = client.begin(Box::pin(client.clone().login_by_weixin(None)), None);
    let ensure = client.begin(
        Box::pin(client.clone().ensure_login(LoginMode::Force)),
        None,
    );
    world.run(client.clone().logout()).unwrap();
    assert_eq!(*world.run(login).unwrap_err(), LoginError::LoggedOut);
    assert_eq!(*world.run(ensure).unwrap_err(), LoginError::LoggedOut);
    assert_eq!(world.count("login"), 0);
}

#[test]
fn a_renewal_that_has_not_started_yet_does_not_start_afterwards() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0 - 30_000.0);
    let both = {
        let client = client.clone();
        async move {
            client
                .clone()
                .ensure_login(LoginMode::Cached)
                .await
                .unwrap();
            client.logout().await
        }
    };
    world.run(both).unwrap();
    world.settle();
    assert_eq!(world.count("login"), 0);
    assert!(client.session().is_none());
}

#[test]
fn a_check_in_flight_says_no() {
    let world = World::new();
    world.signed_in_client();
    let client = world.client();
    let check = client.clone().check_login();
    let logout = async { client.logout().await };
    let (signed_in, _) = world.run(async { futures::join!(check, logout) });
    assert!(!signed_in);
}

/// Everyone else gets a turn.
async fn others_go_on() {
    let mut waited = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[test]
fn a_login_right_after_is_a_new_one() {
    let world = World::new();
    let client = world.client();
    let old = client.clone().login_by_weixin(None);
    let new = {
        let client = client.clone();
        let world = world.clone();
        async move {
            while world.count("login") == 0 {
                others_go_on().await;
            }
            let _ = client.clone().logout().await;
            client.login_by_weixin(None).await
        }
    };
    let (old, new) = world.run(async { futures::join!(old, new) });
    assert_eq!(*old.unwrap_err(), LoginError::LoggedOut);
    assert!(new.is_ok());
    assert!(client.session().is_some());
    assert_eq!(world.count("login"), 2);
}

#[test]
fn a_logout_that_cannot_be_stored_is_reported() {
    let world = World::new();
    let client = world.signed_in_client();
    fail_writes(&world, true);
    let error = world.run(client.clone().logout()).unwrap_err();
    assert_eq!(error.code(), "storage_failed");
    assert!(client.session().is_none());
    assert!(!checks(&world, &client));
}

#[test]
fn everywhere_forgets_at_once_and_ends_the_other_logins() {
    let world = World::new();
    world.signed_in_client(); // on another phone, as it were
    let client = world.signed_in_client();
    world.server(|server| assert_eq!(server.live_tokens.len(), 2));
    let told = client.clone().logout_everywhere();
    assert!(client.session().is_none()); // before anything was awaited
    assert_eq!(world.stored_session(), None);
    world.run(told).unwrap();
    let sent = world.sent();
    assert_eq!(world.paths(), ["auth/logout_everywhere"]);
    assert_eq!(sent[0].token.as_deref(), Some("token-2"));
    assert!(world.server(|server| server.live_tokens.is_empty()));
    assert_eq!(world.changes(), ["signed out: logout"]);
    assert_eq!(world.record().unwrap()["ended"], "logout");
}

/// The refresh token can prove who asks where the token has ended.
#[test]
fn everywhere_shows_the_refresh_token_too() {
    let slots = json!({ "logoutEverywhere": { "url": "auth/logout_everywhere", "send": { "all": "$refresh" } } });
    let (world, client) = account_with(refreshing(slots));
    world.run(client.logout_everywhere()).unwrap();
    assert_eq!(world.sent()[0].data, json!({ "all": "refresh-1" }));
}

#[test]
fn everywhere_works_with_a_refresh_token_whose_token_has_ended() {
    let (world, client) = account_with(refreshing(json!({})));
    world
        .run(client.clone().login_by_account(account()))
        .unwrap(); // on another phone, as it were
    world.forget_calls();
    world.server(|server| server.live_tokens.remove("token-2"));
    world.run(client.clone().logout_everywhere()).unwrap();
    assert_eq!(world.paths(), ["auth/logout_everywhere"]);
    assert!(world.server(|server| server.live_tokens.is_empty()));
}

/// A body that the status says is not there is missed by nobody.
#[test]
fn everywhere_may_be_answered_with_nothing_where_the_status_says_so() {
    for (status, body, expected) in [
        (204, json!(null), "ok"),
        (204, json!(""), "ok"),
        (200, json!(null), "bad_response"),
        (200, json!({}), "bad_response"),
        (302, json!(null), "server_error"),
        (404, json!(null), "server_error"),
        (404, json!({ "errno": 404 }), "rejected"),
    ] {
        let world = World::new();
        let client = world.signed_in_client();
        world.next_response(http(status, body.clone()));
        let ended = world.run(client.clone().logout_everywhere());
        assert_eq!(code(ended), expected, "{status} {body}");
        assert!(client.session().is_none());
    }
}

/// Whoever asks for it has to know that other devices may still be signed in.
#[test]
fn everywhere_fails_unless_the_server_says_that_it_is_done() {
    for (answer, expected) in [
        (fails("request:fail", None), "network"),
        (Answer::Never, "timeout"),
        (http(500, json!(null)), "server_error"),
        (http(200, json!("成功")), "bad_response"),
        (
            http(200, json!({ "errno": 502, "errmsg": "系统忙" })),
            "rejected",
        ),
        (
            http(200, json!({ "errno": 501, "errmsg": "请登录" })),
            "signed_out",
        ),
        (http(401, json!(null)), "signed_out"),
    ] {
        let world = World::new();
        let client = world.signed_in_client();
        world.next_response(answer);
        assert_eq!(
            code(world.run(client.clone().logout_everywhere())),
            expected
        );
        assert!(client.session().is_none());
        assert_eq!(world.stored_session(), None);
        assert_eq!(world.count("request"), 1);
    }
}

#[test]
fn everywhere_without_a_call_for_it_signs_out_here_alone() {
    let world = World::new();
    let client = world.client_with(dialect(json!({ "logoutEverywhere": null })));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.forget_calls();
    let error = world.run(client.clone().logout_everywhere()).unwrap_err();
    assert_eq!(error.code(), "invalid_config");
    assert!(error.to_string().contains("dialect.logoutEverywhere"));
    assert!(client.session().is_none());
    assert_eq!(world.stored_session(), None);
    assert_eq!(world.count("request"), 0);
}

#[test]
fn everywhere_without_a_session_reaches_nobody() {
    let world = World::new();
    let ended = world.run(world.client().logout_everywhere());
    assert_eq!(code(ended), "signed_out");
    assert_eq!(world.count("request"), 0);
}

#[test]
fn everywhere_that_cannot_be_stored_is_reported() {
    let world = World::new();
    let client = world.signed_in_client();
    fail_writes(&world, true);
    let error = world.run(client.logout_everywhere()).unwrap_err();
    assert_eq!(error.code(), "storage_failed");
    assert!(world.server(|server| server.live_tokens.is_empty()));
}
