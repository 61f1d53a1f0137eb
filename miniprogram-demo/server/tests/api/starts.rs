//! Instances that start together, and a schema that is newer than the program.

use crate::mariadb;
use crate::support::{ANY_PORT, Backend, command, errno, refused_start};
use serde_json::json;
use std::thread;
use tempfile::TempDir;

const ROUNDS: usize = 3;
const INSTANCES: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn all_instances_start_on_one_empty_sqlite_file() {
    for _ in 0..ROUNDS {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/data.db", folder.path().display());
        all_start_together(&vec![url; INSTANCES]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_instances_start_on_one_empty_mariadb_database() {
    for _ in 0..ROUNDS {
        let Some(url) = mariadb::empty_database().await else {
            return;
        };
        all_start_together(&vec![url; INSTANCES]).await;
    }
}

/// Starts an instance at each of these addresses of one database; all must serve, and serve the same.
pub async fn all_start_together(urls: &[String]) {
    let instances: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = urls
            .iter()
            .map(|url| scope.spawn(|| Backend::start_on(url)))
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().expect("an instance did not start"))
            .collect()
    });
    let token = instances[0].token("amy").await;
    for instance in &instances {
        assert_eq!(errno(&instance.info(&token).await), 0);
        assert_eq!(errno(&instance.login("amy", json!({})).await), 0);
    }
}

#[tokio::test]
async fn a_schema_of_a_newer_server_is_refused_on_sqlite() {
    let backend = Backend::start();
    refuses_a_newer_schema(&backend, &backend.database_url()).await;
}

#[tokio::test]
async fn a_schema_of_a_newer_server_is_refused_on_mariadb() {
    if let Some(backend) = mariadb::backend().await {
        refuses_a_newer_schema(&backend, &backend.database_url()).await;
    }
}

async fn refuses_a_newer_schema(backend: &Backend, url: &str) {
    backend
        .execute(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_the_future', 0)",
        )
        .await;
    let folder = TempDir::new().unwrap();
    let mut start = command(&folder, ANY_PORT);
    let output = refused_start(start.args(["--sandbox", "--database", url]));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("newer") && error.contains("m9999_of_the_future"),
        "{error}"
    );
}
