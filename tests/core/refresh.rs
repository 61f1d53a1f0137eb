//! Refreshing: another token without a login. (behaviour 56)

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::{Api, LoginClient, LoginMode, Via};

use crate::common::{
    account, account_with, checks, code, dialect, ensure, fail_writes, get, later, refreshing,
    request, silent, weixin_with,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{Answer, Client, World, fails, http};

fn client_of(world: &World) -> Client {
    world.client_with(refreshing(json!({})))
}

fn signed_in() -> (World, Client) {
    weixin_with(refreshing(json!({})))
}

fn with_account() -> (World, Client) {
    account_with(refreshing(json!({})))
}

/// The tokens that were sent to be refreshed.
fn refreshed_with(world: &World) -> Vec<String> {
    let sent = world.sent().into_iter();
    let refreshes = sent.filter(|sent| sent.path == "auth/refresh");
    refreshes
        .map(|sent| sent.data["refresh"].as_str().unwrap().to_owned())
        .collect()
}

fn logins(world: &World) -> usize {
    world.count("login")
}

#[test]
fn a_refused_token_is_refreshed_without_a_login() {
    let (world, client) = signed_in();
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(world.paths(), ["goods", "auth/refresh", "goods"]);
    assert_eq!(logins(&world), 0);
    let record = world.record().unwrap();
    assert_eq!(
        (&record["token"], &record["refresh"]),
        (&json!("token-2"), &json!("refresh-2"))
    );
}

/// Who they are and how they signed in stays. An account is not asked for its password again.
#[test]
fn an_account_stays_signed_in() {
    let (world, client) = with_account();
    for n in 1..4 {
        world.age();
        world.server(|server| server.revoke_all());
        assert_eq!(code(get(&world, &client)), "ok");
        assert_eq!(refreshed_with(&world).len(), n);
    }
    let session = client.session().unwrap();
    assert_eq!((session.via, logins(&world)), (Via::Account, 0));
    assert_eq!(session.user_info.0["nickName"], "tea");
    assert_eq!(session.user_info.0["userId"], ACCOUNT_USER);
    assert_eq!(
        refreshed_with(&world),
        ["refresh-1", "refresh-2", "refresh-3"]
    );
}

#[test]
fn it_is_refreshed_in_the_margin_before_its_end_and_after_it() {
    for ms in [7_200_000.0 - 90_000.0, 7_200_000.0] {
        let (world, client) = with_account();
        world.shift_clock(ms);
        assert_eq!(code(silent(&world, &client)), "ok");
        world.settle();
        assert_eq!(refreshed_with(&world), ["refresh-1"]);
        assert_eq!(client.session().unwrap().token.secret(), "token-2");
    }
}

#[test]
fn eight_requests_at_once_make_one_refresh() {
    let (world, client) = signed_in();
    world.server(|server| server.revoke_all());
    let requests = join_all((0..8).map(|_| request(&client, "goods")));
    assert!(world.run(requests).iter().all(Result::is_ok));
    assert_eq!((refreshed_with(&world).len(), logins(&world)), (1, 0));
}

/// Without an answer nothing is dropped: the next try sends the same token.
#[test]
fn silence_and_a_busy_server_drop_nothing() {
    for answer in [
        fails("request:fail", None),
        http(503, Value::Null),
        http(200, json!({ "errno": 429 })),
        http(200, json!({ "errno": 711 })),
        http(200, json!("<html>")),
    ] {
        let (world, client) = with_account();
        world.server(|server| server.revoke_all());
        world.next_response(http(200, json!({ "errno": 501 })));
        world.next_response(http(200, json!({ "errno": 501 }))); // `check`
        world.next_response(answer);
        assert_ne!(code(get(&world, &client)), "signed_out");
        assert!(client.session().is_some());
        world.shift_clock(600_000.0); // the backoff is over
        assert_eq!(code(get(&world, &client)), "ok");
        assert_eq!(refreshed_with(&world), ["refresh-1", "refresh-1"]);
    }
}

/// What WeChat refuses is no reason for the end of a session that needs no login.
#[test]
fn a_login_that_is_blocked_does_not_end_a_session_that_can_be_refreshed() {
    for meanwhile in [false, true] {
        let (world, client) = signed_in();
        world.server(|server| server.revoke_all());
        let blocked = json!({ "errno": 40226 });
        world.next_response(Answer::After(1_000.0, Ok((200, blocked))));
        let tap = client.clone().login_by_weixin(None);
        let when = if meanwhile { 500.0 } else { 2_000.0 };
        let got = later(&world, when, &client, |client| request(&client, "goods"));
        let (tap, got) = world.run(async { futures::join!(tap, got) });
        assert_eq!((code(tap), code(got)), ("login_blocked", "ok"));
        assert_eq!(refreshed_with(&world), ["refresh-1"]);
        assert_eq!(logins(&world), 1);
        assert_eq!(client.session().unwrap().token.secret(), "token-2");
    }
}

/// Nor is the login tried again once the refresh is refused, too.
#[test]
fn a_blocked_login_does_not_follow_a_refused_refresh() {
    let (world, client) = signed_in();
    world.server(|server| {
        server.revoke_all();
        server.refresh_tokens.clear();
    });
    world.next_response(http(200, json!({ "errno": 40226 })));
    let tap = client.clone().login_by_weixin(None);
    assert_eq!(code(world.run(tap)), "login_blocked");
    assert_eq!(code(get(&world, &client)), "login_blocked");
    assert_eq!(refreshed_with(&world), ["refresh-1"]);
    assert_eq!(logins(&world), 1);
    assert!(client.session().is_none());
}

/// The server has taken the token, and its answer was lost: a login heals it, or the user.
#[test]
fn a_lost_answer_of_a_rotating_server_is_healed() {
    for (begin, healed) in [(signed_in as fn() -> _, "ok"), (with_account, "signed_out")] {
        let (world, client): (World, Client) = begin();
        world.server(|server| {
            server.revoke_all();
            server.refresh_tokens.clear();
        });
        assert_eq!(code(get(&world, &client)), healed);
        assert_eq!(refreshed_with(&world), ["refresh-1"]);
        assert_eq!(logins(&world), usize::from(healed == "ok"));
        assert_eq!(client.session().is_some(), healed == "ok");
    }
}

/// What was answered once is never sent again.
#[test]
fn a_refused_one_is_dropped_for_good() {
    let (world, client) = with_account();
    world.shift_clock(7_200_000.0 - 90_000.0);
    world.server(|server| server.refresh_tokens.clear());
    assert_eq!(code(silent(&world, &client)), "ok"); // the token itself still works
    world.settle();
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(refreshed_with(&world), ["refresh-1"]);
    assert_eq!(world.record().unwrap()["refresh"], Value::Null);
    assert!(client.session().is_some());
}

#[test]
fn a_server_that_gives_no_other_one_keeps_the_one_that_is_there() {
    let (world, client) = signed_in();
    world.server(|server| server.revoke_all());
    world.next_response(http(200, json!({ "errno": 501 })));
    world.next_response(http(200, success(json!({ "token": "kept" }))));
    assert_eq!(code(get(&world, &client)), "signed_out"); // the server knows no such token
    let (world, client) = signed_in();
    world.shift_clock(7_200_000.0 - 90_000.0);
    world.next_response(http(200, success(json!({ "token": "kept" }))));
    assert_eq!(code(silent(&world, &client)), "ok");
    world.settle();
    assert_eq!(world.record().unwrap()["refresh"], "refresh-1");
}

#[test]
fn a_write_that_fails_after_the_rotation_loses_nothing() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    fail_writes(&world, true);
    assert_eq!(code(get(&world, &client)), "ok");
    assert!(!client.session().unwrap().persisted.get());
    world.age();
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "ok");
    fail_writes(&world, false);
    world.shift_clock(2_000.0);
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(refreshed_with(&world), ["refresh-1", "refresh-2"]);
    assert_eq!(world.record().unwrap()["refresh"], "refresh-3");
}

