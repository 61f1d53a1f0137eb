//! Files are for this process's user alone.

use crate::database;
use rustix::fs::Mode;
use rustix::process::umask;
use std::fs::{Permissions, set_permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;

const OWNER_ONLY: u32 = 0o600;
/// What SQLite adds to the name of the database for the files beside it.
const SQLITE_SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// Makes new files and folders private, and the files of a SQLite database that exist.
pub fn keep_private(database: &str) -> Result<(), String> {
    umask(Mode::RWXG | Mode::RWXO);
    let Some(file) = database::sqlite_file(database) else {
        return Ok(());
    };
    for suffix in SQLITE_SUFFIXES {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        match set_permissions(&path, Permissions::from_mode(OWNER_ONLY)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(format!("cannot make {} private: {error}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
