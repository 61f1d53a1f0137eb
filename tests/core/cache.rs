use serde_json::{Value, json};
use weapp_login::LoginError;

use crate::world::World;

#[test]
fn a_restart_restores_the_session_from_one_read() {
    let world = World::new();
    let before = world.signed_in_client().session().unwrap();
    let after = world.client().session().unwrap();
    assert_eq!(world.calls(), ["get"]);
    assert_eq!(after.user_info, before.user_info);
    assert_eq!(
        (after.issued_at, after.expires_at, after.via),
        (before.issued_at, before.expires_at, before.via)
    );
}

/// (behaviour 37; B16)
#[test]
fn junk_counts_as_signed_out_and_is_overwritten() {
    let world = World::new();
    world.signed_in_client();
    let good = world.record().unwrap();
    let broken = |field: &str, value: Value| {
        let mut record = good.clone();
        record[field] = value;
        record
    };
    for junk in [
        json!(""),
        json!("[object Object]"),
        json!(7),
        json!([]),
        json!({}),
        json!(good.to_string()),
        broken("v", json!(2)),
        broken("v", Value::Null),
        broken("token", json!("")),
        broken("token", json!(7)),
        broken("userInfo", json!("[object Object]")),
        broken("userInfo", Value::Null),
        broken("via", json!("magic")),
        broken("issuedAt", json!("yesterday")),
        broken("expiresAt", json!("tomorrow")),
    ] {
        world.set_record(junk.clone());
        let client = world.client();
        assert!(client.session().is_none(), "{junk}");
        assert!(!world.run(client.clone().check_login()));
        world.run(client.login_by_weixin(None)).unwrap();
        assert!(world.client().session().is_some(), "{junk}");
    }
}

/// (behaviour 37; B8)
#[test]
fn a_write_that_fails_is_reported_and_leaves_nothing_behind() {
    for torn in [None, Some(json!({ "v": 1, "token": "half" }))] {
        let world = World::new();
        world.storage(|storage| (storage.fail_set, storage.torn) = (true, torn.clone()));
        let client = world.client();
        let error = world.run(client.clone().login_by_weixin(None)).unwrap_err();
        assert!(matches!(*error, LoginError::Storage(_)));
        assert!(client.session().is_none());
        assert_eq!(world.record(), None);
    }
}

#[test]
fn a_write_that_fails_keeps_the_session_that_was_there() {
    let world = World::new();
    let client = world.signed_in_client();
    world.storage(|storage| storage.fail_set = true);
    assert_eq!(
        world
            .run(client.clone().login_by_weixin(None))
            .unwrap_err()
            .code(),
        "storage_failed"
    );
    assert_eq!(client.auth_header().unwrap().0, "X-Litemall-Token");
    assert!(client.session().is_some());
    assert!(world.run(client.check_login()));
}

#[test]
fn a_read_that_fails_is_tried_again() {
    let world = World::new();
    world.signed_in_client();
    world.storage(|storage| storage.fail_get = true);
    let client = world.client();
    assert!(!world.run(client.clone().check_login()));
    world.storage(|storage| storage.fail_get = false);
    assert!(world.run(client.check_login()));
}

/// What could not be read may be a good session.
#[test]
fn a_write_that_fails_leaves_alone_what_could_not_be_read() {
    let world = World::new();
    world.signed_in_client();
    let before = world.record();
    world.storage(|storage| (storage.fail_get, storage.fail_set) = (true, true));
    let client = world.client();
    assert!(world.run(client.login_by_weixin(None)).is_err());
    assert_eq!(world.record(), before);
    world.storage(|storage| storage.fail_get = false);
    assert!(world.client().session().is_some());
}

/// (behaviour 38)
#[test]
fn each_server_has_its_own_record() {
    let world = World::new();
    world.signed_in_client();
    let keys: Vec<_> = world.storage(|storage| storage.records.keys().cloned().collect());
    assert_eq!(keys, ["weapp-login:https://shop.example/wx/"]);
    assert!(
        world
            .client_with(json!({ "storageKey": "mine" }))
            .session()
            .is_none()
    );
}

/// (behaviour 39)
#[test]
fn a_session_does_not_print_its_token() {
    let world = World::new();
    let session = world.signed_in_client().session().unwrap();
    let printed = format!("{session:?}");
    assert!(
        printed.contains("[redacted]") && !printed.contains("token-1"),
        "{printed}"
    );
}

#[test]
fn a_write_that_fails_is_undone_even_if_nothing_can_be_read() {
    let world = World::new();
    let client = world.client();
    world.storage(|storage| {
        storage.fail_set = true;
        storage.fail_get = true;
        storage.torn = Some(
            json!({ "v": 1, "token": "token-1", "userInfo": {}, "via": "weixin", "issuedAt": 1 }),
        );
    });
    assert!(world.run(client.login_by_weixin(None)).is_err());
    assert_eq!(world.record(), None);
}