#[test]
fn another_client_takes_the_refreshed_session() {
    let (world, client) = with_account();
    let other = client_of(&world);
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(code(get(&world, &other)), "ok");
    assert_eq!(refreshed_with(&world), ["refresh-1"]);
    assert_eq!(other.session().unwrap().token.secret(), "token-2");
}

#[test]
fn a_logout_wins_over_a_refresh() {
    for after in [50.0, 150.0, 250.0] {
        let (world, client) = with_account();
        world.server(|server| server.revoke_all());
        let request = request(&client, "goods");
        let logout = later(&world, after, &client, LoginClient::logout);
        let (result, _) = world.run(async { futures::join!(request, logout) });
        assert!(result.is_err(), "{after}");
        assert!(client.session().is_none() && client_of(&world).session().is_none());
    }
}

/// An act of the user is no affair of the account that is signed in.
#[test]
fn a_tap_is_not_answered_by_a_refresh() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    let request = request(&client, "goods");
    let tap = later(&world, 150.0, &client, |client| {
        client.ensure_login(LoginMode::Force)
    });
    let (_, tapped) = world.run(async { futures::join!(request, tap) });
    assert!(tapped.is_ok());
    assert_eq!(client.session().unwrap().user_info.0["userId"], WEIXIN_USER);
}

