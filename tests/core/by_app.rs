//! The app's own functions of a dialect: `login` and `sign`.

use std::cell::Cell;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, join_all};
use serde_json::{Value, json};
use weapp_login::{Api, LoginError, LoginMode};

use crate::common::{code, dialect, get, later, request, silent, user};
use crate::json::Json;
use crate::server::success;
use crate::world::{Answer, Client, World, fails, http};

const FUNCTION: &str = "() => {}";

fn by_function() -> Value {
    dialect(json!({ "login": FUNCTION }))
}

fn signing() -> Value {
    dialect(json!({ "sign": FUNCTION }))
}

/// An answer that signs in, as the app's function gives it.
fn done(token: &str) -> Value {
    let user = json!({ "userId": 7 });
    json!({ "done": { "data": success(json!({ "token": token, "expiresIn": 7200, "userInfo": user })) } })
}

/// A client whose app signs in by two steps of its own.
fn in_two_steps() -> (World, Client) {
    let world = World::new();
    let client = world.client_with(by_function());
    let sender = client.clone();
    world.on_app("login", move |given| {
        let client = sender.clone();
        async move {
            let data = json!({ "code": given["code"], "cost": "5$" });
            let call = json!({ "url": "auth/exchange", "method": "POST", "data": data });
            let Ok(first) = client.clone().send_for_app(Json(call)).await else {
                return json!({ "failed": true });
            };
            let call = json!({ "url": "auth/by_key", "data": { "key": first.0["data"]["key"] } });
            match client.send_for_app(Json(call)).await {
                Ok(second) => json!({ "done": second.0 }),
                Err(_) => json!({ "failed": true }),
            }
        }
    });
    (world, client)
}

/// The server answers both steps, the second with this.
fn answers_steps(world: &World, second: Value) {
    world.next_response(http(200, json!({ "key": "k" })));
    world.next_response(http(200, second));
}

fn brings(token: &str) -> Value {
    success(json!({ "token": token, "expiresIn": 7200, "userInfo": { "userId": 7 } }))
}

fn sign_in(world: &World, client: &Client) -> weapp_login::Result<Json> {
    world.run(client.clone().login_by_weixin(None))
}

/// What a login comes to whose function gives this.
fn ending_with(reply: Value) -> weapp_login::Result<Json> {
    let world = World::new();
    let slots = json!({ "login": FUNCTION, "unfinished": { "errno": 10000 } });
    let client = world.client_with(dialect(slots));
    world.on_app("login", move |_| {
        let reply = reply.clone();
        async move { reply }
    });
    let result = sign_in(&world, &client);
    assert_eq!(client.session().is_some(), result.is_ok());
    result
}

#[test]
fn a_login_takes_the_steps_of_the_app() {
    let (world, client) = in_two_steps();
    answers_steps(&world, brings("token-1"));
    assert_eq!(sign_in(&world, &client).unwrap().0, brings("token-1"));
    assert_eq!(world.paths(), ["auth/exchange", "auth/by_key"]);
    let [first, second] = &world.sent()[..] else {
        panic!("not two steps");
    };
    assert_eq!(first.data, json!({ "code": "code-1", "cost": "5$" }));
    assert_eq!(
        (&second.data, &second.token),
        (&json!({ "key": "k" }), &None)
    );
    let session = client.session().unwrap();
    assert_eq!(
        (session.token.secret(), user(&client)),
        ("token-1", Some(7.into()))
    );
    assert!(session.expires_at.is_some());
}

#[test]
fn callers_share_the_login_of_the_app() {
    let (world, client) = in_two_steps();
    answers_steps(&world, brings("token-1"));
    let all = [1, 2, 3].map(|_| client.clone().ensure_login(LoginMode::Silent));
    for result in world.run(futures::future::join_all(all)) {
        result.unwrap();
    }
    assert_eq!((world.count("login"), world.asked().len()), (1, 1));
}

/// It is an answer like any other.
#[test]
fn what_the_app_gives_is_checked() {
    for (given, code_of, text) in [
        (json!(null), "hook_failed", "dialect.login"),
        (json!({}), "server_error", "HTTP"),
        (json!("a token"), "server_error", "HTTP"),
        (json!({ "data": "a token" }), "bad_response", "JSON"),
        (
            json!({ "data": { "token": "t" } }),
            "bad_response",
            "`errno` but nothing",
        ),
        (
            json!({ "data": success(json!({})) }),
            "bad_response",
            "`data.token` but nothing",
        ),
        (
            json!({ "data": success(json!({ "token": 7 })) }),
            "bad_response",
            "`data.token` but a number",
        ),
        (
            json!({ "data": success(json!({ "token": "a\nb" })) }),
            "bad_response",
            "`data.token` but a text",
        ),
        (
            json!({ "data": brings("t"), "status": 500 }),
            "server_error",
            "HTTP",
        ),
        (
            json!({ "data": { "errno": 714, "errmsg": "blocked" } }),
            "login_blocked",
            "blocked",
        ),
        (
            json!({ "data": { "errno": 9, "errmsg": "no" }, "status": 400 }),
            "rejected",
            "no",
        ),
        (json!({ "data": { "errno": 10000 } }), "unfinished", "more"),
    ] {
        let error = ending_with(json!({ "done": given })).unwrap_err();
        assert_eq!(error.code(), code_of, "{given}");
        assert!(error.to_string().contains(text), "{error} of {given}");
    }
    ending_with(done("t")).unwrap();
}

