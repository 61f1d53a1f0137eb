//! Backups of a SQLite database, and their return. A copy comes into being beside its place and gets there in one step, so that
//! whoever is interrupted has the old file or the new one.

use super::connect::{check_address, sqlite_file};
use super::files::{beside, save_folder};
use super::in_use::{IN_USE, InUse};
use super::migrations;
use super::part::Part;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Executor};
use std::fs::{remove_file, symlink_metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

const NOT_FOR_MYSQL: &str = "backup and restore are for SQLite. For a MySQL or MariaDB database take its own tools: \
    `mariadb-dump --single-transaction --databases NAME > FILE`, and `mariadb < FILE` for the way back";
/// SQLite's numbers for a database that another connection uses.
const BUSY: [&str; 2] = ["5", "261"];

/// Tables of logins, and what empties them. A backup of an older server has not all of them.
const LOGINS: [(&str, &str); 3] = [
    ("session", "DELETE FROM session"),
    ("login", "DELETE FROM login"),
    ("replaced_token", "DELETE FROM replaced_token"),
];

/// Copies the database of `url` into `file`, which must not exist. Servers may go on: the copy is the database of one moment.
pub async fn back_up(url: &str, file: &Path) -> Result<(), String> {
    let database = file_of(url)?;
    if symlink_metadata(file).is_ok() {
        return Err(format!(
            "{} exists already: name another file",
            file.display()
        ));
    }
    must_exist(&database)?;
    let _in_use = InUse::beside_others(url)?;
    let copy = checked_copy(&database, file).await?;
    copy.add(file)
        .and_then(|()| save_folder(file))
        .map_err(|error| cannot_write(file, error))
}

/// Puts `file` in the place of the database of `url`, which nobody may use meanwhile. All logins end: the copy has those, too,
/// that were ended since.
pub async fn restore(url: &str, file: &Path) -> Result<(), String> {
    let database = file_of(url)?;
    must_exist(file)?;
    let named = |error| format!("{}: {error}", database.display());
    if database.is_symlink() {
        return Err(named("is a symbolic link to nothing".to_owned()));
    }
    let _alone = InUse::alone(url).map_err(named)?;
    let copy = checked_copy(file, &database).await?;
    let ended = end_logins(copy.path()).await;
    ended.map_err(|error| format!("cannot end the logins in the copy: {error}"))?;
    remove_log_of(&database).await.map_err(named)?;
    copy.replace(&database)
        .and_then(|()| save_folder(&database))
        .map_err(|error| cannot_write(&database, error))
}

fn file_of(url: &str) -> Result<PathBuf, String> {
    check_address(url).map_err(|error| format!("database: {error}"))?;
    sqlite_file(url).ok_or_else(|| NOT_FOR_MYSQL.to_owned())
}

fn must_exist(file: &Path) -> Result<(), String> {
    match file.is_file() {
        true => Ok(()),
        false => Err(format!("there is no file {}", file.display())),
    }
}

/// A copy for `place` of a database that is whole and that this program can serve.
async fn checked_copy(database: &Path, place: &Path) -> Result<Part, String> {
    let copy = Part::of(place).map_err(|error| cannot_write(place, error))?;
    let path = copy.path().to_str();
    let path = path.ok_or("the file's name is no text in UTF-8")?;
    let applied = copy_into(database, path).await;
    let applied = applied.map_err(|error| {
        format!(
            "{} is no database of this server, or it is broken: {error}",
            database.display()
        )
    })?;
    migrations::refuse_newer(applied)
        .map_err(|error| format!("{}: {error}", database.display()))?;
    Ok(copy)
}

/// Returns the migrations that the copy has.
async fn copy_into(database: &Path, place: &str) -> Result<Vec<String>, sqlx::Error> {
    let mut source = connect(database).await?;
    let mut into = sqlx::query("VACUUM INTO ?");
    into = into.bind(place.to_owned());
    into.execute(&mut source).await?;
    source.close().await?;

    let mut copy = connect(Path::new(place)).await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut copy)
        .await?;
    if found != "ok" {
        return Err(sqlx::Error::Protocol(found));
    }
    let applied = sqlx::query_scalar("SELECT version FROM seaql_migrations")
        .fetch_all(&mut copy)
        .await?;
    copy.close().await?;
    Ok(applied)
}

/// Nothing of them is left in the file.
async fn end_logins(copy: &Path) -> Result<(), sqlx::Error> {
    let mut db = connect(copy).await?;
    db.execute("PRAGMA secure_delete = ON").await?;
    for (table, emptying) in LOGINS {
        let found = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
        if found.bind(table).fetch_optional(&mut db).await?.is_some() {
            db.execute(emptying).await?;
        }
    }
    db.close().await
}

async fn connect(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(database)
        .disable_statement_logging()
        .connect()
        .await
}

/// Removes the files beside the old database, which the new one must not meet. SQLite does so when it takes the file out of the
/// mode that has them, which it refuses while others use it, also those who know no lock but SQLite's.
async fn remove_log_of(database: &Path) -> Result<(), String> {
    if database.exists() {
        let taken_out = async {
            let mut db = connect(database).await?;
            sqlx::query("PRAGMA journal_mode = DELETE")
                .execute(&mut db)
                .await?;
            db.close().await
        };
        let error: Option<sqlx::Error> = taken_out.await.err();
        let code = error.as_ref().and_then(sqlx::Error::as_database_error);
        let code = code.and_then(|error| error.code());
        if code.is_some_and(|code| BUSY.contains(&code.as_ref())) {
            return Err(IN_USE.to_owned());
        }
        // What else may be wrong with it is why it is replaced.
    }
    for suffix in ["-wal", "-shm"] {
        let file = beside(database, suffix);
        match remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(format!("cannot remove {}: {error}", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn cannot_write(place: &Path, error: io::Error) -> String {
    format!("cannot write {}: {error}", place.display())
}
