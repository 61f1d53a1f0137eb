//! How many requests are with the host at a time, and what becomes of those that wait for their turn.

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::{Api, Result};

use crate::common::{account, code, dialect, later};
use crate::json::Json;
use crate::world::{Answer, Client, World, http};

/// How long each request takes in the world.
const ANSWERED: f64 = 100.0;

fn get(client: &Client, number: usize) -> impl Future<Output = Result<Json>> + use<> {
    let options = Json(json!({ "url": format!("goods/{number}") }));
    client.clone().request(Api::Request, options)
}

fn requests(client: &Client, count: usize) -> impl Future<Output = Vec<Result<Json>>> + use<> {
    join_all((0..count).map(|number| get(client, number)))
}

fn codes(results: Vec<Result<Json>>) -> Vec<&'static str> {
    results.into_iter().map(code).collect()
}

/// A client with these options besides, somebody signed in.
fn signed_in(options: Value) -> (World, Client) {
    let world = World::new();
    let client = world.client_with(options);
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.forget_calls();
    (world, client)
}

/// A client of one place, whose requests the app signs.
fn signing() -> (World, Client) {
    let world = World::new();
    let mut options = dialect(json!({ "sign": "() => {}" }));
    options["maxParallel"] = 1.into();
    let client = world.client_with(options);
    world.on_app("sign", |_| async { json!({ "done": {} }) });
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.forget_calls();
    (world, client)
}

/// How many requests of the app's have been sent, `ms` from now.
fn sent_after(world: &World, ms: f64) -> impl Future<Output = usize> + use<> {
    let world = world.clone();
    async move {
        world.wait(ms).await;
        let paths = world.paths();
        paths
            .iter()
            .filter(|path| path.starts_with("goods"))
            .count()
    }
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("goods/{number}")).collect()
}

#[test]
fn nine_are_sent_at_a_time_in_the_order_of_their_calls() {
    for (options, most) in [(json!({}), 9), (json!({ "maxParallel": 2 }), 2)] {
        let (world, client) = signed_in(options);
        let all = requests(&client, 20);
        let at_first = sent_after(&world, ANSWERED / 2.0);
        let later = sent_after(&world, ANSWERED * 1.5);
        let (all, at_first, later) = world.run(async { futures::join!(all, at_first, later) });
        assert_eq!((at_first, later), (most, 2 * most));
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(world.paths(), numbers(20));
    }
}

#[test]
fn files_take_places_as_well() {
    let (world, client) = signed_in(json!({ "maxParallel": 1 }));
    let file = Json(json!({ "url": "storage/upload", "filePath": "a.png", "name": "file" }));
    let upload = client.clone().request(Api::UploadFile, file);
    let file = Json(json!({ "url": "order/file" }));
    let download = client.clone().request(Api::DownloadFile, file);
    let request = get(&client, 0);
    world.next_response(http(200, json!({ "errno": 0 })));
    world.next_response(http(200, json!("a file")));
    let from = world.clock();
    let results = world.run(async { futures::join!(upload, download, request) });
    assert_eq!(code(results.0), "ok");
    assert_eq!(code(results.1), "ok");
    assert_eq!(code(results.2), "ok");
    assert_eq!(world.clock() - from, 3.0 * ANSWERED);
}

/// Requests may take all places for a minute: who signs in or out does not wait for them.
#[test]
fn logins_checks_and_logouts_do_not_wait() {
    let (world, client) = signed_in(json!({ "maxParallel": 1 }));
    world.next_response(Answer::Never);
    let busy = requests(&client, 3);
    let work = {
        let (world, client) = (world.clone(), client.clone());
        async move {
            world.wait(1.0).await;
            client.clone().login_by_account(account()).await.unwrap();
            client.clone().login_by_weixin(None).await.unwrap();
            client.foreground();
            assert!(client.clone().check_login().await);
            client.logout().await.unwrap();
            world.paths()
        }
    };
    let (busy, paths) = world.run(async { futures::join!(busy, work) });
    let expected = [
        "goods/0",
        "auth/login",
        "auth/login_by_weixin",
        "auth/logout",
    ];
    assert_eq!(paths, expected);
    assert_eq!(codes(busy), ["timeout", "logged_out", "logged_out"]);
}

