use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, wire::Utc};

row! {
    pub struct LogonSession {
        pub account_id: i64,
        pub subuser_id: Option<i64>,
        pub by_password: bool,
        pub expires_at: Utc,
        pub ended_at: Option<i64>,
    }
}

/// For authentication: there is no tenant yet.
pub fn by_token(tx: &Tx, token_hash: &[u8]) -> Result<Option<LogonSession>, Failure> {
    tx.optional(sql!("SELECT account_id, subuser_id, by_password, expires_at, ended_at FROM logon_sessions WHERE token_hash = ?1"), bind![token_hash])
}

pub fn insert(account: &Account, tx: &Tx, token_hash: &[u8], session: &LogonSession, now: Utc) -> Result<(), Failure> {
    tx.execute(
        sql!("INSERT INTO logon_sessions (token_hash, account_id, subuser_id, by_password, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
        bind![token_hash, account.id(), session.subuser_id, session.by_password, now.0, session.expires_at.0],
    )?;
    Ok(())
}

/// Ends a session; its row stays a while, so that the next call hears that it was logged out.
pub fn end(account: &Account, tx: &Tx, token_hash: &[u8], now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE logon_sessions SET ended_at = ?3 WHERE account_id = ?1 AND token_hash = ?2 AND ended_at IS NULL"), bind![account.id(), token_hash, now.0])?;
    Ok(())
}

/// Ends every session that the account's own credentials opened: after a new password.
pub fn end_of_account(tx: &Tx, account_id: i64, now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE logon_sessions SET ended_at = ?2 WHERE account_id = ?1 AND subuser_id IS NULL AND ended_at IS NULL"), bind![account_id, now.0])?;
    Ok(())
}

/// Ends every session of a subuser: after a new password.
pub fn end_of_subuser(account: &Account, tx: &Tx, subuser_id: i64, now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE logon_sessions SET ended_at = ?3 WHERE account_id = ?1 AND subuser_id = ?2 AND ended_at IS NULL"), bind![account.id(), subuser_id, now.0])?;
    Ok(())
}

/// Forgets sessions that expired before a moment. For the hourly cleaning.
pub fn forget(tx: &Tx, before: Utc) -> Result<u64, Failure> {
    tx.execute(sql!("DELETE FROM logon_sessions WHERE expires_at < ?1"), bind![before.0])
}
