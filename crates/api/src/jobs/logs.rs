//! Logs and recordings of sessions are kept for the days of their settings; the rows stay.

use std::{fs, io, path::Path};

use crate::{
    Api,
    cleaning::DAY_MS,
    codes,
    error::{Error, Result},
    wire::Utc,
};

impl Api {
    /// Deletes logs and recordings that nobody wrote to for the days of their settings.
    pub(crate) async fn forget_logs(&self, now: Utc) -> Result<()> {
        self.forget_files("logs", self.settings.log_days, now).await?;
        self.forget_files(crate::recordings::FOLDER, self.settings.session_recording_days, now).await
    }

    async fn forget_files(&self, folder: &str, days: i64, now: Utc) -> Result<()> {
        let folder = self.settings.files.join(folder);
        let before = now.0.saturating_sub(days.saturating_mul(DAY_MS));
        let broken = |what: String| Error::internal(codes::INTERNAL, what);
        let forgotten = tokio::task::spawn_blocking(move || forget(&folder, before).map_err(|error| format!("{}: {error}", folder.display())));
        Ok(forgotten.await.map_err(|error| broken(error.to_string()))?.map_err(broken)?)
    }
}

/// `before` is in milliseconds since 1970.
fn forget(logs: &Path, before: i64) -> io::Result<()> {
    for folder in entries(logs)? {
        let (mut kept, path) = (0, folder.path());
        for log in entries(&path)? {
            let modified = log.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
            if modified < before {
                fs::remove_file(log.path())?;
            } else {
                kept += 1;
            }
        }
        // A session that begins now may have made a file in it; then it stays.
        if kept == 0 {
            match fs::remove_dir(&path) {
                Err(error) if ![io::ErrorKind::DirectoryNotEmpty, io::ErrorKind::NotFound].contains(&error.kind()) => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// What a folder holds; nothing when it is not there.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
