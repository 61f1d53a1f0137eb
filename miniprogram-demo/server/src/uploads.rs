//! Uploaded pictures: files with random names in one folder.

use crate::secret::random_hex;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

const NAME_BYTES: usize = 16;

/// A kind of picture that is taken. SVG is none: it can carry scripts.
struct Kind {
    is_this: fn(&[u8]) -> bool,
    ending: &'static str,
    content_type: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        is_this: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        ending: "png",
        content_type: "image/png",
    },
    Kind {
        is_this: |bytes| bytes.starts_with(b"\xff\xd8\xff"),
        ending: "jpg",
        content_type: "image/jpeg",
    },
    Kind {
        is_this: |bytes| bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
        ending: "gif",
        content_type: "image/gif",
    },
    Kind {
        is_this: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        ending: "webp",
        content_type: "image/webp",
    },
];

pub struct Uploads {
    folder: PathBuf,
    public_url: String,
}

impl Uploads {
    /// `public_url` is the root under which clients reach this server.
    pub fn new(folder: PathBuf, public_url: &str) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            public_url: public_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Keeps a picture and returns its address; `None` if it is no picture. The file appears under its name only when
    /// it is whole.
    pub async fn keep(&self, mut file: File) -> io::Result<Option<String>> {
        let mut picture = Vec::new();
        file.read_to_end(&mut picture).await?;
        let Some(kind) = KINDS.iter().find(|kind| (kind.is_this)(&picture)) else {
            return Ok(None);
        };
        let name = format!(
            "{}.{}",
            random_hex(NAME_BYTES).map_err(io::Error::other)?,
            kind.ending
        );
        let unfinished = self.folder.join(format!("{name}.part"));
        tokio::fs::write(&unfinished, &picture).await?;
        tokio::fs::rename(&unfinished, self.folder.join(&name)).await?;
        Ok(Some(format!("{}/storage/{name}", self.public_url)))
    }

    /// The picture of that name with its content type; `None` for any name that `keep` did not make.
    pub async fn read(&self, name: &str) -> io::Result<Option<(&'static str, Vec<u8>)>> {
        let Some(content_type) = content_type(name) else {
            return Ok(None);
        };
        match tokio::fs::read(self.folder.join(Path::new(name))).await {
            Ok(picture) => Ok(Some((content_type, picture))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    let (stem, ending) = name.split_once('.')?;
    if stem.len() != 2 * NAME_BYTES || !stem.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    KINDS
        .iter()
        .find(|kind| kind.ending == ending)
        .map(|kind| kind.content_type)
}
