use futures::future::join;
use serde_json::json;

use crate::common::{account, code, later, two};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER};
use crate::world::{Answer, World, fails, http};

#[test]
fn keeps_the_user_as_the_server_has_it() {
    let world = World::new();
    let client = world.signed_in_client();
    let user = world
        .run(
            client
                .clone()
                .update_profile(Json(json!({ "nickName": "小红" }))),
        )
        .unwrap();
    let sent = &world.sent()[0];
    assert_eq!(
        (sent.path.as_str(), sent.token.as_deref()),
        ("auth/profile", Some("token-1"))
    );
    assert_eq!(user.0, json!({ "nickName": "小红", "userId": 7 }));
    assert_eq!(client.session().unwrap().user_info, user);
    assert_eq!(world.client().session().unwrap().user_info, user);
    assert!(world.client().session().unwrap().expires_at.is_some());
}

#[test]
fn needs_a_session() {
    let world = World::new();
    let error = world
        .run(world.client().update_profile(Json(json!({}))))
        .unwrap_err();
    assert_eq!(error.code(), "signed_out");
    assert_eq!(world.count("request"), 0);
}

#[test]
fn needs_an_object() {
    let world = World::new();
    let client = world.signed_in_client();
    let error = world
        .run(client.update_profile(Json(json!("小红"))))
        .unwrap_err();
    assert_eq!(error.code(), "invalid_argument");
}

#[test]
fn a_failure_changes_nothing() {
    let world = World::new();
    let client = world.signed_in_client();
    let before = world.record();
    for answer in [
        fails("request:fail", None),
        http(500, json!(null)),
        http(200, json!({ "data": { "nickName": "x" } })),
    ] {
        world.next_response(answer);
        assert!(
            world
                .run(client.clone().update_profile(Json(json!({}))))
                .is_err()
        );
        assert_eq!(world.record(), before);
    }
}

#[test]
fn a_refused_token_is_renewed_first() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    world
        .run(
            client
                .clone()
                .update_profile(Json(json!({ "nickName": "小红" }))),
        )
        .unwrap();
    assert_eq!(
        world.paths(),
        ["auth/profile", "auth/login_by_weixin", "auth/profile"]
    );
    assert_eq!(world.record().unwrap()["token"], "token-2");
    assert_eq!(client.session().unwrap().user_info.0["nickName"], "小红");
}

/// A late answer for a user who has signed out must not sign them in again. (behaviour 26)
#[test]
fn an_answer_after_a_logout_is_not_kept() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(Answer::After(
        500.0,
        Ok((200, json!({ "errno": 0, "data": { "nickName": "late" } }))),
    ));
    let update = client.clone().update_profile(Json(json!({})));
    let logout = {
        let client = client.clone();
        async move { client.logout().await }
    };
    let _ = world.run(async { futures::join!(update, logout) });
    assert!(client.session().is_none());
    assert_eq!(world.stored_session(), None);
}

#[test]
fn a_profile_is_not_kept_for_somebody_who_has_signed_in_meanwhile() {
    let world = World::new();
    let client = world.signed_in_client();
    let update = client
        .clone()
        .update_profile(Json(json!({ "nickName": "小红" })));
    let slow = json!({ "errno": 0, "data": { "userId": 7, "nickName": "小红" } });
    world.next_response(Answer::After(5_000.0, Ok((200, slow))));
    let other = client.clone().login_by_account(account());
    world.run(join(update, other)).0.unwrap();
    assert_eq!(client.session().unwrap().user_info.0["userId"], 8);
}

