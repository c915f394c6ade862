//! Registered devices in a file, so that a restart leaves phones reachable: over UDP nothing tells them of it, and they come back within the
//! hour that a registration may last.

use std::{net::SocketAddr, path::PathBuf};

use cordboard_engine::Instant;
use cordboard_sip::registrar::Kept;
use cordboard_switch::Switch;
use serde::{Deserialize, Serialize};

use crate::{data_dir, sessions::moment};

/// The file's name in the data directory.
const FILE: &str = "registrations.json";

/// How often the file is written at most, milliseconds, and how much less often for each registration.
const EVERY_MS: u64 = 10_000;
const EVERY_MS_FOR_EACH: u64 = 1;

/// `Kept` as the file has it.
#[derive(Deserialize, Serialize)]
struct Line {
    aor: String,
    contact: String,
    remote: SocketAddr,
    instance: Option<String>,
    reg_id: Option<u32>,
    q: u16,
    user_agent: Option<String>,
    expires_ms: i64,
    seen_ms: i64,
    call_id: String,
    cseq: u32,
}

impl From<Kept> for Line {
    fn from(kept: Kept) -> Self {
        let Kept { aor, contact, remote, instance, reg_id, q, user_agent, expires_ms, seen_ms, call_id, cseq } = kept;
        Self { aor, contact, remote, instance, reg_id, q, user_agent, expires_ms, seen_ms, call_id, cseq }
    }
}

impl From<Line> for Kept {
    fn from(line: Line) -> Self {
        let Line { aor, contact, remote, instance, reg_id, q, user_agent, expires_ms, seen_ms, call_id, cseq } = line;
        Self { aor, contact, remote, instance, reg_id, q, user_agent, expires_ms, seen_ms, call_id, cseq }
    }
}

/// Keeps the file as the registrations are.
pub struct Registrations {
    folder: PathBuf,
    runtime: tokio::runtime::Handle,
    /// As the file has them.
    changes: u64,
    due: Option<Instant>,
    writing: Option<tokio::task::JoinHandle<()>>,
}

impl Registrations {
    /// Gives the switch what the file has. One that cannot be read is left out with a word in the log: devices register anew.
    pub fn restore(folder: PathBuf, switch: &mut Switch) -> Self {
        let path = folder.join(FILE);
        match std::fs::read(&path) {
            Ok(text) => match serde_json::from_slice::<Vec<Line>>(&text) {
                Ok(lines) => switch.restore_registrations(moment(), lines.into_iter().map(Kept::from)),
                Err(error) => tracing::warn!("{}: {error}; phones are reached again once they register", path.display()),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!("{}: {error}; phones are reached again once they register", path.display()),
        }
        Self { folder, runtime: tokio::runtime::Handle::current(), changes: switch.registration_changes(), due: None, writing: None }
    }

    /// When the file is to be written.
    pub fn deadline(&self) -> Option<Instant> {
        self.due
    }

    /// Looks what has changed, and writes it if it is time.
    pub fn look(&mut self, switch: &Switch) {
        if switch.registration_changes() == self.changes {
            return;
        }
        let now = moment().monotonic;
        let wait = EVERY_MS + EVERY_MS_FOR_EACH * switch.registrations() as u64;
        let due = *self.due.get_or_insert_with(|| now.plus(wait));
        if due > now {
            return;
        }
        if self.writing.as_ref().is_some_and(|writing| !writing.is_finished()) {
            self.due = Some(now.plus(wait));
            return;
        }
        let (folder, lines) = self.lines(switch);
        self.writing = Some(self.runtime.spawn_blocking(move || write(&folder, &lines)));
    }

    /// Writes what there is, at the end.
    pub fn finish(mut self, switch: &Switch) {
        if let Some(writing) = self.writing.take() {
            let _ = self.runtime.block_on(writing);
        }
        if switch.registration_changes() != self.changes {
            let (folder, lines) = self.lines(switch);
            write(&folder, &lines);
        }
    }

    fn lines(&mut self, switch: &Switch) -> (PathBuf, Vec<Line>) {
        (self.changes, self.due) = (switch.registration_changes(), None);
        (self.folder.clone(), switch.kept_registrations(moment()).into_iter().map(Line::from).collect())
    }
}

fn write(folder: &std::path::Path, lines: &[Line]) {
    let written = serde_json::to_string(lines).map_err(anyhow::Error::from).and_then(|text| data_dir::write(folder, FILE, &text, 0o600));
    if let Err(error) = written {
        tracing::error!("registrations are not kept for a restart: {error:#}");
    }
}
