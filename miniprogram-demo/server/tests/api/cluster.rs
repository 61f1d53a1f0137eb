//! Instances on different servers of a Galera cluster.

use crate::mariadb::cluster::Cluster;
use crate::starts::all_start_together;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of};
use sea_orm::sqlx::Executor;
use std::time::Duration;
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
