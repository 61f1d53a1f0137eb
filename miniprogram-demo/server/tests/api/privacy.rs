//! What others on the same machine, on the way and in the log see.

use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, user_id_of};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn the_files_of_the_database_are_for_their_owner_alone() {
    let backend = Backend::start();
    backend.token("amy").await;
    let file = backend.database_file();
    let mode_of = |suffix: &str| {
        let path = format!("{}{suffix}", file.display());
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode_of(suffix), 0o600, "{suffix}");
    }
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    let backend = backend.kill_and_restart();
    assert_eq!(mode_of(""), 0o600);
    drop(backend);
}

#[tokio::test]
async fn no_cache_keeps_an_answer() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let code = json!({ "code": backend.code("amy").await });
    for request in [
        backend.post("auth/login_by_weixin").json(&code),
        backend.get("auth/info").header(TOKEN_HEADER, &token),
        backend.get("auth/info"),
        backend.post("storage/upload"),
        backend.get("auth/nope"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(
            response.headers()["cache-control"],
            "no-store",
            "{response:?}"
        );
    }
}

#[tokio::test]
async fn every_line_of_a_request_has_its_address_and_user_and_the_id_that_the_client_gets() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    let login = backend.login("amy", json!({})).await;
    let token = login["data"]["token"].as_str().unwrap();
    let mut ids = Vec::new();
    for forwarded in ["198.51.100.7", "203.0.113.9, 198.51.100.7:4711", "nonsense"] {
        let info = backend.get("auth/info").header(TOKEN_HEADER, token);
        // What a client calls its request is not believed.
        let info = info.header("x-request-id", "made-up");
        let response = info.header("x-forwarded-for", forwarded).send().await;
        let response = response.unwrap();
        ids.push(
            response.headers()["x-request-id"]
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    let user = user_id_of(&login);
    let log = backend.log();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("/wx/auth/info"))
        .collect();
    for (line, peer) in lines
        .iter()
        .zip(["198.51.100.7", "198.51.100.7", "127.0.0.1"])
    {
        assert!(line.contains(&format!("peer={peer} user={user}")), "{line}");
    }
    for (line, id) in lines.iter().zip(&ids) {
        assert_eq!(id.len(), 16);
        assert!(line.contains(&format!("id=\"{id}\"")), "{line}");
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn an_address_that_a_client_made_up_is_not_believed() {
    let backend = Backend::start();
    let code = json!({ "code": backend.code("amy").await });
    let login = backend.post("auth/login_by_weixin").json(&code);
    json_of(login.header("x-forwarded-for", "198.51.100.7")).await;
    let noted: String = backend.select("SELECT last_login_ip FROM wx_user").await;
    assert_eq!(noted, "127.0.0.1");
}

#[tokio::test]
async fn a_disabled_user_can_log_out() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    backend.execute("UPDATE wx_user SET status = 1").await;
    assert_refused(&backend.info(&token).await, 506, "无操作权限");
    let logout = backend.post("auth/logout").header(TOKEN_HEADER, &token);
    assert_eq!(errno(&json_of(logout).await), 0);
    assert_refused(&backend.info(&token).await, 501, "请登录");
}
