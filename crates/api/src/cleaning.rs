//! Jobs that the server runs by the clock: counters to disk, old rows away.

use crate::{
    Api,
    error::Result,
    store::{audit_log, db::Lock, key_usage, logon_sessions},
    usage,
    wire::Utc,
};

/// Days that uses of keys are kept; advice on roles looks back 30.
const USAGE_DAYS: i64 = 90;

/// Rows that one cleaning transaction deletes at most, so that others do not wait for it.
const AT_ONCE: i64 = 5_000;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

impl Api {
    /// Writes the counted uses of keys. Once a minute, and before closing.
    pub async fn flush_usage(&self) -> Result<()> {
        let mut taken = self.usage.take();
        if taken.is_empty() {
            return Ok(());
        }
        // One order for all nodes, so that no two wait for each other's rows.
        taken.sort_by(|a, b| (&a.key_id, a.method, a.day).cmp(&(&b.key_id, b.method, b.day)));
        let kept = taken.clone();
        let written = self
            .db
            .write(Lock::None, move |tx| {
                for uses in &taken {
                    key_usage::add(tx, uses)?;
                }
                Ok(())
            })
            .await;
        if written.is_err() {
            self.usage.put_back(kept);
        }
        written
    }

    /// Forgets what is older than its setting: audit lines, reports, logs, uses of keys, expired sessions. Once an hour.
    pub async fn clean(&self, now: Utc) -> Result<()> {
        let audit_before = Utc(now.0 - self.settings.audit_days * DAY_MS);
        loop {
            let gone = self.db.write(Lock::None, move |tx| Ok(audit_log::forget(tx, audit_before, AT_ONCE)?)).await?;
            if gone < AT_ONCE.unsigned_abs() {
                break;
            }
        }
        self.forget_reports(now).await?;
        self.forget_logs(now).await?;
        let usage_before = usage::day(now) - USAGE_DAYS;
        self.db
            .write(Lock::None, move |tx| {
                key_usage::forget(tx, usage_before)?;
                logon_sessions::forget(tx, Utc(now.0 - DAY_MS))?;
                Ok(())
            })
            .await
    }
}
