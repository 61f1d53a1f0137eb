use std::rc::Rc;

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::{Api, LoginError};

use crate::common::{asked, dialect, later, request, with_account};
use crate::json::Json;
use crate::server::success;
use crate::world::{Answer, Client, World, fails, http};

fn send(world: &World, client: &Client, options: Value) -> weapp_login::Result<Value> {
    world
        .run(client.clone().request(Api::Request, Json(options)))
        .map(|body| body.0)
}

fn tokens_sent(world: &World, path: &str) -> Vec<String> {
    let sent = world.sent().into_iter().filter(|sent| sent.path == path);
    sent.map(|sent| sent.token.unwrap_or_default()).collect()
}

#[test]
fn carries_the_token_and_gives_the_body() {
    let world = World::new();
    let client = world.signed_in_client();
    let body = send(
        &world,
        &client,
        json!({ "url": "cart/add", "method": "post", "data": { "id": [1, null] } }),
    )
    .unwrap();
    assert_eq!(
        body,
        success(json!({ "user": 7, "echo": { "id": [1, null] } }))
    );
    let sent = &world.sent()[0];
    assert_eq!(
        (
            sent.method.as_str(),
            sent.path.as_str(),
            sent.token.as_deref()
        ),
        ("POST", "cart/add", Some("token-1"))
    );
    assert_eq!((world.count("get"), world.count("set")), (0, 0)); // a warm request makes no storage call
}

/// A refusal of the business is the page's business. (behaviour 28)
#[test]
fn a_business_refusal_is_an_answer() {
    let world = World::new();
    let client = world.signed_in_client();
    for errno in [401, 502, 601] {
        world.next_response(http(200, json!({ "errno": errno, "errmsg": "参数不对" })));
        assert_eq!(
            send(&world, &client, json!({ "url": "a" })).unwrap()["errno"],
            errno
        );
    }
    assert_eq!(world.count("login"), 0);
}

/// (behaviours 19, 20, 21; B2, B3, N1, N2, N3, W3, R2)
#[test]
fn a_refused_token_leads_to_one_login_and_one_replay_of_each_request() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    let calls = (0..100).map(|n| {
        client.clone().request(
            Api::Request,
            Json(json!({ "url": format!("goods/{n}"), "data": { "n": n } })),
        )
    });
    let bodies = world.run(join_all(calls));
    for (n, body) in bodies.into_iter().enumerate() {
        assert_eq!(body.unwrap().0["data"]["echo"]["n"], n); // with its own data
    }
    // Nine at a time, three times before the new token is there: these alone are sent twice.
    let requests = 100 + 3 * 9 + 1;
    assert_eq!(
        (world.count("login"), world.count("request")),
        (1, requests)
    );
    assert_eq!(tokens_sent(&world, "goods/5"), ["token-1", "token-2"]);
    assert_eq!(tokens_sent(&world, "goods/99"), ["token-2"]);
}

/// (behaviour 27)
#[test]
fn signed_out_may_be_an_http_status_or_another_number() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.next_response(http(401, Value::Null));
    assert!(send(&world, &client, json!({ "url": "a" })).is_ok());
    assert_eq!(world.count("login"), 1);

    let client = world.client_with(dialect(json!({ "signedOut": { "errno": -1 } })));
    world.age();
    world.forget_calls();
    world.next_response(http(200, json!({ "errno": -1 })));
    assert!(send(&world, &client, json!({ "url": "a" })).is_ok());
    assert_eq!(world.count("login"), 1);
    world.next_response(http(401, Value::Null));
    assert_eq!(
        send(&world, &client, json!({ "url": "a" })).unwrap_err(),
        LoginError::ServerError {
            status: 401,
            retry_after: None,
            asked: asked("GET", "a"),
        }
        .into()
    );
}

