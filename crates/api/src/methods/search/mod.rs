//! One box that finds any thing of the account.

pub const GROUP: &str = "Search";

#[allow(clippy::module_inception)]
pub mod search;
