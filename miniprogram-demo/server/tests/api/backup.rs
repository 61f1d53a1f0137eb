//! Copies of a SQLite database, and their return.

use crate::mariadb::{self, skip};
use crate::migration::fill_sqlite;
use crate::support::{ANY_PORT, Backend, PATIENCE, command, errno};
use sea_orm::sqlx::{Connection, Executor, SqliteConnection};
use serde_json::json;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;
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

/// The database of a backend that has ended, with amy in it.
async fn database_with_amy(folder: &TempDir) -> PathBuf {
    let file = folder.path().join("old.db");
    let mut backend = Backend::start_on(&url_of(&file));
    backend.token("amy").await;
    assert!(backend.terminate().success());
    file
}

async fn users(backend: &Backend) -> i64 {
    backend.select("SELECT count(*) FROM wx_user").await
}

fn is_root() -> bool {
    let own = TempDir::new().unwrap();
    let is_root = std::fs::metadata(own.path()).unwrap().uid() == 0;
    if !is_root {
        skip("only root makes files for another user");
    }
    is_root
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
    for token in [before, after] {
        assert_eq!(errno(&backend.info(&token).await), 501);
    }
    assert_eq!(users(&backend).await, 1);
}

#[tokio::test]
async fn a_restore_leaves_nothing_of_a_database_that_was_not_closed() {
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
    let mut backend = Backend::start();
    backend.token("bob").await;
    backend.token("carl").await;
    backend.kill();
    let log = backend.database_file().with_extension("db-wal");
    assert!(log.exists(), "the check needs a log file");
    succeeds("restore", &backend.database_url(), &saved);
    let restored = Backend::start_on(&backend.database_url());
    assert_eq!(users(&restored).await, 1);
}

#[tokio::test]
async fn a_restore_takes_the_place_of_a_broken_database() {
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
    let broken = folder.path().join("broken.db");
    for suffix in ["", "-wal", "-shm"] {
        std::fs::write(
            format!("{}{suffix}", broken.display()),
            "broken ".repeat(999),
        )
        .unwrap();
    }
    succeeds("restore", &url_of(&broken), &saved);
    assert_eq!(users(&Backend::start_on(&url_of(&broken))).await, 1);
}

