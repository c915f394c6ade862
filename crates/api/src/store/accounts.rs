use cordboard_derive::sql;

use super::{
    containing,
    db::{Bind, Failure, Tx},
    folded, list,
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
    /// What authentication needs of an account.
    pub struct Tenant {
        pub id: i64,
        pub name: String,
        pub email: String,
        pub location: String,
        pub parent_id: Option<i64>,
        pub active: bool,
        pub frozen: bool,
        pub has_authorized_ips: bool,
    }
}

row! {
    /// An account as answers show it.
    pub struct Profile {
        pub id: i64,
        pub name: String,
        pub email: String,
        pub active: bool,
        pub frozen: bool,
        pub created_at: Utc,
        pub language_code: String,
        pub location: String,
        pub account_first_name: Option<String>,
        pub account_last_name: Option<String>,
        pub min_balance_to_notify_micros: i64,
        pub account_notifications: bool,
        pub tariff_changing_notifications: bool,
        pub news_notifications: bool,
        pub send_js_error: bool,
        pub billing_address_name: Option<String>,
        pub billing_address_country_code: Option<String>,
        pub billing_address_address: Option<String>,
        pub billing_address_zip: Option<String>,
        pub billing_address_phone: Option<String>,
        pub account_custom_data: Option<String>,
        pub callback_url: Option<String>,
        pub callback_salt_encrypted: Option<Vec<u8>>,
        pub support_robokassa: bool,
        pub support_bank_card: bool,
        pub support_invoice: bool,
        pub balance_micros: i64,
        pub credit_limit_micros: i64,
        pub currency: String,
        pub api_key_encrypted: Vec<u8>,
    }
}

/// Changes of an account; `None` leaves a column as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub email: Option<String>,
    pub password_hash: Option<String>,
    pub password_must_change: Option<bool>,
    pub active: Option<bool>,
    pub language_code: Option<String>,
    pub location: Option<String>,
    pub account_first_name: Option<String>,
    pub account_last_name: Option<String>,
    pub mobile_phone: Option<String>,
    pub min_balance_to_notify_micros: Option<i64>,
    pub account_notifications: Option<bool>,
    pub tariff_changing_notifications: Option<bool>,
    pub news_notifications: Option<bool>,
    pub send_js_error: Option<bool>,
    pub billing_address_name: Option<String>,
    pub billing_address_country_code: Option<String>,
    pub billing_address_address: Option<String>,
    pub billing_address_zip: Option<String>,
    pub billing_address_phone: Option<String>,
    pub account_custom_data: Option<String>,
    pub callback_url: Option<String>,
    pub callback_salt_encrypted: Option<Vec<u8>>,
    pub store_outbound_sms: Option<bool>,
    pub store_inbound_sms: Option<bool>,
    pub support_robokassa: Option<bool>,
    pub support_bank_card: Option<bool>,
    pub support_invoice: Option<bool>,
    pub can_use_restricted: Option<bool>,
}

/// A new account; the rest comes as `Changes`.
#[derive(Clone, Debug)]
pub struct New {
    pub parent_id: Option<i64>,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    /// Whether somebody else has set the password.
    pub password_must_change: bool,
    pub api_key_hash: Vec<u8>,
    pub api_key_encrypted: Vec<u8>,
    pub active: bool,
    pub created_at: Utc,
}

macro_rules! tenant {
    ($condition:literal) => {
        sql!(
            "SELECT id, name, email, location, parent_id, active, frozen, \
             CASE WHEN EXISTS (SELECT 1 FROM authorized_ips i WHERE i.account_id = accounts.id) THEN 1 ELSE 0 END \
             FROM accounts WHERE " $condition
        )
    };
}

/// For authentication: there is no tenant yet.
pub fn tenant_by_id(tx: &Tx, id: i64) -> Result<Option<Tenant>, Failure> {
    tx.optional(tenant!("id = ?1"), bind![id])
}

/// For authentication: there is no tenant yet.
pub fn tenant_by_name(tx: &Tx, name: &str) -> Result<Option<Tenant>, Failure> {
    tx.optional(tenant!("name = ?1"), bind![name])
}

/// For authentication: there is no tenant yet.
pub fn tenant_by_email(tx: &Tx, email: &str) -> Result<Option<Tenant>, Failure> {
    tx.optional(tenant!("email_folded = ?1"), bind![&folded(email)])
}

/// For the first start: the account that was made first.
pub fn first_tenant(tx: &Tx) -> Result<Option<Tenant>, Failure> {
    tx.optional(tenant!("parent_id IS NULL ORDER BY id LIMIT 1"), bind![])
}

/// For authentication: the password's hash and the API key's.
pub fn credentials(tx: &Tx, id: i64) -> Result<(String, Vec<u8>), Failure> {
    tx.one(sql!("SELECT password_hash, api_key_hash FROM accounts WHERE id = ?1"), bind![id])
}