/// A signature may be good for a short time only, and is made of the time.
#[test]
fn a_request_is_signed_in_its_turn() {
    let (world, client) = signing();
    let clock = world.clone();
    world.on_app("sign", move |_| {
        let header = json!({ "X-Time": clock.clock().to_string() });
        async move { json!({ "done": { "header": header } }) }
    });
    let from = world.clock();
    let all = requests(&client, 3);
    assert!(world.run(all).iter().all(Result::is_ok));
    let times: Vec<_> = world
        .headers()
        .iter()
        .map(|header| header["X-Time"].clone())
        .collect();
    let expected = [0.0, 1.0, 2.0].map(|turn| json!((from + turn * ANSWERED).to_string()));
    assert_eq!(times, expected);
}

#[test]
fn what_waits_at_a_logout_is_neither_signed_nor_sent() {
    let (world, client) = signing();
    let signed = world.asked().len();
    let all = requests(&client, 3);
    let logout = later(&world, 1.0, &client, |client| client.logout());
    let (all, _) = world.run(async { futures::join!(all, logout) });
    assert_eq!(codes(all), ["ok", "logged_out", "logged_out"]);
    assert_eq!(world.paths(), ["goods/0", "auth/logout"]);
    assert_eq!(world.asked().len() - signed, 2);
}

/// The requests before them may take a minute.
#[test]
fn what_waits_rejects_at_the_logout() {
    let (world, client) = signed_in(json!({ "maxParallel": 1 }));
    world.next_response(Answer::Never);
    let busy = get(&client, 0);
    let from = world.clock();
    let waiting = {
        let (world, client) = (world.clone(), client.clone());
        async move {
            let all = requests(&client, 2).await;
            (codes(all), world.clock() - from)
        }
    };
    let logout = later(&world, 1.0, &client, |client| client.logout());
    let (_, (waiting, waited), _) = world.run(async { futures::join!(busy, waiting, logout) });
    assert_eq!(waiting, ["logged_out", "logged_out"]);
    assert_eq!(waited, 1.0);
}

#[test]
fn what_waits_when_somebody_else_signs_in_is_not_sent() {
    let (world, client) = signed_in(json!({ "maxParallel": 1 }));
    let all = requests(&client, 3);
    let login = later(&world, 1.0, &client, |client| {
        client.login_by_account(account())
    });
    world.next_response(Answer::After(1_000.0, Ok((200, json!({ "errno": 0 })))));
    let (all, login) = world.run(async { futures::join!(all, login) });
    assert_eq!(code(login), "ok");
    assert_eq!(codes(all), ["ok", "user_changed", "user_changed"]);
    assert_eq!(world.paths(), ["goods/0", "auth/login"]);
}

/// A client of one place, signed in long ago, whose server puts another token in the place of each that it is asked with.
fn rolling() -> (World, Client) {
    let mut options = dialect(json!({ "renewed": { "at": "next" } }));
    options["maxParallel"] = 1.into();
    let (world, client) = signed_in(options);
    world.server(|server| server.rolls = true);
    world.age();
    (world, client)
}

fn tokens_sent(world: &World) -> Vec<String> {
    let sent = world.sent().into_iter();
    sent.map(|sent| sent.token.unwrap_or_default()).collect()
}

#[test]
fn what_waits_is_sent_with_the_newest_token() {
    let (world, client) = rolling();
    let all = requests(&client, 4);
    assert_eq!(codes(world.run(all)), ["ok"; 4]);
    let expected = ["token-1", "token-2", "token-3", "token-4"];
    assert_eq!(tokens_sent(&world), expected);
}

/// Else it would be sent once more with the very token that was refused.
#[test]
fn a_refusal_is_about_the_token_that_was_sent_and_not_the_one_of_the_call() {
    let (world, client) = rolling();
    let all = requests(&client, 2);
    let server = world.clone();
    let revoked = later(&world, ANSWERED / 2.0, &client, |_| async move {
        server.server(|server| server.revoke_all());
    });
    let (all, ()) = world.run(async { futures::join!(all, revoked) });
    assert_eq!(codes(all), ["ok", "ok"]);
    let expected = ["token-1", "token-2", "token-2", "", "token-3"];
    assert_eq!(tokens_sent(&world), expected);
    let (asked, login) = (world.paths()[2].clone(), world.paths()[3].clone());
    assert_eq!(
        (asked.as_str(), login.as_str()),
        ("auth/info", "auth/login_by_weixin")
    );
}