#[tokio::test]
async fn a_restore_under_a_running_server_is_refused() {
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
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
    let saved = database_with_amy(&folder).await;
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
    let saved = database_with_amy(&folder).await;
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
    assert_eq!(users(&Backend::start_on(&url_of(&saved))).await, 1);
    let left: Vec<_> = names_in(folder.path());
    assert!(!left.iter().any(|name| name.contains("-part")), "{left:?}");
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_needs_a_database() {
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
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
    let saved = database_with_amy(&folder).await;
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

#[tokio::test]
async fn a_restore_ends_all_logins_also_those_of_an_older_server() {
    let folder = TempDir::new().unwrap();
    let copy = folder.path().join("copy");
    let mut backend = Backend::start();
    let url = backend.database_url();
    let login = backend.login("amy", json!({})).await;
    succeeds("backup", &url, &copy);
    assert!(backend.terminate().success());
    succeeds("restore", &url, &copy);
    let backend = Backend::start_on(&url);
    let refresh = json!({ "refreshToken": login["data"]["refreshToken"] });
    assert_eq!(errno(&backend.send("auth/refresh", refresh).await), 501);
    for table in ["session", "login", "replaced_token"] {
        let sql = format!("SELECT count(*) FROM {table}");
        assert_eq!(backend.select::<i64>(&sql).await, 0, "{table}");
    }

    let older = folder.path().join("older");
    fill_sqlite(&url_of(&older)).await;
    let place = folder.path().join("place.db");
    succeeds("restore", &url_of(&place), &older);
    let backend = Backend::start_on(&url_of(&place));
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM session").await,
        0
    );
    assert!(users(&backend).await > 0);
}

#[tokio::test]
async fn what_root_makes_belongs_to_the_owner_of_the_folder() {
    if !is_root() {
        return;
    }
    const NOBODY: u32 = 65534;
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
    let place = folder.path().join("of-the-service");
    std::fs::create_dir(&place).unwrap();
    chown(&place, Some(NOBODY), Some(NOBODY)).unwrap();
    let url = url_of(&place.join("the.db"));
    let all_are_nobodys = || {
        for name in names_in(&place) {
            let owner = std::fs::metadata(place.join(&name)).unwrap().uid();
            assert_eq!(owner, NOBODY, "{name}");
        }
    };

    let mut migrate = command(&folder, ANY_PORT);
    migrate.args(["--database", &url, "migrate"]);
    assert!(migrate.output().unwrap().status.success());
    all_are_nobodys();
    std::fs::remove_file(place.join("the.db-lock")).unwrap();
    succeeds("backup", &url, &place.join("copy"));
    all_are_nobodys();
    succeeds("restore", &url, &saved);
    all_are_nobodys();

    // The owner of the file that is replaced comes before the folder's.
    let other = NOBODY - 1;
    chown(place.join("the.db"), Some(other), Some(other)).unwrap();
    succeeds("restore", &url, &saved);
    let owner = std::fs::metadata(place.join("the.db")).unwrap().uid();
    assert_eq!(owner, other);
    assert_eq!(names_in(&place), ["copy", "the.db", "the.db-lock"]);
}

#[tokio::test]
async fn a_symbolic_link_is_followed_and_stays() {
    let folder = TempDir::new().unwrap();
    let saved = database_with_amy(&folder).await;
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let link = folder.path().join("the.db");
    symlink(disk.join("real.db"), &link).unwrap();

    let error = fails("restore", &url_of(&link), &saved);
    assert!(error.contains("a symbolic link to nothing"), "{error}");
    assert!(!disk.join("real.db").exists());

    let mut backend = Backend::start_on(&url_of(&link));
    backend.token("bob").await;
    let error = fails("restore", &url_of(&disk.join("real.db")), &saved);
    assert!(error.contains("stop the server first"), "{error}");
    assert!(backend.terminate().success());
    succeeds("restore", &url_of(&link), &saved);
    assert!(link.is_symlink());
    assert_eq!(names_in(&disk), ["real.db", "real.db-lock"]);

    let dangling = folder.path().join("copy");
    symlink(disk.join("copy"), &dangling).unwrap();
    let error = fails("backup", &url_of(&link), &dangling);
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(names_in(&disk), ["real.db", "real.db-lock"]);
}

/// So large that a copy takes some time.
async fn large_database(folder: &TempDir) -> PathBuf {
    let file = database_with_amy(folder).await;
    let mut db = SqliteConnection::connect(&url_of(&file)).await.unwrap();
    let filler = "CREATE TABLE filler AS WITH RECURSIVE n(i) AS \
                  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT zeroblob(1000000) FROM n";
    db.execute(filler).await.unwrap();
    db.close().await.unwrap();
    file
}

/// Runs `backup` until the file in the making is there, and then sends the signal.
fn interrupted_backup(url: &str, file: &Path, signal: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let mut backup = command(&folder, ANY_PORT);
    backup.args(["--database", url, "backup"]).arg(file);
    let process = backup.stderr(Stdio::piped()).spawn().unwrap();
    let part = PathBuf::from(format!("{}-part", file.display()));
    let start = Instant::now();
    while !std::fs::metadata(&part).is_ok_and(|part| part.len() > 0) {
        assert!(start.elapsed() < PATIENCE, "no copy is made");
    }
    let mode = std::fs::metadata(&part).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut kill = Command::new("kill");
    let kill = kill.args([signal, &process.id().to_string()]);
    assert!(kill.status().unwrap().success());
    process.wait_with_output().unwrap()
}

#[tokio::test]
async fn an_interrupted_backup_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let url = url_of(&large_database(&folder).await);
    let copies = TempDir::new().unwrap();
    let copy = copies.path().join("copy");
    for signal in ["-INT", "-TERM"] {
        let output = interrupted_backup(&url, &copy, signal);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("interrupted"), "{error}");
        assert!(names_in(copies.path()).is_empty());
    }
    let killed = interrupted_backup(&url, &copy, "-KILL");
    assert!(!killed.status.success());
    assert!(names_in(copies.path()).contains(&"copy-part".to_owned()));
    succeeds("backup", &url, &copy);
    assert_eq!(names_in(copies.path()), ["copy"]);
}

#[tokio::test]
async fn a_backup_that_is_being_written_is_not_taken_for_a_left_over_one() {
    let folder = TempDir::new().unwrap();
    let url = url_of(&database_with_amy(&folder).await);
    let copies = TempDir::new().unwrap();
    let part = std::fs::File::create(copies.path().join("copy-part")).unwrap();
    part.lock().unwrap();
    let error = fails("backup", &url, &copies.path().join("copy"));
    assert!(error.contains("another run is writing it"), "{error}");
    assert_eq!(names_in(copies.path()), ["copy-part"]);
}
