//! A private MariaDB server, of Debian's `mariadb-server`, with the latin1 default that old servers have.

use sea_orm::sqlx::{Connection, Executor, MySqlConnection};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START_TIMEOUT: Duration = Duration::from_secs(60);
const USER: &str = "CREATE USER IF NOT EXISTS 'tests'@'127.0.0.1' IDENTIFIED BY 'tests-password'; \
     GRANT ALL ON *.* TO 'tests'@'127.0.0.1' WITH GRANT OPTION;\n";

/// Runs the server beside a shell that ends it when its own input ends: that is when the tests end, however they do.
/// The first line that the shell prints is the server's process id.
const KEEPER: &str = r#""$@" & echo $!; read _; kill -9 $!"#;

pub struct MariaDb {
    folder: TempDir,
    port: u16,
    options: Vec<String>,
    keeper: Child,
    pid: String,
}

impl MariaDb {
    /// Starts a server that ends with this program; the error says why there is none.
    pub fn start() -> Result<Self, String> {
        Self::start_with(Vec::new())
    }

    /// Starts a server with further options.
    pub fn start_with(options: Vec<String>) -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        install(folder.path())?;
        let port = free_port();
        let (keeper, pid) = run(folder.path(), port, &options);
        let server = Self {
            folder,
            port,
            options,
            keeper,
            pid,
        };
        server.wait_until_ready();
        Ok(server)
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
        (self.keeper, self.pid) = run(self.folder.path(), self.port, &self.options);
        self.wait_until_ready();
    }

    pub fn kill(&mut self) {
        self.signal("KILL");
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }

    pub async fn connect(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.url("mysql")).await.unwrap()
    }

    /// The address of a database that exists.
    pub fn url(&self, database: &str) -> String {
        format!(
            "mysql://tests:tests-password@127.0.0.1:{}/{database}",
            self.port
        )
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while !log(self.folder.path()).contains("ready for connections") {
            if start.elapsed() > START_TIMEOUT {
                panic!("MariaDB does not start: {}", log(self.folder.path()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log.err")).unwrap_or_default()
}

fn install(folder: &Path) -> Result<(), String> {
    std::fs::write(folder.join("init.sql"), USER.replace("; ", ";\n")).unwrap();
    let owned = Command::new("chown").arg(user()).arg(folder).status();
    owned.map_err(|error| format!("chown: {error}"))?;
    // Where servers share a folder for temporary files, each start removes what the others have there.
    let output = Command::new("mariadb-install-db")
        .env("TMPDIR", folder)
        .args(["--no-defaults", "--skip-test-db", "--skip-name-resolve"])
        .args(["--auth-root-authentication-method=normal"])
        .arg(format!("--user={}", user()))
        .arg(format!("--datadir={}", folder.join("data").display()))
        .output()
        .map_err(|error| format!("mariadb-install-db: {error} (apt-get install mariadb-server)"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn run(folder: &Path, port: u16, options: &[String]) -> (Child, String) {
    use std::io::{BufRead, BufReader};
    let _ = std::fs::remove_file(folder.join("log.err"));
    let path = |name: &str| folder.join(name).display().to_string();
    let mut keeper = Command::new("sh")
        .env("TMPDIR", folder)
        .args(["-c", KEEPER, "sh", "mariadbd", "--no-defaults"])
        .arg(format!("--user={}", user()))
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
        .args(options)
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

/// Who runs the server. Root would be refused, and its copies to other servers too, so there it is Debian's user.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if name == "root" {
        "mysql".to_owned()
    } else {
        name
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
