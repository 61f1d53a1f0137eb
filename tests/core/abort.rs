//! Calls that the app aborts.

use futures::future::{LocalBoxFuture, join_all};
use serde_json::json;
use weapp_login::{Api, LoginMode};

use crate::common::code;
use crate::json::Json;
use crate::world::{Answer, Client, World, ok};

fn get(client: &Client) -> LocalBoxFuture<'static, weapp_login::Result<Json>> {
    let options = Json(json!({ "url": "cart" }));
    Box::pin(client.clone().request(Api::Request, options))
}

/// An abort that comes after `ms`.
fn after(world: &World, ms: f64) -> Option<LocalBoxFuture<'static, ()>> {
    let world = world.clone();
    Some(Box::pin(async move { world.wait(ms).await }))
}

fn now() -> Option<LocalBoxFuture<'static, ()>> {
    Some(Box::pin(async {}))
}

#[test]
fn aborted_before_it_begins_nothing_is_sent() {
    let world = World::new();
    let client = world.signed_in_client();
    let call = client.begin(get(&client), now());
    assert_eq!(code(world.run(call)), "aborted");
    assert!(world.sent().is_empty(), "{:?}", world.sent());
}

/// The answer is no longer waited for, so the host aborts the request: its timer is gone.
#[test]
fn aborted_while_it_is_on_its_way_the_answer_is_dropped() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(Answer::Never);
    let call = client.begin(get(&client), after(&world, 50.0));
    assert_eq!(code(world.run(call)), "aborted");
    assert_eq!(world.paths(), ["cart"]);
    assert_eq!(world.running_timers(), 0);
    assert!(client.session().is_some());
}

#[test]
fn aborted_after_the_end_it_is_too_late() {
    let world = World::new();
    let client = world.signed_in_client();
    let call = client.begin(get(&client), after(&world, 1_000.0));
    assert!(world.run(call).is_ok());
    assert_eq!(world.running_timers(), 0);
}

/// The login is shared: it goes on for the others, and the aborted request is not sent once more.
#[test]
fn aborted_while_a_login_is_awaited_the_login_goes_on() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    world.next_login(Answer::After(5_000.0, Ok(json!({ "code": "late" }))));
    let aborted = client.begin(get(&client), after(&world, 1_000.0));
    let others = join_all((0..3).map(|_| client.begin(get(&client), None)));
    let (aborted, others) = world.run(async { futures::join!(aborted, others) });
    assert_eq!(code(aborted), "aborted");
    assert_eq!(world.count("login"), 2, "the code `late` is refused once");
    assert!(others.iter().all(Result::is_ok));
    let carts = world.paths().iter().filter(|path| *path == "cart").count();
    assert_eq!(carts, 7);
}

#[test]
fn aborted_alone_its_login_still_ends_well() {
    let world = World::new();
    let client = world.client();
    world.next_login(ok(json!({ "code": "late" })));
    let options = Json(json!({ "url": "cart", "auth": "required" }));
    let request = client.clone().request(Api::Request, options);
    let call = client.begin(Box::pin(request), after(&world, 1.0));
    assert_eq!(code(world.run(call)), "aborted");
    let session = world.run(client.clone().ensure_login(LoginMode::Silent));
    assert!(session.is_ok());
    assert!(!world.paths().contains(&"cart".to_owned()));
}
