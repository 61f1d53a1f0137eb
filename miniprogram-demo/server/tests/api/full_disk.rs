//! A disk that is full for a while.

use crate::support::{Backend, errno, token_of};
use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A file system of two megabytes, unmounted when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// Only root may mount one. Elsewhere the reason is printed, and with `CI=true` that is a failure.
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(folder.path())
            .output()
            .unwrap();
        if output.status.success() {
            return Some(Self(folder));
        }
        let reason = String::from_utf8_lossy(&output.stderr);
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no small file system: {reason}"
        );
        eprintln!("skipped: no small file system: {reason}");
        None
    }

    fn fill(&self) {
        let mut filler = fs::File::create(self.filler()).unwrap();
        while filler.write_all(&[0; 1024]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> std::path::PathBuf {
        self.path().join("filler")
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_after_a_full_disk_lasts() {
    fill_and_free_a_disk().await;
}

pub async fn fill_and_free_a_disk() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let url = format!("sqlite://{}/data.db", disk.path().display());
    let backend = Backend::start_on(&url);
    let before = backend.token("early").await;
    disk.fill();
    let mut refused = 0;
    for person in 0..100 {
        let envelope = backend.login(&format!("unlucky {person}"), json!({})).await;
        refused += u32::from(errno(&envelope) != 0);
    }
    assert!(refused > 10, "the disk must have been full");
    disk.free();

    let mut tokens = vec![before];
    for person in 0..30 {
        let envelope = backend.login(&format!("lucky {person}"), json!({})).await;
        assert_eq!(errno(&envelope), 0, "login {person} after there is room");
        tokens.push(token_of(&envelope).to_owned());
    }
    let other_process = Backend::start_on(&url);
    for token in &tokens {
        assert_eq!(errno(&other_process.info(token).await), 0);
    }
    drop(other_process);
    let backend = backend.kill_and_restart();
    for token in &tokens {
        assert_eq!(errno(&backend.info(token).await), 0);
    }
}
