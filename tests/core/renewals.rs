//! Tokens that follow one another, and refusals that end that.

use serde_json::{Value, json};
use weapp_login::Config;

use crate::common::{account_with, code, dialect, get, later, refreshing, request, silent};
use crate::json::Json;
use crate::server::success;
use crate::world::{Answer, BASE, World, http};

/// The user has no id: only the chain of tokens tells that both are one.
#[test]
fn a_request_may_span_two_tokens_that_roll() {
    let options = dialect(json!({
        "user": { "at": "data.userInfo", "id": "nothing" },
        "renewed": { "at": "next" },
        "check": null,
    }));
    let (world, client) = account_with(options);
    let slow = (200, json!({ "errno": 501 }));
    world.next_response(Answer::After(1_000.0, Ok(slow)));
    let first = request(&client, "goods");
    let between = later(&world, 10.0, &client, |client| async move {
        for _ in 0..2 {
            request(&client, "cart").await.unwrap();
        }
    });
    for next in ["rolled-1", "rolled-2"] {
        world.next_response(http(200, json!({ "errno": 0, "next": next })));
    }
    world.next_response(http(200, success(json!({}))));
    let (first, ()) = world.run(async { futures::join!(first, between) });
    assert_eq!(code(first), "ok");
    let tokens: Vec<_> = world
        .sent()
        .into_iter()
        .filter_map(|sent| sent.token)
        .collect();
    assert_eq!(tokens, ["token-1", "token-1", "rolled-1", "rolled-2"]);
}

#[test]
fn a_refresh_that_says_no_scheme_keeps_it() {
    let token = json!({ "at": "data.token", "scheme": { "at": "data.head" }, "header": "X-Litemall-Token", "refresh": "data.refresh" });
    let (world, client) = {
        let world = World::new();
        let client = world.client_with(refreshing(json!({ "token": token, "check": null })));
        let first = json!({ "token": "t-1", "head": "Bearer ", "refresh": "r", "userInfo": { "userId": 7 } });
        world.next_response(http(200, success(first)));
        world.run(client.clone().login_by_weixin(None)).unwrap();
        world.age();
        (world, client)
    };
    for (answer, carried) in [
        (json!({ "token": "t-2" }), "Bearer t-2"),
        (json!({ "token": "t-3", "head": "Token " }), "Token t-3"),
        (json!({ "token": "t-4" }), "Token t-4"),
    ] {
        world.next_response(http(200, json!({ "errno": 501 })));
        world.next_response(http(200, success(answer)));
        world.next_response(http(200, success(json!({}))));
        assert_eq!(code(get(&world, &client)), "ok");
        assert_eq!(world.sent().pop().unwrap().token.as_deref(), Some(carried));
        world.age();
    }
}

fn refused_with(status: u16, body: Value, slots: Value) -> (bool, &'static str) {
    let (world, client) = account_with(refreshing(slots));
    world.shift_clock(7_200_000.0);
    world.next_response(http(status, body));
    let result = code(silent(&world, &client));
    (world.record().unwrap()["refresh"].is_string(), result)
}

/// A code is temporary also if it is a text; a refusal that the dialect names is not, but a server that fails says nothing.
#[test]
fn a_refusal_of_a_refresh_is_temporary_or_not() {
    let none = || json!({});
    let named = || json!({ "refusals": { "refresh_refused": { "errno": 500 } } });
    for (status, body, slots, stays, found) in [
        (200, json!({ "errno": "429" }), none(), true, "rejected"),
        (200, json!({ "errno": 429 }), none(), true, "rejected"),
        (
            200,
            json!({ "errno": "A0231" }),
            none(),
            false,
            "signed_out",
        ),
        (200, json!({ "errno": 500 }), none(), true, "rejected"),
        (200, json!({ "errno": 500 }), named(), false, "signed_out"),
        (200, json!({ "errno": 503 }), named(), true, "rejected"),
        (400, json!({ "errno": 500 }), named(), false, "signed_out"),
        (
            500,
            json!({ "errno": 500 }),
            named(),
            true,
            "refresh_refused",
        ),
        (503, json!("busy"), named(), true, "server_error"),
    ] {
        let expected = (stays, found);
        assert_eq!(
            refused_with(status, body.clone(), slots),
            expected,
            "{status} {body}"
        );
    }
}

#[test]
fn an_unfinished_login_shows_all_but_the_token() {
    for (answer, shown) in [
        (
            json!({ "errno": 10000, "data": { "token": "secret", "openid": "o" } }),
            Some(json!({ "errno": 10000, "data": { "token": null, "openid": "o" } })),
        ),
        (
            json!({ "errno": 10000, "data": { "token": "secret" }, "again": "a secret" }),
            None,
        ),
    ] {
        let world = World::new();
        let client = world.client_with(dialect(json!({ "unfinished": { "errno": 10000 } })));
        world.next_response(http(200, answer));
        let error = world.run(client.login_by_weixin(None)).unwrap_err();
        let weapp_login::LoginError::Unfinished { body, .. } = &*error else {
            panic!("{error:?}");
        };
        let body = body
            .as_deref()
            .map(|body| serde_json::from_str(body).unwrap());
        assert_eq!(body, shown);
    }
}

#[test]
fn what_says_nothing_or_two_things_is_refused() {
    for (slots, field) in [
        (json!({ "renewed": {} }), "dialect.renewed"),
        (
            json!({ "renewed": { "at": "a", "header": "B" } }),
            "dialect.renewed",
        ),
        (
            json!({ "token": { "header": "A", "query": "b" } }),
            "dialect.token",
        ),
        (
            json!({ "token": { "header": "A", "body": "b" } }),
            "dialect.token",
        ),
        (
            json!({ "token": { "query": "a", "body": "b" } }),
            "dialect.token",
        ),
    ] {
        let options = json!({ "baseUrl": BASE, "dialect": slots });
        let error = Config::new(&Json(options)).unwrap_err().to_string();
        assert!(error.contains(&format!("{field} ")), "{error}");
    }
}

/// A new code could end the key that the encrypted data belongs to.
#[test]
fn a_login_by_phone_uses_the_code_from_before_the_tap() {
    let send = json!({ "code": "$code", "data": "$encryptedData" });
    let options = dialect(json!({ "phoneLogin": { "url": "auth/phone", "send": send } }));
    let world = World::new();
    let client = world.client_with(options);
    let answer = success(json!({ "token": "t", "userInfo": { "userId": 9 } }));
    let phone = json!({ "encryptedData": "e", "iv": "i" });
    for (code_given, sent, logins) in [(Some("own"), "own", 0), (None, "code-1", 1)] {
        world.next_response(http(200, answer.clone()));
        let mut phone = phone.clone();
        phone["code"] = code_given.into();
        world
            .run(client.clone().login_by_phone(Json(phone)))
            .unwrap();
        assert_eq!(
            world.sent().pop().unwrap().data,
            json!({ "code": sent, "data": "e" })
        );
        assert_eq!(world.count("login"), logins);
    }
    let odd = Json(json!({ "encryptedData": "e", "iv": "i", "code": 7 }));
    assert_eq!(
        code(world.run(client.login_by_phone(odd))),
        "invalid_argument"
    );
}
