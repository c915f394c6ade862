//! The networks whose SIP calls need no password.

use crate::{
    auth::Network,
    caller::Account,
    codes,
    error::{Error, Result},
    store::{
        db::Tx,
        sip_white_list::{self, Item},
    },
};

pub const GROUP: &str = "SIPWhiteList";

pub mod add_sip_white_list_item;
pub mod del_sip_white_list_item;
pub mod get_sip_white_list;
pub mod set_sip_white_list_item;

fn network(text: &str) -> Result<String, Error> {
    let wrong = |sentence| Error::field(codes::SIP_WHITELIST_NETWORK, "sip_whitelist_network", format!("'sip_whitelist_network' {sentence}"));
    Network::parse(text).map(Network::text).map_err(wrong)
}

fn find(account: &Account, tx: &Tx, id: i64) -> Result<Item> {
    let unknown = || Error::field(codes::SIP_WHITELIST_ID, "sip_whitelist_id", format!("'sip_whitelist_id' is invalid: there is no item {id}."));
    Ok(sip_white_list::by_id(account, tx, id)?.ok_or_else(unknown)?)
}