/// Makes an account. Its name and e-mail must be free.
pub fn insert(tx: &Tx, new: &New) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO accounts (parent_id, name, email, email_folded, password_hash, api_key_hash, api_key_encrypted, active, created_at,
             password_must_change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id"
        ),
        bind![
            new.parent_id,
            &new.name,
            &new.email,
            &folded(&new.email),
            &new.password_hash,
            &new.api_key_hash,
            &new.api_key_encrypted,
            new.active,
            new.created_at.0,
            new.password_must_change,
        ],
    )?;
    Ok(id)
}

/// How many accounts this one has made.
pub fn count_children(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM accounts WHERE parent_id = ?1"), bind![account.id()])?;
    Ok(count)
}

macro_rules! profiles {
    ($($rest:literal)*) => {
        sql!(
            "SELECT id, name, email, active, frozen, created_at, language_code, location, account_first_name, account_last_name,
             min_balance_to_notify_micros, account_notifications, tariff_changing_notifications, news_notifications, send_js_error,
             billing_address_name, billing_address_country_code, billing_address_address, billing_address_zip, billing_address_phone,
             account_custom_data, callback_url, callback_salt_encrypted, support_robokassa, support_bank_card, support_invoice,
             balance_micros, credit_limit_micros, currency, api_key_encrypted FROM accounts " $($rest)*
        )
    };
}

pub fn profile(account: &Account, tx: &Tx) -> Result<Profile, Failure> {
    tx.one(profiles!("WHERE id = ?1"), bind![account.id()])
}

