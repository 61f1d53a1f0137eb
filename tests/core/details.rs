//! What an error says of its request, of the answer, and of when to try again.

use serde_json::{Value, json};
use weapp_login::{Api, LoginError};

use crate::common::{account_with, code, dialect, get, refreshing, request, silent};
use crate::json::Json;
use crate::server::success;
use crate::world::{Client, World, fails, http};

fn place(error: &LoginError) -> Option<(&'static str, &str)> {
    error
        .asked()
        .map(|asked| (asked.method, asked.path.as_str()))
}

fn send(world: &World, client: &Client, options: Value) -> weapp_login::Result<Json> {
    world.run(client.clone().request(Api::Request, Json(options)))
}

/// By each kind of error that a request can end with.
#[test]
fn an_error_names_its_request_without_the_query() {
    for (answer, code_of) in [
        (fails("request:fail", None), "network"),
        (fails("request:fail timeout", Some(5)), "timeout"),
        (http(500, json!("x")), "server_error"),
        (http(200, json!("<html>")), "bad_response"),
        (http(422, json!({ "errno": 9 })), "rejected"),
    ] {
        let world = World::new();
        let client = world.client();
        world.next_response(answer);
        let options = json!({ "url": "user/7?phone=138&key=secret", "method": "PUT" });
        let error = send(&world, &client, options).unwrap_err();
        assert_eq!(error.code(), code_of);
        assert_eq!(place(&error), Some(("PUT", "user/7")));
    }
    let world = World::new();
    let client = world.client();
    world.next_response(http(500, json!("x")));
    let options = json!({ "url": "https://other.example/x?key=secret" });
    let error = send(&world, &client, options).unwrap_err();
    assert_eq!(place(&error), Some(("GET", "https://other.example/x")));
}

/// An address of the dialect's may have a code or a token in it.
#[test]
fn an_error_of_a_login_names_the_dialects_request() {
    let slots = json!({
        "login": { "url": "wx/$code/login?x=1", "method": "GET" },
        "user": { "url": "me", "at": "data", "id": "userId" },
        "unfinished": { "errno": 10000 },
    });
    let error_of = |answers: &[Value]| {
        let world = World::new();
        let client = world.client_with(dialect(slots.clone()));
        for answer in answers {
            world.next_response(http(200, answer.clone()));
        }
        world.run(client.login_by_weixin(None)).unwrap_err()
    };
    let login = Some(("GET", "wx/$code/login"));
    for answer in [
        json!({ "errno": 9 }),
        json!({ "errno": 10000 }),
        json!({}),
        json!({ "errno": 0 }),
    ] {
        assert_eq!(place(&error_of(&[answer])), login);
    }
    let given = success(json!({ "token": "t" }));
    for answer in [
        json!({ "errno": 9 }),
        json!({ "errno": 0, "data": [1] }),
        success(json!(7)),
    ] {
        let error = error_of(&[given.clone(), answer]);
        assert_eq!(place(&error), Some(("GET", "me")), "{error}");
    }
    let refresh = json!({ "url": "auth/refresh/$refresh" });
    let (world, client) = account_with(refreshing(json!({ "refresh": refresh })));
    world.shift_clock(7_200_000.0);
    world.next_response(http(503, json!("x")));
    let error = silent(&world, &client).unwrap_err();
    assert_eq!(place(&error), Some(("POST", "auth/refresh/$refresh")));
    assert!(!format!("{error:?}").contains("refresh-1"));
}

#[test]
fn a_bad_answer_is_told_by_the_users_own_fields() {
    let slots = json!({
        "success": { "code": 1 }, "code": "code",
        "token": { "at": "data.token" }, "user": { "at": "data.user" },
    });
    for (answer, text) in [
        (json!({ "data": {} }), "no value at `code` but nothing"),
        (
            json!({ "code": { "secret": 1 } }),
            "no value at `code` but an object",
        ),
        (
            json!({ "code": 1, "data": { "token": true } }),
            "no text at `data.token` but true or false",
        ),
        (
            json!({ "code": 1, "data": { "token": ["secret"] } }),
            "no text at `data.token` but a list",
        ),
        (
            json!({ "code": 1, "data": { "token": "t", "user": "secret" } }),
            "no object at `data.user` but a text",
        ),
        (json!("secret"), "is not JSON but a text"),
        (json!(null), "is not JSON but nothing"),
    ] {
        let world = World::new();
        let client = world.client_with(dialect(slots.clone()));
        world.next_response(http(200, answer));
        let error = world.run(client.login_by_weixin(None)).unwrap_err();
        let found = error.to_string();
        assert!(found.contains(text), "{found}, and not {text}");
        assert!(!found.contains("errno") && !format!("{error:?}").contains("secret"));
    }
}

