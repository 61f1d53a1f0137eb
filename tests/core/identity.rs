//! Who the user is, and what is known of them.

use serde_json::{Value, json};

use crate::common::{code, get};
use crate::json::Json;
use crate::server::success;
use crate::world::{Client, World, http};

fn login_answer(token: &str, user: Value) -> crate::world::Answer<(u16, Value)> {
    http(200, success(json!({ "token": token, "userInfo": user })))
}

/// A client that was signed in with `user`, and whose token the server does not know.
fn signed_in_as(user: Value) -> (World, Client) {
    let world = World::new();
    let client = world.client();
    world.next_response(login_answer("token-x", user));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    (world, client)
}

/// The next request renews the session, with `user` in the answer.
fn renew(world: &World, client: &Client, user: Value) -> weapp_login::Result<Json> {
    world.shift_clock(600_000.0);
    world.next_response(http(200, json!({ "errno": 501 })));
    let token = format!("token-{}", world.clock());
    world.next_response(login_answer(&token, user));
    world.server(|server| server.live_tokens.insert(token, 12));
    get(world, client)
}

/// (behaviour 48)
#[test]
fn a_number_and_its_text_are_one_user() {
    let (world, client) = signed_in_as(json!({ "userId": 12 }));
    assert!(renew(&world, &client, json!({ "userId": "12" })).is_ok());
    let (world, client) = signed_in_as(json!({ "id": "12" }));
    assert!(renew(&world, &client, json!({ "userId": 12 })).is_ok());
    let (world, client) = signed_in_as(json!({ "userId": 12 }));
    let error = renew(&world, &client, json!({ "userId": 120 })).unwrap_err();
    assert_eq!(error.code(), "user_changed");
}

/// (behaviour 48)
#[test]
fn no_later_answer_changes_the_identity() {
    let (world, client) = signed_in_as(json!({ "userId": 12, "nickName": "张三" }));
    world.next_response(http(
        200,
        success(json!({ "userId": "999", "nickName": "李四" })),
    ));
    let fields = Json(json!({ "nickName": "李四" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    world.next_response(http(
        200,
        success(json!({ "id": 777, "phone": "13800000000" })),
    ));
    world
        .run(client.clone().bind_phone(Some("code".into())))
        .unwrap();
    assert!(renew(&world, &client, json!({ "userId": 12 })).is_ok());
    let client = world.client(); // it is stored
    let error = renew(&world, &client, json!({ "userId": 777 })).unwrap_err();
    assert_eq!(error.code(), "user_changed");
}

/// Servers that echo the profile of the request know nobody's name at a silent login. (behaviour 49)
#[test]
fn a_silent_renewal_loses_nothing_of_the_same_user() {
    let user = json!({ "userId": 12, "nickName": "张三", "avatarUrl": "https://img.example/1" });
    for echoed in [
        json!({}),
        json!({ "nickName": null, "avatarUrl": null }),
        json!({ "userId": 12, "nickName": null }),
    ] {
        let (world, client) = signed_in_as(user.clone());
        renew(&world, &client, echoed).unwrap();
        assert_eq!(client.session().unwrap().user_info.0, user);
        assert_eq!(world.client().session().unwrap().user_info.0, user);
        assert!(renew(&world, &client, json!({ "userId": 12, "nickName": "小张" })).is_ok());
        assert_eq!(client.session().unwrap().user_info.0["nickName"], "小张");
        let error = renew(&world, &client, json!({ "userId": 13 })).unwrap_err();
        assert_eq!(error.code(), "user_changed");
        // Another user gets nothing of it.
        assert_eq!(
            client.session().unwrap().user_info.0,
            json!({ "userId": 13 })
        );
    }
}

/// (behaviour 49)
#[test]
fn a_profile_may_clear_a_field() {
    let user = json!({ "userId": 12, "nickName": "张三", "phone": "13800000000" });
    let (world, client) = signed_in_as(user.clone());
    world.next_response(login_answer(
        "token-z",
        json!({ "userId": 12, "nickName": null }),
    ));
    let profile = Some(Json(json!({ "nickName": "" })));
    world.run(client.clone().login_by_weixin(profile)).unwrap();
    assert_eq!(
        client.session().unwrap().user_info.0["nickName"],
        Value::Null
    );

    let (world, client) = signed_in_as(user);
    world.next_response(http(200, success(json!({ "phone": null }))));
    world
        .run(client.clone().bind_phone(Some("code".into())))
        .unwrap();
    let user_info = client.session().unwrap().user_info.0.clone();
    assert_eq!(
        (&user_info["phone"], &user_info["nickName"]),
        (&Value::Null, &json!("张三"))
    );
    world.next_response(http(200, success(json!({ "nickName": null }))));
    world
        .run(client.clone().update_profile(Json(json!({}))))
        .unwrap();
    assert_eq!(
        client.session().unwrap().user_info.0["nickName"],
        Value::Null
    );
}

/// (behaviour 48)
#[test]
fn a_login_with_a_profile_that_is_answered_without_an_id_keeps_the_identity() {
    for (next, told) in [(json!("12"), "ok"), (json!(13), "user_changed")] {
        for restart in [false, true] {
            let user = json!({ "userId": 12, "nickName": "张三", "phone": "13800000000" });
            let (world, mut client) = signed_in_as(user);
            world.next_response(login_answer("token-y", json!({ "nickName": "李四" })));
            let profile = Some(Json(json!({ "nickName": "李四" })));
            world.run(client.clone().login_by_weixin(profile)).unwrap();
            let user_info = client.session().unwrap().user_info.0.clone();
            assert_eq!(user_info, json!({ "nickName": "李四" })); // a profile may clear fields
            if restart {
                client = world.client();
            }
            let renewed = renew(&world, &client, json!({ "userId": next }));
            assert_eq!(code(renewed), told, "{restart}");
        }
    }
}
