use futures::future::{LocalBoxFuture, join, join_all};
use serde_json::{Value, json};
use weapp_login::{LoginError, Via};

use crate::common::{account, account_of, code, dialect, request};
use crate::json::Json;
use crate::world::{Answer, World, fails, http};

#[test]
fn an_account_signs_in_without_wx_login() {
    let world = World::new();
    let client = world.client();
    let envelope = world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    assert_eq!(envelope.0["data"]["token"], "token-1");
    assert_eq!(client.session().unwrap().via, Via::Account);
    assert_eq!(world.sent()[0].data, account().0);
    assert_eq!(
        (world.paths(), world.count("login")),
        (vec!["auth/login".to_owned()], 0)
    );
    assert_eq!(world.client().session().unwrap().via, Via::Account);
}

#[test]
fn registering_signs_in() {
    let world = World::new();
    let client = world.client();
    let account = Json(json!({ "username": "tea", "password": "oolong", "mobile": "13800000000" }));
    world.run(client.clone().register(account.clone())).unwrap();
    assert_eq!(
        (world.sent()[0].path.as_str(), &world.sent()[0].data),
        ("auth/register", &account.0)
    );
    assert!(client.session().is_some());
}

#[test]
fn binding_sends_code_and_account_together() {
    let world = World::new();
    let client = world.client();
    world.run(client.clone().bind_account(account())).unwrap();
    let body = &world.sent()[0].data;
    assert_eq!(
        body,
        &json!({ "code": "code-1", "userInfo": {}, "account": account().0 })
    );
    assert_eq!(client.session().unwrap().via, Via::Weixin);
}

#[test]
fn refusals_have_their_own_codes() {
    for (errno, code) in [
        (700, "wrong_password"),
        (704, "name_taken"),
        (707, "bad_mobile"),
        (708, "weixin_bound_elsewhere"),
        (709, "account_bound_elsewhere"),
    ] {
        let world = World::new();
        world.next_response(http(200, json!({ "errno": errno, "errmsg": "原因" })));
        let error = world
            .run(world.client().login_by_account(account()))
            .unwrap_err();
        assert_eq!(error.code(), code);
    }
}

#[test]
fn a_wrong_password_keeps_the_session_that_was_there() {
    let world = World::new();
    let client = world.signed_in_client();
    assert_eq!(
        world
            .run(client.clone().login_by_account(account_of("x")))
            .unwrap_err()
            .code(),
        "wrong_password"
    );
    assert_eq!(
        world
            .run(client.clone().bind_account(account_of("x")))
            .unwrap_err()
            .code(),
        "wrong_password"
    );
    assert_eq!(world.record().unwrap()["token"], "token-1");
}

#[test]
fn accounts_are_checked_before_anything_is_sent() {
    let world = World::new();
    let client = world.client();
    for (account, name) in [
        (json!(null), "username"),
        (json!({}), "username"),
        (json!({ "username": "", "password": "x" }), "username"),
        (json!({ "username": 7, "password": "x" }), "username"),
        (json!({ "username": "tea" }), "password"),
        (json!({ "username": "tea", "password": ["x"] }), "password"),
    ] {
        let errors = [
            world
                .run(client.clone().login_by_account(Json(account.clone())))
                .unwrap_err(),
            world
                .run(client.clone().register(Json(account.clone())))
                .unwrap_err(),
            world
                .run(client.clone().bind_account(Json(account.clone())))
                .unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(*error, LoginError::InvalidArgument { name: found, .. } if found == name),
                "{account}"
            );
        }
    }
    assert_eq!(world.count("request"), 0);
}

/// A double tap is one login; another account's login, or WeChat's, waits for its turn. (behaviour 7; B5)
#[test]
fn only_the_same_login_is_shared() {
    let world = World::new();
    let client = world.client();
    let same = join_all((0..3).map(|_| client.clone().login_by_account(account())));
    let other = client.clone().login_by_account(account_of("wrong"));
    let weixin = client.clone().login_by_weixin(None);
    let (same, other, weixin) = world.run(async { futures::join!(same, other, weixin) });
    assert!(same.iter().all(Result::is_ok));
    assert_eq!(other.unwrap_err().code(), "wrong_password");
    assert!(weixin.is_ok());
    assert_eq!(
        world.paths(),
        ["auth/login", "auth/login", "auth/login_by_weixin"]
    );
}

