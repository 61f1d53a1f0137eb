//! A program that serves until it is stopped, and says on one line when and where.

use std::{
    process::Command,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use anyhow::{Result, bail};

use crate::{
    output::Tail,
    process::{self, Group},
};

/// Ample: starting takes well under a second, the preview's own build a few.
const START_LIMIT: Duration = Duration::from_secs(60);

pub struct Service {
    pub name: &'static str,
    pub address: String,
    tail: Arc<Mutex<Tail>>,
    _group: Group,
}

impl Service {
    /// Returns once the program has printed `announcement` and its address; `ended` is told when it ends later on.
    pub fn start(
        name: &'static str,
        mut command: Command,
        announcement: &'static str,
        ended: Sender<&'static str>,
    ) -> Result<Self> {
        let (group, lines) = Group::spawn_piped(&mut command)?;
        let tail = Arc::new(Mutex::new(Tail::default()));
        let (ready, is_ready) = mpsc::channel();
        let record = Arc::clone(&tail);
        thread::spawn(move || {
            for line in lines {
                if let Some(address) = line.strip_prefix(announcement) {
                    let _ = ready.send(address.trim().to_owned()); // nobody waits for a second one
                }
                record
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
            }
            drop(ready);
            let _ = ended.send(name);
        });
        let mut service = Self {
            name,
            address: String::new(),
            tail,
            _group: group,
        };
        match is_ready.recv_timeout(START_LIMIT) {
            Ok(address) => service.address = address,
            Err(_) if process::interrupted() => bail!("interrupted"),
            Err(RecvTimeoutError::Disconnected) => return Err(service.ended()),
            Err(RecvTimeoutError::Timeout) => bail!(
                "the {name} did not start within {START_LIMIT:?}; it said:\n{}",
                service.said()
            ),
        }
        Ok(service)
    }

    /// What to report when it ended though nobody had asked it to.
    pub fn ended(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "the {} has ended; the last that it said:\n{}",
            self.name,
            self.said()
        )
    }

    fn said(&self) -> String {
        self.tail
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn start(script: &str) -> (Result<Service>, mpsc::Receiver<&'static str>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let (ended, end) = mpsc::channel();
        (
            Service::start("backend", command, "listening on ", ended),
            end,
        )
    }

    #[test]
    fn knows_its_address_once_it_serves() {
        let (service, _end) =
            start("echo 'warming up'; echo 'listening on http://127.0.0.1:1234'; sleep 1000");
        assert_eq!(service.unwrap().address, "http://127.0.0.1:1234");
    }

    #[test]
    fn one_that_ends_before_it_serves_is_an_error_with_its_last_words() {
        let (service, _end) = start("echo 'cannot open the database' >&2; exit 1");
        let error = service.err().unwrap().to_string();
        assert!(
            error.contains("the backend has ended") && error.contains("cannot open the database"),
            "{error}"
        );
    }

    #[test]
    fn one_that_ends_later_is_reported_with_its_last_words() {
        let (service, end) = start("echo 'listening on x'; echo 'disk full' >&2");
        let service = service.unwrap();
        assert_eq!(end.recv_timeout(START_LIMIT), Ok("backend"));
        assert!(service.ended().to_string().contains("disk full"));
    }
}
