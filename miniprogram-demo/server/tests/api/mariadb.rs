//! A private MariaDB server, of Debian's `mariadb-server`, with the latin1 default that old servers have.

use crate::support::Backend;
use sea_orm::sqlx::{Connection, Executor, MySqlConnection};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START_TIMEOUT: Duration = Duration::from_secs(60);
const USER: &str = "CREATE USER IF NOT EXISTS 'tests'@'127.0.0.1' IDENTIFIED BY 'tests-password'; \
     GRANT ALL ON *.* TO 'tests'@'127.0.0.1';\n";

/// Runs the server beside a shell that ends it when its own input ends: that is when the tests end, however they do.
/// The first line that the shell prints is the server's process id.
const KEEPER: &str = r#""$@" & echo $!; read _; kill -9 $!"#;

pub struct MariaDb {
    folder: TempDir,
    port: u16,
    keeper: Child,
    pid: String,
}

/// A backend on an empty database of the server that all tests share. Without MariaDB the reason is printed, and on the
/// machine where it must be there, which sets `CI=true`, that is a failure.
pub async fn backend() -> Option<Backend> {
    Some(Backend::start_on(&empty_database().await?))
}

/// The address of an empty database of the server that all tests share.
pub async fn empty_database() -> Option<String> {
    static SHARED: OnceLock<Option<MariaDb>> = OnceLock::new();
    let server = tokio::task::spawn_blocking(|| SHARED.get_or_init(MariaDb::start).as_ref())
        .await
        .unwrap()?;
    Some(server.empty_database().await)
}

impl MariaDb {
    /// A server of the test's own, to be stopped and killed.
    pub fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        if let Err(reason) = install(folder.path()) {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "no MariaDB: {reason}"
            );
            eprintln!("skipped: no MariaDB: {reason}");
            return None;
        }
        let port = free_port();
        let (keeper, pid) = run(folder.path(), port);
        let server = Self {
            folder,
            port,
            keeper,
            pid,
        };
        server.wait_until_ready();
        Some(server)
    }

    pub async fn empty_database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("db{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect().await;
        let statement = sea_orm::sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
        self.url(&name)
    }

    /// Sends the server a signal: `STOP`, `CONT`, `KILL`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.pid])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Starts the killed server again with its data, on its port.
    pub fn restart(&mut self) {
        (self.keeper, self.pid) = run(self.folder.path(), self.port);
        self.wait_until_ready();
    }

    pub fn kill(&mut self) {
        self.signal("KILL");
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }

    async fn connect(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.url("mysql")).await.unwrap()
    }

    fn url(&self, database: &str) -> String {
        format!(
            "mysql://tests:tests-password@127.0.0.1:{}/{database}",
            self.port
        )
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while !log(self.folder.path()).contains("ready for connections") {
            assert!(
                start.elapsed() < START_TIMEOUT,
                "MariaDB does not start: {}",
                log(self.folder.path())
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log.err")).unwrap_or_default()
}

fn install(folder: &Path) -> Result<(), String> {
    std::fs::write(folder.join("init.sql"), USER.replace("; ", ";\n")).unwrap();
    let output = Command::new("mariadb-install-db")
        .args(["--no-defaults", "--skip-test-db", "--skip-name-resolve"])
        .args(["--auth-root-authentication-method=normal", &user()])
        .arg(format!("--datadir={}", folder.join("data").display()))
        .output()
        .map_err(|error| format!("mariadb-install-db: {error} (apt-get install mariadb-server)"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn run(folder: &Path, port: u16) -> (Child, String) {
    use std::io::{BufRead, BufReader};
    let _ = std::fs::remove_file(folder.join("log.err"));
    let path = |name: &str| folder.join(name).display().to_string();
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "sh", "mariadbd", "--no-defaults", &user()])
        .arg(format!("--datadir={}", path("data")))
        .arg(format!("--socket={}", path("socket")))
        .arg(format!("--pid-file={}", path("pid")))
        .arg(format!("--log-error={}", path("log.err")))
        .arg(format!("--init-file={}", path("init.sql")))
        .args(["--bind-address=127.0.0.1", &format!("--port={port}")])
        .args(["--skip-name-resolve", "--character-set-server=latin1"])
        .args([
            "--innodb-flush-log-at-trx-commit=2",
            "--max-connections=300",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pid = String::new();
    BufReader::new(keeper.stdout.take().unwrap())
        .read_line(&mut pid)
        .unwrap();
    (keeper, pid.trim().to_owned())
}

/// MariaDB does not run as root unless it is asked to.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    format!("--user={}", String::from_utf8_lossy(&output.stdout).trim())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