/// (behaviour 21; R2)
#[test]
fn a_second_refusal_rejects() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.next_response(http(200, json!({ "errno": 501 })));
    // The login succeeds, but with a token that the server does not know a moment later.
    world.next_response(http(
        200,
        success(json!({ "token": "unknown", "userInfo": { "userId": 7 } })),
    ));
    assert_eq!(
        send(&world, &client, json!({ "url": "a" })).unwrap_err(),
        LoginError::SignedOut.into()
    );
    assert_eq!(
        world.paths(),
        ["a", "auth/login_by_weixin", "a", "auth/info"]
    );
    assert!(client.session().is_none());
    // No login follows at once: the next request fails the same way without one.
    assert_eq!(
        send(&world, &client, json!({ "url": "a" })).unwrap_err(),
        LoginError::SignedOut.into()
    );
    assert_eq!(world.count("login"), 1);
}

/// However many requests hear of it, it is one failed login, with the first pause.
#[test]
fn a_second_refusal_of_many_requests_is_one_failure() {
    let world = World::new();
    world.fix_chance(0.5); // the first pause is of 2 s
    let client = world.signed_in_client();
    world.age();
    for _ in 0..10 {
        world.next_response(http(200, json!({ "errno": 501 })));
    }
    world.next_response(http(
        200,
        success(json!({ "token": "unknown", "userInfo": { "userId": 7 } })),
    ));
    let sends = (0..10).map(|_| request(&client, "a"));
    let results = world.run(join_all(sends));
    assert!(
        results
            .iter()
            .all(|result| *result == Err(LoginError::SignedOut.into()))
    );
    world.shift_clock(2_000.0);
    assert!(send(&world, &client, json!({ "url": "a" })).is_ok());
    assert_eq!(world.count("login"), 2);
}

/// (behaviour 23; A1, A2)
#[test]
fn a_failed_login_settles_every_waiter_and_nothing_is_replayed() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    world.next_login(fails("login:fail", None));
    let calls = (0..10).map(|n| request(&client, &format!("goods/{n}")));
    for result in world.run(join_all(calls)) {
        assert_eq!(result.unwrap_err().code(), "wx_login_failed");
    }
    assert_eq!((world.count("login"), world.count("request")), (1, 10));
}

/// (behaviour 29)
#[test]
fn a_login_that_fails_for_now_keeps_the_session_and_one_that_is_refused_does_not() {
    for (answer, kept) in [
        (http(500, Value::Null), true),
        (http(429, Value::Null), true),
        (http(200, json!({ "errno": 711 })), true),
        (http(200, json!({ "errno": 713 })), true),
        (http(200, json!({ "errno": 502 })), true),
        (http(200, json!({ "errno": 714 })), false),
    ] {
        let world = World::new();
        let client = world.signed_in_client();
        world.age();
        world.next_response(http(200, json!({ "errno": 501 })));
        world.next_response(answer);
        assert!(send(&world, &client, json!({ "url": "a" })).is_err());
        assert_eq!(
            (client.session().is_some(), world.stored_session().is_some()),
            (kept, kept)
        );
    }
}

