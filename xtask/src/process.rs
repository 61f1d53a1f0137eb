//! Child processes that never outlive us.
//!
//! Each child leads a process group of its own, so that its own children (a test runner's browser, npm's scripts) end with it.

use std::{
    env,
    ffi::OsString,
    io::{self, ErrorKind},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError, mpsc::Receiver},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::output;

/// How long an asked process may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(2);

static GROUPS: Mutex<Groups> = Mutex::new(Groups {
    running: Vec::new(),
    interrupted: false,
});

struct Groups {
    running: Vec<Pid>,
    interrupted: bool,
}

impl Groups {
    fn lock() -> MutexGuard<'static, Self> {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn signal(&self, signal: Signal) {
        for &group in &self.running {
            let _ = killpg(group, signal); // it may just have ended
        }
    }
}

/// A running child and its descendants, ended when dropped.
pub struct Group {
    leader: Child,
}

impl Group {
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut groups = Groups::lock(); // held while spawning, so that an interrupt misses no child
        ensure!(!groups.interrupted, "interrupted");
        forget_cargo_run(command);
        // A group in the background must not read from the terminal: it would be stopped.
        let leader = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => {
                    anyhow::anyhow!("`{}` is not installed", command.get_program().display())
                }
                _ => anyhow::Error::new(error).context(describe(command)),
            })?;
        groups.running.push(id(&leader));
        Ok(Self { leader })
    }

    /// The child's output, of both kinds, comes as lines.
    pub fn spawn_piped(command: &mut Command) -> Result<(Self, Receiver<String>)> {
        let (reader, writer) = io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let group = Self::spawn(command);
        command.stdout(Stdio::null()).stderr(Stdio::null()); // our own ends of the pipe would keep it open
        Ok((group?, output::lines(reader)))
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.leader.wait().context("waiting for a child process")
    }

    fn ends_within(&mut self, grace: Duration) -> bool {
        let step = Duration::from_millis(10);
        (0..grace.as_millis() / step.as_millis()).any(|_| {
            let ended = !matches!(self.leader.try_wait(), Ok(None));
            if !ended {
                thread::sleep(step);
            }
            ended
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = id(&self.leader);
        if killpg(group, Signal::SIGTERM).is_ok() && !self.ends_within(GRACE) {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.leader.wait();
        Groups::lock().running.retain(|&running| running != group);
    }
}

/// Takes away what `cargo run` told about the task runner's own package: build scripts that look at such a variable would
/// run again, and all that depends on them, each time that one calls cargo now directly and now through us.
fn forget_cargo_run(command: &mut Command) {
    let about_package = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    env::vars_os()
        .map(|(name, _)| name)
        .filter(about_package)
        .for_each(|name| _ = command.env_remove(name));
}

fn id(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// Ends the children of other threads when the main thread returns or panics.
pub struct KillAllOnExit;

impl Drop for KillAllOnExit {
    fn drop(&mut self) {
        Groups::lock().signal(Signal::SIGKILL);
    }
}

/// From now on Ctrl-C and SIGTERM end the children and make what waits for them return; a second one does so at once.
pub fn handle_interrupts() -> Result<()> {
    let on_interrupt = || {
        let mut groups = Groups::lock();
        groups.signal(if groups.interrupted {
            Signal::SIGKILL
        } else {
            Signal::SIGTERM
        });
        groups.interrupted = true;
    };
    ctrlc::set_handler(on_interrupt).context("cannot handle Ctrl-C")
}

pub fn interrupted() -> bool {
    Groups::lock().interrupted
}

/// Cargo, building into the one folder where everything in here looks for the results.
pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.env("CARGO_TARGET_DIR", "target");
    cargo
}

/// Runs a command to its end; its output goes where ours does.
pub fn run(command: &mut Command) -> Result<()> {
    let status = Group::spawn(command)?.wait()?;
    check(command, status)
}

/// Runs a command that prints something short, and returns it.
pub fn capture(command: &mut Command) -> Result<String> {
    let mut group = Group::spawn(command.stdout(Stdio::piped()))?;
    let output = group
        .leader
        .stdout
        .take()
        .map(io::read_to_string)
        .transpose()?
        .unwrap_or_default();
    check(command, group.wait()?)?;
    Ok(output)
}

pub fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if interrupted() {
        bail!("interrupted");
    }
    ensure!(
        status.success(),
        "`{}` failed ({status})",
        describe(command)
    );
    Ok(())
}

fn describe(command: &Command) -> String {
    let words: Vec<_> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::mpsc::RecvTimeoutError;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    /// The lines of a pipe end only when nobody holds it any more.
    fn assert_all_ended(lines: &Receiver<String>) {
        assert_eq!(
            lines.recv_timeout(Duration::from_secs(60)),
            Err(RecvTimeoutError::Disconnected)
        );
    }

    #[test]
    fn a_dropped_child_takes_its_own_children_along() {
        let (group, lines) = Group::spawn_piped(&mut shell("sleep 1000 & echo up; wait")).unwrap();
        assert_eq!(lines.recv().unwrap(), "up");
        drop(group);
        assert_all_ended(&lines);
    }

    #[test]
    fn a_child_that_will_not_end_is_killed() {
        let (group, lines) = Group::spawn_piped(&mut shell(
            "trap '' TERM; echo up; while :; do sleep 1000; done",
        ))
        .unwrap();
        assert_eq!(lines.recv().unwrap(), "up");
        drop(group);
        assert_all_ended(&lines);
    }

    #[test]
    fn a_child_is_not_told_about_the_task_runners_package() {
        assert!(
            env::var_os("CARGO_MANIFEST_DIR").is_some(),
            "cargo sets it for tests, too"
        );
        assert_eq!(
            capture(&mut shell("echo \"$CARGO_MANIFEST_DIR\"")).unwrap(),
            "\n"
        );
    }

    #[test]
    fn a_failure_names_the_command_and_its_status() {
        let error = run(&mut shell("exit 3")).unwrap_err().to_string();
        assert_eq!(error, "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program"))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "`no-such-program` is not installed");
    }
}
