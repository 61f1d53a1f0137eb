//! Uploaded pictures.

use crate::mariadb;
use crate::passwords::MEMORY_CEILING;
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of};
use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::io::Cursor;

const SCRIPT: &[u8] = b"<script>alert(1)</script>";

pub async fn upload(backend: &Backend, token: &str, bytes: Vec<u8>) -> Value {
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

/// Uploads a picture of one colour and returns its address.
pub async fn upload_colour(backend: &Backend, token: &str, red: u8) -> String {
    let envelope = upload(backend, token, opaque(64, 64, red, ImageFormat::Png)).await;
    url_of(&envelope).to_owned()
}

fn url_of(envelope: &Value) -> &str {
    envelope["data"]["url"]
        .as_str()
        .unwrap_or_else(|| panic!("no address in {envelope}"))
}

pub async fn get(backend: &Backend, url: &str) -> Response {
    backend.http.get(url).send().await.unwrap()
}

fn file_of(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn opaque(width: u32, height: u32, red: u8, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_pixel(width, height, Rgb([red, 0, 200]));
    file_of(picture.into(), format)
}

fn transparent(format: ImageFormat) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(40, 20, Rgba([0, 0, 200, 0]));
    file_of(picture.into(), format)
}

#[tokio::test]
async fn a_picture_comes_back_encoded_anew_with_its_type() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    for (bytes, content_type, size) in [
        (opaque(40, 20, 9, ImageFormat::Png), "image/jpeg", (40, 20)),
        (
            opaque(1024, 600, 9, ImageFormat::Jpeg),
            "image/jpeg",
            (512, 300),
        ),
        (opaque(40, 20, 9, ImageFormat::WebP), "image/jpeg", (40, 20)),
        (transparent(ImageFormat::Png), "image/png", (40, 20)),
        (transparent(ImageFormat::Gif), "image/png", (40, 20)),
        (transparent(ImageFormat::WebP), "image/png", (40, 20)),
    ] {
        let envelope = upload(&backend, &token, [&bytes, SCRIPT].concat()).await;
        let url = url_of(&envelope);
        assert!(
            url.starts_with(&format!("{}/storage/", backend.base)),
            "{url}"
        );
        let response = get(&backend, url).await;
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(
            response.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let other_ending = match url.strip_suffix(".jpg") {
            Some(name) => format!("{name}.png"),
            None => url.replace(".png", ".jpg"),
        };
        let other = get(&backend, &other_ending).await;
        assert_eq!(other.status(), 404, "{other_ending}");
        assert_refused(&other.json().await.unwrap(), 404, "接口不存在");
        let kept = response.bytes().await.unwrap();
        assert!(!kept.windows(SCRIPT.len()).any(|window| window == SCRIPT));
        let kept = image::load_from_memory(&kept).unwrap();
        assert_eq!((kept.width(), kept.height()), size);
    }
}

async fn every_process_shows_every_picture(backend: Backend) {
    let token = backend.token("amy").await;
    let url = upload_colour(&backend, &token, 1).await;
    let path = url
        .strip_prefix("https://pictures.example.com")
        .unwrap()
        .to_owned();
    let there = get(&backend, &format!("{}{path}", backend.base)).await;
    let picture = there.bytes().await.unwrap();
    let beside = backend.start_another();
    let backend = backend.kill_and_restart();
    for process in [&beside, &backend] {
        let response = get(process, &format!("{}{path}", process.base)).await;
        assert_eq!(response.status(), 200);
        assert!(response.bytes().await.unwrap() == picture);
    }
}

const PUBLIC_URL: [&str; 2] = ["--public-url", "https://pictures.example.com/"];

#[tokio::test]
async fn every_process_shows_every_picture_on_sqlite() {
    every_process_shows_every_picture(Backend::start_with_args(&PUBLIC_URL)).await;
}

#[tokio::test]
async fn every_process_shows_every_picture_on_mariadb() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let arguments = [&PUBLIC_URL[..], &["--database", &url]].concat();
    every_process_shows_every_picture(Backend::start_with_args(&arguments)).await;
}

