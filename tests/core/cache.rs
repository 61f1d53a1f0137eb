use serde_json::{Value, json};
use weapp_login::Via;

use crate::common::{checks, code, fail_reads, fail_writes, get};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER};
use crate::world::{START, World};

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

/// A client that has written nothing yet takes no record for its own.
#[test]
fn any_revision_is_read_at_the_start() {
    let world = World::new();
    world.signed_in_client();
    let mut record = world.record().unwrap();
    record["revision"] = json!(0);
    world.set_record(record);
    assert!(world.client().session().is_some());
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
        broken("v", json!(0)),
        broken("revision", Value::Null),
        broken("identity", json!(7)),
        json!({ "v": 2, "revision": 1, "ended": "magic", "at": 1, "renewable": 1 }),
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
        assert!(!checks(&world, &client));
        world.run(client.login_by_weixin(None)).unwrap();
        assert!(world.client().session().is_some(), "{junk}");
    }
}

/// (behaviour 37; B8)
#[test]
fn a_write_that_fails_is_reported_and_leaves_no_half_record() {
    for torn in [None, Some(json!({ "v": 2, "token": "half" }))] {
        let world = World::new();
        world.storage(|storage| (storage.fail_set, storage.torn) = (true, torn.clone()));
        let client = world.client();
        world.run(client.clone().login_by_weixin(None)).unwrap();
        assert!(!client.session().unwrap().persisted.get());
        assert!(world.steps().contains(&("store", Some("storage_failed"))));
        assert!(world.client().session().is_none()); // after a restart
    }
}

/// A torn write must not lose who was there before. (behaviour 37)
#[test]
fn a_torn_write_restores_the_record_that_was_there() {
    let world = World::new();
    let client = world.signed_in_client();
    let before = world.record();
    world.storage(|storage| (storage.fail_sets, storage.torn) = (1, Some(json!("torn"))));
    world.run(client.clone().login_by_weixin(None)).unwrap();
    assert_eq!(world.record(), before);
    assert_eq!(client.session().unwrap().token.secret(), "token-2");
}

#[test]
fn a_read_that_fails_is_tried_again() {
    let world = World::new();
    world.signed_in_client();
    fail_reads(&world, true);
    let client = world.client();
    assert!(!checks(&world, &client));
    fail_reads(&world, false);
    assert!(checks(&world, &client));
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

/// A write that failed is tried again later; should that tear the record, what was there before is restored.
#[test]
fn a_late_write_that_tears_the_record_is_rolled_back() {
    let world = World::new();
    let client = world.signed_in_client();
    let before = world.record();
    fail_writes(&world, true);
    let fields = Json(json!({ "nickName": "mint" }));
    world.run(client.clone().update_profile(fields)).unwrap();
    world.shift_clock(2_000.0);
    world.storage(|storage| {
        storage.fail_set = false;
        storage.fail_sets = 1;
        storage.torn = Some(json!("[object Object]"));
    });
    assert!(client.session().is_some());
    assert_eq!(world.record(), before);
    world.shift_clock(2_000.0);
    assert!(client.session().is_some());
    assert_eq!(world.record().unwrap()["userInfo"]["nickName"], "mint");
}

/// The record that the first layout had for a user of `id`.
fn record_of_the_first_layout(via: &str, id: u64) -> Value {
    json!({
        "v": 1, "token": "old", "userInfo": { "userId": id }, "via": via,
        "issuedAt": START - 3_600_000.0, "expiresAt": START + 3_600_000.0,
    })
}

/// Its users stay signed in after the update of an app, and no account becomes the WeChat user. (behaviours 37, 42)
#[test]
fn a_record_of_the_first_layout_keeps_its_account() {
    let world = World::new();
    world.server(|server| server.live_tokens.insert("old".into(), ACCOUNT_USER));
    world.set_record(record_of_the_first_layout("account", ACCOUNT_USER));
    let client = world.client();
    assert_eq!(client.session().unwrap().via, Via::Account);
    assert!(checks(&world, &client));
    assert_eq!(
        get(&world, &client).unwrap().0["data"]["user"],
        ACCOUNT_USER
    );
    world.server(|server| server.revoke_all());
    for client in [client, world.client()] {
        assert_eq!(code(get(&world, &client)), "signed_out");
    }
    assert_eq!(world.count("login"), 0);
}

/// The first layout had no identity of its own: the user's fields give it. (behaviours 37, 48)
#[test]
fn a_record_of_the_first_layout_keeps_its_identity() {
    for (id, renewed) in [(WEIXIN_USER, "ok"), (ACCOUNT_USER, "user_changed")] {
        let world = World::new();
        world.set_record(record_of_the_first_layout("weixin", id));
        let client = world.client();
        assert_eq!(code(get(&world, &client)), renewed);
    }
    let world = World::new();
    world.set_record(record_of_the_first_layout("weixin", WEIXIN_USER));
    let client = world.client();
    let fields = Json(json!({ "nickName": "小红" }));
    world.server(|server| server.live_tokens.insert("old".into(), WEIXIN_USER));
    world.run(client.clone().update_profile(fields)).unwrap();
    assert_eq!(world.record().unwrap()["v"], 2.0); // written in the present layout
}
