use serde_json::json;
use weapp_login::{Api, Lane};

use crate::common::checks;
use crate::json::Json;
use crate::world::World;

/// Business requests may fill all other places: a login and a logout do not wait for them.
#[test]
fn logins_and_logouts_alone_take_the_place_that_is_kept_for_them() {
    let world = World::new();
    let client = world.client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    let get = Json(json!({ "url": "cart" }));
    world
        .run(client.clone().request(Api::Request, get))
        .unwrap();
    checks(&world, &client);
    let fields = Json(json!({ "nickName": "小红" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    let account = Json(json!({ "username": "tea", "password": "p" }));
    let _ = world.run(client.clone().login_by_account(account));
    world.run(client.logout()).unwrap();
    for (path, lane) in world.lanes() {
        let session = ["auth/login_by_weixin", "auth/login", "auth/logout"];
        let expected = if session.contains(&path.as_str()) {
            Lane::Session
        } else {
            Lane::App
        };
        assert_eq!(lane, expected, "{path}");
    }
    assert!(world.lanes().len() >= 5, "{:?}", world.lanes());
}
