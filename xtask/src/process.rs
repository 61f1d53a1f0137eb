//! Child processes that never outlive us.
//!
//! Each leads a process group, so that its own children (a test runner's browser, npm's scripts) end with it.
//! If we are killed and cannot end them, the kernel asks those to end that we have started ourselves.

use std::{
    env,
    io::{self, BufRead, BufReader, ErrorKind},
    iter,
    os::unix::process::CommandExt,
    process::{self, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use anyhow::{Context, Error, Result, anyhow, ensure};
use nix::{
    sys::{
        prctl::set_pdeathsig,
        signal::{Signal, killpg},
    },
    unistd::Pid,
};

/// How long a child may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// Where the command line tools of the project are installed.
pub const TOOLS: &str = "target/tools";

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
}

/// From now on Ctrl-C and SIGTERM end the children, and so what waits for them; a second one kills them.
pub fn handle_interrupts() -> Result<()> {
    let end_children = || {
        let mut groups = Groups::lock();
        let signal = if groups.interrupted {
            Signal::SIGKILL
        } else {
            Signal::SIGTERM
        };
        for &group in &groups.running {
            let _ = killpg(group, signal); // it may just have ended
        }
        groups.interrupted = true;
    };
    ctrlc::set_handler(end_children).context("cannot handle Ctrl-C")
}

pub fn interrupted() -> bool {
    Groups::lock().interrupted
}

/// A running child and its descendants, ended when dropped.
pub struct Child(process::Child);

impl Child {
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut groups = Groups::lock(); // held while spawning, so that an interrupt misses no child
        ensure!(!groups.interrupted, "interrupted");
        // A group in the background must not read from the terminal: it would be stopped.
        command.stdin(Stdio::null()).process_group(0);
        // SAFETY: between fork and exec only a system call is made.
        unsafe {
            command.pre_exec(|| Ok(set_pdeathsig(Signal::SIGTERM)?));
        }
        let child = command
            .spawn()
            .map_err(|error| not_started(command, error))?;
        groups.running.push(id(&child));
        Ok(Self(child))
    }

    /// The lines that it prints, if it was spawned to be read.
    pub fn lines(&mut self) -> impl Iterator<Item = String> + Send + use<> {
        let mut output = self.0.stdout.take().map(BufReader::new);
        iter::from_fn(move || {
            let mut line = Vec::new();
            let read = output.as_mut()?.read_until(b'\n', &mut line).ok()?;
            (read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
        })
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        self.0.wait().context("waiting for a child process")
    }

    fn ends_within(&mut self, grace: Duration) -> bool {
        let step = Duration::from_millis(10);
        (0..grace.as_millis() / step.as_millis()).any(|_| {
            let ended = !matches!(self.0.try_wait(), Ok(None));
            if !ended {
                thread::sleep(step);
            }
            ended
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let group = id(&self.0);
        if killpg(group, Signal::SIGTERM).is_ok() && !self.ends_within(GRACE) {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.0.wait();
        Groups::lock().running.retain(|&running| running != group);
    }
}

/// What all children get, and we too. Called first: nothing else runs yet that could read it meanwhile.
pub fn prepare_environment() -> Result<()> {
    let tools = env::current_dir()?.join(TOOLS).join("bin");
    let inherited = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(iter::once(tools).chain(env::split_paths(&inherited)))?;
    // Build scripts that look at what `cargo run` says of its package would run anew each time that cargo is called
    // directly and through us in turn.
    let of_cargo_run = env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    });
    // SAFETY: there is no other thread.
    unsafe {
        of_cargo_run.for_each(|name| env::remove_var(name));
        env::set_var("PATH", path);
        env::set_var("CARGO_TARGET_DIR", "target"); // where everything in here looks for the results
    }
    Ok(())
}

fn id(child: &process::Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// A program with its arguments.
pub fn command<'a>(program: &str, args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

pub fn cargo() -> Command {
    Command::new("cargo")
}

/// Runs a command to its end; its output goes where ours does.
pub fn run(command: &mut Command) -> Result<()> {
    let status = Child::spawn(command)?.wait()?;
    check(command, status)
}

/// Runs a command that soon ends, and returns what it prints.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .map_err(|error| not_started(command, error))?;
    check(command, output.status)?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a command to its end and passes on what it prints, after `look` has seen it line by line.
pub fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> Result<()> {
    let mut child = Child::spawn(command.stdout(Stdio::piped()))?;
    for line in child.lines() {
        look(&line);
        println!("{line}");
    }
    check(command, child.wait()?)
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    ensure!(!interrupted(), "interrupted");
    ensure!(status.success(), "{command:?} failed ({status})");
    Ok(())
}

fn not_started(command: &Command, error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => anyhow!("`{}` is not installed", command.get_program().display()),
        _ => Error::new(error).context(format!("cannot start {command:?}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shell(script: &str) -> Command {
        command("sh", ["-c", script])
    }

    /// The lines end only when nobody holds the pipe any more.
    #[test]
    fn a_dropped_child_takes_its_own_children_along() {
        for script in [
            "sleep 1000 & echo up; wait",
            "trap '' TERM; echo up; while :; do sleep 1000; done",
        ] {
            let mut child = Child::spawn(shell(script).stdout(Stdio::piped())).unwrap();
            let mut lines = child.lines();
            assert_eq!(lines.next().as_deref(), Some("up"));
            drop(child);
            assert_eq!(lines.next(), None, "{script}");
        }
    }

    #[test]
    fn a_child_ends_with_the_thread_that_started_it() {
        let mut lines = thread::spawn(|| {
            let mut child =
                Child::spawn(shell("echo up; exec sleep 1000").stdout(Stdio::piped())).unwrap();
            let mut lines = child.lines();
            assert_eq!(lines.next().as_deref(), Some("up"));
            std::mem::forget(child); // nothing ends it but the kernel
            lines
        })
        .join()
        .unwrap();
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn a_failure_names_the_command() {
        let failure = |command: &mut Command| run(command).unwrap_err().to_string();
        assert_eq!(
            failure(&mut shell("exit 3")),
            r#""sh" "-c" "exit 3" failed (exit status: 3)"#
        );
        assert_eq!(
            failure(&mut Command::new("no-such-program")),
            "`no-such-program` is not installed"
        );
    }
}
