//! Names and pictures of people that are not what they seem, on SQLite and on MariaDB.

use crate::mariadb;
use crate::support::{Backend, EMOJI_NICKNAME, TOKEN_HEADER, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse";
const COMPOSED: &str = "caf\u{e9}";
const DECOMPOSED: &str = "cafe\u{301}";
const INVISIBLE: [&str; 14] = [
    "a\u{0}my",
    "a\u{200b}my",
    "\u{202e}yma",
    "a\u{2066}my",
    "a\u{feff}my",
    "a\u{200d}my",
    "a\u{ad}my",
    "amy\u{fe0f}",
    "amy\u{fe00}",
    "amy\u{e0100}",
    "a\u{fe0f}\u{200d}my",
    "😀\u{200d}",
    "1\u{fe0f}",
    "amy\u{2800}",
];
const NO_PICTURES: [&str; 15] = [
    "javascript:alert(1)",
    "wxfile://tmp_a.png",
    "http://tmp/a.png",
    "https://usr/a.png",
    "data:image/png;base64,AAAA",
    "//example.com/a.png",
    "a.png",
    "ftp://example.com/a.png",
    "http://tmp./a.png",
    "https:example.com/a.png",
    " https://example.com/a.png",
    "https://example.com/a b.png",
    "https://example.com/\"onerror=alert(1)",
    "https://example.com/'><script>",
    "https://example.com/\u{202e}gnp.a",
];

async fn register(backend: &Backend, username: &str) -> i64 {
    let body = json!({ "username": username, "password": PASSWORD });
    errno(&backend.send("auth/register", body).await)
}

async fn login(backend: &Backend, username: &str) -> Value {
    let body = json!({ "username": username, "password": PASSWORD });
    backend.send("auth/login", body).await
}

async fn a_username_is_one_persons_however_it_is_written(backend: Backend) {
    assert_eq!(register(&backend, COMPOSED).await, 0);
    assert_eq!(register(&backend, DECOMPOSED).await, 704);
    let one = login(&backend, COMPOSED).await;
    assert_eq!(
        user_id_of(&login(&backend, DECOMPOSED).await),
        user_id_of(&one)
    );
    for other in ["caf\u{e9} ", " caf\u{e9}", "caf\u{e9}\u{200b}", "CAF\u{c9}"] {
        assert_eq!(errno(&login(&backend, other).await), 700, "{other:?}");
    }
    for name in INVISIBLE
        .into_iter()
        .chain(["amy ", " amy", "❤\u{fe0f}", "👨\u{200d}👩"])
    {
        assert_eq!(register(&backend, name).await, 402, "{name:?}");
    }
}

#[tokio::test]
async fn a_username_is_one_persons_however_it_is_written_on_sqlite() {
    a_username_is_one_persons_however_it_is_written(Backend::start()).await;
}

#[tokio::test]
async fn a_username_is_one_persons_however_it_is_written_on_mariadb() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    a_username_is_one_persons_however_it_is_written(backend).await;
}

#[tokio::test]
async fn an_odd_field_of_a_profile_is_left_out_and_the_login_goes_on() {
    let backend = Backend::start();
    let good = json!({ "nickName": "阿妹", "avatarUrl": "https://example.com/a.png", "gender": 2 });
    backend.login("amy", good.clone()).await;
    let long = "长".repeat(65);
    let mut odd = vec![
        json!({ "gender": "1" }),
        json!({ "gender": 3 }),
        json!({ "gender": 1e9 }),
        json!({ "nickName": 1 }),
        json!({ "nickName": {} }),
        json!({ "nickName": long }),
        json!({ "country": 86 }),
        json!({ "avatarUrl": format!("https://example.com/{}", "a".repeat(1025)) }),
    ];
    odd.extend(INVISIBLE.map(|name| json!({ "nickName": name })));
    odd.extend(NO_PICTURES.map(|address| json!({ "avatarUrl": address })));
    for profile in odd {
        let login = backend.login("amy", profile.clone()).await;
        assert_eq!(errno(&login), 0, "{profile}");
        let user = &login["data"]["userInfo"];
        for field in ["nickName", "avatarUrl", "gender"] {
            assert_eq!(user[field], good[field], "{profile}");
        }
        assert_eq!(user.get("country"), None);
    }
    let rest = json!({ "gender": "1", "nickName": "阿美", "city": "深圳" });
    let user = &backend.login("amy", rest).await["data"]["userInfo"];
    assert_eq!(
        json!([user["nickName"], user["city"]]),
        json!(["阿美", "深圳"])
    );
}

/// JSON that most parsers refuse as a whole: half an emoji, as in a name that was cut in the middle of one, and a number
/// beyond all numbers.
const ODD_JSON: [&str; 4] = [
    r#"{"nickName":"\ud83d"}"#,
    r#"{"avatarUrl":"https://example.com/\udc36"}"#,
    r#"{"gender":1e999}"#,
    r#"{"city":"\ud83d\ud83d"}"#,
];

#[tokio::test]
async fn a_field_that_is_no_text_and_no_number_is_odd_and_no_more() {
    let backend = Backend::start();
    let good = json!({ "nickName": "阿妹", "avatarUrl": "https://example.com/a.png", "gender": 2 });
    let token = token_of(&backend.login("amy", good.clone()).await).to_owned();
    for profile in ODD_JSON {
        let code = backend.code("amy").await;
        let body = format!(r#"{{"code":"{code}","userInfo":{profile}}}"#);
        let login = json_of(backend.post("auth/login_by_weixin").body(body)).await;
        assert_eq!(errno(&login), 0, "{profile}");
        for field in ["nickName", "avatarUrl", "gender"] {
            assert_eq!(login["data"]["userInfo"][field], good[field], "{profile}");
        }
        let change = backend.post("auth/profile").header(TOKEN_HEADER, &token);
        assert_eq!(
            errno(&json_of(change.body(profile)).await),
            402,
            "{profile}"
        );
    }
}

#[tokio::test]
async fn a_change_to_an_odd_profile_is_refused() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let names = INVISIBLE.map(|name| json!({ "nickName": name }));
    let pictures = NO_PICTURES.map(|address| json!({ "avatarUrl": address }));
    for profile in names
        .into_iter()
        .chain(pictures)
        .chain([json!({ "gender": "1" })])
    {
        let changed = backend
            .send_as(&token, "auth/profile", profile.clone())
            .await;
        assert_eq!(errno(&changed), 402, "{profile}");
    }
    for (sent, kept) in [
        (DECOMPOSED, COMPOSED),
        ("  阿妹 ", "阿妹"),
        (EMOJI_NICKNAME, EMOJI_NICKNAME),
        ("❤\u{fe0f}\u{200d}🔥", "❤\u{fe0f}\u{200d}🔥"),
        ("1\u{fe0f}\u{20e3}©\u{fe0f}", "1\u{fe0f}\u{20e3}©\u{fe0f}"),
        ("葛\u{e0100}城", "葛\u{e0100}城"),
    ] {
        let profile = json!({ "nickName": sent });
        let changed = backend.send_as(&token, "auth/profile", profile).await;
        assert_eq!(changed["data"]["nickName"], kept);
    }
}
