use std::net::IpAddr;

use ipnet::Ipv4Net;

use crate::{Api, auth::Network, caller::Account, error::Result, store::sip_white_list};

impl Api {
    /// Whether calls from an address to the account's applications need no password: its SIP white list holds the address. The
    /// lists hold IPv4 alone. At most 33 seeks in an index, however long the list; nothing is cached.
    pub async fn sip_whitelisted(&self, account: &Account, ip: IpAddr) -> Result<bool> {
        let IpAddr::V4(v4) = ip.to_canonical() else { return Ok(false) };
        let networks: Vec<String> = (0..=32).filter_map(|length| Ipv4Net::new(v4, length).ok()).map(|network| Network(network.trunc()).text()).collect();
        let account = account.clone();
        self.db.read(move |tx| Ok(sip_white_list::holds_one_of(&account, tx, &networks)?)).await
    }
}
