//! A running backend to talk to.

use reqwest::{Client, RequestBuilder};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;

pub const EMOJI_NICKNAME: &str = "👨‍👩‍👧‍👦𠮷野家";
pub const ANY_PORT: &str = "127.0.0.1:0";
pub const APP_SECRET: &str = "0123456789abcdef-the-app-secret";
pub const TOKEN_HEADER: &str = "X-Litemall-Token";
/// Longer than anything takes that works.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program, freshly started; killed when dropped.
pub struct Backend {
    pub base: String,
    pub http: Client,
    process: Child,
    folder: TempDir,
    setup: Setup,
}

/// How the program was started, to start it so again.
#[derive(Clone, Default)]
struct Setup {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    descriptors: Option<u32>,
}

impl Backend {
    pub fn start() -> Self {
        Self::spawn(TempDir::new().unwrap(), Setup::default())
    }

    /// Starts with these environment variables.
    pub fn start_with(environment: &[(&str, &str)]) -> Self {
        let environment = environment
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self::spawn(
            TempDir::new().unwrap(),
            Setup {
                environment,
                ..Setup::default()
            },
        )
    }

    /// Starts with the WeChat at `base` instead of the sandbox.
    pub fn start_with_wechat(base: &str, environment: &[(&str, &str)]) -> Self {
        Self::start_with(&[&wechat_at(base), environment].concat())
    }

    /// Starts on the database with the WeChat at `base`.
    pub fn start_on_with_wechat(database_url: &str, base: &str) -> Self {
        let environment = wechat_at(base).map(|(name, value)| (name.to_owned(), value.to_owned()));
        let setup = Setup {
            arguments: vec!["--database".to_owned(), database_url.to_owned()],
            environment: environment.into(),
            ..Setup::default()
        };
        Self::spawn(TempDir::new().unwrap(), setup)
    }

    pub fn start_with_args(arguments: &[&str]) -> Self {
        let arguments = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        Self::spawn(
            TempDir::new().unwrap(),
            Setup {
                arguments,
                ..Setup::default()
            },
        )
    }

    /// Starts with so many file descriptors at most.
    pub fn start_with_descriptors(descriptors: u32, arguments: &[&str]) -> Self {
        let setup = Setup {
            arguments: arguments.iter().map(|text| text.to_string()).collect(),
            descriptors: Some(descriptors),
            ..Setup::default()
        };
        Self::spawn(TempDir::new().unwrap(), setup)
    }

    pub fn start_on(database_url: &str) -> Self {
        Self::start_with_args(&["--database", database_url])
    }

    /// Kills the program as a power cut would, and starts it again on the same database.
    pub fn kill_and_restart(mut self) -> Self {
        self.kill();
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        Self::spawn(folder, self.setup.clone())
    }

    /// A second process on the same database.
    pub fn start_another(&self) -> Self {
        let mut setup = self.setup.clone();
        let database = ["--database".to_owned(), self.database_url()];
        if !setup.arguments.contains(&database[0]) {
            setup.arguments.extend(database);
        }
        Self::spawn(TempDir::new().unwrap(), setup)
    }

    /// SIGKILL: no clean-up of its own.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM: how the program ends.
    pub fn terminate(&mut self) -> ExitStatus {
        self.tell_to_stop();
        self.wait_for_end()
    }

    pub fn wait_for_end(&mut self) -> ExitStatus {
        end_of(&mut self.process)
    }