#[test]
fn a_function_that_throws_says_nothing_of_why() {
    let error = ending_with(json!({})).unwrap_err();
    assert_eq!(error.code(), "hook_failed");
    assert!(error.to_string().contains("dialect.login"), "{error}");
}

#[test]
fn a_function_that_never_ends_times_out() {
    let world = World::new();
    let client = world.client_with(by_function());
    world.on_app("login", |_| std::future::pending());
    let before = world.clock();
    assert_eq!(code(sign_in(&world, &client)), "timeout");
    assert!(world.clock() - before < 31_000.0);
    assert_eq!(world.asked().len(), 1);
    world.on_app("login", |_| async { done("later") });
    assert_eq!(code(sign_in(&world, &client)), "ok");
}

#[test]
fn a_call_from_within_that_waits_for_the_login_ends_with_it() {
    type Own = fn(Client) -> LocalBoxFuture<'static, ()>;
    let logs_in: Own = |client| Box::pin(client.login_by_weixin(None).map(drop));
    let ensures: Own = |client| Box::pin(client.ensure_login(LoginMode::Silent).map(drop));
    let asks: Own = |client| Box::pin(request(&client, "goods").map(drop));
    for own_call in [logs_in, ensures, asks] {
        let world = World::new();
        let client = world.client_with(by_function());
        let within = client.clone();
        world.on_app("login", move |_| {
            let call = own_call(within.clone());
            async move {
                call.await;
                done("token-1")
            }
        });
        assert_eq!(code(sign_in(&world, &client)), "timeout");
        world.settle();
        assert!(client.session().is_none());
    }
}

#[test]
fn a_logout_wins_over_the_login_of_the_app() {
    let (world, client) = in_two_steps();
    answers_steps(&world, brings("token-1"));
    let login = client.clone().login_by_weixin(None);
    let logout = later(&world, 150.0, &client, |client| client.logout());
    let (login, _) = world.run(async { futures::join!(login, logout) });
    world.settle();
    assert_eq!(code(login), "logged_out");
    assert!(client.session().is_none());
}

#[test]
fn a_step_that_fails_is_the_failure_of_the_login() {
    let (world, client) = in_two_steps();
    world.next_response(fails("request:fail no network", None));
    assert_eq!(code(sign_in(&world, &client)), "network");
    assert_eq!(world.count("login"), 1); // the app may ask for another code by itself
}

#[test]
fn a_step_goes_to_our_server_alone() {
    for url in [
        "https://evil.example/x",
        "../x",
        "https://shop.example/other/",
        "",
    ] {
        let world = World::new();
        let client = world.client_with(by_function());
        let call = Json(json!({ "url": url }));
        assert_eq!(
            code(world.run(client.clone().send_for_app(call))),
            "invalid_argument"
        );
        assert!(world.sent().is_empty());
    }
}

#[test]
fn a_refusal_is_the_servers() {
    let (world, client) = in_two_steps();
    answers_steps(&world, json!({ "errno": 714, "errmsg": "blocked" }));
    let error = sign_in(&world, &client).unwrap_err();
    assert_eq!(error.code(), "login_blocked");
    assert!(error.to_string().contains("blocked"));
    world.next_response(http(403, json!({ "errno": 9, "errmsg": "no" })));
    assert_eq!(code(sign_in(&world, &client)), "rejected");
}

#[test]
fn a_phone_is_given_to_the_function() {
    let world = World::new();
    let client = world.client_with(by_function());
    world.on_app("login", |_| async { done("token-1") });
    let phone = json!({ "encryptedData": "e", "iv": "i" });
    world
        .run(client.clone().login_by_phone(Json(phone.clone())))
        .unwrap();
    let (_, given) = world.asked().pop().unwrap();
    assert_eq!(
        (&given["phone"], &given["code"]),
        (&phone, &json!("code-1"))
    );
}

#[test]
fn its_steps_do_not_wait_for_other_requests() {
    let (world, client) = in_two_steps();
    for _ in 0..9 {
        world.next_response(Answer::Never);
    }
    answers_steps(&world, brings("token-1"));
    let busy = join_all((0..9).map(|_| request(&client, "goods")));
    let from = world.clock();
    let login = {
        let (world, login) = (world.clone(), client.clone().login_by_weixin(None));
        async move {
            world.wait(1.0).await;
            let result = login.await;
            (result, world.clock())
        }
    };
    let (_, (login, at)) = world.run(async { futures::join!(busy, login) });
    assert_eq!(code(login), "ok");
    assert!(at - from < 1_000.0);
}

