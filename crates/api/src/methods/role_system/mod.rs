//! Service accounts, subusers and their roles.

use crate::{
    caller::{Account, Caller},
    codes,
    error::{Error, Result},
    roles::{Role, RoleSet},
    store::{db::Tx, keys, subusers},
};

pub const GROUP: &str = "RoleSystem";

pub mod add_sub_user;
pub mod create_key;
pub mod del_sub_user;
pub mod delete_key;
pub mod get_key_dates;
pub mod get_key_roles;
pub mod get_key_usage;
pub mod get_keys;
pub mod get_role_groups;
pub mod get_roles;
pub mod get_sub_user_roles;
pub mod get_sub_users;
pub mod remove_key_roles;
pub mod remove_sub_user_roles;
pub mod set_key_roles;
pub mod set_sub_user_info;
pub mod set_sub_user_roles;
pub mod update_key;

/// A key that the caller may act on: of this account, and not stronger than the caller.
fn manageable_key(caller: &Caller, account: &Account, tx: &Tx, id: &str) -> Result<(keys::Key, RoleSet)> {
    let key = keys::find(account, tx, id)?;
    let roles = keys::roles(account, tx, id)?;
    caller.must_cover("this key", roles)?;
    Ok((key, roles))
}

/// A subuser that the caller may act on: of this account, and neither it nor its keys stronger than the caller.
fn manageable_subuser(caller: &Caller, account: &Account, tx: &Tx, id: i64) -> Result<(subusers::Subuser, RoleSet)> {
    let subuser = subusers::find(account, tx, id)?;
    let roles = subusers::roles(account, tx, id)?;
    caller.must_cover("this subuser", roles)?;
    Ok((subuser, roles))
}

/// Sets the roles of a key. The rights before and after must be the caller's, and an Owner must stay.
fn change_key_roles(caller: &Caller, account: &Account, tx: &Tx, id: &str, change: impl FnOnce(RoleSet) -> RoleSet) -> Result<()> {
    let (_, before) = manageable_key(caller, account, tx, id)?;
    let after = change(before);
    caller.must_cover("this key", after)?;
    keys::set_roles(account, tx, id, after)?;
    an_owner_stays(account, tx, before, after)
}

/// Sets the roles of a subuser, under the same rules.
fn change_subuser_roles(caller: &Caller, account: &Account, tx: &Tx, id: i64, change: impl FnOnce(RoleSet) -> RoleSet) -> Result<()> {
    let (_, before) = manageable_subuser(caller, account, tx, id)?;
    let after = change(before);
    caller.must_cover("this subuser", after)?;
    subusers::set_roles(account, tx, id, after)?;
    an_owner_stays(account, tx, before, after)
}

/// Refuses, after the change, to have taken away the account's last key or subuser with the role Owner.
fn an_owner_stays(account: &Account, tx: &Tx, before: RoleSet, after: RoleSet) -> Result<()> {
    if before.contains(Role::Owner) && !after.contains(Role::Owner) && keys::owners(account, tx)? == 0 {
        return Err(Error::new(codes::ROLE_SET, "This is the account's last Owner; give the role Owner to another key or subuser first.").into());
    }
    Ok(())
}