#[test]
fn it_shows_nowhere() {
    let (world, client) = signed_in();
    let session = client.session().unwrap();
    assert!(!format!("{session:?}").contains("refresh-1"));
    assert!(!session.user_info.0.to_string().contains("refresh-1"));
    world.run(client.clone().logout()).unwrap();
    assert!(!world.record().unwrap().to_string().contains("refresh-1"));
}

/// Where another token is asked for with the current one: only while that still works.
#[test]
fn a_refresh_by_the_token_itself_is_tried_before_its_end_alone() {
    let options = dialect(json!({ "refresh": { "url": "auth/renew" } }));
    let world = World::new();
    let client = world.client_with(options);
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    world.age();
    world.shift_clock(7_200_000.0 - 90_000.0);
    world.next_response(http(
        200,
        success(json!({ "token": "renewed", "expiresIn": 7200 })),
    ));
    assert_eq!(code(silent(&world, &client)), "ok");
    world.settle();
    let session = client.session().unwrap();
    assert_eq!(
        (session.token.secret(), session.via),
        ("renewed", Via::Account)
    );
    let sent = world.sent().pop().unwrap();
    assert_eq!(
        (sent.path.as_str(), sent.token.as_deref()),
        ("auth/renew", Some("token-1"))
    );
    world.age();
    world.forget_calls();
    assert_eq!(code(get(&world, &client)), "signed_out");
    assert_eq!(world.paths(), ["goods", "auth/info"]);
}

fn rolling() -> (World, Client) {
    let world = World::new();
    let client = world.client_with(dialect(json!({ "renewed": { "at": "next" } })));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    (world, client)
}

fn answer_with(next: &str) -> Answer<(u16, Value)> {
    http(200, json!({ "errno": 0, "data": {}, "next": next }))
}

fn token_of(client: &Client) -> Option<String> {
    let session = client.session()?;
    Some(session.token.secret().to_owned())
}

/// (behaviour 57)
#[test]
fn a_rolling_token_is_taken_from_answers_to_the_current_one_alone() {
    let (world, client) = rolling();
    world.next_response(answer_with("second"));
    world.next_response(answer_with("third"));
    let both = join_all([request(&client, "a"), request(&client, "b")]);
    assert!(world.run(both).iter().all(Result::is_ok));
    assert_eq!(token_of(&client).as_deref(), Some("second"));
    assert_eq!(world.record().unwrap()["token"], "second");
    world.next_response(answer_with("fourth"));
    let elsewhere = Json(json!({ "url": "https://other.example/a" }));
    assert!(
        world
            .run(client.clone().request(Api::Request, elsewhere))
            .is_ok()
    );
    assert_eq!(token_of(&client).as_deref(), Some("second"));
}

#[test]
fn a_rolling_token_never_comes_back_after_a_logout() {
    let (world, client) = rolling();
    world.next_response(answer_with("second"));
    let request = request(&client, "a");
    let logout = later(&world, 50.0, &client, LoginClient::logout);
    let _ = world.run(async { futures::join!(request, logout) });
    assert_eq!(token_of(&client), None);
    assert!(world.stored_session().is_none());
    let _ = ensure(&world, &client, LoginMode::Cached);
}