async fn pictures_that_nobody_has_are_deleted(backend: Backend) {
    let count = async || backend.select::<i64>("SELECT count(*) FROM picture").await;
    let amy = backend.token("amy").await;
    let bob = backend.token("bob").await;
    let mut urls = Vec::new();
    for red in 0..8 {
        urls.push(upload_colour(&backend, &amy, 30 * red).await);
    }
    assert_eq!(count().await, 4, "the latest, and three others");
    assert_eq!(get(&backend, &urls[7]).await.status(), 200);

    assert_eq!(upload_colour(&backend, &bob, 210).await, urls[7]);
    let avatar = async |token: &str, url: &str| {
        let profile = json!({ "avatarUrl": url });
        assert_eq!(
            errno(&backend.send_as(token, "auth/profile", profile).await),
            0
        );
    };
    avatar(&amy, &urls[7]).await;
    assert_eq!(count().await, 1);
    avatar(&amy, &upload_colour(&backend, &amy, 5).await).await;
    assert_eq!(get(&backend, &urls[7]).await.status(), 200, "bob has it");
    avatar(&bob, "https://example.com/b.png").await;
    assert_eq!(get(&backend, &urls[7]).await.status(), 404);
    for red in 0..6 {
        upload_colour(&backend, &amy, 40 * red).await;
    }
    let user = backend.info(&amy).await;
    let url = user["data"]["avatarUrl"].as_str().unwrap();
    assert_eq!(get(&backend, url).await.status(), 200, "an avatar stays");
}

#[tokio::test]
async fn pictures_that_nobody_has_are_deleted_on_sqlite() {
    pictures_that_nobody_has_are_deleted(Backend::start()).await;
}

#[tokio::test]
async fn pictures_that_nobody_has_are_deleted_on_mariadb() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    pictures_that_nobody_has_are_deleted(backend).await;
}

#[tokio::test]
async fn pictures_go_with_the_wechat_user_to_the_account() {
    let backend = Backend::start();
    let visitor = backend.token("amy").await;
    let url = upload_colour(&backend, &visitor, 1).await;
    let profile = json!({ "avatarUrl": url });
    backend.send_as(&visitor, "auth/profile", profile).await;
    let account = json!({ "username": "amy", "password": "correct horse" });
    backend.send("auth/register", account.clone()).await;
    let body = json!({ "code": backend.code("amy").await, "account": account });
    let bound = backend.send("auth/login_by_weixin", body).await;
    assert_eq!(bound["data"]["userInfo"]["avatarUrl"], url);
    let owners = "SELECT count(*) FROM upload JOIN wx_user ON id = user_id WHERE username = 'amy'";
    assert_eq!(backend.select::<i64>(owners).await, 1);
    assert_eq!(get(&backend, &url).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_small_as_a_file_and_large_in_memory_is_refused() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    for (width, height) in [(8192, 5200), (8193, 1)] {
        let bomb = file_of(GrayImage::new(width, height).into(), ImageFormat::Png);
        assert!(bomb.len() < 1024 * 1024);
        assert_refused(&upload(&backend, &token, bomb).await, 402, "参数值不对");
    }
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}

/// A JPEG of one colour: `sof` says whether it is a baseline or a progressive one, `exif` may turn it.
fn jpeg(side: u16, sof: u8, exif: &[u8]) -> Vec<u8> {
    let side_bytes = side.to_be_bytes();
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    };
    let one_code = |class: u8| [&[class, 1], &[0; 16][..]].concat();
    let frame = [
        &[8],
        &side_bytes[..],
        &side_bytes,
        b"\x03\x01\x11\0\x02\x11\0\x03\x11\0",
    ]
    .concat();
    let (last_coefficient, bits_a_block) = if sof == PROGRESSIVE { (0, 3) } else { (63, 6) };
    let scan = [&b"\x03\x01\0\x02\0\x03\0\0"[..], &[last_coefficient, 0]].concat();
    let blocks = usize::from(side / 8).pow(2);
    let mut file = b"\xff\xd8".to_vec();
    if !exif.is_empty() {
        file.extend(segment(0xe1, exif));
    }
    for (marker, data) in [
        (0xdb, &[&[0][..], &[1; 64]].concat()),
        (sof, &frame),
        (0xc4, &one_code(0)),
        (0xc4, &one_code(0x10)),
        (0xda, &scan),
    ] {
        file.extend(segment(marker, data));
    }
    file.extend(vec![0; blocks * bits_a_block / 8 + 1]);
    file.extend(b"\xff\xd9");
    file
}