/// (behaviours 29, 31)
#[test]
fn what_is_no_verdict_signs_nobody_out() {
    let world = World::new();
    let client = world.signed_in_client();
    for (answer, code) in [
        (fails("request:fail -105", None), "network"),
        (fails("request:fail timeout", Some(5)), "timeout"),
        (fails("request:fail interrupted", Some(600_003)), "network"), // too long in the background
        (Answer::Never, "timeout"),
        (http(500, Value::Null), "server_error"),
        (http(429, Value::Null), "server_error"),
        (http(200, Value::Null), "bad_response"),
        (http(200, json!("<html>")), "bad_response"),
        (http(200, json!(r#"{"errno":0}"#)), "bad_response"), // JSON in a text: only an upload's answer is one
    ] {
        world.next_response(answer);
        assert_eq!(
            send(&world, &client, json!({ "url": "a" }))
                .unwrap_err()
                .code(),
            code
        );
    }
    assert!(client.session().is_some());
    assert_eq!(world.count("login"), 0);
}

/// (behaviour 24; B14)
#[test]
fn a_late_refusal_of_an_old_token_just_sends_again_with_the_new_one() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(Answer::After(5_000.0, Ok((200, json!({ "errno": 501 })))));
    let request = request(&client, "goods");
    let login = later(&world, 10.0, &client, |client| client.login_by_weixin(None));
    let (body, login) = world.run(async { futures::join!(request, login) });
    assert!(login.is_ok());
    assert_eq!(body.unwrap().0["errno"], 0);
    assert_eq!(world.count("login"), 1);
    assert_eq!(tokens_sent(&world, "goods"), ["token-1", "token-2"]);
    assert_eq!(world.record().unwrap()["token"], "token-2");
}

/// (behaviour 25)
#[test]
fn nothing_is_replayed_for_another_user() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| {
        server.revoke_all();
        server.weixin_user = 99;
    });
    let error = send(&world, &client, json!({ "url": "goods" })).unwrap_err();
    assert_eq!(*error, LoginError::UserChanged);
    assert_eq!(tokens_sent(&world, "goods"), ["token-1"]);
    assert_eq!(client.session().unwrap().user_info.0["userId"], 99);
}

/// Ids need not be small: a snowflake's do not fit 32 bits.
#[test]
fn users_with_large_ids_are_told_apart() {
    let world = World::new();
    world.server(|server| server.weixin_user = 5_000_000_001);
    let client = world.signed_in_client();
    world.server(|server| {
        server.revoke_all();
        server.weixin_user = 5_000_000_002;
    });
    let error = send(&world, &client, json!({ "url": "goods" })).unwrap_err();
    assert_eq!(*error, LoginError::UserChanged);
    assert_eq!(world.changes(), ["signed in: null"]); // and not renewed
}

/// A silent WeChat login could be somebody else. (behaviours 3, 25)
#[test]
fn an_account_session_is_not_replaced_behind_the_users_back() {
    let (world, client) = with_account();
    world.server(|server| server.revoke_all());
    assert_eq!(
        send(&world, &client, json!({ "url": "goods" })).unwrap_err(),
        LoginError::SignedOut.into()
    );
    assert_eq!(world.count("login"), 0);
    assert!(client.session().is_none());
}

/// (behaviour 22)
#[test]
fn a_login_sent_as_a_request_leads_to_no_other_login() {
    let world = World::new();
    let client = world.signed_in_client();
    for url in [
        "auth/login_by_weixin",
        "auth/login",
        "auth/register",
        "auth/logout?x=1",
        "auth/bind_phone",
    ] {
        world.next_response(http(200, json!({ "errno": 501 })));
        let result = send(&world, &client, json!({ "url": url, "method": "POST" }));
        assert_eq!(result.unwrap_err().code(), "rejected"); // the server's own words
    }
    assert_eq!(world.count("login"), 0);
}

/// Some servers tell their functions apart in the query.
#[test]
fn an_endpoint_may_be_in_the_query() {
    let world = World::new();
    let client = world.client_with(dialect(
        json!({ "accountLogin": { "url": "index.php?r=login" } }),
    ));
    for (url, logins) in [("index.php?r=login", 0), ("index.php?r=cart", 1)] {
        world.next_response(http(200, json!({ "errno": 501 })));
        let _ = send(&world, &client, json!({ "url": url, "method": "POST" }));
        assert_eq!(world.count("login"), logins, "{url}");
    }
}

/// (behaviour 26; B10)
#[test]
fn after_a_logout_nothing_is_replayed() {
    // While the request is out, while wx.login runs, while the login's request runs.
    for after in [50.0, 105.0, 150.0] {
        let world = World::new();
        let client = world.signed_in_client();
        world.age();
        world.server(|server| server.revoke_all());
        let request = request(&client, "goods");
        let logout = later(&world, after, &client, |client| client.logout());
        let (result, _) = world.run(async { futures::join!(request, logout) });
        assert_eq!(*result.unwrap_err(), LoginError::LoggedOut);
        assert_eq!(tokens_sent(&world, "goods"), ["token-1"]);
        assert!(client.session().is_none());
        assert_eq!(world.stored_session(), None);
        assert_eq!(Rc::strong_count(&client), 1);
    }
}

