//! The measured programs.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A program that serves; killed when dropped.
pub struct Server {
    pub address: String,
    process: Child,
}

impl Server {
    pub fn start(database: &str, wechat: &str) -> Self {
        let mut command = Command::new(program());
        command
            .args(["--listen", "127.0.0.1:0", "--database", database])
            .env("WECHAT_APPID", "wx-load")
            .env("WECHAT_SECRET", "load")
            .env("WECHAT_API_BASE", wechat)
            .env("RUST_LOG", "warn");
        Self::spawn(command)
    }

    pub fn start_bare() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--bare");
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("the server must start")
            .to_owned();
        Self { address, process }
    }

    /// Resident megabytes.
    pub fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.and_then(|line| line.split_whitespace().nth(1))
            .and_then(|kilobytes| kilobytes.parse::<u64>().ok())
            .unwrap_or_default()
            / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Cargo builds it beside the folder of the examples.
fn program() -> PathBuf {
    let example = std::env::current_exe().unwrap();
    let folder = example.parent().and_then(|examples| examples.parent());
    folder.unwrap().join("weapp-login-server")
}