/// (behaviour 58)
#[test]
fn a_phone_signs_in_with_what_the_unfinished_login_said() {
    let world = World::new();
    let client = world.client_with(dialect(json!({
        "unfinished": { "errno": 10000 },
        "phoneLogin": { "url": "auth/phone", "send": { "openid": "$unfinished.data.openid", "phone": "$phoneCode", "code": "$code" } },
    })));
    world.next_response(http(
        200,
        json!({ "errno": 10000, "data": { "openid": "o" } }),
    ));
    assert_eq!(
        code(world.run(client.clone().login_by_weixin(None))),
        "unfinished"
    );
    world.forget_calls();
    world.next_response(http(
        200,
        success(json!({ "token": "t", "userInfo": { "userId": 9 } })),
    ));
    let phone = Json(json!({ "phoneCode": "p" }));
    world.run(client.clone().login_by_phone(phone)).unwrap();
    assert_eq!(
        world.sent()[0].data,
        json!({ "openid": "o", "phone": "p", "code": "code-2" })
    );
    assert_eq!(client.session().unwrap().via, Via::Phone);
    world.age();
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "signed_out"); // as an account
    assert_eq!(code(silent(&world, &client)), "signed_out");
}

/// What WeChat says about its `session_key` only a login puts right. (behaviour 52)
#[test]
fn what_weixin_denies_is_healed_by_a_login() {
    let (world, client) = signed_in();
    client.foreground();
    world.next_check(fails(
        "checkSession:fail session time out, need relogin",
        None,
    ));
    assert!(!checks(&world, &client));
    assert_eq!(code(silent(&world, &client)), "ok");
    assert!(checks(&world, &client));
    assert_eq!((logins(&world), refreshed_with(&world).len()), (1, 0));
}

/// The session ends where nothing is left that could renew it: `checkLogin` and `ensureLogin` agree. (behaviour 52)
#[test]
fn an_account_whose_tokens_are_both_refused_is_signed_out() {
    let options = refreshing(json!({ "expires": { "at": "nowhere" } }));
    let (world, client) = account_with(options);
    client.foreground();
    world.server(|server| {
        server.revoke_all();
        server.refresh_tokens.clear();
    });
    assert!(!checks(&world, &client));
    assert_eq!(code(silent(&world, &client)), "signed_out");
    assert!(client.session().is_none());
}

/// Of two clients that refresh with the same token, the one that is answered last keeps the newer token of the other.
#[test]
fn an_older_token_does_not_replace_the_newer_one_of_another_client() {
    let (world, first) = with_account();
    let second = client_of(&world);
    assert!(second.session().is_some());
    world.shift_clock(7_200_000.0);
    let granted = |token| Ok((200, success(json!({ "token": token, "expiresIn": 7200 }))));
    world.next_response(Answer::After(300.0, granted("older")));
    world.next_response(Answer::After(50.0, granted("newer")));
    let slow = first.clone().ensure_login(LoginMode::Silent);
    let quick = later(&world, 20.0, &second, |second| {
        second.ensure_login(LoginMode::Silent)
    });
    let (slow, quick) = world.run(async { futures::join!(slow, quick) });
    assert_eq!((code(slow), code(quick)), ("ok", "ok"));
    assert_eq!(token_of(&first).as_deref(), Some("newer"));
    assert_eq!(world.record().unwrap()["token"], "newer");
}

/// A token that a request has brought meanwhile stays; what refreshes it is the refresh's, as the one before may be spent.
#[test]
fn a_refresh_keeps_the_newer_token_of_a_request() {
    let options = refreshing(json!({ "renewed": { "at": "next" } }));
    let (world, client) = account_with(options);
    world.shift_clock(7_200_000.0 - 90_000.0);
    world.next_response(Answer::After(
        300.0,
        Ok((
            200,
            success(json!({ "token": "older", "refresh": "refresh-9" })),
        )),
    ));
    assert_eq!(code(silent(&world, &client)), "ok"); // refreshes meanwhile
    world.next_response(answer_with("rolled"));
    assert_eq!(code(get(&world, &client)), "ok");
    world.settle();
    let record = world.record().unwrap();
    assert_eq!(
        (&record["token"], &record["refresh"]),
        (&json!("rolled"), &json!("refresh-9"))
    );
}

