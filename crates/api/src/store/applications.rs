use cordboard_derive::sql;

use super::{
    containing,
    db::{Failure, Tx},
};
use crate::{
    bind,
    caller::Account,
    codes,
    error::Result,
    row,
    things::{Page, Thing},
    wire::Utc,
};

row! {
    pub struct Application {
        pub id: i64,
        /// The short name; answers carry `<short>.<account>.<domain>`.
        pub name: String,
        pub secure_record_storage: bool,
        pub modified_at: Utc,
    }
}

impl Thing for Application {
    const WORD: &'static str = "application";
    const ID: &'static str = "application_id";
    const NAME: &'static str = "application_name";
    const ID_CODE: codes::Code = codes::APPLICATION_ID;
    const NAME_CODE: codes::Code = codes::APPLICATION_NOT_FOUND;
    type Scope = ();

    fn by_id(account: &Account, tx: &Tx, (): (), id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(sql!("SELECT id, name, secure_record_storage, modified_at FROM applications WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])
    }

    /// Takes the short name, the full one, and the full one under the original's domain.
    fn by_name(account: &Account, tx: &Tx, (): (), name: &str) -> Result<Option<Self>> {
        let Some(short) = short_name(account, name) else { return Ok(None) };
        Ok(tx.optional(sql!("SELECT id, name, secure_record_storage, modified_at FROM applications WHERE account_id = ?1 AND name = ?2"), bind![account.id(), short])?)
    }

    fn all(account: &Account, tx: &Tx, (): ()) -> Result<Vec<Self>, Failure> {
        tx.all(sql!("SELECT id, name, secure_record_storage, modified_at FROM applications WHERE account_id = ?1 ORDER BY id"), bind![account.id()])
    }
}

/// The first label of a name whose second, if there is one, is the account. A short name has no dots, so what follows the
/// account's name is a domain: ours, a former one, or the original's with or without a node.
fn short_name<'a>(account: &Account, name: &'a str) -> Option<&'a str> {
    let mut labels = name.splitn(3, '.');
    let short = labels.next()?;
    match labels.next() {
        None => Some(short),
        Some(owner) => (owner == account.name()).then_some(short),
    }
}

/// One page of the applications whose full name contains a text, and how many match in all.
pub fn page(account: &Account, tx: &Tx, id: Option<i64>, part: Option<&str>, suffix: &str, page: Page) -> Result<(Vec<Application>, i64), Failure> {
    let pattern = containing(part);
    macro_rules! matching {
        ($columns:literal, $rest:literal) => {
            sql!("SELECT " $columns " FROM applications WHERE account_id = ?1 AND (id = ?2 OR ?2 IS NULL) AND (name || ?4) LIKE ?3 ESCAPE '\\' " $rest)
        };
    }
    let (total,) = tx.one(matching!("COUNT(*)", ""), bind![account.id(), id, &pattern, suffix])?;
    let rows = tx.all(
        matching!("id, name, secure_record_storage, modified_at", "ORDER BY id LIMIT ?5 OFFSET ?6"),
        bind![account.id(), id, &pattern, suffix, page.count, page.offset],
    )?;
    Ok((rows, total))
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM applications WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

pub fn insert(account: &Account, tx: &Tx, name: &str, secure_record_storage: bool, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!("INSERT INTO applications (account_id, name, secure_record_storage, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?4) RETURNING id"),
        bind![account.id(), name, secure_record_storage, now.0],
    )?;
    Ok(id)
}

pub fn update(account: &Account, tx: &Tx, id: i64, name: Option<&str>, secure_record_storage: Option<bool>, now: Utc) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "UPDATE applications SET name = COALESCE(?3, name), secure_record_storage = COALESCE(?4, secure_record_storage), modified_at = ?5
             WHERE account_id = ?1 AND id = ?2"
        ),
        bind![account.id(), id, name, secure_record_storage, now.0],
    )?;
    Ok(())
}

/// Deletes an application with its users, rules, scenarios, stored items and secrets.
pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM applications WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

/// Whether the inputs of an application's sessions are kept.
pub fn is_recorded(account: &Account, tx: &Tx, id: i64) -> Result<bool, Failure> {
    let (recorded,): (bool,) = tx.one(sql!("SELECT record_sessions FROM applications WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(recorded)
}

pub fn set_recorded(account: &Account, tx: &Tx, id: i64, recorded: bool) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE applications SET record_sessions = ?3 WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id, recorded])?;
    Ok(())
}
