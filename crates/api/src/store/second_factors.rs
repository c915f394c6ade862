use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, wire::Utc};

row! {
    pub struct SecondFactor {
        pub id: i64,
        pub secret_encrypted: Vec<u8>,
        /// `None` until the first code was shown.
        pub confirmed_at: Option<i64>,
        /// The time step of the last code that was taken.
        pub last_step: i64,
    }
}

/// The column that says whose a factor is: a subuser's id, or 0 for the account itself.
pub fn user_id(subuser_id: Option<i64>) -> i64 {
    subuser_id.unwrap_or(0)
}

/// For authentication: whether a password needs a second factor beside it.
pub fn is_on(tx: &Tx, account_id: i64, subuser_id: Option<i64>) -> Result<bool, Failure> {
    let found: Option<(i64,)> =
        tx.optional(sql!("SELECT id FROM second_factors WHERE account_id = ?1 AND user_id = ?2 AND confirmed_at IS NOT NULL"), bind![account_id, user_id(subuser_id)])?;
    Ok(found.is_some())
}

pub fn of_user(account: &Account, tx: &Tx, subuser_id: Option<i64>) -> Result<Option<SecondFactor>, Failure> {
    tx.optional(
        sql!("SELECT id, secret_encrypted, confirmed_at, last_step FROM second_factors WHERE account_id = ?1 AND user_id = ?2"),
        bind![account.id(), user_id(subuser_id)],
    )
}

/// Keeps a secret that waits for its first code; `delete` has removed the one before.
pub fn insert(account: &Account, tx: &Tx, subuser_id: Option<i64>, secret_encrypted: &[u8]) -> Result<(), Failure> {
    tx.execute(
        sql!("INSERT INTO second_factors (account_id, subuser_id, user_id, secret_encrypted) VALUES (?1, ?2, ?3, ?4)"),
        bind![account.id(), subuser_id, user_id(subuser_id), secret_encrypted],
    )?;
    Ok(())
}

pub fn confirm(account: &Account, tx: &Tx, id: i64, now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE second_factors SET confirmed_at = ?3 WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id, now.0])?;
    Ok(())
}

/// Takes the code of a time step, so that it and those before are taken no more.
pub fn take_step(account: &Account, tx: &Tx, id: i64, step: i64) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE second_factors SET last_step = ?3 WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id, step])?;
    Ok(())
}

/// Removes the factor with its recovery codes.
pub fn delete(account: &Account, tx: &Tx, subuser_id: Option<i64>) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM second_factors WHERE account_id = ?1 AND user_id = ?2"), bind![account.id(), user_id(subuser_id)])?;
    Ok(())
}

pub fn add_recovery_code(account: &Account, tx: &Tx, id: i64, tag: &str) -> Result<(), Failure> {
    tx.execute(
        sql!("INSERT INTO recovery_codes (factor_id, code_tag) SELECT id, CAST(?3 AS TEXT) FROM second_factors WHERE account_id = ?1 AND id = ?2"),
        bind![account.id(), id, tag],
    )?;
    Ok(())
}

/// Uses up a recovery code; false when there is none with this tag.
pub fn take_recovery_code(account: &Account, tx: &Tx, id: i64, tag: &str) -> Result<bool, Failure> {
    let taken = tx.execute(
        sql!("DELETE FROM recovery_codes WHERE factor_id = ?2 AND code_tag = ?3 AND EXISTS (SELECT 1 FROM second_factors WHERE id = ?2 AND account_id = ?1)"),
        bind![account.id(), id, tag],
    )?;
    Ok(taken > 0)
}