/// All tokens of one login are one user's, also where the server names no user. (behaviour 57)
#[test]
fn a_request_may_span_several_tokens_of_one_login() {
    let options = dialect(json!({ "renewed": { "at": "next" }, "user": { "at": "data.nothing" } }));
    let world = World::new();
    let first = world.client_with(options.clone());
    world
        .run(first.clone().login_by_account(account()))
        .unwrap();
    let second = world.client_with(options);
    assert!(second.session().is_some());
    for next in ["second", "third"] {
        world.next_response(answer_with(next));
        assert_eq!(code(get(&world, &first)), "ok");
    }
    world.shift_clock(2_000.0);
    assert_eq!(token_of(&second).as_deref(), Some("third"));
    let changes = world.changes();
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.starts_with("renewed")),
        "{changes:?}"
    );
}

/// A button's refused request says nothing about the token that another request has brought meanwhile.
#[test]
fn a_late_refusal_does_not_deny_the_next_token() {
    let (world, client) = signed_in();
    world.server(|server| server.revoke_all());
    world.next_response(Answer::After(400.0, Ok((200, json!({ "errno": 501 })))));
    world.next_response(http(200, json!({ "errno": 501 })));
    let bound = client.clone().bind_phone(Some("code".to_owned()));
    let request = request(&client, "goods");
    let (bound, request) = world.run(async { futures::join!(bound, request) });
    assert_eq!((code(bound), code(request)), ("ok", "ok"));
    assert_eq!(refreshed_with(&world).len(), 1);
    assert!(checks(&world, &client));
}

fn bind(client: &Client) -> impl Future<Output = weapp_login::Result<Json>> + use<> {
    client.clone().bind_phone(Some("phone-code".to_owned()))
}

/// The server has looked at nothing but the token: the phone's code is still good.
#[test]
fn a_phone_is_bound_with_a_refreshed_token() {
    for (world, client) in [signed_in(), with_account()] {
        world.server(|server| server.revoke_all());
        let answer = world.run(bind(&client)).unwrap();
        assert_eq!(answer.0["data"]["phone"], "13800000000");
        let bind = "auth/bind_phone";
        assert_eq!(world.paths(), [bind, "auth/info", "auth/refresh", bind]);
        assert_eq!(world.sent()[0].data, world.sent()[3].data);
        assert_eq!(world.sent()[3].token.as_deref(), Some("token-2"));
        assert_eq!(logins(&world), 0);
        let session = client.session().unwrap();
        assert_eq!(session.user_info.0["phone"], "13800000000");
    }
}

/// A new code of `wx.login` would end the key that the phone's code belongs to.
#[test]
fn binding_a_phone_never_signs_in_after_a_refused_refresh() {
    for (world, client) in [signed_in(), with_account()] {
        world.server(|server| {
            server.revoke_all();
            server.refresh_tokens.clear();
        });
        assert_eq!(code(world.run(bind(&client))), "signed_out");
        assert_eq!(
            world.paths(),
            ["auth/bind_phone", "auth/info", "auth/refresh"]
        );
        assert_eq!(logins(&world), 0);
    }
}

/// What else needs a new token meanwhile may have it by a login.
#[test]
fn a_request_beside_a_phone_that_cannot_be_bound_signs_in() {
    let (world, client) = signed_in();
    world.server(|server| {
        server.revoke_all();
        server.refresh_tokens.clear();
    });
    let later = later(&world, 150.0, &client, |client| request(&client, "goods"));
    let bound = bind(&client);
    let (bound, request) = world.run(async { futures::join!(bound, later) });
    assert_eq!((code(bound), code(request)), ("signed_out", "ok"));
    assert_eq!(refreshed_with(&world), ["refresh-1"]);
}

#[test]
fn a_phone_whose_refresh_has_no_answer_is_not_sent_again() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    for _ in 0..2 {
        world.next_response(http(200, json!({ "errno": 501 }))); // bind_phone, and `check`
    }
    world.next_response(fails("request:fail", None));
    assert_eq!(code(world.run(bind(&client))), "network");
    assert_eq!(
        world.paths(),
        ["auth/bind_phone", "auth/info", "auth/refresh"]
    );
    world.shift_clock(600_000.0);
    assert_eq!(code(world.run(bind(&client))), "ok");
}

