//! The account, its profile and its child accounts.

pub(crate) mod profile;

pub const GROUP: &str = "Accounts";

pub mod add_account;
pub mod get_account_info;
pub mod get_children_accounts;
pub mod set_account_info;
pub mod set_child_account_info;
