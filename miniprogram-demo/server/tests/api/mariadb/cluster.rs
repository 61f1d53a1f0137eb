//! A Galera cluster of two servers, of Debian's `galera-4`.

use super::server::{MariaDb, free_port};
use super::skip;
use sea_orm::sqlx::{AssertSqlSafe, Executor};
use std::path::Path;
use std::time::{Duration, Instant};

const PROVIDER: &str = "/usr/lib/galera/libgalera_smm.so";
const STATE_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Cluster {
    pub first: MariaDb,
    pub second: MariaDb,
}

impl Cluster {
    pub async fn start() -> Option<Self> {
        if !Path::new(PROVIDER).exists() {
            skip("no Galera (apt-get install galera-4 rsync)");
            return None;
        }
        let started = tokio::task::spawn_blocking(|| {
            let group = free_port();
            let first = MariaDb::start_with(node("first", group, "gcomm://"))?;
            let peers = format!("gcomm://127.0.0.1:{group}");
            let second = MariaDb::start_with(node("second", free_port(), &peers))?;
            Ok::<_, String>(Self { first, second })
        });
        match started.await.unwrap() {
            Ok(cluster) => {
                cluster.wait_until_joined().await;
                Some(cluster)
            }
            Err(reason) => {
                skip(&format!("no MariaDB: {reason}"));
                None
            }
        }
    }

    /// Until the second server takes part.
    pub async fn wait_until_joined(&self) {
        self.wait_for("wsrep_local_state_comment", "Synced").await;
    }

    /// Until the second server sees itself in the cluster (`Primary`) or outside.
    pub async fn wait_for_state(&self, state: &str) {
        self.wait_for("wsrep_cluster_status", state).await;
    }

    async fn wait_for(&self, variable: &str, value: &str) {
        let start = Instant::now();
        let mut connection = self.second.connect().await;
        let sql = format!("SHOW STATUS WHERE Variable_name = '{variable}' AND Value = '{value}'");
        while connection
            .fetch_optional(AssertSqlSafe(sql.clone()))
            .await
            .unwrap()
            .is_none()
        {
            assert!(start.elapsed() < STATE_TIMEOUT, "{variable} is not {value}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The options of a node that the others reach at the port `group`.
fn node(name: &str, group: u16, peers: &str) -> Vec<String> {
    let (receive_copy, receive_changes) = (free_port(), free_port());
    vec![
        "--binlog-format=ROW".to_owned(),
        "--innodb-autoinc-lock-mode=2".to_owned(),
        "--innodb-buffer-pool-size=32M".to_owned(),
        "--wsrep-on=ON".to_owned(),
        format!("--wsrep-provider={PROVIDER}"),
        "--wsrep-cluster-name=tests".to_owned(),
        format!("--wsrep-cluster-address={peers}"),
        format!("--wsrep-node-name={name}"),
        "--wsrep-node-address=127.0.0.1".to_owned(),
        "--wsrep-sst-method=rsync".to_owned(),
        format!("--wsrep-sst-receive-address=127.0.0.1:{receive_copy}"),
        format!(
            "--wsrep-provider-options=base_host=127.0.0.1;base_port={group};\
             gmcast.listen_addr=tcp://127.0.0.1:{group};ist.recv_addr=127.0.0.1:{receive_changes};\
             gcache.size=16M;pc.announce_timeout=PT1S;evs.keepalive_period=PT0.3S;\
             evs.inactive_check_period=PT0.3S;evs.suspect_timeout=PT1.5S;evs.inactive_timeout=PT3S;\
             evs.install_timeout=PT3S"
        ),
    ]
}
