//! Where settings come from, and what `check-config` says about them.

use crate::support::{ANY_PORT, Backend, command, errno, refused_start};
use serde_json::json;
use std::fs::write;
use std::process::{Command, Output};
use tempfile::TempDir;

const SECRET: &str = "hush-hush";

/// `check-config` with the settings of `file`.
fn check(folder: &TempDir, file: &str) -> Command {
    let path = folder.path().join("settings.toml");
    write(&path, file).unwrap();
    let mut command = command(folder, "127.0.0.1:8787");
    command.arg("check-config").arg("--config").arg(path);
    command
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_has_a_help() {
    for name in ["serve", "migrate", "check-config", "backup", "restore"] {
        let folder = TempDir::new().unwrap();
        let output = command(&folder, ANY_PORT).args([name, "--help"]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{name}");
        assert!(texts(&output).0.contains("--database <URL>"), "{name}");
    }
}

#[tokio::test]
async fn serve_is_what_is_done_without_a_command() {
    let backend = Backend::start_with_args(&["serve"]);
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

#[test]
fn an_option_wins_over_the_environment_and_that_over_the_file() {
    let folder = TempDir::new().unwrap();
    let file = "session_seconds = 1\ndrain_seconds = 2\nlog_format = \"json\"\nsandbox = true\n";
    let mut check = check(&folder, file);
    check.env("WEAPP_LOGIN_SESSION_SECONDS", "10");
    check.env("WEAPP_LOGIN_DRAIN_SECONDS", "20");
    let output = check.args(["--session-seconds", "100"]).output().unwrap();
    let (shown, error) = texts(&output);
    assert!(output.status.success(), "{error}");
    for line in [
        "session_seconds = \"100\" # --session-seconds\n",
        "drain_seconds = \"20\" # WEAPP_LOGIN_DRAIN_SECONDS\n",
        "log_format = \"json\" # log_format in ",
        "log_levels = \"trace\" # RUST_LOG\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
}

#[test]
fn secrets_are_masked_wherever_they_come_from() {
    let folder = TempDir::new().unwrap();
    let secret_file = folder.path().join("secret");
    let database_file = folder.path().join("database");
    write(&secret_file, format!("{SECRET}\n")).unwrap();
    write(
        &database_file,
        format!("mysql://keeper:{SECRET}@127.0.0.1/x\n"),
    )
    .unwrap();
    let by_file = format!("wechat_appid = \"wx1\"\nwechat_secret = \"{SECRET}\"\n");
    let by_variable = ("WECHAT_SECRET", SECRET.to_owned());
    let by_secret_file = ("WECHAT_SECRET_FILE", secret_file.display().to_string());
    for (file, variable) in [
        (by_file.as_str(), None),
        ("wechat_appid = \"wx1\"\n", Some(by_variable)),
        ("wechat_appid = \"wx1\"\n", Some(by_secret_file)),
    ] {
        let mut check = check(&folder, file);
        check.env_remove("DATABASE_URL");
        check.env("DATABASE_URL_FILE", &database_file);
        let output = check.envs(variable).output().unwrap();
        let (shown, error) = texts(&output);
        assert!(output.status.success(), "{error}");
        assert!(shown.contains("wechat_secret = \"[redacted]\""), "{shown}");
        let database = "database = \"mysql://127.0.0.1/x\" # DATABASE_URL_FILE";
        assert!(shown.contains(database), "{shown}");
        assert!(!format!("{shown}{error}").contains(SECRET));
    }
}

#[test]
fn every_mistake_is_named_at_once() {
    let folder = TempDir::new().unwrap();
    let file = "listen = \"here\"\nlisten_on = 1\npublic_url = \"ftp://x\"\nlog_format = \"xml\"\n\
                trust_proxy = \"perhaps\"\nwechat_secret = [\"hush-hush\"]\n";
    let mut check = check(&folder, file);
    check.env("WEAPP_LOGIN_SESSION_SECONDS", "soon");
    check.env("RUST_LOG", "loud=very");
    check.env("WECHAT_SECRET_FILE", "/nowhere/secret");
    let output = check.args(["--metrics-listen", "9"]).output().unwrap();
    let (_, error) = texts(&output);
    assert_eq!(output.status.code(), Some(1));
    for name in [
        "listen_on in ",
        "public_url in ",
        "log_format in ",
        "trust_proxy in ",
        "wechat_secret in ",
        "session_seconds (WEAPP_LOGIN_SESSION_SECONDS): ",
        "log_levels (RUST_LOG): ",
        "metrics_listen (--metrics-listen): ",
        "WECHAT_SECRET_FILE: ",
    ] {
        assert!(error.contains(&format!("error: {name}")), "{name}: {error}");
    }
    assert!(!error.contains(SECRET), "{error}");
}

#[test]
fn a_file_that_is_no_toml_is_refused_without_a_quotation() {
    let folder = TempDir::new().unwrap();
    let mut check = check(&folder, "sandbox = true\nwechat_secret = \"hush-hush\n");
    let (shown, error) = texts(&check.output().unwrap());
    assert!(error.contains("settings.toml, line 2: "), "{error}");
    assert!(!format!("{shown}{error}").contains(SECRET));
}

#[test]
fn mistakes_stop_every_command() {
    let folder = TempDir::new().unwrap();
    for name in ["serve", "migrate", "backup", "restore"] {
        let mut start = command(&folder, ANY_PORT);
        start.args(["--sandbox", "--session-seconds", "0", name]);
        if ["backup", "restore"].contains(&name) {
            start.arg(folder.path().join("copy"));
        }
        let (_, error) = texts(&refused_start(&mut start));
        let expected = "error: session_seconds (--session-seconds): must be 1 or more";
        assert!(error.contains(expected), "{name}: {error}");
    }
    assert!(!folder.path().join("data.db").exists());
}

/// A command without the environment that the others have here.
fn bare_command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = command(folder, ANY_PORT);
    command
        .current_dir(folder.path())
        .env_remove("DATABASE_URL");
    command.args(arguments);
    command
}

#[test]
fn commands_on_the_database_need_no_settings_of_wechat_and_name_the_database() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["migrate"][..], &["backup", "copy"], &["restore", "copy"]] {
        let mut command = bare_command(&folder, arguments);
        let output = command.args(["--database", "sqlite://x/the.db"]).output();
        let (said, error) = texts(&output.unwrap());
        assert!(said.contains("x/the.db "), "{arguments:?}: {said}{error}");
    }
    let mut serve = bare_command(&folder, &["--database", "sqlite://x/the.db"]);
    let (_, error) = texts(&refused_start(&mut serve));
    assert!(error.contains("WECHAT_SECRET are missing"), "{error}");
}

#[test]
fn only_the_sandbox_has_a_database_without_being_told() {
    let folder = TempDir::new().unwrap();
    let real = [("WECHAT_APPID", "wx1"), ("WECHAT_SECRET", SECRET)];
    for command in [
        &[][..],
        &["check-config"],
        &["migrate"],
        &["backup", "copy"],
    ] {
        let mut command = bare_command(&folder, command);
        let (_, error) = texts(&command.envs(real).output().unwrap());
        assert!(error.contains("error: database is missing"), "{error}");
    }
    let mut check = bare_command(&folder, &["check-config", "--sandbox"]);
    let (shown, _) = texts(&check.output().unwrap());
    let expected = "database = \"sqlite://data/weapp-login.db\" # default with --sandbox\n";
    assert!(shown.contains(expected), "{shown}");
    let mut migrate = bare_command(&folder, &["migrate", "--sandbox"]);
    assert!(migrate.output().unwrap().status.success());
    assert!(folder.path().join("data/weapp-login.db").exists());
}

#[test]
fn a_value_and_a_file_of_the_same_secret_are_one_too_many() {
    let folder = TempDir::new().unwrap();
    let mut check = check(&folder, "sandbox = true");
    check.env("DATABASE_URL_FILE", "/nowhere/at/all");
    let (_, error) = texts(&check.output().unwrap());
    let expected = "DATABASE_URL and DATABASE_URL_FILE are set: unset one of the two";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn an_address_is_shown_without_what_may_be_a_password() {
    let folder = TempDir::new().unwrap();
    let shown_as = |arguments: [&str; 2], variable: (&str, &str)| {
        let mut check = check(&folder, "");
        check.env("WECHAT_APPID", "wx1").env("WECHAT_SECRET", "x");
        let output = check.args(arguments).env(variable.0, variable.1).output();
        let (shown, error) = texts(&output.unwrap());
        assert!(
            !format!("{shown}{error}").contains(SECRET),
            "{shown}{error}"
        );
        shown
    };
    for (url, expected) in [
        ("root:hush-hush@tcp(10.0.0.1:3306)/db", "[redacted]"),
        ("mysql:root:hush-hush@host/db", "[redacted]"),
        ("jdbc:mysql://host/db?password=hush-hush", "[redacted]"),
        ("mysql://root:1/hush-hush@host/db", "[redacted]"),
        ("mysql://root:1#hush-hush@host/db", "[redacted]"),
        (
            "mysql://host:1/db?user=root&password=hush-hush",
            "mysql://host:1/db",
        ),
        ("mysql://root:hush-hush@host/db", "mysql://host/db"),
        ("sqlite:///var/lib/x.db?mode=rwc", "sqlite:///var/lib/x.db"),
        ("sqlite://data/x.db", "sqlite://data/x.db"),
    ] {
        let by_option = shown_as(["--database", url], ("DATABASE_URL", ""));
        let expected = format!("database = \"{expected}\" #");
        assert!(by_option.contains(&expected), "{url}: {by_option}");
    }
    let base = "https://user:hush-hush@proxy/x?token=hush-hush#hush-hush";
    let shown = shown_as(["--public-url", base], ("WECHAT_API_BASE", base));
    for key in ["public_url", "wechat_api_base"] {
        let expected = format!("{key} = \"https://proxy/x\" #");
        assert!(shown.contains(&expected), "{shown}");
    }
}

#[test]
fn a_database_of_another_kind_is_a_mistake() {
    let folder = TempDir::new().unwrap();
    for (url, expected) in [
        ("postgres://keeper:hush-hush@127.0.0.1/x", "mysql://USER:"),
        ("mysql:root:hush-hush@127.0.0.1/x", "mysql://USER:"),
        ("root:hush-hush@tcp(127.0.0.1:3306)/x", "mysql://USER:"),
        ("mysql://keeper:hush-hush@127.0.0.1x:port/x", "port"),
    ] {
        let mut check = check(&folder, "sandbox = true");
        let output = check.args(["--database", url]).output().unwrap();
        let (shown, error) = texts(&output);
        assert!(!output.status.success());
        assert!(
            error.contains("error: database: ") && error.contains(expected),
            "{error}"
        );
        assert!(
            !format!("{shown}{error}").contains(SECRET),
            "{shown}{error}"
        );
    }
}

/// What `check-config` says of one line of the file, which must be a mistake.
fn mistake(line: &str) -> String {
    let folder = TempDir::new().unwrap();
    let mut check = check(&folder, &format!("sandbox = true\n{line}\n"));
    let output = check.output().unwrap();
    assert!(!output.status.success(), "{line}");
    texts(&output).1
}

#[test]
fn a_setting_in_a_file_has_one_form() {
    for (line, rule) in [
        ("trust_proxy = 1", "must be true or false"),
        ("trust_proxy = 0.5", "must be true or false"),
        ("trust_proxy = \"true\"", "must be true or false"),
        ("session_seconds = 1.9", "must be a whole number"),
        ("session_seconds = true", "must be a whole number"),
        ("session_seconds = \"60\"", "must be a whole number"),
        ("session_seconds = -1", "must be a whole number"),
        ("drain_seconds = 4294967296", "must be a whole number"),
        ("listen = 8787", "must be an address with a port"),
        ("log_format = 1", "must be a text"),
        ("[database]\nurl = \"sqlite://x\"", "must be a text"),
    ] {
        let error = mistake(line);
        let key = line.trim_start_matches('[').split([' ', ']']).next();
        let named = format!("error: {} in ", key.unwrap());
        assert!(
            error.contains(&named) && error.contains(rule),
            "{line}: {error}"
        );
    }
}

#[test]
fn a_variable_is_read_as_strictly_as_the_file() {
    for (variable, value, rule) in [
        (
            "WEAPP_LOGIN_SESSION_SECONDS",
            "yes",
            "must be a whole number",
        ),
        (
            "WEAPP_LOGIN_SESSION_SECONDS",
            "60.5",
            "must be a whole number",
        ),
        ("WEAPP_LOGIN_TRUST_PROXY", "1", "must be true or false"),
        ("WEAPP_LOGIN_METRICS_LISTEN", "9187", "must be an address"),
    ] {
        let folder = TempDir::new().unwrap();
        let mut command = bare_command(&folder, &["check-config", "--sandbox"]);
        let (_, error) = texts(&command.env(variable, value).output().unwrap());
        let expected = format!("({variable}): {rule}");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn an_unknown_key_is_a_mistake_that_says_what_to_do() {
    let error = mistake("trust_proxies = true");
    assert!(error.contains("error: trust_proxies in "), "{error}");
    assert!(error.contains("remove it"), "{error}");
    let error = mistake("[server]\nlisten = \"127.0.0.1:1\"");
    assert!(error.contains("error: server in "), "{error}");
}

#[test]
fn metrics_need_an_address_of_their_own() {
    for (metrics, is_mistake) in [
        ("127.0.0.1:8787", true),
        ("0.0.0.0:8787", true),
        ("127.0.0.1:8788", false),
        ("127.0.0.2:8787", false),
    ] {
        let folder = TempDir::new().unwrap();
        let mut check = check(&folder, "sandbox = true");
        let output = check.args(["--metrics-listen", metrics]).output().unwrap();
        let (_, error) = texts(&output);
        assert_eq!(output.status.success(), !is_mistake, "{metrics}: {error}");
        let expected = "metrics_listen (--metrics-listen): is the address of `listen`";
        assert_eq!(error.contains(expected), is_mistake, "{error}");
    }
    let backend = Backend::start_with_args(&["--metrics-listen", ANY_PORT]);
    assert!(backend.log().contains("metrics on "));
}