#[test]
fn a_phone_is_bound_and_kept() {
    let world = World::new();
    let client = world.signed_in_client();
    let answer = world
        .run(client.clone().bind_phone(Some("phone-code".into())))
        .unwrap();
    assert_eq!(answer.0["data"]["phone"], "13800000000");
    assert_eq!(world.sent()[0].data, json!({ "code": "phone-code" }));
    let user = client.session().unwrap().user_info.0.clone();
    assert_eq!(
        (&user["phone"], &user["userId"]),
        (&json!("13800000000"), &json!(7))
    );
}

/// A silent login in between would change the key that the phone's code belongs to. (behaviour 15)
#[test]
fn binding_a_phone_never_signs_in() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    let error = world
        .run(client.clone().bind_phone(Some("phone-code".into())))
        .unwrap_err();
    assert_eq!(*error, LoginError::SignedOut);
    assert_eq!(world.count("login"), 0);
    assert_eq!(world.paths(), ["auth/bind_phone", "auth/info"]);
    assert_eq!(
        world
            .run(client.clone().bind_phone(None))
            .unwrap_err()
            .code(),
        "invalid_argument"
    );
    assert_eq!(
        world.run(client.bind_phone(Some("c".into()))).unwrap_err(),
        LoginError::SignedOut.into()
    );
}

/// What another request has brought meanwhile is as good as what a refresh would bring.
#[test]
fn a_phone_is_bound_with_the_newer_token_of_the_same_user() {
    let world = World::new();
    let client = world.client_with(dialect(json!({ "renewed": { "at": "next" } })));
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    world.server(|server| server.rolls = true);
    world.age();
    world.forget_calls();
    let rolling = request(&client, "goods");
    let bind = client.clone().bind_phone(Some("phone-code".into()));
    let (rolling, bound) = world.run(join(rolling, bind));
    assert_eq!((code(rolling), code(bound)), ("ok", "ok"));
    assert_eq!(
        world.paths(),
        ["goods", "auth/bind_phone", "auth/bind_phone"]
    );
    assert!(client.session().is_some());
}

/// Its code of `wx.login` is taken already, or even used.
#[test]
fn a_phone_is_bound_with_the_token_of_a_login_that_began_before_its_refusal() {
    for refused_after in [50.0, 3_000.0] {
        let world = World::new();
        let client = world.signed_in_client();
        world.server(|server| server.revoke_all());
        world.age();
        let refused = |ms| Answer::After(ms, Ok((200, json!({ "errno": 501 }))));
        world.next_response(refused(10.0));
        world.next_response(refused(refused_after));
        let code_of_login = world.server(|server| server.issue_code());
        world.next_login(Answer::After(1_000.0, Ok(json!({ "code": code_of_login }))));
        let other = request(&client, "goods");
        let bind = client.clone().bind_phone(Some("phone-code".into()));
        let (other, bound) = world.run(join(other, bind));
        assert_eq!((code(other), code(bound)), ("ok", "ok"), "{refused_after}");
        assert_eq!(world.count("login"), 1);
    }
}

#[test]
fn a_phone_that_cannot_be_bound_keeps_the_session() {
    let world = World::new();
    let client = world.signed_in_client();
    for answer in [
        fails("request:fail", None),
        http(500, Value::Null),
        http(200, json!({ "errno": 712 })),
    ] {
        world.next_response(answer);
        assert!(
            world
                .run(client.clone().bind_phone(Some("c".into())))
                .is_err()
        );
    }
    assert!(client.session().is_some());
}

/// A wrong password, typed while a request waits for a new token, is no reason to sign the WeChat user out.
#[test]
fn a_refused_account_does_not_sign_the_weixin_user_out() {
    for wrong_login in [false, true] {
        let world = World::new();
        let client = world.signed_in_client();
        world.server(|server| server.revoke_all());
        let refused: LocalBoxFuture<_> = if wrong_login {
            Box::pin(client.clone().login_by_account(account_of("green")))
        } else {
            Box::pin(client.clone().bind_account(account_of("green")))
        };
        let request = request(&client, "cart");
        let (refused, answer) = world.run(join(refused, request));
        assert_eq!(refused.unwrap_err().code(), "wrong_password");
        assert_eq!(answer.unwrap().0["errno"], 0);
    }
}