const BASELINE: u8 = 0xc0;
const PROGRESSIVE: u8 = 0xc2;
const NOT_TURNED: &[u8] = b"";
const ON_ITS_SIDE: &[u8] =
    b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

#[tokio::test(flavor = "multi_thread")]
async fn how_a_picture_is_written_does_not_multiply_the_memory_that_it_takes() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    for (side, sof, exif, expected) in [
        (1024, PROGRESSIVE, NOT_TURNED, 0),
        (3600, PROGRESSIVE, NOT_TURNED, 402),
        (3600, PROGRESSIVE, ON_ITS_SIDE, 402),
        (3600, BASELINE, ON_ITS_SIDE, 0),
    ] {
        let picture = jpeg(side, sof, exif);
        assert_eq!(
            errno(&upload(&backend, &token, picture).await),
            expected,
            "{side} {sof}"
        );
    }
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}

async fn people_who_have_one_picture_do_not_get_into_each_others_way(backend: Backend) {
    let tokens = [backend.token("amy").await, backend.token("bob").await];
    let picture = opaque(8, 8, 1, ImageFormat::Png);
    for _ in 0..40 {
        let (one, two) = tokio::join!(
            take_and_drop(&backend, &tokens[0], &picture),
            take_and_drop(&backend, &tokens[1], &picture)
        );
        assert_eq!([one, two], [(0, 0); 2]);
    }
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM picture").await,
        0
    );
}

/// Uploads a picture, takes another avatar, with which that one is dropped, and returns both errnos.
async fn take_and_drop(backend: &Backend, token: &str, picture: &[u8]) -> (i64, i64) {
    let uploaded = upload(backend, token, picture.to_vec()).await;
    let profile = json!({ "avatarUrl": "https://example.com/a.png" });
    let dropped = backend.send_as(token, "auth/profile", profile).await;
    (errno(&uploaded), errno(&dropped))
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_have_one_picture_do_not_get_into_each_others_way_on_sqlite() {
    people_who_have_one_picture_do_not_get_into_each_others_way(Backend::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_have_one_picture_do_not_get_into_each_others_way_on_mariadb() {
    if let Some(backend) = mariadb::backend().await {
        people_who_have_one_picture_do_not_get_into_each_others_way(backend).await;
    }
}

#[tokio::test]
async fn only_pictures_of_people_who_are_signed_in_are_taken() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let picture = opaque(8, 8, 1, ImageFormat::Png);
    assert_refused(&upload(&backend, "", picture.clone()).await, 501, "请登录");
    for bytes in [
        &b""[..],
        b"<html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PN",
        b"\x89PNG\r\n\x1a\n and pixels",
        b"RIFF....WAVE",
        &picture[..picture.len() / 2],
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
    let picture = opaque(8, 8, 1, ImageFormat::Png);
    let large = [&picture[..], &vec![7; 3 * 1024 * 1024]].concat();
    assert_refused(&upload(&backend, &token, large).await, 413, "请求内容太大");
    assert_eq!(errno(&upload(&backend, &token, picture).await), 0);
}

#[tokio::test]
async fn nothing_but_uploads_is_shown() {
    let backend = Backend::start();
    let hex = "0".repeat(64);
    for name in [
        "",
        "nope.png",
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
