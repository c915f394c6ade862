//! Session logs: one thread appends what sessions say to their files.

use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use cordboard_api::wire::Utc;
use tokio::sync::oneshot;

/// Pieces that wait for the disk; sessions that say more wait with them.
const WAITING: usize = 4_096;

/// Pieces that are written together.
const TOGETHER: usize = 512;

enum Piece {
    Lines { session_id: i64, text: String },
    Flush(oneshot::Sender<()>),
}

#[derive(Clone)]
pub struct Logs(SyncSender<Piece>);

impl Logs {
    pub fn start(path: impl Fn(i64) -> PathBuf + Send + 'static) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        std::thread::Builder::new().name("session-logs".to_owned()).spawn(move || run(&receiver, path))?;
        Ok(Self(sender))
    }

    /// Appends lines with their moment (voxengine.md §26).
    pub fn write(&self, session_id: i64, now: Utc, lines: &[String]) {
        let mut text = String::new();
        for line in lines {
            let _ = writeln!(text, "{} {line}", stamp(now));
        }
        if self.0.send(Piece::Lines { session_id, text }).is_err() {
            tracing::error!("the thread of the session logs is gone");
        }
    }

    /// Comes back when everything that was written before is in its file.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        let sender = self.0.clone();
        // The queue may be full, and this is a thread of requests.
        let sent = tokio::task::spawn_blocking(move || sender.send(Piece::Flush(done)).is_ok()).await;
        if sent.unwrap_or(false) {
            let _ = flushed.await;
        }
    }
}

/// `YYYY-MM-DD HH:MM:SS.mmm`, UTC.
fn stamp(now: Utc) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(now.0) * 1_000_000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}",
        moment.year(),
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second(),
        moment.millisecond()
    )
}

fn run(pieces: &Receiver<Piece>, path: impl Fn(i64) -> PathBuf) {
    while let Ok(first) = pieces.recv() {
        let mut texts: std::collections::BTreeMap<i64, String> = std::collections::BTreeMap::new();
        let mut waiting = Vec::new();
        for piece in std::iter::once(first).chain(pieces.try_iter().take(TOGETHER)) {
            match piece {
                Piece::Lines { session_id, text } => texts.entry(session_id).or_default().push_str(&text),
                Piece::Flush(done) => waiting.push(done),
            }
        }
        for (session_id, text) in texts {
            let file = path(session_id);
            if let Err(error) = append(&file, &text) {
                tracing::error!("the log of session {session_id} cannot be written to {}: {error}", file.display());
            }
        }
        for done in waiting {
            let _ = done.send(());
        }
    }
}

fn append(file: &std::path::Path, text: &str) -> std::io::Result<()> {
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
