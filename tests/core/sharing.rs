//! Which logins are one.

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::LoginMode;

use crate::common::{account, code, later, two, user};
use crate::json::Json;
use crate::server::{ACCOUNT_USER, WEIXIN_USER, success};
use crate::world::{Answer, Client, World, http, ok};

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

/// The silent login that a tap shares may come to be forbidden, and so may the next one. (behaviours 42, 53)
#[test]
fn a_tap_goes_on_by_itself_however_often_a_silent_login_that_it_shares_was_forbidden() {
    let (world, first, second) = two();
    world.shift_clock(7_200_000.0);
    let slow = || Answer::After(4_000.0, Ok(json!({ "code": "code-of-nobody" })));
    for login in [slow(), ok(json!({ "code": "code-of-the-other" })), slow()] {
        world.next_login(login);
    }
    let page = {
        let first = first.clone();
        async move {
            for _ in 0..2 {
                let silent = first.clone().ensure_login(LoginMode::Silent);
                assert_eq!(code(silent.await), "signed_out");
            }
        }
    };
    let tap = later(&world, 10.0, &first, |first| first.login_by_weixin(None));
    let sees_an_account = |ms: f64| {
        later(&world, ms, &first, |first| async move {
            assert_eq!(user(&first), Some(json!(ACCOUNT_USER)));
        })
    };
    // An account, a WeChat session that is over at once, so that the next silent login may begin, and an account again.
    let phone = world.clone();
    let others = async move {
        phone.wait(100.0).await;
        second.clone().login_by_account(account()).await.unwrap();
        phone.wait(2_000.0).await;
        let user = json!({ "userId": WEIXIN_USER });
        let over = json!({ "token": "over", "expiresIn": 0.001, "userInfo": user });
        phone.next_response(http(200, success(over)));
        second.clone().login_by_weixin(None).await.unwrap();
        phone.wait(2_000.0).await;
        second.login_by_account(account()).await.unwrap();
    };
    let seen = (sees_an_account(2_000.0), sees_an_account(6_000.0));
    let (_, tap, _, _, _) = world.run(async { futures::join!(page, tap, others, seen.0, seen.1) });
    tap.unwrap();
    assert_eq!(user(&first), Some(json!(WEIXIN_USER)));
}
