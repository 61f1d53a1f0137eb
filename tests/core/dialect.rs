//! What a dialect must not make possible: other people's data, lost data, secrets that show.

use serde_json::{Value, json};
use weapp_login::{Api, Config, LoginClient, LoginMode, Via};

use crate::common::{
    account, account_with, checks, code, dialect, get, later, refreshing, request, silent, user,
    weixin_with,
};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{BASE, Client, World, fails, http};

const MARGIN: f64 = 7_200_000.0 - 90_000.0;

fn config_field(slots: Value) -> String {
    let mut options = dialect(slots);
    options["baseUrl"] = BASE.into();
    match Config::new(&Json(options)) {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_refused_refresh_by_token_signs_in_nobody_else() {
    let (world, client) = account_with(dialect(json!({ "refresh": { "url": "auth/renew" } })));
    world.shift_clock(MARGIN);
    for _ in 0..3 {
        world.next_response(http(401, json!({ "errno": 1401 })));
        assert_eq!(code(silent(&world, &client)), "ok");
        world.settle();
    }
    assert_eq!(world.count("login"), 0);
    assert_eq!(user(&client), Some(ACCOUNT_USER.into()));
    assert_eq!(world.paths(), ["auth/renew"]); // and once for a while
}

#[test]
fn a_refresh_that_another_client_was_faster_with_signs_in_nobody_else() {
    let (world, client) = account_with(refreshing(json!({})));
    let other = world.client_with(refreshing(json!({})));
    world.shift_clock(MARGIN);
    let first = client.clone().ensure_login(LoginMode::Silent);
    let second = later(&world, 0.0, &other, |other| {
        other.ensure_login(LoginMode::Silent)
    });
    world
        .run(async { futures::join!(first, second) })
        .0
        .unwrap();
    world.settle();
    assert_eq!(world.count("login"), 0);
    for client in [&client, &other] {
        let session = client.session().unwrap();
        assert_eq!(
            (session.via, session.token.secret()),
            (Via::Account, "token-2")
        );
    }
    assert_eq!(world.record().unwrap()["refresh"], "refresh-2");
}

#[test]
fn a_token_for_refreshing_without_a_call_for_it_signs_in_nobody_else() {
    let options = refreshing(json!({ "refresh": null }));
    let (world, client) = account_with(options);
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "signed_out");
    assert_eq!(world.count("login"), 0);
    assert!(client.session().is_none());
}

#[test]
fn a_refresh_that_names_another_user_is_not_kept() {
    let answer =
        success(json!({ "token": "theirs", "refresh": "r", "userInfo": { "userId": 99 } }));
    let (world, client) = account_with(refreshing(json!({})));
    world.server(|server| server.revoke_all());
    world.next_response(http(200, json!({ "errno": 501 })));
    world.next_response(http(200, json!({ "errno": 501 }))); // `check`
    world.next_response(http(200, answer.clone()));
    assert_eq!(code(get(&world, &client)), "signed_out");
    assert!(
        world
            .sent()
            .iter()
            .all(|sent| sent.token.as_deref() != Some("theirs"))
    );
    let (world, client) = weixin_with(refreshing(json!({})));
    world.server(|server| server.revoke_all());
    world.next_response(http(200, json!({ "errno": 501 })));
    world.next_response(http(200, answer));
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(user(&client), Some(WEIXIN_USER.into()));
    assert!(
        world
            .sent()
            .iter()
            .all(|sent| sent.token.as_deref() != Some("theirs"))
    );
}

#[test]
fn a_token_beside_the_users_fields_is_none_of_them() {
    let (world, client) = weixin_with(refreshing(json!({
        "user": { "at": "data", "id": "userInfo.userId" },
        "renewed": { "at": "data.next" },
        "profile": { "url": "auth/profile", "send": "$profile" },
    })));
    let session = client.session().unwrap();
    assert_eq!(session.user_info.0["refresh"], Value::Null);
    world.next_response(http(
        200,
        success(json!({ "next": "rolled", "nickName": "x" })),
    ));
    let changed = world.run(
        client
            .clone()
            .update_profile(Json(json!({ "nickName": "x" }))),
    );
    assert_eq!(changed.unwrap().0["next"], Value::Null);
    assert_eq!(client.session().unwrap().token.secret(), "rolled");
    world.run(client.clone().logout()).unwrap();
    world.next_response(http(
        409,
        json!({ "errno": 9, "data": { "next": "secret" } }),
    ));
    let error = get(&world, &client).unwrap_err();
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[test]
fn a_check_does_not_end_what_can_be_refreshed() {
    let (world, client) = account_with(refreshing(json!({ "expires": { "at": "nowhere" } })));
    client.foreground();
    world.server(|server| server.revoke_all());
    assert!(!checks(&world, &client));
    assert_eq!(code(silent(&world, &client)), "ok");
    assert_eq!(client.session().unwrap().token.secret(), "token-2");
    assert_eq!(user(&client), Some(ACCOUNT_USER.into()));
}

/// What WeChat says of its own user does not keep an account from being refreshed, and does not end it.
#[test]
fn a_blocked_weixin_user_is_no_affair_of_an_account() {
    let (world, client) = account_with(refreshing(json!({})));
    world.next_response(http(200, json!({ "errno": 714 })));
    assert_eq!(
        code(world.run(client.clone().ensure_login(LoginMode::Force))),
        "login_blocked"
    );
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(user(&client), Some(ACCOUNT_USER.into()));

    let world = World::new();
    world.server(|server| server.refreshes = true);
    let client = world.client_with(refreshing(json!({})));
    world.next_response(http(200, json!({ "errno": 714 })));
    assert_eq!(code(silent(&world, &client)), "login_blocked");
    let other = world.client_with(refreshing(json!({})));
    world
        .run(other.clone().login_by_account(account()))
        .unwrap();
    world.age();
    world.server(|server| server.revoke_all());
    assert_eq!(code(get(&world, &client)), "ok");
    assert_eq!(user(&client), Some(ACCOUNT_USER.into()));
}

#[test]
fn an_address_with_a_secret_shows_in_no_error() {
    let repeating = |url: &str| {
        fails(
            &format!("request:fail url not in domain list:{BASE}{url}"),
            None,
        )
    };
    let refresh = json!({ "url": "auth/refresh?by=$refresh" });
    let (world, client) = account_with(refreshing(json!({ "refresh": refresh })));
    world.shift_clock(7_200_000.0);
    world.next_response(repeating("auth/refresh?by=refresh%2D1"));
    let error = silent(&world, &client).unwrap_err();
    assert_eq!(error.code(), "network");
    let text = format!("{error:?}");
    assert!(
        text.contains("not in domain list") && !text.contains("%2D1"),
        "{text}"
    );

    let world = World::new();
    let client = world.client_with(dialect(json!({
        "token": { "at": "data.token", "query": "token" },
        "user": { "url": "me", "at": "data", "id": "userId" },
    })));
    for _ in 0..2 {
        world.next_response(http(200, success(json!({ "token": "a+b=" }))));
        world.next_response(repeating("me?token=a%2Bb%3D"));
    }
    let error = world.run(client.clone().login_by_weixin(None)).unwrap_err();
    assert!(!format!("{error:?}").contains("a%2Bb"), "{error:?}");
    world.next_response(http(200, success(json!({ "token": "a+b=" }))));
    world.next_response(http(200, success(json!({ "userId": 7 }))));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.next_response(repeating("goods?token=a%2Bb%3D"));
    let error = get(&world, &client).unwrap_err();
    assert!(!format!("{error:?}").contains("a%2Bb"), "{error:?}");

    // `wx` makes an address of the data of a GET, and a page may write a code into one.
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(repeating("goods?code=a%2Bb"));
    let error = get(&world, &client).unwrap_err();
    assert!(!format!("{error:?}").contains("a%2Bb"), "{error:?}");
}

/// A link that the server has given may have an older token in it: which one counts would be the server's choice.
#[test]
fn no_second_token_goes_along_in_the_query() {
    let (world, client) = weixin_with(dialect(
        json!({ "token": { "at": "data.token", "query": "token" } }),
    ));
    for (url, sent) in [
        ("goods?page=2&token=other", "goods?page=2&token=token%2D1"),
        ("goods?token=other", "goods?token=token%2D1"),
        ("goods?token&x=token", "goods?x=token&token=token%2D1"),
        ("goods?mytoken=1", "goods?mytoken=1&token=token%2D1"),
        ("goods?a=b?c", "goods?a=b?c&token=token%2D1"),
    ] {
        world.next_response(http(200, success(json!({}))));
        world.run(request(&client, url)).unwrap();
        assert_eq!(world.paths().pop().unwrap(), sent);
    }
}

#[test]
fn a_token_in_the_body_loses_no_body() {
    let (world, client) = weixin_with(dialect(
        json!({ "token": { "at": "data.token", "body": "token" } }),
    ));
    for data in [json!([1, 2]), json!("a text")] {
        let options = Json(json!({ "url": "goods", "method": "POST", "data": data }));
        let result = world.run(client.clone().request(Api::Request, options));
        assert_eq!(code(result), "invalid_argument");
    }
    assert!(world.sent().is_empty());
    world.next_response(http(200, success(json!({}))));
    let file = json!({ "url": "file", "filePath": "f", "name": "n", "formData": { "a": 1 } });
    world
        .run(client.clone().request(Api::UploadFile, Json(file)))
        .unwrap();
    assert_eq!(
        world.sent().pop().unwrap().data["form"],
        json!({ "a": 1, "token": "token-1" })
    );
}

/// Only what fits the whole address is a login; and a login by POST is no affair of a GET.
#[test]
fn a_request_is_not_taken_for_a_login() {
    let slots = json!({
        "login": { "url": "users/$code/session" },
        "bindPhone": { "url": "me", "method": "PUT", "send": "$phoneCode" },
        "logout": { "url": "bye/$refresh" },
    });
    for (url, method, leads_to_a_login) in [
        ("users/7/orders", "GET", true),
        ("users/7/session/8", "POST", true),
        ("me", "GET", true),
        ("users/abc/session", "POST", false),
        ("users/abc/session?x=1", "POST", false),
        ("bye/abc", "POST", false),
        ("me", "PUT", false),
    ] {
        let (world, client) = account_with(refreshing(slots.clone()));
        world.server(|server| server.revoke_all());
        let options = Json(json!({ "url": url, "method": method }));
        let result = world.run(client.clone().request(Api::Request, options));
        let found = if leads_to_a_login { "ok" } else { "rejected" };
        assert_eq!(code(result), found, "{method} {url}");
    }
}

/// Templates are not filled in lists: what would be sent as it stands is refused.
#[test]
fn a_hole_in_a_list_is_refused() {
    for send in [
        json!({ "a": ["$code"] }),
        json!([{ "code": "$code" }]),
        json!({ "a": [{ "b": ["x$code"] }] }),
    ] {
        let found = config_field(json!({ "login": { "url": "login", "send": send } }));
        assert!(found.contains("dialect.login.send"), "{found}");
    }
    assert_eq!(
        config_field(json!({ "login": { "url": "login", "send": { "code": "$code", "a": [1] } } })),
        "fine"
    );
}

/// Where the user would be at the answer's root, the envelope is no user.
#[test]
fn an_envelope_is_no_user() {
    let (world, client) = weixin_with(dialect(
        json!({ "user": { "at": "data", "id": "userInfo.userId" } }),
    ));
    world.next_response(http(200, json!({ "errno": 0, "errmsg": "成功" })));
    let changed = world.run(
        client
            .clone()
            .update_profile(Json(json!({ "nickName": "x" }))),
    );
    assert_eq!(changed.unwrap().0["errmsg"], Value::Null);
    assert_eq!(client.session().unwrap().user_info.0["errmsg"], Value::Null);
}

fn unfinished() -> Value {
    dialect(json!({
        "unfinished": { "errno": 10000 },
        "phoneLogin": { "url": "auth/phone", "send": { "openid": "$unfinished.data.openid", "phone": "$phoneCode" } },
    }))
}

fn answers_unfinished(world: &World, openid: &str) {
    let answer = json!({ "errno": 10000, "data": { "openid": openid } });
    world.next_response(http(200, answer));
}

fn phone() -> Json {
    Json(json!({ "phoneCode": "p" }))
}

#[test]
fn an_unfinished_login_makes_no_pause() {
    let world = World::new();
    let client = world.client_with(unfinished());
    answers_unfinished(&world, "o");
    assert_eq!(code(silent(&world, &client)), "unfinished");
    assert_eq!(code(silent(&world, &client)), "ok"); // finished elsewhere, such as on a web page
}

#[test]
fn an_unfinished_login_is_forgotten_by_whoever_signs_in_or_out_elsewhere() {
    for out in [false, true] {
        let world = World::new();
        let client = world.client_with(unfinished());
        let other = world.client_with(unfinished());
        answers_unfinished(&world, "o");
        assert_eq!(
            code(world.run(client.clone().login_by_weixin(None))),
            "unfinished"
        );
        world
            .run(other.clone().login_by_account(account()))
            .unwrap();
        if out {
            world.run(other.clone().logout()).unwrap();
        }
        world.age();
        world.forget_calls();
        world.next_response(http(
            200,
            success(json!({ "token": "t", "userInfo": { "userId": 9 } })),
        ));
        world.run(client.clone().login_by_phone(phone())).unwrap();
        assert_eq!(world.sent()[0].data, json!({ "phone": "p" }));
    }
}

/// A login by phone that waits for its turn goes on from what is unfinished then.
#[test]
fn a_login_by_phone_takes_what_is_unfinished_at_its_turn() {
    let world = World::new();
    let client = world.client_with(unfinished());
    answers_unfinished(&world, "o");
    world.next_response(http(
        200,
        success(json!({ "token": "t", "userInfo": { "userId": 9 } })),
    ));
    let first = client.clone().login_by_weixin(None);
    let then = later(&world, 5.0, &client, |client| {
        client.login_by_phone(phone())
    });
    let (first, then) = world.run(async { futures::join!(first, then) });
    assert_eq!((code(first), code(then)), ("unfinished", "ok"));
    assert_eq!(
        world.sent().pop().unwrap().data,
        json!({ "openid": "o", "phone": "p" })
    );
}

/// Two taps are one login.
#[test]
fn a_login_by_phone_is_shared() {
    let world = World::new();
    let client = world.client_with(unfinished());
    world.next_response(http(
        200,
        success(json!({ "token": "t", "userInfo": { "userId": 9 } })),
    ));
    let both = [
        client.clone().login_by_phone(phone()),
        client.clone().login_by_phone(phone()),
    ];
    let both = world.run(futures::future::join_all(both));
    assert!(both.iter().all(Result::is_ok));
    assert_eq!(world.sent().len(), 1);
}

/// The answer to the next check brings another token.
fn about_to_be_checked() -> (World, Client) {
    let (world, client) = account_with(dialect(
        json!({ "renewed": { "at": "next" }, "expires": { "at": "nowhere" } }),
    ));
    client.foreground();
    world.next_response(http(
        200,
        json!({ "errno": 0, "data": {}, "next": "second" }),
    ));
    (world, client)
}

/// A server that rolls its tokens may no longer know the one that was asked about.
#[test]
fn a_token_that_a_check_brings_is_taken() {
    let (world, client) = about_to_be_checked();
    assert!(checks(&world, &client));
    assert_eq!(client.session().unwrap().token.secret(), "second");
    assert_eq!(world.record().unwrap()["token"], "second");
}

#[test]
fn a_logout_wins_over_a_token_that_a_check_brings() {
    let (world, client) = about_to_be_checked();
    let check = client.clone().check_login();
    let logout = later(&world, 50.0, &client, LoginClient::logout);
    let _ = world.run(async { futures::join!(check, logout) });
    world.settle();
    assert!(client.session().is_none() && world.stored_session().is_none());
}

/// What an answer says beside the token is about something else.
#[test]
fn a_rolled_token_has_no_end_but_its_own() {
    let world = World::new();
    let client = world.client_with(dialect(json!({ "renewed": { "at": "next" } })));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    let voucher = json!({ "errno": 0, "data": { "expiresIn": 1 }, "next": "second" });
    world.next_response(http(200, voucher));
    assert_eq!(code(get(&world, &client)), "ok");
    let session = client.session().unwrap();
    assert_eq!(
        (session.token.secret(), session.expires_at),
        ("second", None)
    );
}

/// The page of a hotel's network is no login that only a phone number is missing for.
#[test]
fn a_page_is_no_unfinished_login() {
    let world = World::new();
    let slots = json!({ "success": "status", "unfinished": "no-token" });
    let client = world.client_with(dialect(slots));
    world.next_response(http(200, json!("<html>")));
    assert_eq!(
        code(world.run(client.login_by_weixin(None))),
        "bad_response"
    );
}
