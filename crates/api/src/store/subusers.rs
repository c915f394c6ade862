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
    pub struct Subuser {
        pub id: i64,
        pub name: String,
        pub description: Option<String>,
        pub password_hash: String,
    }
}

/// For authentication, inside the account that the caller named.
pub fn by_name_for_login(tx: &Tx, account_id: i64, name: &str) -> Result<Option<Subuser>, Failure> {
    tx.optional(sql!("SELECT id, name, description, password_hash FROM subusers WHERE account_id = ?1 AND name = ?2"), bind![account_id, name])
}

/// For authentication: the subuser of a session or key.
pub fn by_id_for_login(tx: &Tx, account_id: i64, id: i64) -> Result<Option<Subuser>, Failure> {
    tx.optional(sql!("SELECT id, name, description, password_hash FROM subusers WHERE account_id = ?1 AND id = ?2"), bind![account_id, id])
}

/// For authentication: the roles of a subuser that is known to be the caller.
pub fn roles_for_login(tx: &Tx, id: i64) -> Result<RoleSet, Failure> {
    let rows: Vec<(i64,)> = tx.all(sql!("SELECT role_id FROM subuser_roles WHERE subuser_id = ?1"), bind![id])?;
    Ok(rows.into_iter().filter_map(|(id,)| Role::from_id(id)).collect())
}

/// The subuser, or the error of an unknown one.
pub fn find(account: &Account, tx: &Tx, id: i64) -> Result<Subuser> {
    by_id_for_login(tx, account.id(), id)?
        .ok_or_else(|| Error::field(codes::SUBUSER_ID, "subuser_id", format!("'subuser_id' is invalid: there is no subuser {id}. GetSubUsers lists them.")).into())
}

pub fn page(account: &Account, tx: &Tx, page: Page) -> Result<Vec<Subuser>, Failure> {
    tx.all(
        sql!("SELECT id, name, description, password_hash FROM subusers WHERE account_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3"),
        bind![account.id(), page.count, page.offset],
    )
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM subusers WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

/// Somebody else has set the password, so the subuser must change it.
pub fn insert(account: &Account, tx: &Tx, name: &str, password_hash: &str, description: Option<&str>, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!("INSERT INTO subusers (account_id, name, password_hash, description, created_at, password_must_change) VALUES (?1, ?2, ?3, ?4, ?5, 1) RETURNING id"),
        bind![account.id(), name, password_hash, description, now.0],
    )?;
    Ok(id)
}

/// Changes what is given. `must_change` goes with a new password: whether somebody else has set it.
pub fn update(account: &Account, tx: &Tx, id: i64, description: Option<&str>, password_hash: Option<&str>, must_change: bool) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "UPDATE subusers SET description = COALESCE(?3, description), password_hash = COALESCE(?4, password_hash),
             password_must_change = COALESCE(?5, password_must_change) WHERE account_id = ?1 AND id = ?2"
        ),
        bind![account.id(), id, description, password_hash, password_hash.map(|_| must_change)],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM subusers WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

pub fn roles(account: &Account, tx: &Tx, id: i64) -> Result<RoleSet, Failure> {
    let rows: Vec<(i64,)> =
        tx.all(sql!("SELECT r.role_id FROM subuser_roles r JOIN subusers s ON s.id = r.subuser_id WHERE s.account_id = ?1 AND s.id = ?2"), bind![account.id(), id])?;
    Ok(rows.into_iter().filter_map(|(id,)| Role::from_id(id)).collect())
}

/// Replaces the roles of a subuser that `find` has found.
pub fn set_roles(account: &Account, tx: &Tx, id: i64, roles: RoleSet) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM subuser_roles WHERE subuser_id = ?2 AND EXISTS (SELECT 1 FROM subusers WHERE id = ?2 AND account_id = ?1)"), bind![account.id(), id])?;
    for role in roles.iter() {
        tx.execute(
            sql!("INSERT INTO subuser_roles (subuser_id, role_id) SELECT id, CAST(?3 AS BIGINT) FROM subusers WHERE account_id = ?1 AND id = ?2"),
            bind![account.id(), id, role.id()],
        )?;
    }
    Ok(())
}
