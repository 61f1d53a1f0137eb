//! Child processes that never outlive us.
//!
//! Each child leads a process group of its own, so that its own children (a test runner's browser, npm's scripts) end with it.

use std::{
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
const GRACE: Duration = Duration::from_secs(5);

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