/// Which children a list shows.
#[derive(Clone, Debug)]
pub struct ChildFilter {
    /// `None` is every child.
    pub ids: Option<Vec<i64>>,
    /// Part of the name.
    pub name: Option<String>,
    /// Part of the e-mail.
    pub email: Option<String>,
    pub active: Option<bool>,
    pub frozen: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
pub enum ChildOrder {
    Id,
    Name,
    Email,
}

/// One page of the account's children and how many match in all.
pub fn children(account: &Account, tx: &Tx, filter: &ChildFilter, order: ChildOrder, page: Page) -> Result<(Vec<Profile>, i64), Failure> {
    macro_rules! matching {
        ($query:ident, $head:literal, $order:literal) => {
            $query!(
                $head
                "WHERE parent_id = ?1 AND (CAST(?2 AS BIGINT) = 1 OR id IN IDS(?3)) AND name LIKE ?4 ESCAPE '\\' AND email_folded LIKE ?5 ESCAPE '\\'
                 AND (active = ?6 OR ?6 IS NULL) AND (frozen = ?7 OR ?7 IS NULL) "
                $order
            )
        };
    }
    let ids = list(filter.ids.as_deref().unwrap_or_default());
    let (name, email) = (containing(filter.name.as_deref()), containing(filter.email.as_deref()));
    let mut params: Vec<Bind> =
        vec![account.id().into(), filter.ids.is_none().into(), (&ids).into(), (&name).into(), (&email).into(), filter.active.into(), filter.frozen.into()];
    let (total,) = tx.one(matching!(sql, "SELECT COUNT(*) FROM accounts ", ""), &params)?;
    params.extend([Bind::from(page.count), page.offset.into()]);
    let sql = match order {
        ChildOrder::Id => matching!(profiles, "", "ORDER BY id LIMIT ?8 OFFSET ?9"),
        ChildOrder::Name => matching!(profiles, "", "ORDER BY name LIMIT ?8 OFFSET ?9"),
        ChildOrder::Email => matching!(profiles, "", "ORDER BY email_folded LIMIT ?8 OFFSET ?9"),
    };
    Ok((tx.all(sql, &params)?, total))
}

/// Changes the account itself.
pub fn update(account: &Account, tx: &Tx, changes: &Changes) -> Result<(), Failure> {
    update_by_id(tx, account.id(), changes)
}

/// Changes a child of the account.
pub fn update_child(account: &Account, tx: &Tx, child: &Child, changes: &Changes) -> Result<(), Failure> {
    debug_assert_eq!(child.parent_id, Some(account.id()), "a child is found under its parent alone");
    update_by_id(tx, child.id, changes)
}

fn update_by_id(tx: &Tx, id: i64, changes: &Changes) -> Result<(), Failure> {
    let email_folded = changes.email.as_deref().map(folded);
    tx.execute(
        sql!(
            "UPDATE accounts SET email = COALESCE(?2, email), email_folded = COALESCE(?3, email_folded),
             password_hash = COALESCE(?4, password_hash), active = COALESCE(?5, active), language_code = COALESCE(?6, language_code),
             location = COALESCE(?7, location), account_first_name = COALESCE(?8, account_first_name),
             account_last_name = COALESCE(?9, account_last_name), mobile_phone = COALESCE(?10, mobile_phone),
             min_balance_to_notify_micros = COALESCE(?11, min_balance_to_notify_micros),
             account_notifications = COALESCE(?12, account_notifications),
             tariff_changing_notifications = COALESCE(?13, tariff_changing_notifications),
             news_notifications = COALESCE(?14, news_notifications), send_js_error = COALESCE(?15, send_js_error),
             password_must_change = COALESCE(?16, password_must_change)
             WHERE id = ?1"
        ),
        bind![
            id,
            &changes.email,
            &email_folded,
            &changes.password_hash,
            changes.active,
            &changes.language_code,
            &changes.location,
            &changes.account_first_name,
            &changes.account_last_name,
            &changes.mobile_phone,
            changes.min_balance_to_notify_micros,
            changes.account_notifications,
            changes.tariff_changing_notifications,
            changes.news_notifications,
            changes.send_js_error,
            changes.password_must_change,
        ],
    )?;
    tx.execute(
        sql!(
            "UPDATE accounts SET billing_address_name = COALESCE(?2, billing_address_name),
             billing_address_country_code = COALESCE(?3, billing_address_country_code),
             billing_address_address = COALESCE(?4, billing_address_address), billing_address_zip = COALESCE(?5, billing_address_zip),
             billing_address_phone = COALESCE(?6, billing_address_phone), account_custom_data = COALESCE(?7, account_custom_data),
             callback_url = COALESCE(?8, callback_url), callback_salt_encrypted = COALESCE(?9, callback_salt_encrypted),
             store_outbound_sms = COALESCE(?10, store_outbound_sms), store_inbound_sms = COALESCE(?11, store_inbound_sms),
             support_robokassa = COALESCE(?12, support_robokassa), support_bank_card = COALESCE(?13, support_bank_card),
             support_invoice = COALESCE(?14, support_invoice), can_use_restricted = COALESCE(?15, can_use_restricted) WHERE id = ?1"
        ),
        bind![
            id,
            &changes.billing_address_name,
            &changes.billing_address_country_code,
            &changes.billing_address_address,
            &changes.billing_address_zip,
            &changes.billing_address_phone,
            &changes.account_custom_data,
            &changes.callback_url,
            &changes.callback_salt_encrypted,
            changes.store_outbound_sms,
            changes.store_inbound_sms,
            changes.support_robokassa,
            changes.support_bank_card,
            changes.support_invoice,
            changes.can_use_restricted,
        ],
    )?;
    Ok(())
}

/// The hashes of the present password and of the last ones before it, newest first.
pub fn passwords(tx: &Tx, account_id: i64, former: i64) -> Result<Vec<String>, Failure> {
    let (present, _) = credentials(tx, account_id)?;
    let mut hashes = vec![present];
    let rows: Vec<(String,)> = tx.all(sql!("SELECT password_hash FROM former_passwords WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2"), bind![account_id, former])?;
    hashes.extend(rows.into_iter().map(|(hash,)| hash));
    Ok(hashes)
}

/// Moves the present password to the former ones.
pub fn retire_password(tx: &Tx, account_id: i64, now: Utc) -> Result<(), Failure> {
    tx.execute(
        sql!("INSERT INTO former_passwords (account_id, password_hash, replaced_at) SELECT id, password_hash, CAST(?2 AS BIGINT) FROM accounts WHERE id = ?1"),
        bind![account_id, now.0],
    )?;
    Ok(())
}

row! {
    /// A child account as calls name it.
    pub struct Child {
        pub id: i64,
        pub parent_id: Option<i64>,
        pub name: String,
    }
}

impl Thing for Child {
    const WORD: &'static str = "child account";
    const ID: &'static str = "child_account_id";
    const NAME: &'static str = "child_account_name";
    const ID_CODE: codes::Code = codes::CHILD_ACCOUNT_ID;
    const NAME_CODE: codes::Code = codes::CHILD_ACCOUNT_NAME;
    type Scope = ();

    fn by_id(account: &Account, tx: &Tx, (): (), id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(sql!("SELECT id, parent_id, name FROM accounts WHERE parent_id = ?1 AND id = ?2"), bind![account.id(), id])
    }

    fn by_name(account: &Account, tx: &Tx, (): (), name: &str) -> Result<Option<Self>> {
        Ok(tx.optional(sql!("SELECT id, parent_id, name FROM accounts WHERE parent_id = ?1 AND name = ?2"), bind![account.id(), name])?)
    }

    fn all(account: &Account, tx: &Tx, (): ()) -> Result<Vec<Self>, Failure> {
        tx.all(sql!("SELECT id, parent_id, name FROM accounts WHERE parent_id = ?1 ORDER BY id"), bind![account.id()])
    }
}

impl Child {
    pub fn by_email(account: &Account, tx: &Tx, email: &str) -> Result<Option<Self>, Failure> {
        tx.optional(sql!("SELECT id, parent_id, name FROM accounts WHERE parent_id = ?1 AND email_folded = ?2"), bind![account.id(), &folded(email)])
    }
}
