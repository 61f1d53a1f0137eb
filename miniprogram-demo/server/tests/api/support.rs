//! A running backend to talk to.

use reqwest::{Client, RequestBuilder};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use tempfile::TempDir;

pub const EMOJI_NICKNAME: &str = "👨‍👩‍👧‍👦𠮷野家";
pub const ANY_PORT: &str = "127.0.0.1:0";
pub const TOKEN_HEADER: &str = "X-Litemall-Token";

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

    pub fn start_on(database_url: &str) -> Self {
        Self::start_with_args(&["--database", database_url])
    }

    /// Kills the program as a power cut would, and starts it again on the same database.
    pub fn kill_and_restart(mut self) -> Self {
        self.kill();
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        Self::spawn(folder, self.setup.clone())
    }

    /// SIGKILL: no clean-up of its own.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM: how the program ends.
    pub fn terminate(&mut self) -> ExitStatus {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.process.wait().unwrap()
    }

    fn spawn(folder: TempDir, setup: Setup) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("log"))
            .unwrap();
        let mut command = command(&folder, ANY_PORT);
        command
            .args(&setup.arguments)
            .envs(setup.environment.clone())
            .stdout(Stdio::piped())
            .stderr(log);
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

    pub fn database_file(&self) -> PathBuf {
        self.folder.path().join("data.db")
    }

    pub fn uploads_folder(&self) -> PathBuf {
        self.folder.path().join("uploads")
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

/// The program on a database file in `folder`, with nothing of this machine's environment that it would heed.
pub fn command(folder: &TempDir, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weapp-login-server"));
    for name in [
        "DATABASE_URL",
        "WECHAT_APPID",
        "WECHAT_SECRET",
        "WECHAT_API_BASE",
    ] {
        command.env_remove(name);
    }
    let database = format!("sqlite://{}", folder.path().join("data.db").display());
    command
        .args(["--listen", listen])
        .env("DATABASE_URL", database)
        .env("RUST_LOG", "trace");
    command
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
    Client::new()
}
