//! Files on the disk, and whose they are: what root makes would else be closed to the user that the server runs as.

use rustix::process::geteuid;
use std::fs::{File, metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

/// Makes an empty file, unless there is one.
pub fn make(place: &Path) -> io::Result<()> {
    match File::create_new(place) {
        Ok(file) => hand_over(&file, &folder_of(place)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives `file`, if root has made it, to the owner of `place` or, if nothing is there, of its folder.
pub fn hand_over(file: &File, place: &Path) -> io::Result<()> {
    let own = file.metadata()?;
    let owner = metadata(place).or_else(|_| metadata(folder_of(place)))?;
    let is_right = (owner.uid(), owner.gid()) == (own.uid(), own.gid());
    if is_right || !geteuid().is_root() {
        return Ok(());
    }
    fchown(file, Some(owner.uid()), Some(owner.gid()))
}

pub fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A new name is safe from a power cut when its folder is on the disk.
pub fn save_folder(file: &Path) -> io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

/// `file` with something at the end of its name.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
