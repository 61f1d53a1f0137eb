use serde_json::json;
use weapp_login::{Api, LoginMode};

use crate::common::request;
use crate::json::Json;
use crate::world::{World, http};

#[test]
fn a_login_a_renewal_and_a_logout_are_told() {
    let world = World::new();
    let client = world.client();
    let profile = Json(json!({ "nickName": "小明" }));
    world
        .run(client.clone().login_by_weixin(Some(profile)))
        .unwrap();
    world
        .run(client.clone().ensure_login(LoginMode::Force))
        .unwrap();
    world.run(client.clone().logout()).unwrap();
    world.run(client.logout()).unwrap(); // nobody left: nothing to tell
    assert_eq!(
        world.changes(),
        [
            r#"signed in: "小明""#,
            r#"renewed: "小明""#,
            "signed out: logout"
        ]
    );
}

#[test]
fn another_user_is_a_new_sign_in() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.weixin_user = 99);
    world.run(client.login_by_weixin(None)).unwrap();
    assert_eq!(world.changes(), ["signed in: null"]);
}

#[test]
fn a_change_of_the_profile_is_told() {
    let world = World::new();
    let client = world.signed_in_client();
    world
        .run(client.update_profile(Json(json!({ "nickName": "小红" }))))
        .unwrap();
    assert_eq!(world.changes(), [r#"renewed: "小红""#]);
}

#[test]
fn a_refused_session_without_a_way_back_is_told_once() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.next_response(http(200, json!({ "errno": 501 })));
    world.next_response(http(200, json!({ "errno": 714 })));
    assert!(world.run(request(&client, "a")).is_err());
    assert!(
        world
            .run(client.request(Api::Request, Json(json!({ "url": "a" }))))
            .is_err()
    );
    assert_eq!(world.changes(), ["signed out: refused"]);
}

#[test]
fn a_failed_login_tells_nothing() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(http(500, json!(null)));
    assert!(world.run(client.login_by_weixin(None)).is_err());
    assert_eq!(world.changes(), [] as [&str; 0]);
}
