use cordboard_derive::sql;

use super::{
    containing,
    db::{Bind, Failure, Tx},
    folded,
};
use crate::{
    bind,
    caller::Account,
    codes,
    error::{Error, Result},
    row,
    things::{Page, Thing},
    wire::Utc,
};

row! {
    pub struct User {
        pub id: i64,
        pub application_id: i64,
        pub name: String,
        pub display_name: String,
        pub active: bool,
        pub parent_accounting: bool,
        pub custom_data: Option<String>,
        pub mobile_phone: Option<String>,
        pub balance_micros: i64,
        pub created_at: Utc,
        pub modified_at: Utc,
    }
}

macro_rules! users {
    ($($rest:literal)*) => {
        sql!(
            "SELECT id, application_id, name, display_name, active, parent_accounting, custom_data, mobile_phone, balance_micros, created_at,
             modified_at FROM users WHERE account_id = ?1 " $($rest)*
        )
    };
}

impl Thing for User {
    const WORD: &'static str = "user";
    const ID: &'static str = "user_id";
    const NAME: &'static str = "user_name";
    const ID_CODE: codes::Code = codes::USER_ID;
    const NAME_CODE: codes::Code = codes::USER_ID;
    /// The application, where one is named.
    type Scope = Option<i64>;

    fn by_id(account: &Account, tx: &Tx, application_id: Option<i64>, id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(users!("AND id = ?2 AND (application_id = ?3 OR ?3 IS NULL)"), bind![account.id(), id, application_id])
    }

    fn by_name(account: &Account, tx: &Tx, application_id: Option<i64>, name: &str) -> Result<Option<Self>> {
        let Some(application_id) = application_id else {
            return Err(Error::field(codes::REQUIRED, "application_id", "'user_name' needs 'application_id' or 'application_name' beside it.").into());
        };
        let name = name.split_once('@').map_or(name, |(local, _)| local);
        Ok(tx.optional(users!("AND application_id = ?2 AND name = ?3"), bind![account.id(), application_id, name])?)
    }

    fn all(account: &Account, tx: &Tx, application_id: Option<i64>) -> Result<Vec<Self>, Failure> {
        tx.all(users!("AND (application_id = ?2 OR ?2 IS NULL) ORDER BY id"), bind![account.id(), application_id])
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub application_id: i64,
    pub id: Option<i64>,
    /// Part of the name.
    pub name: Option<String>,
    /// Part of the display name.
    pub display_name: Option<String>,
    pub active: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
pub enum Order {
    Id,
    Name,
    DisplayName,
}

/// One page of users and how many match in all.
pub fn page(account: &Account, tx: &Tx, filter: &Filter, order: Order, page: Page) -> Result<(Vec<User>, i64), Failure> {
    macro_rules! matching {
        ($query:ident, $head:literal, $order:literal) => {
            $query!(
                $head
                "AND application_id = ?2 AND (id = ?3 OR ?3 IS NULL) AND name LIKE ?4 ESCAPE '\\' AND display_name_folded LIKE ?5 ESCAPE '\\'
                 AND (active = ?6 OR ?6 IS NULL) "
                $order
            )
        };
    }
    let (name, display_name) = (containing(filter.name.as_deref()), containing(filter.display_name.as_deref()));
    let mut params: Vec<Bind> = vec![account.id().into(), filter.application_id.into(), filter.id.into(), (&name).into(), (&display_name).into(), filter.active.into()];
    let (total,) = tx.one(matching!(sql, "SELECT COUNT(*) FROM users WHERE account_id = ?1 ", ""), &params)?;
    params.extend([Bind::from(page.count), page.offset.into()]);
    let sql = match order {
        Order::Id => matching!(users, "", "ORDER BY id LIMIT ?7 OFFSET ?8"),
        Order::Name => matching!(users, "", "ORDER BY name, id LIMIT ?7 OFFSET ?8"),
        Order::DisplayName => matching!(users, "", "ORDER BY display_name_folded, id LIMIT ?7 OFFSET ?8"),
    };
    Ok((tx.all(sql, &params)?, total))
}

/// Users of the whole account, for its limit.
pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM users WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

#[derive(Clone, Debug)]
pub struct New {
    pub application_id: i64,
    pub name: String,
    pub display_name: String,
    pub digests_encrypted: Vec<u8>,
    pub active: bool,
    pub parent_accounting: bool,
    pub custom_data: Option<String>,
    pub mobile_phone: Option<String>,
}

pub fn insert(account: &Account, tx: &Tx, new: &New, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO users (account_id, application_id, name, display_name, display_name_folded, digest_name, digests_encrypted, active,
             parent_accounting, custom_data, mobile_phone, created_at, modified_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?3, ?6, ?7, ?8, ?9, ?10, ?11, ?11) RETURNING id"
        ),
        bind![
            account.id(),
            new.application_id,
            &new.name,
            &new.display_name,
            &folded(&new.display_name),
            &new.digests_encrypted,
            new.active,
            new.parent_accounting,
            &new.custom_data,
            &new.mobile_phone,
            now.0
        ],
    )?;
    Ok(id)
}

