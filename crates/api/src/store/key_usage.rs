use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, wire::Utc};

/// Uses of one key and method since the last flush.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uses {
    pub key_id: String,
    pub method: &'static str,
    /// Days since 1970, UTC.
    pub day: i64,
    pub uses: i64,
    pub last_used_at: Utc,
}

/// Adds to the counters. A key that is gone meanwhile counts no more.
pub fn add(tx: &Tx, uses: &Uses) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "INSERT INTO key_usage (key_id, method, day, uses, last_used_at)
             SELECT id, CAST(?2 AS TEXT), CAST(?3 AS BIGINT), CAST(?4 AS BIGINT), CAST(?5 AS BIGINT) FROM keys WHERE id = ?1
             ON CONFLICT (key_id, method, day) DO UPDATE SET uses = key_usage.uses + excluded.uses, last_used_at = excluded.last_used_at"
        ),
        bind![&uses.key_id, uses.method, uses.day, uses.uses, uses.last_used_at.0],
    )?;
    Ok(())
}

row! {
    pub struct Used {
        pub method: String,
        pub uses: i64,
        pub last_used_at: Utc,
    }
}

/// What a key of the account called since a day.
pub fn since(account: &Account, tx: &Tx, key_id: &str, day: i64) -> Result<Vec<Used>, Failure> {
    tx.all(
        sql!(
            "SELECT u.method, CAST(SUM(u.uses) AS BIGINT), MAX(u.last_used_at) FROM key_usage u JOIN keys k ON k.id = u.key_id
             WHERE k.account_id = ?1 AND u.key_id = ?2 AND u.day >= ?3 GROUP BY u.method ORDER BY u.method"
        ),
        bind![account.id(), key_id, day],
    )
}

/// The last call that a key of the account made, of those that are kept.
pub fn last(account: &Account, tx: &Tx, key_id: &str) -> Result<Option<Utc>, Failure> {
    let (last,) = tx
        .one(sql!("SELECT MAX(u.last_used_at) FROM key_usage u JOIN keys k ON k.id = u.key_id WHERE k.account_id = ?1 AND u.key_id = ?2"), bind![account.id(), key_id])?;
    Ok(last)
}

/// Forgets days before this one. For the hourly cleaning.
pub fn forget(tx: &Tx, before_day: i64) -> Result<u64, Failure> {
    tx.execute(sql!("DELETE FROM key_usage WHERE day < ?1"), bind![before_day])
}
