//! Copies of a SQLite database, and their return.

use crate::mariadb;
use crate::support::{ANY_PORT, Backend, command, errno};
use sea_orm::sqlx::{Connection, Executor, SqliteConnection};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// Runs `backup` or `restore` on the database at `url`.
fn run(name: &str, url: &str, file: &Path) -> Output {
    let folder = TempDir::new().unwrap();
    let mut command = command(&folder, ANY_PORT);
    command
        .args(["--sandbox", "--database", url, name])
        .arg(file);
    command.output().unwrap()
}

fn succeeds(name: &str, url: &str, file: &Path) {
    let output = run(name, url, file);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

/// Returns the reason.
fn fails(name: &str, url: &str, file: &Path) -> String {
    let output = run(name, url, file);
    assert!(!output.status.success(), "{name} {url}");
    String::from_utf8(output.stderr).unwrap()
}

fn url_of(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The database of a backend that has ended, with amy in it, and amy's token.
async fn database_with_amy(folder: &TempDir) -> (PathBuf, String) {
    let file = folder.path().join("old.db");
    let mut backend = Backend::start_on(&url_of(&file));
    let token = backend.token("amy").await;
    assert!(backend.terminate().success());
    (file, token)
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_made_beside_a_server_that_goes_on_and_can_be_restored() {
    let folder = TempDir::new().unwrap();
    let copy = folder.path().join("copy");
    let mut backend = Backend::start();
    let url = backend.database_url();
    let before = backend.token("amy").await;
    succeeds("backup", &url, &copy);
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names_in(folder.path()), ["copy"]);
    let after = backend.token("bob").await;
    assert_eq!(errno(&backend.info(&before).await), 0);
    assert!(backend.terminate().success());

    succeeds("restore", &url, &copy);
    let mode = std::fs::metadata(backend.database_file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let backend = Backend::start_on(&url);
    assert_eq!(errno(&backend.info(&before).await), 0);
    assert_eq!(errno(&backend.info(&after).await), 501);
}

#[tokio::test]
async fn a_restore_leaves_nothing_of_a_database_that_was_not_closed() {
    let folder = TempDir::new().unwrap();
    let (saved, token) = database_with_amy(&folder).await;
    let mut backend = Backend::start();
    let newer = backend.token("bob").await;
    backend.kill();
    let log = backend.database_file().with_extension("db-wal");
    assert!(log.exists(), "the check needs a log file");
    succeeds("restore", &backend.database_url(), &saved);
    let restored = Backend::start_on(&backend.database_url());
    assert_eq!(errno(&restored.info(&token).await), 0);
    assert_eq!(errno(&restored.info(&newer).await), 501);
}

#[tokio::test]
async fn a_restore_takes_the_place_of_a_broken_database() {
    let folder = TempDir::new().unwrap();
    let (saved, token) = database_with_amy(&folder).await;
    let broken = folder.path().join("broken.db");
    for suffix in ["", "-wal", "-shm"] {
        std::fs::write(
            format!("{}{suffix}", broken.display()),
            "broken ".repeat(999),
        )
        .unwrap();
    }
    succeeds("restore", &url_of(&broken), &saved);
    let backend = Backend::start_on(&url_of(&broken));
    assert_eq!(errno(&backend.info(&token).await), 0);
}

#[tokio::test]
async fn a_restore_under_a_running_server_is_refused() {
    let folder = TempDir::new().unwrap();
    let (saved, _) = database_with_amy(&folder).await;
    let backend = Backend::start();
    let token = backend.token("bob").await;
    let error = fails("restore", &backend.database_url(), &saved);
    assert!(error.contains("stop the server first"), "{error}");
    assert_eq!(errno(&backend.info(&token).await), 0);
    assert_eq!(errno(&backend.login("carl", json!({})).await), 0);
}

#[tokio::test]
async fn a_restore_under_another_program_is_refused() {
    let folder = TempDir::new().unwrap();
    let (saved, _) = database_with_amy(&folder).await;
    let mut backend = Backend::start();
    backend.token("bob").await;
    let mut other = SqliteConnection::connect(&backend.database_url())
        .await
        .unwrap();
    other.execute("SELECT count(*) FROM wx_user").await.unwrap();
    assert!(backend.terminate().success());
    let error = fails("restore", &backend.database_url(), &saved);
    assert!(error.contains("stop the server first"), "{error}");
    other.close().await.unwrap();
    succeeds("restore", &backend.database_url(), &saved);
}

#[tokio::test]
async fn what_cannot_be_served_is_not_restored() {
    let folder = TempDir::new().unwrap();
    let (saved, token) = database_with_amy(&folder).await;
    let place = |name: &str| folder.path().join(name);
    let whole = std::fs::read(&saved).unwrap();

    std::fs::write(place("text"), "no database").unwrap();
    std::fs::write(place("empty"), "").unwrap();
    std::fs::write(place("half"), &whole[..whole.len() / 2]).unwrap();
    let mut scratched = whole.clone();
    let page = scratched.len() / 2;
    scratched[page..page + 4096].fill(0xa5);
    std::fs::write(place("scratched"), scratched).unwrap();
    std::fs::write(place("newer"), &whole).unwrap();
    let mut newer = SqliteConnection::connect(&url_of(&place("newer")))
        .await
        .unwrap();
    newer
        .execute("INSERT INTO seaql_migrations VALUES ('m9999_of_the_future', 0)")
        .await
        .unwrap();
    newer.close().await.unwrap();

    for (name, reason) in [
        ("text", "broken"),
        ("empty", "broken"),
        ("half", "broken"),
        ("scratched", "broken"),
        ("newer", "newer"),
        ("nothing", "there is no file"),
    ] {
        let error = fails("restore", &url_of(&saved), &place(name));
        assert!(error.contains(reason) && error.contains(name), "{error}");
    }
    let backend = Backend::start_on(&url_of(&saved));
    assert_eq!(errno(&backend.info(&token).await), 0);
    let left: Vec<_> = names_in(folder.path());
    assert!(!left.iter().any(|name| name.starts_with('.')), "{left:?}");
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_needs_a_database() {
    let folder = TempDir::new().unwrap();
    let (saved, _) = database_with_amy(&folder).await;
    let copy = folder.path().join("copy");
    std::fs::write(&copy, "mine").unwrap();
    let error = fails("backup", &url_of(&saved), &copy);
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), "mine");

    let nothing = folder.path().join("nothing.db");
    let error = fails("backup", &url_of(&nothing), &folder.path().join("other"));
    assert!(error.contains("there is no file"), "{error}");
    assert!(!nothing.exists());
}

#[test]
fn mysql_has_tools_of_its_own() {
    let folder = TempDir::new().unwrap();
    for name in ["backup", "restore"] {
        let url = "mysql://keeper:hush-hush@127.0.0.1/x";
        let error = fails(name, url, &folder.path().join("copy"));
        assert!(error.contains("mariadb-dump"), "{error}");
        assert!(!error.contains("hush-hush"), "{error}");
    }
}

#[tokio::test]
async fn a_server_does_not_start_while_a_backup_is_restored() {
    let folder = TempDir::new().unwrap();
    let (saved, _) = database_with_amy(&folder).await;
    let lock = std::fs::File::open(folder.path().join("old.db-lock")).unwrap();
    lock.lock().unwrap();
    let mut start = command(&folder, ANY_PORT);
    start.args(["--sandbox", "--database", &url_of(&saved)]);
    let output = crate::support::refused_start(&mut start);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is being restored"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_makes_the_tables() {
    let folder = TempDir::new().unwrap();
    let sqlite = url_of(&folder.path().join("new.db"));
    for url in [Some(sqlite), mariadb::empty_database().await]
        .into_iter()
        .flatten()
    {
        for _ in 0..2 {
            let mut migrate = command(&folder, ANY_PORT);
            let output = migrate
                .args(["--sandbox", "--database", &url, "migrate"])
                .output();
            let output = output.unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        let backend = Backend::start_on(&url);
        assert_eq!(
            backend.select::<i64>("SELECT count(*) FROM wx_user").await,
            0
        );
    }
}
