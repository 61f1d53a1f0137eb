//! Programs that are taken from the system: what is there is used, what is not comes as a Debian package.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use nix::unistd::geteuid;

use crate::{process, progress};

/// A program under any of its names, and the packages that bring it, the first of which that exists is installed.
#[derive(Clone, Copy)]
pub struct Program {
    names: &'static [&'static str],
    packages: &'static [&'static str],
}

pub const CHROMIUM: Program = Program {
    names: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ],
    packages: &["chromium"],
};
pub const CHROMEDRIVER: Program = Program {
    names: &["chromedriver"],
    packages: &["chromium-driver"],
};
/// JavaScriptCore's shell: the engine that iOS has.
pub const JSC: Program = Program {
    names: &["jsc"],
    packages: &[
        "libjavascriptcoregtk-4.0-bin",
        "libjavascriptcoregtk-bin",
        "libjavascriptcoregtk-4.1-bin",
    ],
};

pub const BROWSER: [Program; 1] = [CHROMIUM];
pub const ALL: [Program; 3] = [CHROMIUM, CHROMEDRIVER, JSC];

/// Without them the screenshots would show boxes; a package each for Chinese and for emoji.
const FONTS: [(&str, &str); 2] = [
    (":lang=zh-cn", "fonts-wqy-zenhei"),
    (":charset=1f468", "fonts-noto-color-emoji"),
];

impl Program {
    pub fn path(&self) -> Result<PathBuf> {
        self.find()
            .with_context(|| format!("`{}` is not on the PATH", self.names[0]))
    }

    fn find(&self) -> Option<PathBuf> {
        let path = env::var_os("PATH")?;
        let folders: Vec<_> = env::split_paths(&path).collect();
        self.names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .find(|file| file.is_file())
    }
}

pub fn ensure(programs: &[Program]) -> Result<()> {
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| program.find().is_none())
        .collect();
    let fonts: Vec<_> = FONTS
        .iter()
        .filter(|(pattern, _)| !has_font(pattern))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() && fonts.is_empty() {
        return Ok(());
    }
    if !can_install() {
        return explain(&missing, &fonts);
    }
    progress::run("Debian's package lists", apt().arg("update"))?;
    let packages = missing
        .iter()
        .map(|program| existing(program.packages))
        .chain(fonts.into_iter().map(Ok))
        .collect::<Result<Vec<_>>>()?;
    let what = format!("Debian packages {}", packages.join(" "));
    progress::run(
        &what,
        apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
}

fn has_font(pattern: &str) -> bool {
    process::capture(Command::new("fc-list").arg(pattern)).is_ok_and(|fonts| !fonts.is_empty())
}

fn can_install() -> bool {
    geteuid().is_root()
        && Program {
            names: &["apt-get"],
            packages: &[],
        }
        .find()
        .is_some()
}

fn explain(missing: &[&Program], fonts: &[&str]) -> Result<()> {
    if missing.is_empty() {
        println!(
            "setup: no fonts for Chinese or emoji, screenshots will lack them (Debian's packages: {})",
            fonts.join(" ")
        );
        return Ok(());
    }
    let programs: Vec<_> = missing
        .iter()
        .map(|program| program.names.join(" or "))
        .collect();
    let packages: Vec<_> = missing
        .iter()
        .map(|program| program.packages[0])
        .chain(fonts.iter().copied())
        .collect();
    bail!(
        "missing: {}. Install what provides them and put it on the PATH; on Debian, as root: apt-get install {}",
        programs.join(", "),
        packages.join(" ")
    )
}

fn existing(packages: &'static [&'static str]) -> Result<&'static str> {
    let known = |package: &&&str| {
        process::capture(
            Command::new("apt-cache")
                .args(["show", package])
                .stderr(Stdio::null()),
        )
        .is_ok()
    };
    packages
        .iter()
        .find(known)
        .copied()
        .with_context(|| format!("this system has no package {}", packages.join(" or ")))
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(["-o", "DPkg::Lock::Timeout=120"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
