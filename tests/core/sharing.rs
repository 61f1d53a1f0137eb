//! Which logins are one.

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::LoginMode;

use crate::json::Json;
use crate::world::{Client, World};

fn profile() -> Option<Json> {
    Some(Json(
        json!({ "nickName": "张三", "avatarUrl": "https://img.example/1" }),
    ))
}

fn sent_profiles(world: &World) -> Vec<Value> {
    let sent = world.sent().into_iter();
    sent.map(|sent| sent.data["userInfo"]["nickName"].clone())
        .collect()
}

fn nick_name(client: &Client) -> Value {
    client.session().unwrap().user_info.0["nickName"].clone()
}

/// (behaviour 50)
#[test]
fn a_login_with_a_profile_runs_after_a_silent_one() {
    let world = World::new();
    let client = world.client();
    let silent = client.clone().ensure_login(LoginMode::Silent);
    let tap = client.clone().login_by_weixin(profile());
    let (silent, tap) = world.run(async { futures::join!(silent, tap) });
    assert!(silent.is_ok() && tap.is_ok());
    assert_eq!(sent_profiles(&world), [Value::Null, json!("张三")]);
    assert_eq!(nick_name(&client), "张三");
}

/// (behaviour 50)
#[test]
fn two_equal_taps_are_one_login() {
    let world = World::new();
    let client = world.client();
    let taps = (0..2).map(|_| client.clone().login_by_weixin(profile()));
    assert!(world.run(join_all(taps)).iter().all(Result::is_ok));
    assert_eq!(world.count("login"), 1);
}

/// (behaviour 50)
#[test]
fn taps_with_different_profiles_are_two() {
    let world = World::new();
    let client = world.client();
    let other = Some(Json(json!({ "nickName": "李四" })));
    let taps = [profile(), other].map(|profile| client.clone().login_by_weixin(profile));
    assert!(world.run(join_all(taps)).iter().all(Result::is_ok));
    assert_eq!(sent_profiles(&world), ["张三", "李四"]);
    assert_eq!(nick_name(&client), "李四");
}

/// Somebody without a profile has nothing to lose. (behaviour 50)
#[test]
fn a_login_without_a_profile_shares_one_with() {
    let world = World::new();
    let client = world.client();
    let tap = client.clone().login_by_weixin(profile());
    let others = join_all((0..3).map(|_| client.clone().ensure_login(LoginMode::Silent)));
    let (tap, others) = world.run(async { futures::join!(tap, others) });
    assert!(tap.is_ok() && others.iter().all(Result::is_ok));
    assert_eq!(world.count("login"), 1);
}
