//! What children print.

use std::{
    collections::VecDeque,
    fmt,
    io::{BufRead, BufReader, PipeReader},
    sync::mpsc::{self, Receiver},
    thread,
};

/// The lines that come out of a pipe; they end when no process holds its other end any more.
pub fn lines(pipe: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if sender.send(text).is_err() {
                break;
            }
            line.clear();
        }
    });
    receiver
}

/// The last lines of an output: what one wants to see when its process has failed.
#[derive(Default)]
pub struct Tail(VecDeque<String>);

impl Tail {
    const LINES: usize = 30;

    pub fn push(&mut self, line: String) {
        if self.0.len() == Self::LINES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    pub fn last(&self) -> &str {
        self.0.back().map_or("", String::as_str)
    }
}

impl fmt::Display for Tail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|line| writeln!(formatter, "    {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Tail;

    #[test]
    fn a_tail_keeps_only_the_last_lines() {
        let mut tail = Tail::default();
        (0..=Tail::LINES).for_each(|number| tail.push(format!("line {number}")));
        assert!(tail.to_string().starts_with("    line 1\n"), "{tail}");
        assert_eq!(tail.last(), "line 30");
    }
}
