//! The log's forms, what is in it for an auditor, and that clients do not write lines of their own.

use crate::binding::{bind, register};
use crate::support::{Backend, TOKEN_HEADER, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};

const PASSWORD: &str = "a-Rather-long-1-for-tests";
const JSON: [&str; 2] = ["--log-format", "json"];
const PHONE: &str = "13800138000";

/// Every line of a log in JSON.
fn lines(backend: &Backend) -> Vec<Value> {
    let log = backend.log();
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// What the audit log says: event, outcome, errno and user.
fn events(backend: &Backend) -> Vec<(String, String, i64, Option<i64>)> {
    let lines = lines(backend);
    let audit = lines.iter().filter(|line| line["target"] == "audit");
    audit
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            let errno = line["errno"].as_i64().unwrap();
            (
                text("event"),
                text("outcome"),
                errno,
                line["span"]["user"].as_i64(),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_audit_log_says_what_was_done_about_logins_and_by_whom() {
    let backend = Backend::start_with_args(&JSON);
    let account = json!({ "username": "rose", "password": PASSWORD });
    let registered = backend.send("auth/register", account.clone()).await;
    let rose = user_id_of(&registered);
    let wrong = json!({ "username": "rose", "password": "wrong-wrong" });
    backend.send("auth/login", wrong).await;
    let nobody = json!({ "username": "nobody", "password": PASSWORD });
    backend.send("auth/login", nobody).await;
    let login = backend.send("auth/login", account).await;
    let phone = backend
        .sandbox("control/phone_code", json!({ "phone": PHONE }))
        .await;
    let bound = json!({ "code": phone["code"] });
    assert_eq!(
        errno(
            &backend
                .send_as(token_of(&login), "auth/bind_phone", bound)
                .await
        ),
        0
    );
    let refresh = json!({ "refreshToken": login["data"]["refreshToken"] });
    let renewed = backend.send("auth/refresh", refresh).await;
    let logout = backend
        .post("auth/logout")
        .header(TOKEN_HEADER, token_of(&renewed));
    json_of(logout).await;
    let amy = backend
        .login("amy", json!({ "nickName": "Amy Pond" }))
        .await;
    backend
        .send("auth/login_by_weixin", json!({ "code": "made-up" }))
        .await;
    let ended = backend
        .send_as(token_of(&amy), "auth/logout_everywhere", json!({}))
        .await;
    assert_eq!(errno(&ended), 0);

    let expected = [
        ("registration", 0, Some(rose)),
        ("login by password", 700, Some(rose)),
        ("login by password", 700, None),
        ("login by password", 0, Some(rose)),
        ("binding of a phone", 0, Some(rose)),
        ("refresh", 0, Some(rose)),
        ("logout", 0, Some(rose)),
        ("login by WeChat", 0, Some(user_id_of(&amy))),
        ("login by WeChat", 712, None),
        ("logout of all logins", 0, Some(user_id_of(&amy))),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(event, errno, user)| {
            let outcome = if errno == 0 { "done" } else { "refused" };
            (event.to_owned(), outcome.to_owned(), errno, user)
        })
        .collect();
    assert_eq!(events(&backend), expected);

    let openid: String = backend
        .select("SELECT weixin_openid FROM wx_user WHERE username IS NULL")
        .await;
    let log = backend.log();
    for secret in [
        token_of(&login),
        token_of(&amy),
        &openid,
        PHONE,
        PASSWORD,
        "rose",
        "Amy",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_merge_says_who_became_part_of_whom() {
    let backend = Backend::start_with_args(&JSON);
    let account = register(&backend, "rose").await;
    let visitor = backend.login("rose's phone", json!({})).await;
    assert_eq!(errno(&bind(&backend, "rose's phone", "rose").await), 0);
    let lines = lines(&backend);
    let merge = lines.iter().rfind(|line| line["target"] == "audit");
    let merge = merge.unwrap();
    assert_eq!(merge["event"], "login by WeChat");
    assert_eq!(merge["span"]["user"], user_id_of(&account));
    assert_eq!(merge["span"]["merged"], user_id_of(&visitor));
}

#[tokio::test]
async fn lines_in_json_have_the_id_that_the_client_gets() {
    let backend = Backend::start_with_args(&JSON);
    let answer = backend.get("auth/info").send().await.unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap();
    let lines = lines(&backend);
    let answered = lines
        .iter()
        .find(|line| line["message"] == "answered")
        .unwrap();
    assert_eq!(answered["span"]["id"], id);
    assert_eq!(answered["span"]["peer"], "127.0.0.1");
    assert_eq!(answered["route"], "/wx/auth/info");
    assert_eq!(answered["errno"], 501);
}

/// Makes the database quote a user's name in an error, with what no name can have instead of `|`.
async fn log_a_name_with(backend: &Backend, between: u32) {
    let quote = format!(
        "CREATE TRIGGER quote BEFORE UPDATE ON wx_user BEGIN \
         SELECT RAISE(ABORT, 'said ' || replace(NEW.nickname, '|', char({between}))); END"
    );
    let token = backend.token("amy").await;
    backend.execute(&quote).await;
    let name = json!({ "nickName": "innocent|2026-01-01 ERROR forged" });
    let refused = backend.send_as(&token, "auth/profile", name).await;
    backend.execute("DROP TRIGGER quote").await;
    assert_eq!(errno(&refused), 505);
}

#[tokio::test]
async fn nothing_that_a_user_sent_looks_like_a_line_or_a_command() {
    for json in [false, true] {
        let backend = Backend::start_with_args(if json { &JSON } else { &[] });
        for between in [0x0a, 0x0d, 0x1b, 0x85, 0x2028, 0x202e] {
            log_a_name_with(&backend, between).await;
            let log = backend.log();
            let line = log
                .lines()
                .rfind(|line| line.contains("said innocent"))
                .unwrap();
            assert!(
                line.contains("forged"),
                "U+{between:04x} ends a line: {line}"
            );
            let between = char::from_u32(between).unwrap();
            assert!(!log.replace('\n', "").contains(between), "{line}");
            if json {
                let line: Value = serde_json::from_str(line).unwrap();
                let message = line["message"].as_str().unwrap();
                assert!(
                    message.contains(&format!("innocent{between}2026")),
                    "{message}"
                );
            } else {
                assert!(line.contains("innocent\\"), "no escape: {line}");
            }
        }
        if json {
            lines(&backend);
        }
    }
}

#[tokio::test]
async fn what_is_odd_in_a_request_leaves_lines_whole() {
    let backend = Backend::start_with_args(&JSON);
    let odd = "x\r\n\u{1b}[31m\u{202e}\u{0}\u{7f}\u{85}2026-01-01 ERROR forged";
    for path in [
        "auth/login",
        "auth/register",
        "auth/login_by_weixin",
        "auth/refresh",
    ] {
        let body = json!({
            "username": odd, "password": odd, "mobile": odd, "code": odd, "refreshToken": odd,
            "userInfo": { "nickName": odd, "avatarUrl": odd },
        });
        backend.send(path, body).await;
    }
    let token = backend.token("amy").await;
    backend
        .send_as(&token, "auth/profile", json!({ "nickName": odd }))
        .await;
    let address = format!("{}/wx/%0a%0d%1b?%0a%1b", backend.base);
    backend
        .http
        .get(address)
        .header("user-agent", "a\tb\u{85}")
        .send()
        .await
        .unwrap();
    assert!(lines(&backend).len() > 10);
    assert!(!backend.log().contains("forged"));
}
