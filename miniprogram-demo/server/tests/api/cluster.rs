//! Instances on different servers of a Galera cluster.

use crate::mariadb::MariaDb;
use crate::mariadb::cluster::Cluster;
use crate::starts::all_start_together;
use crate::support::{Backend, PATIENCE, TOKEN_HEADER, errno, json_of};
use sea_orm::sqlx::{Connection, Executor, MySqlConnection};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread")]
async fn instances_on_a_cluster_start_together_and_agree() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let first = cluster.first.empty_database().await;
    let name = first.rsplit('/').next().unwrap();
    let second = cluster.second.url(name);
    let urls = [&first, &second, &first, &second].map(String::clone);
    all_start_together(&urls).await;
    a_logout_counts_on_a_server_that_lags(&cluster, &first, &second).await;
    a_login_that_loses_against_the_other_server_is_tried_again(&cluster, &first, &second).await;
    a_server_that_is_not_ready_is_waited_for(&cluster, &second).await;
    a_server_without_its_cluster_refuses_and_comes_back(&cluster, &second).await;
}

async fn a_logout_counts_on_a_server_that_lags(cluster: &Cluster, first: &str, second: &str) {
    let here = Backend::start_on(first);
    let there = Backend::start_on(second);
    let token = here.token("amy").await;
    assert_eq!(errno(&there.info(&token).await), 0);

    let mut lagging = cluster.second.connect().await;
    for sql in [
        "SET GLOBAL wsrep_desync = ON",
        "FLUSH TABLES WITH READ LOCK",
    ] {
        lagging.execute(sql).await.unwrap();
    }
    let logout = json_of(here.post("auth/logout").header(TOKEN_HEADER, &token)).await;
    assert_eq!(errno(&logout), 0);
    let (info, ()) = tokio::join!(there.info(&token), async {
        sleep(Duration::from_millis(400)).await;
        for sql in ["UNLOCK TABLES", "SET GLOBAL wsrep_desync = OFF"] {
            lagging.execute(sql).await.unwrap();
        }
    });
    assert_eq!(errno(&info), 501, "a revoked token is valid elsewhere");
}

/// A login here, held up before it commits, is given up by the cluster for one there that has committed.
async fn a_login_that_loses_against_the_other_server_is_tried_again(
    cluster: &Cluster,
    first: &str,
    second: &str,
) {
    let here = Backend::start_on(second);
    let there = Backend::start_on(first);
    here.token("amy").await;
    let code = here.code("amy").await;

    let mut blocker = connect(&cluster.second, second).await;
    for sql in ["BEGIN", "SELECT * FROM session FOR UPDATE"] {
        blocker.execute(sql).await.unwrap();
    }
    let login = here.post("auth/login_by_weixin");
    let login = tokio::spawn(json_of(login.json(&json!({ "code": code }))));
    let mut watcher = connect(&cluster.second, second).await;
    let waits = "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    let start = Instant::now();
    while watcher.fetch_optional(waits).await.unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "nobody waits for a lock");
        // The table is renewed only when nobody has read it for a tenth of a second.
        sleep(Duration::from_millis(120)).await;
    }
    assert_eq!(errno(&there.login("amy", json!({})).await), 0);
    let _ = blocker.execute("ROLLBACK").await; // it may have been given up, too

    let envelope = login.await.unwrap();
    assert_eq!(errno(&envelope), 0, "{envelope}");
    assert!(here.has_tried_again("Conflict"));
}

async fn a_server_that_is_not_ready_is_waited_for(cluster: &Cluster, second: &str) {
    let backend = Backend::start_on(second);
    let token = backend.token("amy").await;
    let code = backend.code("amy").await;
    let mut server = cluster.second.connect().await;
    set(&mut server, "SET GLOBAL wsrep_reject_queries = ALL").await;
    let login = backend.post("auth/login_by_weixin");
    let (info, login, ()) = tokio::join!(
        backend.info(&token),
        json_of(login.json(&json!({ "code": code }))),
        async {
            // Longer than an outage is borne.
            sleep(Duration::from_secs(4)).await;
            set(&mut server, "SET GLOBAL wsrep_reject_queries = NONE").await;
        }
    );
    assert_eq!(errno(&info), 0, "{info}");
    assert_eq!(errno(&login), 0, "{login}");
    assert!(backend.has_tried_again("Changeover"));
}

async fn a_server_without_its_cluster_refuses_and_comes_back(cluster: &Cluster, second: &str) {
    let backend = Backend::start_on(second);
    let token = backend.token("amy").await;
    // The first one alone keeps the cluster.
    let mut first = cluster.first.connect().await;
    set(
        &mut first,
        "SET GLOBAL wsrep_provider_options = 'pc.weight=2'",
    )
    .await;
    let mut server = cluster.second.connect().await;
    let isolate = "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'";
    set(&mut server, isolate).await;
    cluster.wait_for_state("non-Primary").await;
    assert_eq!(errno(&backend.info(&token).await), 715);
    let heal = "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'";
    set(&mut server, heal).await;
    cluster.wait_for_state("Primary").await;
    cluster.wait_until_joined().await;
    assert_eq!(errno(&backend.info(&token).await), 0);
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

async fn set(server: &mut MySqlConnection, sql: &'static str) {
    server.execute(sql).await.unwrap();
}

async fn connect(server: &MariaDb, url: &str) -> MySqlConnection {
    let name = url.rsplit('/').next().unwrap();
    MySqlConnection::connect(&server.url(name)).await.unwrap()
}
