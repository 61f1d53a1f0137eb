//! The contract in OpenAPI.

use crate::mariadb::skip;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of};
use serde_json::Value;
use std::fs::read_to_string;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
const SCHEMATHESIS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/tools/python/schemathesis/bin/schemathesis"
);
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// What would end the login that the others need.
const ENDINGS: &str = "logout|cancel|password";

async fn document(backend: &Backend) -> String {
    let document = backend.http.get(format!("{}/openapi.json", backend.base));
    document.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_document_that_is_checked_in_is_the_one_that_is_served() {
    let served = document(&Backend::start()).await;
    let checked_in = read_to_string(CHECKED_IN).unwrap();
    assert!(
        served == checked_in,
        "docs/openapi.json is not what the program serves: `curl http://127.0.0.1:8787/openapi.json > docs/openapi.json`"
    );
}

#[tokio::test]
async fn the_document_is_of_openapi_3_1_and_its_endpoints_are_there() {
    let backend = Backend::start();
    let document: Value = serde_json::from_str(&document(&backend).await).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for (path, item) in paths {
        let address = format!("{}{path}", backend.base);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let is_documented = item.get(method.to_lowercase()).is_some();
            let request = backend.http.request(method.parse().unwrap(), &address);
            let status = request.send().await.unwrap().status();
            assert_eq!(status != 405, is_documented, "{method} {path}: {status}");
            let is_there = status == 200 || path.contains('{');
            assert!(is_there || !is_documented, "{method} {path}: {status}");
        }
    }
    let logout = backend.post("auth/logout");
    assert_eq!(json_of(logout).await["errno"], 501);
}

/// Always the same requests, as a stranger or with a token.
fn make_requests_up(backend: &Backend, arguments: &[&str]) {
    let folder = TempDir::new().unwrap(); // it writes into the one where it runs
    let mut schemathesis = Command::new(SCHEMATHESIS);
    schemathesis.current_dir(folder.path());
    schemathesis
        .arg("run")
        .arg(format!("{}/openapi.json", backend.base))
        .args([
            "--seed",
            "1",
            "--max-examples",
            "25",
            "--max-time",
            "25",
            "--checks",
            CHECKS,
        ])
        .args([
            "--generation-database",
            "none",
            "--no-color",
            "--warnings",
            "off",
        ])
        .args(arguments);
    let output = schemathesis.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(report.contains("generated"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_requests_break_neither_the_server_nor_the_contract() {
    if !Path::new(SCHEMATHESIS).exists() {
        return skip("no schemathesis: cargo xtask setup");
    }
    let backend = Backend::start();
    make_requests_up(&backend, &[]);
    let token = backend.token("amy").await;
    let header = format!("{TOKEN_HEADER}: {token}");
    make_requests_up(
        &backend,
        &["--header", &header, "--exclude-path-regex", ENDINGS],
    );
    assert_eq!(
        errno(&backend.info(&token).await),
        0,
        "the requests were made without a login"
    );
}
