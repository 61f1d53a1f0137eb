//! What one address refuses, and what the server refuses.

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::LoginError;

use crate::common::{account, code, get, later, request, with_account};
use crate::json::Json;
use crate::server::success;
use crate::world::{Answer, Client, World, http};

/// A signed-in client, and a server one of whose addresses has a 401 of its own.
fn with_own_401() -> (World, Client) {
    let world = World::new();
    world.server(|server| server.own_401 = Some("report"));
    (world.clone(), world.signed_in_client())
}

fn assert_own_words(result: weapp_login::Result<Json>) {
    match &*result.unwrap_err() {
        LoginError::Rejected {
            status,
            errno,
            errmsg,
            ..
        } => {
            assert_eq!(
                (*status, errno.clone(), errmsg.as_str()),
                (401, Some(1103.into()), "旧密码不对")
            );
        }
        other => panic!("{other:?}"),
    }
}

/// (behaviour 46)
#[test]
fn a_refusal_of_one_address_soon_after_the_login_ends_nothing() {
    let (world, client) = with_own_401();
    assert_own_words(world.run(request(&client, "report")));
    assert_eq!(world.paths(), ["report", "auth/info"]);
    assert!(get(&world, &client).is_ok());
    assert_eq!((world.count("login"), world.changes().len()), (0, 0));
}

/// Each poll would make a login. (behaviour 46)
#[test]
fn a_poll_that_is_refused_makes_one_login_at_most() {
    let (world, client) = with_own_401();
    for _ in 0..10 {
        world.shift_clock(600_000.0);
        assert_own_words(world.run(request(&client, "report")));
        assert!(client.session().is_some());
    }
    assert_eq!(world.count("login"), 1);
    assert!(!world.changes().iter().any(|change| change.contains("out")));
}

/// (behaviour 46)
#[test]
fn an_account_is_not_signed_out_by_one_address() {
    let world = World::new();
    world.server(|server| server.own_401 = Some("report"));
    let client = world.client();
    world
        .run(client.clone().login_by_account(account()))
        .unwrap();
    for _ in 0..3 {
        world.shift_clock(600_000.0);
        assert_own_words(world.run(request(&client, "report")));
        assert!(get(&world, &client).is_ok());
    }
    assert_eq!(world.changes().len(), 1); // the login
}

/// Where the server has no `info`, or it cannot be asked, nothing is known. (behaviour 46)
#[test]
fn what_cannot_be_confirmed_ends_no_young_session() {
    for answer in [
        http(404, Value::Null),
        http(500, Value::Null),
        http(200, json!({ "errno": 402 })),
    ] {
        let (world, client) = with_own_401();
        world.next_response(http(401, json!({ "errno": 1103, "errmsg": "旧密码不对" })));
        world.next_response(answer);
        assert_own_words(world.run(request(&client, "report")));
        assert!(client.session().is_some());
        assert_eq!(world.count("login"), 0);
    }
}

/// An older token of an account is believed to have ended where the server has no `info`. (behaviour 46)
#[test]
fn without_info_an_accounts_older_token_is_believed_to_have_ended() {
    let (world, client) = with_account();
    world.shift_clock(600_000.0);
    world.next_response(http(200, json!({ "errno": 501 })));
    world.next_response(http(404, Value::Null));
    let error = get(&world, &client).unwrap_err();
    assert_eq!(*error, LoginError::SignedOut);
    assert!(client.session().is_none());
}

/// (behaviour 46)
#[test]
fn a_young_token_that_info_refuses_too_is_renewed() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    assert!(get(&world, &client).is_ok());
    assert_eq!(
        world.paths(),
        ["goods", "auth/info", "auth/login_by_weixin", "goods"]
    );
}

/// (behaviour 46)
#[test]
fn many_refusals_ask_info_once() {
    let (world, client) = with_own_401();
    let calls = (0..8).map(|_| request(&client, "report"));
    for result in world.run(join_all(calls)) {
        assert_own_words(result);
    }
    assert_eq!(world.count("login"), 0);
    assert_eq!(
        world
            .paths()
            .iter()
            .filter(|path| *path == "auth/info")
            .count(),
        1
    );
}

/// A login that brings the refused token is no renewal. (behaviour 47)
#[test]
fn a_server_that_gives_the_same_token_at_each_login_gets_one_login() {
    let (world, client) = with_own_401();
    world.server(|server| server.sticky = true);
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.shift_clock(600_000.0);
    world.forget_calls();
    let calls = (0..8).map(|_| request(&client, "report"));
    for result in world.run(join_all(calls)) {
        assert_own_words(result);
    }
    assert_eq!(world.count("login"), 1);
    assert!(client.session().is_some());
    world.shift_clock(600_000.0);
    assert_own_words(world.run(request(&client, "report")));
    assert_eq!(world.count("login"), 1);
    assert!(get(&world, &client).is_ok());
}

/// (behaviour 46)
#[test]
fn a_phone_code_that_is_refused_for_its_own_sake_ends_nothing() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.own_401 = Some("auth/bind_phone"));
    assert_own_words(world.run(client.clone().bind_phone(Some("code".into()))));
    assert!(client.session().is_some());
}

/// What `report` answers for a reason of its own.
fn own_401() -> Answer<(u16, Value)> {
    http(401, json!({ "errno": 1103, "errmsg": "旧密码不对" }))
}

fn ended() -> Answer<(u16, Value)> {
    http(200, json!({ "errno": 501 }))
}

/// How often the server was asked whether it accepts the token.
fn questions(world: &World) -> usize {
    let paths = world.paths();
    paths.iter().filter(|path| *path == "auth/info").count()
}

