use cordboard_derive::sql;

use super::{
    containing,
    db::{Failure, Tx},
    folded,
};
use crate::{bind, caller::Account, row, wire::Utc};

row! {
    pub struct Entry {
        pub id: i64,
        /// `A.B.C.D` or `A.B.C.D/L`, as it was normalised.
        pub network: String,
        pub allowed: bool,
        pub created_at: Utc,
    }
}

/// For authentication, of the account that a credential belongs to.
pub fn of_account(tx: &Tx, account_id: i64) -> Result<Vec<Entry>, Failure> {
    tx.all(sql!("SELECT id, network, allowed, created_at FROM authorized_ips WHERE account_id = ?1 ORDER BY id"), bind![account_id])
}

/// Every entry, filtered by list and by part of the description.
pub fn list(account: &Account, tx: &Tx, allowed: Option<bool>, description: Option<&str>) -> Result<Vec<Entry>, Failure> {
    tx.all(
        sql!(
            "SELECT id, network, allowed, created_at FROM authorized_ips
             WHERE account_id = ?1 AND (allowed = ?2 OR ?2 IS NULL) AND COALESCE(description_folded, '') LIKE ?3 ESCAPE '\\' ORDER BY id"
        ),
        bind![account.id(), allowed, &containing(description)],
    )
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM authorized_ips WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

/// Adds a network, or moves it to the other list.
pub fn put(account: &Account, tx: &Tx, network: &str, allowed: bool, description: Option<&str>, now: Utc) -> Result<(), Failure> {
    let description_folded = description.map(folded);
    tx.execute(
        sql!(
            "INSERT INTO authorized_ips (account_id, network, allowed, description, description_folded, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account_id, network) DO UPDATE SET allowed = excluded.allowed, description = excluded.description,
             description_folded = excluded.description_folded"
        ),
        bind![account.id(), network, allowed, description, &description_folded, now.0],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM authorized_ips WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}
