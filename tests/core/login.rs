use std::rc::Rc;

use futures::future::join_all;
use serde_json::{Value, json};
use weapp_login::{HostFailure, LoginError, Timestamp};

use crate::common::asked;
use crate::json::Json;
use crate::server::success;
use crate::world::{Answer, START, World, fails, http, ok};

/// The error of a login whose requests get `answer`; also checks that nothing was stored.
fn error_of_login_answered(answer: Answer<(u16, Value)>) -> Rc<LoginError> {
    let world = World::new();
    world.next_response(answer.clone());
    world.next_response(answer); // for the second try
    let client = world.client();
    let error = world.run(client.clone().login_by_weixin(None)).unwrap_err();
    assert!(client.session().is_none());
    assert_eq!(world.record(), None);
    error
}

#[test]
fn sends_code_and_profile_and_keeps_the_session() {
    let world = World::new();
    let client = world.client();
    let profile = Json(json!({ "nickName": "👨‍👩‍👧‍👦𠮷野家", "city": "北京" }));

    let envelope = world
        .run(client.clone().login_by_weixin(Some(profile.clone())))
        .unwrap();

    let sent = &world.sent()[0];
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str(), &sent.token),
        ("POST", "auth/login_by_weixin", &None)
    );
    assert_eq!(
        sent.data,
        json!({ "code": "code-1", "userInfo": profile.0 })
    );
    assert_eq!(envelope.0["data"]["token"], "token-1");
    let session = client.session().unwrap();
    assert_eq!(session.user_info.0["nickName"], "👨‍👩‍👧‍👦𠮷野家"); // (behaviour 16)
    let expires_at = session.expires_at.map(Timestamp::as_ms);
    assert_eq!(expires_at, Some(START + 10.0 + 7_200_000.0));
    let record = world.record().unwrap();
    assert_eq!(
        (&record["v"], &record["token"], &record["via"]),
        (&json!(2.0), &json!("token-1"), &json!("weixin"))
    );
}

/// The envelope and the user come out exactly as they went in, unknown fields included.
#[test]
fn gives_the_whole_envelope() {
    let world = World::new();
    let answer = json!({
        "errno": 0, "errmsg": "成功", "trace": [1, { "deep": null }],
        "data": { "token": "t", "userInfo": { "level": 3, "tags": ["a"] }, "coupon": { "n": 2 } },
    });
    world.next_response(http(200, answer.clone()));
    let client = world.client();
    assert_eq!(
        world.run(client.clone().login_by_weixin(None)).unwrap().0,
        answer
    );
    assert_eq!(
        client.session().unwrap().user_info.0,
        json!({ "level": 3, "tags": ["a"] })
    );
}

/// A server of this dialect calls a missing `userInfo` a bad argument. (behaviours 14, 18)
#[test]
fn a_login_without_a_profile_sends_an_empty_one() {
    let world = World::new();
    let client = world.client();
    world.run(client.login_by_weixin(None)).unwrap();
    assert_eq!(world.sent()[0].data["userInfo"], json!({}));
}

/// (behaviour 7; B5: a double tap; W1, R1)
#[test]
fn concurrent_callers_share_one_login() {
    let world = World::new();
    let client = world.client();
    let calls = (0..100).map(|_| client.clone().login_by_weixin(None));
    let results = world.run(join_all(calls));
    assert!(
        results
            .iter()
            .all(|result| result.as_ref().unwrap().0["data"]["token"] == "token-1")
    );
    assert_eq!(
        (
            world.count("login"),
            world.count("request"),
            world.count("set")
        ),
        (1, 1, 1)
    );
}

/// (behaviours 8, 17)
#[test]
fn a_failed_login_frees_the_way_for_the_next() {
    let world = World::new();
    world.next_login(fails("login:fail network", None));
    let client = world.client();
    let failed = world.run(join_all(
        (0..3).map(|_| client.clone().login_by_weixin(None)),
    ));
    assert!(failed.iter().all(Result::is_err));
    assert!(world.run(client.login_by_weixin(None)).is_ok());
    assert_eq!(world.count("login"), 2);
}

/// A login is made although there is a session. (behaviour 17)
#[test]
fn a_login_is_made_even_when_signed_in() {
    let world = World::new();
    let client = world.signed_in_client();
    world.run(client.clone().login_by_weixin(None)).unwrap();
    assert_eq!(world.count("login"), 1);
    assert_eq!(world.record().unwrap()["token"], "token-2");
}

/// An answer that was lost is asked for again with a new code, once; so is one about a used-up code. (behaviour 9)
#[test]
fn a_lost_answer_is_asked_for_again_with_a_new_code() {
    for lost in [
        fails("request:fail -101", None),
        Answer::Never,
        http(200, json!({ "errno": 712 })),
    ] {
        let world = World::new();
        world.next_response(lost.clone());
        world.run(world.client().login_by_weixin(None)).unwrap();
        assert_eq!(codes(&world), ["code-1", "code-2"]);

        let world = World::new();
        world.next_response(lost.clone());
        world.next_response(lost);
        assert!(world.run(world.client().login_by_weixin(None)).is_err());
        assert_eq!(codes(&world), ["code-1", "code-2"]);
    }
}

/// What the server has decided is not asked for again.
#[test]
fn a_refused_login_is_not_tried_again() {
    for answer in [
        http(500, Value::Null),
        http(200, json!({ "errno": 713 })),
        http(200, json!("<html>")),
    ] {
        let world = World::new();
        world.next_response(answer);
        assert!(world.run(world.client().login_by_weixin(None)).is_err());
        assert_eq!(codes(&world), ["code-1"]);
    }
}

fn codes(world: &World) -> Vec<String> {
    world
        .sent()
        .iter()
        .map(|sent| sent.data["code"].as_str().unwrap().to_owned())
        .collect()
}

