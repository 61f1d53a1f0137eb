//! The database's password is in no log, whatever happens to the database.

use crate::link::Link;
use crate::mariadb;
use crate::support::{ANY_PORT, Backend, command, errno, refused_start};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::time::Duration;
use tempfile::TempDir;

/// As it is, and as an address has it: one must not be taken for the other.
const PASSWORD: &str = "open sesame/7f3a@x";
const IN_ADDRESS: &str = "open%20sesame%2F7f3a%40x";
/// Parts that no escaping changes.
const PARTS: [&str; 2] = ["sesame", "7f3a"];

fn assert_no_password(text: &str) {
    assert!(!text.is_empty());
    for secret in [PASSWORD, IN_ADDRESS, PARTS[0], PARTS[1]] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

/// The address of an empty database for a user with this password.
async fn database() -> Option<String> {
    let url = mariadb::empty_database().await?;
    let admin = Backend::start_on(&url).database().await;
    for sql in [
        format!("CREATE USER IF NOT EXISTS 'keeper'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'"),
        "GRANT ALL ON *.* TO 'keeper'@'127.0.0.1'".to_owned(),
    ] {
        admin.execute_unprepared(&sql).await.unwrap();
    }
    let (_, place) = url.split_once('@').unwrap();
    Some(format!("mysql://keeper:{IN_ADDRESS}@{place}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn not_when_it_works_and_not_when_it_breaks() {
    let Some(url) = database().await else {
        return;
    };
    let link = Link::to(&url, Duration::ZERO).await;
    let backend = Backend::start_on(&link.url);
    let token = backend.token("amy").await;
    link.cut();
    assert_eq!(errno(&backend.info(&token).await), 715);
    link.open();
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);

    let log = backend.log();
    assert!(log.contains("TRACE"), "the check needs the finest level");
    assert!(
        log.contains("the database is busy"),
        "the check needs a failure"
    );
    assert_no_password(&log);
}

#[tokio::test(flavor = "multi_thread")]
async fn not_when_the_start_fails() {
    let Some(url) = database().await else {
        return;
    };
    let (place, name) = url.rsplit_once('/').unwrap();
    let (user, address) = place.split_once('@').unwrap();
    for (wrong, expected) in [
        (format!("{place}/no_such_database"), "no_such_database"),
        (format!("{user}x@{address}/{name}"), "Access denied"),
        (format!("{user}@127.0.0.1:1/{name}"), "URL"),
        (format!("{user}@{address}x/{name}"), "port"),
        (format!("{place}/{name}?ssl-mode=nonsense"), "nonsense"),
        (url.replace("mysql:", "postgres:"), "mysql://USER:"),
    ] {
        for by_option in [false, true] {
            let folder = TempDir::new().unwrap();
            let mut start = command(&folder, ANY_PORT);
            start.arg("--sandbox");
            if by_option {
                start.args(["--database", &wrong]);
            } else {
                start.env("DATABASE_URL", &wrong);
            }
            let output = refused_start(&mut start);
            let text = String::from_utf8(output.stderr).unwrap();
            assert!(text.contains("cannot open the database"), "{text}");
            println!("{expected}: {}", text.lines().last().unwrap());
            assert_no_password(&text);
        }
    }
}
