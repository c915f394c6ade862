use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, things::Page};

row! {
    pub struct Item {
        pub id: i64,
        /// `A.B.C.D` or `A.B.C.D/L`, as it was normalised.
        pub network: String,
        pub description: Option<String>,
    }
}

/// One page of the list and how many match in all.
pub fn page(account: &Account, tx: &Tx, id: Option<i64>, page: Page) -> Result<(Vec<Item>, i64), Failure> {
    let (total,) = tx.one(sql!("SELECT COUNT(*) FROM sip_white_list WHERE account_id = ?1 AND (id = ?2 OR ?2 IS NULL)"), bind![account.id(), id])?;
    let items = tx.all(
        sql!("SELECT id, network, description FROM sip_white_list WHERE account_id = ?1 AND (id = ?2 OR ?2 IS NULL) ORDER BY id LIMIT ?3 OFFSET ?4"),
        bind![account.id(), id, page.count, page.offset],
    )?;
    Ok((items, total))
}

/// Whether one of these networks is listed.
pub fn holds_one_of(account: &Account, tx: &Tx, networks: &[String]) -> Result<bool, Failure> {
    let found: Option<(i64,)> =
        tx.optional(sql!("SELECT id FROM sip_white_list WHERE account_id = ?1 AND network IN TEXTS(?2) LIMIT 1"), bind![account.id(), &super::list(networks)])?;
    Ok(found.is_some())
}

pub fn by_id(account: &Account, tx: &Tx, id: i64) -> Result<Option<Item>, Failure> {
    tx.optional(sql!("SELECT id, network, description FROM sip_white_list WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM sip_white_list WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

/// Adds a network, or describes a listed one anew. Returns its number.
pub fn put(account: &Account, tx: &Tx, network: &str, description: Option<&str>) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO sip_white_list (account_id, network, description) VALUES (?1, ?2, ?3)
             ON CONFLICT (account_id, network) DO UPDATE SET description = excluded.description RETURNING id"
        ),
        bind![account.id(), network, description],
    )?;
    Ok(id)
}

/// Changes an item. Without a description it keeps its own.
pub fn update(account: &Account, tx: &Tx, id: i64, network: &str, description: Option<&str>) -> Result<(), Failure> {
    tx.execute(
        sql!("UPDATE sip_white_list SET network = ?3, description = COALESCE(?4, description) WHERE account_id = ?1 AND id = ?2"),
        bind![account.id(), id, network, description],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM sip_white_list WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}