/// They say nothing about a step of a login: it goes as nobody, leads to no login, and ends with it.
#[test]
fn a_step_refuses_what_it_would_ignore() {
    for (name, value) in [
        ("auth", json!("required")),
        ("relogin", json!(false)),
        ("refusals", json!("reject")),
        ("signal", json!({ "aborted": false })),
    ] {
        let world = World::new();
        let client = world.client_with(by_function());
        let mut call = json!({ "url": "auth/exchange" });
        call[name] = value;
        let error = world.run(client.send_for_app(Json(call))).unwrap_err();
        let LoginError::InvalidArgument { name: field, .. } = &*error else {
            panic!("{error}");
        };
        assert_eq!(*field, name);
        assert!(world.sent().is_empty());
    }
}

/// It would have to be signed, too, and that again.
#[test]
fn a_signature_that_calls_the_client_fails_at_once() {
    let world = World::new();
    let mut options = signing();
    options["maxParallel"] = 1.into();
    let client = world.client_with(options);
    let own = client.clone();
    world.on_app("sign", move |_| {
        let asked = own.begin(Box::pin(request(&own, "time")), None);
        async move {
            match asked.await {
                Ok(_) => json!({ "done": {} }),
                Err(error) => {
                    assert_eq!(error.code(), "hook_failed");
                    json!({})
                }
            }
        }
    });
    let from = world.clock();
    assert_eq!(code(get(&world, &client)), "hook_failed");
    assert_eq!(world.clock(), from);
    assert_eq!((world.asked().len(), world.count("request")), (1, 0));
}

#[test]
fn each_attempt_is_signed_the_login_too() {
    let world = World::new();
    let client = world.client_with(signing());
    let count = Rc::new(Cell::new(0));
    world.on_app("sign", move |given| {
        count.set(count.get() + 1);
        let header = json!({ "X-Sign": count.get(), "X-Litemall-Token": "mine" });
        let query = json!({ "of": given["token"].as_str().unwrap_or("nobody"), "page": 9 });
        async move { json!({ "done": { "header": header, "query": query } }) }
    });
    world.next_response(http(200, brings("token-1")));
    sign_in(&world, &client).unwrap();
    world.age();
    world.next_response(http(200, json!({ "errno": 501 })));
    let options = Json(json!({ "url": "goods?page=1" }));
    world.next_response(http(200, brings("token-2")));
    world.next_response(http(200, success(json!({}))));
    world
        .run(client.clone().request(Api::Request, options))
        .unwrap();
    assert_eq!(
        world.paths(),
        [
            "auth/login_by_weixin?of=nobody&page=9",
            "goods?page=1&of=token%2D1",
            "auth/login_by_weixin?of=nobody&page=9",
            "goods?page=1&of=token%2D2",
        ]
    );
    let signs: Vec<_> = world
        .headers()
        .into_iter()
        .map(|header| header["X-Sign"].clone())
        .collect();
    assert_eq!(signs, ["1", "2", "3", "4"]);
    assert_eq!(world.sent()[1].token.as_deref(), Some("token-1"));
}

#[test]
fn what_is_not_signed_is_not_sent() {
    for (reply, code_of) in [
        (json!({}), "hook_failed"),
        (json!({ "done": 7 }), "hook_failed"),
        (
            json!({ "done": { "url": "https://evil.example/" } }),
            "hook_failed",
        ),
        (
            json!({ "done": { "header": { "X": "a\nb" } } }),
            "hook_failed",
        ),
        (json!({ "done": { "header": { "X": {} } } }), "hook_failed"),
        (json!({ "done": { "query": "a=b" } }), "hook_failed"),
    ] {
        let world = World::new();
        let client = world.client_with(signing());
        world.on_app("sign", move |_| {
            let reply = reply.clone();
            async move { reply }
        });
        assert_eq!(code(get(&world, &client)), code_of);
        assert!(world.sent().is_empty());
    }
    let world = World::new();
    let client = world.client_with(signing());
    world.on_app("sign", |_| std::future::pending());
    assert_eq!(code(get(&world, &client)), "timeout");
    assert!(world.sent().is_empty());
}

#[test]
fn nothing_is_signed_for_another_server() {
    let world = World::new();
    let client = world.client_with(signing());
    world.next_response(http(200, json!({})));
    let options = Json(json!({ "url": "https://other.example/x" }));
    world
        .run(client.clone().request(Api::Request, options))
        .unwrap();
    assert!(world.asked().is_empty());
}

#[test]
fn a_logout_while_a_request_is_signed_wins() {
    let world = World::new();
    let client = world.client_with(signing());
    let slow = world.clone();
    world.on_app("sign", move |_| {
        let world = slow.clone();
        async move {
            world.wait(100.0).await;
            json!({ "done": {} })
        }
    });
    assert_eq!(code(silent(&world, &client)), "ok");
    world.forget_calls();
    let request = request(&client, "goods");
    let logout = later(&world, 50.0, &client, |client| client.logout());
    let (request, _) = world.run(async { futures::join!(request, logout) });
    assert_eq!(code(request), "logged_out");
    assert_eq!(world.paths(), ["auth/logout"]);
}
