//! Logging in with WeChat.

use crate::support::{Backend, EMOJI_NICKNAME, assert_refused, errno, json_of, user_id_of};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

const GREY_AVATAR: &str = "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132";

#[tokio::test]
async fn first_login_creates_the_user_and_answers_token_and_user() {
    let backend = Backend::start();
    let sent = json!({
        "nickName": "阿妹", "avatarUrl": "https://example.com/a.png", "gender": 2,
        "country": "中国", "province": "广东", "city": "深圳", "language": "zh_CN",
    });
    let before = OffsetDateTime::now_utc();
    let envelope = backend.login("amy", sent.clone()).await;

    assert_eq!(
        (&envelope["errno"], &envelope["errmsg"]),
        (&json!(0), &json!("成功"))
    );
    let data = &envelope["data"];
    assert_eq!(data["token"].as_str().unwrap().len(), 64);
    assert_eq!(data["expiresIn"], 7200);
    let expires = OffsetDateTime::parse(data["tokenExpire"].as_str().unwrap(), &Rfc3339).unwrap();
    assert!(
        (expires - before - Duration::hours(2)).abs() < Duration::seconds(5),
        "{expires}"
    );

    let mut expected = sent;
    let today = OffsetDateTime::now_utc()
        .to_offset(time::macros::offset!(+8))
        .date()
        .to_string();
    for (field, value) in [
        ("userId", json!(user_id_of(&envelope))),
        ("phone", json!("")),
        ("phoneVerified", json!(false)),
        ("weixinBound", json!(true)),
        ("registerDate", json!(today)),
        ("status", json!(0)),
        ("userLevel", json!(0)),
        ("userLevelDesc", json!("普通用户")),
    ] {
        expected[field] = value;
    }
    assert_eq!(data["userInfo"], expected);
}

#[tokio::test]
async fn a_second_login_finds_the_same_user_and_notes_time_and_address() {
    let backend = Backend::start();
    let first = backend.login("amy", json!({})).await;
    backend
        .execute("UPDATE wx_user SET last_login_time = '2020-01-01 00:00:00.0', last_login_ip = '', add_time = '2020-02-03 20:00:00.0'")
        .await;
    let second = backend.login("amy", json!({})).await;

    assert_eq!(
        first["data"]["userInfo"]["userId"],
        second["data"]["userInfo"]["userId"]
    );
    assert_ne!(first["data"]["token"], second["data"]["token"]);
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        1
    );
    assert_eq!(
        backend
            .select::<String>("SELECT last_login_ip FROM wx_user")
            .await,
        "127.0.0.1"
    );
    let year = OffsetDateTime::now_utc().year().to_string();
    assert!(
        backend
            .select::<String>("SELECT last_login_time FROM wx_user")
            .await
            .starts_with(&year)
    );
    // Registered when it was the next day in China already.
    assert_eq!(second["data"]["userInfo"]["registerDate"], "2020-02-04");
}

#[tokio::test]
async fn two_people_are_two_users() {
    let backend = Backend::start();
    let amy = backend.login("amy", json!({})).await;
    let bob = backend.login("bob", json!({})).await;
    assert_ne!(
        amy["data"]["userInfo"]["userId"],
        bob["data"]["userInfo"]["userId"]
    );
}

#[tokio::test]
async fn a_login_without_a_profile_is_a_silent_one() {
    let backend = Backend::start();
    backend.login("amy", json!({ "nickName": "阿妹" })).await;
    for body in [
        json!({}),
        json!({ "userInfo": null }),
        json!({ "userInfo": {} }),
    ] {
        let mut body = body;
        body["code"] = json!(backend.code("amy").await);
        let envelope = json_of(backend.post("auth/login_by_weixin").json(&body)).await;
        assert_eq!(envelope["data"]["userInfo"]["nickName"], "阿妹", "{body}");
    }
    let stranger = backend.login("bob", Value::Null).await;
    assert_eq!(stranger["data"]["userInfo"]["nickName"], "微信用户");
}

#[tokio::test]
async fn a_placeholder_profile_never_replaces_a_real_one_but_a_real_change_does() {
    let backend = Backend::start();
    let profile = |name: &str, avatar: &str, gender: u8| json!({ "nickName": name, "avatarUrl": avatar, "gender": gender });
    let shown = |envelope: Value| {
        let user = &envelope["data"]["userInfo"];
        json!([user["nickName"], user["avatarUrl"], user["gender"]])
    };
    let real = json!(["阿妹", "https://example.com/a.png", 2]);
    let none = json!(["微信用户", "", 0]);

    assert_eq!(
        shown(
            backend
                .login("amy", profile("微信用户", GREY_AVATAR, 0))
                .await
        ),
        none
    );
    assert_eq!(
        shown(
            backend
                .login("amy", profile("阿妹", "https://example.com/a.png", 2))
                .await
        ),
        real
    );
    assert_eq!(
        shown(
            backend
                .login("amy", profile("微信用户", GREY_AVATAR, 0))
                .await
        ),
        real
    );
    assert_eq!(
        shown(
            backend
                .login(
                    "amy",
                    profile("微信用户", "https://example.com/another-grey.png", 0)
                )
                .await
        ),
        real
    );
    assert_eq!(shown(backend.login("amy", profile("", "", 0)).await), real);
    let renamed = backend.login("amy", profile("阿美", GREY_AVATAR, 0)).await;
    assert_eq!(
        shown(renamed),
        json!(["阿美", "https://example.com/a.png", 2])
    );
    let new_face = backend
        .login("amy", profile("", "https://example.com/b.png", 1))
        .await;
    assert_eq!(
        shown(new_face),
        json!(["阿美", "https://example.com/b.png", 1])
    );
}

#[tokio::test]
async fn an_emoji_nickname_survives_a_restart() {
    let backend = Backend::start();
    let envelope = backend
        .login("amy", json!({ "nickName": EMOJI_NICKNAME }))
        .await;
    assert_eq!(envelope["data"]["userInfo"]["nickName"], EMOJI_NICKNAME);
    let token = envelope["data"]["token"].as_str().unwrap();
    let backend = backend.kill_and_restart();
    assert_eq!(
        backend.info(token).await["data"]["nickName"],
        EMOJI_NICKNAME
    );
}

#[tokio::test]
async fn a_disabled_user_is_refused_everywhere() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    backend
        .execute("UPDATE wx_user SET status = 1, last_login_ip = 'before'")
        .await;

    assert_refused(
        &backend.login("amy", json!({ "nickName": "阿妹" })).await,
        506,
        "无操作权限",
    );
    assert_refused(&backend.info(&token).await, 506, "无操作权限");
    assert_eq!(
        backend
            .select::<String>("SELECT last_login_ip FROM wx_user")
            .await,
        "before"
    );
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM session").await,
        1
    );
}

#[tokio::test]
async fn a_user_row_that_cannot_be_written_is_505() {
    let backend = Backend::start();
    backend.execute("CREATE TRIGGER full BEFORE INSERT ON wx_user BEGIN SELECT RAISE(ABORT, 'disk full'); END").await;
    assert_refused(&backend.login("amy", json!({})).await, 505, "更新数据失败");
}

#[tokio::test]
async fn a_session_that_cannot_be_written_is_502_and_leaves_no_user_behind() {
    let backend = Backend::start();
    backend.execute("CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'disk full'); END").await;
    assert_refused(&backend.login("amy", json!({})).await, 502, "系统内部错误");
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        0
    );
    backend.execute("DROP TRIGGER full").await;
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}
