//! What the refusal of a login means for the session.

use std::rc::Rc;

use serde_json::json;
use weapp_login::{LoginError, Remedy};

use crate::common::{dialect, get};
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
    let lists = dialect(
        json!({ "refusals": { "endSession": { "errno": 77 }, "needUser": { "errno": 78 } } }),
    );
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

/// What becomes of a session whose renewal the server answers with an HTTP status, and an envelope in the body.
fn renewal_refused_with_status(status: u16, errno: i32) -> (World, Client, Rc<LoginError>) {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    world.next_response(http(200, json!({ "errno": 501 })));
    let body = json!({ "errno": errno, "errmsg": "原因" });
    world.next_response(http(status, body));
    let error = get(&world, &client).unwrap_err();
    (world, client, error)
}

/// (behaviours 32, 51)
#[test]
fn a_refusal_by_http_status_keeps_the_servers_words() {
    for status in [400, 401, 403, 409, 429, 500, 503] {
        let (world, client, error) = renewal_refused_with_status(status, 45011);
        match &*error {
            LoginError::Rejected {
                status: found,
                errno,
                errmsg,
                ..
            } => assert_eq!(
                (*found, errno.clone(), errmsg.as_str()),
                (status.into(), Some(45011.into()), "原因")
            ),
            other => panic!("{other:?}"),
        }
        assert!(client.session().is_some(), "{status}");
        assert!(get(&world, &client).is_err());
        assert_eq!(world.count("login"), 1, "{status}"); // the backoff
    }
}

/// (behaviours 32, 51)
#[test]
fn both_lists_apply_to_a_refusal_by_http_status() {
    for (errno, remedy, ends) in [
        (40226, Remedy::NewSession, true),
        (714, Remedy::NewSession, true),
        (709, Remedy::User, false),
        (12345, Remedy::Retry, false),
    ] {
        for status in [400, 401, 403, 500] {
            let (world, client, error) = renewal_refused_with_status(status, errno);
            assert_eq!(error.remedy(), remedy, "{status} {errno}");
            assert_eq!(client.session().is_none(), ends, "{status} {errno}");
            assert_eq!(world.client().session().is_none(), ends);
        }
    }
}

/// A body that says nothing of its own leaves the status. (behaviour 32)
#[test]
fn a_status_without_an_envelope_stays_a_server_error() {
    for body in [json!({}), json!({ "errno": 0 }), json!("<html>")] {
        let world = World::new();
        world.next_response(http(403, body));
        let error = world.run(world.client().login_by_weixin(None)).unwrap_err();
        assert!(matches!(
            *error,
            LoginError::ServerError { status: 403, .. }
        ));
    }
}
