//! A file in the making, beside its place. It gets there in one step, or goes; what a killed run has left goes with the next run.

use super::files::{beside, hand_over};
use std::fs::{File, TryLockError, remove_file, symlink_metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use tempfile::TempPath;

const SUFFIX: &str = "-part";
/// What SQLite has beside it while it writes.
const JOURNAL_SUFFIX: &str = "-part-journal";
const OWNER_ONLY: u32 = 0o600;

pub struct Part {
    path: TempPath,
    _journal: TempPath,
    /// Locked: by this others know that somebody is at it.
    file: File,
}

impl Part {
    /// An empty one, for the user alone to whom the file at `place` is going to belong.
    pub fn of(place: &Path) -> io::Result<Self> {
        let path = beside(place, SUFFIX);
        let journal = beside(place, JOURNAL_SUFFIX);
        remove_left_over(&path)?;
        remove_left_over(&journal)?;
        let mut options = File::options();
        let options = options.write(true).create_new(true).mode(OWNER_ONLY);
        let file = options.open(&path)?;
        lock(&file)?;
        // Another run may have taken it for a left over one before it was locked.
        if symlink_metadata(&path)?.ino() != file.metadata()?.ino() {
            return Err(in_use());
        }
        let path = TempPath::try_from_path(path)?;
        hand_over(&file, place)?;
        Ok(Self {
            path,
            _journal: TempPath::try_from_path(journal)?,
            file,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it at `place`, whatever is there.
    pub fn replace(self, place: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        self.path.persist(place).map_err(|error| error.error)
    }

    /// Puts it at `place`, where nothing may be.
    pub fn add(self, place: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        let added = self.path.persist_noclobber(place);
        added.map_err(|error| error.error)
    }
}

fn remove_left_over(path: &Path) -> io::Result<()> {
    match symlink_metadata(path) {
        Ok(found) => {
            if found.is_file() {
                lock(&File::open(path)?)?;
            }
            remove_file(path)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(in_use()),
        Err(TryLockError::Error(error)) if error.kind() != ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

fn in_use() -> io::Error {
    io::Error::other("another run is writing it")
}
