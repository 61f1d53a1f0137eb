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
