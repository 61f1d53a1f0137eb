//! What the refusal of a login means for the session.

use serde_json::json;
use weapp_login::Remedy;

use crate::common::get;
use crate::world::{Client, World, http};

/// What becomes of a session whose token is refused, and whose renewal the server answers with `errno`.
fn renewal_refused_with(errno: i32, options: serde_json::Value) -> (World, Client) {
    let world = World::new();
    world.signed_in_client();
    let client = world.client_with(options);
    world.shift_clock(600_000.0);
    world.forget_calls();
    world.next_response(http(200, json!({ "errno": 501 })));
    let used_up = [712, 40029, 40163].contains(&errno); // then a second code is tried
    for _ in 0..=usize::from(used_up) {
        world.next_response(http(200, json!({ "errno": errno, "errmsg": "原因" })));
    }
    let error = get(&world, &client).unwrap_err();
    assert_eq!(error.to_string(), "the server refused: 原因");
    (world, client)
}

/// (behaviour 51)
#[test]
fn a_temporary_refusal_keeps_the_session_and_the_backoff_applies() {
    for errno in [
        45011, 40163, 429, 500, 503, -1, 502, 711, 712, 713, 12345, 401,
    ] {
        let (world, client) = renewal_refused_with(errno, json!({}));
        assert!(client.session().is_some(), "{errno}");
        assert!(world.client().session().is_some(), "{errno}");
        let logins = world.count("login");
        world.server(|server| server.revoke_all());
        assert!(get(&world, &client).is_err());
        assert_eq!(world.count("login"), logins, "{errno}"); // no login during the backoff
    }
}

/// (behaviour 51)
#[test]
fn a_final_refusal_ends_the_session() {
    for errno in [714, 40226, 506] {
        let (world, client) = renewal_refused_with(errno, json!({}));
        assert!(client.session().is_none(), "{errno}");
        assert!(world.client().session().is_none(), "{errno}");
    }
}

/// (behaviour 51)
#[test]
fn both_lists_are_configurable() {
    let lists = json!({ "refusals": { "endSession": [77], "needUser": [78] } });
    assert!(
        renewal_refused_with(77, lists.clone())
            .1
            .session()
            .is_none()
    );
    assert!(
        renewal_refused_with(714, lists.clone())
            .1
            .session()
            .is_some()
    );
    for (errno, remedy) in [
        (77, Remedy::NewSession),
        (78, Remedy::User),
        (79, Remedy::Retry),
    ] {
        let world = World::new();
        let client = world.client_with(lists.clone());
        world.next_response(http(200, json!({ "errno": errno })));
        let error = world.run(client.login_by_weixin(None)).unwrap_err();
        assert_eq!(error.remedy(), remedy);
    }
}
