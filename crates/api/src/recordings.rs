//! What was recorded of sessions, encrypted, in files of their own.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use crate::{
    Api, codes,
    error::{Error, Result},
    secrets::Purpose,
};

/// The folder of recordings among the files.
pub(crate) const FOLDER: &str = "session-recordings";

/// Sessions whose recordings share a folder.
const PER_FOLDER: i64 = 1_000;

impl Api {
    pub(crate) fn recording_path(&self, session_id: i64) -> PathBuf {
        self.settings.files.join(FOLDER).join((session_id / PER_FOLDER).to_string()).join(format!("{session_id}.recording"))
    }

    /// Keeps the recording of a session that has ended, whole or not at all. It is gone after the days of the setting.
    pub async fn keep_recording(&self, session_id: i64, recording: &[u8]) -> Result<()> {
        let sealed = self.secrets.encrypt(Purpose::Recording { session_id }, recording)?;
        let path = self.recording_path(session_id);
        let write = move || -> io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let fresh = path.with_extension("new");
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
            file.write_all(&sealed)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        let broken = |what: String| Error::internal(codes::INTERNAL, format!("the recording of session {session_id}: {what}"));
        Ok(tokio::task::spawn_blocking(write).await.map_err(|error| broken(error.to_string()))?.map_err(|error| broken(error.to_string()))?)
    }

    /// The recording of a session; `None` when there is none, or none any more.
    pub(crate) async fn recording(&self, session_id: i64) -> Result<Option<Vec<u8>>> {
        let path = self.recording_path(session_id);
        let broken = |what: String| Error::internal(codes::INTERNAL, format!("the recording of session {session_id}: {what}"));
        let sealed = match tokio::task::spawn_blocking(move || fs::read(path)).await.map_err(|error| broken(error.to_string()))? {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(broken(error.to_string()).into()),
        };
        self.secrets.decrypt(Purpose::Recording { session_id }, &sealed).map(Some)
    }
}
