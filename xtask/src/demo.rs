//! The demo: backend and preview side by side, for a person or for the end-to-end journey.

use std::{
    env, fs,
    io::ErrorKind,
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc::{self, Sender},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::{
    build,
    process::{self, Child, cargo, command},
    setup,
};

/// The address that the demo mini-program has in its `config.js`.
const BACKEND_PORT: u16 = 8787;
const PREVIEW_PORT: u16 = 8080;
/// What the visitors of the demo have left, unless the caller names another database.
const DATABASE: &str = "sqlite://miniprogram-demo/server/data/weapp-login.db";
const DATABASE_VARIABLES: [&str; 2] = ["DATABASE_URL", "DATABASE_URL_FILE"];
const SCREENSHOTS: &str = "target/demo";

/// Settings of the backend that would make the walk-through depend on the caller's surroundings.
const BACKEND_SETTINGS: [&str; 4] = [
    "DATABASE_URL",
    "WECHAT_APPID",
    "WECHAT_SECRET",
    "WECHAT_API_BASE",
];

/// Serves the demo until Ctrl-C.
pub fn serve() -> Result<()> {
    build()?;
    build_server()?;
    let (ended, end) = mpsc::channel();
    let backend_port = free_port("backend", BACKEND_PORT);
    let mut backend = backend_at(backend_port);
    if env::var_os("WECHAT_APPID").is_none() {
        backend.arg("--sandbox");
    }
    if DATABASE_VARIABLES
        .iter()
        .all(|name| env::var_os(name).is_none())
    {
        backend.args(["--database", DATABASE]);
    }
    let backend = Service::start("backend", backend, &ended)?;
    let preview_port = free_port("preview", PREVIEW_PORT);
    let preview = Service::start("preview", preview_of(&backend, preview_port), &ended)?;
    greet(&preview.address, &backend.address);
    let first = end.recv().context("nobody is left to serve")?;
    if process::interrupted() {
        println!("\n演示已停止。 The demo has stopped.");
        return Ok(());
    }
    bail!("the {first} has ended");
}

/// Walks through the demo in headless Chromium, on a database of its own.
pub fn walk_through() -> Result<()> {
    setup::ensure(&[setup::CHROMIUM])?;
    setup::offer(setup::FONTS)?;
    build()?;
    build_server()?;
    match fs::remove_dir_all(SCREENSHOTS) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(SCREENSHOTS)?,
    }
    let (ended, _end) = mpsc::channel();
    let mut backend = backend_at(0);
    backend.args([
        "--sandbox",
        "--database",
        "sqlite://target/demo/demo.db?mode=rwc",
    ]);
    BACKEND_SETTINGS
        .iter()
        .for_each(|setting| _ = backend.env_remove(setting));
    let backend = Service::start("backend", backend, &ended)?;
    let preview = Service::start("preview", preview_of(&backend, 0), &ended)?;
    process::run(
        command("node", ["tests/e2e/journey.mjs", "--out", SCREENSHOTS])
            .args(["--preview", &preview.address]),
    )
}

pub fn build_server() -> Result<()> {
    process::run(cargo().args(["build", "--package=weapp-login-server"]))
}

fn backend_at(port: u16) -> Command {
    let address = format!("127.0.0.1:{port}");
    command("target/debug/weapp-login-server", ["--listen", &address])
}

fn preview_of(backend: &Service, port: u16) -> Command {
    let mut preview = command("node", ["miniprogram-demo/preview/serve.mjs"]);
    preview.args(["--backend", &backend.address, "--port", &port.to_string()]);
    preview
}

/// The wanted port, or 0 for any other when it is taken.
fn free_port(whose: &str, wanted: u16) -> u16 {
    if TcpListener::bind(("127.0.0.1", wanted)).is_ok() {
        return wanted;
    }
    println!("port {wanted} is taken: the {whose} takes another one");
    0
}

/// A program that serves until it is stopped. Its errors go where ours do.
struct Service {
    address: String,
    _child: Child,
}

impl Service {
    /// Returns once the program has printed its address; `ended` is told when it ends later on.
    fn start(
        name: &'static str,
        mut command: Command,
        ended: &Sender<&'static str>,
    ) -> Result<Self> {
        let mut child = Child::spawn(command.stdout(Stdio::piped()))?;
        let mut lines = child.lines();
        let address = lines
            .find_map(|line| announced_address(&line))
            .with_context(|| format!("the {name} has ended before it could serve"))?;
        let ended = ended.clone();
        thread::spawn(move || {
            lines.for_each(|line| println!("{name}: {line}"));
            let _ = ended.send(name);
        });
        Ok(Self {
            address,
            _child: child,
        })
    }
}

fn announced_address(line: &str) -> Option<String> {
    let address = ["listening on ", "preview at "]
        .iter()
        .find_map(|announcement| line.strip_prefix(announcement))?;
    Some(address.trim().to_owned())
}

fn greet(preview: &str, backend: &str) {
    println!(
        "
  演示已就绪 · The demo is ready

      {preview}

  用浏览器打开上面的地址，点“登录”登录；刷新页面后仍是登录状态，在“我的”里可以退出登录。
  按 Ctrl-C 全部停止。后端：{backend}

  Open the address in a browser and tap 登录 to log in; reload the page and you still are; log out on the 我的 page.
  Ctrl-C stops everything. Backend: {backend}
"
    );
    if !backend.ends_with(&format!(":{BACKEND_PORT}")) {
        println!(
            "  WeChat DevTools would look for the backend at port {BACKEND_PORT}: free it and start again.\n"
        );
    }
    if env::var_os("WECHAT_APPID").is_some() {
        println!(
            "  WECHAT_APPID is set: the backend asks the real WeChat, so only WeChat DevTools can log in, not the preview.\n"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn start(script: &str) -> (Result<Service>, mpsc::Receiver<&'static str>) {
        let (ended, end) = mpsc::channel();
        let service = Service::start("backend", command("sh", ["-c", script]), &ended);
        (service, end)
    }

    #[test]
    fn a_service_knows_its_address_and_is_named_when_it_ends() {
        let (service, end) = start("echo warming up; echo 'listening on http://127.0.0.1:1234'");
        assert_eq!(service.unwrap().address, "http://127.0.0.1:1234");
        assert_eq!(end.recv(), Ok("backend"));
        let error = start("exit 1").0.err().unwrap().to_string();
        assert!(error.contains("the backend has ended"), "{error}");
    }
}
