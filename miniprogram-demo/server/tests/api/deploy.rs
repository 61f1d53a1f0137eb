//! The examples of `deploy/`, each looked at by the program that it is for.

use crate::mariadb::skip;
use crate::support::{ANY_PORT, Backend, command, errno};
use dockerfile_parser::{BreakableStringComponent, Dockerfile, Instruction, Stage};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use std::fs::{read_to_string, write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::time::timeout;

const SERVER: &str = env!("CARGO_BIN_EXE_weapp-login-server");
/// Of 100, by systemd's own judgement; a unit without any hardening has 96.
const MOST_EXPOSURE: &str = "20";

fn example(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    read_to_string(path.join("deploy").join(name)).unwrap()
}

/// `text` with `found`, which must be in it, replaced.
fn with(text: &str, found: &str, replacement: &str) -> String {
    assert!(text.contains(found), "{found} is not in the example");
    text.replace(found, replacement)
}

/// Whether a program is there. If not, the test says so.
fn has(program: &str) -> bool {
    let found = Command::new(program)
        .arg(if program == "nginx" {
            "-v"
        } else {
            "--version"
        })
        .env("PATH", path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found
        .inspect_err(|error| skip(&format!("no {program}: {error}")))
        .is_ok()
}

/// With the folder where Debian has servers.
fn path() -> String {
    format!("{}:/usr/sbin", std::env::var("PATH").unwrap())
}

/// Returns what it has said.
fn succeeds(command: &mut Command) -> String {
    let output = command.env("PATH", path()).output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

#[test]
fn systemd_takes_the_unit_and_finds_it_hardened() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let unit = folder.path().join("weapp-login-server.service");
    let text = example("weapp-login-server.service");
    write(
        &unit,
        with(&text, "/usr/local/bin/weapp-login-server", SERVER),
    )
    .unwrap();
    let said = succeeds(Command::new("systemd-analyze").arg("verify").arg(&unit));
    // Of an unknown key it says so, and goes on.
    assert!(!said.contains("weapp-login-server.service"), "{said}");
    let judge = [
        "security",
        "--offline=true",
        "--no-pager",
        "--threshold",
        MOST_EXPOSURE,
    ];
    succeeds(Command::new("systemd-analyze").args(judge).arg(&unit));
}

#[test]
fn the_settings_are_settings() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("settings.toml");
    write(&file, example("settings.toml")).unwrap();
    let mut check = command(&folder, ANY_PORT);
    check.env("WECHAT_SECRET", "hush-hush").arg("check-config");
    check.env_remove("DATABASE_URL");
    succeeds(check.arg("--config").arg(file));
}

/// A variable wins over the file, so one that the examples set would take a line of the file away unseen.
#[test]
fn nothing_but_the_file_sets_what_the_file_has() {
    let settings = example("settings.toml");
    let keys = settings.lines().filter_map(|line| line.split_once(" = "));
    let keys: Vec<_> = keys.map(|(key, _)| key).collect();
    assert!(keys.contains(&"database") && keys.contains(&"listen"));
    let unit = example("weapp-login-server.service");
    let dockerfile = example("Dockerfile");
    let set = |text: &str, start: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(start));
        let names = lines.filter_map(|line| line.split_once('='));
        names.map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(set(&unit, "Environment="), ["WECHAT_SECRET_FILE"]);
    assert_eq!(set(&dockerfile, "ENV "), ["RUSTUP_TOOLCHAIN"]);
    for text in [unit, dockerfile] {
        assert!(text.contains("/etc/weapp-login/settings.toml"));
    }
}