#[test]
fn a_failure_says_when_the_server_wants_to_be_asked_again() {
    let date = "2027-01-15T08:00:00Z";
    for (header, seconds) in [
        (json!({ "retry-after": "7" }), Some(7)),
        (json!({ "Retry-After": "0" }), Some(0)),
        (
            json!({ "Retry-After": "2027-01-15T08:02:00Z", "Date": date }),
            Some(120),
        ),
        (
            json!({ "Retry-After": "2027-01-15T07:00:00Z", "Date": date }),
            Some(0),
        ),
        (json!({ "Retry-After": "2027-01-15T08:02:00Z" }), None),
        (json!({ "Retry-After": "-1" }), None),
        (json!({ "Retry-After": "soon" }), None),
        (json!({ "Retry-After": "99999999999" }), Some(u32::MAX)),
        (json!({}), None),
    ] {
        let world = World::new();
        let client = world.client();
        world.set_header(header);
        for answer in [http(503, json!("x")), http(429, json!({ "errno": 9 }))] {
            world.next_response(answer);
            let error = get(&world, &client).unwrap_err();
            assert_eq!(error.retry_after(), seconds);
        }
    }
}

#[test]
fn the_backoff_is_as_long_as_the_server_asks_for_within_limits() {
    for (asked_for, pause_s) in [("30", 30.0), ("1", 2.0), ("86400", 300.0)] {
        let world = World::new();
        world.fix_chance(0.5);
        let client = world.client();
        world.set_header(json!({ "Retry-After": asked_for }));
        world.next_response(http(503, json!("x")));
        assert_eq!(code(silent(&world, &client)), "server_error");
        world.shift_clock(pause_s * 1000.0 - 1.0);
        assert_eq!(code(silent(&world, &client)), "server_error");
        assert_eq!(world.count("login"), 1);
        world.shift_clock(1.0);
        assert_eq!(code(silent(&world, &client)), "ok");
    }
}

#[test]
fn refusals_reject_where_they_are_meant_to() {
    let refusal = json!({ "errno": 9, "errmsg": "sold out" });
    for (option, of_request, code_of) in [
        (json!("resolve"), json!(null), "ok"),
        (json!("resolve"), json!("reject"), "rejected"),
        (json!("reject"), json!(null), "rejected"),
        (json!("reject"), json!("resolve"), "ok"),
        (json!(null), json!(null), "ok"),
    ] {
        let world = World::new();
        let client = world.client_with(json!({ "refusals": option }));
        world.next_response(http(200, refusal.clone()));
        let options = json!({ "url": "goods", "refusals": of_request });
        let result = send(&world, &client, options);
        if let Err(error) = &result {
            assert!(error.to_string().contains("sold out"));
            assert_eq!(place(error), Some(("GET", "goods")));
        }
        assert_eq!(code(result), code_of);
    }
    let world = World::new();
    let client = world.client_with(json!({ "refusals": "reject" }));
    for answer in [
        success(json!({})),
        json!([1]),
        json!(7),
        json!({ "list": [] }),
    ] {
        world.next_response(http(200, answer));
        assert_eq!(code(get(&world, &client)), "ok"); // these refuse nothing
    }
    world.next_response(http(200, refusal));
    let elsewhere = request(&client, "https://other.example/x");
    assert_eq!(code(world.run(elsewhere)), "ok");
    let options = json!({ "url": "goods", "refusals": "throw" });
    assert_eq!(code(send(&world, &client, options)), "invalid_argument");
}
