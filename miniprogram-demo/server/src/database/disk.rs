//! Bringing SQLite's commits to the disk, many at a time.
//!
//! SQLite's commit writes to its log file and does not wait for the disk. The request that has committed waits here until the log
//! is on the disk, where a power cut does not lose it; meanwhile the next request already writes. SQLite holds no file lock on its
//! log, so opening and closing the file here releases none.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

pub struct Disk {
    log: Arc<PathBuf>,
    committed: AtomicU64,
    /// How many of the commits are on the disk. Held while it is written to.
    saved: Mutex<u64>,
}

impl Disk {
    /// The disk on which SQLite's `log` file is.
    pub fn new(log: PathBuf) -> Self {
        Self {
            log: Arc::new(log),
            committed: AtomicU64::new(0),
            saved: Mutex::new(0),
        }
    }

    /// Returns when the commit that was just made is on the disk. One write serves all who wait for it.
    pub async fn save(&self) -> io::Result<()> {
        let own = self.committed.fetch_add(1, Ordering::SeqCst) + 1;
        let mut saved = self.saved.lock().await;
        if *saved >= own {
            return Ok(());
        }
        let all = self.committed.load(Ordering::SeqCst);
        let log = self.log.clone();
        tokio::task::spawn_blocking(move || sync(&log)).await??;
        *saved = all;
        Ok(())
    }
}

/// Without a log everything is in the database, where SQLite itself has brought it.
fn sync(log: &PathBuf) -> io::Result<()> {
    match File::open(log) {
        Ok(log) => log.sync_data(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