/// nginx with the example, until it is dropped.
struct Nginx {
    process: Child,
    https: String,
    certificate: String,
    _folder: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // nginx ends its workers only when it is asked to.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Checks the example by `nginx -t`, and starts it in front of `backend`.
fn nginx(backend: &str) -> Nginx {
    let folder = TempDir::new().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = cert.pem();
    write(folder.path().join("cert.pem"), &certificate).unwrap();
    write(folder.path().join("key.pem"), signing_key.serialize_pem()).unwrap();

    let place = folder.path().display();
    let (http, https) = (free_port(), free_port());
    let live = "/etc/letsencrypt/live/api.example.com";
    let text = example("nginx.conf");
    let text = with(&text, "127.0.0.1:8787", backend);
    let text = with(&text, "listen 80;", &format!("listen 127.0.0.1:{http};"));
    let text = with(
        &text,
        "listen 443 ssl;",
        &format!("listen 127.0.0.1:{https} ssl;"),
    );
    let text = with(
        &text,
        &format!("{live}/fullchain.pem"),
        &format!("{place}/cert.pem"),
    );
    let text = with(
        &text,
        &format!("{live}/privkey.pem"),
        &format!("{place}/key.pem"),
    );
    write(folder.path().join("example.conf"), text).unwrap();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {place}/{kind};\n"))
        .concat();
    let around = format!(
        "daemon off;\nmaster_process off;\npid {place}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}include {place}/example.conf;\n}}\n"
    );
    let configuration = folder.path().join("nginx.conf");
    write(&configuration, around).unwrap();
    let start = || {
        let mut nginx = Command::new("nginx");
        nginx
            .arg("-c")
            .arg(&configuration)
            .args(["-e", "stderr"])
            .env("PATH", path());
        nginx
    };
    succeeds(start().arg("-t"));
    Nginx {
        process: start().spawn().unwrap(),
        https: format!("https://localhost:{https}"),
        certificate,
        _folder: folder,
    }
}

#[tokio::test]
async fn nginx_takes_the_example_and_names_the_client() {
    if !has("nginx") {
        return;
    }
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    let nginx = nginx(backend.address());
    let certificate = reqwest::Certificate::from_pem(nginx.certificate.as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .no_proxy()
        .build()
        .unwrap();
    let up = async { while client.get(&nginx.https).send().await.is_err() {} };
    timeout(crate::support::PATIENCE, up)
        .await
        .expect("nginx does not answer");

    let code = backend.code("amy").await;
    let login = client.post(format!("{}/wx/auth/login_by_weixin", nginx.https));
    let login = login.header("x-forwarded-for", "198.51.100.7");
    let login = login.json(&json!({ "code": code })).send().await.unwrap();
    assert_eq!(errno(&login.json().await.unwrap()), 0);
    let noted: String = backend.select("SELECT last_login_ip FROM wx_user").await;
    assert_eq!(noted, "127.0.0.1");
}

fn stages(dockerfile: &Dockerfile) -> Vec<Stage<'_>> {
    dockerfile.iter_stages().collect()
}

#[test]
fn the_dockerfile_parses_and_the_image_has_the_program_alone_and_no_root() {
    let text = example("Dockerfile");
    let dockerfile = Dockerfile::parse(&text).unwrap();
    let stages = stages(&dockerfile);
    assert!(stages.len() > 1, "what is needed to build is in the image");
    let toolchain = read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../rust-toolchain.toml"
    ));
    let toolchain = toolchain.unwrap();
    for stage in &stages {
        let Instruction::From(from) = &stage.instructions[0] else {
            panic!("a stage without FROM");
        };
        let tag = from
            .image_parsed
            .tag
            .as_deref()
            .expect("an image without a version");
        assert_ne!(tag, "latest");
        if let Some((version, _)) = tag
            .split_once("-slim")
            .filter(|(version, _)| version.contains('.'))
        {
            assert!(
                toolchain.contains(&format!("channel = \"{version}\"")),
                "{version}"
            );
            assert!(text.contains(&format!("RUSTUP_TOOLCHAIN={version}\n")));
        }
    }
    let last = stages.last().unwrap();
    let user = last
        .instructions
        .iter()
        .rev()
        .find_map(|instruction| match instruction {
            Instruction::Misc(misc) if misc.instruction.content == "USER" => {
                match &misc.arguments.components[..] {
                    [BreakableStringComponent::String(user)] => {
                        Some(user.content.trim().to_owned())
                    }
                    _ => None,
                }
            }
            _ => None,
        });
    let user = user.expect("the program runs as root");
    assert!(
        !user.starts_with("root") && !user.starts_with('0'),
        "{user}"
    );
    let copies: Vec<_> = last
        .instructions
        .iter()
        .filter_map(|instruction| match instruction {
            Instruction::Copy(copy) => Some(copy),
            _ => None,
        })
        .collect();
    let [copy] = &copies[..] else {
        panic!("more than the program is copied");
    };
    let flag = copy
        .flags
        .iter()
        .find(|flag| flag.name.content == "from")
        .unwrap();
    let names = stages.iter().filter_map(|stage| stage.name.as_deref());
    assert!(
        names
            .collect::<Vec<_>>()
            .contains(&flag.value.content.as_str()),
        "{}",
        flag.value.content
    );
}