/// More than one renewal would not help.
#[test]
fn a_phone_is_sent_at_most_twice() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    world.server(|server| server.issues_dead_tokens = true);
    assert_eq!(code(world.run(bind(&client))), "rejected");
    assert_eq!(refreshed_with(&world).len(), 1);
    assert!(client.session().is_some());
}

/// Java servers, and the reference backend, answer with a code between 500 and 599 that the refresh token is no longer known: what
/// means "signed out" is final, whatever its number.
#[test]
fn a_refresh_that_is_answered_with_signed_out_is_final() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    for _ in 0..3 {
        world.next_response(http(200, json!({ "errno": 501 }))); // the request, `check` and the refresh
    }
    assert_eq!(code(get(&world, &client)), "signed_out");
    assert!(client.session().is_none());
}

/// Any answer may bring the next token, a refusal of the business too. (behaviour 57)
#[test]
fn a_refusal_may_bring_the_next_token() {
    for (status, body) in [
        (
            422,
            json!({ "errno": 9, "errmsg": "名字太长", "next": "second" }),
        ),
        (
            200,
            json!({ "errno": 9, "errmsg": "名字太长", "next": "second" }),
        ),
    ] {
        let (world, client) = rolling();
        world.next_response(http(status, body));
        let _ = get(&world, &client);
        assert_eq!(token_of(&client).as_deref(), Some("second"));
    }
    let (world, client) = rolling();
    world.next_response(http(200, json!({ "errno": 501, "next": "second" })));
    let _ = get(&world, &client);
    assert_ne!(token_of(&client).as_deref(), Some("second"));
}

/// It says nothing about whoever asks, so nothing is dropped; the backoff keeps it from being asked for again and again.
#[test]
fn a_success_without_a_token_is_a_bad_response_and_backs_off() {
    for (world, client) in [signed_in(), with_account()] {
        world.server(|server| server.revoke_all());
        world.shift_clock(7_200_000.0);
        let mut answers = 0;
        for _ in 0..360 {
            if refreshed_with(&world).len() == answers {
                world.next_response(http(200, success(json!({ "token": 7 }))));
                answers += 1;
            }
            assert_eq!(code(silent(&world, &client)), "bad_response");
            world.shift_clock(10_000.0);
        }
        let asked = refreshed_with(&world);
        assert!((2..30).contains(&asked.len()), "{} in an hour", asked.len());
        assert!(asked.iter().all(|token| token == "refresh-1"));
        world.shift_clock(600_000.0);
        world.forget_responses();
        assert_eq!(code(silent(&world, &client)), "ok");
        assert_eq!(logins(&world), 0);
    }
}

/// A gateway's page is nobody's word about the refresh token.
#[test]
fn a_page_in_place_of_the_refresh_drops_nothing() {
    for status in [403, 404, 502] {
        let (world, client) = with_account();
        world.server(|server| server.revoke_all());
        world.next_response(http(200, json!({ "errno": 501 })));
        world.next_response(http(200, json!({ "errno": 501 }))); // `check`
        world.next_response(http(status, json!("<html>")));
        assert_ne!(code(get(&world, &client)), "signed_out");
        world.shift_clock(600_000.0);
        assert_eq!(code(get(&world, &client)), "ok");
    }
}

/// The tokens before may be spent: they are not kept for a user that cannot be read.
#[test]
fn a_refresh_whose_user_cannot_be_read_brings_its_tokens() {
    let (world, client) = with_account();
    world.shift_clock(7_200_000.0);
    let data = json!({ "token": "next", "refresh": "refresh-9", "expiresIn": 7200, "userInfo": 7 });
    world.next_response(http(200, success(data)));
    assert_eq!(code(silent(&world, &client)), "ok");
    let record = world.record().unwrap();
    assert_eq!(
        (&record["token"], &record["refresh"]),
        (&json!("next"), &json!("refresh-9"))
    );
    assert_eq!(record["userInfo"]["nickName"], "tea");
}
