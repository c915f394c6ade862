//! The addresses that may call for the account.

use crate::{auth::Network, codes::Code, error::Error};

pub const GROUP: &str = "AuthorizedIPs";

pub mod add_authorized_account_ip;
pub mod check_authorized_account_ip;
pub mod del_authorized_account_ip;
pub mod get_authorized_account_ips;

/// A parameter that is an address or a network.
fn network(code: Code, field: &'static str, text: &str) -> Result<Network, Error> {
    Network::parse(text).map_err(|sentence| Error::field(code, field, format!("'{field}' {sentence}")))
}
