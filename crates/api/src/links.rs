//! Files that a session leaves, and the links to them.

use std::path::PathBuf;

use crate::Api;

impl Api {
    /// The file of a session's log.
    pub fn log_path(&self, session_id: i64) -> PathBuf {
        self.settings.files.join("logs").join((session_id / 1_000).to_string()).join(format!("{session_id}.log"))
    }

    pub fn log_url(&self, session_id: i64) -> String {
        format!("{}/logs/{session_id}", self.settings.secure_url)
    }
}
