//! Requests that make no sense.

use crate::support::{
    ANY_PORT, Backend, TOKEN_HEADER, assert_refused, command, errno, json_of, refused_start,
};
use serde_json::{Value, json};
use tempfile::TempDir;

#[tokio::test]
async fn a_login_without_a_code_is_401() {
    let backend = Backend::start();
    for body in [
        json!({}),
        json!({ "userInfo": {} }),
        json!({ "code": null, "userInfo": {} }),
        json!({ "code": "" }),
    ] {
        let envelope = json_of(backend.post("auth/login_by_weixin").json(&body)).await;
        assert_refused(&envelope, 401, "参数不对");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_json_of_a_login_is_402() {
    let backend = Backend::start();
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"".into(),
        b"{".into(),
        b"{\"code\":\"c\",}".into(),
        b"null".into(),
        b"[]".into(),
        b"\"code\"".into(),
        b"{\"code\":\"\\ud83d\"}".into(),
        b"{\"code\":\"\xff\"}".into(),
        deep.into(),
        b"code=c&userInfo=".into(),
        b"<html></html>".into(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let envelope = json_of(backend.post("auth/login_by_weixin").body(body)).await;
        assert_eq!(
            envelope,
            json!({ "errno": 402, "errmsg": "参数值不对" }),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn fields_of_a_wrong_type_are_402_and_use_no_code_up() {
    let backend = Backend::start();
    let code = backend.code("amy").await;
    for user_info in [json!("阿妹"), json!([]), json!(1)] {
        let body = json!({ "code": code, "userInfo": user_info });
        let envelope = json_of(backend.post("auth/login_by_weixin").json(&body)).await;
        assert_eq!(errno(&envelope), 402, "{body}");
    }
    for wrong in [json!(1), json!({}), json!(true)] {
        let envelope = json_of(
            backend
                .post("auth/login_by_weixin")
                .json(&json!({ "code": wrong })),
        )
        .await;
        assert_eq!(errno(&envelope), 402, "{wrong}");
    }
    let login = backend.post("auth/login_by_weixin");
    assert_eq!(
        errno(&json_of(login.json(&json!({ "code": code }))).await),
        0
    );
}

#[tokio::test]
async fn an_array_is_not_taken_for_an_object() {
    let backend = Backend::start();
    let code = backend.code("amy").await;
    for (path, body) in [
        ("auth/login_by_weixin", json!([code, null, null])),
        (
            "auth/login_by_weixin",
            json!({ "code": code, "account": ["amy", "correct horse"] }),
        ),
        (
            "auth/login_by_weixin",
            json!({ "code": code, "userInfo": ["amy"] }),
        ),
        ("auth/login", json!(["amy", "correct horse"])),
    ] {
        assert_refused(&backend.send(path, body).await, 402, "参数值不对");
    }
}

#[tokio::test]
async fn refusals_before_a_handler_are_envelopes_too() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let picture = backend
        .http
        .get(format!("{}/storage/%ff.png", backend.base));
    assert_refused(&json_of(picture).await, 404, "接口不存在");
    let upload = backend.post("storage/upload").header(TOKEN_HEADER, &token);
    let no_boundary = upload.header("content-type", "multipart/form-data");
    assert_refused(&json_of(no_boundary).await, 402, "参数值不对");
}

#[tokio::test]
async fn a_megabyte_is_refused_and_the_server_goes_on() {
    let backend = Backend::start();
    let body = json!({ "code": "c", "userInfo": { "nickName": "a".repeat(1024 * 1024) } });
    let response = backend
        .post("auth/login_by_weixin")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
    assert_refused(&response.json().await.unwrap(), 413, "请求内容太大");
    for path in ["auth/nope", "auth/info", "auth/logout"] {
        let response = backend.post(path).json(&body).send().await.unwrap();
        assert_refused(&response.json().await.unwrap(), 413, "请求内容太大");
    }
    let put = backend
        .http
        .put(format!("{}/wx/auth/login_by_weixin", backend.base));
    assert_refused(&json_of(put.json(&body)).await, 413, "请求内容太大");
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

#[tokio::test]
async fn unknown_routes_and_wrong_methods_get_an_envelope_too() {
    let backend = Backend::start();
    for path in [
        "/",
        "/wx",
        "/wx/",
        "/wx/auth/nope",
        "/sandbox/nope",
        "/favicon.ico",
        "/wx/auth/info/",
        "/%ff",
    ] {
        let response = backend
            .http
            .get(format!("{}{path}", backend.base))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert_refused(&response.json().await.unwrap(), 404, "接口不存在");
    }
    let wrong = [
        backend.get("auth/login_by_weixin"),
        backend.post("auth/info"),
        backend.get("auth/logout"),
    ];
    for request in wrong {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_refused(
            &response.json::<Value>().await.unwrap(),
            405,
            "请求方法不对",
        );
    }
}

#[test]
fn a_start_that_cannot_work_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let refused = |listen: &str, environment: &[(&str, &str)]| {
        let mut start = command(&folder, listen);
        start.arg("--sandbox").envs(environment.iter().copied());
        String::from_utf8(refused_start(&mut start).stderr).unwrap()
    };
    for url in [
        "postgres://localhost/x",
        "nonsense",
        "sqlite:///proc/nowhere/data.db",
    ] {
        let database = refused(ANY_PORT, &[("DATABASE_URL", url)]);
        assert!(database.contains("cannot open the database"), "{database}");
        assert!(!database.contains("pass-word"), "{database}");
    }

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let busy = refused(&address, &[]);
    assert!(
        busy.contains(&address) && busy.contains("--listen"),
        "{busy}"
    );
}
