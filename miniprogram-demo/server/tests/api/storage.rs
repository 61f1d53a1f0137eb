//! Uploaded pictures.

use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and pixels";

async fn upload(backend: &Backend, token: &str, bytes: Vec<u8>) -> Value {
    let form = Form::new()
        .text("user", "avatar")
        .part("file", Part::bytes(bytes).file_name("../../evil.html"));
    json_of(
        backend
            .post("storage/upload")
            .header(TOKEN_HEADER, token)
            .multipart(form),
    )
    .await
}

#[tokio::test]
async fn a_picture_comes_back_byte_for_byte_with_its_type() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let webp = b"RIFF\x00\x00\x00\x00WEBPVP8 ".to_vec();
    for (bytes, content_type) in [
        (PNG.to_vec(), "image/png"),
        (b"\xff\xd8\xff\xe0 jfif".to_vec(), "image/jpeg"),
        (b"GIF89a.".to_vec(), "image/gif"),
        (webp, "image/webp"),
        ([PNG, &vec![7; 2 * 1024 * 1024 - 100]].concat(), "image/png"),
    ] {
        let envelope = upload(&backend, &token, bytes.clone()).await;
        assert_eq!(errno(&envelope), 0, "{content_type}");
        let url = envelope["data"]["url"].as_str().unwrap();
        assert!(
            url.starts_with(&format!("{}/storage/", backend.base)),
            "{url}"
        );
        let response = backend.http.get(url).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(response.bytes().await.unwrap() == bytes);
    }
}

#[tokio::test]
async fn pictures_outlive_a_restart_and_the_root_of_their_links_is_an_option() {
    let backend = Backend::start_with_args(&["--public-url", "https://pictures.example.com/"]);
    let token = backend.token("amy").await;
    let envelope = upload(&backend, &token, PNG.to_vec()).await;
    let path = envelope["data"]["url"]
        .as_str()
        .unwrap()
        .strip_prefix("https://pictures.example.com")
        .unwrap();
    let backend = backend.kill_and_restart();
    let response = backend
        .http
        .get(format!("{}{path}", backend.base))
        .send()
        .await
        .unwrap();
    assert_eq!(response.bytes().await.unwrap(), PNG);
}

#[tokio::test]
async fn only_pictures_of_people_who_are_signed_in_are_taken() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    assert_refused(&upload(&backend, "", PNG.to_vec()).await, 501, "请登录");
    for bytes in [
        &b""[..],
        b"<html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PN",
        b"RIFF....WAVE",
    ] {
        assert_refused(
            &upload(&backend, &token, bytes.to_vec()).await,
            402,
            "参数值不对",
        );
    }
    let as_user = || backend.post("storage/upload").header(TOKEN_HEADER, &token);
    assert_refused(
        &json_of(as_user().multipart(Form::new().text("file", "no file"))).await,
        401,
        "参数不对",
    );
    assert_refused(
        &json_of(as_user().json(&json!({}))).await,
        402,
        "参数值不对",
    );
    let torn = as_user()
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\nContent-Disp");
    assert_refused(&json_of(torn).await, 402, "参数值不对");
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_refused_and_the_server_goes_on() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let large = [PNG, &vec![7; 3 * 1024 * 1024]].concat();
    assert_refused(&upload(&backend, &token, large).await, 413, "请求内容太大");
    assert_eq!(errno(&upload(&backend, &token, PNG.to_vec()).await), 0);
}

#[tokio::test]
async fn nothing_but_uploads_is_shown() {
    let backend = Backend::start();
    let hex = "0".repeat(32);
    std::fs::write(backend.uploads_folder().join("stray.png"), PNG).unwrap();
    for name in [
        "",
        "nope.png",
        "stray.png",
        "..%2fdata.db",
        "%2e%2e%2fdata.db",
        "..%5cdata.db",
        &format!("{hex}.png"),
        &format!("{hex}.db"),
        &format!("{hex}.png.part"),
    ] {
        let response = backend
            .http
            .get(format!("{}/storage/{name}", backend.base))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 404, "{name}");
        assert_refused(&response.json().await.unwrap(), 404, "接口不存在");
    }
    let response = backend
        .http
        .get(format!("{}/wx/storage/upload", backend.base))
        .send()
        .await
        .unwrap();
    assert_refused(&response.json().await.unwrap(), 405, "请求方法不对");
}
