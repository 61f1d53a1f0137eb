//! Whether a SQLite file is in use: those who use it share a lock on a file beside it, and who replaces it must be alone.
//! The system frees the lock of a process that has ended, however that was.

use super::connect::sqlite_file;
use super::files::{beside, folder_of, hand_over};
use std::fs::{File, TryLockError, create_dir_all};
use std::io::{self, ErrorKind};
use std::path::Path;

const SUFFIX: &str = "-lock";

/// A place among the users of a SQLite file, free again when dropped.
pub struct InUse {
    _lock: File,
}

impl InUse {
    /// For who uses the file of `url`, if it has one.
    pub fn beside_others(url: &str) -> Result<Option<Self>, String> {
        let busy = "a backup is being restored to it: try again when that has ended";
        Self::take(url, File::try_lock_shared, busy)
    }

    /// For who replaces it.
    pub fn alone(url: &str) -> Result<Option<Self>, String> {
        Self::take(url, File::try_lock, IN_USE)
    }

    fn take(
        url: &str,
        lock: impl Fn(&File) -> Result<(), TryLockError>,
        busy: &str,
    ) -> Result<Option<Self>, String> {
        let Some(database) = sqlite_file(url) else {
            return Ok(None);
        };
        let file = open(&database).map_err(|error| format!("cannot lock it: {error}"))?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self { _lock: file })),
            Err(TryLockError::WouldBlock) => Err(busy.to_owned()),
            // Some network file systems have no locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(None),
            Err(TryLockError::Error(error)) => Err(format!("cannot lock it: {error}")),
        }
    }
}

pub const IN_USE: &str = "a server uses it: stop the server first";

fn open(database: &Path) -> io::Result<File> {
    create_dir_all(folder_of(database))?;
    let mut options = File::options();
    let options = options.create(true).append(true);
    let lock = options.open(beside(database, SUFFIX))?;
    hand_over(&lock, database)?;
    Ok(lock)
}
