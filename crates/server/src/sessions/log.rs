//! Session logs: what a session says is in its file before its next turn.

use cordboard_api::{Logs, wire::Utc};

/// Appends lines with their moment (voxengine.md §26).
pub fn append(logs: &Logs, session_id: i64, moment: Utc, lines: &[String]) {
    let stamp = stamp(moment);
    let stamped: Vec<String> = lines.iter().map(|line| format!("{stamp} {line}")).collect();
    if let Err(error) = logs.append(session_id, stamped.iter().map(String::as_str)) {
        tracing::error!(session = session_id, "the log of a session cannot be written: {error}");
    }
}

/// `YYYY-MM-DD HH:MM:SS.mmm`, UTC.
fn stamp(now: Utc) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(now.0) * 1_000_000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second, millisecond) = (moment.hour(), moment.minute(), moment.second(), moment.millisecond());
    format!("{:04}-{:02}-{:02} {hour:02}:{minute:02}:{second:02}.{millisecond:03}", moment.year(), u8::from(moment.month()), moment.day())
}