/// Who has left stays away until they sign in themselves.
#[test]
fn after_a_logout_a_refused_request_signs_nobody_in() {
    let world = World::new();
    let client = world.signed_in_client();
    world.run(client.clone().logout()).unwrap();
    world.forget_calls();
    assert_eq!(
        send(&world, &client, json!({ "url": "goods" })).unwrap_err(),
        LoginError::SignedOut.into()
    );
    assert_eq!(world.count("login"), 0);
    world.run(client.clone().login_by_weixin(None)).unwrap();
    world.server(|server| server.revoke_all());
    assert!(send(&world, &client, json!({ "url": "goods" })).is_ok());
}

/// (behaviour 6)
#[test]
fn a_request_waits_for_the_first_login() {
    let world = World::new();
    let client = world.client();
    let login = client.clone().login_by_weixin(None);
    let request = request(&client, "goods");
    let (_, body) = world.run(async { futures::join!(login, request) });
    assert!(body.is_ok());
    assert_eq!(world.paths(), ["auth/login_by_weixin", "goods"]);
    assert_eq!(tokens_sent(&world, "goods"), ["token-1"]);
}

/// A failed first login must not keep from anybody what is open to all.
#[test]
fn a_request_goes_out_without_a_token_if_the_first_login_fails() {
    let world = World::new();
    world.next_login(fails("login:fail", None));
    world.next_response(http(200, success(json!({ "open": "to all" }))));
    let client = world.client();
    let login = client.clone().login_by_weixin(None);
    let request = request(&client, "goods");
    let (login, body) = world.run(async { futures::join!(login, request) });
    assert!(login.is_err());
    assert_eq!(body.unwrap().0["data"]["open"], "to all");
}

#[test]
fn without_a_session_a_refused_request_signs_in() {
    let world = World::new();
    let client = world.client();
    assert!(send(&world, &client, json!({ "url": "goods" })).is_ok());
    assert_eq!(tokens_sent(&world, "goods"), ["", "token-1"]);
}

#[test]
fn a_session_that_is_over_is_renewed_before_the_request() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0);
    assert!(send(&world, &client, json!({ "url": "goods" })).is_ok());
    assert_eq!(world.paths(), ["auth/login_by_weixin", "goods"]);
    // The clock may be wrong: if there is no new session to be had, the server decides.
    world.shift_clock(7_200_000.0);
    world.forget_calls();
    world.next_login(fails("login:fail", None));
    assert!(send(&world, &client, json!({ "url": "goods" })).is_ok());
    assert_eq!(tokens_sent(&world, "goods"), ["token-2"]);
}

#[test]
fn the_token_goes_nowhere_else() {
    let world = World::new();
    let client = world.signed_in_client();
    for url in [
        "https://other.example/wx/goods",
        "http://shop.example/wx/goods",
        "https://shop.example/other",
        "https://shop.example/wx.evil/goods",
        "https://shop.example.evil/wx/goods",
    ] {
        world.next_response(http(200, json!({ "errno": 501 })));
        assert_eq!(
            send(&world, &client, json!({ "url": url })).unwrap()["errno"],
            501,
            "{url}"
        );
    }
    assert!(world.sent().iter().all(|sent| sent.token.is_none()));
    assert_eq!(world.count("login"), 0); // what another server says about its users is nothing to us
}

