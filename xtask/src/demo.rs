//! The demo: backend and preview side by side, for a person or for the end-to-end journey.

use std::{env, fs, net::TcpListener, process::Command, sync::mpsc};

use anyhow::{Context, Result};

use crate::{build, process, service::Service, setup};

/// The address that the demo mini-program has in its `config.js`.
const BACKEND_PORT: u16 = 8787;
const PREVIEW_PORT: u16 = 8080;
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
    setup::for_build()?;
    build()?;
    build_server()?;
    let (ended, end) = mpsc::channel();
    let backend_port = free_port("backend", BACKEND_PORT);
    let mut command = backend_at(backend_port);
    if env::var_os("WECHAT_APPID").is_none() {
        command.arg("--sandbox");
    }
    let backend = Service::start("backend", command, "listening on ", ended.clone())?;
    let preview_port = free_port("preview", PREVIEW_PORT);
    let preview = Service::start(
        "preview",
        preview_of(&backend, preview_port),
        "preview at ",
        ended,
    )?;
    greet(&preview.address, &backend.address);
    let first = end.recv().context("nobody is left to serve")?;
    if process::interrupted() {
        println!("\n演示已停止。 The demo has stopped.");
        return Ok(());
    }
    Err(if first == backend.name {
        backend.ended()
    } else {
        preview.ended()
    })
}

/// Walks through the demo in headless Chromium, on a database of its own.
pub fn walk_through() -> Result<()> {
    setup::for_headless_demo()?;
    build()?;
    build_server()?;
    fs::create_dir_all(SCREENSHOTS)?;
    let data = tempfile::tempdir()?;
    let (ended, end) = mpsc::channel();
    let mut command = backend_at(0);
    BACKEND_SETTINGS
        .iter()
        .for_each(|setting| _ = command.env_remove(setting));
    command.arg("--sandbox").arg("--database").arg(format!(
        "sqlite://{}?mode=rwc",
        data.path().join("demo.db").display()
    ));
    let backend = Service::start("backend", command, "listening on ", ended.clone())?;
    let preview = Service::start("preview", preview_of(&backend, 0), "preview at ", ended)?;
    let mut journey = Command::new("node");
    journey.args([
        "tests/e2e/journey.mjs",
        "--preview",
        &preview.address,
        "--out",
        SCREENSHOTS,
    ]);
    let walked = process::run(&mut journey);
    match end.try_recv() {
        Ok(name) if name == backend.name => Err(backend.ended()),
        Ok(_) => Err(preview.ended()),
        Err(_) => walked,
    }
}

pub fn build_server() -> Result<()> {
    process::run(process::cargo().args(["build", "--package=weapp-login-server"]))
}

fn backend_at(port: u16) -> Command {
    let mut command = Command::new("target/debug/weapp-login-server");
    command.args(["--listen", &format!("127.0.0.1:{port}")]);
    command
}

fn preview_of(backend: &Service, port: u16) -> Command {
    let mut command = Command::new("node");
    command.args([
        "miniprogram-demo/preview/serve.mjs",
        "--backend",
        &backend.address,
        "--port",
        &port.to_string(),
    ]);
    command
}

/// The wanted port, or 0 for any other when it is taken.
fn free_port(whose: &str, wanted: u16) -> u16 {
    if TcpListener::bind(("127.0.0.1", wanted)).is_ok() {
        return wanted;
    }
    println!("port {wanted} is taken: the {whose} takes another one");
    0
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
