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
        let (logs, before) = (self.logs.clone(), ago(now, self.settings.log_days));
        apart(move || logs.forget(before).map_err(|error| format!("logs: {error}"))).await?;
        let (folder, before) = (self.settings.files.join(crate::recordings::FOLDER), ago(now, self.settings.session_recording_days));
        apart(move || forget(&folder, before).map_err(|error| format!("{}: {error}", folder.display()))).await
    }
}

/// Milliseconds since 1970.
fn ago(now: Utc, days: i64) -> i64 {
    now.0.saturating_sub(days.saturating_mul(DAY_MS))
}

async fn apart(work: impl FnOnce() -> std::result::Result<(), String> + Send + 'static) -> Result<()> {
    let broken = |what: String| Error::internal(codes::INTERNAL, what);
    Ok(tokio::task::spawn_blocking(work).await.map_err(|error| broken(error.to_string()))?.map_err(broken)?)
}

fn forget(recordings: &Path, before: i64) -> io::Result<()> {
    for folder in entries(recordings)? {
        let (mut kept, path) = (0, folder.path());
        for recording in entries(&path)? {
            if modified_ms(&recording.metadata()?)? < before {
                fs::remove_file(recording.path())?;
            } else {
                kept += 1;
            }
        }
        // A session that ends now may have made a file in it; then it stays.
        if kept == 0 {
            match fs::remove_dir(&path) {
                Err(error) if ![io::ErrorKind::DirectoryNotEmpty, io::ErrorKind::NotFound].contains(&error.kind()) => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// When a file was written to last, milliseconds since 1970.
pub(crate) fn modified_ms(file: &fs::Metadata) -> io::Result<i64> {
    Ok(file.modified()?.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

/// What a folder holds; nothing when it is not there.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