#[test]
fn a_url_that_climbs_out_of_the_base_is_refused() {
    let world = World::new();
    let client = world.signed_in_client();
    for url in [
        "../admin",
        "goods/../../admin",
        "goods/%2e%2E/%2E./admin",
        "..\\admin",
        "..%2fadmin",
        "a/..%2F..%2Fadmin",
        "..%5cadmin",
        "..;/admin",
        " ../admin",
        ".\t./admin",
        "https://shop.example/wx/../admin",
        "javascript:alert(1)",
        "wss://shop.example/wx/",
        "HTTPS://shop.example/wx/goods",
    ] {
        let error = send(&world, &client, json!({ "url": url })).unwrap_err();
        assert!(
            matches!(*error, LoginError::InvalidArgument { name: "url", .. }),
            "{url}"
        );
    }
    for url in [
        "goods?next=../x",
        "/goods",
        "https://shop.example/wx/goods?at=12:30",
    ] {
        assert!(
            send(&world, &client, json!({ "url": url })).is_ok(),
            "{url}"
        );
    }
}

#[test]
fn arguments_are_checked_and_named() {
    let world = World::new();
    let client = world.signed_in_client();
    for (options, field) in [
        (json!(null), "url"),
        (json!({}), "url"),
        (json!({ "url": "" }), "url"),
        (json!({ "url": 7 }), "url"),
        (json!({ "url": "a", "method": "FETCH" }), "method"),
        (json!({ "url": "a", "method": 1 }), "method"),
        (json!({ "url": "a", "header": "x" }), "header"),
        (json!({ "url": "a", "timeout": 0 }), "timeout"),
        (json!({ "url": "a", "timeout": "60" }), "timeout"),
    ] {
        match &*send(&world, &client, options.clone()).unwrap_err() {
            LoginError::InvalidArgument { name, .. } => assert_eq!(*name, field, "{options}"),
            other => panic!("{options} gives {other:?}"),
        }
    }
    assert_eq!(world.count("request"), 0);
}

#[test]
fn a_header_of_the_pages_goes_along_and_is_not_changed() {
    let world = World::new();
    let client = world.signed_in_client();
    let options =
        json!({ "url": "a", "header": { "X-Litemall-Token": "mine", "Accept": "text/plain" } });
    send(&world, &client, options).unwrap();
    assert_eq!(world.sent()[0].token.as_deref(), Some("token-1"));
}

#[test]
fn a_second_spelling_of_the_token_header_does_not_go_along() {
    let world = World::new();
    let client = world.signed_in_client();
    let options = json!({ "url": "a", "header": { "x-litemall-TOKEN": "mine", "Accept": "text/plain", "X-None": null } });
    send(&world, &client, options).unwrap();
    let header = world.headers().pop().unwrap();
    assert_eq!(
        header,
        json!({ "Accept": "text/plain", "X-Litemall-Token": "token-1" })
    );
}

/// (behaviour 25)
#[test]
fn a_request_renewed_before_it_is_sent_does_not_go_out_as_another_user() {
    let world = World::new();
    let client = world.signed_in_client();
    world.shift_clock(7_200_000.0);
    world.server(|server| server.weixin_user = 99);
    assert_eq!(
        send(&world, &client, json!({ "url": "goods" })).unwrap_err(),
        LoginError::UserChanged.into()
    );
    assert_eq!(world.paths(), ["auth/login_by_weixin"]);
}

#[test]
fn an_upload_is_renewed_and_replayed_like_a_request() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.server(|server| server.revoke_all());
    let options = json!({ "url": "storage/upload", "filePath": "wxfile://tmp/a.png", "name": "file", "formData": { "kind": "avatar" } });
    let body = world
        .run(client.clone().request(Api::UploadFile, Json(options)))
        .unwrap();
    assert_eq!(body.0["data"]["echo"]["file"], "wxfile://tmp/a.png");
    assert_eq!(
        world.paths(),
        ["storage/upload", "auth/login_by_weixin", "storage/upload"]
    );
    for field in ["filePath", "name", "url"] {
        let mut options = json!({ "url": "u", "filePath": "f", "name": "n" });
        options[field] = json!("");
        let error = world
            .run(client.clone().request(Api::UploadFile, Json(options)))
            .unwrap_err();
        assert!(matches!(*error, LoginError::InvalidArgument { name, .. } if name == field));
    }
}