/// Changes of a user; `None` leaves a column as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub display_name: Option<String>,
    /// The name that the digests were made over, and the digests.
    pub digests: Option<(String, Vec<u8>)>,
    pub active: Option<bool>,
    pub parent_accounting: Option<bool>,
    pub custom_data: Option<String>,
    pub mobile_phone: Option<String>,
}

pub fn update(account: &Account, tx: &Tx, id: i64, changes: &Changes, now: Utc) -> Result<(), Failure> {
    let display_name_folded = changes.display_name.as_deref().map(folded);
    let (digest_name, digests_encrypted) = changes.digests.clone().unzip();
    tx.execute(
        sql!(
            "UPDATE users SET name = COALESCE(?3, name), display_name = COALESCE(?4, display_name),
             display_name_folded = COALESCE(?5, display_name_folded), digest_name = COALESCE(?6, digest_name),
             digests_encrypted = COALESCE(?7, digests_encrypted), active = COALESCE(?8, active),
             parent_accounting = COALESCE(?9, parent_accounting), custom_data = COALESCE(?10, custom_data),
             mobile_phone = COALESCE(?11, mobile_phone), modified_at = ?12 WHERE account_id = ?1 AND id = ?2"
        ),
        bind![
            account.id(),
            id,
            &changes.name,
            &changes.display_name,
            &display_name_folded,
            &digest_name,
            &digests_encrypted,
            changes.active,
            changes.parent_accounting,
            &changes.custom_data,
            &changes.mobile_phone,
            now.0
        ],
    )?;
    Ok(())
}

/// The name that a user's digests were made over, and the encrypted digests.
pub fn digests(account: &Account, tx: &Tx, id: i64) -> Result<(String, Vec<u8>), Failure> {
    tx.one(sql!("SELECT digest_name, digests_encrypted FROM users WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM users WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

row! {
    /// What authentication needs of a user.
    pub struct Credential {
        pub account_id: i64,
        pub application_id: i64,
        pub application_name: String,
        pub id: i64,
        pub name: String,
        pub display_name: String,
        pub custom_data: Option<String>,
        pub digest_name: String,
        pub digests_encrypted: Vec<u8>,
    }
}

/// For authentication: an active user of an account that is active and not frozen. There is no tenant yet.
pub fn credential(tx: &Tx, account: &str, application: &str, name: &str) -> Result<Option<Credential>, Failure> {
    tx.optional(
        sql!(
            "SELECT u.account_id, u.application_id, p.name, u.id, u.name, u.display_name, u.custom_data, u.digest_name, u.digests_encrypted
             FROM accounts a JOIN applications p ON p.account_id = a.id JOIN users u ON u.application_id = p.id
             WHERE a.name = ?1 AND a.active = 1 AND a.frozen = 0 AND p.name = ?2 AND u.name = ?3 AND u.active = 1"
        ),
        bind![account, application, name],
    )
}
