//! The log: lines on stderr.

use crate::config::LogFormat;
use std::io::{self, Write};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

pub fn start(format: LogFormat, levels: Targets) {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| OneLine(io::stderr()))
        .with_ansi(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(levels))
        .init();
}

/// Writes what is logged at once as one line, whatever is in it: what a client has sent cannot look like another line, nor
/// command a terminal.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut line = String::with_capacity(text.len());
        for character in text.strip_suffix('\n').unwrap_or(&text).chars() {
            if is_command(character) {
                // A form that JSON has, too.
                line += &format!("\\u{:04x}", u32::from(character));
            } else {
                line.push(character);
            }
        }
        line.push('\n');
        self.0.write_all(line.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Control characters, separators of lines, and what changes the direction of writing.
fn is_command(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}