/// Some servers answer with the changed fields alone, or with nothing but success, or with a token besides.
#[test]
fn what_the_server_does_not_answer_with_stays_or_is_as_it_was_sent() {
    for answer in [
        json!({ "errno": 0 }),
        json!({ "errno": 0, "data": null }),
        json!({ "errno": 0, "data": {} }),
        json!({ "errno": 0, "data": { "nickName": "小红", "token": "secret-token" } }),
        json!({ "errno": 0, "data": { "nickName": "小红" } }),
        json!({ "errno": 0, "data": { "userInfo": { "nickName": "小红" } } }),
    ] {
        let world = World::new();
        let client = world.signed_in_client();
        world.next_response(http(200, answer));
        let fields = Json(json!({ "nickName": "小红" }));
        let user = world.run(client.clone().update_profile(fields)).unwrap();
        assert_eq!(user.0, json!({ "nickName": "小红", "userId": 7 }));
        assert_eq!(client.session().unwrap().user_info, user);
    }
}

/// Nothing says whose such a session is, but it is the one that the change was sent with.
#[test]
fn a_user_without_an_id_keeps_a_changed_profile() {
    let world = World::new();
    let client = world.client();
    let nameless = json!({ "token": "token-x", "userInfo": { "nickName": "tea" } });
    world.next_response(http(200, json!({ "errno": 0, "data": nameless })));
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    world.next_response(http(200, json!({ "errno": 0 })));
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    assert_eq!(client.session().unwrap().user_info.0["nickName"], "小红");
}

#[test]
fn waits_for_the_first_login() {
    let world = World::new();
    let client = world.client();
    let login = client.clone().login_by_weixin(None);
    let update = client.update_profile(Json(json!({ "nickName": "小红" })));
    let (login, user) = world.run(join(login, update));
    assert!(login.is_ok());
    assert_eq!(user.unwrap().0["nickName"], "小红");
}

/// Each keeps what the other has changed.
#[test]
fn a_phone_may_be_bound_meanwhile() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(Answer::After(
        500.0,
        Ok((
            200,
            json!({ "errno": 0, "data": { "phone": "13800000000" } }),
        )),
    ));
    let bind = client.clone().bind_phone(Some("phone-code".into()));
    let update = client
        .clone()
        .update_profile(Json(json!({ "nickName": "小红" })));
    let (bound, updated) = world.run(join(bind, update));
    assert!(bound.is_ok() && updated.is_ok());
    assert_eq!(
        client.session().unwrap().user_info.0,
        json!({ "nickName": "小红", "phone": "13800000000", "userId": 7 })
    );
}

/// (behaviours 25, 53)
#[test]
fn fields_of_one_user_are_not_sent_as_another() {
    let (world, first, second) = two();
    world
        .run(second.clone().login_by_account(account()))
        .unwrap();
    world.shift_clock(1_000.0);
    world.storage(|storage| storage.fail_gets = 1); // the other's login is found just before the request goes out
    let fields = Json(json!({ "nickName": "小红", "gender": 2 }));
    let result = world.run(first.clone().update_profile(fields));
    assert_eq!(code(result), "user_changed");
    assert_eq!(world.paths(), ["auth/login"]);
    let tea = json!({ "userId": ACCOUNT_USER, "nickName": "tea" });
    for client in [first, second, world.client()] {
        assert_eq!(client.session().unwrap().user_info.0, tea);
    }
}

/// The answer may come when somebody else is signed in: nothing of it is theirs. (behaviours 25, 53)
#[test]
fn fields_of_one_user_are_not_kept_beside_another() {
    let (world, first, second) = two();
    let fields = Json(json!({ "nickName": "小红", "gender": 2 }));
    let answer = json!({ "errno": 0, "data": { "phone": "13800000000" } });
    world.next_response(Answer::After(5_000.0, Ok((200, answer))));
    let update = first.clone().update_profile(fields);
    let other = later(&world, 100.0, &second, |second| {
        second.login_by_account(account())
    });
    let (updated, other) = world.run(join(update, other));
    other.unwrap();
    let changed =
        json!({ "userId": WEIXIN_USER, "nickName": "小红", "gender": 2, "phone": "13800000000" });
    assert_eq!(updated.unwrap().0, changed);
    let tea = json!({ "userId": ACCOUNT_USER, "nickName": "tea" });
    for client in [first, second, world.client()] {
        assert_eq!(client.session().unwrap().user_info.0, tea);
    }
}
