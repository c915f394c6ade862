//! Session logs: what a session says is in its file before its next turn.

use std::{fmt::Write as _, fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use cordboard_api::wire::Utc;

/// Appends lines with their moment (voxengine.md §26).
pub fn append(file: &Path, moment: Utc, lines: &[String]) {
    let stamp = stamp(moment);
    let mut text = String::with_capacity(lines.iter().map(|line| line.len() + stamp.len() + 2).sum());
    for line in lines {
        let _ = writeln!(text, "{stamp} {line}");
    }
    if let Err(error) = write(file, &text) {
        tracing::error!("a session's log cannot be written to {}: {error}", file.display());
    }
}

/// `YYYY-MM-DD HH:MM:SS.mmm`, UTC.
fn stamp(now: Utc) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(now.0) * 1_000_000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second, millisecond) = (moment.hour(), moment.minute(), moment.second(), moment.millisecond());
    format!("{:04}-{:02}-{:02} {hour:02}:{minute:02}:{second:02}.{millisecond:03}", moment.year(), u8::from(moment.month()), moment.day())
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let open = || OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    let mut opened = match open() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            open()?
        }
        other => other?,
    };
    opened.write_all(text.as_bytes())
}