/// A login has followed the 401 of an address, which has refused the new token, too, and `info` has answered with `status`.
fn refused_after_a_login(status: u16) -> (World, Client) {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    let answer = success(json!({ "token": "token-n", "userInfo": { "userId": 7 } }));
    for answer in [
        own_401(),
        http(200, answer),
        own_401(),
        http(status, json!({})),
    ] {
        world.next_response(answer);
    }
    assert_own_words(world.run(request(&client, "report")));
    (world, client)
}

/// The server has no `info`: which address refuses is all that is known. (behaviour 46)
#[test]
fn a_real_end_at_another_address_is_healed_although_one_address_refuses_new_tokens() {
    let (world, client) = refused_after_a_login(404);
    world.shift_clock(3_000_000.0); // the server has forgotten the token meanwhile
    world.next_response(own_401());
    world.next_response(http(404, json!({})));
    assert_own_words(world.run(request(&client, "report")));
    world.forget_calls();
    world.next_response(ended());
    assert!(get(&world, &client).is_ok());
    assert_eq!(world.paths(), ["goods", "auth/login_by_weixin", "goods"]);
}

/// Also if `info` failed when it was asked about the address. (behaviour 46)
#[test]
fn a_real_end_at_another_address_is_healed_although_info_fails() {
    let (world, client) = refused_after_a_login(503);
    world.shift_clock(3_000_000.0);
    world.next_response(ended());
    assert!(get(&world, &client).is_ok());
}

/// (behaviour 46)
#[test]
fn a_poll_that_is_refused_asks_info_once_a_minute() {
    let (world, client) = with_own_401();
    for asked in 1..=3 {
        for _ in 0..15 {
            world.shift_clock(4_000.0);
            assert_own_words(world.run(request(&client, "report")));
        }
        assert_eq!((questions(&world), world.count("login")), (asked, 0));
    }
    world.server(|server| server.revoke_all());
    world.age();
    world.server(|server| server.own_401 = None);
    assert!(world.run(request(&client, "report")).is_ok()); // the server is asked again, and heard
}

/// An address that refuses to answer is one that the server does not have. (behaviour 46)
#[test]
fn an_account_that_has_ended_is_told_so_where_info_refuses_to_answer() {
    for (answer, told) in [
        (http(400, json!({})), "signed_out"),
        (http(403, json!({})), "signed_out"),
        (http(405, json!({})), "signed_out"),
        (http(200, json!({ "errno": 404 })), "signed_out"),
        (http(500, json!({})), "rejected"),
        (http(429, json!({})), "rejected"),
        (http(200, json!("<html>")), "rejected"),
    ] {
        let (world, client) = with_account();
        world.shift_clock(3_600_000.0);
        world.next_response(ended());
        world.next_response(answer.clone());
        assert_eq!(code(get(&world, &client)), told);
        assert_eq!(client.session().is_none(), told == "signed_out");
        assert_eq!(world.count("login"), 0);
    }
}

/// The user signs in again while the replayed request is under way. (behaviours 21, 46)
#[test]
fn a_second_refusal_after_somebody_has_signed_in_again_is_the_servers_own_words() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    world.next_response(ended());
    let request = request(&client, "goods"); // refused after 100 ms, signed in again after 210 ms
    let replay = later(&world, 205.0, &client, {
        let world = world.clone();
        move |_| async move {
            let refused = Ok((200, json!({ "errno": 501, "errmsg": "请登录" })));
            world.next_response(Answer::After(2_000.0, refused));
        }
    });
    let tap = later(&world, 215.0, &client, {
        let world = world.clone();
        move |client| {
            world.server(|server| server.revoke_all());
            client.login_by_weixin(None)
        }
    });
    let (request, (), tap) = world.run(async { futures::join!(request, replay, tap) });
    assert!(tap.is_ok());
    let error = request.unwrap_err();
    assert_eq!(error.to_string(), "the server refused: 请登录");
    assert!(client.session().is_some());
}

/// A signed-in client of a server that gives the same token at each login, which has just ended for good.
fn with_a_dead_sticky_token() -> (World, Client) {
    let world = World::new();
    world.server(|server| server.sticky = true);
    let client = world.signed_in_client();
    world.age();
    world.server(|server| {
        server.issues_dead_tokens = true;
        server.revoke_all();
    });
    (world, client)
}

/// Whether the server confirms the end of the token, cannot be asked or is in trouble. (behaviour 47)
#[test]
fn eight_refusals_of_a_token_that_each_login_brings_again_make_one_login() {
    for status in [None, Some(404), Some(500)] {
        for apart in [0.0, 50.0, 150.0, 500.0, 2_000.0] {
            let (world, client) = with_a_dead_sticky_token();
            world.server(|server| server.status_of_info = status);
            let calls = (0..8).map(|call| {
                later(&world, f64::from(call) * apart, &client, |client| {
                    request(&client, "goods")
                })
            });
            let answers = world.run(join_all(calls));
            assert!(answers.into_iter().all(|answer| code(answer) == "rejected"));
            assert_eq!(world.count("login"), 1, "{status:?} {apart}");
        }
    }
}

/// Nor does a late refusal of it that was sent before that login. (behaviours 24, 47, 53)
#[test]
fn a_late_refusal_of_a_token_that_the_other_client_has_brought_again_makes_no_login() {
    let (world, client) = with_a_dead_sticky_token();
    let other = world.client();
    world.next_response(Answer::After(5_000.0, Ok((200, json!({ "errno": 501 })))));
    let late = request(&client, "goods");
    let login = later(&world, 200.0, &other, |other| other.login_by_weixin(None));
    let (late, login) = world.run(async { futures::join!(late, login) });
    login.unwrap();
    assert_eq!(code(late), "rejected");
    assert_eq!(world.count("login"), 1);
}
