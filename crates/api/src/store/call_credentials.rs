use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, wire::Utc};

#[derive(Clone, Debug)]
pub struct New {
    pub application_id: i64,
    pub user_id: i64,
    pub username: String,
    pub digests_encrypted: Vec<u8>,
    pub guest: bool,
    pub created_at: Utc,
    pub expires_at: Utc,
}

pub fn insert(account: &Account, tx: &Tx, new: &New) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "INSERT INTO call_credentials (account_id, application_id, user_id, username, digests_encrypted, guest, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        ),
        bind![account.id(), new.application_id, new.user_id, &new.username, &new.digests_encrypted, new.guest, new.created_at.0, new.expires_at.0],
    )?;
    Ok(())
}

/// Credentials that are good now: the account's, and those of them that guests have in an application.
pub fn count(account: &Account, tx: &Tx, application_id: i64, now: Utc) -> Result<(i64, i64), Failure> {
    let (all,) = tx.one(sql!("SELECT COUNT(*) FROM call_credentials WHERE account_id = ?1 AND expires_at > ?2"), bind![account.id(), now.0])?;
    let (guests,) = tx.one(
        sql!("SELECT COUNT(*) FROM call_credentials WHERE account_id = ?1 AND application_id = ?2 AND expires_at > ?3 AND guest = 1"),
        bind![account.id(), application_id, now.0],
    )?;
    Ok((all, guests))
}

row! {
    pub struct Open {
        pub id: i64,
        pub digests_encrypted: Vec<u8>,
        pub guest: bool,
    }
}

/// For authentication: a user's credential that is good now.
pub fn open(tx: &Tx, user_id: i64, username: &str, now: Utc) -> Result<Option<Open>, Failure> {
    tx.optional(
        sql!("SELECT id, digests_encrypted, guest FROM call_credentials WHERE username = ?1 AND user_id = ?2 AND expires_at > ?3"),
        bind![username, user_id, now.0],
    )
}

/// For authentication: uses a credential up. False when it was used before or has expired.
pub fn take(tx: &Tx, id: i64, now: Utc) -> Result<bool, Failure> {
    Ok(tx.execute(sql!("DELETE FROM call_credentials WHERE id = ?1 AND expires_at > ?2"), bind![id, now.0])? == 1)
}

/// Deletes what has expired.
pub fn forget(tx: &Tx, now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM call_credentials WHERE expires_at <= ?1"), bind![now.0])?;
    Ok(())
}

#[cfg(test)]
pub fn rows(tx: &Tx) -> Result<i64, Failure> {
    let (rows,) = tx.one(sql!("SELECT COUNT(*) FROM call_credentials"), &[])?;
    Ok(rows)
}