    pub fn tell_to_stop(&self) {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    fn spawn(folder: TempDir, setup: Setup) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("log"))
            .unwrap();
        let mut command = command(&folder, ANY_PORT);
        let real_wechat = |(name, _): &(String, String)| name == "WECHAT_APPID";
        if !setup.environment.iter().any(real_wechat) {
            command.arg("--sandbox");
        }
        command
            .args(&setup.arguments)
            .envs(setup.environment.clone());
        if let Some(descriptors) = setup.descriptors {
            command = with_descriptors(&command, descriptors);
        }
        command.stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        let address = line.trim().strip_prefix("listening on ");
        let base = address
            .unwrap_or_else(|| panic!("the backend did not start: {log}"))
            .to_owned();
        Self {
            base,
            http: http_client(),
            process,
            folder,
            setup,
        }
    }

    /// Everything that was logged, at the finest level.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Waits until `text` was logged so many times.
    pub async fn wait_for_log(&self, times: usize, text: &str) {
        let logged = async {
            while self.log().matches(text).count() < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), logged)
            .await
            .unwrap_or_else(|_| panic!("{text:?} is not {times} times in the log"));
    }

    pub async fn wait_until_nobody_is_let_in(&self) {
        let refused = async { while TcpStream::connect(self.address()).await.is_ok() {} };
        tokio::time::timeout(PATIENCE, refused)
            .await
            .expect("connections are still let in");
    }

    /// Whether something was tried again because of this trouble with the database.
    pub fn has_tried_again(&self, trouble: &str) -> bool {
        let trouble = format!("trouble={trouble}");
        self.log()
            .lines()
            .any(|line| line.contains("tries again") && line.contains(&trouble))
    }

    /// The most memory that the program has had, in megabytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap();
        let peak = status.split("VmHWM:").nth(1).unwrap();
        peak.split_whitespace()
            .next()
            .unwrap()
            .parse::<u64>()
            .unwrap()
            / 1024
    }

    /// Waits until the program has read everything that was sent to it.
    pub async fn wait_until_all_is_read(&self) {
        let port = self
            .base
            .rsplit(':')
            .next()
            .unwrap()
            .parse::<u16>()
            .unwrap();
        let port = format!(":{port:04X}");
        let is_waiting = |line: &str| {
            let fields: Vec<_> = line.split_whitespace().collect();
            (fields[1].ends_with(&port) || fields[2].ends_with(&port))
                && fields[4] != "00000000:00000000"
        };
        let read = async {
            while std::fs::read_to_string("/proc/net/tcp")
                .unwrap()
                .lines()
                .skip(1)
                .any(is_waiting)
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read)
            .await
            .unwrap();
    }

    pub fn address(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    pub fn database_file(&self) -> PathBuf {
        self.folder.path().join("data.db")
    }

    /// A code as `wx.login` gives it on the phone of `user`.
    pub async fn code(&self, user: &str) -> String {
        let answer = self.sandbox("control/code", json!({ "user": user })).await;
        answer["code"].as_str().unwrap().to_owned()
    }

    pub async fn sandbox(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(format!("{}/sandbox/{path}", self.base))
            .json(&body);
        json_of(request).await
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}/wx/{path}", self.base))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}/wx/{path}", self.base))
    }

    /// Logs in with WeChat and returns the whole envelope.
    pub async fn login(&self, user: &str, user_info: Value) -> Value {
        let code = self.code(user).await;
        json_of(
            self.post("auth/login_by_weixin")
                .json(&json!({ "code": code, "userInfo": user_info })),
        )
        .await
    }

    /// Sends `body` to a path under `/wx/`.
    pub async fn send(&self, path: &str, body: Value) -> Value {
        json_of(self.post(path).json(&body)).await
    }

    /// Sends `body` as the user whose token this is.
    pub async fn send_as(&self, token: &str, path: &str, body: Value) -> Value {
        json_of(self.post(path).header(TOKEN_HEADER, token).json(&body)).await
    }

    /// Logs in silently and returns the token.
    pub async fn token(&self, user: &str) -> String {
        let envelope = self.login(user, json!({})).await;
        envelope["data"]["token"]
            .as_str()
            .unwrap_or_else(|| panic!("no token in {envelope}"))
            .to_owned()
    }

    pub async fn info(&self, token: &str) -> Value {
        json_of(self.get("auth/info").header(TOKEN_HEADER, token)).await
    }

    pub async fn execute(&self, sql: &str) {
        self.database().await.execute_unprepared(sql).await.unwrap();
    }

    /// The one value that `sql` selects.
    pub async fn select<T: sea_orm::TryGetable>(&self, sql: &str) -> T {
        let db = self.database().await;
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap()
            .try_get_by_index(0)
            .unwrap()
    }

    /// A connection of the test's own.
    pub async fn database(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.database_url());
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    }

    /// The arguments name the database, unless it is the file.
    pub fn database_url(&self) -> String {
        let mut arguments = self.setup.arguments.iter();
        arguments
            .find(|argument| *argument == "--database")
            .and_then(|_| arguments.next())
            .cloned()
            .unwrap_or_else(|| format!("sqlite://{}", self.database_file().display()))
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a start ends that does not work. One that works is killed.
pub fn refused_start(command: &mut Command) -> Output {
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first_line = String::new();
    BufReader::new(process.stdout.as_mut().unwrap())
        .read_line(&mut first_line)
        .unwrap();
    if !first_line.is_empty() {
        process.kill().unwrap();
    }
    let output = process.wait_with_output().unwrap();
    assert_eq!(first_line, "", "it has started");
    assert!(!output.status.success());
    output
}

fn end_of(process: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return status;
        }
        assert!(start.elapsed() < PATIENCE, "the program does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wechat_at(base: &str) -> [(&str, &str); 3] {
    [
        ("WECHAT_APPID", "wx1"),
        ("WECHAT_SECRET", APP_SECRET),
        ("WECHAT_API_BASE", base),
    ]
}

/// The program on a database file in `folder`, with nothing of this machine's environment that it would heed.
pub fn command(folder: &TempDir, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weapp-login-server"));
    let heeded = |name: &str| {
        ["DATABASE_URL", "WECHAT_", "WEAPP_LOGIN_"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    for (name, _) in std::env::vars().filter(|(name, _)| heeded(name)) {
        command.env_remove(name);
    }
    let database = format!("sqlite://{}", folder.path().join("data.db").display());
    command
        .args(["--listen", listen])
        .env("DATABASE_URL", database)
        .env("RUST_LOG", "trace");
    command
}

fn with_descriptors(command: &Command, descriptors: u32) -> Command {
    let mut limited = Command::new("sh");
    let script = format!(r#"ulimit -n {descriptors}; exec "$0" "$@""#);
    limited
        .args(["-c", &script])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

pub fn token_of(envelope: &Value) -> &str {
    envelope["data"]["token"]
        .as_str()
        .unwrap_or_else(|| panic!("no token in {envelope}"))
}

pub fn user_id_of(envelope: &Value) -> i64 {
    envelope["data"]["userInfo"]["userId"]
        .as_i64()
        .unwrap_or_else(|| panic!("no user in {envelope}"))
}

/// The body of the answer to `request`, whatever its status.
pub async fn json_of(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

pub fn errno(envelope: &Value) -> i64 {
    envelope["errno"]
        .as_i64()
        .unwrap_or_else(|| panic!("no envelope: {envelope}"))
}

/// Asserts a refusal in full: its number, its text, and that it carries no data.
pub fn assert_refused(envelope: &Value, errno: i64, errmsg: &str) {
    assert_eq!(envelope, &json!({ "errno": errno, "errmsg": errmsg }));
}

fn http_client() -> Client {
    static TLS: Once = Once::new();
    TLS.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap()
    });
    Client::builder().timeout(PATIENCE).build().unwrap()
}