/// (behaviour 11; W2)
#[test]
fn wx_login_may_fail_or_give_no_code() {
    for answer in [
        fails("login:fail the user denied", Some(3)),
        ok(json!({ "errMsg": "login:ok" })),
        ok(json!({ "code": "" })),
        ok(json!({ "code": 7 })),
        ok(Value::Null),
    ] {
        let world = World::new();
        world.next_login(answer);
        let error = world.run(world.client().login_by_weixin(None)).unwrap_err();
        assert_eq!(error.code(), "wx_login_failed");
        assert_eq!(world.count("request"), 0);
    }
}

/// (behaviour 11)
#[test]
fn wx_login_may_never_answer() {
    let world = World::new();
    world.next_login(Answer::Never);
    let error = world.run(world.client().login_by_weixin(None)).unwrap_err();
    let failure = HostFailure {
        err_msg: "login:fail timeout".into(),
        errno: Some(5),
    };
    assert_eq!(*error, LoginError::Timeout(failure, None));
    assert_eq!(world.clock() - START, 16_000.0); // the default timeout, and a second for the host's own error
}

#[test]
fn the_server_may_never_answer() {
    let error = error_of_login_answered(Answer::Never);
    assert_eq!(error.code(), "timeout");
    assert!(error.to_string().contains("request:fail timeout"));
}

/// (behaviour 12; B13)
#[test]
fn a_timeout_is_known_by_number_or_by_any_of_its_texts() {
    for (text, errno) in [
        ("request:fail timeout", Some(5)),
        ("request:fail timeout", None),
        ("请求超时", None),
        ("The request timed out.", None),
        ("something else", Some(5)),
    ] {
        assert_eq!(
            error_of_login_answered(fails(text, errno)).code(),
            "timeout",
            "{text}"
        );
    }
    assert_eq!(
        error_of_login_answered(fails("request:fail errcode:-202", Some(600_001))).code(),
        "network"
    );
    assert_eq!(
        error_of_login_answered(fails("request:fail interrupted", Some(600_003))).code(),
        "network"
    );
}

/// Every status enters wx's `success`. (behaviours 13, 32; B7)
#[test]
fn a_status_that_is_no_success_is_a_server_error() {
    for status in [0, 301, 400, 401, 404, 429, 500, 502, 503] {
        let error = error_of_login_answered(http(status, success(json!({ "token": "t" }))));
        assert_eq!(
            *error,
            LoginError::ServerError {
                status: status.into(),
                retry_after: None,
                asked: asked("POST", "auth/login_by_weixin"),
            }
        );
    }
}

/// (behaviour 13; B11)
#[test]
fn an_answer_of_another_shape_is_a_bad_response() {
    for body in [
        Value::Null,
        json!("<html><body>502 Bad Gateway</body></html>"),
        json!(""),
        json!([]),
        json!({}),
        json!({ "errno": 0.5 }),
        json!({ "errno": null }),
        json!({ "errno": 0 }),
        json!({ "errno": 0, "data": null }),
        json!({ "errno": 0, "data": [] }),
        success(json!({})),
        success(json!({ "token": "" })),
        success(json!({ "token": 7 })),
        success(json!({ "token": "t", "userInfo": "小明" })),
    ] {
        let error = error_of_login_answered(http(200, body.clone()));
        assert_eq!(error.code(), "bad_response", "{body}");
    }
}

/// WeChat's refusals stay distinct, with the server's own number and text. (behaviour 10)
#[test]
fn the_servers_refusals_keep_their_number_and_text() {
    for (errno, code) in [
        (-1, "rejected"),
        (401, "rejected"), // a bad argument (behaviour 28)
        (501, "rejected"), // a login carries no token that could be signed out (behaviour 22)
        (711, "wechat_busy"),
        (712, "code_expired"),
        (713, "too_frequent"),
        (714, "login_blocked"),
    ] {
        let error = error_of_login_answered(http(200, json!({ "errno": errno, "errmsg": "原因" })));
        assert_eq!(error.code(), code);
        let LoginError::Rejected {
            status,
            errno: number,
            errmsg,
            ..
        } = &*error
        else {
            panic!("{error:?}")
        };
        assert_eq!(
            (*status, number.clone(), errmsg.as_str()),
            (200, Some(errno.into()), "原因")
        );
    }
}

#[test]
fn a_profile_that_is_no_object_is_refused() {
    let world = World::new();
    for profile in [json!("小明"), json!([]), json!(1)] {
        let error = world
            .run(world.client().login_by_weixin(Some(Json(profile))))
            .unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
    }
    assert_eq!(world.count("login"), 0);
}

/// (behaviour 29)
#[test]
fn a_failed_login_keeps_the_session_that_was_there() {
    let world = World::new();
    let client = world.signed_in_client();
    let before = world.record();
    for answer in [
        fails("request:fail", None),
        http(500, Value::Null),
        http(200, json!({ "errno": 502 })),
        Answer::Never,
    ] {
        world.next_response(answer.clone());
        world.next_response(answer);
        assert!(world.run(client.clone().login_by_weixin(None)).is_err());
    }
    assert_eq!(world.record(), before);
    assert!(client.session().is_some());
}

/// Waiting leaves no timers and no client behind.
#[test]
fn an_ended_login_leaves_nothing_running() {
    let world = World::new();
    let client = world.signed_in_client();
    assert_eq!(world.running_timers(), 0);
    assert_eq!(Rc::strong_count(&client), 1);
}

/// Dropping every other handle in between settles what is under way.
#[test]
fn a_login_outlives_the_handle_that_started_it() {
    let world = World::new();
    let login = world.client().login_by_weixin(None);
    assert!(world.run(login).is_ok());
    assert!(world.record().is_some());
}