/// The client looks whether another one of the same storage key has written, and not only at what it knows itself.
#[test]
fn what_waits_is_not_sent_for_whom_another_client_has_signed_out() {
    for (logs_out, refused) in [(true, "logged_out"), (false, "user_changed")] {
        let (world, client) = signed_in(json!({ "maxParallel": 1 }));
        let other = world.client();
        world.next_response(Answer::After(5_000.0, Ok((200, json!({ "errno": 0 })))));
        let all = requests(&client, 3);
        let act = later(&world, 2_000.0, &other, move |other| async move {
            match logs_out {
                true => other.logout().await,
                false => other.login_by_account(account()).await.map(drop),
            }
        });
        let (all, act) = world.run(async { futures::join!(all, act) });
        assert_eq!(code(act), "ok");
        assert_eq!(codes(all), ["ok", refused, refused]);
        assert_eq!(world.paths().len(), 2);
    }
}

/// It is nobody's request, or another server's affair.
#[test]
fn what_carries_no_token_is_sent_whoever_leaves() {
    for (options, expected) in [
        (json!({ "url": "goods/1", "auth": "none" }), "rejected"), // this server wants a token there
        (json!({ "url": "https://cdn.example/x" }), "ok"),
        (
            json!({ "url": "https://cdn.example/x", "auth": "none" }),
            "ok",
        ),
    ] {
        for logs_out in [true, false] {
            let (world, client) = signed_in(json!({ "maxParallel": 1 }));
            world.next_response(Answer::After(3_000.0, Ok((200, json!({ "errno": 0 })))));
            let first = get(&client, 0);
            let public = client.clone().request(Api::Request, Json(options.clone()));
            let act = later(&world, 1_000.0, &client, move |client| async move {
                match logs_out {
                    true => client.logout().await,
                    false => client.login_by_account(account()).await.map(drop),
                }
            });
            let early = later(&world, 2_000.0, &client, {
                let world = world.clone();
                move |_| async move { world.paths().len() }
            });
            let (_, public, act, early) =
                world.run(async { futures::join!(first, public, act, early) });
            assert_eq!(code(act), "ok");
            assert_eq!(early, 2, "it has to wait for its place all the same");
            assert_eq!(code(public), expected, "{options}");
            assert_eq!(world.sent().pop().unwrap().token, None);
        }
    }
}

/// Only the user can sign in again, and each further request would be refused, and the server asked about it.
#[test]
fn what_waits_is_not_sent_with_the_token_of_an_account_that_has_ended() {
    let world = World::new();
    let client = world.client_with(json!({ "maxParallel": 1 }));
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    world.age();
    world.forget_calls();
    world.server(|server| server.revoke_all());
    let all = requests(&client, 20);
    assert_eq!(codes(world.run(all)), ["signed_out"; 20]);
    // While the server is asked about the token, the next ones go out.
    let expected = ["goods/0", "goods/1", "auth/info", "goods/2"];
    assert_eq!(world.paths(), expected);
}

#[test]
fn an_aborted_one_makes_room() {
    let (world, client) = signed_in(json!({ "maxParallel": 2 }));
    world.next_response(Answer::Never);
    let abort = |ms| {
        let world = world.clone();
        Some(Box::pin(async move { world.wait(ms).await }) as _)
    };
    let sent = client.begin(Box::pin(get(&client, 0)), abort(10.0));
    let slow = get(&client, 1);
    let waiting = client.begin(Box::pin(get(&client, 2)), abort(5.0));
    let last = get(&client, 3);
    let from = world.clock();
    let (sent, slow, waiting, last) =
        world.run(async { futures::join!(sent, slow, waiting, last) });
    assert_eq!(code(sent), "aborted");
    assert_eq!(code(slow), "ok");
    assert_eq!(code(waiting), "aborted");
    assert_eq!(code(last), "ok");
    assert_eq!(world.paths(), ["goods/0", "goods/1", "goods/3"]);
    assert_eq!(world.clock() - from, 10.0 + ANSWERED);
}
