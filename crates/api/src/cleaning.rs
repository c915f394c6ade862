//! Jobs that the server runs by the clock: counters to disk, old rows away.

use crate::{
    Api,
    auth::IDLE_MS,
    error::Result,
    store::{audit_log, call_credentials, db::Lock, key_usage, key_values, logon_sessions, panel_sessions},
    usage,
    wire::Utc,
};

/// Days that uses of keys are kept; advice on roles looks back 30.
const USAGE_DAYS: i64 = 90;

/// Rows that one cleaning transaction deletes at most, so that others do not wait for it.
const AT_ONCE: i64 = 5_000;

/// Stored items that one cleaning transaction deletes at most; each takes some statements under its account's lock.
const ITEMS_AT_ONCE: i64 = 500;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

impl Api {
    /// Writes the counted uses of keys. Once a minute, before closing, and before somebody looks at them.
    pub async fn flush_usage(&self) -> Result<()> {
        let _writing = self.usage.writing.lock().await;
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

    /// Forgets what is older than its setting and what has expired: audit lines, reports, logs, uses of keys, sessions, stored items. Once an hour.
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
                call_credentials::forget(tx, now)?;
                panel_sessions::forget(tx, now, Utc(now.0 - IDLE_MS))?;
                Ok(())
            })
            .await?;
        self.clean_storage(now).await
    }

    /// Deletes expired items of every application, under its account's lock, because calls replace and delete them, too.
    async fn clean_storage(&self, now: Utc) -> Result<()> {
        for of in self.db.read(move |tx| Ok(key_values::expired(tx, now)?)).await? {
            while self.db.write(Lock::Account(of.account_id), move |tx| Ok(key_values::forget(tx, of, now, ITEMS_AT_ONCE)?)).await? > 0 {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{store::key_values, testing::*};

    #[on_both_databases]
    async fn expired_items_are_deleted_and_the_others_stay(mut world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for (application, key, ttl) in [(&shop, "a", "60"), (&shop, "b", "60"), (&shop, "c", "61"), (&bank, "a", "60")] {
            world.ok(&world.owner, "SetKeyValueItem", &[("application_id", application), ("key", key), ("value", "v"), ("ttl", ttl)]).await;
        }
        let rows = async |world: &World| world.read(|tx| Ok(key_values::rows(tx)?)).await.unwrap();
        world.advance_ms(59_999);
        world.api.clean(world.now()).await.unwrap();
        assert_eq!(rows(&world).await, 4);
        world.advance_ms(1);
        world.api.clean(world.now()).await.unwrap();
        assert_eq!(rows(&world).await, 1);
        assert_eq!(world.ok(&world.owner, "GetKeyValueKeys", &[("application_id", &shop)]).await["result"][0]["key"], "c");
    }
}
