use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{
    bind,
    caller::Account,
    codes,
    error::{Error, Result},
    roles::{Role, RoleSet},
    row,
    things::Page,
    wire::Utc,
};

row! {
    /// What authentication needs of a key.
    pub struct Credential {
        pub account_id: i64,
        pub subuser_id: Option<i64>,
        /// PKCS#1 RSAPublicKey in DER.
        pub public_key: Vec<u8>,
    }
}

row! {
    pub struct Key {
        pub id: String,
        pub subuser_id: Option<i64>,
        pub subuser_name: Option<String>,
        pub subuser_description: Option<String>,
        pub key_name: Option<String>,
        pub description: Option<String>,
    }
}

#[derive(Clone, Debug)]
pub struct New {
    pub id: String,
    pub subuser_id: Option<i64>,
    pub key_name: Option<String>,
    pub description: Option<String>,
    pub public_key: Vec<u8>,
    pub created_at: Utc,
}

/// For authentication: there is no tenant yet.
pub fn credential(tx: &Tx, id: &str) -> Result<Option<Credential>, Failure> {
    tx.optional(sql!("SELECT account_id, subuser_id, public_key FROM keys WHERE id = ?1"), bind![id])
}

/// For authentication: the roles of a key that is known to be the caller's.
pub fn roles_of_credential(tx: &Tx, id: &str) -> Result<RoleSet, Failure> {
    let rows: Vec<(i64,)> = tx.all(sql!("SELECT role_id FROM key_roles WHERE key_id = ?1"), bind![id])?;
    Ok(rows.into_iter().filter_map(|(id,)| Role::from_id(id)).collect())
}

macro_rules! keys {
    ($($rest:literal)*) => {
        sql!(
            "SELECT k.id, k.subuser_id, s.name, s.description, k.key_name, k.description FROM keys k LEFT JOIN subusers s ON s.id = k.subuser_id
             WHERE k.account_id = ?1 " $($rest)*
        )
    };
}

/// The key, or the error of an unknown one.
pub fn find(account: &Account, tx: &Tx, id: &str) -> Result<Key> {
    tx.optional(keys!("AND k.id = ?2"), bind![account.id(), id])?
        .ok_or_else(|| Error::field(codes::KEY_ID, "key_id", "'key_id' is invalid: this account has no such key. GetKeys lists them.").into())
}

pub fn page(account: &Account, tx: &Tx, page: Page) -> Result<Vec<Key>, Failure> {
    tx.all(keys!("ORDER BY k.created_at, k.id LIMIT ?2 OFFSET ?3"), bind![account.id(), page.count, page.offset])
}

/// When a key of the account was made.
pub fn created(account: &Account, tx: &Tx, id: &str) -> Result<Utc, Failure> {
    let (created,) = tx.one(sql!("SELECT created_at FROM keys WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(created)
}

pub fn of_subuser(account: &Account, tx: &Tx, subuser_id: i64) -> Result<Vec<Key>, Failure> {
    tx.all(keys!("AND k.subuser_id = ?2 ORDER BY k.created_at, k.id"), bind![account.id(), subuser_id])
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM keys WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

pub fn insert(account: &Account, tx: &Tx, new: &New) -> Result<(), Failure> {
    tx.execute(
        sql!("INSERT INTO keys (id, account_id, subuser_id, key_name, description, public_key, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        bind![&new.id, account.id(), new.subuser_id, &new.key_name, &new.description, &new.public_key, new.created_at.0],
    )?;
    Ok(())
}

/// Changes the description, and the name where one is given.
pub fn update(account: &Account, tx: &Tx, id: &str, description: &str, key_name: Option<&str>) -> Result<(), Failure> {
    tx.execute(
        sql!("UPDATE keys SET description = ?3, key_name = COALESCE(?4, key_name) WHERE account_id = ?1 AND id = ?2"),
        bind![account.id(), id, description, key_name],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: &str) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM keys WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

pub fn roles(account: &Account, tx: &Tx, id: &str) -> Result<RoleSet, Failure> {
    let rows: Vec<(i64,)> =
        tx.all(sql!("SELECT r.role_id FROM key_roles r JOIN keys k ON k.id = r.key_id WHERE k.account_id = ?1 AND k.id = ?2"), bind![account.id(), id])?;
    Ok(rows.into_iter().filter_map(|(id,)| Role::from_id(id)).collect())
}

/// Replaces the roles of a key that `find` has found.
pub fn set_roles(account: &Account, tx: &Tx, id: &str, roles: RoleSet) -> Result<(), Failure> {
    let present = self::roles(account, tx, id)?;
    for role in present.without(roles).iter() {
        tx.execute(
            sql!("DELETE FROM key_roles WHERE key_id = ?2 AND role_id = ?3 AND EXISTS (SELECT 1 FROM keys WHERE id = ?2 AND account_id = ?1)"),
            bind![account.id(), id, role.id()],
        )?;
    }
    for role in roles.without(present).iter() {
        tx.execute(
            sql!("INSERT INTO key_roles (key_id, role_id) SELECT id, CAST(?3 AS BIGINT) FROM keys WHERE account_id = ?1 AND id = ?2"),
            bind![account.id(), id, role.id()],
        )?;
    }
    Ok(())
}

/// How many keys and subusers of the account hold Owner.
pub fn owners(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(
        sql!(
            "SELECT (SELECT COUNT(*) FROM key_roles r JOIN keys k ON k.id = r.key_id WHERE k.account_id = ?1 AND r.role_id = ?2)
             + (SELECT COUNT(*) FROM subuser_roles r JOIN subusers s ON s.id = r.subuser_id WHERE s.account_id = ?1 AND r.role_id = ?2)"
        ),
        bind![account.id(), Role::Owner.id()],
    )?;
    Ok(count)
}