/// Of a refusal only the status is known: its body is in the file.
#[test]
fn a_download_is_renewed_and_replayed_like_a_request() {
    let world = World::new();
    let client = world.signed_in_client();
    world.age();
    world.next_response(http(401, Value::Null));
    let download = |options| client.clone().request(Api::DownloadFile, Json(options));
    let body = world.run(download(json!({ "url": "file" }))).unwrap();
    assert_eq!(body.0["tempFilePath"], "wxfile://1");
    assert_eq!(world.paths(), ["file", "auth/login_by_weixin", "file"]);
    world.next_response(http(404, Value::Null));
    let error = world.run(download(json!({ "url": "file" }))).unwrap_err();
    assert!(matches!(
        *error,
        LoginError::ServerError { status: 404, .. }
    ));
    let error = world.run(download(json!({}))).unwrap_err();
    assert!(matches!(
        *error,
        LoginError::InvalidArgument { name: "url", .. }
    ));
}

#[test]
fn steps_are_observed_without_secrets() {
    let world = World::new();
    let client = world.signed_in_client();
    world.server(|server| server.revoke_all());
    send(&world, &client, json!({ "url": "a" })).unwrap();
    assert_eq!(
        world.steps(),
        [("login", None), ("exchange", None), ("replay", None)]
    );
    world.forget_calls();
    world.next_response(http(500, Value::Null));
    assert!(world.run(client.clone().login_by_weixin(None)).is_err());
    assert_eq!(
        world.steps(),
        [("login", None), ("exchange", Some("server_error"))]
    );
}

/// (behaviour 59)
#[test]
fn the_whole_answer_is_there_for_who_wants_it() {
    let world = World::new();
    let client = world.signed_in_client();
    world.next_response(http(201, json!([1])));
    let options = Json(json!({ "url": "a" }));
    let full = world.run(client.request_full(options)).unwrap();
    assert_eq!(
        full.0,
        json!({ "data": [1], "status": 201.0, "headers": {}, "cookies": [] })
    );
}

/// (behaviour 60)
#[test]
fn a_request_says_as_whom_it_is_sent() {
    let world = World::new();
    let client = world.client();
    let sent = |auth: &str| send(&world, &client, json!({ "url": "a", "auth": auth }));
    assert!(sent("required").is_ok());
    assert_eq!(world.paths(), ["auth/login_by_weixin", "a"]);
    world.forget_calls();
    assert_eq!(sent("none").unwrap_err().code(), "rejected"); // the server wants somebody
    assert_eq!((world.paths().len(), world.count("login")), (1, 0));
    assert_eq!(world.sent()[0].token, None);
    assert_eq!(sent("always").unwrap_err().code(), "invalid_argument");
    world.age();
    world.server(|server| server.revoke_all());
    world.forget_calls();
    let unhealed = json!({ "url": "a", "relogin": false });
    assert_eq!(
        send(&world, &client, unhealed).unwrap_err().code(),
        "rejected"
    );
    assert_eq!((world.paths().len(), world.count("login")), (1, 0));
    assert!(client.session().is_some());
}

/// (behaviour 61)
#[test]
fn a_refusal_keeps_its_body_but_no_token() {
    let world = World::new();
    let client = world.signed_in_client();
    let body = |answer| {
        world.next_response(http(422, answer));
        let error = send(&world, &client, json!({ "url": "a" })).unwrap_err();
        match &*error {
            LoginError::Rejected { body, .. } => body.clone(),
            other => panic!("{other:?}"),
        }
    };
    let fields = json!({ "errors": { "name": ["too long"] } });
    assert_eq!(body(fields.clone()), Some(fields.to_string()));
    assert_eq!(
        body(json!({ "errmsg": "x", "data": { "token": "secret" } })),
        Some(json!({ "errmsg": "x", "data": { "token": null } }).to_string())
    );
}
